--- Every example runs, and answers the question it begins with.
local support = dofile "tests/cli/support.lua"
local run, read, lines = support.run, support.read, support.lines

local function example(name, ...) return run("run", "examples/" .. name .. ".lua", ...) end

--- The rows of what an example returns, as lines of CSV without the header.
local function rows(name, ...)
   local result = example(name, "--format", "csv", ...)
   assert.equal(0, result.status, result.err)
   local out = lines(result.out)
   table.remove(out, 1)
   return out
end

describe("an example", function()
   local names = {}
   for path in support.shell("ls examples").out:gmatch "([%w%-]+)%.lua\n" do names[#names + 1] = path end

   it("is one of at least six", function() assert.truthy(#names >= 6) end)

   for _, name in ipairs(names) do
      it(name .. " begins with the question it answers, and runs", function()
         assert.truthy(read("examples/" .. name .. ".lua"):find "^%-%-%- %u[^\n]*%?")
         local folder, remove = support.folder()
         local result = example(name, "--out", folder)
         remove()
         assert.equal("", result.err)
         assert.equal(0, result.status)
         assert.truthy(#result.out > 0)
      end)
   end
end)

describe("the example", function()
   it("business-surveys finds the six actions that ask for one", function()
      local found = rows "business-surveys"
      assert.equal(6, #found)
      for _, line in ipairs(found) do assert.truthy(line:find("WPAAEC.", 1, true)) end
   end)

   it("deadlines finds years by which something is to be done, and no others", function()
      local found = {}
      for _, line in ipairs(rows "deadlines") do found[#found + 1] = line:match "^(%d+,%d+,[%w.]+)," end
      assert.same({"2021,2021,ACRF.TF.5", "2021,2021,DIFAP.DM.2", "2021,2024,BSBR.EP.2", "2022,2022,BSBR.EP.1"},
         (function() table.sort(found) return found end)())
   end)

   it("law-reporting finds the law-reporting schemes", function()
      local ids = {}
      for _, line in ipairs(rows "law-reporting") do
         if line:find "^report on laws," then ids[#ids + 1] = line:match "([%u%d]+%.%u+%.%d+)" end
      end
      assert.same({"WPAAEC.LF.4", "WPAAEC.EA.3", "WPAAEC.CO.1", "WPAAEC.DR.2"}, ids)
   end)

   it("capacity-building adds up to the actions that speak of it", function()
      local found = rows "capacity-building"
      local total = run("sql", [[SELECT count(*) AS n FROM action_fts
         WHERE action_fts MATCH 'capacity OR training OR workshop*']], "--format", "csv").out:match "\n(%d+)"
      assert.equal(total, found[#found]:match ",(%d+)$")
   end)

   it("csv-for-colleagues writes one line an action", function()
      local folder, remove = support.folder()
      local result = example("csv-for-colleagues", "--out", folder)
      assert.equal("actions.csv: 244 actions\n", result.out)
      assert.equal(245, #lines(read(folder .. "/actions.csv")))
      remove()
   end)

   it("abbreviations counts all 38 of the list", function()
      local found = rows "abbreviations"
      assert.equal(38, #found)
      assert.truthy(found[1]:find "^AMS,ASEAN Member State,")
   end)

   it("asked-again tells each link to another document once, from the side of the action", function()
      local expected = run("sql", [[SELECT count(*) AS n FROM link WHERE relation <> 'none'
         AND (source_id LIKE 'BSBR.%') <> (target_id LIKE 'BSBR.%')]], "--format", "csv").out:match "\n(%d+)"
      local result = example("asked-again", "--document", "BSBR", "--format", "ndjson")
      assert.equal(tonumber(expected), #lines(result.out))
      -- In the data ACRF.EP.1 is the source, a subset of BSBR.EP.2.
      assert.truthy(result.out:find '"id":"BSBR.EP.2",[^\n]*"relation":"superset","other":"ACRF.EP.1"')
      local subset = example("asked-again", "--document", "BSBR", "--relation", "subset", "--format", "ndjson")
      for _, line in ipairs(lines(subset.out)) do assert.truthy(line:find('"relation":"subset"', 1, true)) end
   end)

   it("side-by-side takes another topic and other documents", function()
      local result = example("side-by-side", "--topic", "cybersecurity", "--left", "ACRF", "--right", "WPAAEC")
      assert.truthy(result.out:find("^Cybersecurity\n\n +ACRF +WPAAEC\n"))
   end)

   it("roadmap-and-plan leaves out every word of the Action Plan", function()
      local plan = run("sql", "SELECT lower(group_concat(text, ' ')) FROM action WHERE document_id = 'DIFAP'",
         "--format", "csv").out
      for _, line in ipairs(rows "roadmap-and-plan") do
         for word in (line:match '"([^"]*)"$' or ""):gmatch "[^, ]+" do
            assert.falsy((" " .. plan .. " "):find("%f[%a]" .. word:gsub("%-", "%%-") .. "%f[%A]"), word)
         end
      end
   end)

   it("reads as it did: the words are the same each time", function()
      for _, name in ipairs {"roadmap-and-plan", "capacity-building", "abbreviations"} do
         assert.equal(example(name).out, example(name).out)
      end
   end)

   -- What the invented reports of examples/data/monitoring come to, counted by hand; each row bears their label.
   local label = ",illustrative"
   for name, wanted in pairs {
      ["qr-code-and-hub"] = {"BSBR.EP.1,2022,2021-12-31,completed,,false", "BSBR.EP.1,2022,2022-12-31,completed,,false",
         "BSBR.EP.1,2022,2023-12-31,completed,,false", "DIFAP.DM.2,2021,2021-12-31,not reported,,false",
         "DIFAP.DM.2,2021,2022-12-31,in progress,completed by 1 of 10,true",
         "DIFAP.DM.2,2021,2023-12-31,in progress,completed by 2 of 10,true"},
      ["re-examined-timelines"] = {"BSBR.EP.1,2022-12-31,2021-06-30,earlier,met",
         "DIFAP.DM.2,2021-12-31,2023-12-31,later,due"},
      ["progress-on-crime"] = {"2024-06-30,each,BRN PHL SGP,3 of 10,7", "2025-06-30,each,BRN PHL,2 of 10,8"},
      ["tracking-by-accec"] = {"DIFAP.IM.2,DIF Action Plan,completed,2024-12-31",
         "BSBR.IM.1,BSB Roadmap,in progress,2025-06-30"},
      ["monitoring-and-reporting"] = {"DIF Action Plan,57,3,1,2,1", "Recovery Framework,63,0,0,0,1",
         "Digital Masterplan,35,0,0,0,0", "BSB Roadmap,22,2,1,1,1", "AAEC Work Plan,67,1,0,1,0"},
   } do
      it(name .. " counts what was reported by each date", function()
         for i, row in ipairs(wanted) do wanted[i] = row .. label end
         assert.same(wanted, rows(name))
      end)
   end

   it("peer-reviews shows each member, those who have said nothing, too", function()
      local found = rows "peer-reviews"
      assert.equal(10, #found)
      assert.equal("Malaysia,completed,peer review by Thailand" .. label, found[5])
      local silent = 0
      for _, row in ipairs(found) do if row:find(",not reported,", 1, true) then silent = silent + 1 end end
      assert.equal(5, silent)
   end)
end)
