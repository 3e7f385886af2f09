--- The monitoring that the documents ask for: plans on laws, the business survey, a readiness index.
local support = dofile "tests/cli/support.lua"
local run, lines = support.run, support.lines

local illustrative = "examples/data/illustrative"

describe("the scheme monitoring", function()
   it("codes exactly the actions whose words ask for a survey or a law-reporting scheme", function()
      local function ids(query)
         return run("sql", query, "--format", "csv").out
      end
      assert.equal(ids "SELECT id FROM action WHERE text LIKE '%law-reporting scheme%' ORDER BY id",
         ids [[SELECT action_id AS id FROM coding WHERE scheme_id = 'monitoring' AND code_id = 'law-reporting'
            ORDER BY id]])
      assert.equal(ids "SELECT id FROM action WHERE text LIKE '%annual business survey%' ORDER BY id",
         ids [[SELECT action_id AS id FROM coding WHERE scheme_id = 'monitoring' AND code_id = 'business-survey'
            ORDER BY id]])
   end)
end)

describe("laws", function()
   it("shows the status of each member state on each action", function()
      local result = run("run", "laws", "--format", "csv", "--as-of", "2025", "--group", "ASEAN",
         "--with", illustrative)
      assert.equal("", result.err)
      local rows = lines(result.out)
      assert.equal("id,topic,plans,BRN,KHM,IDN,LAO,MYS,MMR,PHL,SGP,THA,TLS,VNM,kind of data", rows[1])
      assert.equal(5, #rows)
      for i = 2, 5 do
         local _, completed = rows[i]:gsub(",completed", "")
         assert.equal(completed, tonumber(rows[i]:match ",(%d+),"))
      end
   end)

   it("takes the roster of the date, and only reports that are not later", function()
      local result = run("run", "laws", "--format", "csv", "--as-of", "2024-01", "--group", "ASEAN", "--with",
         illustrative)
      assert.falsy(result.out:find("TLS", 1, true))
      assert.falsy(result.out:find("completed", 1, true))
   end)

   it("finds another code of the scheme, and names no state that it may not", function()
      local other = run("run", "laws", "--scheme-code", "progress-reporting", "--as-of", "2025", "--format", "csv",
         "--with", illustrative)
      assert.equal("", other.err)
      assert.matches("^id,topic,plans,[^\n]*\nWPAAEC%.CS%.6,Cybersecurity,", other.out)
      local asked = {"run", "laws", "--as-of", "2025", "--group", "ASEAN", "--with", illustrative}
      local function csv(...)
         return run(table.unpack(table.move({...}, 1, select("#", ...), #asked + 1, {table.unpack(asked)}))).out
      end
      local counts = csv("--disclosure", "regional", "--format", "csv")
      assert.equal("id,topic,plans,kind of data", counts:match "^[^\n]*")
      assert.equal("id,topic,plans,LAO,kind of data", csv("--unit", "LAO", "--format", "csv"):match "^[^\n]*")
      assert.matches("says nothing of a single%sstate", csv("--disclosure", "regional"))
      assert.falsy(csv("--disclosure", "regional", "--list", "--format", "csv"):find("Viet Nam", 1, true))
      local plans = csv("--format", "csv"):match "\n[^,]*,[^,]*,(%d+)"
      assert.equal(plans, counts:match "\n[^,]*,[^,]*,(%d+)")
   end)

   it("lists the reports with their sources, and names a code that is not there", function()
      local result = run("run", "laws", "--list", "--as-of", "2025", "--with", illustrative, "--format", "csv")
      for i, line in ipairs(lines(result.out)) do
         if i > 1 then assert.truthy(line:find ",illustrative$") end
      end
      assert.same({status = 2, out = "", err = 'difkit: no action is coded "none" in the scheme monitoring\n'},
         run("run", "laws", "--scheme-code", "none"))
      assert.is_true(#lines(run("run", "laws", "--scheme-code", "progress-reporting", "--format", "csv").out) > 1)
   end)

   it("explains the old word for the code, which Lua has", function()
      assert.same({status = 2, out = "", err = 'difkit: run: both the script "laws" and --code, which is Lua to run '
         .. "instead of one; the code of a scheme is --scheme-code none\n"}, run("run", "laws", "--code", "none"))
      assert.matches("`difkit run coverage %-%-help` lists the options of the script",
         run("run", "coverage", "-e", "print(1)").err)
   end)
end)

describe("which reports count", function()
   local folder, remove, with

   setup(function()
      folder, remove = support.folder()
      support.write(folder .. "/round.yaml", [[
rounds: [{id: R, title: R, reference: 2025-06-30, cut_off: 2025-07-31}]
replies:
  - {round: R, unit: LAO, received: 2025-07-01, endorsed_by: SEOM}
  - {round: R, unit: VNM, received: 2025-07-01, validated_by: desk}
progress:
  - {action: WPAAEC.LF.4, unit: LAO, as_of: 2025-06-30, status: completed, source: x, round: R}
  - {action: WPAAEC.LF.4, unit: VNM, as_of: 2025-06-30, status: completed, source: x, round: R}
  - {action: WPAAEC.LF.4, unit: THA, as_of: 2025-06-30, status: completed, source: x}
  - {action: WPAAEC.LF.4, unit: SGP, as_of: 2026-06-30, status: completed, source: x}
]])
      with = {"--with", folder .. "/round.yaml"}
   end)
   teardown(function() remove() end)

   local function said(...)
      local words = {"run", ...}
      table.move(with, 1, 2, #words + 1, words)
      local result = run(table.unpack(words))
      assert.equal("", result.err)
      return (result.out:gsub("%s+", " "))
   end

   local scripts = {{"laws"}, {"laws", "--list"}, {"progress"}, {"progress", "--matrix", "units"}, {"calendar"},
      {"closing", "--document", "WPAAEC"}, {"periodic"}}
   for _, words in ipairs(scripts) do
      it("is said by " .. table.concat(words, " "), function()
         local given = {table.unpack(words)}
         if words[1] ~= "closing" then table.move({"--as-of", "2025-12-31"}, 1, 2, #given + 1, given) end
         local later = "1 report dated after 2025-12-31 left out"
         assert.truthy(said(table.unpack(given)):find(later, 1, true))
         for status, out in pairs {validated = 1, endorsed = 2} do
            local more = table.move({"--status", status}, 1, 2, #given + 1, {table.unpack(given)})
            local text = said(table.unpack(more))
            assert.truthy(text:lower():find("counted are reports that are " .. status, 1, true), text)
            local gone = ("%d report%s not %s left out"):format(out, out == 1 and "" or "s", status)
            assert.truthy(text:find(gone, 1, true))
         end
      end)
   end

   it("decides what laws counts and shows", function()
      local function plans(...)
         local text = said("laws", "--as-of", "2025-12-31", "--format", "ndjson", ...)
         return tonumber(text:match '"id":"WPAAEC.LF.4"[^}]*"plans":(%d+)')
      end
      assert.same({3, 2, 1}, {plans(), plans("--status", "validated"), plans("--status", "endorsed")})
      local list = said("laws", "--list", "--as-of", "2025-12-31", "--status", "endorsed", "--format", "csv")
      assert.truthy(list:find("Lao PDR", 1, true))
      assert.falsy(list:find("Viet Nam", 1, true) or list:find("Thailand", 1, true))
   end)
end)

describe("survey", function()
   it("collects six questions, without answers in the bundled data", function()
      local rows = lines(run("run", "survey", "--format", "csv").out)
      assert.equal(7, #rows)
      for i = 2, 7 do assert.truthy(rows[i]:find ",,0,,,$") end
   end)

   it("gives the answers of a year, each state counted alike", function()
      local mean = run("sql", [[SELECT avg(value) FROM observation WHERE indicator_id = 'survey.WPAAEC.TF.7'
         AND period = 2024]], "--with", illustrative, "--format", "csv").out:match "\n(.-)\n"
      local row = run("run", "survey", "--period", "2024", "--with", illustrative, "--format", "ndjson").out
      assert.truthy(math.abs(tonumber(mean) - tonumber(row:match '"mean":([%d.]+)')) < 1e-9)
      assert.equal(60, #lines(run("run", "survey", "--period", "2024", "--answers", "--with", illustrative,
         "--format", "csv").out) - 1)
   end)
end)

describe("the e-payment readiness index", function()
   it("can be filled in and computed", function()
      local result = run("run", "index", "--spec", "examples/data/e-payment-readiness.yaml", "--with", illustrative)
      assert.equal(0, result.status, result.err)
      assert.truthy(result.out:find("E-payment readiness (a proposal, to be filled in)", 1, true))
      assert.truthy(result.out:find "\nSGP ")
   end)
end)
