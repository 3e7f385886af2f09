-- Self-assessment, questionnaire, and the examples of surveys, succession and links.
local support = dofile "tests/cli/support.lua"
local run, read = support.run, support.read
local difkit = require "difkit"

local illustrative = "examples/data/illustrative"
local spec = "examples/data/personal-data-toolkit.yaml"

describe("a self-assessment", function()
   local db = assert(difkit.open{"@bundled", illustrative})
   local found = difkit.index(spec):compute(db):maturity{period = 2025}

   local function level(unit, question, period)
      return db:query("SELECT value FROM observation WHERE indicator_id = ? AND unit_id = ? AND period = ?", question,
         unit,
         period):value()
   end

   it("has the level of a dimension as the weighted mean of its questions, with gap and change", function()
      for row in found:where{dimension = "Authority"}:rows() do
         local law, complaints = level(row.unit, "pdp.authority", "2025"), level(row.unit, "pdp.complaints", "2025")
         if law and complaints then
            local wanted = (2 * law + complaints) / 3
            assert.near(wanted, row.level, 1e-12)
            assert.equal(math.floor(wanted + 1e-9), row.step)
            assert.near(math.max(0, 3 - wanted), row.gap, 1e-12)
            assert.equal((law < 3 and 1 or 0) + (complaints < 3 and 1 or 0), row.short)
            assert.near((2 * level(row.unit, "pdp.authority", "2024") + level(row.unit, "pdp.complaints", "2024")) / 3,
               row.before, 1e-12)
            assert.near(row.level - row.before, row.change, 1e-12)
         end
      end
      assert.equal(30, #found)
   end)

   it("comes by difkit run toolkit, with a profile chart", function()
      local folder, remove = support.folder()
      local result = run("run", "toolkit", "--spec", spec, "--with", illustrative, "--unit", "VNM", "--target", "4",
         "--chart", "profile.svg", "--out", folder, "--format", "csv")
      assert.equal(0, result.status, result.err)
      assert.equal(4, #support.lines(result.out))
      assert.truthy(read(folder .. "/profile.svg"):find("Practice", 1, true))
      remove()
      support.fails(2, "a toolkit is needed: --spec FILE.yaml", run("run", "toolkit"))
   end)
end)

describe("run questionnaire", function()
   it("prints every question with what it takes", function()
      local folder, remove = support.folder()
      local result = run("run", "questionnaire", "--survey", "firms", "--with", illustrative, "--out", folder,
         "--no-proof")
      assert.equal("questionnaire.html: 9 questions\n", result.out)
      local page = read(folder .. "/questionnaire.html")
      remove()
      assert.truthy(page:find("9. What was the turnover of the year?", 1, true))
      assert.truthy(page:find("☐ 10 to 49", 1, true))
      assert.truthy(page:find("thousand USD", 1, true))
      local _, boxes = page:gsub("☐ ", "")
      assert.equal(3 + 2 + 5 + 5 * 2, boxes)
   end)
end)

describe("run survey on answers", function()
   local function csv(...)
      local result = run("run", "survey", "--with", illustrative, "--survey", "firms", "--format", "csv", ...)
      assert.equal(0, result.status, result.err)
      return support.lines(result.out)
   end

   it("lists the questions, gives figures by size, and rows of observations", function()
      assert.equal(10, #csv())
      assert.matches("^tools,.-,yesno,WPAAEC.TF.7,420,397,illustrative$", csv()[4])
      assert.matches("^large,1,0%.718183418", csv("--question", "tools", "--by", "size", "--period", "2025")[2])
      assert.equal(21, #csv("--question", "tools", "--observations"))
      assert.equal(2, #csv("--question", "turnover", "--statistic", "total", "--where", "size=micro,small",
         "--period", "2025"))
   end)

   it("knows misspelt surveys, questions and conditions", function()
      assert.matches('did you mean "firms"', run("run", "survey", "--with", illustrative, "--survey", "frms").err)
      assert.matches('did you mean "tools"', run("run", "survey", "--with", illustrative, "--survey", "firms",
         "--question",
         "tols").err)
      assert.matches("must look like size=large", run("run", "survey", "--with", illustrative, "--survey", "firms",
         "--question", "tools", "--where", "large").err)
   end)
end)

describe("stock scripts of links and plans", function()
   it("derived says that it is derived", function()
      local result = run("run", "derived", "--with", illustrative, "--as-of", "2025-12-31", "--format", "csv")
      assert.equal(0, result.status, result.err)
      assert.matches("DIFAP%.TF%.1 subset ACRF%.TF%.1", result.out)
   end)

   it("succession counts, and needs two documents", function()
      local result = run("run", "succession", "--from", "DIFAP", "--to", "ACRF", "--became", "dropped", "--format",
         "csv")
      assert.equal(0, result.status, result.err)
      for i, line in ipairs(support.lines(result.out)) do assert.truthy(i == 1 or line:find ",dropped,") end
      support.fails(2, "two documents are needed", run("run", "succession", "--from", "DIFAP"))
   end)

   it("strm goes out and comes in", function()
      local folder, remove = support.folder()
      assert.equal(0, run("run", "strm", "--focal", "DIFAP", "--reference", "ACRF", "--output", folder
         .. "/m.csv").status)
      local result = run("run", "strm", "--import", folder .. "/m.csv")
      remove()
      assert.equal(0, result.status, result.err)
      assert.matches("^links:\n  %- source: DIFAP", result.out)
      assert.matches("status: proposed", result.out)
   end)
end)

describe("run debt", function()
   it("calls no level 5 of 5 while pairs are unread", function()
      local result = run("run", "debt")
      local said = (result.out .. result.err):gsub("%s+", " ")
      assert.is_nil(said:find("5 of 5", 1, true))
      assert.matches("level 5, of the pairs that were read; %d+ pairs of actions on one topic were not", said)
      assert.matches("the links have 34 %% by estimate %(95 %% interval 18 to 53 %%%)", said)
   end)
end)
