--- Of whom a paper speaks: under regional no id, title or value of a single state is left in any file, under own none
--- of another; in every script that has the option, in every format that it writes.
local support = dofile "tests/cli/support.lua"
local run, read, write = support.run, support.read, support.write

--- Three states, with words and values that nothing else has. What is Syldavia's own is told apart from the others'.
local framework = [[
framework: {id: test, title: "A test"}
areas: [{id: A, number: 1, title: "An area", topics: [{id: t, title: "A topic"}]}]
units: [{id: QBO, title: Borduria}, {id: QSY, title: Syldavia}, {id: QRU, title: Ruritania}]
groups: [{id: ALL, title: "All of them", members: [{unit: QBO}, {unit: QSY}, {unit: QRU}]}]
document: {id: P, title: "A plan", adopted: 2020, start: 2020, end: 2030}
actions:
  t:
    - {id: P.1, text: "Do it by 2022.", targets: [{by: 2022, quorum: all}]}
    - {id: P.2, text: "Hand in a plan by 2026.", targets: [{by: 2026, quorum: at_least, count: 2}]}
    - {id: P.3, text: "Ask businesses every year.", targets: [{recurs: annual}]}
schemes:
  - id: monitoring
    title: Monitoring
    codes: [{id: law-reporting, title: Laws}, {id: business-survey, title: Survey}]
codings:
  - {action: P.2, scheme: monitoring, code: law-reporting}
  - {action: P.3, scheme: monitoring, code: business-survey}
rounds: [{id: R, title: "The round", reference: 2025-06-30, cut_off: 2025-12-31}]
indicators:
  - {id: i1, title: "First", direction: 1, lower: 0, upper: 100}
  - {id: i2, title: "Second", direction: 1, lower: 0, upper: 100}
  - {id: survey.P.3, title: "Of the survey", direction: 1}
]]

local units = {"QBO", "QSY", "QRU"}
local titles = {QBO = "Borduria", QSY = "Syldavia", QRU = "Ruritania"}

