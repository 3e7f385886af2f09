-- Files of each kind that the samples have not: made here, in the layout that their makers document or use.
local import = require "difkit.import"
local with = require("tests.support.bytes").with
local xlsx = require "tests.support.xlsx"

local TODAY = {today = "2026-01-01"}

--- "LAO NET 2020 1.5 E" and so on, in order; and what was found.
local function rows_of(bytes, options)
   return with(bytes, function(path)
      local found = assert(import.read(path, options or TODAY))
      local name, lines = path:match "[^/]+$":gsub("%.%w+$", ""), {}
      for i, o in ipairs(found.observations) do
         local indicator = o.indicator:gsub(name, "FILE")
         lines[i] = ("%s %s %s %s%s"):format(o.unit, indicator, o.period, o.value and import.text(o.value) or "-",
            o.flag and " " .. o.flag or "")
      end
      return lines, found
   end)
end

describe("the World Bank's workbooks", function()
   local net = "Individuals using the Internet (% of population)"
   local footer = {{}, {}, {}, {"Data from database: World Development Indicators"}, {"Last Updated: 10/24/2024"}}
   local metadata = {name = "Series - Metadata", rows = {{"Code", "License Type"}, {"IT.NET.USER.ZS", "CC BY-4.0"}}}
   local wanted = {"LAO IT.NET.USER.ZS 2018 - O", "LAO IT.NET.USER.ZS 2019 25.5", "VNM IT.NET.USER.ZS 2018 69.848",
      "VNM IT.NET.USER.ZS 2019 68.7"}

   local function databank(rows)
      for _, row in ipairs(footer) do rows[#rows + 1] = row end
      return xlsx{{name = "Data", rows = rows}, metadata}
   end

   it("of DataBank, with countries or series first", function()
      local lines, found = rows_of(databank{
         {"Country Name", "Country Code", "Series Name", "Series Code", "2018 [YR2018]", "2019 [YR2019]"},
         {"Viet Nam", "VNM", net, "IT.NET.USER.ZS", 69.848, 68.7}, {"Lao PDR", "LAO", net, "IT.NET.USER.ZS", "..",
            25.5},
         {"East Asia & Pacific", "EAS", net, "IT.NET.USER.ZS", 52, 54},
      })
      assert.same(wanted, lines)
      assert.equal("world-bank", found.kind)
      assert.equal("2024-10-24", found.source.updated)
      assert.equal("East Asia & Pacific", found.skipped[1].label)
      assert.same(wanted, (rows_of(databank{
         {"Series Name", "Series Code", "Country Name", "Country Code", "2018 [YR2018]", "2019 [YR2019]"},
         {net, "IT.NET.USER.ZS", "Viet Nam", "VNM", 69.848, 68.7}, {net, "IT.NET.USER.ZS", "Lao PDR", "LAO", "..",
            25.5},
      })))
   end)

   it("of DataBank, with years down and a column for each series", function()
      assert.same({"LAO IT.NET.USER.ZS 2019 - O", "LAO NY.GDP.MKTP.CD 2019 25500000000",
         "VNM IT.NET.USER.ZS 2018 69.848",
         "VNM NY.GDP.MKTP.CD 2018 100000000000"}, (rows_of(databank{
         {"Time", "Time Code", "Country Name", "Country Code", net .. " [IT.NET.USER.ZS]", "GDP [NY.GDP.MKTP.CD]"},
         {2018, "YR2018", "Viet Nam", "VNM", 69.848, 1e11}, {2019, "YR2019", "Lao PDR", "LAO", "..", 25500000000},
      })))
   end)

   it("with what was decided about a name before what its code means", function()
      local rows = {{"Country Name", "Country Code", "Series Name", "Series Code", "2018 [YR2018]", "2019 [YR2019]"},
         {"Viet Nam", "VNM", net, "IT.NET.USER.ZS", 1, 2}, {"East Asia & Pacific", "EAS", net, "IT.NET.USER.ZS", 3, 4}}
      local decisions = {match = {["East Asia & Pacific"] = "EAP"}, exclude = {VNM = true}}
      local lines, found = rows_of(databank(rows), {decisions = decisions, today = TODAY.today})
      assert.same({"EAP IT.NET.USER.ZS 2018 3", "EAP IT.NET.USER.ZS 2019 4"}, lines)
      assert.equal("Viet Nam", found.skipped[1].label)
   end)

   it("of the WDI and of the API, whose sheet of countries tells the groups", function()
      local rows = {{"Country Name", "Country Code", "Indicator Name", "Indicator Code", "2018", "2019"},
         {"Viet Nam", "VNM", net, "IT.NET.USER.ZS", 69.8, 68.7}, {"Kin of the East", "KIE", net, "IT.NET.USER.ZS", 1,
            2}}
      local countries = {name = "Metadata - Countries", rows = {{"Country Code", "Region", "IncomeGroup"},
         {"VNM", "East Asia & Pacific", "Lower middle income"}, {"KIE", "", ""}}}
      local above = {{"Data Source", "World Development Indicators"}, {}, {"Last Updated Date", "2021-09-15"}, {}}
      for _, start in ipairs {{}, above} do
         local all = table.move(rows, 1, #rows, #start + 1, table.move(start, 1, #start, 1, {}))
         local lines, found = rows_of(xlsx{{name = "Data", rows = all}, countries})
         assert.same({"VNM IT.NET.USER.ZS 2018 69.8", "VNM IT.NET.USER.ZS 2019 68.7"}, lines)
         assert.equal("Kin of the East", found.skipped[1].label)
      end
   end)
end)

it("the bulk files of the WDI in their archive: groups, footnotes and licence from the files beside the data",
   function()
   local zip = require "tests.support.zip"
   local lines, found = rows_of(zip{
      ["WDICSV.csv"] = '"Country Name","Country Code","Indicator Name","Indicator Code","2018","2019"\n'
         .. '"Viet Nam","VNM","Net","IT.NET","69.8","68.7"\n"Kin of the East","KIE","Net","IT.NET","1","2"\n',
      ["WDICountry.csv"] = '"Country Code","Short Name","Region","Income Group"\n"VNM","Viet Nam","East Asia","Lower"\n'
         .. '"KIE","Kin","",""\n',
      ["WDISeries.csv"] = '"Series Code","Topic","Indicator Name","License Type"\n"IT.NET","Net","Net","CC BY-4.0"\n',
      ["WDIfootnote.csv"] = '"CountryCode","SeriesCode","Year","Description"\n"VNM","IT.NET","YR2019","Estimate"\n',
   })
   assert.same({"VNM IT.NET 2018 69.8", "VNM IT.NET 2019 68.7"}, lines)
   assert.equal("Estimate", found.observations[2].note)
   assert.equal("CC BY-4.0", found.source.licence)
   assert.equal("Kin of the East", found.skipped[1].label)
end)

it("a workbook of the UN's SDG database, whose cells are all texts and whose dimensions stand in brackets", function()
   local function row(area, name, value, nature)
      return {"1", "1.1", "1.1.1", "SI_POV_DAY1", "Poverty", area, name, "2018", value, "2018", "", "WB", "a note",
         nature,
         "G", "BOTHSEX", "PERCENT"}
   end
   local lines, found = rows_of(xlsx{{name = "Goal1", rows = {
      {"Goal", "Target", "Indicator", "SeriesCode", "SeriesDescription", "GeoAreaCode", "GeoAreaName", "TimePeriod",
         "Value", "Time_Detail", "BasePeriod", "Source", "FootNote", "[Nature]", "[Reporting Type]", "[Sex]",
            "[Units]"},
      row("704", "Viet Nam", "1.2", "C"), row("418", "Lao People's Democratic Republic", "<1", "E"),
      row("1", "World", "9.3", "E"),
   }}})
   assert.same({"LAO SI_POV_DAY1;Sex=BOTHSEX 2018 - O", "VNM SI_POV_DAY1;Sex=BOTHSEX 2018 1.2 A"}, lines)
   assert.equal("below 1", found.observations[1].note)
end)

it("the UN's SDG database keeps the global of two reports of one value, whichever comes first", function()
   local head = "SeriesCode,GeoAreaCode,GeoAreaName,TimePeriod,Value,Reporting Type\n"
   for _, body in ipairs {"X,704,Viet Nam,2018,1.5,N\nX,704,Viet Nam,2018,1.6,G\n",
      "X,704,Viet Nam,2018,1.6,G\nX,704,Viet Nam,2018,1.5,N\n"} do
      local lines, found = rows_of(head .. body)
      assert.same({"VNM X 2018 1.6"}, lines)
      assert.matches("G was kept", found.warnings[1])
   end
end)

it("ILOSTAT tells two sources of one value apart", function()
   local head = "ref_area,source,indicator,sex,time,obs_value,obs_status\n"
   assert.same({"LAO X;sex=T 2020 1", "VNM X;sex=T 2020 2"}, (rows_of(head
      .. "LAO,A,X,T,2020,1,\nVNM,B,X,T,2020,2,\n")))
   assert.same({"LAO X;source=A;sex=T 2020 1", "LAO X;source=B;sex=T 2020 2"}, (rows_of(head
      .. "LAO,A,X,T,2020,1,\nLAO,B,X,T,2020,2,\n")))
end)

describe("SDMX-CSV 2.0", function()
   local wanted = {"LAO DF_X;SEX=F 2020 1.5 A"}

   it("as codes, as codes with names in cells, and with names beside the codes", function()
      assert.same(wanted, (rows_of("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
         .. "dataflow,OECD:DF_X(1.0),I,A,LAO,F,2020,1.5,A\n")))
      assert.same(wanted, (rows_of("STRUCTURE;STRUCTURE_ID;ACTION;FREQ: Frequency;REF_AREA: Reference area;SEX: Sex;"
         .. "TIME_PERIOD: Time;OBS_VALUE: Value;OBS_STATUS: Status\n"
         .. "dataflow;OECD:DF_X(1.0): A flow;I;A: Annual;LAO: Lao PDR;F: Female;2020;1.5;A: Normal\n")))
      assert.same(wanted,
         (rows_of("STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,Frequency of observation,REF_AREA,"
         .. "Reference area,SEX,Sex,TIME_PERIOD,Time period,OBS_VALUE,Observation value,OBS_STATUS,Status\n"
         .. "dataflow,OECD:DF_X(1.0),A flow,I,A,Annual,LAO,Lao PDR,F,Female,2020,,1.5,,A,Normal\n")))
   end)

   it("with its components in another order: a column behind the values tells rows apart where it has to", function()
      local head = "STRUCTURE[;],STRUCTURE_ID,ACTION,TIME_PERIOD,REF_AREA,OBS_VALUE,SEX,CONTACT\n"
      assert.same({"LAO DF_X;SEX=F 2020 1.5", "LAO DF_X;SEX=M 2020 2.5"}, (rows_of(head
         .. "dataflow,OECD:DF_X(1.0),I,2020,LAO,1.5,F,x\ndataflow,OECD:DF_X(1.0),I,2020,LAO,2.5,M,x\n")))
   end)

   it("as UNICEF, Data360 and the old database of the OECD write it", function()
      assert.same({"LAO CME;SEX=_T 2019 35900 A"},
         (rows_of("DATAFLOW,REF_AREA:Geographic area,INDICATOR:Indicator,SEX:Sex,"
         .. "TIME_PERIOD:Time period,OBS_VALUE:Observation Value,UNIT_MULTIPLIER:Unit multiplier,OBS_STATUS:Status\n"
         .. "UNICEF:CME(1.0),LAO: Lao PDR,CME: Neonatal,_T: Total,2019,35.9,3: Thousands,A: Normal\n")))
      local lines, found = rows_of("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,FREQ_LABEL,REF_AREA,REF_AREA_LABEL,INDICATOR,"
         .. "INDICATOR_LABEL,SEX,SEX_LABEL,TIME_PERIOD,OBS_VALUE,UNIT_MULT,OBS_STATUS\n"
         .. "datastructure,WB.DATA360:DS(1.3),I,A,Annual,LAO,Lao PDR,WB_X,An indicator,_T,Total,2020,1.5,0,A\n"
         .. "datastructure,WB.DATA360:DS(1.3),I,A,Annual,EAS,East Asia,WB_X,An indicator,_T,Total,2020,9,0,A\n")
      assert.same({"LAO WB_X;SEX=_T 2020 1.5 A"}, lines)
      assert.equal("EAS", found.skipped[1].label)
      assert.same({"AUS T_GDP;MEASURE=C 2019 1980000500000 E"},
         (rows_of('"LOCATION","Country","SUBJECT","Subject","MEASURE",'
         .. '"Measure","TIME","Time","Unit Code","Unit","PowerCode Code","PowerCode","Value","Flag Codes",'
         .. '"Flags"\n"AUS",'
         .. '"Australia","T_GDP","GDP","C","Current","2019","2019","AUD","Dollar","6","Millions",'
         .. '1980000.5,"E","Estimated"'
         .. "\n")))
   end)

   it("of Eurostat, with labels in its cells", function()
      assert.same({"GRC UNE;sex=F 2020 1.5 B;E"}, (rows_of("DATAFLOW,LAST UPDATE,freq,sex,geo,TIME_PERIOD,OBS_VALUE,"
         .. "OBS_FLAG\nESTAT:UNE(1.0),25/09/25 23:00:00,A:Annual,F:Females,EL:Greece,2020,1.5,be\n")))
   end)
end)

describe("SDMX-ML", function()
   local message = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
   local function generic(at, set)
      return ('<?xml version="1.0"?><m:GenericData xmlns:m="%s" xmlns:g="g" xmlns:c="c"><m:Header><m:Structure '
         .. 'dimensionAtObservation="%s"><c:StructureUsage><Ref id="DF_Y"/></c:StructureUsage></m:Structure></m:Header>'
         .. '<m:DataSet>%s</m:DataSet></m:GenericData>'):format(message, at, set)
   end

   it("generic, flat, and across countries", function()
      assert.same({"LAO NET 2020 1.5 E"}, (rows_of(generic("AllDimensions", '<g:Obs><g:ObsKey><g:Value id="REF_AREA" '
         .. 'value="LAO"/><g:Value id="INDICATOR" value="NET"/><g:Value id="TIME_PERIOD" value="2020"/></g:ObsKey>'
         .. '<g:ObsValue value="1.5"/><g:Attributes><g:Value id="OBS_STATUS" value="E"/></g:Attributes></g:Obs>'))))
      assert.same({"LAO DF_Y;SEX=F 2020 1.5", "VNM DF_Y;SEX=F 2020 2.5"}, (rows_of(generic("REF_AREA", '<g:Series>'
         .. '<g:SeriesKey><g:Value id="SEX" value="F"/><g:Value id="TIME_PERIOD" value="2020"/></g:SeriesKey><g:Obs>'
         .. '<g:ObsDimension value="LA"/><g:ObsValue value="1.5"/></g:Obs><g:Obs><g:ObsDimension value="VN"/>'
         .. '<g:ObsValue value="2.5"/></g:Obs></g:Series>'))))
   end)

   it("structure-specific, with the power of ten of its series", function()
      assert.same({"LAO FILE;SEX=F 2020 1500 A", "LAO FILE;SEX=F 2021 - O"}, (rows_of('<?xml version="1.0"?>'
         .. '<m:StructureSpecificData xmlns:m="' .. message .. '" xmlns:s="s"><m:Header/><m:DataSet s:action="Replace">'
         .. '<Series FREQ="A" REF_AREA="LA" SEX="F" UNIT_MULT="3"><Obs TIME_PERIOD="2020" OBS_VALUE="1.5" '
         .. 'OBS_STATUS="A"/><Obs TIME_PERIOD="2021" OBS_VALUE="NaN"/></Series></m:DataSet>'
         .. '</m:StructureSpecificData>')))
   end)
end)

it("the indicator of a file that names none is the one that is said", function()
   local options = {indicator = "net", today = TODAY.today}
   assert.same({"LAO net 2019 1"}, (rows_of("country,2019,2020\nLao PDR,1,\nViet Nam,,\n", options)))
   assert.same({"LAO net;unit=PC 2019 1"}, (rows_of("freq,unit,geo\\TIME_PERIOD\t2019 \nA,PC,LA\t1 \n", options)))
   assert.same({"LAO net 2019 1"}, (rows_of('{"class":"dataset","id":["geo","time"],"size":[1,1],"dimension":{"geo":'
      .. '{"category":{"index":["LA"]}},"time":{"category":{"index":["2019"]}}},"value":[1]}', options)))
end)

it("two files of an archive are asked about by their names, and a number by its two readings", function()
   local zip = require "tests.support.zip"
   local text = "Member State,2019\nLao PDR,1\nViet Nam,3\n"
   with(zip{["a.csv"] = text, ["b.csv"] = text}, function(path)
      assert.matches('"a.csv" and "b.csv" in the archive both hold units', select(2, import.read(path, TODAY)))
   end)
   local _, found = rows_of "country;year;value\nLao PDR;2019;1.234\nViet Nam;2019;5.678\n"
   assert.matches('"1.234" may be 1234 or 1.234', found.refusals[1].message)
end)

it("JSON-stat keeps a gap that has a reason, and asks which of a collection", function()
   assert.same({"LAO FILE 2019 1", "LAO FILE 2020 - O"}, (rows_of('{"class":"dataset","id":["geo","time"],"size":[1,2],'
      .. '"dimension":{"geo":{"category":{"index":{"LA":0}}},"time":{"category":{"index":["2019","2020"]}}},'
      .. '"value":[1,null],"status":{"1":":"}}')))
   local _, found = rows_of '{"class":"collection","link":{"item":[]}}'
   assert.matches("several datasets", found.refusals[1].message)
end)

it("a document that is not built as its kind is refused, and no error of the library", function()
   local whole = '{"data":{"dataSets":[{"series":{"0":{"observations":{"0":[1.5]}}}}],"structures":[{"dimensions":'
      .. '{"series":[{"id":"REF_AREA","%s":[{"id":"LAO"}]}],"observation":[{"id":"TIME_PERIOD","values":'
      .. '[{"id":"2019"}]}]}}]}}'
   assert.same({"LAO FILE 2019 1.5"}, (rows_of(whole:format "values")))
   with(whole:format "valves", function(path)
      local found, message, code = import.read(path, TODAY)
      assert.same({nil, path .. ": it begins as SDMX-JSON, and is not built as such a file is; something in it is "
         .. "missing, or of another kind than expected; get the file anew", "data"}, {found, message, code})
   end)
end)

describe("CSV on the Web", function()
   local metadata = '{"@context":"http://www.w3.org/ns/csvw","url":"%s","dialect":{"delimiter":"|"},"tableSchema":'
      .. '{"columns":[{"titles":"land"},{"titles":"year","datatype":"gYear"},{"titles":["net"],"dc:description":'
      .. '"Internet users","datatype":{"base":"decimal","format":{"decimalChar":",","groupChar":"."}},'
      .. '"null":["-99"]}]}}'

   it("is read as its metadata say: separator, decimal sign, missing values", function()
      with("land|year|net\nLAO|2020|1.234,5\nVNM|2020|-99\n", function(path)
         local lines, found = with(metadata:format(path:match "[^/]+$"), function(description)
            local found = assert(import.read(description, TODAY))
            local lines = {}
            for i, o in ipairs(found.observations) do lines[i] = o.unit .. " " .. tostring(o.value) end
            return lines, found
         end, path .. "-metadata.json")
         assert.equal("csvw", found.kind)
         assert.same({"LAO 1234.5", "VNM nil"}, lines)
         assert.equal("Internet users", found.indicators[1].title)
      end)
   end)

   it("takes no table from elsewhere", function()
      for _, url in ipairs {"../x.csv", "/etc/passwd", "https://example.org/x.csv"} do
         local _, found = rows_of(metadata:format(url))
         assert.matches("does not stand beside its metadata", found.refusals[1].message)
      end
   end)
end)

describe("a sheet made by hand", function()
   local body = {{"Lao PDR", 1, 2, 3, 4}, {"Viet Nam", 5, 6, 7, 8}, {"ASEAN", 9, 9, 9, 9}}
   local wanted = {"LAO Internet 2019 1", "LAO Internet 2020 2", "LAO Mobile 2019 3", "LAO Mobile 2020 4",
      "VNM Internet 2019 5", "VNM Internet 2020 6", "VNM Mobile 2019 7", "VNM Mobile 2020 8"}

   it("with two or three heading rows, merged cells and a footer", function()
      local two = {{"Country", "Internet", "", "Mobile", ""}, {"", 2019, 2020, 2019, 2020}, body[1], body[2], body[3],
         {},
         {"Source: Ministry of Post"}, {"* provisional"}}
      local lines, found = rows_of(xlsx{{name = "S", rows = two, merges = {"B1:C1", "D1:E1", "A1:A2"}}})
      assert.same(wanted, lines)
      assert.equal("Ministry of Post", found.source.title)
      assert.same(wanted, (rows_of(xlsx{{name = "S", merges = {"A1:E1", "B3:E3", "B4:C4", "D4:E4", "A3:A5"}, rows = {
         {"Table 1. Access to ICT"}, {}, {"Country", "Percent of households"}, {"", "Internet", "", "Mobile", ""},
         {"", 2019, 2020, 2019, 2020}, body[1], body[2], {}, {"Note: households with a device"}}}})))
   end)

   it("with the values and the flags of each year side by side", function()
      local flagged = {"LAO FILE 2019 1 E", "LAO FILE 2020 2", "VNM FILE 2019 3", "VNM FILE 2020 4 P"}
      assert.same(flagged, (rows_of("Economy,2019_value,2019_flag,2019_source,2020_value,2020_flag,2020_source\n"
         .. "Lao PDR,1,E,A,2,,B\nViet Nam,3,,A,4,P,B\n")))
      assert.same({"LAO FILE 2019 1", "VNM FILE 2019 3"}, (rows_of "country,2019 value\nLao PDR,1\nViet Nam,3\n"))
   end)

   it("with countries across, and as a workbook with macros, whatever its ending says", function()
      assert.same({"LAO FILE 2019 1", "LAO FILE 2020 3", "VNM FILE 2019 2", "VNM FILE 2020 4"},
         (rows_of(xlsx{{name = "S",
         rows = {{"Year", "Lao PDR", "Viet Nam"}, {2019, 1, 2}, {2020, 3, 4}}}})))
      assert.same({"LAO FILE 2019 1", "LAO FILE 2020 2", "VNM FILE 2019 3", "VNM FILE 2020 4"},
         (rows_of(xlsx({{name = "S",
         rows = {{"Country", 2019, 2020}, {"Lao PDR", 1, 2}, {"Viet Nam", 3, 4}}}}, true))))
   end)

   it("leaves out sums beside the years, saying so, and refuses pivot tables", function()
      local lines, found = rows_of(xlsx{{name = "S", rows = {{"Country", 2019, 2020, "Change"}, {"Lao PDR", 1, 2, 1},
         {"Viet Nam", 3, 5, 2}}}})
      assert.equal(4, #lines)
      assert.equal('column "Change"', found.skipped[1].label)
      local _
      _, found = rows_of(xlsx{{name = "P", rows = {{"Sum of value", "Column Labels"}, {"Row Labels", 2019,
         "Grand Total"},
         {"Lao PDR", 1, 1}, {"Viet Nam", 3, 3}, {"Grand Total", 4, 4}}}})
      assert.matches("pivot table", found.refusals[1].message)
   end)
end)

it("workbooks without a table of observations, or with two, are refused or asked about", function()
   local country = {"Country", 2019, 2020}
   local function with_units(a, b) return {country, {"Lao PDR", a, b}, {"Viet Nam", b, a}} end
   local cases = {
      {"an empty sheet", {{name = "S", rows = {}}}}, {"a sheet of spaces", {{name = "S", rows = {{" "}, {" ", " "}}}}},
      {"hidden sheets alone", {{name = "S", rows = with_units(1, 2), hidden = true}}},
      {"two sheets with units", {{name = "A", rows = with_units(1, 2)}, {name = "B", rows = with_units(3, 4)}}},
      {"two tables on a sheet", {{name = "S", rows = {country, {"Lao PDR", 1, 2}, {"Viet Nam", 3, 4}, {}, {"Mobile"},
         country, {"Lao PDR", 11, 12}, {"Viet Nam", 13, 14}}}}},
      {"two tables side by side", {{name = "S", rows = {{"Country", 2019, 2020, "", "Country", 2019, 2020},
         {"Lao PDR", 1, 2, "", "Lao PDR", 11, 12}, {"Viet Nam", 3, 4, "", "Viet Nam", 13, 14}}}}},
      {"a pivot table", {{name = "P", rows = {{"Row Labels", "Sum of x"}, {"Lao PDR", 1}, {"Viet Nam", 2}}}}},
      {"an invoice", {{name = "S", rows = {{"Item", "Quantity", "Price"}, {"Pens", 10, 2.5}, {"Total", "", 25}}}}},
      {"units without periods", {{name = "S", rows = {{"Country", "Value"}, {"Lao PDR", 1}, {"Viet Nam", 2}}}}},
      {"a calendar", {{name = "S", rows = {{"January", "February"}, {"1", "2"}, {"3", "4"}}}}},
   }
   for _, case in ipairs(cases) do
      with(xlsx(case[2]), function(path)
         local found, message = import.read(path, TODAY)
         assert.is_true(found == nil or #found.refusals > 0, case[1] .. " was taken")
         assert.is_string(message or found.refusals[1].message)
         assert.is_true(found == nil or #found.observations == 0)
      end)
   end
end)

describe("rows and cells that are easily lost", function()
   local function of(rows, merges) return rows_of(xlsx{{name = "S", rows = rows, merges = merges}}) end
   local wanted = {"LAO FILE;Sex=Female 2019 3", "LAO FILE;Sex=Male 2019 1", "VNM FILE;Sex=Female 2019 7",
      "VNM FILE;Sex=Male 2019 5"}
   local sexes = {{"Country", "Sex", 2019}, {"Lao PDR", "Male", 1}, {"", "Female", 3}, {"Viet Nam", "Male", 5},
      {"", "Female", 7}}

   it("a unit that is merged over several rows holds for all of them; without merging it is asked", function()
      assert.same(wanted, (of(sexes, {"A2:A3", "A4:A5"})))
      local _, found = of(sexes)
      assert.equal("S!C3", found.refusals[1].place)
      assert.matches("without a unit", found.refusals[1].message)
   end)

   it("a name that is no unit is told where it stands first or last", function()
      local rows = {{"Member State", 2019, 2020}, {"Lao PDR", 1, 2}, {"Viet Nam", 3, 4}, {"Cambodia", 5, 6},
         {"Thailand", 5, 6}}
      for _, place in ipairs {2, 6} do
         local changed = table.move(rows, 1, #rows, 1, {})
         table.insert(changed, place, {"Philipines", 7, 8})
         local lines, found = of(changed)
         assert.equal(8, #lines)
         assert.equal("Philipines", found.unknown[1].label)
         assert.equal("S!A" .. place, found.unknown[1].place)
      end
   end)

   it("columns that follow the unit, tags of HXL and footnotes are no dimensions", function()
      assert.same({"LAO net 2019 1", "LAO net 2020 2", "VNM net 2019 3"}, (rows_of("country,Bloc,iso,year,net\n"
         .. "Lao PDR,A,X1,2019,1\nLao PDR,A,X1,2020,2\nViet Nam,B,X2,2019,3\n")))
      assert.same({"LAO FILE;Bloc=A 2019 1", "LAO FILE;Bloc=B 2019 2", "VNM FILE;Bloc=B 2019 3"}, (rows_of(
         "country,Bloc,year,value\nLao PDR,A,2019,1\nLao PDR,B,2019,2\nViet Nam,B,2019,3\n")))
      assert.same({"LAO FILE 2019 1", "VNM FILE 2019 3"}, (rows_of(
         "Country,Year,Value\n#country+name,#date+year,#indicator+value\nLao PDR,2019,1\nViet Nam,2019,3\n")))
      assert.same({"LAO FILE 2019 1", "VNM FILE 2019 3"},
         (rows_of('"Country or Area","Year","Value","Value Footnotes"\n'
         .. '"Lao PDR","2019","1","1"\n"Viet Nam","2019","3",""\n"footnoteSeqID","Footnote"\n"1","Estimate."\n')))
      assert.same({"LAO share 2019 1", "VNM share 2019 4"}, (rows_of(
         "entity,code,year,share\nLaos,LAO,2019,1\nWorld,OWID_WRL,2019,3\nVietnam,VNM,2019,4\n")))
   end)

   it("codes in small letters are codes", function()
      assert.same({"KHM FILE 1960 3", "LAO FILE 1960 1", "VNM FILE 1960 2"},
         (rows_of "geo,1960,1961\nlao,1,\nvnm,2,\nkhm,3,\n"))
      assert.same({"LAO income 2000 1", "VNM income 2000 2"}, (rows_of "geo,time,income\nlao,2000,1\nvnm,2000,2\n"))
   end)

   it("years of the Buddhist calendar are asked about, or read where they say so", function()
      local text = "country,%s,%s\nThailand,1,2\nLao PDR,3,4\n"
      local _, found = rows_of(text:format("2562", "2563"))
      assert.matches("may be the year 2019 of the Buddhist calendar", found.refusals[1].message)
      assert.equal("THA FILE 2020 2", (rows_of(text:format("2562", "2563"), {calendar = "buddhist",
         today = TODAY.today}))[4])
      assert.equal("THA FILE 2020 2", (rows_of(text:format("2562 (BE)", "B.E. 2563")))[4])
   end)

   it("a progress sheet with a column for each country", function()
      with(xlsx{{name = "P", rows = {{"Status as of 30 June 2024"}, {"Action ID", "Action", "Lao PDR", "Viet Nam"},
         {"DIFAP.TF.1", "x", "Completed", "On-going"}, {"DIFAP.TF.2", "y", "N/A", "Delayed"}}}}, function(path)
         local found = assert(import.read(path, TODAY))
         local lines = {}
         for i, row in ipairs(found.progress) do lines[i] = ("%s %s %s %s"):format(row.action, row.unit, row.status,
            row.place) end
         assert.same({"DIFAP.TF.1 LAO completed P!C3", "DIFAP.TF.1 VNM in_progress P!D3",
            "DIFAP.TF.2 VNM delayed P!D4"},
            lines)
         assert.equal("2024-06-30", found.as_of)
      end)
   end)
end)
