--- What the authors of an index reply to findings: a YAML file that an audit prints beside each finding, and that
--- marks replies whose figure has moved since.
local core = require "difkit.core"
local errors = require "difkit.error"

local answers = {}

local keys = {code = true, subject = true, reply = true, reason = true, by = true, date = true, figure = true}
local replies = {accepted = true, disputed = true, deferred = true}

local function names(set)
   local list = {}
   for name in pairs(set) do list[#list + 1] = name end
   table.sort(list)
   return list
end

--- Checks one answer; `where` names it.
local function check(one, where)
   if type(one) ~= "table" then
      errors.raise(("%s must have keys, not be %s"):format(where, errors.show(one)), "such as code, subject, reply")
   end
   for key in require("difkit.sorted")(one) do
      if not keys[key] then
         errors.raise(("%s: unknown key %s"):format(where, errors.show(key)), errors.hint(tostring(key), names(keys)))
      end
   end
   for _, key in ipairs {"code", "subject", "reply"} do
      if type(one[key]) ~= "string" then errors.raise(("%s: %s is missing"):format(where, key)) end
   end
   if not replies[one.reply] then
      errors.raise(('%s: unknown reply "%s"'):format(where, one.reply), errors.hint(one.reply, names(replies)))
   end
   if one.figure ~= nil and type(one.figure) ~= "number" then
      errors.raise(("%s: figure must be a number, not %s"):format(where, errors.show(one.figure)),
         "the figure that the reply speaks of, as the audit showed it")
   end
   if one.date ~= nil and not require("difkit.date").parse(tostring(one.date)) then
      errors.raise(("%s: %s is no date"):format(where, errors.show(one.date)), "such as 2026-03-31")
   end
end

--- The answers that an earlier audit's JSON holds, each with the figure that it was given to.
local function earlier(path)
   local text, message, code = core.read_file(path)
   if not text then return nil, message, code end
   local value = require("difkit.audit.compare").check(require("difkit.format.json").decode(text), path)
   local list = {}
   for _, section in ipairs(value.sections) do
      for _, one in ipairs(section.findings or {}) do
         local answer = one.answer
         if answer then
            list[#list + 1] = {code = one.code, subject = one.subject, reply = answer.reply, reason = answer.reason,
               by = answer.by, date = answer.date, figure = one.figures and one.figures[1]}
         end
      end
   end
   return list
end

--- Reads answers: a list, the path of a file that holds one, or a mapping with a list `answers`, or of the JSON of an
--- earlier audit.
function answers.read(given)
   local path, value, message, code = "the answers", given, nil, nil
   if type(given) == "string" then
      path = given
      if path:lower():find "%.json$" then value, message, code = earlier(path)
      else value, message, code = core.read_yaml(given) end
   end
   if value == nil then return nil, type(message) == "string" and message or path .. " is empty", code end
   local list = type(value) == "table" and (value.answers or value) or nil
   if type(list) ~= "table" or (next(list) ~= nil and list[1] == nil) then
      errors.raise(("%s: a list of answers is wanted"):format(path), "such as - {code: coverage, subject: VNM, …}")
   end
   for i, one in ipairs(list) do check(one, ("%s, answer %d"):format(path, i)) end
   return list
end

--- Whether a figure is no longer what it was, to three significant digits.
local function moved(before, now)
   return type(before) == "number" and type(now) == "number"
      and ("%.3g"):format(before) ~= ("%.3g"):format(now)
end

--- Puts answers beside the findings of an audit. Gives those that answer no finding of now.
function answers.apply(audit, list)
   local idle = {}
   for _, answer in ipairs(list) do
      local used = false
      for _, section in ipairs(audit.sections) do
         for _, one in ipairs(section.findings) do
            if one.code == answer.code and one.subject == answer.subject then
               used = true
               one.answer = {reply = answer.reply, reason = answer.reason, by = answer.by,
                  date = answer.date and tostring(answer.date), stale = moved(answer.figure, one.figures[1])}
            end
         end
      end
      if not used then idle[#idle + 1] = answer.code .. " " .. answer.subject end
   end
   audit.idle_answers = idle
   return idle
end

--- An answer in a sentence.
function answers.text(answer)
   return ("%s%s%s%s"):format(answer.stale and "stale, the figure has moved: " or "", answer.reply,
      answer.reason and ": " .. answer.reason or "", answer.by and (" (%s%s)"):format(answer.by, answer.date and ", "
         .. answer.date or "") or "")
end

return answers
