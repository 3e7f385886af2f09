--- The page of a sheet that asks for values of indicators: those that the unit has none of for the year of reference.
--- What a page has: actions.lua.
local actions = require "difkit.monitoring.page.actions"
local ids = require "difkit.framework.ids"
local numbers = require "difkit.format.numbers"
local periods = require "difkit.format.periods"

local indicators = {kind = "indicators", name = "Figures", key = "value"}

--- Kinds of nothing, in words and as SDMX observation status.
local nothing = {
   {"cannot exist here", "M"}, {"exists, not collected", "L"}, {"confidential", "Q"}, {"no answer", "O"},
}

indicators.columns = {"id", "what is asked", "last answer", "of", "value", "why none", "period", "source", "remark"}
indicators.lists = {["why none"] = {}}
for i, one in ipairs(nothing) do indicators.lists["why none"][i] = one[1] end

local function words_of(row) return row.measure and ("%s (%s)"):format(row.title, row.measure) or row.title end

function indicators.open(db, given)
   local wanted, only, open = given.indicators ~= true and given.indicators, {}, {}
   for _, id in ipairs(wanted or {}) do only[ids.resolve(db, "ask", "indicator", id)[1]] = true end
   local year = given.reference:sub(1, 4)
   for row in db:query "SELECT id, title, measure FROM indicator ORDER BY id" do
      if not wanted or only[row.id] then
         local last
         for known in db:query([[SELECT period, value, flag FROM observation WHERE indicator_id = ? AND unit_id = ?]],
            row.id, given.unit) do
            if not last or require("difkit.period").before(last.period, known.period) then last = known end
         end
         if not last or tostring(last.period) < year then
            open[#open + 1] = {id = row.id, cells = {["what is asked"] = words_of(row), period = math.tointeger(year),
               ["last answer"] = last and (last.value or last.flag), of = last and last.period}}
         end
      end
   end
   return open
end

function indicators.known(db)
   local known = {}
   for row in db:query "SELECT id, lower, upper FROM indicator" do known[row.id] = row end
   return known
end

indicators.unknown = "is no indicator of these data"

function indicators.words(db, id)
   local row = db:query("SELECT title, measure FROM indicator WHERE id = ?", id):one()
   return row and words_of(row)
end

function indicators.read(cell, context)
   local value, why, period = cell "value", cell "why none", cell "period"
   local answer = {source = cell "source", remark = cell "remark"}
   local number = value and numbers.read(value, ".")
   answer.value = number and number.value or nil
   for _, one in ipairs(nothing) do
      if why and why:lower() == one[1] then answer.flag = one[2] end
   end
   answer.period = period and periods.read(period) or not period and context.reference:sub(1, 4) or nil
   if value and not answer.value then
      return nil, "value", ('"%s" is no number such as 12.5'):format(value)
   elseif why and not answer.flag then
      return nil, "why none", ('"%s" is none of the reasons; have %s'):format(why,
         table.concat(indicators.lists["why none"], ", "))
   elseif value and why then
      return nil, "why none", "a value, and a reason why there is none"
   elseif not answer.period then
      return nil, "period", ('"%s" is no period such as 2025, 2025-Q2 or 2025-06'):format(period)
   end
   if not value and not why then answer.flag = "O" end
   local bounds = context.known
   local value_of = answer.value
   if value_of and (bounds.lower and value_of < bounds.lower or bounds.upper and value_of > bounds.upper) then
      context.warn("value", actions.outside(value, bounds))
   end
   return answer
end

function indicators.said(answer)
   return ("%s %s"):format(answer.value and actions.number(answer.value) or answer.flag, answer.period)
end

function indicators.line(answer)
   return table.concat({answer.id, indicators.said(answer), answer.source or "", answer.remark or ""}, "\t")
end

--- The sheet an observation came by stands at the end of its source.
function indicators.before(db, found)
   local before = {}
   for row in db:query([[SELECT indicator_id AS id, period, value, flag FROM observation WHERE unit_id = ?
      AND source LIKE '%sheet ' || ? || '-%' ORDER BY indicator_id, period]], found.unit, found.round.id) do
      before[row.id] = indicators.said(row)
   end
   return before
end

local function source_of(found, one) return (one.source and one.source .. "; " or "") .. found.source end

function indicators.yaml(found, answers, add)
   local records = {}
   for i, one in ipairs(answers) do
      records[i] = {{"indicator", one.id}, {"unit", found.unit}, {"period", one.period}, {"value", one.value},
         {"flag", one.flag}, {"source", source_of(found, one)}, {"note", one.remark}}
   end
   add("observations", records)
end

function indicators.add(db, found, answers)
   for _, one in ipairs(answers) do
      db:exec([[INSERT INTO observation (indicator_id, unit_id, period, value, flag, source, note)
         VALUES (?, ?, ?, ?, ?, ?, ?)]], one.id, found.unit, one.period, one.value, one.flag, source_of(found, one),
         one.remark)
   end
end

return indicators