--- What each state has reported, in words and numbers of its own; `more`: what came later.
local function reports(more)
   local lines = {"replies:"}
   local function add(...) lines[#lines + 1] = (...):format(select(2, ...)) end
   for _, unit in ipairs(units) do
      add('  - {round: R, unit: %s, received: 2025-07-01, answered_by: "desk-%s", validated_by: "office-%s"}', unit,
         unit, unit)
   end
   add "progress:"
   for i, unit in ipairs(units) do
      for k = 1, 3 do
         add('  - {action: P.%d, unit: %s, as_of: 2025-03-31, status: %s, evidence: "proof-%s", source: "source-%s", '
            .. 'round: R, answered_by: "desk-%s"}', k, unit, i == k and "completed" or "delayed", unit, unit, unit)
      end
      if more then
         add('  - {action: P.1, unit: %s, as_of: 2025-05-31, status: delayed, evidence: "later-%s"}', unit, unit)
      end
   end
   add "observations:"
   for i, unit in ipairs(units) do
      for k, name in ipairs {"i1", "i2", "survey.P.3"} do
         add('  - {indicator: %s, unit: %s, period: 2024, value: %d.%d%d77, source: "sheet R-%s-abc"}', name, unit,
            10 * i, i, k, unit)
      end
      if more then
         add('  - {indicator: i1, unit: %s, period: 2025, value: 1%d0.5, source: "figure-%s"}', unit, i, unit)
      end
   end
   return table.concat(lines, "\n") .. "\n"
end

local folder, remove, data

setup(function()
   folder, remove = support.folder()
   write(folder .. "/f.yaml", framework)
   write(folder .. "/before.yaml", reports(false))
   write(folder .. "/after.yaml", reports(true))
   write(folder .. "/spec.yaml", "id: ix\ntitle: An index\nunits: ALL\nperiod: 2024\nchildren: [i1, i2]\n")
   data = {"--db", folder .. "/f.yaml", "--with", folder .. "/after.yaml"}
end)
teardown(function() remove() end)

--- Words that give a state away: its id, its title, what only it has said, its values.
local function traces(unit, i)
   local list = {unit, titles[unit], "proof%-" .. unit, "desk%-" .. unit, "1" .. i .. "0%.5"}
   for k = 1, 3 do list[#list + 1] = ("%d%%.%d%d77"):format(10 * i, i, k) end
   return list
end

--- All that a file or folder holds, packed parts too, the properties of documents among them.
local function all_of(path)
   local command = ("cd '%s' && find . -type f ! -path './snapshots/*' | sort | while read -r f; do echo \"$f\"; "
      .. "case $f in *.xlsx|*.docx) unzip -p \"$f\" ;; *) cat \"$f\" ;; esac; done"):format(path)
   return support.shell(command).out
end

--- Asserts that nothing of a state is left but of the one that is allowed.
local function silent(text, own, case)
   assert.truthy(#text > 100, case .. " is empty")
   for i, unit in ipairs(units) do
      if unit ~= own then
         for _, trace in ipairs(traces(unit, i)) do
            local at = text:find(trace)
            assert.falsy(at, at and ("%s: %s in …%s…"):format(case, trace, text:sub(math.max(1, at - 80), at + 80)))
         end
      end
   end
end

--- Runs a script at a level, in all its formats; gives each result by its name.
local function each_format(words, level, own)
   local given = {"--disclosure", level, own and "--unit" or nil, own}
   local function made(...)
      local list = {"run", table.unpack(words)}
      for _, more in ipairs {given, data, {...}} do table.move(more, 1, #more, #list + 1, list) end
      local result = run(table.unpack(list))
      assert.equal("", result.err, table.concat(list, " "))
      return result.out
   end
   local found = {}
   -- Each way in which a table is written, once: .csv, .json and .md are what is printed.
   for _, format in ipairs(words.paper and {} or {"table", "csv", "json", "markdown"}) do
      found[format] = made("--format", format)
   end
   if words.paper then found.printed = made() end
   for _, ending in ipairs {"html", "docx", not words.paper and "xlsx" or nil} do
      local place = ("%s/%s"):format(folder, ending)
      support.shell(("rm -rf '%s' && mkdir '%s'"):format(place, place))
      if words[1] ~= "periodic" then made("-o", ("%s/x.%s"):format(place, ending))
      else made("--out", place, "--file", ending == "docx" and "folder" or "x." .. ending) end
      found[ending] = all_of(place)
   end
   return found
end

local scripts = {
   {"progress"}, {"progress", "--by", "unit"}, {"progress", "--by", "action"}, {"progress", "--by", "overdue"},
   {"progress", "--by", "target"}, {"progress", "--matrix", "units"}, {"progress", "--matrix", "time"}, {"laws"},
   {"laws", "--list"}, {"calendar", "--recurring"}, {"annual", paper = true}, {"periodic", paper = true},
}
for _, words in ipairs(scripts) do
   if words[1] ~= "annual" then table.move({"--as-of", "2025-12-31"}, 1, 2, #words + 1, words) end
end

describe("disclosure", function()
   it("is an option of each script that speaks of states by what they report", function()
      local found = {}
      for _, header in ipairs(require("difkit").script.stock()) do
         for _, option in ipairs(header.options) do
            if option.name == "disclosure" then found[#found + 1] = header.name end
         end
      end
      assert.same({"annual", "calendar", "laws", "periodic", "progress", "publish"}, found)
   end)

   for _, words in ipairs(scripts) do
      local called = table.concat(words, " ")
      it("regional leaves nothing of a state in " .. called, function()
         for format, text in pairs(each_format(words, "regional")) do
            -- An empty table says so; its words are short.
            silent(text .. (" "):rep(101), nil, format)
            if format == "html" then assert.truthy(text:find('"disclosure":"regional"', 1, true)) end
         end
      end)

      it("own leaves nothing of another in " .. called, function()
         local some = false
         for format, text in pairs(each_format(words, "own", "QSY")) do
            silent(text .. (" "):rep(101), "QSY", format)
            some = some or text:find "QSY" or text:find "Syldavia"
            if format == "html" then assert.truthy(text:find('"disclosure":"own"', 1, true)) end
         end
         assert.truthy(some)
      end)
   end

   it("names states under full, so that the words are the ones to look for", function()
      local all = each_format({"progress", "--matrix", "units", "--as-of", "2025-12-31"}, "full")
      for _, unit in ipairs(units) do
         for _, format in ipairs {"csv", "html", "xlsx"} do assert.truthy(all[format]:find(unit, 1, true)) end
      end
   end)

   it("holds in a monthly report beside its changes, and its snapshot is no part of the paper", function()
      for _, level in ipairs {{"regional"}, {"own", "QSY"}} do
         local out = ("%s/month-%s"):format(folder, level[1])
         local options = {"--disclosure", level[1], level[2] and "--unit" or nil, level[2]}
         for _, step in ipairs {{"before", "2025-10-31"}, {"after", "2025-11-30"}} do
            local result = run("run", "periodic", "--db", folder .. "/f.yaml", "--with",
               ("%s/%s.yaml"):format(folder, step[1]), "--as-of", step[2], "--out", out, "--index",
               folder .. "/spec.yaml", table.unpack(options))
            assert.equal("", result.err)
         end
         local page = read(out .. "/periodic.html")
         assert.truthy(page:find("Records that differ, by kind", 1, true))
         assert.truthy(page:find("Left out: this paper says nothing of a single state.", 1, true))
         silent(all_of(out), level[2], level[1])
         assert.equal(level[2] ~= nil, page:find("Syldavia", 1, true) ~= nil)
         -- What has changed of the one state is told, record by record.
         assert.equal(level[2] ~= nil, page:find("i1/QSY/2025", 1, true) ~= nil)
      end
   end)

   it("is regional for an index of what members have answered, and full for figures that others publish", function()
      local function publish(name, ...)
         local result = run("run", "publish", "--spec", folder .. "/spec.yaml", "--runs", "20", "--out",
            folder .. "/" .. name, "--db", folder .. "/f.yaml", ...)
         assert.equal("", result.err)
         return result.out
      end
      local with = {"--with", folder .. "/after.yaml"}
      publish("site", table.unpack(with))
      silent(all_of(folder .. "/site"), nil, "default")
      local front = read(folder .. "/site/index.html")
      assert.truthy(front:find("Left out: this site says nothing of a single unit.", 1, true))
      assert.truthy(front:find('"disclosure":"regional"', 1, true))
      publish("own", "--unit", "QSY", table.unpack(with))
      silent(all_of(folder .. "/own"), "QSY", "own")
      assert.truthy(read(folder .. "/own/units/QSY.html"):find("Syldavia", 1, true))
      publish("full", "--disclosure", "full", table.unpack(with))
      assert.truthy(support.exists(folder .. "/full/units/QBO.html"))
      write(folder .. "/published.yaml", (reports(true):gsub("sheet R%-%u+%-abc", "a yearbook")))
      publish("yearbook", "--with", folder .. "/published.yaml")
      assert.truthy(support.exists(folder .. "/yearbook/units/QBO.html"))
   end)
end)
