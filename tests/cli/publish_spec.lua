-- An index published as a site of files, and given to other tools, through the executable.
local support = dofile "tests/cli/support.lua"
local run, write, read = support.run, support.write, support.read
local decode = require("difkit").json.decode

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
      -- Every code of the observations is in the code lists of their structure, under the dataflow that they name.
      local structure, codes = read(folder .. "/site/data/sdmx-structure.xml"), {}
      assert.truthy(structure:find('<str:Dataflow id="READINESS" agencyID="DIFKIT" version="1.0">', 1, true))
      for code in structure:gmatch '<str:Code id="([^"]+)">' do codes[code] = true end
      for part, unit, status in sdmx:gmatch "\ndataflow,[^,]+,I,([^,]+),([^,]+),2022,[^,]*,(%u)" do
         assert.truthy(codes[part] and codes[unit] and codes[status], part .. " " .. unit)
      end
      assert.truthy(structure:find('<str:Code id="hci"><com:Name xml:lang="en">Human Capital Index</com:Name>'
         .. "<str:Parent>readiness</str:Parent></str:Code>", 1, true))
      for _, name in ipairs {"INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"} do
         assert.truthy(structure:find('<str:Concept id="' .. name .. '">', 1, true), name)
      end
      -- Against the schemas of SDMX 3.0 where somebody has them (github.com/sdmx-twg/sdmx-ml).
      local schemas = os.getenv "DIFKIT_SDMX_SCHEMAS"
      if schemas then
         local checked = support.shell(("xmllint --noout --schema '%s/SDMXMessage.xsd' '%s' 2>&1"):format(schemas,
            folder .. "/site/data/sdmx-structure.xml"))
         assert.equal(0, checked.status, checked.out)
      end
      assert.truthy(read(folder .. "/site/data/datapackage.json"):find('"scores.csv"', 1, true))
      assert.truthy(read(folder .. "/site/audit.json"):find('"difkit-audit-1"', 1, true))
   end)

   it("is read in Python and R as AUDIT.md says", function()
      write(spec, "id: readiness\nunits: ASEAN\nperiod: 2022\nchildren: [osi, tii, hci]\n")
      assert.equal(0, run("run", "publish", "--spec", spec, "--runs", "50", "--out", folder .. "/site").status)
      local guide = read "scripts/guide/AUDIT.md"
      write(folder .. "/read.py", guide:match "```python\n(.-)```")
      write(folder .. "/read.R", guide:match "```r\n(.-)```")
      local said = support.shell(("cd '%s' && python3 read.py"):format(folder))
      -- By R: item-rest correlations 0.899 (osi), 0.774 (tii) and 0.920 (hci).
      assert.equal("hci\nSGP 1\n", said.out, said.err)
      if not os.execute "command -v Rscript >/dev/null" then
         pending "R is not here: its lines are not run"
         return
      end
      said = support.shell(("cd '%s' && Rscript read.R"):format(folder))
      assert.equal("SGP 1 \n0.936 \n", said.out, said.err)
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
      local result = run("why", folder .. "/audit/audit.xlsx", "intervals!E2", "--", "--spec", spec)
      assert.equal(0, result.status, result.err)
      assert.truthy(result.out:find("computed in the section Robustness", 1, true), result.out)
      assert.truthy(result.out:find("contribution", 1, true), result.out)
      assert.is_nil(result.out:find("no longer holds", 1, true), result.out)
   end)
end)

describe("difkit why of what difkit audit wrote", function()
   local folder, remove, spec

   setup(function()
      folder, remove = support.folder()
      spec = folder .. "/readiness.yaml"
      write(spec, "id: readiness\nunits: ASEAN\nperiod: 2022\nchildren: [osi, tii, hci]\n")
      assert(run("audit", spec, "--out", folder .. "/audit").status == 0)
   end)
   teardown(function() remove() end)

   local function why(file, place)
      local result = run("why", folder .. "/audit/" .. file, place, "--", "--spec", spec)
      assert.equal(0, result.status, result.err)
      assert.truthy(result.out:find("made by the script audit", 1, true), result.out)
      assert.is_nil(result.out:find("no longer holds", 1, true), result.out)
      return result.out
   end

   it("leads from every table of the JSON to section, method and observations", function()
      local value = decode(read(folder .. "/audit/audit.json"))
      local count = 0
      for _, section in ipairs(value.sections) do
         for _, one in ipairs(section.tables) do
            local column
            for _, name in ipairs(one.columns) do
               if not column and type(one.rows[1][name]) == "number" then column = name end
            end
            if column and one.id ~= "sobol" and count < 8 then
               local said = why("audit.json", one.id .. "/1/" .. column)
               assert.truthy(said:find("computed in the section " .. section.title .. " of the audit", 1, true), said)
               assert.truthy(said:find("\n   osi BRN 2022: 0.5871", 1, true), one.id .. said)
               count = count + 1
            end
         end
      end
      assert.equal(8, count)
   end)

   it("takes places in the JSON as JSON Pointer names them", function()
      local value = decode(read(folder .. "/audit/audit.json"))
      local alpha = value.sections[3].tables[1].rows[1].alpha
      local said = why("audit.json", "/sections/2/tables/0/rows/0/alpha")
      assert.truthy(said:find(("column “alpha”: %.10g"):format(alpha), 1, true), said)
      for i, one in ipairs(value.sections[3].findings) do
         said = why("audit.json", "/sections/2/findings/" .. i - 1)
         assert.truthy(said:find(one.sentence, 1, true), said)
         assert.truthy(said:find("its figures: ", 1, true), said)
      end
   end)

   it("reads findings in page and workbook, with what their advice would do", function()
      local said = why("audit.xlsx", "findings!G2")
      assert.truthy(said:find("\n3 of 3 indicators lack a title", 1, true), said)
      assert.truthy(said:find("computed in the section Concept", 1, true), said)
      said = why("audit.html", "table-1")
      assert.truthy(said:find("computed in the section Concept", 1, true), said)
   end)

   it("says of other JSON that it cannot be followed", function()
      write(folder .. "/other.json", "{}")
      local result = run("why", folder .. "/other.json", "a")
      assert.equal(2, result.status)
      assert.truthy(result.err:find("of JSON files only those of an audit can be followed back", 1, true), result.err)
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
