--- Files that a spreadsheet program has saved in another locale, notes below the tables of providers, and columns that
--- only their headings or neighbours explain.
local import = require "difkit.import"
local periods = require "difkit.format.periods"
local with = require("tests.support.bytes").with

--- What a file of these bytes holds, as lines; nil and why it is refused.
local function lines_of(bytes, options)
   local lines, problem = {}, nil
   with(bytes, function(path)
      local given = {today = "2026-01-01", indicator = "x"}
      for name, value in pairs(options or {}) do given[name] = value end
      local found, message = import.read(path, given)
      if not found then
         problem = message
      elseif #found.refusals > 0 then
         problem = found.refusals[1].message .. "; " .. (found.refusals[1].hint or "")
      else
         assert.same({}, found.errors)
         assert.same({}, found.unknown)
         for i, o in ipairs(found.observations) do
            lines[i] = ("%s %s %s %s"):format(o.unit, o.indicator, o.period, import.text(o.value))
         end
         lines.skipped = found.skipped
      end
   end)
   if problem then return nil, problem end
   return lines
end

local function plain(lines)
   lines.skipped = nil
   return lines
end

--- Each provider's layout with two values, that of Laos with three decimals: alone it could be thousands.
local formats = {
   ["world bank"] = {"Country Name,Country Code,Series Name,Series Code,2020 [YR2020]\nLao PDR,LAO,Net,IT.NET,%s\n"
      .. "Viet Nam,VNM,Net,IT.NET,%s\n", "IT.NET"},
   ["world bank, series across"] = {"Country Name,Country Code,Time,Time Code,Net [IT.NET]\n"
      .. "Lao PDR,LAO,2020,YR2020,%s\nViet Nam,VNM,2020,YR2020,%s\n", "IT.NET"},
   eurostat = {"freq,geo\\TIME_PERIOD\t2020 \nA,LU\t%s \nA,EL\t%s b\n", "x", {"LUX", "GRC"}},
   ["sdmx-csv"] = {"DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\nX:F(1.0),LAO,2020,%s\nX:F(1.0),VNM,2020,%s\n", "F"},
   ["un sdg"] = {"SeriesCode,GeoAreaCode,GeoAreaName,TimePeriod,Value\nS,418,Lao PDR,2020,%s\n"
      .. "S,704,Viet Nam,2020,%s\n", "S"},
   ilostat = {"ref_area,source,indicator,time,obs_value\nLAO,A,U,2020,%s\nVNM,A,U,2020,%s\n", "U"},
   hdr = {"iso3,country,hdicode,hdi_2020\nLAO,Lao PDR,High,%s\nVNM,Viet Nam,High,%s\n", "hdi"},
   owid = {"Entity,Code,Year,Net\nLaos,LAO,2020,%s\nVietnam,VNM,2020,%s\n", "Net"},
   gapminder = {"country,2020,2021\nLao,%s,1\nVietnam,%s,1\n"},
}

