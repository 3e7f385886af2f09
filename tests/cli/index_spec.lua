-- The stock scripts of composite indices through the executable: index, try, and data laid over data.
local support = dofile "tests/cli/support.lua"
local run, write = support.run, support.write

describe("difkit run index", function()
   local folder, remove

   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   it("rebuilds the E-Government Development Index", function()
      local result = run("run", "index")
      assert.equal(0, result.status)
      assert.truthy(result.out:find("SGP%s+0%.9133"))
      assert.truthy(result.out:find("4 [4–5]", 1, true))
      assert.equal(result.out, run("run", "index").out)
   end)

   it("takes a spec, a period, a unit to explain", function()
      local spec = folder .. "/idea.yaml"
      write(spec, "id: idea\nunits: ASEAN\nnormalise: none\nchildren: [osi, {id: tii, weight: 2}]\n")
      assert.equal(0, run("run", "index", "--spec", spec).status)
      assert.truthy(run("run", "index", "--spec=" .. spec, "--explain", "VNM").out:find("Viet Nam", 1, true))
      assert.truthy(run("run", "index", "--spec", spec, "--period", "2014,2022").out:find("2014%s+2022"))
      assert.truthy(run("run", "index", "--spec", spec, "--compare", "geometric").out:find("other_rank", 1, true))
      assert.truthy(run("run", "index", "--spec", spec, "--stage", "raw").out:find("tii", 1, true))
   end)

   it("names the line of a mistake in a spec", function()
      local spec = folder .. "/idea.yaml"
      write(spec, "id: idea\nchildren:\n  - {id: tii, weigth: 2}\n")
      local result = run("run", "index", "--spec", spec)
      local wanted = spec .. ':3: index idea/tii: unknown key "weigth" in an indicator; did you mean "weight"?'
      assert.truthy(result.err:find(wanted, 1, true), result.err)
      assert.truthy(result.status ~= 0)
   end)

   it("takes the data that the spec names, beside it, and those of the command line before them", function()
      os.execute("mkdir " .. folder .. "/data")
      write(folder .. "/data/old.csv", "unit,a\nA,1\nB,2\n")
      write(folder .. "/new.csv", "unit,a\nA,100\nB,50\n")
      local spec = folder .. "/idea.yaml"
      write(spec, "id: idea\ndata: data/old.csv\nnormalise: none\nchildren: [a]\n")
      local result = run("run", "index", "--spec", spec, "--runs", "0")
      assert.equal("", result.err)
      assert.truthy(result.out:find("\nB%s+2%s+2"), result.out)
      assert.truthy(run("run", "index", "--spec", spec, "--runs", "0", "--data", folder .. "/new.csv").out:find(
         "\nA%s+100%s+100"))
      -- not what lies elsewhere
      write(spec, "id: idea\ndata: ../new.csv\nnormalise: none\nchildren: [a]\n")
      os.execute("mkdir " .. folder .. "/deep && cp " .. spec .. " " .. folder .. "/deep/idea.yaml")
      assert.truthy(run("run", "index", "--spec", folder .. "/deep/idea.yaml").err:find(
         "a script reads only files of its own folder", 1, true))
   end)

   it("takes the roster of a group from the framework for a file of data", function()
      write(folder .. "/idea.yaml", "id: idea\nunits: ASEAN\nchildren: [y2021]\n")
      write(folder .. "/wide.csv", 'unit_title,unit,y2021\nBrunei,BRN,"98.1"\nFrance,FRA,1\nViet Nam,VNM,74\n')
      local result = run("run", "index", "--spec", folder .. "/idea.yaml", "--data", folder .. "/wide.csv")
      assert.equal("", result.err)
      assert.truthy(result.out:find("2 units, ASEAN (of 11 members those that the data have)", 1, true), result.out)
   end)

   it("takes the newest value of every indicator", function()
      write(folder .. "/idea.yaml", "id: idea\nperiod: 2020\nnormalise: none\nchildren: [a, b]\n")
      write(folder .. "/lag.csv", "unit,period,a,b\nX,2020,,1\nX,2021,2,\n")
      local result = run("run", "index", "--spec", folder .. "/idea.yaml", "--data", folder .. "/lag.csv", "--period",
         "latest_each", "--runs", "0")
      assert.equal("", result.err)
      assert.truthy(result.out:find("period 2021. 1 value of another period: 2020 (1)", 1, true), result.out)
   end)

   it("begins messages with the place of the user, not of its own script", function()
      write(folder .. "/idea.yaml", "id: idea\nchildren: [a]\nnormalise: minmx\n")
      assert.equal("difkit: " .. folder .. '/idea.yaml:3: index idea: unknown normalise "minmx"; did you mean '
         .. '"minmax"?\n', run("run", "index", "--spec", folder .. "/idea.yaml").err)
      assert.equal("difkit: cannot read none.yaml: No such file or directory\n",
         run("run", "index", "--spec", "none.yaml").err)
      write(folder .. "/idea.yaml", "id: idea\nchildren: [a]\n")
      write(folder .. "/bad.csv", "unit,a\nX,1\nY,1e999\n")
      assert.equal("difkit: " .. folder .. '/bad.csv, row 2, column "a" (unit Y): the value is beyond what a number '
         .. "can be; numbers end at 1.8e308\n", run("run", "index", "--spec", folder .. "/idea.yaml", "--data",
         folder .. "/bad.csv").err)
   end)

   it("lays a file over the data and shows the difference", function()
      local over = folder .. "/lao.yaml"
      write(over, "observations:\n  - {indicator: osi, unit: LAO, period: 2022, value: 0.7}\n")
      local result = run("run", "index", "--with", over)
      assert.equal(0, result.status)
      assert.truthy(result.out:find("LAO%s+10%s+8%s+2"), result.out)
      assert.truthy(run("run", "index").out:find("LAO%s+0%.3764"))
      write(over, "observations:\n" .. ("  - {indicator: osi, unit: LAO, period: 2022, value: 0.7}\n"):rep(2))
      assert.truthy(run("run", "index", "--with", over).err:find("stands twice", 1, true))
   end)

   it("reads no file that the command line did not name", function()
      write(folder .. "/secret.yaml", "id: s\nchildren: [osi]\n")
      os.execute("mkdir " .. folder .. "/scripts")
      write(folder .. "/scripts/own.lua",
         ('print(select(2, require("difkit").index("%s")))\n'):format(folder .. "/secret.yaml"))
      local result = run("run", folder .. "/scripts/own.lua")
      assert.truthy((result.out .. result.err):find("a script reads only files of its own folder", 1, true))
   end)
end)

