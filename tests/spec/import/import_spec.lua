-- Files as offices have them: the samples of ../shared/import where they stand, and small files of each kind.
local difkit = require "difkit"
local import = require "difkit.import"

local SHARED = "../shared/import/"
local TODAY = {today = "2026-01-01"}

local files = require "tests.support.bytes"
local read, with = files.read, files.with

local function quoted(text)
   if text:find '[",\n]' then return '"' .. text:gsub('"', '""') .. '"' end
   return text
end

--- The observations as the files in expected/ have them.
local function rows_of(found)
   local lines = {}
   for i, o in ipairs(found.observations) do
      lines[i] = table.concat({o.unit, quoted(o.indicator), o.period, import.text(o.value), o.flag or "",
         quoted((o.note or ""):gsub("\n", "\\n"))}, ",")
   end
   return lines
end

local function csv_of(found)
   return "unit,indicator,period,value,flag,note\n" .. table.concat(rows_of(found), "\n") .. "\n"
end

--- The samples that stand as one file and have observations.
local samples = {
   "estat_une_rt_a.tsv", "eurostat-sdmx.csv", "gapminder-income.csv", "hdr-wide.csv", "ilostat.csv",
      "itu-internet.xlsx",
   "number-shapes.csv", "odd-cells.xlsx", "oecd-sdmx.csv", "owid.csv", "pays-1252.csv", "repeats.ods", "sdg-goal1.csv",
   "two-header-rows.csv", "wb-api.zip", "wb-databank.csv", "wdi-bulk.csv", "imf-weo.xml", "jsonstat.json",
   "sdmx-generic.xml", "sdmx-json1-series.json",
}