describe("the files of a provider", function()
   for name, format in require("difkit.sorted")(formats) do
      local text, indicator, units = format[1], format[2], format[3] or {"LAO", "VNM"}

      --- The file with these values, its cells parted by `separator`.
      local function file(first, second, separator)
         local bytes = text:format(first, second)
         return separator and bytes:gsub(",", separator):gsub("\1", ",") or bytes
      end

      it(name .. ": a point, or a comma where the values speak for one", function()
         local function wanted(first, second)
            local list = {("%s %s 2020 %s"):format(units[1], indicator, first),
               ("%s %s 2020 %s"):format(units[2], indicator, second)}
            table.sort(list)
            return list
         end
         if not indicator then return end
         assert.same(wanted("81.201", "0.27"), plain(assert(lines_of(file("81.201", ".27")))))
         local comma = name ~= "eurostat" and ";" or nil
         assert.same(wanted("81.201", "12.5"), plain(assert(lines_of(file("81\001201", "12\0015", comma or ",")))))
         assert.same(wanted("81.201", "0.27"), plain(assert(lines_of(file("81\001201", "\00127", comma or ",")))))
         assert.same(wanted("81201", "5"), plain(assert(lines_of(file("81201", "5")))))
         -- Nothing says what it is.
         local lines, problem = lines_of(file("81\001201", "5", comma or ","))
         assert.is_nil(lines)
         assert.truthy(problem:find('"81,201" may be 81201 or 81.201', 1, true), problem)
         assert.same(wanted("81.201", "5"), plain(assert(lines_of(file("81\001201", "5", comma or ","),
            {decimal = ","}))))
      end)

      it(name .. ": notes below are left out, and said", function()
         local lines = assert(lines_of(file("1.5", "2.5") .. "\nSource: the office, 2024\nA remark\n"))
         assert.equal(name == "gapminder" and 4 or 2, #lines)
         local left = {}
         for _, one in ipairs(lines.skipped) do left[one.label] = true end
         assert.truthy(left["A remark"] and left["Source: the office, 2024"])
      end)
   end

   it("of JSON-stat without roles have the areas that their codes are", function()
      local text = [[{"version": "2.0", "class": "dataset", "id": ["geo", "time"], "size": [2, 1], "dimension": {"geo":
         {"category": {"index": ["%s", "%s"]}}, "time": {"category": {"index": ["2020"]}}}, "value": [1.5, 2.5]}]]
      assert.same({"LAO x 2020 1.5", "VNM x 2020 2.5"}, plain(assert(lines_of((text:format("LAO", "VNM"))))))
      assert.same({"GBR x 2020 2.5", "GRC x 2020 1.5"}, plain(assert(lines_of((text:format("EL", "UK"))))))
   end)
end)

it("XML in any encoding that is known, as its bytes and not its first line say", function()
   local series = '<message:GenericData xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" '
      .. 'xmlns:generic="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"><message:DataSet>'
      .. '<generic:Series><generic:SeriesKey><generic:Value id="REF_AREA" value="LA"/><generic:Value id="INDICATOR" '
      .. 'value="Acc%ss"/></generic:SeriesKey><generic:Obs><generic:ObsDimension value="2020"/>'
      .. '<generic:ObsValue value="1.5"/></generic:Obs></generic:Series></message:DataSet></message:GenericData>'
   local function wide(text) return "\xFF\xFE" .. text:gsub("é", "\xE9"):gsub(".", "%0\0") end
   for name, encode in pairs {
      ["UTF-8"] = function(text) return text end, ["UTF-16"] = wide,
      ["ISO-8859-1"] = function(text) return (text:gsub("é", "\xE9")) end,
      ["windows-1252"] = function(text) return (text:gsub("é", "\xE9")) end,
   } do
      local text = ('<?xml version="1.0" encoding="%s"?>\n'):format(name) .. series:format "é"
      assert.same({"LAO Accés 2020 1.5"}, plain(assert(lines_of(encode(text)))), name)
   end
end)

describe("a plain table", function()
   it("with a column of regions has the countries beside them as its units", function()
      assert.same({"FRA x 2020 3", "LAO x 2020 1", "THA x 2020 2"}, plain(assert(lines_of(
         "Region,Country,Year,Value\nASEAN,Lao PDR,2020,1\nASEAN,Thailand,2020,2\nEurope,France,2020,3\n"))))
   end)

   it("has flags and notes that stand between values for the value before them", function()
      local function said(text)
         local lines = {}
         with(text, function(path)
            for i, o in ipairs(assert(import.read(path, {indicator = "x"})).observations) do
               lines[i] = table.concat({o.unit, o.period, import.text(o.value), o.flag or "-", o.note or "-"}, " ")
            end
         end)
         return lines
      end
      assert.same({"LAO 2020 1 E -", "LAO 2021 2 - -", "THA 2020 5 - -", "THA 2021 6 P -"},
         said "Country,2020,Status,2021,Status\nLao PDR,1,e,2,\nThailand,5,,6,p\n")
      assert.same({"LAO 2020 1 E -", "LAO 2021 2 - -", "THA 2020 5 - -", "THA 2021 6 - -"},
         said "Country,2020,Status,2021\nLao PDR,1,e,2\nThailand,5,,6\n")
      assert.same({"LAO 2020 1 E -", "LAO 2021 2 E -", "THA 2020 5 P -", "THA 2021 6 P -"},
         said "Country,2020,2021,Status\nLao PDR,1,2,e\nThailand,5,6,p\n")
      assert.same({"LAO 2020 1 - a", "LAO 2021 2 - -", "THA 2020 5 - -", "THA 2021 6 - b"},
         said "Country,2020,Note,2021,Note\nLao PDR,1,a,2,\nThailand,5,,6,b\n")
      assert.same({"LAO 2020 1 - a", "LAO 2021 2 - a", "THA 2020 5 - b; c", "THA 2021 6 - b; c"},
         said "Country,2020,2021,Note,Remarks\nLao PDR,1,2,a,\nThailand,5,6,b,c\n")
   end)

   it("beside another one, with other units in its rows, is asked about", function()
      local lines, problem = lines_of "Country,2020,,Country,2021\nLao PDR,1,,Thailand,4\nThailand,2,,Lao PDR,3\n"
      assert.is_nil(lines)
      assert.truthy(problem:find("a second table stands beside the first", 1, true), problem)
      assert.same({"LAO x 2020 1", "LAO x 2021 3", "THA x 2020 2", "THA x 2021 4"}, plain(assert(lines_of(
         "Country,2020,,Country,2021\nLao PDR,1,,Lao PDR,3\nThailand,2,,Thailand,4\n"))))
   end)

   it("above notes that a comma has parted has its rows alone", function()
      assert.same({"LAO x 2020 1", "THA x 2020 2"}, plain(assert(lines_of(
         "Country,Year,Value\nLao PDR,2020,1\nThailand,2020,2\n\nSource: ITU, 2021\nNote: a, b\n"))))
   end)

   it("takes numbers of the UN for units where the heading says that they are", function()
      for _, heading in ipairs {"M49", "Area Code (M49)", "ISO numeric"} do
         assert.same({"BRN x 2020 3", "LAO x 2020 1", "THA x 2020 2"}, plain(assert(lines_of(
            heading .. ",Year,Value\n418,2020,1\n764,2020,2\n'096,2020,3\n"))), heading)
      end
      local _, problem = lines_of "Code,Year,Value\n418,2020,1\n764,2020,2\n704,2020,3\n"
      assert.truthy(problem:find "no column of units")
   end)

   it("has two rows of headings, though a row between them is empty", function()
      assert.same({"LAO Net 2020 1", "LAO Net 2021 2", "LAO People 2020 3", "LAO People 2021 4", "THA Net 2020 5",
         "THA Net 2021 6", "THA People 2020 7", "THA People 2021 8"}, plain(assert(lines_of("A table,,,,\n,,,,\n"
         .. ",Net,,People,\n,,,,\nCountry,2020,2021,2020,2021\nLao PDR,1,2,3,4\nThailand,5,6,7,8\n", {}))))
   end)
end)

it("periods as offices write them", function()
   for text, period in pairs {
      ["January 31, 2020"] = "2020-01-31", ["Feb 1 2020"] = "2020-02-01", ["31-Jan-2020"] = "2020-01-31",
      ["2020/03/31"] = "2020-03-31", ["2020.3.1"] = "2020-03-01", ["202003"] = "2020-03", ["2020 March"] = "2020-03",
      ["2020-Mar"] = "2020-03", ["FY 2019/2020"] = "2019/20",
   } do
      assert.equal(period, (periods.read(text)), text)
   end
   for _, text in ipairs {"202013", "180003", "Smarch 2020", "2020/13/01", "February 30, 2020", "FY 2019/2021"} do
      assert.is_nil((periods.read(text)), text)
   end
   local period, problem = periods.read "Jan-20"
   assert.is_nil(period)
   assert.truthy(problem:find "may be the month of a year or the day of a month")
end)
