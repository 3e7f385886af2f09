--- The stock script calendar: what is due, what slipped, and the file for mail programs.
local support = dofile "tests/cli/support.lua"
local run = support.run

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

local function lines(...)
   local result = run("run", "calendar", "--format", "csv", ...)
   assert.equal(0, result.status, result.err)
   local out = {}
   for _, line in ipairs(support.lines(result.out)) do
      line = line:gsub(",[^,]*,[^,]*$", "") -- the roll-up and step, which stand after the text
      out[#out + 1] = line:match '^([^"]*),' or line
   end
   table.remove(out, 1)
   return out
end

describe("calendar", function()
   it("lists each year that an action names on its last day", function()
      assert.same({"2021-12-31,ACRF.TF.5,not reported", "2021-12-31,BSBR.EP.2,not reported",
         "2021-12-31,DIFAP.DM.2,not reported", "2022-12-31,BSBR.EP.1,not reported"},
         table.move(lines("--as-of", "2025"), 1, 4, 1, {}))
      assert.equal(4, #lines("--as-of", "2025", "--document", "BSBR,ACRF", "--open", "--with",
         "examples/data/illustrative") - 1)
   end)

   it("tells which of its steps each year of an action is", function()
      local steps = {}
      for line in run("run", "calendar", "--document", "BSBR", "--as-of", "2025", "--format", "csv").out
         :gmatch "(%d%d%d%d%-12%-31,BSBR%.EP%.2[^\n]*)" do
         steps[#steps + 1] = line:sub(1, 4) .. " " .. line:match "([^,]*)$"
      end
      assert.same({"2021 1 of 4", "2022 2 of 4", "2023 3 of 4", "2024 4 of 4"}, steps)
   end)

   it("shows what recurs, and how far a state is, where it is asked to", function()
      local function csv(...) return run("run", "calendar", "--as-of", "2025-06", "--format", "csv", ...).out end
      local plain, more = csv(), csv "--recurring"
      assert.equal(7 + 1, #support.lines(plain))
      -- Six annual surveys of the Work Plan, and the sales day of the Recovery Framework.
      assert.equal(7 + 7 + 1, #support.lines(more))
      assert.truthy(more:find "\n2025%-12%-31,ACRF%.PF%.3,due,[^\n]*,every year\n")
      local own = csv("--unit", "LAO", "--with", "examples/data/illustrative")
      assert.matches(",step,LAO,kind of data\n", own)
   end)

   it("marks what is read from the text, where there is neither target nor coding", function()
      local function steps(...) return run("run", "calendar", "--as-of", "2025", "--format", "csv", ...).out end
      assert.matches("2022%-12%-31,PLAN%.BD%.1,[^\n]*,1 of 1 %(read from the text%)\n", steps("--db",
         "tests/data/garden-framework"))
      assert.falsy(steps():find("read from the text", 1, true))
   end)

   it("writes a file with uids that do not change with the year", function()
      os.execute(("cp -r data/asean-dif %s/later"):format(folder))
      local later = folder .. "/later/bsbr.yaml"
      support.write(later, (support.read(later):gsub("framework by 2022", "framework by 2027")))
      for _, name in ipairs {"bsbr.yaml"} do assert.truthy(support.exists(folder .. "/later/" .. name)) end
      -- The year is to be read from the text.
      os.execute(("rm %s/later/*coding* %s/later/targets*"):format(folder, folder))
      local now = run("run", "calendar", "--as-of", "2026", "--ics", "now.ics", "--out", folder)
      assert.equal("now.ics: 7 commitments\n", now.out)
      run("run", "calendar", "--as-of", "2026", "--ics", "later.ics", "--out", folder, "--db", folder .. "/later")
      local function date(name)
         return support.read(folder .. "/" .. name):match "UID:BSBR%.EP%.1%-1@asean%-dif\r\n[^\r]*\r\n[^\r]*:(%d+)\r\n"
      end
      assert.equal("20221231", date "now.ics")
      assert.equal("20271231", date "later.ics")
      assert.equal(0, run("snapshot", "before", "--to", folder, "--date", "2021-06").status)
      assert.same({"2027-12-31,BSBR.EP.1,not reported,from 2022"},
         lines("--slipped", "--since", folder .. "/before.db", "--db", folder .. "/later", "--as-of", "2021-09"))
   end)

   it("says what fell due since a snapshot and is not done", function()
      assert.equal(0, run("snapshot", "s", "--to", folder, "--date", "2022-06").status)
      assert.same({"2022-12-31,BSBR.EP.1,not reported,fell due since 2022-06-30",
         "2022-12-31,BSBR.EP.2,not reported,fell due since 2022-06-30"},
         lines("--slipped", "--since", folder .. "/s.db", "--as-of", "2023-06"))
   end)

   it("gives the same bytes each time, and needs something to compare with", function()
      local words = {"run", "calendar", "--ics", "-", "--as-of", "2025"}
      assert.equal(run(table.unpack(words)).out, run(table.unpack(words)).out)
      support.fails(2, "--slipped needs --since", run("run", "calendar", "--slipped"))
   end)
end)
