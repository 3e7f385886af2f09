--- Observations gathered outside of Lua: their order, those that stand twice, and rows that are read without Lua
--- beside those that need thought.
local core = require "difkit.core"
local import = require "difkit.import"
local with = require("tests.support.bytes").with

--- All that a gathering holds, as lines.
local function lines_of(gather)
   local lines, walk = {}, gather:walk()
   while true do
      local unit, indicator, period, value, flag, note, place = walk:next()
      if not unit then return lines end
      lines[#lines + 1] = table.concat({indicator, unit, period, tostring(value), flag, note, place}, "|")
   end
end

describe("a gathering of observations", function()
   it("has them in the order of indicator, unit and period, in one run or in many", function()
      math.randomseed(4)
      local rows, wanted = {}, {}
      for i = 1, 7 do
         for u = 1, 30 do
            for p = 2000, 2019 do
               rows[#rows + 1] = {("U%d"):format(u), ("i%d"):format(i), tostring(p), i * u + p / 4,
                  p % 5 == 0 and "E" or "", p % 7 == 0 and ("note of %d, at length"):format(p) or "", i .. ":" .. p}
            end
         end
      end
      for i = #rows, 2, -1 do
         local j = math.random(i)
         rows[i], rows[j] = rows[j], rows[i]
      end
      for _, r in ipairs(rows) do
         local value = math.tointeger(r[4]) or r[4]
         local line = table.concat({r[2], r[1], r[3], tostring(value), r[5], r[6], r[7]}, "|")
         wanted[#wanted + 1] = {r[2], r[1], r[3], line}
      end
      table.sort(wanted, function(a, b)
         for k = 1, 3 do if a[k] ~= b[k] then return a[k] < b[k] end end
      end)
      for i, one in ipairs(wanted) do wanted[i] = one[4] end
      for _, size in ipairs {0, 200, 4096, 100000} do
         local gather = core.gather(size)
         for _, r in ipairs(rows) do gather:put(table.unpack(r)) end
         gather:finish()
         assert.equal(#rows, gather:size())
         assert.same(wanted, lines_of(gather), size)
         local units, indicators, periods, flags = gather:used()
         assert.equal(140, units.U7)
         assert.equal(600, indicators.i3)
         assert.equal(210, periods["2004"])
         assert.equal(840, flags.E)
         local low, high = gather:range "i2"
         assert.equal(502, low)                    -- 2 × 1 + 2000 / 4
         assert.equal(60 + 2019 / 4, high)
      end
   end)

   it("keeps the first of two with one key, and tells both places; one of a higher rank goes before it", function()
      for _, size in ipairs {0, 100} do
         local gather = core.gather(size)
         gather:put("LAO", "i", "2020", 1, "", "", "9:1")
         gather:put("LAO", "i", "2021", 5, "", "", "7:2")
         gather:put("LAO", "i", "2020", 2, "", "", "Data!C3")
         gather:put("LAO", "i", "2020", 1, "E", "", "11:1")
         gather:put("LAO", "i", "2021", 6, "", "other", "8:2", 1)
         gather:put("LAO", "i", "2021", 7, "", "", "9:2", 0)
         gather:finish()
         local twins, same, outranked = gather:twins()
         assert.same({{"i", "LAO", "2020", "Data!C3", "9:1", 2, 1}}, twins)
         assert.equal(1, same)
         assert.equal(2, outranked)
         assert.same({"i|LAO|2020|1|||9:1", "i|LAO|2021|6||other|8:2"}, lines_of(gather))
      end
   end)

   it("keeps every place as it was written", function()
      local places = {"1:1", "12:345", "line 7", "Sheet 2!AB10", "Year 2020!C0007", "series 0:3:1", "", "0", "none",
         "99999999999:1", "a:5:b"}
      local gather = core.gather(0)
      for i, place in ipairs(places) do gather:put("U", "i", ("%02d"):format(i), nil, "O", "", place) end
      gather:finish()
      for i, line in ipairs(lines_of(gather)) do assert.equal(("i|U|%02d|nil|O||%s"):format(i, places[i]), line) end
   end)

   it("refuses a row after it is finished, and to be walked before", function()
      local gather = core.gather(0)
      assert.is_false((pcall(gather.walk, gather)))
      gather:finish()
      assert.same({}, lines_of(gather))
      assert.is_false((pcall(gather.put, gather, "U", "i", "2020", 1, "", "", "1:1")))
   end)
end)

describe("rows that are read without Lua", function()
   local function rows_of(text, options)
      local lines
      with(text, function(path)
         local found = assert(import.read(path, options or {indicator = "x"}))
         assert.same({}, found.refusals)
         lines = {}
         for i, o in ipairs(found.observations) do
            local value = o.value and import.text(o.value) or "nil"
            lines[i] = table.concat({o.unit, o.indicator, o.period, value, o.flag or "", o.note or "", found.places[i]},
               "|")
         end
      end)
      return lines
   end

   it("are the same as those with something to think about, in long tables", function()
      local text = {"country,year,sex,value,flag,note"}
      local wanted = {}
      for y = 2000, 2020 do
         for k, unit in ipairs {"Lao PDR", "Viet Nam", "World", "Cambodia"} do
            for s, sex in ipairs {"F", "M"} do
               local odd = y % 6 == k % 6
               local value = ("%d.%d"):format(y - 1990, s)
               local shown = odd and " " .. value .. "  (p) " or y % 7 == 0 and "" or y % 5 == 0 and ".." or value
               local flag, note = k == 2 and "e" or "", y == 2003 and "a remark" or ""
               text[#text + 1] = table.concat({unit, y, sex, shown, flag, note}, ",")
               local code = ({"LAO", "VNM", false, "KHM"})[k]
               if code and (shown ~= "" or flag ~= "") then
                  local missing = shown == "" or shown == ".."
                  local flags = missing and "O" or odd and (flag == "e" and "E;P" or "P") or flag == "e" and "E" or ""
                  wanted[#wanted + 1] = table.concat({code, "x;sex=" .. sex, y, missing and "nil" or value, flags, note,
                     ("line %d, column 4"):format(#text)}, "|")
               end
            end
         end
      end
      table.sort(wanted, function(a, b)
         local a1, a2, a3 = a:match "^(.-)|(.-)|(.-)|"
         local b1, b2, b3 = b:match "^(.-)|(.-)|(.-)|"
         return a1 .. "\1" .. a2 .. "\1" .. a3 < b1 .. "\1" .. b2 .. "\1" .. b3
      end)
      assert.same(wanted, rows_of(table.concat(text, "\n") .. "\n"))
   end)

   it("have the decimal sign and the digits of the file", function()
      assert.same({"KHM|x|2020|-0.5|||line 3, column 3", "LAO|x|2020|12.25|||line 2, column 3",
         "LAO|x|2021|123456789.012345|||line 4, column 3", "VNM|x|2021|0|||line 5, column 3"},
         rows_of("country;year;value\nLao PDR;2020;12,25\nCambodia;2020;-0,5\nLao PDR;2021;123456789,012345\n"
            .. "Viet Nam;2021;-0\n"))
      assert.same({"KHM|x|2020|-0.5|||line 3, column 3", "LAO|x|2020|12.25|||line 2, column 3",
         "LAO|x|2021|123456789.012345|||line 4, column 3", "VNM|x|2021|0|||line 5, column 3"},
         rows_of("country,year,value\nLao PDR,2020,12.25\nCambodia,2020,-0.5\nLao PDR,2021,123456789.012345\n"
            .. "Viet Nam,2021,-0\n"))
   end)

   it("are refused where a value is none of the table's sign", function()
      with("country,year,value\nLao PDR,2020,12.5\nViet Nam,2020,13.5\nLao PDR,2021,\"12,75\"\n", function(path)
         local found = assert(import.read(path, {indicator = "x"}))
         assert.equal(2, #found.observations)
         assert.truthy(found.errors[1].message:find "decimal sign")
         assert.equal("line 4, column 3", found.errors[1].place)
      end)
   end)

   it("that stand twice are told by both lines", function()
      with("country,year,value\nLao PDR,2020,1\nViet Nam,2020,2\nLao PDR,2020,3\n", function(path)
         local found = assert(import.read(path, {indicator = "x"}))
         assert.equal("LAO x 2020 is 3 here and 1 at line 2, column 3", found.refusals[1].message)
         assert.equal("line 4, column 3", found.refusals[1].place)
         assert.equal(0, #found.observations)
      end)
   end)

   --- Rows of a provider's layout, of which every seventh needs thought, and what is to come of them.
   local function many(heading, line, indicator)
      local text, wanted = {heading}, {}
      for y = 2000, 2024 do
         for k, unit in ipairs {"LAO", "VNM", "WLD", "KHM"} do
            local odd = (y + k) % 7 == 0
            text[#text + 1] = line(unit, y, odd and "1,234.5" or ("%d.25"):format(y - 1990 + k))
            if unit ~= "WLD" then
               wanted[#wanted + 1] = table.concat({unit, indicator, y, odd and "1234.5" or ("%d.25"):format(
                  y - 1990 + k), "", "", ("line %d, column %d"):format(#text, 4)}, "|")
            end
         end
      end
      table.sort(wanted)
      return table.concat(text, "\n") .. "\n", wanted
   end

   it("are the same in SDMX-CSV, with its powers of ten, and of Our World in Data", function()
      local text, wanted = many("DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS", function(unit, y, value)
         return ('X:F(1.0),%s,%d,"%s",'):format(unit == "WLD" and "W" or unit, y, value)
      end, "F")
      assert.same(wanted, rows_of(text))
      text = "DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MULT,OBS_STATUS,COMMENT\nX:F(1.0),LAO,2020,1.5,0,A,\n"
         .. "X:F(1.0),VNM,2020,1.5,3,A,\nX:F(1.0),LAO,2021,1.5,0,E;P,\nX:F(1.0),VNM,2021,2.5,0,A,said\n"
         .. "X:G(1.0),LAO,2021,7,0,A,\nX:F(1.0),KHM,2021,1.5,3,A,\nX:F(1.0),KHM,2020,2,0,E;P,\n"
      assert.same({"KHM|F|2020|2|E;P||line 8, column 4", "KHM|F|2021|1500|A||line 7, column 4",
         "LAO|F|2020|1.5|A||line 2, column 4", "LAO|F|2021|1.5|E;P||line 4, column 4",
         "LAO|G|2021|7|A||line 6, column 4", "VNM|F|2020|1500|A||line 3, column 4",
         "VNM|F|2021|2.5|A|said|line 5, column 4"}, rows_of(text))
      text, wanted = many("Entity,Code,Year,Net", function(unit, y, value)
         local names = {LAO = "Laos", VNM = "Vietnam", KHM = "Cambodia", WLD = "World"}
         return ('%s,%s,%d,"%s"'):format(names[unit], unit == "WLD" and "OWID_WRL" or unit, y, value)
      end, "Net")
      assert.same(wanted, rows_of(text))
   end)

   it("are the same in a table of the World Bank", function()
      assert.same({"LAO|A.B|2020|1.5|||line 2, column 5", "LAO|A.B|2021|2|||line 2, column 6",
         "LAO|C.D|2021|-3|||line 5, column 6", "VNM|A.B|2020|nil|O||line 3, column 5",
         "VNM|A.B|2021|4|||line 3, column 6", "VNM|C.D|2020|5|||line 6, column 5"},
         rows_of("Country Name,Country Code,Indicator Name,Indicator Code,2020,2021\nLao PDR,LAO,A,A.B,1.5,2\n"
            .. "Viet Nam,VNM,A,A.B,..,4\nWorld,WLD,A,A.B,9,9\nLao PDR,LAO,C,C.D,,-3\nViet Nam,VNM,C,C.D,5,\n"))
   end)
end)
