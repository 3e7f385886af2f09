-- An index published as a site of files, and given to other tools, through the executable.
local support = dofile "tests/cli/support.lua"
local run, write, read = support.run, support.write, support.read

describe("difkit run publish", function()
   local folder, remove, spec

   before_each(function()
      folder, remove = support.folder()
      spec = folder .. "/readiness.yaml"
      write(spec, "id: readiness\ntitle: Readiness\nunits: ASEAN\nperiod: 2022\nchildren: [osi, tii, {id: hci, "
         .. "weight: 2}]\n")
   end)
   after_each(function() remove() end)

   it("writes ranks, a page for each unit, method, data, metadata and audit", function()
      local result = run("run", "publish", "--spec", spec, "--out", folder .. "/site")
      assert.equal(0, result.status, result.err)
      local index = read(folder .. "/site/index.html")
      assert.truthy(index:find("Readiness", 1, true))
      local ranks = read(folder .. "/site/data/ranks.csv")
      assert.equal("unit,rank,score,median,low,high,tier", ranks:match "^[^\n]+")
      for code in ("BRN IDN KHM LAO MMR MYS PHL SGP THA VNM"):gmatch "%u+" do
         assert.truthy(index:find('href="units/' .. code .. '.html"', 1, true), code)
         local page = read(folder .. "/site/units/" .. code .. ".html")
         assert.truthy(page:find("What would move it", 1, true) or ranks:find("\n" .. code .. ",1,", 1, true), code)
         assert.truthy(page:find("Peers", 1, true), code)
         assert.truthy(page:find("Strengths", 1, true) or page:find("Weaknesses", 1, true), code)
      end
      -- Every link of the front page leads to a file that is there.
      local links = 0
      for target in index:gmatch 'href="([%w_/-]+%.%w+)"' do
         assert.is_true(support.exists(folder .. "/site/" .. target), target)
         links = links + 1
      end
      assert.is_true(links >= 18, links)
      local method = read(folder .. "/site/method.md")
      assert.truthy(method:find("low + (high − low) (y − min) / (max − min)", 1, true))
      assert.truthy(method:find("Σ w x / Σ w", 1, true))
      assert.truthy(method:find("| hci | Human Capital Index | 0.5000 |", 1, true) or method:find("hci | ", 1, true))
      local sdmx = read(folder .. "/site/data/sdmx.csv")
      assert.truthy(sdmx:find("\ndataflow,DIFKIT:READINESS(1.0),I,osi,SGP,2022,", 1, true))
      assert.truthy(read(folder .. "/site/data/datapackage.json"):find('"scores.csv"', 1, true))
      assert.truthy(read(folder .. "/site/audit.json"):find('"difkit-audit-1"', 1, true))
   end)

   it("writes the same bytes again", function()
      for _, name in ipairs {"one", "two"} do
         assert.equal(0, run("run", "publish", "--spec", spec, "--out", folder .. "/" .. name).status)
      end
      local listing = io.popen("cd '" .. folder .. "/one' && find . -type f")
      local count = 0
      for name in listing:lines() do
         assert.equal(read(folder .. "/one/" .. name), read(folder .. "/two/" .. name), name)
         count = count + 1
      end
      listing:close()
      assert.is_true(count >= 24, count)
   end)

   it("says of a unit why it has no score, and leaves no name of a unit unescaped", function()
      local csv = folder .. "/d.csv"
      write(csv, 'unit,title,a,b\nA/../x,"<b>Bold</b>",1,2\nB,Beta,2,1\nC,,,\nD,Delta,4,3\n')
      write(spec, "id: x\ndata: d.csv\nunits: [\"A/../x\", B, C, D]\nchildren: [a, b]\n")
      local result = run("run", "publish", "--spec", spec, "--out", folder .. "/site")
      assert.equal(0, result.status, result.err)
      assert.is_true(support.exists(folder .. "/site/units/unit-1.html"))
      assert.is_nil(read(folder .. "/site/units/unit-1.html"):find("<b>Bold", 1, true))
      assert.truthy(read(folder .. "/site/units/C.html"):find("has no score: not reported", 1, true))
   end)
end)

