-- Deadlines named in texts, the status that reports come to, and what is overdue.
local difkit = require "difkit"
local years_named = require("difkit.framework.progress").years_named

local function years(text, earliest)
   local list = {}
   for i, found in ipairs(years_named(text, earliest or 0)) do list[i] = ("%d %s"):format(found[1], found[2]) end
   return table.concat(list, "; ")
end

describe("the years that a text names as deadlines", function()
   it("stand after a word that sets a time", function()
      assert.are.equal("2022 by 2022", years "A QR code framework by 2022.")
      assert.are.equal("2021 by the end of 2021", years "All ports by the end of 2021.")
      assert.are.equal("2024 by the end of the year 2024", years "Ready by the end of the year 2024.")
      assert.are.equal("2023 by December 2023", years "Done by December 2023")
      assert.are.equal("2023 in Q4 2023", years "Done in Q4 2023")
      assert.are.equal("2022 by mid-2022", years "Done by mid-2022")
      assert.are.equal("2023 than 2023", years "no later than 2023")
      assert.are.equal("2021 in 2021; 2022 in 2022", years "two AMS in 2021 (three AMS in 2022)")
   end)

   it("go on in a list of years, each of which is a step", function()
      assert.are.equal("2021 in 2021; 2022 2022; 2023 2023", years "surveys in 2021, 2022 and 2023")
      assert.are.equal("2021 by 2021; 2023 2023", years "two by 2021, and 2023 at the latest")
      assert.are.equal("2021 in 2021; 2022 in 2022; 2023 in 2023; 2024 in 2024",
         years "two in 2021, three in 2022, four in 2023, five in 2024")
      assert.are.equal("2022 2022", years("in 2018, 2022", 2019))
      assert.are.equal("2021 in 2021", years "in 2021, as the Plan 2022 says")
      assert.are.equal("2021 in 2021", years "in 2021, 2022-2025")
      assert.are.equal("", years "the Plans 2021, 2022 and 2023")
   end)

   it("are not the years of a plan, nor those in a name", function()
      for _, text in ipairs {
         "the Strategy, 2021–2025", "the Strategy, 2016-2025", "in 2021–2025", "by 2016/2017", "beyond 2025",
         "ADM 2025", "the Plan of 2025", "Develop the DIFAP 2019–2025.", "Council’s 2019 Legacy Project", "by 12025",
         "since 2020", "2022 by name",
      } do
         assert.are.equal("", years(text), text)
      end
   end)

   it("are not before the adoption of the document", function()
      assert.are.equal("", years("as agreed in 2018", 2019))
      assert.are.equal("2019 in 2019", years("as agreed in 2019", 2019))
   end)

   it("of the bundled framework are those that a reader finds", function()
      local db <close> = assert(difkit.open())
      local found = {}
      for row in db:deadlines():rows() do found[#found + 1] = row.action .. " " .. row.year end
      assert.are.same({"ACRF.TF.5 2021", "BSBR.EP.1 2022", "BSBR.EP.2 2021", "BSBR.EP.2 2022", "BSBR.EP.2 2023",
         "BSBR.EP.2 2024", "DIFAP.DM.2 2021"}, found)
   end)

   it("are those of the targets where the framework has any, to the day that they name", function()
      local db <close> = assert(difkit.open(nil, {write = true}))
      db:exec "DELETE FROM target"
      db:exec [[INSERT INTO target (action_id, due, words) VALUES ('DIFAP.DM.2', '2021', 'as coded'),
         ('DIFAP.TF.1', '2023-06', 'by summer'), ('DIFAP.TF.1', '2022-02', NULL)]]
      local found = {}
      for row in db:deadlines():rows() do
         found[#found + 1] = ("%s %d %s %s %s"):format(row.action, row.year, row.rule, row.words, row.due)
      end
      assert.are.same({"DIFAP.TF.1 2022 target nil 2022-02-28", "DIFAP.TF.1 2023 target by summer 2023-06-30",
         "DIFAP.DM.2 2021 target by 2021 2021-12-31"}, found)
   end)

   it("of one framework do not silence another, whose texts are read", function()
      local db <close> = assert(difkit.open{"@bundled", "tests/data/garden-framework"})
      local rules = {}
      for row in db:deadlines():rows() do rules[row.rule] = (rules[row.rule] or 0) + 1 end
      assert.are.same({target = 7, text = 1}, rules)
   end)

   it("are those of the codings where there are any", function()
      local db <close> = assert(difkit.open(nil, {write = true}))
      db:exec "DELETE FROM target; DELETE FROM coding WHERE scheme_id = 'deadline'"
      db:exec "INSERT INTO scheme (id, title) VALUES ('deadline', 'Deadline') ON CONFLICT DO NOTHING"
      db:exec [[INSERT INTO code (scheme_id, id, title) VALUES ('deadline', '2021', '2021'),
         ('deadline', 'none', 'none') ON CONFLICT DO NOTHING]]
      db:exec [[INSERT INTO coding (action_id, scheme_id, code_id) VALUES ('DIFAP.DM.2', 'deadline', '2021'),
         ('DIFAP.TF.1', 'deadline', 'none')]]
      local rows = db:deadlines()
      assert.are.equal(1, #rows)
      assert.are.equal("DIFAP.DM.2 2021 coded by 2021",
         table.concat({rows[1].action, rows[1].year, rows[1].rule, rows[1].words}, " "))
   end)
end)

describe("the status of an action", function()
   local db

   --- Reports on DIFAP.TF.1: {unit or "", date, status}.
   local function report(list)
      db:exec "DELETE FROM progress"
      for _, record in ipairs(list) do
         db:exec("INSERT INTO progress (action_id, unit_id, as_of, status) VALUES ('DIFAP.TF.1', NULLIF(?, ''), ?, ?)",
            record[1], record[2], record[3])
      end
   end

   local function status(date) return db:action_status{id = "DIFAP.TF.1", as_of = date}[1] end

   before_each(function() db = assert(difkit.open(nil, {write = true})) end)
   after_each(function() db:close() end)

   it("is the last report for the region, not later than the date", function()
      report{{"", "2024-01-01", "in_progress"}, {"", "2025-01-01", "completed"}, {"VNM", "2026-01-01", "delayed"}}
      assert.are.equal("not_reported", status "2023-12-31".status)
      assert.are.equal("in_progress", status "2024".status)
      assert.are.equal("completed", status "2025-01-01".status)
      assert.are.equal("completed", status "2026".status)
      assert.are.equal("region", status "2026".by)
   end)

   it("is that of the units where the region has none", function()
      report{{"VNM", "2024-01-01", "completed"}, {"THA", "2024-02-01", "completed"}}
      assert.are.equal("in_progress", status "2024".status)
      assert.are.equal("completed by 2 of 10", status "2024".roll_up)
      assert.are.equal("2024-02-01", status "2024".reported)
      assert.are.same({2, 2}, {status "2024".completed, status "2024".units})
      report{{"VNM", "2024-01-01", "completed"}, {"THA", "2024-02-01", "not_started"}}
      assert.are.equal("in_progress", status "2024".status)
      report{{"VNM", "2024-01-01", "completed"}, {"THA", "2024-02-01", "delayed"}}
      assert.are.equal("delayed", status "2024".status)
      assert.are.equal("units", status "2024".by)
   end)

   local ten = {"BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM"}

   --- A report of each of the first n of the ten, the last of them another status where one is given.
   local function reports(n, of, last)
      local list = {}
      for i = 1, n do list[i] = {ten[i], "2024-01-01", i == n and last or of} end
      return list
   end

   it("is completed or dropped by members only when all on that date report so", function()
      for _, case in ipairs {
         {0, "completed", nil, "not_reported"}, {1, "completed", nil, "in_progress"},
         {9, "completed", nil, "in_progress"}, {10, "completed", nil, "completed"},
         {10, "completed", "delayed", "delayed"}, {10, "completed", "dropped", "in_progress"},
         {1, "dropped", nil, "in_progress"}, {10, "dropped", nil, "dropped"},
         {1, "not_started", nil, "not_started"}, {1, "delayed", nil, "delayed"},
      } do
         report(reports(case[1], case[2], case[3]))
         assert.are.equal(case[4], status "2025-06-30".status, table.concat({case[1], case[2]}, " "))
      end
   end)

   it("counts the members on the date: ten until 25 October 2025, eleven with Timor-Leste from the next", function()
      report(reports(10, "completed"))
      local before, after = status "2025-10-25", status "2025-10-26"
      assert.are.same({"completed", 10, "completed by 10 of 10"}, {before.status, before.members, before.roll_up})
      assert.are.same({"in_progress", 11, "completed by 10 of 11"}, {after.status, after.members, after.roll_up})
      report{{"TLS", "2025-01-01", "completed"}}
      assert.are.equal("not_reported", status "2025-10-25".status)
      assert.are.equal("completed by 1 of 11", status "2025-10-26".roll_up)
   end)

   it("keeps the count beside a report for the region, and lets a group be asked", function()
      local list = reports(4, "completed")
      list[5] = {"", "2024-06-01", "completed"}
      report(list)
      local row = status "2025"
      assert.are.same({"completed", "region", "completed by 4 of 11"}, {row.status, row.by, row.roll_up})
      report{{"KHM", "2024-01-01", "completed"}, {"LAO", "2024-01-01", "completed"}, {"MMR", "2024-01-01", "completed"},
         {"VNM", "2024-01-01", "completed"}}
      local four = db:action_status{id = "DIFAP.TF.1", as_of = "2025", group = "CLMV"}[1]
      assert.are.same({"completed", "completed by 4 of 4"}, {four.status, four.roll_up})
      assert.are.equal("in_progress", status "2025".status)
      db:exec [[INSERT INTO progress (action_id, unit_id, as_of, status)
         VALUES ('DIFAP.TF.1', 'SGP', '2024-01-01', 'completed')]]
      assert.are.equal(4, #db:unit_status{as_of = "2025", group = "CLMV"})
      assert.are.equal(5, #db:unit_status{as_of = "2025"})
   end)

   it("of an action for ten states is overdue though one reports completion", function()
      db:exec [[INSERT INTO progress (action_id, unit_id, as_of, status)
         VALUES ('ACRF.TF.5', 'SGP', '2021-06-30', 'completed')]]
      local row = db:action_status{id = "ACRF.TF.5", as_of = "2022"}[1]
      assert.are.same({"in_progress", true, "completed by 1 of 10"}, {row.status, row.overdue, row.roll_up})
   end)

   it("is overdue when the year of its deadline is over and it is not done", function()
      local function overdue(date) return db:action_status{id = "BSBR.EP.1", as_of = date}[1].overdue end
      assert.is_false(overdue "2022-12-31")
      assert.is_true(overdue "2023-01-01")
      db:exec "INSERT INTO progress (action_id, as_of, status) VALUES ('BSBR.EP.1', '2023-06-30', 'completed')"
      assert.is_true(overdue "2023-01-01")
      assert.is_false(overdue "2023-12-31")
   end)

   it("can be asked for by unit", function()
      report{{"VNM", "2024-01-01", "completed"}, {"THA", "2024-02-01", "not_started"}, {"", "2024-02-01", "delayed"}}
      local rows = db:unit_status{as_of = "2024"}
      assert.are.same({"THA", "VNM"}, {rows[1].unit, rows[2].unit})
      assert.are.equal(2, #rows)
   end)
end)
