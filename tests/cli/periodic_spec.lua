--- The report of a scheduled job: what it says, when it keeps silent, how it fails, and that it harms no earlier one.
local support = dofile "tests/cli/support.lua"
local run, read = support.run, support.read

local folder, remove

before_each(function() folder, remove = support.folder() end)
after_each(function() remove() end)

local function periodic(...) return run("run", "periodic", "--out", folder, ...) end

--- The garden framework as YAML in a folder of its own, with one more text replaced.
local function garden(name, from, to)
   os.execute(("cp -r tests/data/garden-framework %s/%s"):format(folder, name))
   local path = ("%s/%s/plan.yaml"):format(folder, name)
   if from then support.write(path, (read(path):gsub(from, to))) end
   return folder .. "/" .. name
end

describe("the page of periodic", function()
   it("has pictures where a table says less, and folds all but the first ten changes", function()
      support.write(folder .. "/progress.yaml", "progress:\n" .. (function()
         local lines = {}
         for i = 1, 12 do
            lines[i] = ("  - {action: ACRF.TF.%d, unit: SGP, as_of: 2026-01-31, status: %s, source: x}\n"):format(i,
               i % 2 == 0 and "completed" or "delayed")
         end
         return table.concat(lines)
      end)())
      assert.equal(0, periodic("--as-of", "2025-12-31").status)
      local result = periodic("--as-of", "2026-03-31", "--with", folder .. "/progress.yaml")
      assert.equal(0, result.status, result.err)
      local page = read(folder .. "/periodic.html")
      for _, title in ipairs {"Actions by document and status", "Reports of member states by status",
         "Ranks, and what they lie between"} do
         assert.truthy(page:find(">" .. title .. "</text>", 1, true), title)
      end
      assert.truthy(page:find 'data%-fold="10"><figcaption[^>]*>Each of them<')
      -- All of them stand in the page: it is its script that folds.
      local _, changes = page:match("Each of them<.-</tbody>"):gsub("<td>added</td>", "")
      assert.equal(12, changes)
      -- Markdown has no pictures to point to.
      assert.is_nil(run("run", "periodic", "--as-of", "2025-12-31").out:find("![", 1, true))
   end)
end)

