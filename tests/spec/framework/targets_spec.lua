-- What targets ask for and how far they are met, walked through quorum × reports × roster against a model of its own.
local difkit = require "difkit"

local ten = {"BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM"}

--- Of whom it is asked: of nobody by name (the group of all), or of a group of four, whose roster does not change.
local addressees = {false, "CLMV"}

--- The members on a day, as the rosters have them.
local function roster_on(date, group)
   if group == "CLMV" then return {"KHM", "LAO", "MMR", "VNM"} end
   local list = table.move(ten, 1, 10, 1, {})
   if date >= "2025-10-26" then list[11] = "TLS" end
   return list
end

--- What is reported: {unit or "" for the region, date, status}.
local reports = {
   none = {},
   one = {{"SGP", "2021-06-30", "completed"}},
   some = {{"SGP", "2021-06-30", "completed"}, {"VNM", "2021-06-30", "completed"}, {"THA", "2021-06-30", "delayed"}},
   all = {},
   regional = {{"", "2021-06-30", "completed"}},
   contradictory = {{"", "2021-06-30", "completed"}, {"SGP", "2021-06-30", "completed"},
      {"LAO", "2021-06-30", "not_started"}},
   withdrawn = {{"SGP", "2021-03-31", "completed"}, {"SGP", "2021-06-30", "withdrawn"},
      {"VNM", "2021-06-30", "completed"}},
   unanswered = {{"SGP", "2021-03-31", "completed"}, {"SGP", "2021-06-30", "no_answer"}},
   apart = {{"SGP", "2021-06-30", "completed"}, {"LAO", "2021-06-30", "not_applicable"}},
   later = {{"SGP", "2029-06-30", "completed"}},
   outsider = {{"TLS", "2021-06-30", "completed"}},
}
for i, unit in ipairs(ten) do reports.all[i] = {unit, "2021-06-30", "completed"} end

local quorums = {
   {nil, nil}, {"all", nil}, {"each", nil}, {"at_least", 1}, {"at_least", 2}, {"at_least", 10}, {"at_least", 11},
}

--- The model: the count of members whose last report by the date is of completion, and what follows from it.
local function expected(list, quorum, count, date, group)
   local members, last, region = {}, {}, nil
   local roster = roster_on(date, quorum and group)
   for _, unit in ipairs(roster) do members[unit] = true end
   for _, one in ipairs(list) do
      if one[2] <= date then
         if one[1] == "" then region = one[3] elseif members[one[1]] then last[one[1]] = one[3] end
      end
   end
   local completed, n = 0, #roster
   for _, status in pairs(last) do if status == "completed" then completed = completed + 1 end end
   local need = quorum == "at_least" and count or quorum and n or nil
   if need then return {met = completed >= need, completed = completed, need = need, members = n} end
   local met = region == "completed" or not region and completed == n
   return {met = met, members = n}
end

