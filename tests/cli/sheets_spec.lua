--- Sheets out to members and back: what goes out, what comes back in whatever state, and the papers made from it.
local support = dofile "tests/cli/support.lua"
local run, read, write = support.run, support.read, support.write

local folder, remove, round

before_each(function()
   folder, remove = support.folder()
   round = folder .. "/round.yaml"
   write(round, [[
rounds: [{id: "2026", title: "Round of 2026", reference: 2025-06-30, cut_off: 2026-12-31}]
]])
end)
after_each(function() remove() end)

local function ask(unit, ...)
   local path = ("%s/%s.xlsx"):format(folder, unit)
   local result = run("ask", "--unit", unit, "--round", "2026", "--with", round, "-o", path, "--document", "BSBR", ...)
   assert.equal("", result.err)
   return path, result.out
end

local function take(path, ...)
   local words = {"take", path, "--with", round, ...}
   words[#words + 1] = {environment = "SOURCE_DATE_EPOCH=1767225600"} -- 2026-01-01
   return run(table.unpack(words))
end

--- The sheet as it comes back from a program that writes all its cells anew: `edit` is Lua that changes `rows`, a list
--- of {id, ...}, and `cover`, a list of {label, value}.
local function returned(path, name, edit)
   local code = ([[
local pages = {}
for _, page in ipairs{"Read me first", "Answers"} do
   pages[page] = assert(difkit.table.read(%q, {sheet = page}))
end
local rows, cover = {}, {}
for i, row in ipairs(pages["Answers"]) do
   rows[i] = {}
   for _, column in ipairs(pages["Answers"].columns) do rows[i][column] = row[column] end
end
for i, row in ipairs(pages["Read me first"]) do
   cover[i] = {["Reporting sheet"] = row["Reporting sheet"], ["Of this sheet"] = row["Of this sheet"]}
end
%s
assert(difkit.export.workbook(%q, {
   {"Read me first", difkit.table({"Reporting sheet", "Of this sheet"}, cover)},
   {"Answers", difkit.table(columns or pages["Answers"].columns, rows)},
}))]]):format(path, edit, name)
   local result = run("run", "--trust", "--no-proof", "-e", code, "--out", folder)
   assert.equal("", result.err)
   return folder .. "/" .. name
end

describe("difkit ask", function()
   it("writes what is open, with the list of answers in sight and nothing hidden", function()
      local path, said = ask "LAO"
      assert.matches("LAO%.xlsx: %d+ actions for Lao PDR, sheet 2026%-LAO%-%x+\n", said)
      local command = "cd %s && unzip -o -q LAO.xlsx && cat xl/worksheets/sheet2.xml xl/workbook.xml"
      local xml = support.shell(command:format(folder)).out
      local range = xml:match '<dataValidation type="list"[^>]*>%s*<formula1>(.-)</formula1>'
      assert.matches("^%$E%$%d+:%$E%$%d+$", range)
      assert.matches('<dataValidation type="custom"[^>]*sqref="A2:A%d+"', xml)
      assert.falsy(xml:find("INDIRECT", 1, true) or xml:find('state="hidden"', 1, true))
      assert.falsy(xml:gsub("_xlnm._FilterDatabase", ""):find("<definedName name=\"[^\"]+\">[^<]*E%$"))
      local cover = run("run", "-e", ("return difkit.table.read(%q, {sheet = 'Read me first'})"):format(path), "--read",
         folder, "--format", "csv").out
      for _, words in ipairs {"Country,Lao PDR", "Unit,LAO", "Round,2026", "Day of reference,2025-06-30", "Digest,",
         "Sheet number,2026-LAO-", "An empty status means: no answer was given."} do
         assert.truthy(cover:gsub('"', ""):find(words, 1, true), words)
      end
   end)

   it("refuses what it does not know", function()
      local result = run("ask", "--unit", "LAOS", "--round", "2026", "--with", round, "-o", folder .. "/x.xlsx")
      assert.equal('difkit: ask: unknown unit "LAOS"; did you mean "LAO"?\n', result.err)
      assert.equal(2, result.status)
      support.fails(2, "ask: --round is missing", run("ask", "--unit", "LAO", "--with", round, "-o",
         folder .. "/x.xlsx"))
      support.fails(2, "a sheet is a workbook: the file must end in .xlsx", run("ask", "--unit", "LAO", "--round",
         "2026", "--with", round, "-o", folder .. "/x.csv"))
   end)
end)

describe("difkit take", function()
   local fill = [[
for _, row in ipairs(rows) do
   if row.id == "BSBR.EP.2" then row.status, row.date, row.evidence = "Done", "2025-03-31", "live, since March" end
   if row.id == "BSBR.DP.1" then row.status = "On-going" end
   if row.id == "BSBR.CP.1" then row.status = "does not concern us" end
end
cover[10]["Of this sheet"], cover[11]["Of this sheet"] = "Trade desk", "2025-07-01"]]

   it("only previews without a target, and takes into YAML what was answered, by whom, and what was not", function()
      local path = returned(ask "LAO", "back.xlsx", fill)
      local preview = take(path)
      assert.matches("back%.xlsx: LAO, round 2026, %d+ answers: 1 completed, 1 in progress, %d+ no answer, 1 not app",
         preview.out)
      assert.equal(0, preview.status)
      assert.equal("", support.shell("ls " .. folder .. " | grep yaml | grep -v round").out)
      local taken = take(path, "--out", folder .. "/replies")
      assert.equal("", taken.err)
      local answers = run("sql", [[SELECT action_id, as_of, status, evidence, answered_by, answered_on FROM progress
         WHERE unit_id = 'LAO' AND status <> 'no_answer' ORDER BY 1]], "--with", round, "--with", folder .. "/replies",
         "--format", "csv").out
      assert.equal([[
action_id,as_of,status,evidence,answered_by,answered_on
BSBR.CP.1,2025-06-30,not_applicable,,Trade desk,2025-07-01
BSBR.DP.1,2025-06-30,in_progress,,Trade desk,2025-07-01
BSBR.EP.2,2025-03-31,completed,"live, since March",Trade desk,2025-07-01
]], answers)
      assert.matches("unchanged: the same answers are there", take(path, "--out", folder .. "/replies").out)
   end)

   it("reads rows that were sorted, inserted and left out, columns that moved, and what LibreOffice saved", function()
      local path = returned(ask "LAO", "sorted.xlsx", fill .. [[

table.sort(rows, function(a, b) return (a.id or "~") > (b.id or "~") end)
table.insert(rows, 3, {["what is asked"] = "a remark of ours"})
for i = #rows, 1, -1 do if rows[i].id == "BSBR.TF.3" then table.remove(rows, i) end end
columns = {"status", "evidence", "id", "date", "what is asked", "remark", "last answer", "of"}]])
      local result = take(path)
      assert.equal(0, result.status, result.out .. result.err)
      assert.matches("1 completed, 1 in progress, %d+ no answer, 1 not applicable", result.out)
      assert.matches("warning: rows were left out", result.out)
      if support.shell("command -v soffice").status ~= 0 then
         print "sheets_spec: LibreOffice is not there; its files were not tried"
         return
      end
      local plain = returned(folder .. "/LAO.xlsx", "plain.xlsx", fill)
      assert.is_true(support.office(folder, "plain.xlsx", "xlsx", "office"))
      local office = take(folder .. "/office/plain.xlsx")
      assert.equal((take(plain).out:gsub("^[^:]*:", "")), (office.out:gsub("^[^:]*:", "")))
   end)

   it("warns when the framework has changed since, and takes the answers all the same", function()
      local path = returned(ask "LAO", "old.xlsx", fill)
      assert.falsy(take(path).out:find("warning", 1, true))
      os.execute(("cp -r data/asean-dif %s/changed"):format(folder))
      local plan = folder .. "/changed/bsbr.yaml"
      local words, n = read(plan):gsub("Implement interoperable", "Build interoperable")
      assert.equal(1, n)
      write(plan, words)
      local result = take(path, "--db", folder .. "/changed")
      assert.equal("", result.err)
      assert.matches("warning: the framework has changed since it was made", result.out, 1, true)
      assert.equal(0, result.status)
   end)

   it("names faults by their cells and takes nothing", function()
      local path = returned(ask "LAO", "faults.xlsx", [[
rows[1].status = "perhaps"
rows[2].status, rows[2].date = "completed", "soon"
rows[3].id = "BSBR.XX.9"
rows[4].evidence = "a law"]])
      local result = take(path, "--out", folder .. "/replies")
      assert.equal(1, result.status)
      for _, words in ipairs {'Answers!E2: "perhaps" is no status', 'Answers!F3: "soon" is no day such as 2026-03-31',
         'Answers!A4: "BSBR.XX.9" is no action of this framework', "Answers!E5: evidence without a status",
         "nothing was taken"} do
         assert.truthy(result.out:find(words, 1, true), words .. "\n" .. result.out)
      end
      assert.equal("", support.shell("ls " .. folder .. "/replies 2>/dev/null").out)
   end)

   it("lists a second, different reply as a conflict, and refuses a sheet of another unit or round", function()
      local first = returned(ask "LAO", "first.xlsx", fill)
      assert.equal(0, take(first, "--out", folder .. "/replies").status)
      local second = returned(folder .. "/LAO.xlsx", "second.xlsx", fill:gsub("On%-going", "delayed"))
      write(round, read(round) .. read(folder .. "/replies/reply-2026-LAO.yaml"))
      local result = take(second)
      assert.equal(1, result.status)
      assert.matches("BSBR.DP.1 was in_progress, now delayed", result.out, 1, true)
      assert.matches("unchanged", take(first, "--out", folder .. "/more").out)
      local refused = take(first, "--unit", "VNM")
      assert.matches("first.xlsx is of the unit LAO, not VNM", refused.err, 1, true)
      assert.not_equal(0, refused.status)
   end)

   it("adds to a database in one transaction", function()
      local path = returned(ask "LAO", "back.xlsx", fill)
      assert.equal(0, run("load", "data/asean-dif", round, "-o", folder .. "/f.db").status)
      local result = take(path, "--into", folder .. "/f.db")
      assert.equal("", result.err)
      assert.matches("taken into", result.out)
      assert.equal("n\n1\n", run("sql", [[SELECT count(*) AS n FROM progress WHERE unit_id = 'LAO'
         AND status = 'completed' AND round_id = '2026']], "--db", folder .. "/f.db", "--format", "csv").out)
      assert.matches("unchanged", take(path, "--into", folder .. "/f.db").out)
   end)
end)

describe("a sheet of questions and figures", function()
   local data

   before_each(function()
      write(folder .. "/more.yaml", [[
indicators:
  - {id: rate, title: "Share of firms", measure: "per cent", direction: 1, lower: 0, upper: 100}
observations:
  - {indicator: rate, unit: LAO, period: 2023, value: 41.5, source: x}
  - {indicator: rate, unit: VNM, period: 2025, value: 50, source: x}
surveys:
  - id: desk
    title: "Questions to desks"
    questions:
      - {id: law, kind: yesno, text: "Is there a law?"}
      - id: form
        kind: choice
        text: "In which form?"
        choices: [{id: act, title: "an act"}, {id: decree, title: "a decree"}]
      - {id: ease, kind: scale, lower: 1, upper: 5, text: "How easy is it?"}
      - {id: staff, kind: number, lower: 0, measure: people, text: "How many work on it?"}
      - {id: words, kind: text, text: "What else?"}
]])
      data = {"--with", round, "--with", folder .. "/more.yaml"}
   end)

   local function asked(unit, ...)
      local path = ("%s/%s-q.xlsx"):format(folder, unit)
      local words = {"ask", "--unit", unit, "--round", "2026", "-o", path, ...}
      table.move(data, 1, #data, #words + 1, words)
      local result = run(table.unpack(words))
      assert.equal("", result.err)
      return path, result.out
   end

   --- The sheet as it comes back: answers by id, each {column = value}.
   local function answered(path, name, given)
      local lines = {}
      for page, rows in pairs(given) do
         for id, cells in pairs(rows) do
            for column, value in pairs(cells) do
               lines[#lines + 1] = ("set(%q, %q, %q, %q)"):format(page, id, column, value)
            end
         end
      end
      local code = ([[
local names, pages = {"Read me first", "Questions", "Figures"}, {}
for i, name in ipairs(names) do
   local t = assert(difkit.table.read(%q, {sheet = name}))
   local rows = {}
   for k, row in ipairs(t) do
      rows[k] = {}
      for _, column in ipairs(t.columns) do rows[k][column] = row[column] end
   end
   pages[i] = {name, t.columns, rows}
end
local function set(page, id, column, value)
   for _, one in ipairs(pages) do
      for _, row in ipairs(one[1] == page and one[3] or {}) do
         if row.id == id then row[column] = tonumber(value) or value end
      end
   end
end
%%s
local sheets = {}
for i, one in ipairs(pages) do sheets[i] = {one[1], difkit.table(one[2], one[3])} end
assert(difkit.export.workbook(%q, sheets))]]):format(path, name):format(table.concat(lines, "\n"))
      assert.equal("", run("run", "--trust", "--no-proof", "-e", code, "--out", folder).err)
      return folder .. "/" .. name
   end

   local function took(path, ...)
      local words = {"take", path, ...}
      table.move(data, 1, #data, #words + 1, words)
      words[#words + 1] = {environment = "SOURCE_DATE_EPOCH=1767225600"}
      return run(table.unpack(words))
   end

   it("asks what is open, with what can be chosen below, and the last figure beside", function()
      local path, said = asked("LAO", "--survey", "desk", "--indicators", "rate")
      assert.matches("5 questions, 1 indicators for Lao PDR, sheet 2026%-LAO%-", said)
      local figures = run("run", "-e", ("return difkit.table.read(%q, {sheet = 'Figures'})"):format(path), "--read",
         folder, "--format", "csv").out
      assert.matches("\nrate,Share of firms %(per cent%),41.5,2023,,,2025,,\n", figures)
      local xml = support.shell(("cd %s && unzip -p LAO-q.xlsx xl/worksheets/sheet2.xml"):format(folder)).out
      local lists = {}
      local rule = '<dataValidation type="list"[^>]*sqref="([^"]*)"[^>]*>%s*<formula1>(.-)</formula1>'
      for where, range in xml:gmatch(rule) do lists[where] = range end
      -- Rows 2 to 6 are the questions, 9 and below the lists: yes and no, the choices, 1 to 5; kinds of nothing.
      assert.same({E2 = "$E$9:$E$10", E3 = "$E$11:$E$12", E4 = "$E$13:$E$17", ["F2:F6"] = "$F$9:$F$12"}, lists)
      -- Viet Nam has its figure of the year, which is not asked again.
      assert.matches("nothing is open for Viet Nam", run("ask", "--unit", "VNM", "--round", "2026", "--indicators",
         "rate", "-o", folder .. "/v.xlsx", table.unpack(data)).err)
   end)

   it("takes answers, reasons for none and figures, into YAML and into a database", function()
      local path = asked("LAO", "--survey", "desk", "--indicators", "rate")
      local back = answered(path, "back.xlsx", {
         Questions = {["desk:law"] = {answer = "Yes"}, ["desk:form"] = {answer = "a decree", remark = "of 2023"},
            ["desk:ease"] = {answer = "4"}, ["desk:staff"] = {["why none"] = "not known"}},
         Figures = {rate = {value = "47.25", source = "Enterprise survey"}},
      })
      local preview = took(back)
      assert.equal("", preview.err)
      assert.matches("6 answers: 3 questions answered, 2 without a value, 1 indicators answered", preview.out)
      assert.equal("", took(back, "--out", folder .. "/replies").err)
      assert.equal(0, run("load", "data/asean-dif", round, folder .. "/more.yaml", "-o", folder .. "/f.db").status)
      assert.matches("taken into", took(back, "--into", folder .. "/f.db").out)
      for _, where in ipairs {{"--with", folder .. "/replies", table.unpack(data)}, {"--db", folder .. "/f.db"}} do
         local function sql(query) return run("sql", query, "--format", "csv", table.unpack(where)).out end
         assert.equal([[
question_id,value,answer,missing
ease,4.0,,
form,,decree,
law,1.0,,
staff,,,unknown
words,,,none
]], sql [[SELECT question_id, value, answer, missing FROM response WHERE respondent_id = 'LAO-2026' ORDER BY 1]])
         assert.matches("LAO,\"?2025\"?,1.0?,sheet 2026%-LAO%-%x+; form: of 2023", sql [[SELECT unit_id, period,
            weight, note FROM respondent WHERE id = 'LAO-2026']])
         assert.matches("\n\"?2025\"?,47.25,Enterprise survey; sheet 2026%-LAO%-%x+\n$", sql [[SELECT period,
            value, source FROM observation WHERE indicator_id = 'rate' AND unit_id = 'LAO' AND period > '2023']])
      end
      assert.matches("unchanged", took(back, "--into", folder .. "/f.db").out)
      local complete = run("run", "completeness", "--db", folder .. "/f.db", "--format", "csv").out
      assert.matches("\nunit,stands,[^\n]*,late,figures,questions\n", "\n" .. complete)
      assert.matches("\nLao PDR,received,[^\n]*,1,3\n", complete)
      -- A second reply with another answer is a conflict, told by the place.
      local other = answered(path, "other.xlsx", {Questions = {["desk:law"] = {answer = "no"}},
         Figures = {rate = {value = "48"}}})
      local result = took(other, "--with", folder .. "/replies")
      assert.equal(1, result.status)
      assert.matches("Questions!A2: desk:law was 1, now 0", result.out, 1, true)
      assert.matches("Figures!A2: rate was 47.25 2025, now 48 2025", result.out, 1, true)
   end)

   it("names what is wrong by its cell", function()
      local path = asked("LAO", "--survey", "desk", "--indicators", "rate")
      local back = answered(path, "faults.xlsx", {
         Questions = {["desk:law"] = {answer = "maybe"}, ["desk:ease"] = {answer = "6"},
            ["desk:staff"] = {answer = "-3"}, ["desk:words"] = {answer = "x", ["why none"] = "not known"},
            ["desk:form"] = {["why none"] = "because"}},
         Figures = {rate = {value = "a lot"}},
      })
      local result = took(back, "--out", folder .. "/replies")
      assert.equal(1, result.status)
      for _, words in ipairs {'Questions!E2: "maybe" cannot be chosen; have yes, no',
         'Questions!E4: "6" cannot be chosen; have 1, 2, 3, 4, 5', "Questions!E5: -3 is not between 0 and –",
         "Questions!F6: an answer, and a reason why there is none", 'Questions!F3: "because" is none of the reasons',
         'Figures!E2: "a lot" is no number such as 12.5', "nothing was taken"} do
         assert.truthy(result.out:find(words, 1, true), words .. "\n" .. result.out)
      end
      local far = answered(path, "far.xlsx", {Figures = {rate = {value = "4725"}}})
      assert.matches("warning: Figures!E2: 4725 is not between 0 and 100", took(far).out, 1, true)
   end)
end)

describe("papers of a round", function()
   local units = {"BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM"}

   --- Ten returned workbooks, of which three complete BSBR.EP.2.
   local function replies()
      local paths = {}
      for i, unit in ipairs(units) do
         paths[i] = returned(ask(unit), unit .. "-back.xlsx", ([[
for _, row in ipairs(rows) do
   if row.id == "BSBR.EP.2" then row.status, row.evidence = %q, "proof %s" end
end]]):format(i <= 3 and "completed" or "in progress", unit))
      end
      for _, path in ipairs(paths) do assert.equal(0, take(path, "--out", folder .. "/replies").status) end
   end

   it("say who has answered, and make the annual paper of ten workbooks without an id or a state's name", function()
      replies()
      local data = {"--with", round, "--with", folder .. "/replies"}
      local rows = run("run", "completeness", "--round", "2026", table.unpack(data))
      assert.matches("10 of 10 have answered", rows.out)
      local paper = run("run", "annual", "--round", "2026", table.unpack(data))
      assert.equal("", paper.err)
      -- Of the five indicators of the bundled data (E-Government Survey), whose values are of 2020 and 2022.
      assert.matches("- **Compliance**: 0 of 244 key action lines are completed.", paper.out, 1, true)
      assert.matches("%- %*%*Outcomes%*%*: %d+ of 53 commitments with a date or a number have been met%.", paper.out)
      assert.matches("%- %*%*Impact%*%*: %d of 5 indicators have improved since the value before%.", paper.out)
      for _, words in ipairs {"10 of 10 AMS have answered in this round", "## Status by priority area",
         "## Status by sectoral body", "## Completed by how many", "completed by 3 of 10",
         "## Due in the year that follows",
         "## Who has not answered", "## Annex: all key action lines", "| Strategic measure | Key action line |"} do
         assert.truthy(paper.out:find(words, 1, true), words)
      end
      local made = folder .. "/annual.docx"
      local written = run("run", "annual", "--round", "2026", "-o", made, table.unpack(data))
      assert.equal("", written.err)
      local parts = support.shell(("cd %s && unzip -p annual.docx"):format(folder)).out
      assert.truthy(parts:find("key action lines", 1, true))
      local titles = {"Brunei", "Cambodia", "Indonesia", "Lao PDR", "Malaysia", "Myanmar", "Philippines", "Singapore",
         "Thailand", "Viet Nam"}
      local body = parts:gsub("Cambodia, Lao People’s Democratic Republic, Myanmar, Viet Nam", "")
      for _, text in ipairs {paper.out, body} do
         for _, name in ipairs(titles) do assert.falsy(text:find(name, 1, true), name) end
         for _, unit in ipairs(units) do assert.falsy(text:find("proof " .. unit, 1, true), unit) end
         assert.falsy(text:find "BSBR%.%u+%.%d")
         for _, word in ipairs {"roll%-up", "overdue", "[Dd]ropped", "%f[%a]units?%f[%A]"} do
            assert.falsy(text:gsub("<[^>]*>", " "):gsub("[^\n]*identification[^\n]*", ""):find(word), word)
         end
      end
   end)

   it("name a state only as far as --disclosure lets them", function()
      replies()
      local data = {"--with", round, "--with", folder .. "/replies"}
      local own = run("run", "annual", "--unit", "LAO", "--disclosure", "own", table.unpack(data)).out
      assert.truthy(own:find("### Lao PDR", 1, true))
      assert.falsy(own:find("### Viet Nam", 1, true))
      local full = run("run", "annual", "--round", "2026", "--disclosure", "full", table.unpack(data)).out
      assert.truthy(full:find("### Viet Nam", 1, true))
      local page = folder .. "/own.html"
      run("run", "annual", "--round", "2026", "--unit", "LAO", "--disclosure", "own", "-o", page, table.unpack(data))
      assert.truthy(read(page):find('"disclosure":"own"', 1, true))
      support.fails(2, "--disclosure own needs --unit: whose own?", run("run", "annual", "--disclosure", "own",
         table.unpack(data)))
   end)
end)

describe("closing", function()
   it("says what became of each action of a plan that has ended, by the members on its last day", function()
      local more = folder .. "/more.yaml"
      write(more, [[
progress:
  - {action: DIFAP.TF.1, as_of: 2024-06-30, status: completed, source: x}
  - {action: DIFAP.TF.2, as_of: 2024-06-30, status: dropped, evidence: "no funds", source: x}
  - {action: DIFAP.TF.3, as_of: 2026-06-30, status: completed, source: x}
  - {action: DIFAP.TF.6, unit: TLS, as_of: 2025-12-31, status: completed, source: x}
]])
      local result = run("run", "closing", "--document", "DIFAP", "--with", more, "--format", "csv")
      assert.equal("", result.err)
      local lines = {}
      for line in result.out:gmatch "[^\n]+" do lines[line:match "^[^,]*"] = line end
      assert.matches("^DIFAP.TF.1,completed,", lines["DIFAP.TF.1"])
      assert.matches("^DIFAP.TF.2,discontinued,.*,no funds$", lines["DIFAP.TF.2"])
      assert.matches("^DIFAP.TF.3,unknown,completed by 0 of 11,", lines["DIFAP.TF.3"])
      assert.matches("^DIFAP.TF.6,not completed,completed by 1 of 11,", lines["DIFAP.TF.6"])
      -- The Recovery Framework says of its line that it is inherited from the Action Plan.
      assert.matches("^DIFAP.PF.2,carried over,.*,ACRF.PF.4,Develop coordination mechanisms", lines["DIFAP.PF.2"])
      local open = run("run", "closing", "--document", "ACRF")
      assert.equal("difkit: ACRF has no last year, so it has not ended\n", open.err)
   end)
end)
