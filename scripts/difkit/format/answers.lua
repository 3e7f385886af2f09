--- The answers in a file of Stata, SPSS or SAS as columns: codes as they are, dates as texts, reasons for no answer
--- apart.
local answers = {}

--- What the codes of a variable stand for, by code.
local function labels_of(variable)
   local labels = {}
   for _, value in ipairs(variable.values) do labels[value.code] = value.label end
   return labels
end

--- A number or text of a cell; nil where there is no answer, then the code of the reason where one is given.
local function meaning(text, kind)
   if kind == "m" then return nil, text end
   if kind == "n" then return math.tointeger(tonumber(text)) or tonumber(text) end
   return text
end

---Reads all rows of an open file. Gives, for each variable, what the file says of it with `cells` (by row, nil where
---there
---is no answer), `reasons` (by row, the code of the reason) and `valid` (rows with an answer); then the number of rows.
---@param file table of format/read.lua
---@param labels? boolean answers by their labels where there are any
---@return table[] variables
---@return integer count
function answers.read(file, labels)
   local list, count = {}, 0
   for j, variable in ipairs(file.variables) do
      list[j] = setmetatable({cells = {}, reasons = {}, valid = 0, by_code = labels_of(variable)},
         {__index = variable})
   end
   for row in file:rows() do
      count = count + 1
      for j = 1, row.n do
         local text = row[j]
         if text then
            local variable = list[j]
            local value, reason = meaning(text, row.kinds:sub(j, j))
            if value ~= nil then
               variable.valid = variable.valid + 1
               variable.cells[count] = labels and variable.by_code[text] or value
            else
               variable.reasons[count] = labels and variable.by_code[reason] or reason
            end
         end
      end
   end
   return list, count
end

--- Codes with what they stand for: "1=Yes|2=No".
local function values_text(variable)
   local parts = {}
   for i, value in ipairs(variable.values) do parts[i] = value.code .. "=" .. value.label end
   return #parts > 0 and table.concat(parts, "|") or nil
end

--- The codes that mean no answer: those declared, or "tagged" where the cells themselves say so (Stata, SAS).
local function missing_text(variable)
   if variable.missing ~= "" then return variable.missing end
   return next(variable.reasons) and "tagged" or nil
end

---What is known of the variables: columns and rows of a table.
---@param list table[] of answers.read
---@param count integer
---@return string[] columns
---@return table[] rows
function answers.variables(list, count)
   local rows = {}
   for i, variable in ipairs(list) do
      rows[i] = {
         variable = variable.name, label = variable.label ~= "" and variable.label or nil, type = variable.type,
         values = values_text(variable), missing = missing_text(variable), n = count, n_valid = variable.valid,
      }
   end
   return {"variable", "label", "type", "values", "missing", "n", "n_valid"}, rows
end

---The answers as columns of a table: a variable each, and behind one with reasons for no answer a column NAME_missing.
---@param list table[] of answers.read
---@param count integer
---@return string[] names
---@return table<string, table> values
function answers.columns(list, count)
   local names, values, taken = {}, {}, {}
   for _, variable in ipairs(list) do taken[variable.name] = true end
   local function add(name, cells)
      names[#names + 1] = name
      cells.n = count
      values[name] = cells
   end
   for _, variable in ipairs(list) do
      add(variable.name, variable.cells)
      if next(variable.reasons) then
         local name = variable.name .. "_missing"
         while taken[name] do name = name .. "_" end
         add(name, variable.reasons)
      end
   end
   return names, values
end

return answers