--- All that is walked: whom it is asked of × quorum × what is reported.
local function cases()
   local list, i = {}, 0
   for _, group in ipairs(addressees) do
      for _, kind in ipairs {"none", "one", "some", "all", "regional", "contradictory", "withdrawn", "unanswered",
         "apart", "later", "outsider"} do
         for quorum = 1, 7 do
            list[#list + 1] = {group = group, kind = kind, asks = quorums[quorum][1], count = quorums[quorum][2]}
         end
      end
   end
   return function()
      i = i + 1
      return list[i]
   end
end

describe("a target", function()
   local db

   before_each(function()
      db = assert(difkit.open(nil, {write = true}))
      db:exec "DELETE FROM target; DELETE FROM progress"
   end)
   after_each(function() db:close() end)

   local function set(list, quorum, count, due, group)
      db:exec "DELETE FROM target; DELETE FROM progress"
      db:exec("INSERT INTO target (action_id, due, quorum, count, group_id) VALUES ('ACRF.TF.5', ?, ?, ?, ?)", due,
         quorum, count, group or nil)
      for _, one in ipairs(list) do
         db:exec("INSERT INTO progress (action_id, unit_id, as_of, status) VALUES ('ACRF.TF.5', NULLIF(?, ''), ?, ?)",
            one[1], one[2], one[3])
      end
   end

   it("is met by what was reported and by nothing else, for every addressee, quorum and set of reports", function()
      local walked = 0
      for case in cases() do
         for _, date in ipairs {"2022-06-30", "2025-10-25", "2025-10-26"} do
            local kind, asks, count, group = case.kind, case.asks, case.count, case.group
            set(reports[kind], asks, count, "2021", asks and group)
            local step = db:target_status{id = "ACRF.TF.5", as_of = date}[1]
            local row = db:action_status{id = "ACRF.TF.5", as_of = date}[1]
            local want = expected(reports[kind], asks, count, date, group)
            local said = ("%s, %s, %s %s, %s"):format(group, kind, asks, count, date)
            assert.are.equal(want.met and "met" or "behind", step.state, said)
            assert.are.same({want.need, want.members}, {step.need, step.members}, said)
            if want.need then
               assert.are.equal(want.completed, step.completed, said)
               assert.are.equal(not want.met and want.need - want.completed or nil, step.behind, said)
            end
            assert.are.equal(want.met, row.status == "completed", said)
            assert.are.equal(not want.met, row.overdue, said)
            walked = walked + 1
         end
      end
      assert.are.equal(2 * 11 * 7 * 3, walked)
   end)

   it("counts members alike whoever is addressed, and is found by its addressee", function()
      local codes = db:query "SELECT id FROM code WHERE scheme_id = 'addressee' ORDER BY id":all()
      assert.is_true(#codes >= 2)
      for _, code in ipairs(codes) do
         db:exec "DELETE FROM coding WHERE action_id = 'ACRF.TF.5' AND scheme_id = 'addressee'"
         db:exec("INSERT INTO coding (action_id, scheme_id, code_id) VALUES ('ACRF.TF.5', 'addressee', ?)", code.id)
         for _, kind in ipairs {"none", "some", "all", "contradictory", "withdrawn"} do
            for quorum = 1, 7 do
               local asks, count = quorums[quorum][1], quorums[quorum][2]
               set(reports[kind], asks, count, "2021")
               local want = expected(reports[kind], asks, count, "2022-06-30")
               local step = db:target_status{id = "ACRF.TF.5", as_of = "2022-06-30"}[1]
               local said = ("%s, %s, %s %s"):format(code.id, kind, asks, count)
               assert.are.equal(want.met and "met" or "behind", step.state, said)
               if want.need then assert.are.equal(want.completed, step.completed, said) end
            end
         end
         local found = {}
         for action in db:actions{addressee = code.id, due = "2021"} do found[action.id] = true end
         assert.is_true(found["ACRF.TF.5"], code.id)
      end
   end)

   it("of states is not met by a report for the region, which stands beside and is a finding", function()
      set(reports.contradictory, "at_least", 10, "2021")
      local step = db:target_status{id = "ACRF.TF.5", as_of = "2022"}[1]
      assert.are.same({"behind", 1, 10, 9, "completed"},
         {step.state, step.completed, step.need, step.behind, step.region})
      local row = db:action_status{id = "ACRF.TF.5", as_of = "2022"}[1]
      assert.are.same({"in_progress", "units", "completed by 1 of 10", true},
         {row.status, row.by, row.roll_up, row.conflict})
      local problems = db:problems "2022":where{problem = "the region and the members do not report alike"}
      assert.are.same({"warning", "ACRF.TF.5", "the region: completed; completed by 1 of 10"},
         {problems[1].severity, problems[1].id, problems[1].what})
      set(reports.regional, nil, nil, "2021")
      assert.is_false(db:action_status{id = "ACRF.TF.5", as_of = "2022"}[1].conflict)
   end)

   it("is asked of the roster of the date: ten of ten until 25 October 2025, of eleven from the next", function()
      set(reports.all, "all", nil, "2026")
      local before = db:target_status{id = "ACRF.TF.5", as_of = "2025-10-25"}[1]
      local after = db:target_status{id = "ACRF.TF.5", as_of = "2025-10-26"}[1]
      assert.are.same({"met", 10, 10}, {before.state, before.completed, before.need})
      assert.are.same({"on_course", 10, 11}, {after.state, after.completed, after.need})
   end)

   it("is due in the time it names, behind after it, and before it on course or slow", function()
      local half = {{"SGP", "2021-01-01", "completed"}, {"VNM", "2021-01-01", "completed"}}
      set(half, "at_least", 4, "2022-06")
      local function state(date) return db:target_status{id = "ACRF.TF.5", as_of = date}[1].state end
      -- From 2020-11-01, when the document was adopted, to 2022-06-30 there are 606 days; half are gone on 2021-08-31.
      assert.are.equal("on_course", state "2021-08-30")
      -- Three quarters are gone (454.5 days) on 2022-01-29; three of four would be on course.
      assert.are.equal("on_course", state "2022-01-28")
      assert.are.equal("slow", state "2022-01-30")
      assert.are.equal("due", state "2022-06-01")
      assert.are.equal("due", state "2022-06-30")
      assert.are.equal("behind", state "2022-07-01")
   end)

   it("of every year has a step for each, met by what is reported of that year", function()
      db:exec "INSERT INTO target (action_id, recurs) VALUES ('WPAAEC.TF.7', 'annual')"
      db:exec [[INSERT INTO progress (action_id, as_of, status) VALUES ('WPAAEC.TF.7', '2023-11-30', 'completed'),
         ('WPAAEC.TF.7', '2024-06-30', 'in_progress')]]
      local found = {}
      for step in db:target_status{id = "WPAAEC.TF.7", as_of = "2025-06-30"}:rows() do
         found[#found + 1] = step.due .. " " .. step.asks .. " " .. step.state
      end
      assert.are.same({"2022-12-31 every year behind", "2023-12-31 every year met", "2024-12-31 every year behind",
         "2025-12-31 every year due"}, found)
      assert.are.equal(4, #db:target_status{id = "WPAAEC.TF.7", as_of = "2030"})
   end)

   it("of a value is met by the members whose last value reaches it", function()
      db:exec [[INSERT INTO target (action_id, due, indicator_id, value, quorum, count)
         VALUES ('BSBR.EP.1', '2025', 'osi', 0.75, 'at_least', 3)]]
      -- osi of 2022 is 0.75 or more in IDN, MYS, SGP, THA (E-Government Survey 2022).
      local step = db:target_status{id = "BSBR.EP.1", as_of = "2024"}[1]
      local counted = db:query [[SELECT count(*) FROM observation WHERE indicator_id = 'osi' AND period = '2022'
         AND value >= 0.75]]:value()
      assert.are.same({"met", counted, 3}, {step.state, step.completed, step.need})
   end)

   it("holds after its plan has ended by the members on its last day, and what was done by then", function()
      set({{"SGP", "2026-01-31", "completed"}}, "at_least", 1, nil)
      db:exec "UPDATE document SET end_year = 2025 WHERE id = 'ACRF'"
      local row = db:action_status{id = "ACRF.TF.5", as_of = "2026-06-30"}[1]
      assert.are.same({"not_completed", 11}, {row.status, row.members})
      db:exec "UPDATE progress SET as_of = '2025-12-31'"
      assert.are.equal("completed", db:action_status{id = "ACRF.TF.5", as_of = "2026-06-30"}[1].status)
      db:exec "DELETE FROM progress"
      assert.are.equal("not_completed", db:action_status{id = "ACRF.TF.5", as_of = "2026-01-01"}[1].status)
      assert.are.equal("not_reported", db:action_status{id = "ACRF.TF.5", as_of = "2025-12-31"}[1].status)
   end)
end)

describe("a round", function()
   local db

   before_each(function()
      db = assert(difkit.open(nil, {write = true}))
      db:exec "DELETE FROM target; DELETE FROM progress"
      db:exec "INSERT INTO round (id, title, reference, cut_off) VALUES ('R', 'Round', '2024-12-31', '2025-02-28')"
      db:exec [[INSERT INTO reply (round_id, unit_id, received, validated_by, endorsed_by) VALUES
         ('R', 'SGP', '2025-01-31', 'desk', NULL), ('R', 'VNM', '2025-01-31', 'desk', 'meeting'),
         ('R', 'LAO', '2025-01-31', NULL, NULL), ('R', 'THA', '2025-03-01', 'desk', 'meeting')]]
      for _, unit in ipairs {"SGP", "VNM", "LAO", "THA"} do
         db:exec([[INSERT INTO progress (action_id, unit_id, as_of, status, round_id)
            VALUES ('ACRF.TF.5', ?, '2024-12-31', 'completed', 'R')]], unit)
      end
      db:exec [[INSERT INTO progress (action_id, unit_id, as_of, status)
         VALUES ('ACRF.TF.5', 'MYS', '2025-01-15', 'completed')]]
   end)
   after_each(function() db:close() end)

   local function roll_up(options)
      options.id = "ACRF.TF.5"
      local found = db:action_status(options)
      return found[1].roll_up, found.note
   end

   it("counts the reports of the status asked for", function()
      assert.are.equal("completed by 5 of 10", (roll_up{as_of = "2025-06-30"}))
      assert.are.equal("completed by 3 of 10", (roll_up{as_of = "2025-06-30", status = "validated"}))
      assert.are.equal("completed by 2 of 10", (roll_up{as_of = "2025-06-30", status = "endorsed"}))
   end)

   it("leaves out, and counts, what is dated after its date of reference or came after its cut-off", function()
      local said, note = roll_up{round = "R"}
      assert.are.equal("completed by 3 of 10", said)
      assert.are.equal("1 report dated after 2024-12-31 left out, 1 report after the cut-off left out", note)
      assert.are.equal(0, #db:problems "2024-12-31":where{severity = "error"})
   end)

   it("that is not there, and a status that is none, are refused with what there is", function()
      assert.has_error(function() db:action_status{round = "S"} end)
      local _, problem = pcall(db.action_status, db, {status = "endorsd"})
      assert.are.equal('did you mean "endorsed"?', problem.hint)
   end)
end)