describe("difkit run try", function()
   it("gives a report card of a YAML or Lua idea", function()
      local folder, remove = support.folder()
      write(folder .. "/idea.lua", 'return {id = "idea", units = "ASEAN", period = 2022, children = {"osi", "tii"}}\n')
      local result = run("run", "try", "--spec", folder .. "/idea.lua", "--runs", 100)
      assert.equal(0, result.status, result.err)
      for _, part in ipairs {"Coverage", "Outliers", "Correlation with what exists", "Redundancy", "Leaving one out",
         "How far the ranks can be trusted", "Ranks"} do
         assert.truthy(result.out:find(part, 1, true), part)
      end
      assert.truthy(result.out:find("1 SGP 100", 1, true))
      -- What an audit says stands behind what was there before, section by section.
      local last = result.out:find("\nRanks\n", 1, true)
      for _, part in ipairs {"Coherence", "Importance", "Added value", "Verdict"} do
         local at = result.out:find("\n" .. part .. "\n", last, true)
         assert.truthy(at, part)
         last = at
      end
      assert.truthy(result.out:find("With 10 units most of what an audit asks cannot be judged", last, true))
      assert.truthy(result.out:find("Whether idea measures one thing cannot be judged from 10 units", 1, true))
      remove()
   end)
end)

describe("difkit run convergence and peers", function()
   local folder, remove

   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   it("tell whether units draw nearer, and which are alike", function()
      local result = run("run", "convergence", "--format", "csv")
      assert.equal(0, result.status, result.err)
      assert.truthy(result.out:find("^node,units,sigma_before,sigma_after"))
      assert.truthy(result.out:find("\nosi,10,0.26", 1, true))
      result = run("run", "peers", "--benchmark", "MYS", "--clusters", "3", "--format", "csv")
      assert.equal(0, result.status, result.err)
      assert.truthy(result.out:find("\nSGP,1,0.9133", 1, true))
      assert.truthy(result.out:find('"THA, IDN, VNM"', 1, true))
      result = run("run", "peers", "--benchmark", "XXX")
      assert.truthy(result.status ~= 0 and result.err:find("XXX", 1, true))
   end)

   it("draw a chart where one is asked for", function()
      for _, script in ipairs {"convergence", "peers"} do
         local result = run("run", script, "--chart", script .. ".svg", "--out", folder)
         assert.equal(0, result.status, result.err)
         assert.truthy(support.read(folder .. "/" .. script .. ".svg"):find("<svg", 1, true))
      end
   end)
end)