--- Why a file was not taken: the message, or the reasons for which it is refused.
local function refusal(path, options)
   local found, message = import.read(path, options or TODAY)
   if not found then return message end
   local reasons = {}
   for _, one in ipairs(found.refusals) do
      reasons[#reasons + 1] = ("%s: %s; %s"):format(one.place, one.message, one.hint or "")
   end
   for _, one in ipairs(found.unknown) do reasons[#reasons + 1] = one.place .. ": " .. one.label .. " "
      .. one.reason end
   return #reasons > 0 and table.concat(reasons, "\n") or nil, found
end

describe("difkit.import takes the samples of offices as they are", function()
   for _, name in ipairs(samples) do
      it(name, function()
         local expected = read(SHARED .. "expected/" .. name .. ".csv")
         if not expected then
            pending(SHARED .. " is not here")
            return
         end
         local found = assert(import.read(SHARED .. "samples/" .. name, TODAY))
         assert.same({}, found.refusals)
         assert.same({}, found.unknown)
         assert.equal(expected:gsub("\r\n", "\n"), csv_of(found))
      end)
   end

   it("a Data Package, by its folder", function()
      local expected = read(SHARED .. "expected/datapackage.csv")
      if not expected then
         pending(SHARED .. " is not here")
         return
      end
      local found = assert(import.read(SHARED .. "samples/datapackage", TODAY))
      assert.equal("data-package", found.kind)
      assert.equal(expected, csv_of(found))
   end)

   it("SDMX-JSON without a time, with the period that is asked for", function()
      local expected = read(SHARED .. "expected/oecd-part2.json.csv")
      if not expected then
         pending(SHARED .. " is not here")
         return
      end
      local found = assert(import.read(SHARED .. "samples/oecd-part2.json", TODAY))
      assert.equal("say --period 2023", found.refusals[1].hint)
      found = assert(import.read(SHARED .. "samples/oecd-part2.json", {period = "2011", today = TODAY.today}))
      assert.equal((expected:gsub("%(period given by %-%-period%)", "2011")), csv_of(found))
   end)

   it("a ministry's progress sheet", function()
      local expected = read(SHARED .. "expected/ministry-progress.xlsx.progress.csv")
      if not expected then
         pending(SHARED .. " is not here")
         return
      end
      local words = {
         in_progress = "in progress", not_started = "not started", dropped = "cancelled", completed = "completed",
         delayed = "delayed",
      }
      local found = assert(import.read(SHARED .. "samples/ministry-progress.xlsx", TODAY))
      local lines = {}
      for i, row in ipairs(found.progress) do
         lines[i] = table.concat({row.unit, row.action, words[row.status] or "", row.date or "",
            import.text(row.percent),
            ((row.note or ""):gsub("\n", "\\n"))}, ",")
      end
      table.sort(lines)
      -- The row that says two things is no record: its status stands among what is wrong.
      expected = expected:gsub("^[^\n]*\n", ""):gsub("KHM,[^\n]*\n", "")
      assert.equal(expected, table.concat(lines, "\n") .. "\n")
      assert.equal("Progress 2024!D15", found.errors[1].place)
      assert.equal("2024-06-30", found.as_of)
   end)

   it("and leaves out the groups and cells that skipped.tsv names, saying so", function()
      local list = read(SHARED .. "expected/skipped.tsv")
      if not list then
         pending(SHARED .. " is not here")
         return
      end
      local taken = {}
      for _, name in ipairs(samples) do taken[name] = import.read(SHARED .. "samples/" .. name, TODAY) end
      for line in list:gmatch "[^\n]+" do
         local name, label, why = line:match "^([^\t]*)\t([^\t]*)\t(.*)$"
         local found = taken[name]
         if found and why == "AGGREGATE" then
            local there = false
            for _, one in ipairs(found.skipped) do there = there or one.label == label end
            assert.is_true(there, name .. ": " .. label)
         elseif found and why:find "^ERROR" then
            assert.equal(1, #found.errors, name)
         elseif found then
            assert.equal(label, found.skipped[1].label)
         end
      end
   end)
end)

describe("a sample changed in the usual ways", function()
   --- Each text sample with the name of its file in `expected`.
   local function each(use)
      for _, name in ipairs(samples) do
         local bytes = read(SHARED .. "samples/" .. name)
         if not bytes then
            pending(SHARED .. " is not here")
            return
         end
         use(name, bytes, assert(import.read(SHARED .. "samples/" .. name, TODAY)))
      end
   end

   it("and renamed gives the same values, whatever the name says", function()
      each(function(name, bytes, whole)
         with(bytes, function(path)
            local found = assert(import.read(path, TODAY))
            assert.equal(whole.kind, found.kind, name)
            assert.equal(#whole.observations, #found.observations, name)
            for i, o in ipairs(whole.observations) do
               assert.equal(o.value, found.observations[i].value, name)
               assert.equal(o.unit, found.observations[i].unit, name)
            end
         end)
      end)
   end)

   it("and cut anywhere is right for the rows it has, or refused", function()
      each(function(name, bytes, whole)
         local expected = {}
         for _, o in ipairs(whole.observations) do expected[o.unit .. o.indicator .. o.period] = o end
         local base = name:gsub("%.%w+$", "")
         local cuts = {1, 2, 3, #bytes - 1, #bytes - 2, #bytes - 3}
         for i = 1, 60 do cuts[#cuts + 1] = #bytes * i // 61 end
         for position in bytes:gmatch "()[\x80-\xFF]" do
            if #cuts < 90 then cuts[#cuts + 1] = position end
         end
         for position in bytes:gmatch "\n()" do
            if #cuts < 120 then cuts[#cuts + 1] = position - 1 end
         end
         for _, cut in ipairs(cuts) do
            with(bytes:sub(1, cut), function(path)
               local found, message = import.read(path, TODAY)
               if not found then
                  assert.is_string(message)
                  return
               end
               for _, o in ipairs(found.observations) do
                  local own = path:match "[^/]+$":gsub("%.%w+$", "")
                  local indicator = o.indicator:gsub("^" .. own:gsub("%p", "%%%0"), base)
                     :gsub("^" .. own:upper():gsub("%p", "%%%0"), (base:gsub("^estat_", ""):upper()))
                  local right = expected[o.unit .. indicator .. o.period]
                  assert.is_table(right, ("%s cut at %d: %s %s %s"):format(name, cut, o.unit, indicator, o.period))
                  assert.equal(right.value, o.value, ("%s cut at %d"):format(name, cut))
               end
            end)
         end
      end)
   end)

   --- Records of a text, each cell in quotes again, after `change`.
   local function rewritten(bytes, change)
      local rows, separator
      with(bytes, function(path)
         local file <close> = assert(require("difkit.format.read").open(path))
         rows, separator = require("difkit.import.source").text_rows(file), file.separator
      end)
      for i, row in ipairs(rows) do
         local cells = change(row, i)
         for j, cell in ipairs(cells) do cells[j] = '"' .. cell:gsub('"', '""') .. '"' end
         rows[i] = table.concat(cells, separator)
      end
      return table.concat(rows, "\n") .. "\n"
   end

   local machine = {
      "eurostat-sdmx.csv", "hdr-wide.csv", "ilostat.csv", "oecd-sdmx.csv", "owid.csv", "sdg-goal1.csv",
         "wb-databank.csv",
      "wdi-bulk.csv",
   }

   --- The key of an observation with its dimensions in order of their names.
   local function key_of(o)
      local parts = {}
      for part in o.indicator:gmatch "[^;]+" do parts[#parts + 1] = part end
      table.sort(parts)
      return table.concat({o.unit, table.concat(parts, ";"), o.period}, "|")
   end

   local function check_same(name, change)
      local bytes = read(SHARED .. "samples/" .. name)
      if not bytes then
         pending(SHARED .. " is not here")
         return
      end
      local whole = assert(import.read(SHARED .. "samples/" .. name, TODAY))
      local expected = {}
      for _, o in ipairs(whole.observations) do expected[key_of(o)] = o end
      with(rewritten(bytes, change), function(path)
         local found = assert(import.read(path, TODAY))
         assert.equal(whole.kind, found.kind, name)
         assert.equal(#whole.observations, #found.observations, name)
         for _, o in ipairs(found.observations) do
            assert.is_table(expected[key_of(o)], name .. ": " .. key_of(o))
            assert.equal(expected[key_of(o)].value, o.value, name)
            assert.equal(expected[key_of(o)].flag, o.flag, name)
         end
      end)
   end

   it("and with its columns the other way round gives the same observations", function()
      for _, name in ipairs(machine) do
         check_same(name, function(row)
            local cells, n = {}, row.n
            for j = 1, row.n do cells[j] = row[n + 1 - j] end
            -- A separator at the end of the lines is no column.
            if name == "wdi-bulk.csv" then table.remove(cells, 1) end
            return cells
         end)
      end
   end)

   it("and with a column more at its end gives the same observations", function()
      for _, name in ipairs(machine) do
         check_same(name, function(row, i)
            local cells = table.move(row, 1, row.n, 1, {})
            if name == "wdi-bulk.csv" then cells[#cells] = nil end
            cells[#cells + 1] = i == 1 and "_checked" or ""
            return cells
         end)
      end
   end)
end)

describe("difkit.import refuses", function()
   it("whole files that have two readings or none, with the reason", function()
      local list = read(SHARED .. "expected/refuse.tsv")
      if not list then
         pending(SHARED .. " is not here")
         return
      end
      local words = {
         ["conflict.csv"] = {"VNM", "line 3", "line 2"}, ["dates.csv"] = {"03/04/2020", "--dates"},
         ["thousands.csv"] = {"1,234", "--decimal"}, ["names-and-codes.csv"] = {"line 3", "Lao PDR", "LBN"},
         ["no-unit.csv"] = {"city"}, ["ragged.csv"] = {"line 3"}, ["period.csv"] = {"2011-12", "--periods"},
         ["page.xls"] = {"HTML"}, ["old.xls"] = {"save as XLSX"}, ["cut.xlsx"] = {"cut"},
            ["entities.xml"] = {"entities"},
         ["footer.xml"] = {"Due to the large query"},
      }
      for name, wanted in pairs(words) do
         local reason, found = refusal(SHARED .. "samples/refuse/" .. name)
         assert.is_string(reason, name)
         for _, word in ipairs(wanted) do assert.truthy(reason:find(word, 1, true), name .. ": " .. reason) end
         if found then assert.equal(0, #found.observations, name) end
      end
   end)

   local units = "Viet Nam,%s\nLao PDR,%s\nCambodia,%s\n"
   --- What is no table of observations, or cannot be read: name, text.
   local negative = {
      {"an empty file", ""}, {"spaces alone", " \n \n"}, {"zero bytes", "a,b\0\n"}, {"a picture",
         "\x89PNG\r\n\x1A\n...."},
      {"a PDF", "%PDF-1.7 ..."}, {"an old workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"}, {"a database",
         "SQLite format 3\0"},
      {"a page", "<!DOCTYPE html><html><table></table></html>"}, {"a page without head",
         "<table><tr><td>1</td></tr></table>"},
      {"a script", "#!/bin/sh\necho hello\nexit 0\n"}, {"prose",
         "Dear colleague,\nplease find attached the figures.\nRegards\n"},
      {"a letter about a country", "Viet Nam has grown.\nThis is good news.\nMore to come.\n"},
      {"a server log", ('127.0.0.1 - - [10/Oct/2024] "GET / HTTP/1.0" 200 23\n'):rep(3)},
      {"an invoice", "Item,Quantity,Price\nPens,10,2.50\nPaper,3,4.00\nTotal,,37.00\n"},
      {"a list of people", "name,age\nChad Smith,40\nJordan Miller,33\nGeorgia Brown,28\n"},
      {"cities", "city,2020,2021\nHanoi,1,2\nVientiane,2,3\nManila,3,4\n"},
      {"a heading alone", "country,year,value\n"}, {"one line", "country,year,value"},
      {"units without a heading", (units:format(1, 2, 3))},
      {"units without periods", "country,value\n" .. units:format(1, 2, 3)},
      {"units without values", "country,year\n" .. units:format(2020, 2020, 2020)},
      {"units and texts", "country,capital\nViet Nam,Hanoi\nLao PDR,Vientiane\nCambodia,Phnom Penh\n"},
      {"a quoted cell without end", 'country,2020,2021\n"Viet Nam,1,2\nLao PDR,2,3\n'},
      {"text behind a quote", 'country,2020,2021\n"Viet Nam"x,1,2\nLao PDR,2,3\n'},
      {"a line without end", "country,2020,2021\nViet Nam,1,2\nLao PDR,3,4"},
      {"a cut character", "country,2020,2021\nCôte d'Ivoire,1,2\nTürkiye,3,4\nC\xC3"},
      {"too few cells", "country,2020,2021\nViet Nam,1,2\nLao PDR,3\nCambodia,4,5\n"},
      {"too many cells", "country,2020,2021\nViet Nam,1,2\nLao PDR,3,4,5\n"},
      {"two values for one", "country,year,value\nViet Nam,2020,1\nVietnam,2020,2\nLao PDR,2020,2\n"},
      {"code against name", "country,iso3,year,value\nViet Nam,VNM,2020,1\nCambodia,LAO,2020,2\nThailand,THA,2020,2\n"},
      {"days or months first", "country,date,value\nViet Nam,03/04/2020,1\nLao PDR,05/06/2020,2\n"},
      {"fiscal years or months", "country,period,value\nViet Nam,2010-11,1\nLao PDR,2011-12,2\n"},
      {"thousands or decimals", 'country,year,value\nViet Nam,2020,"1,234"\nLao PDR,2020,"5,678"\n'},
      {"as many commas as points", 'country,year,value\nVNM,2020,"1,5"\nLAO,2020,2.5\nKHM,2020,"1,234"\n'},
      {"which Congo", "country,year,value\nCongo,2020,1\nViet Nam,2020,2\nLao PDR,2020,3\nCambodia,2020,3\n"},
      {"a unit misspelt", "country,2020,2021\nViet Nam,1,2\nLao PDR,1,2\nCambodia,1,2\nThailand,1,2\nPhilipines,3,4\n"},
      {"deletions", "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,OBS_VALUE\ndataflow,A:B(1.0),D,VNM,2020,1\n"},
      {"SDMX-CSV without an area", "DATAFLOW,FREQ,TIME_PERIOD,OBS_VALUE\nA:B(1.0),A,2020,1\n"},
      {"a cut archive", "PK\x03\x04\x14\0\0\0"}, {"gzip", "\x1F\x8B\x08\0\0\0\0\0"},
      {"odd UTF-16", "\xFF\xFEa\0b"}, {"a document type",
         '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
      {"Eurostat with a dimension too few", "freq,unit,geo\\TIME_PERIOD\t2020 \nA,PC,BE\t1 \nA,BG\t2 \n"},
      {"JSON of no kind", '{"a": [1, 2]}\n'}, {"cut JSON", '{"class": "dataset", "id": ["geo"'},
      {"JSON-stat with a size that does not fit", '{"class":"dataset","id":["geo","time"],"size":[2,1],"dimension":'
         .. '{"geo":{"category":{"index":["VNM"]}},"time":{"category":{"index":["2020"]}}},"value":[1]}'},
      {"XML of no kind", "<feed><entry/></feed>"}, {"cut XML", "<GenericData><Header>"},
      {"SDMX-ML that deletes", '<GenericData><DataSet action="Delete"/></GenericData>'},
      {"a package whose data stand elsewhere", '{"resources":[{"path":"../x.csv","schema":{"fields":[]}}]}'},
      {"a package whose data are gone", '{"resources":[{"path":"no-such.csv","schema":{"fields":[]}}]}'},
      {"a date instead of a number", "country,2020,2021\nViet Nam,10:30,11:30\nLao PDR,10:45,11:15\n"},
   }

   it(("%d files that are none, or cannot be read in one way"):format(#negative), function()
      assert.is_true(#negative >= 40)
      for _, case in ipairs(negative) do
         with(case[2], function(path)
            local reason, found = refusal(path)
            local wrong = found and #found.observations == 0 and #found.errors > 0
            assert.is_true(reason ~= nil or wrong, case[1] .. " was taken")
         end)
      end
   end)

   it("a cell against the decimal sign of the others, and takes the rest", function()
      with('country,year,value\nViet Nam,2020,1.5\nLao PDR,2020,2.5\nCambodia,2020,"3,5"\n', function(path)
         local found = assert(import.read(path, TODAY))
         assert.equal(2, #found.observations)
         assert.equal("line 4, column 3", found.errors[1].place)
      end)
   end)

   it("an option that it does not know", function()
      local done, problem = pcall(difkit.import, "x.csv", {dates = "ymd"})
      assert.is_false(done)
      assert.equal('difkit.import: dates must be "dmy" or "mdy", not "ymd"', problem.message)
   end)
end)

describe("an option decides what has two readings", function()
   local function values(text, options)
      options.today = TODAY.today
      return with(text, function(path)
         local found = assert(import.read(path, options))
         assert.same({}, found.refusals)
         local list = {}
         for i, o in ipairs(found.observations) do list[i] = o.period .. "=" .. import.text(o.value) end
         return table.concat(list, " ")
      end)
   end

   it("decimal", function()
      local text = 'country,year,value\nViet Nam,2020,"1,234"\nLao PDR,2020,"5,678"\n'
      assert.equal("2020=5678 2020=1234", values(text, {decimal = "."}))
      assert.equal("2020=5.678 2020=1.234", values(text, {decimal = ","}))
   end)

   it("dates", function()
      local text = "country,date,value\nViet Nam,03/04/2020,1\nLao PDR,05/06/2020,2\n"
      assert.equal("2020-06-05=2 2020-04-03=1", values(text, {dates = "dmy"}))
      assert.equal("2020-05-06=2 2020-03-04=1", values(text, {dates = "mdy"}))
   end)

   it("periods", function()
      local text = "country,period,value\nViet Nam,2010-11,1\nLao PDR,2011-12,2\n"
      assert.equal("2011/12=2 2010/11=1", values(text, {periods = "fiscal"}))
      assert.equal("2011-12=2 2010-11=1", values(text, {periods = "month"}))
   end)
end)

describe("a sample packed in the usual ways", function()
   it("gives the same observations from gzip, and from an archive within an archive", function()
      local name = SHARED .. "samples/owid.csv"
      local bytes = read(name)
      if not bytes or not os.execute "command -v gzip >/dev/null" then return pending(SHARED .. " is not here") end
      local whole = assert(import.read(name, TODAY))
      local zip = require "tests.support.zip"
      local pipe = assert(io.popen(("gzip -c '%s'"):format(name)))
      local gzipped = pipe:read "a"
      pipe:close()
      for _, packed in ipairs {gzipped, zip {["inner.zip"] = zip {["x.csv"] = bytes}}, zip {["x.csv.gz"] = gzipped}} do
         with(packed, function(path)
            local found = assert(import.read(path, TODAY))
            assert.equal(whole.kind, found.kind)
            assert.equal(#whole.observations, #found.observations)
         end)
      end
   end)
end)