describe("periodic", function()
   it("prints Markdown without --out", function()
      local result = run("run", "periodic", "--as-of", "2025-12-31")
      assert.equal(0, result.status, result.err)
      for _, words in ipairs {"# ASEAN Digital Integration Framework", "*Report of 2025-12-31*", "- actions: **244**",
         "- overdue: **4**", "this is the first report", "## Progress", "## Coverage",
         "## E-Government Development Index", "## Problems in the data"} do
         assert.truthy(result.out:find(words, 1, true), words)
      end
   end)

   it("gives the same bytes for the same data and date, wherever and whenever", function()
      local first = {"--as-of", "2025-12-31", "--with", "examples/data/illustrative"}
      assert.equal(0, periodic("--as-of", "2025-11-30").status)
      local said = periodic(table.unpack(first))
      assert.equal("", said.err)
      local bytes = read(folder .. "/periodic.html")
      local again = periodic(table.unpack(first))
      assert.equal(said.out, again.out)
      assert.equal(bytes, read(folder .. "/periodic.html"))
      local other, remove_other = support.folder()
      for _, date in ipairs {"2025-11-30", "2025-12-31"} do
         local words = {"run", "periodic", "--out", other, "--as-of", date}
         if date == "2025-12-31" then table.move(first, 3, 4, #words + 1, words) end
         words[#words + 1] = {environment = "TZ=Asia/Jakarta LC_ALL=C.UTF-8"}
         assert.equal(0, run(table.unpack(words)).status)
      end
      assert.equal(bytes, read(other .. "/periodic.html"))
      remove_other()
   end)

   it("tells what changed since the last snapshot", function()
      periodic("--db", garden "one", "--as-of", "2022-01-31", "--file", "r.md")
      assert.truthy(support.exists(folder .. "/snapshots/2022-01-31.db"))
      local said = periodic("--db", garden("two", "three compost bays", "four compost bays"), "--as-of", "2023-01-31",
         "--file", "r.md")
      assert.equal("r.md: 1 change since 2022-01-31, 1 overdue, 0 errors in the data\n", said.out)
      local text = read(folder .. "/r.md")
      assert.truthy(text:find("| PLAN.CO.1 | changed | text: Build \\[-three-\\] {+four+} compost bays", 1, true))
      assert.truthy(text:find("Newly overdue: PLAN.BD.1.", 1, true))
   end)

   it("tells what moved a score", function()
      periodic("--as-of", "2025-11-30")
      support.write(folder .. "/more.yaml", [[
observations:
  - {indicator: osi, unit: VNM, period: 2022, value: 0.8, source: x}
]])
      local result = run("run", "periodic", "--since", folder .. "/snapshots/2025-11-30.db", "--as-of", "2025-12-31",
         "--with", folder .. "/more.yaml")
      assert.equal(0, result.status, result.err)
      assert.truthy(result.out:find("| Viet Nam | 4 | 6 | 2 | 0.7292 | 0.0505 | revised data |", 1, true))
      assert.truthy(result.out:find("| Brunei Darussalam | 5 | 4 | -1 | 0.7270 | 0.0000 | other units |", 1, true))
   end)

   it("shows the index for the last period that enough units have, and says what has arrived of the next", function()
      support.write(folder .. "/more.yaml", [[
observations:
  - {indicator: osi, unit: VNM, period: 2024, value: 0.8, source: x}
]])
      local whole = run("run", "periodic", "--as-of", "2025", "--without", "changes").out
      local result = run("run", "periodic", "--as-of", "2025", "--without", "changes", "--with", folder .. "/more.yaml")
      assert.equal(0, result.status, result.err)
      local function scores(text) return text:match "## E%-Government Development Index.-(\n| unit.-)\n\n" end
      assert.truthy(select(2, scores(whole):gsub("\n", "")) > 10)
      assert.equal(scores(whole), scores(result.out))
      assert.truthy(result.out:find("of 2024, values of 1 of 10 units have arrived", 1, true))
      assert.truthy(result.out:find("| warning | a period has arrived in part | 2024 | 1 of 10 units have a value", 1,
         true))
      local last = run("run", "periodic", "--as-of", "2025", "--share", "0", "--with", folder .. "/more.yaml")
      assert.truthy(last.out:find("No scores this time: ", 1, true))
   end)

   it("has a section for each framework, or one alone, and leaves out what it is told to", function()
      local both = run("run", "periodic", "--as-of", "2025", "--with", garden "g").out
      assert.truthy(both:find("### ASEAN Digital Integration Framework\n\n**Actions by document and status**", 1, true))
      local titles = select(2, both:gsub("%*%*Actions by document and status%*%*", ""))
      assert.equal(2, titles)
      local one = run("run", "periodic", "--as-of", "2025", "--framework", "garden", "--with", folder .. "/g").out
      assert.falsy(one:find("DIF Action Plan", 1, true))
      assert.truthy(one:find("- actions: **8**", 1, true))
      local less = run("run", "periodic", "--as-of", "2025", "--without", "coverage,due,index").out
      assert.falsy(less:find("## Coverage", 1, true) or less:find("## Due and behind", 1, true)
         or less:find("## E-Government", 1, true))
      assert.truthy(less:find("## Progress", 1, true))
   end)

   it("tells a desk officer what is due in the next quarter and what is behind", function()
      local text = run("run", "periodic", "--as-of", "2022-10-15").out
      assert.truthy(text:find("**Due in the next quarter**", 1, true))
      assert.truthy(text:find "| 2022%-12%-31 | Focus on the development of an ASEAN interoperable QR code framework")
      assert.truthy(text:find "| 2021%-12%-31 | Expand the ASW system[^\n]* | at least 10 | behind |")
   end)

   it("tells how each state, what is asked of laws and businesses, and the reporting itself stand", function()
      support.write(folder .. "/round.yaml", [[
rounds: [{id: R, title: "Round of 2025", reference: 2025-06-30}]
replies:
  - {round: R, unit: LAO, received: 2025-07-01, endorsed_by: SEOM}
  - {round: R, unit: VNM, received: 2025-07-01, validated_by: desk}
  - {round: R, unit: SGP, asked: 2025-05-01}
progress:
  - {action: WPAAEC.LF.4, unit: LAO, as_of: 2025-06-30, status: completed, source: x}
  - {action: WPAAEC.LF.4, unit: VNM, as_of: 2025-06-30, status: delayed, source: x}
  - {action: ACRF.TF.5, unit: LAO, as_of: 2025-06-30, status: in_progress, source: x}
indicators: [{id: survey.WPAAEC.TF.7, title: "Users of the tool", direction: 1}]
observations:
  - {indicator: survey.WPAAEC.TF.7, unit: LAO, period: 2024, value: 40, source: x}
  - {indicator: survey.WPAAEC.TF.7, unit: VNM, period: 2024, value: 50, source: x}
  - {indicator: survey.WPAAEC.TF.7, unit: VNM, period: 2023, value: 50, source: x}
  - {indicator: osi, unit: TLS, period: 2022, value: 1.5, source: x}
]])
      local words = {"run", "periodic", "--as-of", "2025-12-31", "--with", folder .. "/round.yaml"}
      local function text(...) return run(table.unpack(table.move({...}, 1, select("#", ...), #words + 1,
         {table.unpack(words)}))).out end
      local whole = text()
      assert.truthy(whole:find("| Lao PDR | 2 | 1 | 1 | 0 | 0 | 1 | 2025-06-30 |", 1, true))
      assert.truthy(whole:find("| Viet Nam | 1 | 0 | 0 | 1 | 0 | 0 | 2025-06-30 |", 1, true))
      assert.truthy(whole:find("| Singapore | 0 | 0 | 0 | 0 | 0 | 0 |  |", 1, true))
      assert.truthy(whole:find "| plan on laws | Create law%-reporting schemes under [^\n]* | completed by 1 of 11 |")
      assert.truthy(whole:find "paperless trade tool utilisation%. | answers of 2 of 11 for 2024 |")
      assert.truthy(whole:find("In the round “Round of 2025”, as of 2025-06-30, 2 of 11 member states have answered; "
         .. "1 replies are validated, 1 endorsed.", 1, true))
      assert.truthy(whole:find "Nothing has come from: [^\n]*Singapore, Thailand, Timor%-Leste%.")
      assert.truthy(whole:find("10 of 10 units have a score.", 1, true))
      assert.truthy(whole:find("| Online Service Index, Timor-Leste, 2022 | 1.5 is not within", 1, true))
      local own = text("--unit", "LAO")
      assert.truthy(own:find("| Lao PDR | 2 | 1 |", 1, true))
      assert.falsy(own:find("Viet Nam", 1, true))
      local less = text("--without", "states,laws,completeness")
      for _, heading in ipairs {"## By member state", "## Laws, reports and surveys", "## Completeness of reporting"} do
         assert.truthy(whole:find(heading, 1, true))
         assert.falsy(less:find(heading, 1, true))
      end
   end)

   it("compares with data that --since names", function()
      assert.equal(0, run("snapshot", "x", "--to", folder .. "/elsewhere", "--date", "2020").status)
      local result = run("run", "periodic", "--since", folder .. "/elsewhere/x.db", "--as-of", "2025-12-31")
      assert.truthy(result.out:find("Nothing in the data since 2020-12-31.", 1, true))
      assert.truthy(result.out:find("Newly overdue: ACRF.TF.5, BSBR.EP.1, BSBR.EP.2, DIFAP.DM.2.", 1, true))
   end)
end)

describe("periodic of an earlier date", function()
   it("replaces a newer report only when told", function()
      assert.equal(0, periodic("--as-of", "2025-12-31").status)
      local newer = read(folder .. "/periodic.html")
      local result = periodic("--as-of", "2025-11-30")
      assert.equal("difkit: periodic.html is the report of 2025-12-31, newer than that of 2025-11-30; "
         .. "--replace lets it be replaced, --file names another\n", result.err)
      assert.equal(2, result.status)
      assert.equal(newer, read(folder .. "/periodic.html"))
      assert.falsy(support.exists(folder .. "/snapshots/2025-11-30.db"))
      assert.equal(0, periodic("--as-of", "2025-11-30", "--replace").status)
      assert.truthy(read(folder .. "/periodic.html"):find("Report of 2025-11-30", 1, true))
   end)

   it("has a file of its own where the name holds the date", function()
      for _, date in ipairs {"2025-12-31", "2025-11-30"} do
         local result = periodic("--as-of", date, "--file", "periodic-%Y-%m.md")
         assert.equal("", result.err)
         assert.truthy(read(("%s/periodic-%s.md"):format(folder, date:sub(1, 7))):find("Report of " .. date, 1, true))
      end
      support.fails(2, "periodic-2025-12.md is the report of 2025-12-31, newer than that of 2025-12-30",
         periodic("--as-of", "2025-12-30", "--file", "periodic-%Y-%m.md"))
   end)
end)

describe("periodic --keep", function()
   local function listed() return support.shell(("cd %s && find . -type f -not -name .periodic.lock | sort"):format(
      folder)).out end
   local function monthly(day, ...)
      local result = periodic("--db", folder .. "/g", "--as-of", day, "--file", "p-%Y-%m.html", ...)
      assert.equal("", result.err)
      return result.out
   end

   before_each(function()
      garden "g"
      for _, day in ipairs {"2025-01-31", "2025-02-28", "2025-03-31"} do monthly(day) end
   end)

   it("removes what the same job wrote before, and nothing that only looks like it", function()
      support.write(folder .. "/p-2024-12.html", "somebody's own")
      support.write(folder .. "/snapshots/2024-12-31.txt", "somebody's own")
      assert.equal("", periodic("--db", folder .. "/g", "--as-of", "2025-03-31", "--file", "other-%m.html").err)
      local said = monthly("2025-04-30", "--keep", "2")
      assert.matches("of reports before the last 2, no longer kept: p%-2025%-01.html, snapshots/2025%-01%-31.db, "
         .. "p%-2025%-02.html, snapshots/2025%-02%-28.db\n$", said)
      local files = listed():gsub("[^\n]*/g/[^\n]*\n", "")
      assert.equal([[
./.periodic.json
./other-03.html
./p-2024-12.html
./p-2025-03.html
./p-2025-04.html
./snapshots/2024-12-31.txt
./snapshots/2025-03-31.db
./snapshots/2025-04-30.db
]], files)
      -- The snapshot of March is the other job's, too: it stays when this one has no more use for it.
      monthly("2025-05-31", "--keep", "1")
      assert.truthy(support.exists(folder .. "/snapshots/2025-03-31.db"))
      assert.falsy(support.exists(folder .. "/p-2025-03.html") or support.exists(folder .. "/p-2025-04.html"))
   end)

   it("lists in a dry run what would go, and leaves everything", function()
      local before = listed()
      local said = monthly("2025-04-30", "--keep", "1", "--dry-run")
      for _, name in ipairs {"p-2025-01.html", "snapshots/2025-01-31.db", "p-2025-03.html"} do
         assert.truthy(said:find(("would remove %s/%s\n"):format(folder, name), 1, true), name .. said)
      end
      assert.equal(before, listed())
   end)

   it("leaves what is no longer as it was written, and never removes the report of this run", function()
      support.write(folder .. "/p-2025-01.html", "with a remark of ours")
      local said = monthly("2024-12-31", "--keep", "1")
      assert.matches("left p%-2025%-01.html: it is no longer as this job wrote it", said)
      assert.equal("with a remark of ours", read(folder .. "/p-2025-01.html"))
      assert.matches("Report of 2024%-12%-31", read(folder .. "/p-2024-12.html"))
      assert.falsy(support.exists(folder .. "/p-2025-03.html"))
   end)

   it("refuses to keep none, and an index that cannot be read", function()
      assert.equal("difkit: --keep must be at least 1, not 0: the report that is written stays\n",
         periodic("--as-of", "2025-04-30", "--keep", "0").err)
      support.write(folder .. "/.periodic.json", "garbage")
      local result = periodic("--as-of", "2025-04-30", "--keep", "1")
      assert.matches(".periodic.json, the list of what this job has written, cannot be read", result.err, 1, true)
      assert.equal(5, result.status)
      assert.truthy(support.exists(folder .. "/p-2025-01.html"))
   end)
end)

describe("periodic --if-changed", function()
   local function quiet(...)
      local result = periodic("--if-changed", ...)
      return result.status == 0 and result.out == "" and result.err == ""
   end

   it("writes the first report, and then only news", function()
      local one, two = garden "one", garden("two", "three compost bays", "four compost bays")
      assert.is_false(quiet("--db", one, "--as-of", "2023-01-31"))
      local before = read(folder .. "/periodic.html")
      assert.is_true(quiet("--db", one, "--as-of", "2023-02-28"))
      assert.equal(before, read(folder .. "/periodic.html"))
      assert.is_false(support.exists(folder .. "/snapshots/2023-02-28.db"))
      assert.is_false(quiet("--db", two, "--as-of", "2023-03-31"))
      assert.are_not.equal(before, read(folder .. "/periodic.html"))
   end)

   it("counts an action that becomes overdue as news", function()
      local one = garden "one"
      assert.is_false(quiet("--db", one, "--as-of", "2022-11-30"))
      assert.is_true(quiet("--db", one, "--as-of", "2022-12-31"))
      assert.is_false(quiet("--db", one, "--as-of", "2023-01-31"))
   end)

   it("keeps to what --material says", function()
      local one, two = garden "one", garden("two", "three compost bays", "four compost bays")
      assert.is_false(quiet("--db", one, "--as-of", "2023-01-31"))
      assert.is_true(quiet("--db", two, "--as-of", "2023-02-28", "--material", "changed > 1 or added"))
      assert.is_false(quiet("--db", two, "--as-of", "2023-02-28", "--material", "changed and not_there or changed"))
      assert.is_false(quiet("--db", two, "--as-of", "2023-02-28", "--material", "(changed >= 1) and records < 2"))
   end)

   it("needs a place where the last report is", function()
      local result = run("run", "periodic", "--if-changed")
      assert.equal(2, result.status)
      assert.truthy(result.err:find("--if-changed needs --out DIR", 1, true))
   end)
end)

describe("periodic --fail-on", function()
   it("ends with 1 after the report is written, and says why", function()
      local result = periodic("--as-of", "2025-12-31", "--fail-on", "overdue,data-error")
      assert.equal(1, result.status)
      assert.equal("difkit: 4 actions are overdue\n", result.err)
      assert.truthy(support.exists(folder .. "/periodic.html"))
      assert.equal(0, periodic("--as-of", "2020", "--replace", "--fail-on",
         "overdue,data-error,changed").status)
   end)

   it("finds errors in data that load", function()
      support.write(folder .. "/later.yaml", [[
progress:
  - {action: DIFAP.TF.1, as_of: 2025-06-30, status: completed, source: x} # later than the date: left out, no error
observations:
  - {indicator: osi, unit: TLS, period: 2022, value: 1.5, source: x}
]])
      local result = periodic("--as-of", "2021", "--with", folder .. "/later.yaml", "--fail-on", "data-error")
      assert.equal("difkit: 1 error in the data\n", result.err)
      assert.equal(1, result.status)
      assert.truthy(read(folder .. "/periodic.html"):find("observation outside the bounds of its indicator", 1, true))
   end)

   it("names a wrong word", function()
      local result = periodic("--fail-on", "overdew")
      assert.equal(2, result.status)
      assert.truthy(result.err:find('did you mean "overdue"?', 1, true))
   end)
end)

describe("a run that fails", function()
   it("leaves the last good report as it is", function()
      assert.equal(0, periodic("--as-of", "2025-11-30").status)
      local before = read(folder .. "/periodic.html")
      support.write(folder .. "/bad.yaml", "actions: {nowhere: [{id: X}]}\n")
      support.fails(1, "bad.yaml:1:10: actions in a file without a document", periodic("--as-of", "2025-12-31",
         "--with", folder .. "/bad.yaml"))
      support.fails(2, '"nonsense"', periodic("--as-of", "2025-12-31", "--material", "nonsense"))
      support.fails(5, "none.db: No such file", periodic("--as-of", "2025-12-31", "--since", folder .. "/none.db"))
      assert.equal(before, read(folder .. "/periodic.html"))
      assert.falsy(support.exists(folder .. "/snapshots/2025-12-31.db"))
      assert.equal("", support.shell("find " .. folder .. " -name '*.tmp'").out)
   end)

   --- What may become of the file that the next report compares with.
   local damages = {
      {"no database", "echo garbage > %s", "file is not a database"},
      {"a database cut off", "truncate -s 40000 %s", "database disk image is malformed"},
      {"an empty file", ": > %s", "this database was not made by difkit"},
      {"somebody else's database", "rm %s; sqlite3 %s 'CREATE TABLE x (a)'", "this database was not made by difkit"},
   }
   for _, damage in ipairs(damages) do
      it("because the last snapshot is " .. damage[1] .. " does not call itself the first", function()
         assert.equal(0, periodic("--as-of", "2025-11-30").status)
         local before, kept = read(folder .. "/periodic.html"), folder .. "/snapshots/2025-11-30.db"
         os.execute((damage[2]:gsub("%%s", kept)))
         local result = periodic("--as-of", "2025-12-31")
         assert.equal(5, result.status)
         assert.equal(("difkit: what the last report left cannot be compared with: %s: %s; restore it, or name other "
            .. "data with --since, or remove it for a report without changes\n"):format(kept, damage[3]), result.err)
         assert.equal(before, read(folder .. "/periodic.html"))
         assert.equal("2025-11-30.db\n", support.shell("ls " .. folder .. "/snapshots").out)
         local listed = run("snapshot", "--list", "--json", "--to", folder .. "/snapshots").out
         assert.truthy(listed:find(('"label":"2025-11-30","date":"2025-11-30","digest":null,"actions":null,'
            .. '"path":"%s","problem":"%s: %s'):format(kept, kept, damage[3]), 1, true), listed)
         -- Data that are named are compared with, and a sound snapshot after the damaged one is.
         assert.equal("", periodic("--as-of", "2025-12-31", "--since", "@bundled").err)
         assert.matches("0 changes since 2025%-12%-31", periodic("--as-of", "2026-01-31").out)
      end)
   end

   it("at the snapshot or at the report leaves neither", function()
      assert.equal(0, periodic("--as-of", "2025-11-30").status)
      local before = read(folder .. "/periodic.html")
      os.execute(("mv %s/snapshots %s/kept && touch %s/snapshots"):format(folder, folder, folder))
      local result = periodic("--as-of", "2025-12-31")
      assert.equal(5, result.status)
      assert.equal(("difkit: cannot write %s/snapshots/2025-12-31.db: Not a directory\n"):format(folder), result.err)
      assert.equal(before, read(folder .. "/periodic.html"))
      os.execute(("cd %s && rm snapshots && mv kept snapshots && mkdir r.html"):format(folder))
      result = periodic("--as-of", "2025-12-31", "--file", "r.html")
      assert.equal(5, result.status)
      assert.equal(("difkit: cannot write %s/r.html: it is a folder\n"):format(folder), result.err)
      assert.equal("2025-11-30.db\n", support.shell("ls " .. folder .. "/snapshots").out)
   end)

   it("as it is stopped leaves the last report or a new one, whole, and nothing half-written", function()
      assert.equal(0, periodic("--as-of", "2025-11-30").status)
      local old = read(folder .. "/periodic.html")
      assert.equal(0, periodic("--as-of", "2025-12-31").status)
      local new = read(folder .. "/periodic.html")
      local stopped = 0
      for delay = 10, 90, 10 do
         support.write(folder .. "/periodic.html", old)
         local command = "%s run periodic --out %s --as-of 2025-12-31 & sleep 0.0%d; kill -TERM $!; wait $!"
         local result = support.shell(command:format(support.difkit, folder, delay))
         stopped = stopped + (result.status == 128 + 15 and 1 or 0)
         local now = read(folder .. "/periodic.html")
         assert.truthy(now == old or now == new)
      end
      assert.truthy(stopped > 0)
      assert.equal("", support.shell("find " .. folder .. " -name '*.tmp'").out)
      assert.equal(0, periodic("--as-of", "2025-12-31").status)
   end)

   it("because of a mistake in the command line ends with 2, before any work", function()
      for _, case in ipairs {
         {"--material", "rnak > 1", '--material: the condition "rnak > 1" speaks of "rnak", which is no figure; '
            .. 'did you mean "rank"?'},
         {"--material", "rank >", '--material: the condition "rank >" needs a number after "rank >"; '
            .. "such as: rank or score > 1"},
         {"--file", "report.docx", '--file must end in .html or .md, or name a folder, not "report.docx"'},
      } do
         local result = periodic("--as-of", "2025", case[1], case[2])
         assert.equal("difkit: " .. case[3] .. "\n", result.err)
         assert.equal(2, result.status)
      end
      assert.equal("", support.shell("ls -A " .. folder).out)
   end)

   it("because several run at once leaves one whole report", function()
      local command = ("%s run periodic --out %s --as-of 2025"):format(support.difkit, folder)
      local six = "for i in 1 2 3 4 5 6; do { %s; echo $? >>%s/statuses; } & done; wait"
      local result = support.shell(six:format(command, folder))
      local statuses = read(folder .. "/statuses")
      assert.truthy(statuses:find "0\n", result.err)
      assert.equal("", (statuses:gsub("[06]\n", "")))
      assert.truthy(read(folder .. "/periodic.html"):find "</html>%s*$")
      assert.equal("2025-12-31.db\n", support.shell("ls " .. folder .. "/snapshots").out)
   end)

   it("because another holds the lock ends with 6", function()
      local hold = [[assert(difkit.lock ".periodic.lock") assert(difkit.text.write("held", "")) ]]
         .. [[local t = os.clock() while os.clock() - t < 60 do end]]
      local result = support.shell(([[
%s run --out %s -e %s & while ! test -e %s/held; do sleep 0.02; done
%s run periodic --out %s --as-of 2025; status=$?; kill $!; exit $status]]):format(support.difkit, folder,
         support.quote(hold), folder, support.difkit, folder))
      assert.truthy(result.err:find("another run holds the lock " .. folder .. "/.periodic.lock", 1, true))
      assert.equal(6, result.status)
      assert.falsy(support.exists(folder .. "/periodic.html"))
      assert.equal(0, periodic("--as-of", "2025").status)
   end)

   it("writes nothing in a dry run", function()
      local result = periodic("-n", "--as-of", "2025")
      assert.equal(0, result.status)
      assert.truthy(result.out:find("would write " .. folder .. "/periodic.html", 1, true))
      assert.falsy(support.exists(folder .. "/periodic.html"))
   end)
end)

describe("scripts/guide/PERIODIC.md", function()
   it("shows commands that run", function()
      local text = read "scripts/guide/PERIODIC.md"
      os.execute("cp -r data/asean-dif " .. folder .. "/framework")
      local n = 0
      for command in text:gmatch "/usr/local/bin/difkit (run periodic [^\n]*)" do
         n = n + 1
         local result = support.shell(support.difkit .. " " .. command:gsub("/srv/dif", folder))
         assert.equal(command:find "fail%-on" and 1 or 0, result.status, result.err)
         assert.truthy(support.exists(folder .. "/reports/periodic.html"))
      end
      assert.equal(2, n)
   end)

   it("shows units that systemd takes", function()
      if support.shell("command -v systemd-analyze").status ~= 0 then
         return pending "systemd-analyze is not there (systemd)"
      end
      local units = {}
      for name, unit in read("scripts/guide/PERIODIC.md"):gmatch "`/etc/systemd/system/([%w.-]+)`.-```ini\n(.-)```" do
         units[#units + 1] = folder .. "/" .. name
         support.write(units[#units], (unit:gsub("/usr/local/bin/difkit", support.shell("readlink -f "
            .. support.quote(support.difkit)).out:gsub("\n", ""))))
      end
      assert.equal(2, #units)
      local result = support.shell("systemd-analyze verify " .. table.concat(units, " "))
      assert.equal("", result.out .. result.err)
      assert.equal(0, result.status)
   end)

   it("has the timer that the README shows", function()
      local timer = assert(read("README.md"):match "```ini\n(.-)```")
      assert.truthy(read("scripts/guide/PERIODIC.md"):find("difkit-report.timer`", 1, true))
      assert.truthy(read("scripts/guide/PERIODIC.md"):find(timer, 1, true))
      assert.matches("OnCalendar=monthly", timer)
   end)

   it("and the README show lines of cron", function()
      local n = 0
      for _, file in ipairs {"README.md", "scripts/guide/PERIODIC.md"} do
         for schedule, command in read(file):gmatch "\n([%d*]+ [%d*]+ [%d*]+ [%d*]+ [%d*]+) +([^\n]*)" do
            n = n + 1
            assert.equal("0 6 1 * *", schedule) -- at six on the first of every month
            assert.equal("/usr/local/bin/difkit run periodic --db /srv/dif/framework --out /srv/dif/reports "
               .. "--if-changed", command)
         end
      end
      assert.equal(2, n)
   end)
end)
