--- Surveys as files of Stata, SPSS or SAS: persons in rows, which are no observations. Shares of the answers to one
--- question are, by country and period, weighted where the file has a weight; `indicator` names the question.
local answers = require "difkit.format.answers"
local core = require "difkit.core"
local periods = require "difkit.format.periods"
local units = require "difkit.units"

local kind = {name = "survey", title = "a survey"}

local ANSWERS <const> = 20 -- different codes of a question without labels, such as one of SAS

local programs = {stata = "Stata", spss = "SPSS", sas = "SAS"}

function kind.recognise(found)
   if found.kind == "survey" then
      return 1, {("a file of %s: %d rows, %d variables"):format(programs[found.program], found.count,
         #found.variables)}
   end
end

--- What a cell says: its label where it has one.
local function said(variable, row)
   local cell = variable.cells[row]
   if cell == nil then return nil end
   local text = type(cell) == "number" and core.number_text(cell) or cell
   return variable.by_code[text] or text
end

--- The distinct texts of a variable.
local function distinct(variable, count)
   local list, seen = {}, {}
   for row = 1, count do
      local text = said(variable, row)
      if text and not seen[text] then
         seen[text] = true
         list[#list + 1] = text
      end
   end
   return list
end

--- Whether the answers name units.
local function holds_units(variable, count)
   local list, good = distinct(variable, count), 0
   if variable.type == "numeric" and #variable.values == 0 then return false end
   for _, text in ipairs(list) do
      if core.match_unit(text, "any") == "unit" then good = good + 1 end
   end
   return #list > 0 and good >= units.SHARE * #list
end

local function holds_years(variable, count)
   if variable.type ~= "numeric" or #variable.values > 0 or variable.valid == 0 then return false end
   for row = 1, count do
      local cell = variable.cells[row]
      if cell and (math.type(cell) ~= "integer" or cell < 1900 or cell > 2100) then return false end
   end
   return true
end

local function names_of(list)
   local names = {}
   for i, variable in ipairs(list) do names[i] = variable.name end
   return table.concat(names, ", ")
end

local function named(found, name)
   for _, variable in ipairs(found.variables) do
      if variable.name == name then return variable end
   end
end

--- The variable that was named, or the only one that fits; refuses where it is not there, or several fit.
local function pick(found, collect, what, option, fits)
   local wanted = collect.options[option]
   if wanted then
      local variable = named(found, wanted)
      if variable then return variable end
      local all = {}
      for i, one in ipairs(found.variables) do all[i] = one.name end
      local near = core.nearest(wanted, all)
      collect:refuse("variables", ('there is no variable "%s"'):format(wanted), near
         and ("did you mean %s?"):format(near)
         or "have " .. table.concat(all, ", "))
      return nil
   end
   local list = {}
   for _, variable in ipairs(found.variables) do
      if fits(variable) then list[#list + 1] = variable end
   end
   if #list > 1 then
      collect:refuse("variables", ("%s may be %s"):format(names_of(list), what),
         ("say --%s %s"):format(option, list[1].name))
   end
   return list[1]
end

--- The period of each row: by --period, a variable of years, or the year of the only date.
local function periods_of(found, collect)
   local given = collect.options.period
   if given and not named(found, given) then return function() return given end end
   local years, dates = {}, {}
   for _, variable in ipairs(found.variables) do
      if given == variable.name or not given and holds_years(variable, found.count) then
         years[#years + 1] = variable end
      if variable.type == "date" then dates[#dates + 1] = variable end
   end
   for _, variable in ipairs(years) do
      local name = variable.name:lower()
      if name == "year" or name == "survey_year" or #years == 1 then
         return function(row) return variable.cells[row] and (periods.read(variable.cells[row])) end
      end
   end
   if #years == 0 and #dates == 1 then
      collect:warn(("the period is the year of %s"):format(dates[1].name))
      return function(row) return dates[1].cells[row] and dates[1].cells[row]:sub(1, 4) end
   end
   collect:refuse("variables", #years > 1 and names_of(years) .. " may be the period" or "no variable of years",
      "say --period 2023, or name the variable")
end

--- The weight of each row; every row counts the same where there is none.
local function weights_of(found, collect)
   if collect.options.weight == "none" then return function() return 1 end, false end
   local variable
   for _, one in ipairs(found.variables) do
      if one.weight and not collect.options.weight then variable = one end
   end
   variable = variable or pick(found, collect, "the weight", "weight", function(one)
      local words = (one.name .. " " .. one.label):lower()
      return one.type == "numeric" and #one.values == 0 and (words:find "weight" or words:find "^wgt"
         or words:find "^wt")
   end)
   if not variable then return function() return 1 end, false end
   collect:warn(("weighted by %s; --weight none counts every row the same"):format(variable.name))
   return function(row) return variable.cells[row] end, true
end

--- The codes of the answers, in order of the labels, then those that have none.
local function codes_of(variable, count)
   local list, seen, reason = {}, {}, {}
   for _, code in pairs(variable.reasons) do reason[code] = true end
   for code in variable.missing:gmatch "[^|]+" do reason[code] = true end
   local function add(code)
      if not seen[code] and not reason[code] and not code:find "^%.%a$" then
         seen[code] = true
         list[#list + 1] = code
      end
   end
   for _, value in ipairs(variable.values) do add(value.code) end
   for row = 1, count do
      local cell = variable.cells[row]
      if cell then add(type(cell) == "number" and core.number_text(cell) or cell) end
   end
   return list
end

--- Sums by unit and period: {unit, period, valid, weight, of = code -> {n, weight}}, in the order in which they come.
local function sums_of(found, collect, question, unit_variable, period_of, weight_of)
   local groups, by_key = {}, {}
   for row = 1, found.count do
      local text = said(unit_variable, row)
      local unit = text and collect:unit({code = text, system = "any"}, "row " .. row)
      local period, weight = period_of(row), weight_of(row)
      if unit and not period then
         collect:wrong("row " .. row, "no period")
      elseif unit and not weight then
         collect:wrong("row " .. row, "no weight")
      elseif unit then
         local key = unit .. "\0" .. period
         local group = by_key[key]
         if not group then
            group = {unit = unit, period = period, valid = 0, weight = 0, of = {}}
            by_key[key] = group
            groups[#groups + 1] = group
         end
         local cell = question.cells[row]
         if cell ~= nil then
            local code = type(cell) == "number" and core.number_text(cell) or cell
            local of = group.of[code] or {n = 0, weight = 0}
            group.of[code] = of
            of.n, of.weight = of.n + 1, of.weight + weight
            group.valid, group.weight = group.valid + 1, group.weight + weight
         end
      end
   end
   return groups
end

--- The shares of the answers to one question. Twelve digits: what sums of weights hold whatever their order.
local function read_question(found, collect, question, unit_variable, period_of, weight_of, weighted)
   local few = #question.values == 0 and distinct(question, found.count) or {}
   if #question.values == 0 and #few > 0 and #few <= ANSWERS then
      collect:warn(("%s has no labels: its codes are what is counted"):format(question.name))
   elseif #question.values == 0 then
      collect:refuse("variables",
         ("the values of %s have no labels and are many: it is no question with answers to count")
         :format(question.name), "name another with --indicator, or read the rows by difkit.table.read")
      return
   end
   local codes = codes_of(question, found.count)
   for _, group in ipairs(sums_of(found, collect, question, unit_variable, period_of, weight_of)) do
      for _, code in ipairs(codes) do
         local of = group.of[code] or {n = 0, weight = 0}
         local id = ("%s=%s"):format(question.name, code)
         collect:indicator(id, ("%s: %s"):format(question.label ~= "" and question.label or question.name,
            question.by_code[code] or code), "share")
         if group.weight > 0 then
            collect:observe{
               unit = group.unit, indicator = id, period = group.period,
               value = tonumber(("%.12g"):format(of.weight / group.weight)), decimal = ".",
               note = ("n=%d of %d valid%s"):format(of.n, group.valid, weighted and "; weighted" or ""),
               place = ("variable %s, %s %s"):format(question.name, group.unit, group.period),
            }
         end
      end
   end
end

--- The questions that were named, or those that look like one: answers have labels, and reasons for none are declared.
local function questions_of(found, collect)
   if collect.options.indicator then return {(pick(found, collect, "the question", "indicator"))} end
   local list = {}
   for _, variable in ipairs(found.variables) do
      if #variable.values > 0 and (variable.missing ~= "" or next(variable.reasons)) then list[#list + 1] = variable end
   end
   collect.unasked = true
   if #list > 0 then
      local words = "%s: labelled, with reasons for no answer, and so taken for the question; --indicator names another"
      collect:warn(words:format(names_of(list)))
   end
   return list
end

function kind.read(_, collect, found)
   collect.variables = require("difkit.table")(answers.variables(found.variables, found.count))
   local questions = questions_of(found, collect)
   if #questions == 0 then return end
   local unit_variable = pick(found, collect, "the unit", "unit", function(one) return holds_units(one,
      found.count) end)
   if not unit_variable then
      collect:refuse("variables", "no variable holds countries", "say which with --unit NAME")
      return
   end
   local period_of = periods_of(found, collect)
   local weight_of, weighted = weights_of(found, collect)
   if #collect.refusals > 0 then return end
   for _, question in ipairs(questions) do
      read_question(found, collect, question, unit_variable, period_of, weight_of, weighted)
   end
end

return kind
