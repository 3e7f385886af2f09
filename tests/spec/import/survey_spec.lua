-- Files of Stata, SPSS and SAS: the samples of ../shared/import where they stand, and small files of Stata made here.
local difkit = require "difkit"
local dta = require "tests.support.dta"
local import = require "difkit.import"

local SHARED = "../shared/import/"
local TODAY = {today = "2026-01-01"}

local files = require "tests.support.bytes"
local read, with = files.read, files.with

--- Without the quotes, and texts without a label as they are.
local function plain(text) return (text:gsub('"', ""):gsub("\r\n", "\n")) end

local there = import.read(SHARED .. "samples/survey.dta", TODAY)

describe("a survey", function()
   local function sample(name, ending)
      local expected = read(SHARED .. "expected/" .. name .. ending)
      if not expected or not there then pending(SHARED .. " or libreadstat is not here") return nil end
      return plain(expected)
   end

   for _, name in ipairs {"survey.dta", "survey.sav"} do
      it(name .. " gives the weighted shares of its question, and what it says of its variables", function()
         local expected = sample(name, ".csv")
         if not expected then return end
         local found = assert(import.read(SHARED .. "samples/" .. name, TODAY))
         assert.same({}, found.refusals)
         local lines = {"unit,indicator,period,value,flag,note"}
         for i, o in ipairs(found.observations) do
            lines[i + 1] = table.concat({o.unit, o.indicator, o.period, import.text(o.value), o.flag or "", o.note},
               ",")
         end
         assert.equal(expected, table.concat(lines, "\n") .. "\n")
         lines = {"variable,label,type,values,missing,n,n_valid"}
         for i, v in ipairs(found.variables) do
            lines[i + 1] = table.concat({v.variable, v.label or "", v.type, v.values or "", v.missing or "", v.n,
               v.n_valid}, ",")
         end
         assert.equal(sample(name, ".vars.csv"), table.concat(lines, "\n") .. "\n")
      end)
   end

   it("gives its rows to difkit.table.read, with reasons for no answer apart", function()
      local expected = sample("survey.dta", ".rows.csv")
      if not expected then return end
      local t = assert(difkit.table.read(SHARED .. "samples/survey.dta"))
      local sexes, lines = {"Male", "Female"}, {"row,cntry,year,age,sex,net,weight,intdate,remark"}
      for i, r in ipairs(t) do
         lines[i + 1] = table.concat({i, r.cntry, r.year, r.age, sexes[r.sex], r.net or r.net_missing,
            import.text(r.weight), r.intdate, r.remark or ""}, ",")
      end
      assert.equal(expected, table.concat(lines, "\n") .. "\n")
      local labelled = assert(difkit.table.read(SHARED .. "samples/survey.dta", {labels = true}))
      assert.equal("Yes", labelled[1].net)
      assert.equal("Refused", labelled[43].net_missing)
   end)

   it("cut anywhere is refused, or has all its rows", function()
      if not sample("survey.dta", ".csv") then return end
      for _, name in ipairs {"survey.dta", "survey.sav"} do
         local bytes = read(SHARED .. "samples/" .. name)
         for i = 1, 80 do
            with(bytes:sub(1, #bytes * i // 81), function(path)
               local t, message = difkit.table.read(path)
               assert.is_true(t == nil and #message > 0 or #t == 60, name .. " cut at " .. i)
            end)
         end
      end
   end)

   local function small(extra)
      local variables = {
         {name = "land", cells = {"LAO", "LAO", "VNM", "VNM"}},
         {name = "year", cells = {2023.0, 2023.0, 2023.0, 2023.0}},
         {name = "net", label = "Used it", cells = {1.0, 2.0, 1.0, ".a"},
            labels = {[1] = "Oui", [2] = "Non", [".a"] = "Refus\xE9"}},
         {name = "day", format = "%td", cells = {0.0, 22280.0, -1.0, "."}},
         {name = "month", format = "%tm", cells = {0.0, 720.0, -1.0, 725.0}},
         {name = "town", cells = {"Pakse", "", "Hu\xE9", "007"}},
      }
      for _, one in ipairs(extra or {}) do variables[#variables + 1] = one end
      return dta(variables)
   end

   it("keeps codes as texts, dates as dates, and reads the encoding of old files", function()
      if not there then return pending "libreadstat is not here" end
      with(small(), function(path)
         local t = assert(difkit.table.read(path))
         -- 1960-01-01 is day and month 0 (help datetime); 22280 days later it is 2020-12-31.
         assert.same({"1960-01-01", "2020-12-31", "1959-12-31", n = 4}, t:column "day")
         assert.same({"1960-01", "2020-01", "1959-12", "2020-06", n = 4}, t:column "month")
         assert.same({"Pakse", nil, "Hué", "007", n = 4}, t:column "town")
         assert.equal("1=Oui|2=Non|.a=Refusé", t.variables[3].values)
         assert.equal("tagged", t.variables[3].missing)
         assert.same({nil, nil, nil, ".a", n = 4}, t:column "net_missing")
      end)
   end)

   it("is weighted only when there is one weight, or one is named", function()
      if not there then return pending "libreadstat is not here" end
      local function share(bytes, options)
         options.today = TODAY.today
         return with(bytes, function(path)
            local found = assert(import.read(path, options))
            return found.refusals[1] and found.refusals[1].message or import.text(found.observations[1].value)
         end)
      end
      local weight = {name = "pweight", cells = {3.0, 1.0, 1.0, 1.0}}
      assert.equal("0.5", share(small(), {}))
      assert.equal("0.75", share(small {weight}, {}))
      assert.equal("0.5", share(small {weight}, {weight = "none"}))
      local two = {weight, {name = "wgt", cells = {1.0, 3.0, 1.0, 1.0}}}
      assert.equal("pweight, wgt may be the weight", share(small(two), {}))
      assert.equal("0.25", share(small(two), {weight = "wgt"}))
      assert.equal('there is no variable "nett"', share(small(), {indicator = "nett"}))
   end)

   it("counts codes without labels when they are few and asked for, and refuses many", function()
      if not there then return pending "libreadstat is not here" end
      local bytes = small {{name = "q", cells = {1.0, 5.0, 1.0, 5.0}}}
      with(bytes, function(path)
         local found = assert(import.read(path, {indicator = "q", today = TODAY.today}))
         assert.equal("q=1", found.observations[1].indicator)
         assert.equal("q has no labels: its codes are what is counted", found.warnings[1])
      end)
      local cells, codes = {}, {}
      for i = 1, 30 do cells[i], codes[i] = i + 0.5, "LAO" end
      with(dta {{name = "land", cells = codes}, {name = "income", cells = cells}}, function(path)
         local found = assert(import.read(path, {indicator = "income", period = "2023", today = TODAY.today}))
         assert.matches("are many", found.refusals[1].message)
      end)
   end)

   it("of SAS has the labels of the catalog beside it, and a portable file of SPSS its own", function()
      local maker = (os.getenv "DIFKIT" or "build/release/difkit"):gsub("/?difkit$", "") .. "/tests/test_read_stat"
      local folder = os.tmpname()
      os.remove(folder)
      assert(os.execute("mkdir " .. folder))
      local data, catalog, portable = folder .. "/a.sas7bdat", folder .. "/a.sas7bcat", folder .. "/b.dat"
      if not os.execute(("%s %s %s %s >%s/out"):format(maker, data, catalog, portable, folder))
         or not read(data) then
         os.execute("rm -r " .. folder)
         pending "the program that writes files of SAS, or libreadstat, is not here"
         return
      end
      local function labels_of(path)
         local found = assert(import.read(path, TODAY))
         for _, one in ipairs(found.variables) do
            if one.variable:lower() == "net" then return one.values or "none" end
         end
      end
      assert.equal("1=Yes|2=No", labels_of(data))
      assert(os.rename(catalog, folder .. "/formats.sas7bcat"))
      assert.equal("1=Yes|2=No", labels_of(data))
      local command = (os.getenv "DIFKIT" or "build/release/difkit") .. " import " .. data
      local pipe = assert(io.popen(command))
      assert.truthy(pipe:read "a":find("1=Yes", 1, true)) -- within walls as well
      pipe:close()
      assert(os.rename(folder .. "/formats.sas7bcat", folder .. "/other.sas7bcat"))
      assert.equal("none", labels_of(data))
      local _, message = import.read(folder .. "/other.sas7bcat", TODAY)
      assert.truthy(message:find("catalog of SAS", 1, true), message)
      assert(os.rename(portable, folder .. "/a.sas7bcat"))
      _, message = import.read(data, TODAY)
      assert.truthy(message:find("it is no catalog of SAS", 1, true), message)
      assert.equal("1=Yes|97=Refused", labels_of(folder .. "/a.sas7bcat")) -- whatever its name
      os.execute("rm -r " .. folder)
   end)
end)
