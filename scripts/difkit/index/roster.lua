--- Which units an index compares, and in which periods: a list, a group of the data, a query, or all that have data.
--- A group changes over time: a roster is constant (members in every period) or actual (each period's own members).
local errors = require "difkit.error"
local period = require "difkit.period"

local roster = {}

--- Ids and titles of what a spec calls units: a list of ids or of rows, a query, a table.
local function read_list(given, fail)
   local ids, titles, seen = {}, {}, {}
   local rows = given
   if type(given) ~= "table" and type(given) ~= "userdata" then
      fail(("units must be a group, a list of ids, a query or a table, not %s"):format(errors.show(given)), nil,
         "units")
   end
   if getmetatable(given) ~= nil then
      rows = given.table and given:table() or given
   end
   for i, row in ipairs(rows) do
      local id = row
      if type(row) == "table" then
         id = rawget(row, "id") or rawget(row, "unit") or rawget(row, "unit_id")
         if id ~= nil then titles[tostring(id)] = rawget(row, "title") end
      end
      if type(id) ~= "string" and math.type(id) ~= "integer" then
         fail(("unit %d is %s, not an id"):format(i, errors.show(id)), nil, "units")
      end
      id = tostring(id)
      if seen[id] then fail(('the unit "%s" is named twice'):format(id), nil, "units") end
      seen[id], ids[#ids + 1] = true, id
   end
   if #ids == 0 then fail("units is empty", "leave it out for all units that have data", "units") end
   return ids, titles
end

--- Members of a group in each period: a set a period, and everybody who is in one.
local function read_group(db, group, periods, fail)
   local known = {}
   for row in db:query("SELECT id FROM unit_group ORDER BY id") do known[#known + 1] = row.id end
   local exists = false
   for _, id in ipairs(known) do exists = exists or id == group end
   if not exists then fail(('there is no group "%s"'):format(group), errors.hint(group, known), "units") end
   local member, everybody = {}, {}
   for p, at in ipairs(periods) do
      member[p] = {}
      local query = at == "" and db:units{group = group} or db:units{group = group, on = period.date(at)}
      for row in query do
         member[p][row.id] = true
         everybody[row.id] = row.title or row.id
      end
   end
   return member, everybody
end

local function size(set)
   local n = 0
   for _ in pairs(set) do n = n + 1 end
   return n
end

--- The framework that is open, which knows the groups when the data do not.
local function framework(fail)
   local db, message = require "difkit.open"()
   if not db then fail(("a group of units needs a framework: %s"):format(message), "give a list of ids", "units") end
   return db
end

--- Returns ids, titles, member (by period a set of ids, or nil when it does not change), and a label for notes.
function roster.read(spec, from, periods)
   local root, fail = spec.root, spec.root.fail
   local known, known_titles = from:units()
   local given = root.units
   if given == nil then
      return known, known_titles, nil, nil
   end
   if type(given) == "string" then
      local member, everybody = read_group(from.db or framework(fail), given, periods, fail)
      if from.match then
         from:match(everybody)
         known, known_titles = from:units()
      end
      local ids, changes = {}, false
      for p = 2, #periods do
         changes = changes or size(member[p]) ~= size(member[1])
         for id in pairs(member[p]) do changes = changes or not member[1][id] end
      end
      local kind = root.roster or "constant"
      for _, id in ipairs(known) do
         local all = true
         for p = 1, #periods do all = all and member[p][id] end
         if everybody[id] and (kind == "actual" or all) then ids[#ids + 1] = id end
      end
      if #ids == 0 then
         fail(('the data have none of the %d members of "%s"'):format(size(everybody), given),
            ("the data have %s"):format(table.concat(known, ", ", 1, math.min(#known, 5))), "units")
      end
      local label = given
      if changes then label = ("%s (%s roster)"):format(given, kind) end
      if not from.db and #ids < size(everybody) then
         label = ("%s (of %d members those that the data have)"):format(label, size(everybody))
      end
      return ids, known_titles, kind == "actual" and changes and member or nil, label
   end
   local ids, titles = read_list(given, fail)
   local has = {}
   if from.match then
      local wanted = {}
      for _, id in ipairs(ids) do wanted[id] = true end
      from:match(wanted)
      known, known_titles = from:units()
   end
   for _, id in ipairs(known) do has[id] = true end
   for _, id in ipairs(ids) do
      if not has[id] then fail(('the data have no unit "%s"'):format(id), errors.hint(id, known), "units") end
      titles[id] = titles[id] or known_titles[id]
   end
   return ids, titles, nil, ("%d named units"):format(#ids)
end

return roster
