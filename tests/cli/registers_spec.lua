-- luacheck: no max line length (words of awk and YAML stand whole)
--- Registers by `difkit run register` and `laws`, the toolkits, and the examples of systems that the framework names, each
--- against figures counted from its files by other means (awk over the CSV, or a sum written out here).
local support = dofile "tests/cli/support.lua"
local run, lines, shell = support.run, support.lines, support.shell
local difkit = require "difkit"

local registers = "examples/data/registers"

local function csv(...)
   local words = {...}
   words[#words + 1] = "--format"
   words[#words + 1] = "csv"
   local result = run("run", table.unpack(words))
   assert.equal("", result.err)
   assert.equal(0, result.status)
   return result.out
end

--- What awk makes of a file of the illustrative registers.
local function awk(program, file) return (shell(("awk -F, '%s' %s/%s"):format(program, registers, file)).out:gsub("\n$", "")) end

describe("difkit run register", function()
   it("counts the records of every register, none in the bundled data", function()
      local empty = csv("register")
      assert.equal(11, #lines(empty)) -- the header, nine registers, and what readers said of pairs of actions
      for _, name in ipairs {"exercise", "incident", "law", "national_plan", "ntm", "participation", "payment_link",
         "recognition", "website"} do
         assert.truthy(empty:find("\n" .. name .. ",0,", 1, true), name)
      end
      local kept = csv("register", "--with", registers)
      for name, file in pairs {law = "laws.csv", website = "websites.csv", ntm = "ntms.csv", incident = "incidents.csv",
         payment_link = "payment-links.csv", recognition = "recognitions.csv"} do
         assert.equal(tonumber(awk("END { print NR - 1 }", file)), tonumber(kept:match("\n" .. name .. ",(%d+),")), name)
      end
      local unit = tonumber(kept:match "\nlaw,%d+,%d*,%d*,%d*,(%d+),")
      assert.equal(tonumber(awk('$2 == "LAO" { n++ } END { print n + 0 }', "laws.csv")), unit)
   end)

   it("gives the records of one, of a state, an action, a kind, a status", function()
      local all = csv("register", "--table", "website", "--with", registers)
      assert.equal(tonumber(awk("END { print NR }", "websites.csv")), #lines(all))
      assert.equal(tonumber(awk('$1 == "VNM" && $2 == "customs" { n++ } END { print n + 0 }', "websites.csv")),
         #lines(csv("register", "--table", "website", "--unit", "VNM", "--kind", "customs", "--with", registers)) - 1)
      assert.equal(tonumber(awk('$4 == "WPAAEC.CO.1" && $5 == "in_force" { n++ } END { print n + 0 }', "laws.csv")),
         #lines(csv("register", "--table", "law", "--action", "WPAAEC.CO.1", "--status", "in_force", "--with", registers)) - 1)
      -- A pair names a state on either side.
      assert.equal(tonumber(awk('($1 == "LAO" || $2 == "LAO") && $3 == "aeo" { n++ } END { print n + 0 }',
         "recognitions.csv")),
         #lines(csv("register", "--table", "recognition", "--unit", "LAO", "--kind", "aeo", "--with", registers)) - 1)
   end)

   it("finds what was long not looked at, and fails a job for it", function()
      local wanted = tonumber(awk('NR > 1 && ($6 == "" || $6 < "2025-01-01") { n++ } END { print n + 0 }', "websites.csv"))
      assert.truthy(wanted > 0)
      assert.equal(wanted, #lines(csv("register", "--table", "website", "--unchecked", "2025-01-01", "--with", registers)) - 1)
      local result = run("run", "register", "--table", "website", "--unchecked", "2025-01-01", "--fail-on", "unchecked",
         "--with", registers)
      assert.equal(1, result.status)
      assert.truthy(result.err:find(wanted .. " records of website were last looked at before 2025-01-01", 1, true))
      assert.equal(0, run("run", "register", "--table", "website", "--unchecked", "2000-01-01", "--fail-on", "unchecked")
         .status)
   end)

   it("shows pairs of states as a matrix, from row to column", function()
      local matrix = lines(csv("register", "--table", "payment_link", "--matrix", "--with", registers))
      assert.equal("from,BRN,KHM,IDN,LAO,MYS,MMR,PHL,SGP,THA,TLS,VNM", matrix[1])
      assert.equal(12, #matrix)
      local cells = 0
      for i = 2, #matrix do
         for cell in (matrix[i] .. ","):gmatch ",([^,]*)%f[,]" do cells = cells + (cell ~= "" and 1 or 0) end
      end
      assert.equal(tonumber(awk('NR > 1 && !seen[$1 $2]++ { n++ } END { print n }', "payment-links.csv")), cells)
      local from, to, _, status = awk("NR == 2", "payment-links.csv"):match "^(%u+),(%u+),(%w+),([%w_]+)"
      local place = {BRN = 1, KHM = 2, IDN = 3, LAO = 4, MYS = 5, MMR = 6, PHL = 7, SGP = 8, THA = 9, TLS = 10, VNM = 11}
      local row = {}
      for cell in (matrix[place[from] + 1] .. ","):gmatch "([^,]*)," do row[#row + 1] = cell end
      assert.equal((status:gsub("_", " ")), row[place[to] + 1])
   end)

   it("tells a misspelt register, and one without pairs", function()
      local result = run("run", "register", "--table", "laws")
      assert.equal(2, result.status)
      assert.truthy(result.err:find('there is no register "laws"; have exercise, incident, law,', 1, true))
      assert.has_error(function() difkit.registers.matrix(difkit.open(), "law") end)
      local done, problem = pcall(difkit.registers.records, difkit.open(), "law", {untit = "LAO"})
      assert.falsy(done)
      assert.truthy(tostring(problem):find('has no column "untit"', 1, true))
   end)
end)

describe("difkit run laws", function()
   it("shows the laws of the register by action and state, beside the reports", function()
      local plain = csv("laws", "--as-of", "2025-12-31")
      assert.falsy(plain:find("laws", 1, true)) -- no column for an empty register
      local found = lines(csv("laws", "--as-of", "2025-12-31", "--with", registers))
      assert.truthy(found[1]:find("id,topic,plans,laws,BRN,", 1, true))
      for i = 2, #found do
         local action = found[i]:match "^[^,]+"
         local wanted = tonumber(awk(('$4 == "%s" && $5 != "repealed" { n++ } END { print n + 0 }'):format(action), "laws.csv"))
         local total, told = tonumber(found[i]:match ",%d+,(%d+),"), 0
         for count in found[i]:gmatch "(%d+) laws?" do told = told + tonumber(count) end
         assert.equal(wanted, total, action)
         assert.equal(wanted, told, action)
      end
      -- Both at once: the report, then the laws.
      local both = csv("laws", "--as-of", "2025-12-31", "--with", registers, "--with", "examples/data/illustrative")
      assert.truthy(both:find("completed; %d law"))
   end)

   it("lists them, one a row, with article and address", function()
      local folder, remove = support.folder()
      support.write(folder .. "/l.yaml", [[
laws:
  - {id: L1, unit: LAO, title: Law on trade, article: Article 7, action: WPAAEC.CO.1, status: in_force, date: 2020, address: "https://l.example"}
  - {id: L2, unit: LAO, title: Old law, action: WPAAEC.CO.1, status: repealed}
  - {id: L3, unit: VNM, title: Law of another action, action: DIFAP.TF.1, status: draft}
]])
      local list = csv("laws", "--list", "--with", folder, "--as-of", "2025")
      assert.truthy(list:find('WPAAEC.CO.1,Lao PDR,in_force,"?2020"?,"Law on trade, Article 7",https://l.example'))
      assert.falsy(list:find("Old law", 1, true))
      local matrix = csv("laws", "--with", folder, "--as-of", "2025")
      assert.truthy(matrix:find("\nDIFAP.TF.1,Trade Facilitation,0,1,", 1, true)) -- an action that only a law names
      remove()
   end)
end)

describe("a toolkit", function()
   for name, short in pairs {cybersecurity = "cyber", ntm = "ntm"} do
      it("for " .. name .. " gives levels as weighted means of its questions, with the lowest and the gap", function()
         local db = assert(difkit.open{"@bundled", "examples/data/toolkits"})
         local index = difkit.index("examples/data/" .. name .. "-toolkit.yaml")
         local found = index:compute(db):maturity{period = 2025, target = 3}
         local questions = ({cyber = {{"cyber.law", 2}, {"cyber.strategy", 1}, {"cyber.critical", 1}},
            ntm = {{"ntm.review", 2}, {"ntm.ease", 1}, {"ntm.regional", 1}}})[short]
         local dimension = short == "cyber" and "Law and strategy" or "Review"
         local compared = 0
         for row in found:where{dimension = dimension}:rows() do
            local sum, weight, all = 0, 0, true
            for _, question in ipairs(questions) do
               local value = db:query("SELECT value FROM observation WHERE indicator_id = ? AND unit_id = ? AND period = ?",
                  question[1], row.unit, "2025"):value()
               all = all and value ~= nil
               sum, weight = sum + question[2] * (value or 0), weight + question[2]
            end
            if all then
               compared = compared + 1
               assert.near(sum / weight, row.level, 1e-12)
               assert.near(math.max(0, 3 - sum / weight), row.gap, 1e-12)
            end
         end
         assert.truthy(compared >= 7)
         local levels = db:query("SELECT group_concat(id || ' ' || title, ', ') FROM code WHERE scheme_id = 'maturity'"):value()
         assert.equal("0 nothing, 1 begun, 2 defined, 3 applied, 4 improved", levels)
         local evidence = db:query("SELECT count(*) FROM observation WHERE indicator_id LIKE ? AND value IS NOT NULL AND note "
            .. "NOT LIKE 'evidence: %'", short .. ".%"):value()
         assert.equal(0, evidence)
         assert.truthy(run("run", "toolkit", "--spec", "examples/data/" .. name .. "-toolkit.yaml", "--with",
            "examples/data/toolkits", "--unit", "VNM").out:find("illustrative", 1, true))
      end)
   end
end)

describe("the example", function()
   local function example(name, ...)
      local result = run("run", "examples/" .. name .. ".lua", "--format", "csv", ...)
      assert.equal("", result.err)
      return result.out
   end

   it("has at most 20 lines", function()
      for _, name in ipairs {"consumer-empowerment", "self-assessment-cybersecurity", "ntm-toolkit", "websites", "handbook",
         "incidents", "links-between-states", "learning-outcomes", "economic-case", "data-classification", "adii-review", "authentication-list"} do
         assert.truthy(#lines(support.read("examples/" .. name .. ".lua")) <= 20, name)
      end
   end)

   it("economic-case discounts at 5 per cent a year", function()
      local found = example "economic-case"
      local cost = tonumber(awk('$1 == "ADM2025.DE.3" { s += $3 / 1.05 ^ ($2 - 2021) } END { printf "%.10f", s }', "appraisals.csv"))
      local benefit = tonumber(awk('$1 == "ADM2025.DE.3" { s += $4 / 1.05 ^ ($2 - 2021) } END { printf "%.10f", s }',
         "appraisals.csv"))
      local c, b, net, ratio = found:match "ADM2025.DE.3,([%d.]+),([%d.]+),([%d.-]+),([%d.]+)"
      assert.near(cost, tonumber(c), 1e-8)
      assert.near(benefit, tonumber(b), 1e-8)
      assert.near(benefit - cost, tonumber(net), 1e-8)
      assert.near(benefit / cost, tonumber(ratio), 1e-8)
   end)

   it("consumer-empowerment adds the question on data protection and says who gains", function()
      for _, line in ipairs(lines(example "consumer-empowerment")) do
         local rank, before, gains = line:match "^%u+,(%d+),[%d.]+,(%d+),(-?%d+)$"
         if rank then assert.equal(before - rank, tonumber(gains)) end
      end
   end)

   it("websites knows which customs website was looked at when", function()
      local found = example "websites"
      assert.equal(tonumber(awk('$2 == "customs" && $6 == "" { n++ } END { print n + 0 }', "websites.csv")),
         select(2, found:gsub("never looked at", "")))
      assert.equal(11 - tonumber(awk('$2 == "customs" { n++ } END { print n + 0 }', "websites.csv")),
         select(2, found:gsub(",none", "")))
   end)

   it("authentication-list counts the states that approve each technology, and their pairs", function()
      local compared = 0
      for technology, states, pairs_of in example "authentication-list":gmatch "\n([%a_]+),%d,(%d+),(%d+)," do
         local wanted = tonumber(awk(('$2 == "%s" && $3 == "approved" { n++ } END { print n + 0 }'):format(technology),
            "technologies.csv"))
         assert.equal(wanted, tonumber(states))
         assert.equal(wanted * (wanted - 1) / 2, tonumber(pairs_of))
         compared = compared + 1
      end
      assert.equal(6, compared)
   end)

   it("handbook writes a chapter a state", function()
      local folder, remove = support.folder()
      local result = run("run", "examples/handbook.lua", "--out", folder)
      local wanted = awk('$4 == "WPAAEC.CO.1" || $4 == "WPAAEC.DR.2" { n++ } END { print n }', "laws.csv")
      assert.equal(wanted .. " laws in the handbook\n", result.out)
      local text = support.read(folder .. "/handbook.md")
      assert.equal(11, select(2, text:gsub("\n## ", "")))
      assert.equal(tonumber(wanted), select(2, text:gsub("\n%- Invented", "")))
      remove()
   end)

   it("incidents takes the days until the others were told, and real participation", function()
      local found = example "incidents"
      for unit, incidents, shared, exercises in found:gmatch "(%u%u%u),(%d+),(%d+),[%d.]*,(%d+)" do
         assert.equal(awk(('$2 == "%s" { n++ } END { print n + 0 }'):format(unit), "incidents.csv"), incidents)
         assert.equal(awk(('$2 == "%s" && $7 != "" { n++ } END { print n + 0 }'):format(unit), "incidents.csv"), shared)
         assert.equal(awk(('$2 == "%s" && $3 != "observed" { n++ } END { print n + 0 }'):format(unit), "participations.csv"),
            exercises)
      end
   end)

   it("links-between-states shows operators, numbers and payments", function()
      for of, program in pairs {aeo = 'NR > 1 && $3 == "aeo" { n++ } END { print n }',
         business_number = '$3 == "business_number" { n++ } END { print n }'} do
         local cells = 0
         for _, line in ipairs(lines(example("links-between-states", "--of", of))) do
            for cell in (line .. ","):gmatch "([^,]*)," do
               cells = cells + ((cell:find "^%l" and cell ~= "from") and 1 or 0)
            end
         end
         assert.equal(tonumber(awk(program, "recognitions.csv")), cells, of)
      end
   end)

   it("learning-outcomes, data-classification, adii-review and ntm-toolkit agree with their files", function()
      assert.equal(tonumber(awk("NR > 1 && $3 == 2025 && $4 < $5 { n++ } END { print n }", "outcomes.csv")),
         #lines(example "learning-outcomes") - 1)
      local never = awk('$3 == "Tax returns" && $6 == "never" { n++ } END { print n + 0 }', "datasets.csv")
      assert.truthy(example("data-classification"):find("Tax returns,restricted,10,0,%d+," .. never .. ","))
      local before = shell("awk -F, '$2 == \"LAO\" && $3 == 2021 && /^adii/ { s += $4 } END { printf \"%.6f\", s / 6 }' "
         .. "examples/data/indices/adii.csv").out
      assert.near(tonumber(before), tonumber(example("adii-review"):match "LAO,([%d.]+),"), 1e-6)
      assert.equal(tonumber(awk('NR > 1 && $7 == "in_force" && ($10 == "" || $10 < "2025-01-01") { n++ } END { print n + 0 }',
         "ntms.csv")), #lines(example "ntm-toolkit") - 1)
      assert.equal(10, select(2, example("self-assessment-cybersecurity"):gsub("\n%u%u%u,", "")))
   end)
end)
