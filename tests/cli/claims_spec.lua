--- difkit claims: which figures hold, and how it says that one does not.
local support = dofile "tests/cli/support.lua"
local run = support.run

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

local function claims(text, ...)
   support.write(folder .. "/paper.md", text)
   local result = run("claims", folder .. "/paper.md", ...)
   result.out = result.out:gsub(folder .. "/", "")
   return result
end

--- Whether the one claim of the text holds.
local function holds(text)
   local result = claims(text)
   assert.equal("", result.err)
   return result.status == 0 and result.out == "1 of 1 tagged figure holds\n"
end

describe("a number in a text", function()
   it("holds when the value rounds to it, at the digits that are printed", function()
      assert.is_true(holds "57<!--= 56.6 -->")
      assert.is_false(holds "57<!--= 57.6 -->")
      assert.is_true(holds "56.6<!--= 56.64 -->")
      assert.is_false(holds "56.60<!--= 56.64 -->")
      assert.is_true(holds "0.1<!--= 0.1 -->")
      assert.is_true(holds "2.5<!--= 2.45 -->")
   end)

   it("may have a unit, emphasis, a sign, and groups of three", function()
      for _, text in ipairs {"57 %<!--= 57 -->", "**57**<!--= 57 -->", "57 per cent<!--= 57 -->", "US$ 57<!--= 57 -->",
         "−57<!--= -57 -->", "-57<!--= -57 -->", "1,234<!--= 1234 -->", "12 345 678<!--= 12345678 -->",
         "1\u{2009}234.5<!--= 1234.5 -->", "2019–25<!--= 25 -->", "in 2022 57<!--= 57 -->", "57\n<!--= 57 -->"} do
         assert.is_true(holds(text), text)
      end
   end)

   it("is the one right before its tag", function()
      assert.is_false(holds "57<!--= 57 -->" == holds "57 of 60<!--= 57 -->")
      assert.equal("1 of 2 tagged figures hold\n", claims "5<!--= 5 --> and <!--= 5 -->".out:match "[^\n]*\n$")
   end)
end)

describe("a text", function()
   it("holds when the words before the tag end with it", function()
      assert.is_true(holds [[the *Cybersecurity*<!--= db:topic "cybersecurity".title -->]])
      assert.is_true(holds [["Cybersecurity"<!--= db:topic "cybersecurity".title -->]])
      assert.is_false(holds [[Cyberspace<!--= db:topic "cybersecurity".title -->]])
   end)
end)

describe("difkit claims", function()
   it("names line and column of what does not hold, and ends with 1", function()
      local result = claims "Thế giới:\nà 250<!--= db:actions():count() -->\n"
      assert.equal(1, result.status)
      assert.equal("paper.md:2:3: the text says 250, the data say 244 (db:actions():count())\n"
         .. "0 of 1 tagged figure hold\n", result.out)
   end)

   it("does not count tags in code", function()
      local result = claims "`5<!--= 6 -->`, ``a ` 5<!--= 6 -->``\n\n```\n7<!--= 8 -->\n```\n~~~\n7<!--= 8 -->\n~~~\n"
      assert.equal("no figure is tagged\n", result.out)
      assert.equal(0, result.status)
   end)

   it("takes expressions over lines, and with a backtick", function()
      assert.is_true(holds "2<!--=\n #({'`', 1})\n-->")
   end)

   it("runs expressions in the sandbox, and says when one fails", function()
      local result = claims [[3<!--= os.execute("true") --> 4<!--= nothing.there --> 5<!--= {} --> 6<!--= ) -->]]
      assert.equal(1, result.status)
      assert.truthy(result.out:find("paper.md:1:2: attempt to call a nil value (field 'execute')", 1, true))
      assert.truthy(result.out:find("attempt to index a nil value (global 'nothing')", 1, true))
      assert.truthy(result.out:find("the expression gives a table, not a number or a text", 1, true))
      assert.truthy(result.out:find("unexpected symbol near ')'", 1, true))
      assert.truthy(result.out:find("0 of 4 tagged figures hold\n", 1, true))
   end)

   it("says that a tag is not closed", function()
      assert.truthy(claims("5<!--= 5").out:find("paper.md:1:2: the tag is not closed by -->", 1, true))
   end)

   it("takes other data, several files, and gives JSON", function()
      support.write(folder .. "/b.md", "5<!--= db:actions():count() -->")
      local result = claims("5<!--= db:actions():count() -->", folder .. "/b.md", "--db", "tests/data/garden-framework",
         "--json")
      assert.equal(2, select(2, result.out:gsub('"holds":', "")))
      assert.truthy(result.out:find('"file":"paper.md","line":1,"column":1,"said":5,', 1, true))
   end)

   it("says when a file is not there", function()
      local result = run("claims", folder .. "/none.md")
      assert.equal(5, result.status)
      assert.truthy(result.err:find("none.md", 1, true))
   end)

   it("finds that the figures of examples/paper.md hold", function()
      local result = run("claims", "examples/paper.md")
      assert.equal(0, result.status, result.out)
      assert.truthy(result.out:find "^(%d+) of %1 tagged figures hold\n$")
   end)
end)