describe("difkit why of a number of an audit", function()
   local folder, remove, spec

   setup(function()
      folder, remove = support.folder()
      spec = folder .. "/readiness.yaml"
      write(spec, "id: readiness\nunits: ASEAN\nperiod: 2022\nchildren: [osi, tii, hci]\n")
      assert(run("run", "publish", "--spec", spec, "--runs", "2000", "--out", folder .. "/site").status == 0)
      assert(run("audit", spec, "--out", folder .. "/audit").status == 0)
   end)
   teardown(function() remove() end)

   for sheet, section in pairs {groups = "Coherence", places = "Coherence", levels = "Coherence",
      importance = "Importance", trade_offs = "Importance", rates = "Importance", choices = "Robustness",
      coverage = "Data", shape = "Data", eigenvalues = "Coherence"} do
      it("names section, method and observations: " .. sheet, function()
         local result = run("why", folder .. "/site/audit.xlsx", sheet .. "!D2", "--", "--spec", spec)
         assert.equal(0, result.status, result.err)
         assert.truthy(result.out:find("computed in the section " .. section .. " of the audit", 1, true), result.out)
         assert.is_nil(result.out:find("no longer holds", 1, true), result.out)
         if sheet ~= "choices" then
            assert.truthy(result.out:find "\n   %l+ %u+ 2022: 0%.%d+  %(egdi%.csv:%d+%)", result.out)
         end
      end)
   end

   it("takes a rank apart, and reads the pages of the command alike", function()
      local result = run("why", folder .. "/audit/audit.xlsx", "intervals!E2", "--script", "publish", "--", "--spec",
         spec)
      assert.equal(0, result.status, result.err)
      assert.truthy(result.out:find("computed in the section Robustness", 1, true), result.out)
      assert.truthy(result.out:find("contribution", 1, true), result.out)
      assert.is_nil(result.out:find("no longer holds", 1, true), result.out)
   end)
end)

describe("difkit run exchange", function()
   local folder, remove

   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   it("goes from COINr to the COIN Tool and back, and each is audited in one command", function()
      write(folder .. "/iMeta.csv", "Level,iCode,iName,Direction,Weight,Parent,Type\n1,a,Alpha,1,1,top,Indicator\n"
         .. "1,b,Beta,-1,3,top,Indicator\n2,top,All,1,1,NA,Aggregate\n")
      write(folder .. "/iData.csv", "uCode,uName,a,b\nX,Xanadu,1,9\nY,Ypern,2,8\nZ,Zug,4,NA\nW,Wien,3,5\n")
      local pair = {folder .. "/iMeta.csv", "--data", folder .. "/iData.csv"}
      local result = run("run", "exchange", "--spec", pair[1], pair[2], pair[3], "--to", "coin_tool", "--out", folder)
      assert.equal(0, result.status, result.err)
      local wanted = run("run", "index", "--runs", "0", "--spec", pair[1], pair[2], pair[3])
      local got = run("run", "index", "--runs", "0", "--spec", folder .. "/coin_tool.xlsx")
      assert.equal(0, got.status, got.err)
      assert.equal(wanted.out:match "\nW[^\n]+", got.out:match "\nW[^\n]+")
      assert.equal(0, run("audit", pair[1], pair[2], pair[3]).status)
      assert.equal(0, run("audit", folder .. "/coin_tool.xlsx").status)
      result = run("run", "exchange", "--spec", folder .. "/coin_tool.xlsx", "--to", "difkit", "--out", folder
         .. "/own")
      assert.equal(0, result.status, result.err)
      got = run("run", "index", "--runs", "0", "--spec", folder .. "/own/spec.yaml")
      assert.equal(wanted.out:match "\nW[^\n]+", got.out:match "\nW[^\n]+")
   end)

   it("says what a table is that is no spec", function()
      write(folder .. "/data.csv", "unit,a\nX,1\n")
      local result = run("audit", folder .. "/data.csv")
      assert.truthy(result.err:find("must be the iMeta of COINr", 1, true), result.err)
   end)
end)
