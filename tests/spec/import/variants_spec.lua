-- The samples changed as people change files, and who takes which file: the matrix of recognisers and files.
local import = require "difkit.import"
local read = require "difkit.format.read"
local source = require "difkit.import.source"
local xlsx = require "tests.support.xlsx"

local SAMPLES = "../shared/import/samples/"
local TODAY = {today = "2026-01-01"}

local function with(bytes, name, use)
   local folder = os.tmpname()
   os.remove(folder)
   assert(os.execute("mkdir " .. folder))
   local path = folder .. "/" .. name
   local file = assert(io.open(path, "wb"))
   file:write(bytes)
   file:close()
   local results = table.pack(pcall(use, path))
   os.execute("rm -r " .. folder)
   assert(results[1], tostring(results[2] and results[2].message or results[2]))
   return table.unpack(results, 2, results.n)
end

--- The key of an observation with its dimensions in order of their names.
local function key_of(o)
   local parts = {}
   for part in o.indicator:gmatch "[^;]+" do parts[#parts + 1] = part end
   table.sort(parts)
   return table.concat({o.unit, table.concat(parts, ";"), o.period}, "|")
end

--- The rows of a text sample, and its separator; nil where it is not here.
local function rows_of(name)
   local file = read.open(SAMPLES .. name)
   if not file then return nil end
   local rows, separator = source.text_rows(file), file.separator
   file:close()
   return rows, separator
end

--- The samples that are texts, with the number of their heading rows.
local texts = {
   ["estat_une_rt_a.tsv"] = 1, ["eurostat-sdmx.csv"] = 1, ["gapminder-income.csv"] = 1, ["hdr-wide.csv"] = 1,
   ["ilostat.csv"] = 1, ["number-shapes.csv"] = 1, ["oecd-sdmx.csv"] = 1, ["owid.csv"] = 1, ["sdg-goal1.csv"] = 1,
   ["wdi-bulk.csv"] = 1,
}

--- Changes of a row: `heading` says whether it is the heading, `i` its number.
local changes = {
   ["the other way round"] = function(row)
      local cells = {}
      for j = 1, row.n do cells[j] = row[row.n + 1 - j] end
      return cells
   end,
   ["with the first column last"] = function(row)
      local cells = table.move(row, 2, row.n, 1, {})
      cells[row.n] = row[1]
      return cells
   end,
   ["with a column of remarks at the end"] = function(row, _, heading)
      local cells = table.move(row, 1, row.n, 1, {})
      cells[row.n + 1] = heading and "checked" or "yes"
      return cells
   end,
   ["with numbered rows"] = function(row, i, heading)
      local cells = table.move(row, 1, row.n, 2, {})
      cells[1] = heading and "no" or tostring(i)
      return cells
   end,
   ["with the region in the second column"] = function(row, _, heading)
      local cells = table.move(row, 1, row.n, 1, {})
      table.insert(cells, 2, heading and "Region" or "East Asia")
      return cells
   end,
   ["with a rank at the end"] = function(row, i, heading)
      local cells = table.move(row, 1, row.n, 1, {})
      cells[row.n + 1] = heading and "Rank" or tostring(i)
      return cells
   end,
}

describe("a sample", function()
   for what, change in require("difkit.sorted")(changes) do
      it(what .. " gives the same observations, or is refused", function()
         for name, headings in require("difkit.sorted")(texts) do
            local rows, separator = rows_of(name)
            if not rows then return pending(SAMPLES .. " is not here") end
            local whole, expected = assert(import.read(SAMPLES .. name, TODAY)), {}
            for _, o in ipairs(whole.observations) do expected[key_of(o)] = o end
            for i, row in ipairs(rows) do
               local cells = change(row, i, i <= headings)
               for j, cell in ipairs(cells) do cells[j] = '"' .. cell:gsub('"', '""') .. '"' end
               rows[i] = table.concat(cells, separator)
            end
            with(table.concat(rows, "\n") .. "\n", name:gsub("%.%w+$", "") .. ".x", function(path)
               local found, message = import.read(path, TODAY)
               if not found or #found.refusals > 0 then
                  assert.is_string(message or found.refusals[1].message)
                  return
               end
               assert.equal(#whole.observations, #found.observations, name)
               for _, o in ipairs(found.observations) do
                  local right = expected[key_of(o)]
                  assert.is_table(right, name .. ": " .. key_of(o))
                  assert.equal(right.value, o.value, name .. ": " .. key_of(o))
                  assert.equal(right.flag, o.flag, name .. ": " .. key_of(o))
               end
            end)
         end
      end)
   end

   it("in a workbook gives the same values", function()
      for name in require("difkit.sorted")(texts) do
         local rows = rows_of(name)
         if not rows then return pending(SAMPLES .. " is not here") end
         local whole, expected = assert(import.read(SAMPLES .. name, TODAY)), {}
         for _, o in ipairs(whole.observations) do expected[key_of(o)] = o end
         with(xlsx{{name = "Data", rows = rows}}, name:gsub("%.%w+$", "") .. ".xlsx", function(path)
            local found = assert(import.read(path, TODAY))
            assert.same({}, found.refusals, name)
            assert.equal(whole.kind, found.kind, name)
            assert.equal(#whole.observations, #found.observations, name)
            for _, o in ipairs(found.observations) do
               assert.equal((expected[key_of(o)] or {}).value, o.value, name .. ": " .. key_of(o))
            end
         end)
      end
   end)
end)

--- Which recogniser has to take a sample.
local takers = {
   ["estat_une_rt_a.tsv"] = "eurostat-tsv", ["eurostat-sdmx.csv"] = "sdmx-csv", ["gapminder-income.csv"] = "gapminder",
   ["hdr-wide.csv"] = "hdr", ["ilostat.csv"] = "ilostat", ["itu-internet.xlsx"] = "table",
   ["number-shapes.csv"] = "table", ["odd-cells.xlsx"] = "table", ["oecd-sdmx.csv"] = "sdmx-csv", ["owid.csv"] = "owid",
   ["pays-1252.csv"] = "table", ["repeats.ods"] = "table", ["sdg-goal1.csv"] = "un-sdg",
   ["two-header-rows.csv"] = "table", ["wb-api.zip"] = "world-bank", ["wb-databank.csv"] = "world-bank",
   ["wdi-bulk.csv"] = "world-bank", ["imf-weo.xml"] = "sdmx-ml", ["jsonstat.json"] = "json-stat",
   ["sdmx-generic.xml"] = "sdmx-ml", ["sdmx-json1-series.json"] = "sdmx-json", ["oecd-part2.json"] = "sdmx-json",
   ["ministry-progress.xlsx"] = "progress", ["datapackage/datapackage.json"] = "data-package",
      ["survey.dta"] = "survey",
   ["survey.sav"] = "survey",
}

it("every sample is taken by one recogniser, surer than any other: the matrix", function()
   local kinds, lines = {}, {}
   for _, kind in pairs(takers) do kinds[kind] = true end
   local columns = {}
   for kind in require("difkit.sorted")(kinds) do columns[#columns + 1] = kind end
   for name, wanted in require("difkit.sorted")(takers) do
      local list, message = import.recognise(SAMPLES .. name, TODAY)
      if not list and message:find "built without" then list = {{kind = wanted, confidence = 1}} end
      if not list then return pending(SAMPLES .. " is not here") end
      local best, cells = {}, {}
      for _, one in ipairs(list) do best[one.kind] = math.max(best[one.kind] or 0, one.confidence) end
      for j, kind in ipairs(columns) do cells[j] = best[kind] and ("%.2g"):format(best[kind]) or "." end
      lines[#lines + 1] = ("%-30s %s"):format(name, table.concat(cells, "\t"))
      assert.equal(wanted, list[1] and list[1].kind, name)
      for kind, confidence in pairs(best) do
         assert.is_true(kind == wanted or confidence < list[1].confidence, name .. " may be " .. kind)
      end
   end
   print(("\n%-30s %s\n%s"):format("file", table.concat(columns, "\t"), table.concat(lines, "\n")))
end)
