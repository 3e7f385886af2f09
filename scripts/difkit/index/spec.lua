--- The spec of an index, checked and laid out as a list of nodes: the index first, every node after its parent. A
--- spec is a Lua table or a YAML file of the same shape. Mistakes are raised with the path in the tree (and the line
--- of the file), what is wrong, and a near miss.
local core = require "difkit.core"
local errors = require "difkit.error"
local methods = require "difkit.index.methods"
local period = require "difkit.period"

local spec = {}

--- What may stand in every part, and what it may be.
local common = {
   id = "string", title = "string", note = "string", weight = "number",
   normalise = "method", treat = "method", impute = "method", transform = "transform",
}
local group_keys = {
   children = "table", weights = "weights", aggregate = "method", threshold = "number", threshold_by = "string",
}
local root_keys = {
   source = "string", units = "any", roster = "string", period = "any", periods = "any", data = "any",
   groups = "any", reference = "any", tolerance = "number", unit_column = "string", period_column = "string",
   expect = "any", coinr = "any", robustness = "table",
}
local indicator_keys = {
   source = "any", direction = "number", denominator = "any", factor = "number", target = "number",
   lower = "number", upper = "number", measure = "string",
   rationale = "string", publisher = "string", licence = "string", standard_error = "any",
}

local function keys_of(...)
   local all = {}
   for _, keys in ipairs {...} do
      for name, kind in pairs(keys) do all[name] = kind end
   end
   return all
end

local kinds = {
   index = keys_of(common, group_keys, root_keys),
   group = keys_of(common, group_keys),
   indicator = keys_of(common, indicator_keys),
}

