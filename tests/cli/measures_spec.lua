--- The stock scripts `measures` and `contradictions`; what they compute is tested in tests/spec.
local support = dofile "tests/cli/support.lua"
local run, lines = support.run, support.lines

local garden = {"--db", "tests/data/garden-framework"}

describe("measures", function()
   it("prints documents by measures", function()
      local out = lines(run("run", "measures", "--format", "csv", table.unpack(garden)).out)
      assert.equal("id,actions,coverage,concentration,balance,novelty,redundancy,specificity", out[1])
      assert.matches("^PLAN,5,1%.0,0%.04", out[2])
      assert.matches("^CHARTER,3,0%.6666", out[3])
      assert.equal(3, #out)
   end)

   it("takes areas, documents, proposed links and actions", function()
      assert.matches("\nCHARTER,3,1%.0,", run("run", "measures", "--over", "area", "--format", "csv",
         table.unpack(garden)).out)
      assert.equal(2, #lines(run("run", "measures", "--document", "PLAN", "--format", "csv", table.unpack(garden)).out))
      local before = run("run", "measures", "--format", "csv", table.unpack(garden)).out
      assert.not_equal(before, run("run", "measures", "--proposed", "--format", "csv", table.unpack(garden)).out)
      assert.matches("\nPLAN%.BD%.1,by 2022,,30 cm,0%.666", run("run", "measures", "--by", "action", "--format", "csv",
         table.unpack(garden)).out)
   end)

   it("is the data of an index", function()
      local folder, remove = support.folder()
      support.write(folder .. "/m.csv", run("run", "measures", "--format", "csv", table.unpack(garden)).out)
      support.write(folder .. "/m.yaml", "id: m\nnormalise: none\nchildren: [coverage]\n")
      local result = run("run", "index", "--spec", folder .. "/m.yaml", "--data", folder .. "/m.csv", "--runs", "0",
         "--format", "csv")
      remove()
      assert.equal("", result.err)
      assert.matches("\nPLAN,1%.0", result.out)
   end)
end)

describe("contradictions", function()
   it("finds one where a number of the garden framework is changed", function()
      local folder, remove = support.folder()
      os.execute(("cp -r tests/data/garden-framework %s/g"):format(folder))
      local charter = support.read(folder .. "/g/charter.yml")
      support.write(folder .. "/g/charter.yml", (charter:gsub("three compost bays", "four compost bays")))
      local result = run("run", "contradictions", "--db", folder .. "/g", "--format", "csv")
      assert.equal(2, #lines(result.out))
      assert.matches("\ncompost,number,CHARTER%.CO%.1,four compost bays,", result.out)
      assert.equal(1, #lines(run("run", "contradictions", "--db", folder .. "/g", "--what", "year,body", "--format",
         "csv").out))
      remove()
   end)

   it("finds none in the bundled data, and says so", function()
      local result = run("run", "contradictions")
      assert.equal(0, result.status)
      assert.matches("no rows", result.out)
   end)
end)
