-- The JSON of an audit has the shape that scripts/guide/audit.schema.json describes.
local difkit = require "difkit"

local function is(value, kind)
   if kind == "integer" then return math.type(value) == "integer" end
   if kind == "array" then return type(value) == "table" and (next(value) == nil or value[1] ~= nil) end
   if kind == "object" then return type(value) == "table" and value[1] == nil end
   return type(value) == kind
end

--- What of a value a schema does not allow: the part of JSON Schema that ours uses.
local function problems(value, schema, path, found)
   local function say(text) found[#found + 1] = path .. ": " .. text end
   if schema.const and value ~= schema.const then say("not " .. schema.const) end
   if schema.enum then
      local known = false
      for _, one in ipairs(schema.enum) do known = known or one == value end
      if not known then say("none of those named") end
   end
   if schema.type then
      local kinds, right = type(schema.type) == "table" and schema.type or {schema.type}, false
      for _, kind in ipairs(kinds) do right = right or is(value, kind) end
      if not right then return say("of another type") end
   end
   for _, key in ipairs(schema.required or {}) do
      if rawget(value, key) == nil then say("lacks " .. key) end
   end
   if schema.items then
      for i, one in ipairs(value) do problems(one, schema.items, path .. "/" .. i, found) end
   elseif schema.properties or schema.additionalProperties ~= nil then
      for key, one in pairs(value) do
         local within = schema.properties and schema.properties[key] or schema.additionalProperties
         if within == false then say("has " .. tostring(key))
         elseif type(within) == "table" then problems(one, within, path .. "/" .. tostring(key), found) end
      end
   end
   return found
end

describe("the JSON of an audit", function()
   local file = assert(io.open("scripts/guide/audit.schema.json", "rb"))
   local schema = difkit.json.decode(file:read "a")
   file:close()
   local index = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}

   it("has the shape that its schema describes", function()
      local audit = index:compute(difkit.open()):audit{runs = 50, sobol = 4}
      audit:answer{{code = "undescribed", subject = "egdi", reply = "accepted"}}
      local value = difkit.json.decode(difkit.json.encode(audit:value()))
      assert.are.same({}, problems(value, schema, "", {}))
      assert.are.equal("difkit-audit-1", value.schema)
      value.sections[1].findings[1].grade = "passed"
      value.colour = "red"
      assert.are.equal(2, #problems(value, schema, "", {}))
   end)

   it("has no more than ten digits", function()
      local text = difkit.json.encode(index:compute(difkit.open()):audit{runs = 50, sobol = 4}:value())
      for digits in text:gmatch "%d+%.%d+" do
         assert.is_true(#digits:gsub("%.", ""):gsub("^0+", "") <= 10, digits)
      end
   end)

   it("is not asked for what the spec says of an indicator", function()
      local said = {rationale = "what it is for", publisher = "the ministry", licence = "CC BY 4.0", direction = 1,
         title = "a title"}
      local children = {}
      for i, id in ipairs {"osi", "tii", "hci"} do
         children[i] = {id = id}
         for key, value in pairs(said) do children[i][key] = value end
      end
      local function missing()
         local audit = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = children}
            :compute(difkit.open()):audit{runs = 50, sobol = 4}
         for row in audit:findings():rows() do if row.code == "undescribed" then return row.sentence end end
      end
      assert.is_nil(missing())
      children[2].licence = nil
      assert.are.equal("1 of 3 indicators lack a title, a rationale, a direction, a source or a licence.", missing())
   end)

   it("stands and can be written of tables in which next to nothing can be computed", function()
      local nearly_nothing = {
         {{unit = "A", a = 1, b = 2}},
         {{unit = "A", a = 1}, {unit = "B", a = 1}, {unit = "C", a = 1, b = 2}},
         {{unit = "A", b = 2}, {unit = "B", a = 1}},
         {{unit = "A", a = 0, b = 0}, {unit = "B", a = 0, b = 0}},
         {{unit = "A|x", a = 1, b = 2}, {unit = "<b>", a = 2, b = 3}, {unit = "[y](z)", a = 1e300, b = -1e300}},
      }
      for i, rows in ipairs(nearly_nothing) do
         local audit = assert(difkit.index{id = "x", children = {"a", "b"}}:compute(rows)):audit{runs = 20, sobol = 4}
         assert.are.same({}, problems(difkit.json.decode(difkit.json.encode(audit:value())), schema, "", {}), i)
         assert.is_nil(audit:report():html():find("<b>", 1, true))
         for row in audit:findings():rows() do
            assert.is_true(row.code == "coverage" or row.code == "constant" or row.grade ~= "finding", row.sentence)
         end
      end
   end)

   it("varies what the spec declares, and names what it does not", function()
      local spec = {id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"},
         robustness = {normalise = {"minmax", "zscore"}, weighting = {"given", "optimal"}, treat = {"none",
            "winsorise"}}}
      local audit = difkit.index(spec):compute(difkit.open()):audit{runs = 50, sobol = 4}
      local said
      for row in audit:findings():rows() do if row.code == "not_varied" then said = row.sentence end end
      assert.are.equal("Not varied together with the rest, and so not judged: impute, aggregate, the choice of "
         .. "indicators.",
         said)
      local note = audit.sections[6].note
      assert.is_truthy(note:find("treat none or winsorise", 1, true) and note:find("weighting given or optimal", 1,
         true), note)
   end)
end)
