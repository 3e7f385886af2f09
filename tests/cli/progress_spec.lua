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

   it("does not let one state complete an action of ten, in no script that rolls up", function()
      local folder <close> = setmetatable({path = support.folder()}, {__close = function(self)
         os.execute("rm -r " .. support.quote(self.path))
      end})
      local one = folder.path .. "/one.yaml"
      support.write(one, [[
progress:
  - {action: ACRF.TF.5, unit: SGP, as_of: 2021-06-30, status: completed, source: x}
]])
      local asked = {"--with", one, "--as-of", "2022"}
      local rows = csv("--by", "overdue", table.unpack(asked))
      assert.same({"id", "status", "reported", "deadline", "text", "roll-up"}, rows[1])
      assert.same({"ACRF.TF.5", "in progress", "2021-06-30", "2021", "completed by 1 of 10"},
         {rows[2][1], rows[2][2], rows[2][3], rows[2][4], rows[2][6]})
      local some = 0
      for i, row in ipairs(csv(table.unpack(asked))) do
         assert.equal(i == 1 and "completed by some" or row[10], row[10])
         some = some + (tonumber(row[10]) or 0)
      end
      assert.equal(1, some)
      local states = csv("--by", "unit", table.unpack(asked))
      assert.same({"Singapore", "1", "1"}, {states[2][1], states[2][2], states[2][3]})
      local calendar = run("run", "calendar", "--format", "csv", table.unpack(asked)).out
      assert.truthy(calendar:find '2021%-12%-31,ACRF%.TF%.5,in progress,[^\n]*,completed by 1 of 10,1 of 1\n')
      assert.truthy(run("run", "calendar", "--ics", "-", table.unpack(asked)).out:gsub("\r\n ", "")
         :find("in progress\\, completed by 1 of 10", 1, true))
      local report = run("run", "periodic", table.unpack(asked)).out
      assert.truthy(report:find "| ACRF%.TF%.5 | 2021 | in progress |[^\n]*| completed by 1 of 10 |")
      assert.truthy(report:find "- completed: %*%*0%*%*")
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

   it("is marked in every table and page that is made of them", function()
      local said = "Illustrative data: invented, for examples. Nobody has reported them."
      local with = {"--as-of", "2025-12-31", "--with", illustrative}
      for _, name in ipairs {"progress", "calendar", "laws", "periodic"} do
         local words = {"run", name, table.unpack(with)}
         assert.truthy(run(table.unpack(words)).out:gsub("%s+", " "):find(said, 1, true), name)
         local plain = run("run", name, "--as-of", "2025-12-31").out
         assert.falsy(plain:find("Illustrative data", 1, true), name)
      end
   end)

   it("explains a date that is none", function()
      local result = run("run", "progress", "--as-of", "soon")
      assert.equal(2, result.status)
      assert.truthy(result.err:find('--as-of must be a date such as 2026-03-31, 2026-03 or 2026, not "soon"', 1, true))
   end)
end)
