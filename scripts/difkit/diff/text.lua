--- Differences as people and programs read them: text with words struck and added, and JSON.
local core = require "difkit.core"
local text = require "difkit.text"

local diff_text = {}

local CONTEXT = 4            -- unchanged words shown on either side of a change
local LIMIT = 20             -- changes of a kind shown for a table

--- Unchanged words, those far from a change left out.
local function context(words, first, last)
   local before, after = first and 0 or CONTEXT, last and 0 or CONTEXT
   if #words <= before + after + 1 then return table.concat(words, " ") end
   return table.concat(words, " ", 1, before) .. (before > 0 and " " or "") .. "…" .. (after > 0 and " " or "")
      .. table.concat(words, " ", #words - after + 1)
end

--- Two texts as one: [-words that went-] {+words that came+}, with a few words around.
function diff_text.words(old, new)
   local runs, out = text.differences(old, new), {}
   for i, run in ipairs(runs) do
      if run.kind == "same" then out[i] = context(text.split(run.text, " "), i == 1, i == #runs)
      elseif run.kind == "removed" then out[i] = "[-" .. run.text .. "-]"
      else out[i] = "{+" .. run.text .. "+}" end
   end
   if #runs == 1 and runs[1].kind == "same" then return "spaces or line breaks changed" end
   return table.concat(out, " ")
end

local function shown(value)
   if value == nil then return "–" end
   return type(value) == "number" and core.number_text(value) or tostring(value)
end

--- What to recognise a record by, beside its id.
function diff_text.label(change)
   local record, parts = change.record, {}
   local said = record.title or record.text or record.expansion or record.status or record.value
   if said ~= nil then parts[1] = core.truncate(shown(said):gsub("%s+", " "), 76) end
   if change.entity == "observation" and record.flag then parts[#parts + 1] = "flag " .. record.flag end
   if change.entity == "link" then parts = {record.relation .. (record.kind and ", " .. record.kind or "")} end
   return table.concat(parts, ", ")
end

local function field_line(field)
   local old, new = field.old, field.new
   if type(old) == "string" and type(new) == "string" and (old:find "%s" or new:find "%s") then
      return ("%s: %s"):format(field.field, diff_text.words(old, new))
   end
   return ("%s: %s -> %s"):format(field.field, shown(old), shown(new))
end

local signs = {added = "+", removed = "-", changed = "~", renamed = ">", split = ">", merged = ">"}
local led_to = {renamed = "renamed to", split = "split into", merged = "merged into"}

local function change_lines(change, out)
   local words = diff_text.label(change)
   if change.to then
      out[#out + 1] = ("  > %s %s %s"):format(change.id, led_to[change.kind], change.to)
   elseif change.kind == "changed" and #change.fields == 1 then
      out[#out + 1] = ("  ~ %s  %s"):format(change.id, field_line(change.fields[1]))
      return
   else
      out[#out + 1] = ("  %s %s%s"):format(signs[change.kind], change.id, words ~= "" and "  " .. words or "")
   end
   for _, field in ipairs(change.fields) do out[#out + 1] = "      " .. field_line(field) end
end

--- Scores and ranks that moved; nothing when none did.
local function movement_lines(diff, out)
   if diff.problem then
      out[#out + 1] = ""
      out[#out + 1] = "scores cannot be compared: " .. diff.problem
   end
   local moved = diff.movement and require("difkit.index.movement").shown(diff.movement)
   if not moved or #moved == 0 then return end
   out[#out + 1] = ""
   out[#out + 1] = (moved:text():gsub("\n$", ""))
end

--- The text of a difkit.Diff.
function diff_text.text(diff, options)
   if #diff.changes == 0 then
      return ("%s and %s hold the same records."):format(diff.old.source, diff.new.source)
   end
   local limit = options.limit or LIMIT
   local counts = diff:counts()
   local out = {("%s -> %s"):format(diff.old.source, diff.new.source), "", (counts:text():gsub("\n$", ""))}
   movement_lines(diff, out)
   local entity, counted = nil, {}
   for _, change in ipairs(diff.changes) do
      if change.entity ~= entity then
         entity, counted = change.entity, {}
         out[#out + 1] = ""
         out[#out + 1] = entity
      end
      counted[change.kind] = (counted[change.kind] or 0) + 1
      if limit == 0 or counted[change.kind] <= limit then
         change_lines(change, out)
      elseif counted[change.kind] == limit + 1 then
         local more = 0
         for _, other in ipairs(diff.changes) do
            if other.entity == entity and other.kind == change.kind then more = more + 1 end
         end
         out[#out + 1] = ("  %s … and %d more %s"):format(signs[change.kind], more - limit, change.kind)
      end
   end
   return table.concat(out, "\n")
end

--- The movement of scores as a JSON object, units that stayed left out; null when no index is followed.
local function movement_object(diff, json, null)
   if not diff.movement then return null end
   local causes, units = require("difkit.index.movement").causes, json.array()
   local function value(x) if x == nil then return null end return x end
   for _, row in ipairs(diff.movement) do
      if row.state ~= "same" then
         local parts = {}
         for i, cause in ipairs(causes) do parts[i] = {cause, value(row[cause])} end
         units[#units + 1] = json.object{
            {"unit", row.unit}, {"state", row.state},
            {"rank", json.object{{"old", value(row.rank_before)}, {"new", value(row.rank)}}},
            {"ranks_gained", value(row.rank_change)},
            {"score", json.object{{"old", value(row.score_before)}, {"new", value(row.score)}}},
            {"change", value(row.change)}, {"causes", json.object(parts)},
         }
      end
   end
   return json.object{{"title", diff.movement.title}, {"note", value(diff.movement.note)}, {"units", units}}
end

--- The JSON text of a difkit.Diff.
function diff_text.json(diff)
   local json = require "difkit.format.json"
   local null = require("difkit.sql").null
   local function value(x) if x == nil then return null end return x end
   local changes = json.array()
   for i, change in ipairs(diff.changes) do
      local fields = json.array()
      for j, field in ipairs(change.fields) do
         fields[j] = json.object{{"field", field.field}, {"old", value(field.old)}, {"new", value(field.new)}}
      end
      local key, names = {}, {}
      for name in require("difkit.sorted")(change.record) do
         if change.key[name] ~= nil then names[#names + 1] = name end
      end
      for j, name in ipairs(names) do key[j] = {name, change.key[name]} end
      local object = {{"entity", change.entity}, {"id", change.id}, {"key", json.object(key)}, {"change", change.kind}}
      if change.to then object[#object + 1] = {"to", change.to} end
      object[#object + 1] = {"fields", fields}
      changes[i] = json.object(object)
   end
   local counts = {}
   for i, row in ipairs(diff:counts()) do
      counts[i] = {row.entity, json.object{{"added", row.added}, {"removed", row.removed}, {"changed", row.changed},
         {"renamed", row.renamed}}}
   end
   local function source(one)
      return json.object{{"source", one.source}, {"content_digest", value(one.digest)}}
   end
   return json.encode(json.object{
      {"old", source(diff.old)}, {"new", source(diff.new)}, {"same", #diff.changes == 0},
      {"counts", json.object(counts)}, {"changes", changes}, {"index", movement_object(diff, json, null)},
   }, {indent = 2})
end

return diff_text
