-- `difkit profile` as people call it: of a file, of a table of the data, of a query.
local support = dofile "tests/cli/support.lua"

local folder

local DIFKIT = os.getenv "DIFKIT"

--- The status and the two outputs of a command run in the folder.
local function sh(command)
   local result = support.shell(("cd %s && %s </dev/null"):format(folder, command))
   return result.status, result.out, result.err
end

local function write(name, text)
   local file = assert(io.open(folder .. "/" .. name, "wb"))
   file:write(text)
   file:close()
end

describe("difkit profile", function()
   before_each(function()
      folder = os.tmpname()
      os.remove(folder)
      assert(os.execute("mkdir " .. folder))
   end)
   after_each(function() os.execute("rm -r " .. folder) end)

   it("of a file: figures, then words", function()
      write("x.csv", "country;age\nLAO;31\nVNM;-9\nLAO;40\n")
      local status, out, err = sh(DIFKIT .. " profile x.csv")
      assert.equal(0, status, err)
      assert.truthy(out:find("age      integer  3        0         3  -9   31      40", 1, true), out)
      assert.truthy(out:find("-9 ×1 may stand for a missing value", 1, true), out)
      assert.truthy(out:find("3 rows; may be a key: age; separator semicolon", 1, true), out)
   end)

   it("of a table of the data and of a query, as CSV", function()
      local status, out = sh(DIFKIT .. " profile action --format csv")
      assert.equal(0, status)
      assert.truthy(out:find("\nid,text,244,0,,244,", 1, true), out)
      status, out = sh(DIFKIT .. " profile \"SELECT document_id FROM action\" --format csv")
      assert.equal(0, status)
      assert.truthy(out:find("\ndocument_id,text,244,0,,5,ACRF", 1, true), out)
   end)

   it("says what it does not know, and where a file is wrong", function()
      local status, _, err = sh(DIFKIT .. " profile actoin")
      assert.equal(2, status)
      assert.truthy(err:find('did you mean "action"', 1, true), err)
      write("x.csv", "a,b\n1,2\n1\n")
      status, _, err = sh(DIFKIT .. " profile x.csv")
      assert.equal(1, status)
      assert.truthy(err:find("line 3", 1, true), err)
   end)
end)
