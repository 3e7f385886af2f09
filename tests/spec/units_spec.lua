-- Countries by codes and names: the cases of ../shared/import/unit-cases.tsv where it stands, and some of each kind.
local core = require "difkit.core"
local difkit = require "difkit"

local answers = {aggregate = "AGGREGATE", part = "NOT-A-COUNTRY", ambiguous = "AMBIGUOUS", unknown = "UNKNOWN"}
local systems = {
   iso2 = 1, iso3 = 1, m49 = 1, wb = 1, imf = 1, eurostat = 1, hdr = 1, owid = 1, ilo = 1, oecd = 1, un = 1, any = 1,
}

local function answer(text, system)
   local kind, code = core.match_unit(text, systems[system] and system or "name")
   return kind == "unit" and code or answers[kind]
end

describe("units", function()
   it("never match wrongly, and seldom ask, in a thousand published names and codes", function()
      local file = io.open("../shared/import/unit-cases.tsv")
      if not file then
         pending("../shared/import/unit-cases.tsv is not here")
         return
      end
      local wrong, asked, cases = {}, {}, 0
      file:read "l"
      for line in file:lines() do
         local text, system, expected = line:match "^([^\t]*)\t([^\t]*)\t([^\t]*)"
         text = text:gsub("\\u(%x%x%x%x)", function(code) return utf8.char(tonumber(code, 16)) end)
         local got = answer(text, system)
         cases = cases + 1
         if not ("|" .. expected .. "|"):find("|" .. got .. "|", 1, true) then
            local list = (got == "UNKNOWN" or got == "AMBIGUOUS") and asked or wrong
            list[#list + 1] = ("%s (%s): %s, not %s"):format(text, system, got, expected)
         end
      end
      file:close()
      assert.same({}, wrong)
      assert.is_true(cases > 1000)
      assert.is_true(#asked <= 0.02 * cases, table.concat(asked, "\n"))
   end)

   it("are found by the codes of each system, and by those alone", function()
      assert.equal("GRC", answer("EL", "eurostat"))
      assert.equal("UNKNOWN", answer("EL", "iso2"))
      assert.equal("NGA", answer("566", "m49"))
      assert.equal("PHL", answer("566", "imf"))
      assert.equal("AMBIGUOUS", answer("566", "any"))
      assert.equal("NAM", answer("NA", "iso2"))
      assert.equal("UNKNOWN", answer("NA", "name"))
   end)

   it("are found in the members' languages", function()
      for text, code in pairs {["ລາວ"] = "LAO", ["ประเทศลาว"] = "LAO", ["မြန်မာနိုင်ငံ"] = "MMR",
         ["Kemboja"] = "KHM",
         ["Republika ng Pilipinas"] = "PHL", ["Timór Lorosa'e"] = "TLS",
            ["Cộng hòa Dân chủ Nhân dân Lào"] = "LAO"} do
         assert.equal(code, answer(text, "any"))
      end
   end)

   it("keep the two Congos and the two Koreas apart, and ask for either", function()
      assert.equal("COD", answer("Congo, Dem. Rep.", "name"))
      assert.equal("COG", answer("Congo (Brazzaville)", "name"))
      assert.equal("AMBIGUOUS", answer("Congo", "name"))
      assert.equal("COG", answer("Congo", "un"))
      assert.equal("PRK", answer("D.P.R. Korea", "name"))
      assert.equal("AMBIGUOUS", answer("Korea", "name"))
   end)

   it("take no part of a text, and no near miss", function()
      for _, text in ipairs {"Chad Smith", "Turkey meat", "Lebanon, Ohio", "Philipines", "Malaysia (Penang)",
         "Oman Air"} do
         assert.equal("UNKNOWN", answer(text, "name"))
      end
      local _, _, near = core.match_unit("Philipines", "name", true)
      assert.equal("Philippines (PHL)", near)
   end)

   it("refuse a system that there is none of", function()
      local done, problem = pcall(core.match_unit, "VNM", "fips")
      assert.is_false(done)
      assert.equal('unknown system of codes "fips"', problem.message)
   end)
end)

describe("observations: {csv: …, units: names}", function()
   --- What a framework with this CSV file of observations gives: the data, or nil and the findings as text.
   local function load(csv, units)
      local folder = os.tmpname()
      os.remove(folder)
      assert(os.execute("mkdir " .. folder))
      local function write(name, text)
         local file = assert(io.open(folder .. "/" .. name, "wb"))
         file:write(text)
         file:close()
      end
      write("a.yaml", "units:\n  - {id: LAO, title: Laos}\n  - {id: VNM, title: Vietnam}\n  - {id: Ubon, title: A}\n"
         .. "indicators:\n  - {id: net, title: Internet, direction: 1}\n"
         .. ("observations: {csv: net.csv, indicator: net, period: 2020, units: %s}\n"):format(units))
      write("net.csv", csv)
      local db, message, _, findings = difkit.open(folder)
      os.execute("rm -r " .. folder)
      local texts = {}
      for i, one in ipairs(findings or {}) do texts[i] = tostring(one.message) .. "; " .. tostring(one.hint) end
      return db, tostring(message) .. "\n" .. table.concat(texts, "\n")
   end

   it("takes names of countries, and ids of units as they are", function()
      local db <close> = assert(load("unit,value\nLao P.D.R.,1\nViệt Nam,2\nUbon,3\n", "names"))
      local list = {}
      for row in db:query "SELECT unit_id, value FROM observation ORDER BY unit_id" do
         list[#list + 1] = row.unit_id .. "=" .. row.value
      end
      assert.equal("LAO=1.0 Ubon=3.0 VNM=2.0", table.concat(list, " "))
   end)

   it("takes codes of a system", function()
      local db <close> = assert(load("unit,value\n418,1\n704,2\n", "m49"))
      assert.equal(2, db:query("SELECT count(*) FROM observation WHERE unit_id IN ('LAO', 'VNM')"):value())
   end)

   it("names what is no unit: a group, a slip, and what may be two", function()
      local db, said = load("unit,value\nWorld,1\nVietnan,2\nCongo,3\n", "names")
      assert.is_nil(db)
      assert.truthy(said:find('"World" is a group of units, not one', 1, true), said)
      assert.truthy(said:find("the nearest is Vietnam (VNM)", 1, true), said)
      assert.truthy(said:find('"Congo" may be any of COD COG', 1, true), said)
   end)

   it("refuses a system that there is none of", function()
      local db, said = load("unit,value\nLAO,1\n", "fips")
      assert.is_nil(db)
      assert.truthy(said:find('"units" must be names, or a system of codes', 1, true), said)
   end)
end)

describe("table:match_units", function()
   it("adds the unit of each row, or why there is none", function()
      local t = difkit.table({"land", "n"}, {{"Viêt Nam", 1}, {"ASEAN", 2}, {"Congo", 3}, {nil, 4}}):match_units "land"
      assert.same({"land", "n", "unit", "match"}, t.columns)
      assert.same({"VNM"}, {t[1].unit, t[1].match})
      assert.same("a group of units", t[2].match)
      assert.same("may be COD or COG", t[3].match)
      assert.is_nil(t[4].unit)
      assert.is_nil(t[4].match)
   end)

   it("reads a column of alpha-2 codes as such: all cells decide together", function()
      local t = difkit.table({"c"}, {{"ID"}, {"NO"}, {"NA"}}):match_units "c"
      assert.same({"IDN", "NOR", "NAM"}, {t[1].unit, t[2].unit, t[3].unit})
   end)

   it("lets decisions go before the names", function()
      local t = difkit.table({"c"}, {{"Congo"}, {"Laos"}})
      t = t:match_units("c", {match = {Congo = "COD"}, exclude = {"Laos"}})
      assert.equal("COD", t[1].unit)
      assert.equal("left out as units.yaml says", t[2].match)
   end)
end)
