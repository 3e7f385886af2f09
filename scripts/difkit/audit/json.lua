--- An audit as a value for JSON, in version 1 of its shape (schema "difkit-audit-1").
local json = {}

--- Ten significant digits: what differs between the mathematical libraries of machines is left out.
local function rounded(value)
   if math.type(value) ~= "float" then return value end
   if value - value ~= 0 then return nil end
   local whole = math.tointeger(value)
   return whole or tonumber(("%.10g"):format(value))
end

json.rounded = rounded

local function table_of(one)
   local rows = {}
   for row in one.table:rows() do
      local out = {}
      for _, column in ipairs(one.table.columns) do out[column] = rounded(row[column]) end
      rows[#rows + 1] = out
   end
   return {id = one.id, title = one.table.title, columns = one.table.columns, rows = rows}
end

local function effect_of(effect)
   if not effect then return nil end
   local out = {}
   for key, value in pairs(effect) do out[key] = rounded(value) end
   return out
end

function json.of(audit)
   local out = {schema = "difkit-audit-1", difkit = require("difkit.core").version, index = audit.id,
      title = audit.title, units = audit.n, indicators = audit.k, period = audit.period, settings = {}, sections = {},
      verdict = {counts = audit.verdict.counts, holds = {}, sentences = audit.verdict.sentences}}
   for i, one in ipairs(audit.verdict.holds) do
      local figures = {}
      for f, figure in ipairs(one.figures) do figures[f] = rounded(figure) end
      out.verdict.holds[i] = {sentence = one.sentence, figures = figures}
   end
   for name, value in pairs(audit.settings) do
      if name ~= "space" then out.settings[name] = value end
   end
   for s, section in ipairs(audit.sections) do
      local made = {id = section.id, title = section.title, question = section.question, methods = section.methods,
         findings = {}, tables = {}}
      for i, one in ipairs(section.findings) do
         local figures = {}
         for f = 1, #one.figures do figures[f] = rounded(one.figures[f]) end
         made.findings[i] = {code = one.code, subject = one.subject, within = one.within, grade = one.grade,
            follows = one.follows, sentence = one.sentence, figures = figures, effect = effect_of(one.effect),
            answer = one.answer}
      end
      for i, one in ipairs(section.tables) do made.tables[i] = table_of(one) end
      out.sections[s] = made
   end
   return out
end

--- The same as text, with the record of how it is made again, if there is one.
function json.text(audit)
   local encode, value, record = require "difkit.format.json", json.of(audit), require("difkit.proof").text()
   value.proof = record and encode.decode(record) or nil
   return encode.encode(value, {indent = 1}) .. "\n"
end

return json