local function sorted_keys(t)
   local names = {}
   for name in pairs(t) do names[#names + 1] = name end
   table.sort(names)
   return names
end

--- An error in a node: its path, and the line where the spec comes from a file.
local function failing(reader, path, given)
   return function(message, hint, key)
      local places = reader.places and reader.places[given]
      local line = places and (places[key] or places.id or places[1])
      local text = ("index %s: %s"):format(path, message)
      if line then text = ("%s:%d: %s"):format(reader.file, line, text) end
      errors.raise(text, hint)
   end
end

local transforms = {log = true, log10 = true, log_one = true, log1p = true, sqrt = true, reciprocal = true}

local function read_transform(value, fail)
   if type(value) == "function" then return {method = "function", call = value} end
   if value == "ln(1 + x)" or value == "ln(1+x)" then value = "log1p" end
   if type(value) == "string" and transforms[value] then return {method = value} end
   fail(("unknown transform %s"):format(errors.show(value)),
      type(value) == "string" and errors.hint(value, sorted_keys(transforms)) or "give a name or a function",
         "transform")
end

local function check_keys(kind, given, fail)
   local known = kinds[kind]
   for key, value in require("difkit.sorted")(given) do
      local wanted = known[key]
      if math.type(key) == "integer" then
         fail(("%s stands where a key is expected"):format(errors.show(value)), "children stand in `children = {…}`",
            key)
      elseif not wanted then
         local near = core.nearest(tostring(key), sorted_keys(known))
         local hint = near and ('did you mean "%s"?'):format(near) or errors.hint(key, sorted_keys(known))
         for other, keys in pairs(kinds) do
            if not near and keys[key] then
               hint = ('"%s" belongs to an %s'):format(key, other):gsub("an group", "a group")
            end
         end
         fail(('unknown key "%s" in %s'):format(tostring(key), kind == "group" and "a group" or "an " .. kind), hint,
            key)
      elseif wanted == "number" and methods.number(value) then
         local number = methods.number(value)
         if number ~= number or math.abs(number) == math.huge then
            fail(("%s must be a finite number, not %s"):format(key, errors.show(number)), nil, key)
         end
      elseif wanted ~= "any" and wanted ~= "method" and wanted ~= "transform" and wanted ~= "weights"
         and type(value) ~= wanted then
         fail(("%s must be %s, not %s"):format(key, wanted == "string" and "text" or "a " .. wanted,
            errors.show(value)),
            nil, key)
      end
   end
end

--- Weights that are given: by the id of the child, or in the order of the children.
local function read_weights(node, given, fail)
   if type(given) ~= "table" or given.method ~= nil then
      node.weighting = methods.read("weights", given, function(m, h) fail(m, h, "weights") end)
      return
   end
   local by_id, count = {}, 0
   for key, value in require("difkit.sorted")(given) do
      if type(value) ~= "number" or value ~= value or value < 0 or value == math.huge then
         fail(("the weight of %s must be a number that is not negative, not %s"):format(
            errors.show(key), errors.show(value)), nil, "weights")
      end
      by_id[key] = value
      count = count + 1
   end
   node.weighting = {method = "given", by_id = by_id, count = count}
end

--- Puts the given weights on the children, once they are known.
local function place_weights(node, fail)
   local weighting = node.weighting
   if weighting.method ~= "given" then return end
   local ids, known = {}, {}
   for i, child in ipairs(node.children) do
      ids[i] = child.id
      known[child.id], known[i] = child, child
   end
   for key in require("difkit.sorted")(weighting.by_id) do
      if not known[key] then
         fail(('weights name %s, which is no child'):format(errors.show(key)), errors.hint(key, ids), "weights")
      end
   end
   local sum = 0
   for i, child in ipairs(node.children) do
      local weight = weighting.by_id[child.id] or weighting.by_id[i]
      if weight == nil then
         fail(('weights leave out "%s"'):format(child.id), "give one weight for each child", "weights")
      end
      child.weight = weight
      sum = sum + weight
   end
   if sum <= 0 then fail("the weights of all children are zero", nil, "weights") end
end

local function read_threshold(node, given, fail)
   local threshold = methods.number(given.threshold)
   if threshold and not (threshold >= 0 and threshold <= 1) then
      fail(("threshold must be between 0 and 1, not %s"):format(errors.show(threshold)),
         "it is the share of the children that must have a value", "threshold")
   end
   if given.threshold_by and given.threshold_by ~= "children" and given.threshold_by ~= "weight" then
      fail(('unknown threshold_by "%s"'):format(given.threshold_by),
         errors.hint(given.threshold_by, {"children", "weight"}), "threshold_by")
   end
   node.threshold = threshold or node.parent and node.parent.threshold or 0
   node.copes = threshold ~= nil or node.parent and node.parent.copes or false
   node.by_weight = node.parent and node.parent.by_weight or false
   if given.threshold_by then node.by_weight = given.threshold_by == "weight" end
end

local read_node

local function read_group(reader, node, given, path, fail)
   if #given.children == 0 then fail("children is empty", "name at least one indicator", "children") end
   read_threshold(node, given, fail)
   node.aggregate = given.aggregate ~= nil
      and methods.read("aggregate", given.aggregate, function(m, h) fail(m, h, "aggregate") end)
      or node.parent and node.parent.aggregate or {method = methods.default.aggregate}
   if given.weights ~= nil then
      read_weights(node, given.weights, fail)
   else
      local above = node.parent and node.parent.weighting
      local inherits = above and (above.method == "equal" or above.method == "equal_indicators"
         or above.method == "absolute")
      node.weighting = inherits and above or {method = "children"}
   end
   node.children = {}
   for i, child in ipairs(given.children) do
      node.children[i] = read_node(reader, child, node, path, i)
   end
   place_weights(node, fail)
end

local function read_indicator(reader, node, given, fail)
   node.leaf = #reader.indicators + 1
   reader.indicators[node.leaf] = node
   node.source = given.source == nil and node.id or given.source
   if type(node.source) ~= "string" and type(node.source) ~= "function" then
      fail(("source must be a column name or a function of a unit, not %s"):format(errors.show(node.source)), nil,
         "source")
   end
   if given.direction ~= nil and given.direction ~= 1 and given.direction ~= -1 then
      fail(("direction must be 1 or -1, not %s"):format(errors.show(given.direction)),
         "1: more is better; -1: less is better", "direction")
   end
   node.direction, node.measure = given.direction, given.measure
   node.target, node.lower = methods.number(given.target), methods.number(given.lower)
   node.upper = methods.number(given.upper)
   if node.lower and node.upper and node.lower >= node.upper then
      fail(("lower must be below upper, not %s and %s"):format(errors.show(node.lower), errors.show(node.upper)), nil,
         "lower")
   end
   local denominator = given.denominator
   if denominator ~= nil and type(denominator) ~= "string" and type(denominator) ~= "function" then
      fail(("denominator must be a column name or a function of a unit, not %s"):format(errors.show(denominator)), nil,
         "denominator")
   end
   if given.factor and not denominator then fail("factor without a denominator", nil, "factor") end
   local deviation = methods.number(given.standard_error) or given.standard_error
   if deviation ~= nil and type(deviation) ~= "string" and not (type(deviation) == "number" and deviation >= 0) then
      fail(("standard_error must be a number from 0 on or the name of a column, not %s"):format(errors.show(deviation)),
         nil, "standard_error")
   end
   node.standard_error = deviation
   node.denominator, node.factor = denominator, methods.number(given.factor) or 1
   if node.factor == 0 then fail("factor must not be 0", nil, "factor") end
end

--- One child: a name, an indicator, or a group.
function read_node(reader, given, parent, above, position)
   if type(given) == "string" then given = {id = given} end
   local path = parent and ("%s, child %d"):format(above, position) or "?"
   if type(given) ~= "table" then
      failing(reader, path, {})(("a child must be a name or a table, not %s"):format(errors.show(given)))
   end
   local id = given.id
   if type(id) == "string" then path = parent and ("%s/%s"):format(above, id) or id end
   local fail = failing(reader, path, given)
   if type(id) ~= "string" or not id:find "%S" then
      fail(id == nil and "id is missing" or ("id must be text, not %s"):format(errors.show(id)),
         'such as id = "egdi"', "id")
   end
   if reader.by_id[id] then
      fail(('the id "%s" stands twice in the tree'):format(id), ("also %s"):format(reader.by_id[id].path), "id")
   end
   local kind = not parent and "index" or given.children ~= nil and "group" or "indicator"
   if kind == "index" and given.children == nil then
      check_keys(kind, given, fail)
      fail("children is missing", 'such as children = {"osi", "tii"}')
   end
   check_keys(kind, given, fail)
   local node = {
      id = id, title = given.title, note = given.note, path = path, parent = parent, given = given,
      level = parent and parent.level + 1 or 0, number = #reader.nodes + 1,
      weight = methods.number(given.weight) or 1,
      fail = fail,
   }
   if node.weight < 0 then
      fail(("weight must not be negative, not %s"):format(errors.show(given.weight)), nil, "weight")
   end
   reader.nodes[node.number], reader.by_id[id] = node, node
   for _, step in ipairs {"normalise", "treat", "impute"} do
      if given[step] ~= nil then
         node[step] = methods.read(step, given[step], function(m, h) fail(m, h, step) end)
      else
         node[step] = parent and parent[step] or {method = methods.default[step]}
      end
   end
   node.transform = parent and parent.transform
   if given.transform ~= nil then node.transform = read_transform(given.transform, fail) end
   if given.children ~= nil then
      read_group(reader, node, given, path, fail)
   else
      read_indicator(reader, node, given, fail)
   end
   return node
end

--- How many years back `latest_each` goes.
local latest_limit = 5

--- {method = "latest_each", limit = 3}: its name and the limit.
local function read_latest_each(given, fail)
   for key in require("difkit.sorted")(given) do
      if key ~= "method" and key ~= "limit" then
         fail(('"period" has no parameter "%s"'):format(tostring(key)), errors.hint(key, {"limit", "method"}), "period")
      end
   end
   if given.method ~= "latest_each" then
      fail(("unknown period method %s"):format(errors.show(given.method)), errors.hint(given.method, {"latest_each"}),
         "period")
   end
   local limit = given.limit == nil and latest_limit or given.limit
   if type(limit) ~= "number" or limit ~= limit or limit < 0 then
      fail(("limit must be a number of years, not %s"):format(errors.show(limit)), nil, "period")
   end
   return given.method, limit
end

local function check_root(root, given, fail)
   if given.period ~= nil and given.periods ~= nil then
      fail("period and periods are both given", "give one", "periods")
   end
   local periods = given.period == nil and given.periods or given.period
   if periods ~= nil then
      local list = type(periods) == "table" and periods or {periods}
      if type(periods) == "table" and periods.method ~= nil then
         periods, root.limit = read_latest_each(periods, fail)
         list = {periods}
      elseif periods == "latest_each" then
         root.limit = latest_limit
      end
      if #list == 0 then fail("periods is empty", "such as periods = {2018, 2022}", "periods") end
      for _, at in ipairs(list) do
         if type(at) ~= "string" and (type(at) ~= "number" or not math.tointeger(at)) then
            fail(('period must be a year, text like "2022-Q1", "latest", "latest_each" or "all", not %s'):format(
               errors.show(at)), nil, given.period ~= nil and "period" or "periods")
         end
      end
   end
   root.periods = periods
   if given.roster and given.roster ~= "constant" and given.roster ~= "actual" then
      fail(('unknown roster "%s"'):format(given.roster), errors.hint(given.roster, {"constant", "actual"}), "roster")
   end
   root.roster = given.roster
   local reference = given.reference
   if reference ~= nil and type(reference) ~= "string"
      and (type(reference) ~= "number" or not math.tointeger(reference)) then
      fail(("reference must be \"period\", \"all\" or a period, not %s"):format(errors.show(reference)), nil,
         "reference")
   end
   root.reference = period.read(reference) or "all"
   root.tolerance = methods.number(given.tolerance) or 1e-12
   if not (root.tolerance >= 0 and root.tolerance < 1) then
      fail(("tolerance must be at least 0 and below 1, not %s"):format(errors.show(root.tolerance)), nil, "tolerance")
   end
   for _, name in ipairs {"units", "data", "groups", "source", "unit_column", "period_column", "expect"} do
      root[name] = given[name]
   end
end

--- Reads a spec (a table, or the path of a YAML file) into {root, nodes, indicators, by_id}. What is not a spec is
--- raised; a file that cannot be read gives nil, a message and a code.
function spec.read(given)
   local reader = {nodes = {}, indicators = {}, by_id = {}}
   if type(given) == "string" then
      local value, places, code = core.read_yaml(given)
      if value == nil and type(places) == "string" then return nil, places, code end
      if type(value) == "table" and type(value.index) == "table" and value.children == nil then value = value.index end
      reader.file, reader.places, given = given, places, value
   end
   if type(given) ~= "table" then
      errors.raise(("difkit.index: a spec must be a table or the path of a file, not %s"):format(errors.show(given)))
   end
   local root = read_node(reader, given, nil)
   check_root(root, given, root.fail)
   return {
      root = root, nodes = reader.nodes, indicators = reader.indicators, by_id = reader.by_id, file = reader.file,
      given = given,
   }
end

--- The spec for one run: node records of its own, which the run completes (direction and title as the data have them),
--- so that a computation leaves the spec as it was. What a node was made from is shared.
function spec.for_run(read)
   local own = {}
   for _, node in ipairs(read.nodes) do
      own[node] = {}
      for key, value in next, node do own[node][key] = value end
   end
   local function of(list)
      local copies = {}
      for i, node in ipairs(list) do copies[i] = own[node] end
      return copies
   end
   local by_id = {}
   for id, node in next, read.by_id do by_id[id] = own[node] end
   for _, node in next, own do
      node.parent, node.children = own[node.parent], node.children and of(node.children)
   end
   return {
      root = own[read.root], nodes = of(read.nodes), indicators = of(read.indicators), by_id = by_id, file = read.file,
      given = read.given,
   }
end

--- A copy of what a spec was made from, with keys of the index replaced: how variants are made.
function spec.variant(given, changes)
   local copy = {}
   for key, value in next, given do copy[key] = value end
   if changes.period ~= nil or changes.periods ~= nil then copy.period, copy.periods = nil, nil end
   for key, value in next, changes do copy[key] = value end
   return copy
end

return spec
