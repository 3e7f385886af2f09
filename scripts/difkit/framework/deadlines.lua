--- By when the actions are to be done.
---
--- Where the framework has targets with dates, these are the deadlines. Where it has none but codings of a scheme
--- `deadline`, they decide: a code whose id holds a year is one. Else the text decides, by this rule: a year counts
--- when "by", "in", "at", "before", "until", "during" or "later than" stands before it, with at most words such as "the
--- end of", "the year", a month or a quarter in between; so does one that only a comma, "and", "or" or "&" parts from
--- one that counts, "in 2021, 2022 and 2023"; not when it is part of a span (2021–2025, the years of a plan), and not
--- when it lies before the year of the document's adoption. The last deadline of an action is what it is to be done by,
--- the others are steps on the way.
local core = require "difkit.core"
local dates = require "difkit.date"

---@class difkit.Database
local Database = core.database

local set_a_time = {by = true, ["in"] = true, at = true, before = true, ["until"] = true, during = true}

--- Words that may stand between such a word and the year.
local between = {}
for word in ([[the of year end beginning middle early late mid first second third fourth half quarter q h
   january february march april may june july august september october november december]]):gmatch "%a+" do
   between[word] = true
end

--- Whether a year at text[first..last] is one end of a span, "2021–2025".
local function in_span(text, first, last)
   local before, after = text:sub(1, first - 1), text:sub(last + 1)
   for _, dash in ipairs {"%-", "/", "\u{2013}"} do
      if after:find("^%s*" .. dash .. "%s*%d") or before:find("%d%s*" .. dash .. "%s*$") then return true end
   end
   return false
end

--- Where the words begin that make the year at `first` a deadline, or nil.
local function beginning(text, first)
   local rest = text:sub(1, first - 1)
   while true do
      local left, word = rest:match "^(.-)(%a+)[%s%d-]*$"
      if not word then return nil end
      word = core.lower(word)
      if set_a_time[word] then return #left + 1 end
      if word == "than" and left:find "[Ll]ater%s+$" then return #left + 1 end
      if not between[word] then return nil end
      rest = left
   end
end

local joins = {[","] = true, ["and"] = true, ["or"] = true, ["&"] = true, [",and"] = true, [",or"] = true}

--- The years that a text names as deadlines, in its order: a list of {year, words}.
local function years_named(text, earliest)
   local found, last, counted = {}, 0, nil
   while true do
      local first
      first, last = text:find("%f[%w]20%d%d%f[^%w]", last + 1)
      if not first then return found end
      local listed = counted and joins[core.lower((text:sub(counted + 1, first - 1):gsub("%s", "")))]
      local begin = not in_span(text, first, last) and (beginning(text, first) or listed and first)
      counted = begin and last or nil
      local year = tonumber(text:sub(first, last))
      if year >= earliest and begin then found[#found + 1] = {year, text:sub(begin, last)} end
   end
end

--- action -> list of {due}: the dates that targets name, each once, and frameworks that have any.
local function of_targets(db)
   local due, frameworks = {}, {}
   for row in db:query([[SELECT DISTINCT t.action_id, t.due, d.framework_id, min(t.words) FROM target AS t
      JOIN action AS a ON a.id = t.action_id JOIN document AS d ON d.id = a.document_id
      WHERE t.due IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2]]):rows() do
      due[row[1]] = due[row[1]] or {}
      table.insert(due[row[1]], {row[2], row[4]})
      frameworks[row[3]] = "target"
   end
   return due, frameworks
end

--- action -> list of {year}: the years of the scheme `deadline`; frameworks that have codings of it are noted.
local function of_codings(db, frameworks)
   local due = {}
   for row in db:query([[SELECT c.action_id, c.code_id, d.framework_id FROM coding AS c
      JOIN action AS a ON a.id = c.action_id JOIN document AS d ON d.id = a.document_id
      WHERE c.scheme_id = 'deadline' ORDER BY 1, 2]]):rows() do
      frameworks[row[3]] = frameworks[row[3]] or "coded"
      local year = row[2]:match "%f[%d]%d%d%d%d%f[%D]"
      if year then
         due[row[1]] = due[row[1]] or {}
         table.insert(due[row[1]], {year})
      end
   end
   return due
end

---By when the actions are to be done: columns `action`, `document`, `year`, `rule` (`target`, `coded` or `text`: where
---it is known from), `words` (those of the text that say it), `due` (the last day of the year, month or day named), in
---the order of the framework. Where a framework has targets with dates, these count; else its codings of a scheme
---`deadline`: a code whose id holds a year. Else the texts: a year counts after "by", "in", "at", "before", "until",
---"during" or "later than" (with "the end of", a month, a quarter or the like in between), or in a list after one that
---does ("in 2021, 2022 and 2023"), unless it is part of a span such as 2021–2025 or lies before the document's
---adoption.
---
---```lua
---for deadline in db:deadlines():rows() do print(deadline.action, deadline.year, deadline.words) end
-----> ACRF.TF.5	2021	by the end of 2021
-----> BSBR.EP.1	2022	by 2022
-----> BSBR.EP.2	2021	in 2021
-----> BSBR.EP.2	2022	in 2022
-----> BSBR.EP.2	2023	in 2023
-----> BSBR.EP.2	2024	in 2024
-----> DIFAP.DM.2	2021	by 2021
---```
---@return difkit.Table
function Database:deadlines()
   local rows, adopted, framework = {}, {}, {}
   local targets, rules = of_targets(self)
   local known = {target = targets, coded = of_codings(self, rules)}
   for row in self:query("SELECT id, adopted, framework_id FROM document"):rows() do
      adopted[row[1]] = tonumber((row[2] or ""):match "^%d%d%d%d") or 0
      framework[row[1]] = row[3]
   end
   for action in self:actions():select("id", "document", "text") do
      local words, due = {}, {}
      local rule = rules[framework[action.document]] or "text"
      for _, one in ipairs(years_named(action.text, adopted[action.document])) do
         words[one[1]] = words[one[1]] or one[2]
         due[#due + 1] = {("%04d"):format(one[1]), one[2]}
      end
      if rule ~= "text" then due = known[rule][action.id] or {} end
      for _, one in ipairs(due) do
         local year = dates.parse(one[1])
         rows[#rows + 1] = {action.id, action.document, year, rule,
            rule == "text" and one[2] or words[year] or one[2], dates.last_day("deadlines", one[1])}
      end
   end
   return require("difkit.table")({"action", "document", "year", "rule", "words", "due"}, rows)
end

return {years_named = years_named}
