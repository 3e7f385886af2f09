--- Workbooks: names of sheets, and rows handed to the core one at a time, so that a result of any length is written in
--- constant memory.
local core = require "difkit.core"
local dates = require "difkit.date"
local errors = require "difkit.error"
local letters = require "difkit.format.letters"
local illustrative = require "difkit.illustrative"
local observe = require "difkit.observe"
local proof = require "difkit.proof"

local xlsx = {}

--- A name that a sheet may have: at most 31 characters, none of []:*?/\, each once (letter case does not count).
local function sheet_name(wanted, taken)
   local name = wanted:gsub("[%c%[%]:*?/\\]", " "):gsub("%s+", " "):gsub("^[ ']+", ""):gsub("[ ']+$", "")
   if name == "" then name = "Data" end
   local function cut(text, length)
      local stop = utf8.offset(text, length + 1)
      return stop and text:sub(1, stop - 1):gsub("%s+$", "") or text
   end
   name = cut(name, 31)
   local base, number = name, 1
   while taken[core.lower(name)] do
      number = number + 1
      local ending = (" (%d)"):format(number)
      name = cut(base, 31 - #ending) .. ending
   end
   taken[core.lower(name)] = true
   return name
end

--- Columns and an iterator of rows of a table, a result or a query.
local function rows_of(data, call)
   if type(data) == "table" and rawget(data, "columns") then
      local i = 0
      return data.columns, function()
         i = i + 1
         return data[i]
      end
   end
   local ok, names = pcall(function() return data:names() end)
   if not ok or type(names) ~= "table" then
      errors.raise(call .. ": cannot write " .. errors.show(data), "give tables, results or queries")
   end
   if type(data) == "userdata" then return names, data end
   return names, data:run()
end

--- The font of a column of which a text is in a script that needs one of its own.
local function font_of(data, name)
   for j = 1, #data do
      local value = rawget(data[j], name)
      if type(value) == "string" and value:find "[\214-\239]" and core.valid_utf8(value) then
         for _, run in ipairs(letters.runs(value)) do
            if run[2] then return "font " .. run[2].font end
         end
      end
   end
   return ""
end

--- What columns of a table hold, by place, for the looks of their cells: dates, shares of a whole, texts in a script
--- with a font of its own.
local function kinds_of(data, columns)
   if type(data) ~= "table" then return nil end
   local kinds = {}
   for i, name in ipairs(columns) do
      local some, all_dates, all_shares = false, true, core.lower(name):find "share" ~= nil
      for j = 1, #data do
         local value = rawget(data[j], name)
         if value ~= nil then
            some = true
            all_dates = all_dates and type(value) == "string" and #value == 10 and dates.parse(value) ~= nil
            all_shares = all_shares and type(value) == "number" and value >= -1 and value <= 1
            if not all_dates and not all_shares then break end
         end
      end
      kinds[i] = some and (all_dates and "date" or all_shares and "share") or font_of(data, name)
   end
   return kinds
end

local function text_of(data, name)
   local value = type(data) == "table" and rawget(data, name) or nil
   return type(value) == "string" and value or nil
end

--- Writes sheets {name, data}. Whatever fails on the way, nothing is published.
local function write(path, sheets, options, call)
   local book, message, code = core.xlsx(path, {formulas = options.formulas and true or false})
   if not book then return nil, message, code end
   local guard <close> = book
   -- "History" is a name that Excel keeps for itself.
   local taken, about = {about = true, history = true, [proof.sheet] = true}, {}
   for _, sheet in ipairs(sheets) do
      local name = sheet_name(sheet.name, taken)
      local columns, rows = rows_of(sheet.data, call)
      guard:sheet(name, columns, kinds_of(sheet.data, columns))
      local meter <close> = core.meter "writing row"
      local done = 0
      for row in rows do
         book:row(row)
         done = done + 1
         meter:tick(done)
      end
      local title, note = text_of(sheet.data, "title"), illustrative.noted(text_of(sheet.data, "note"))
      local source = text_of(sheet.data, "source")
      if title or note or source then about[#about + 1] = {name, title, note, source and "Source: " .. source} end
   end
   if #about > 0 then
      book:sheet("About", {})
      for i, entry in ipairs(about) do
         if i > 1 then book:text("", false) end
         book:text(entry[1] .. (entry[2] and ": " .. entry[2] or ""), true)
         for j = 3, 4 do
            if entry[j] then book:text(entry[j], false) end
         end
      end
   end
   local made = proof.text()
   if made then book:proof(made) end
   return book:save()
end

--- A table, or a result as it comes, as a workbook with one sheet.
function xlsx.table(data, path, options)
   local name = options.sheet or options.title or text_of(data, "title") or "Data"
   return write(path, {{name = name, data = data}}, options, "write")
end

--- Several.
function xlsx.workbook(path, given, options)
   local sheets = {}
   local shown = {}
   for i, sheet in ipairs(given) do
      local pair = type(sheet) == "table" and not rawget(sheet, "columns") and type(rawget(sheet, 1)) == "string"
      local data = sheet
      if pair then data = sheet[2] end
      if data == nil then errors.raise(("export.workbook: sheet %d has no data"):format(i)) end
      -- Watched, queries and results become tables first, so that their rows can be followed.
      if observe.watcher and not rawequal(getmetatable(data), "difkit.Table") then data = data:table() end
      shown[i] = data
      sheets[i] = {data = data, name = pair and sheet[1] or text_of(data, "title") or "Sheet " .. i}
   end
   if #sheets == 0 then errors.raise("export.workbook: no sheets given", "give at least one table") end
   if observe.watcher then observe.watcher:tabled(path, shown) end
   return write(path, sheets, options, "export.workbook")
end

return xlsx
