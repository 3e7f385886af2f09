--- What is refused of YAML is said in one way, whoever reads the file: the loader and `core.read_yaml`, which reads the
--- specs of indices.
local core = require "difkit.core"

describe("YAML that is refused", function()
   local path

   before_each(function() path = os.tmpname() .. ".yaml" end)
   after_each(function() os.remove(path) end)

   --- What both readers say, the place with it, and the hint where the message has one.
   local function both(text)
      local file = assert(io.open(path, "wb"))
      file:write(text)
      file:close()
      local _, of_reader = core.read_yaml(path)
      local _, _, _, findings = core.check {path}
      return of_reader, findings[1].text
   end

   local cases = {
      {"an anchor", "framework: &a {id: x, title: y}\n", "1:12: the anchor &a is not allowed; write values out"},
      {"an alias", "framework: *a\n", "1:12: the alias *a is not allowed; write the value"},
      {"a tag", "framework: !new {id: x, title: y}\n", "1:12: the tag !new is not allowed; leave"},
      {"a merge key", "framework: {<<: {a: b}, id: x, title: y}\n", "1:13: the merge key << is not allowed; write"},
      {"a key that is none", "framework: {[a]: b, id: x, title: y}\n", "1:13: a list cannot be a key; a key is"},
      {"what is no YAML", "framework: {id: x\n", "2:1: not YAML: did not find expected ',' or '}', while"},
      {"a tab", "framework:\n\tid: x\n", "2:1: not YAML: found character that cannot start any token"},
      {"a second document", "framework: {id: x, title: y}\n---\na: b\n", "2:1: a second YAML document in one file"},
      {"a text without end", "framework: \"" .. ("x"):rep(1024 * 1024 + 1) .. "\"\n", "1:12: a value of 1048577 bytes"},
   }
   for _, case in ipairs(cases) do
      it("for " .. case[1], function()
         local of_reader, of_loader = both(case[2])
         assert.equal(of_loader, of_reader)
         assert.equal(path .. ":" .. case[3], of_loader:sub(1, #path + 1 + #case[3]))
      end)
   end

   it("for a key that stands twice, in its own words for what it stands in", function()
      local of_reader, of_loader = both "framework: {id: x, id: y, title: z}\n"
      assert.equal(path .. ':1:20: the key "id" stands twice in a framework; first at line 1', of_loader)
      assert.equal(path .. ':1:20: the key "id" stands twice in a mapping; first at line 1', of_reader)
   end)

   it("for what is nested too deep", function()
      local deep = ("a: {"):rep(70) .. ("}"):rep(70) .. "\n"
      local of_reader = both(deep)
      assert.matches(":1:%d+: nested deeper than 64 levels; the rest of the file was not read$", of_reader)
   end)
end)
