-- A CSV file that calls countries by their names, under an index that wants them by their codes.
local difkit = require "difkit"

local function scores(text, units, decisions)
   local folder = os.tmpname()
   os.remove(folder)
   assert(os.execute("mkdir " .. folder))
   local function write(name, words)
      local file = assert(io.open(folder .. "/" .. name, "wb"))
      file:write(words)
      file:close()
   end
   write("data.csv", text)
   if decisions then write("units.yaml", decisions) end
   local done, result = pcall(function()
      local index = difkit.index{id = "i", units = units, children = {"net"}, normalise = "none"}
      local list = {}
      for row in assert(index:compute(folder .. "/data.csv")):scores():rows() do
         list[#list + 1] = ("%s %g"):format(row.unit, row.score)
      end
      table.sort(list)
      return list
   end)
   os.execute("rm -r " .. folder)
   if not done then error(result, 0) end
   return result
end

local NAMES = "country,net\nLao PDR,62\nViet Nam,74\nWorld,50\n"

describe("difkit.index of a file with names of countries", function()
   it("finds the members of a group, and those that a list names, by their codes", function()
      assert.same({"LAO 62", "VNM 74"}, scores(NAMES, "ASEAN"))
      assert.same({"VNM 74"}, scores(NAMES, {"VNM"}))
   end)

   it("follows units.yaml beside the file", function()
      assert.same({"LAO 5", "VNM 74"}, scores("country,net\nMuang Lao,5\nViet Nam,74\nCambodia,1\nSiam,2\n", {"LAO",
         "VNM"},
         "matches: {Muang Lao: LAO}\n"))
   end)

   it("leaves names as they are where nobody asks for codes", function()
      assert.same({"Lao PDR 62", "Viet Nam 74", "World 50"}, scores(NAMES))
   end)
end)
