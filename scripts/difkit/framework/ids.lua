--- Ids of records: whether there is one, what a misspelt one was meant for, and where one leads that was renamed.
local core = require "difkit.core"
local errors = require "difkit.error"
local sql = require "difkit.sql"

local ids = {}

local key_column = {abbreviation = "term"}

--- All ids of a table, for near misses.
function ids.all(db, entity)
   local list = {}
   local key = sql.quote(key_column[entity] or "id")
   for row in db:query(("SELECT %s FROM %s ORDER BY %s"):format(key, sql.quote(entity), key)):rows() do
      list[#list + 1] = row[1]
   end
   return list
end

local function exists(db, entity, id)
   local key = sql.quote(key_column[entity] or "id")
   return db:query(("SELECT 1 FROM %s WHERE %s = ?"):format(sql.quote(entity), key), id):value() ~= nil
end

--- What people call an entity.
function ids.called(entity)
   return entity == "unit_group" and "group" or entity
end

--- Where a renamed id leads: a list of ids, followed over several renamings, and the reason; nil when it was not
--- renamed.
function ids.redirected(db, id)
   local found, pending, seen, reason = {}, {id}, {}, nil
   while #pending > 0 do
      local from = table.remove(pending, 1)
      if not seen[from] then
         seen[from] = true
         local successors = db:query("SELECT to_id, reason FROM redirect WHERE from_id = ? ORDER BY to_id", from):all()
         if #successors == 0 and from ~= id then found[#found + 1] = from end
         for _, successor in ipairs(successors) do
            reason = reason or successor.reason
            pending[#pending + 1] = successor.to_id
         end
      end
   end
   if #found == 0 then return nil end
   return found, reason
end

local warned = setmetatable({}, {__mode = "k"})

--- Says once for each database and id that it was renamed.
function ids.warn(db, entity, id, successors, reason)
   local said = warned[db] or {}
   warned[db] = said
   if said[id] then return end
   said[id] = true
   core.log(('warning: %s "%s" is now %s%s'):format(ids.called(entity), id, table.concat(successors, ", "),
      reason and " (" .. reason .. ")" or ""))
end

--- The ids that a filter means: each checked, renamed ones followed.
function ids.resolve(db, call, entity, wanted)
   local list, out = wanted, {}
   if type(wanted) ~= "table" or wanted == sql.null then list = {wanted} end
   for _, id in ipairs(list) do
      if id == sql.null then
         out[#out + 1] = id
      else
         if type(id) ~= "string" then
            errors.raise(("%s: the id of a %s must be text, not %s"):format(call, ids.called(entity), errors.show(id)))
         end
         if exists(db, entity, id) then
            out[#out + 1] = id
         else
            local successors, reason = ids.redirected(db, id)
            if not successors then
               errors.raise(('%s: unknown %s "%s"'):format(call, ids.called(entity), id),
                  errors.hint(id, ids.all(db, entity)))
            end
            ids.warn(db, entity, id, successors, reason)
            for _, successor in ipairs(successors) do out[#out + 1] = successor end
         end
      end
   end
   return out
end

return ids
