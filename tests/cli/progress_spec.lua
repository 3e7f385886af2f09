--- The stock script progress: what it counts, on the illustrative data.
local support = dofile "tests/cli/support.lua"
local run = support.run

local illustrative = "examples/data/illustrative"

local function csv(...)
   local result = run("run", "progress", "--format", "csv", ...)
   assert.equal(0, result.status, result.err)
   local rows = {}
   for _, line in ipairs(support.lines(result.out)) do
      local row = {}
      for cell in (line:gsub('"[^"]*"', "quoted") .. ","):gmatch "([^,]*)," do row[#row + 1] = cell end
      rows[#rows + 1] = row
   end
   return rows
end

describe("progress", function()
   it("counts every action once, by document, topic and area", function()
      for _, by in ipairs {"document", "topic", "area"} do
         local total, sum = 0, 0
         local rows = csv("--with", illustrative, "--as-of", "2025", "--by", by)
         for i = 2, #rows do
            total = total + tonumber(rows[i][2])
            for j = 3, 8 do sum = sum + tonumber(rows[i][j]) end
         end
         assert.equal(244, total)
         assert.equal(244, sum)
      end
   end)

   it("counts the last report that is not later than the date", function()
      local function completed(date)
         local n = 0
         local rows = csv("--with", illustrative, "--as-of", date)
         for i = 2, #rows do n = n + tonumber(rows[i][3]) end
         return n
      end
      local function counted(date)
         return tonumber(run("sql", ([[SELECT count(*) FROM progress AS p WHERE unit_id IS NULL AND status = 'completed'
            AND as_of = (SELECT max(as_of) FROM progress WHERE action_id = p.action_id AND unit_id IS NULL
               AND as_of <= '%s')]]):format(date), "--with", illustrative, "--format", "csv").out:match "\n(%d+)")
      end
      assert.equal(0, completed "2024-01")
      assert.equal(counted "2024-12-31", completed "2024")
      assert.truthy(counted "2025-12-31" > counted "2024-12-31")
      assert.truthy(completed "2025" >= counted "2025-12-31")
   end)

   it("lists what is overdue by a date", function()
      local function overdue(date, ...)
         local ids = {}
         for i, row in ipairs(csv("--by", "overdue", "--as-of", date, ...)) do ids[i - 1] = row[1] end
         return table.concat(ids, " ")
      end
      assert.equal("", overdue "2021-12-31")
      assert.equal("ACRF.TF.5 DIFAP.DM.2", overdue "2022")
      assert.equal("ACRF.TF.5 BSBR.EP.1 BSBR.EP.2 DIFAP.DM.2", overdue "2025")
      assert.equal("ACRF.TF.5 BSBR.EP.2 DIFAP.DM.2", overdue("2025", "--with", illustrative))
   end)

   it("takes its date from SOURCE_DATE_EPOCH, and nothing else of the clock", function()
      local first = run("run", "progress", {environment = "SOURCE_DATE_EPOCH=1735603200"})
      assert.truthy(first.out:find "^Progress by 2024%-12%-31\n")
      assert.equal(first.out, run("run", "progress", "--as-of", "2024-12-31", {environment = "TZ=Asia/Jakarta"}).out)
   end)

   it("says that the data of the example are invented", function()
      for _, name in ipairs {"progress", "survey", "readiness"} do
         assert.truthy(support.read(("%s/%s.yaml"):format(illustrative, name)):find "^# INVENTED")
      end
      local sources = run("sql", [[SELECT DISTINCT source FROM progress UNION SELECT DISTINCT source FROM observation
         WHERE indicator_id LIKE 'survey.%' OR indicator_id LIKE 'epay.%']], "--with", illustrative, "--format", "csv")
      assert.equal("source\nillustrative\n", sources.out)
   end)

   it("explains a date that is none", function()
      local result = run("run", "progress", "--as-of", "soon")
      assert.equal(2, result.status)
      assert.truthy(result.err:find('--as-of must be a date such as 2026-03-31, 2026-03 or 2026, not "soon"', 1, true))
   end)
end)
