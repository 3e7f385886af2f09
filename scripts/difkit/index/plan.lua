--- Where the stages of an index run: here, or in the database that holds the observations (pushed.lua).
local errors = require "difkit.error"
local pushed = require "difkit.index.pushed"
local sql = require "difkit.sql"
local spec = require "difkit.index.spec"

local plan = {}

local stages = {"read", "denominate", "impute", "treat", "normalise", "aggregate", "aggregate above", "rank"}

--- What an index becomes; or nil, stage, reason, node; or nil, message, code.
local function read(index, data)
   if data == nil then data = index.spec.root.data end
   if data == nil then
      local message, code
      data, message, code = require "difkit.open"()
      if not data then return nil, message, code end
   end
   return pushed.read(spec.for_run(index.spec), data)
end

local function uses(node, what)
   for _, child in ipairs(node.children or {}) do
      if uses(child, what) then return true end
   end
   return not node.children and (what == "denominate" and node.denominator ~= nil) or false
end

--- Why something is computed here, as a sentence.
local function reason(why, node) return ('%s: "%s" is computed here'):format(why, node.id) end

local function row(stage, where, note, text)
   return {stage, where, note or sql.null, text or sql.null}
end

--- The question with its values, as it can be typed into the database's own shell; all of them are texts.
local function typed(text, values)
   local at = 0
   return (text:gsub("%?", function()
      at = at + 1
      return "'" .. values[at]:gsub("'", "''") .. "'"
   end))
end

function plan.plan(index, data)
   local made, from, why, node = read(index, data)
   if not made and not node then return nil, from, why end
   local rows = {}
   for _, stage in ipairs(stages) do
      if not made then
         rows[#rows + 1] = row(stage, "here", stage == from and reason(why, node) or nil)
      elseif stage == "impute" or stage == "treat" then
         rows[#rows + 1] = row(stage, "nowhere", "the index does not")
      elseif stage == "denominate" and not uses(index.spec.root, stage) then
         rows[#rows + 1] = row(stage, "nowhere", "the index does not")
      elseif stage == "aggregate" then
         for _, name in ipairs(from.names) do
            rows[#rows + 1] = row(stage, "database", name, typed(pushed.sql(from.set, from.group[name])))
         end
      else
         local here = stage == "aggregate above" or stage == "rank"
         rows[#rows + 1] = row(stage, here and "here" or "database")
      end
   end
   return require("difkit.table")({"stage", "where", "note", "sql"}, rows)
end

--- The spec and the source of what is computed here; conditions of the world give nil, message, code.
function plan.reduce(index, data)
   local made, from, why, node = read(index, data)
   if not made and not node then return nil, from, why end
   if not made then
      errors.raise(('index "%s": %s (%s)'):format(index.id, reason(why, node), from),
         'leave where = "database" out, or give what the database can compute: index:plan() shows')
   end
   return made, from
end

return plan
