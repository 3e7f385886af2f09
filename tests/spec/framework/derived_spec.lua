-- Progress along links: the table of what carries, paths, circles, and what is never derived.
local difkit = require "difkit"

local db

before_each(function()
   db = assert(difkit.open(nil, {write = true}))
   db:exec "DELETE FROM link"
   db:exec "DELETE FROM progress"
end)
after_each(function() db:close() end)

local function link(source, relation, target, status)
   db:exec("INSERT INTO link (source_id, target_id, relation, rationale, status) VALUES (?, ?, ?, 'for this test', ?)",
      source, target, relation, status or "reviewed")
end

local function report(action, unit, status, date)
   db:exec("INSERT INTO progress (action_id, unit_id, as_of, status) VALUES (?, ?, ?, ?)", action, unit,
      date or "2025-01-01", status)
end

local function derived(options)
   options = options or {}
   options.as_of = "2025-12-31"
   return db:derived_progress(options)
end

local A, B, C, D = "DIFAP.TF.1", "ACRF.TF.1", "ACRF.TF.2", "BSBR.TF.1"

--- What a status of A says of B, by the relation of A to B; "-": nothing.
local wanted = {
   equal = {completed = "completed", in_progress = "in_progress", delayed = "delayed", not_started = "not_started",
      dropped = "-"},
   superset = {completed = "completed", in_progress = "-", delayed = "-", not_started = "not_started", dropped = "-"},
   subset = {completed = "partial", in_progress = "in_progress", delayed = "-", not_started = "-", dropped = "-"},
   intersects = {completed = "partial", in_progress = "-", delayed = "-", not_started = "-", dropped = "-"},
   none = {completed = "-", in_progress = "-", delayed = "-", not_started = "-", dropped = "-"},
}

describe("progress along a link", function()
   local inverse = {equal = "equal", superset = "subset", subset = "superset", intersects = "intersects", none = "none"}

   for relation, statuses in difkit.sorted(wanted) do
      for status, says in difkit.sorted(statuses) do
         it(("%s, %s gives %s, from either end of the link"):format(relation, status, says), function()
            report(A, "VNM", status)
            link(A, relation, B)
            local function check()
               local row = derived()[1]
               if says == "-" then return assert.is_nil(row) end
               assert.same({B, "VNM", says, true, A, status, ("%s %s %s"):format(A, relation, B)},
                  {row.id, row.unit, row.status, row.derived, row.from, row.reported, row.path})
            end
            check()
            db:exec "DELETE FROM link"
            link(B, inverse[relation], A)
            check()
         end)
      end
   end

   it("is as weak as the weakest link of its path, and takes the stronger of two paths", function()
      report(A, "VNM", "completed")
      link(A, "equal", B)
      link(B, "intersects", C)
      assert.same({"completed", "partial"}, {table.unpack(derived():column "status")})
      assert.equal(("%s equal %s intersects %s"):format(A, B, C), derived()[2].path)
      link(C, "equal", D)
      assert.equal("partial", derived():where{id = D}[1].status)
      link(A, "superset", D)
      assert.equal("completed", derived():where{id = D}[1].status)
   end)

   it("ends in circles", function()
      report(A, "VNM", "completed")
      link(A, "equal", B)
      link(B, "equal", C)
      link(C, "equal", A)
      assert.same({B, C}, {table.unpack(derived():column "id")})
   end)

   it("stands beside the reports: who reported himself has nothing derived, and proposed links carry nothing",
      function()
      report(A, "VNM", "completed")
      report(B, "VNM", "delayed")
      report(A, "SGP", "completed")
      link(A, "equal", B)
      local rows = derived()
      assert.same({"SGP"}, {table.unpack(rows:column "unit")})
      db:exec "UPDATE link SET status = 'proposed'"
      assert.equal(0, #derived())
   end)

   it("derives nothing for the region from a state, and counts the last report by the date", function()
      report(A, "VNM", "completed", "2026-01-01")
      report(A, "VNM", "in_progress", "2024-01-01")
      link(A, "equal", B)
      local rows = derived()
      assert.same({{"VNM", "in_progress"}}, {{rows[1].unit, rows[1].status}})
      assert.equal(1, #rows)
      report(A, nil, "completed")
      assert.is_nil(derived()[1].unit)
      assert.equal(1, #derived{document = "ACRF", from = "DIFAP"}:where{unit = "VNM"})
      assert.equal(0, #derived{document = "BSBR"})
   end)
end)
