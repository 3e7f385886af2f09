--- Findings: a grade, a sentence made from figures by a rule, and the figures. A sentence is a format and the
--- values put into it, so
--- that it can claim nothing that the figures do not say; tests make every sentence again from its figures.
local numbers = require "difkit.number"
local tables = require "difkit.table"

local finding = {}

--- The three grades, and what stands for them in a report.
finding.grades = {finding = "finding", look = "look at it", unknown = "cannot be judged"}

function finding.percent(share) return ("%.0f %%"):format(100 * share) end

--- A difference of two shares in a sentence.
function finding.points(share) return ("%.1f percentage points"):format(100 * share) end

--- A figure in a sentence: three significant places behind nothing, whole numbers as they are.
function finding.number(value)
   if value == nil then return "–" end
   if math.tointeger(value) then return ("%d"):format(math.tointeger(value)) end
   return numbers.figure(value, math.abs(value) < 10 and 3 or 1)
end

--- A p-value in a sentence: "= 0.012", "< 0.001".
function finding.p(value)
   if value < 0.001 then return "< 0.001" end
   return ("= %.3f"):format(value)
end

--- An interval in a sentence.
function finding.interval(low, high)
   if not low then return "no interval" end
   return ("%s to %s"):format(finding.number(low), finding.number(high))
end

--- Adds a finding: {code, subject, within, grade, figures, text, values}; its sentence is `text` with `values`.
function finding.add(section, given)
   given.section = section.id
   given.sentence = given.text:format(table.unpack(given.values))
   section.findings[#section.findings + 1] = given
   return given
end

--- A table of these columns; what else the rows hold stays behind.
function finding.rows(columns, rows)
   local list = {}
   for i, row in ipairs(rows) do
      list[i] = {}
      for _, column in ipairs(columns) do list[i][column] = rawget(row, column) end
   end
   return tables.new(columns, list)
end

--- Adds a table; nothing when there is none or it has no rows.
function finding.table(section, id, title, t)
   if not t or #t == 0 then return end
   t.title = title
   section.tables[#section.tables + 1] = {id = id, table = t}
end

return finding
