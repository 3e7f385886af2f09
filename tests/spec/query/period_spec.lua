-- Periods: text in the database, years as integers in Lua, the order of time in the query builder. Dates of the weeks
-- of ISO 8601: 2020-W01 begins on Monday 2019-12-30, 2022-W01 on 2022-01-03.
local difkit = require "difkit"
local period = require "difkit.period"

--- A database whose observations are these periods of one indicator and unit.
local function with(periods)
   local db = assert(difkit.open(nil, {write = true}))
   db:exec "DELETE FROM observation"
   for i, at in ipairs(periods) do
      db:exec("INSERT INTO observation (indicator_id, unit_id, period, value) VALUES ('osi', 'VNM', ?, ?)", at, i + 0.0)
   end
   return db
end

--- All values of the rows, with their kinds: "2022" is a text, 2022 an integer.
local function values(db, text, ...)
   local list = {}
   for row in db:query(text, ...):rows() do table.move(row, 1, #row, #list + 1, list) end
   return list
end

--- The periods of a query, in its order.
local function periods_of(query, name)
   local list = {}
   for row in query do list[#list + 1] = row[name or "period"] end
   return list
end

local years = {2014, 2016, 2018, 2022}
local in_time = {"1900-02-28", "1900-03-01", 2019, "2019-S1", "2019-Q1", "2019-01", "2019-07", "2020-W01", "2019-12-30",
   "2019-12-31", 2020, "2020-02-29", "2020-03", "2020-Q4", 2022, "2022-01", "2022-W01", "2022-S2", "2022-Q3", "2022-07"}

describe("periods that are years", function()
   local db = with(years)

   it("are text in the database and integers in Lua", function()
      assert.are.same({"text"}, values(db, "SELECT DISTINCT typeof(period) FROM observation"))
      assert.are.same(years, values(db, "SELECT period FROM observation ORDER BY period"))
      assert.are.equal(2022, db:query("SELECT period FROM observation ORDER BY period"):columns().period[4])
   end)

   it("give the rows that numbers gave", function()
      for condition, wanted in pairs {
         ["period = 2022"] = {2022}, ["2022 = period"] = {2022}, ["period > 2016"] = {2018, 2022},
         ["period <> 2014 AND period <= 2018"] = {2016, 2018}, ["period BETWEEN 2015 AND 2018"] = {2016, 2018},
         ["period IN (2014, 2022)"] = {2014, 2022}, ["period - 1 = 2021"] = {2022}, ["period % 4 = 2"] = years,
         ["period = (SELECT max(period) FROM observation)"] = {2022},
      } do
         if condition == "period % 4 = 2" then wanted = {2014, 2018, 2022} end
         assert.are.same(wanted, values(db, "SELECT period FROM observation WHERE " .. condition .. " ORDER BY period"),
            condition)
      end
      assert.are.same({2022}, values(db, "SELECT period FROM observation WHERE period = ?", 2022))
      assert.are.same({2022}, values(db, "SELECT period FROM observation WHERE period = ?", 2022.0))
      assert.are.same({2018, 2022}, values(db, "SELECT period FROM observation WHERE period > ? ORDER BY 1", 2016.0))
      assert.are.same({2014, 2022}, values(db, "SELECT period FROM observation WHERE period IN (?, ?) ORDER BY 1", 2014,
         2022.0))
      assert.are.same({2021}, values(db, "SELECT period - 1 FROM observation WHERE period = 2022"))
   end)

   it("are stored as years when a whole real is bound", function()
      local other = with{2022.0}
      assert.are.same({"2022"}, values(other, "SELECT CAST(period AS TEXT) FROM observation"))
   end)

   it("come back as integers from expressions that hand them on", function()
      for text, wanted in pairs {
         ["SELECT max(period), min(o.period) AS first FROM observation AS o"] = {2022, 2014},
         ["SELECT p FROM (SELECT max(period) AS p FROM observation)"] = {2022},
         ["WITH t(first, last) AS (SELECT min(period), max(period) FROM observation) SELECT last, first FROM t"] =
            {2022, 2014},
         ["WITH t AS (SELECT max(period) AS p FROM observation) SELECT * FROM t"] = {2022},
         ["SELECT (SELECT max(period) FROM observation)"] = {2022},
         ["SELECT period AS p FROM observation UNION SELECT period FROM observation ORDER BY 1 DESC LIMIT 2"] =
            {2022, 2018},
         ["SELECT CASE WHEN value > 3 THEN period END FROM observation WHERE period = 2022"] = {2022},
         ["SELECT coalesce(max(period), 0) FROM observation"] = {2022},
         ["SELECT lag(period) OVER (ORDER BY period) FROM observation ORDER BY 1 DESC LIMIT 1"] = {2018},
         ["SELECT \"period\" FROM observation GROUP BY period HAVING count(*) = 1 ORDER BY 1 LIMIT 1"] = {2014},
      } do
         assert.are.same(wanted, values(db, text), text)
      end
      db:exec "CREATE TEMP VIEW told AS SELECT period AS year, value FROM observation"
      assert.are.same({2022}, values(db, "SELECT year FROM told WHERE year > 2018"))
   end)

   it("stay texts where a script makes a text of them", function()
      assert.are.same({"2022", "2022", "2022", "2022"}, values(db, [[SELECT CAST(period AS TEXT), period || '',
         substr(period, 1, 4), group_concat(period) FROM observation WHERE period = 2022]]))
      assert.are.same({"2022"}, values(db, "SELECT '2022' FROM observation WHERE period = 2022"))
   end)

   it("compare as years when they are computed", function()
      local latest = "SELECT p FROM (SELECT max(period) AS p FROM observation) AS q WHERE "
      assert.are.same({}, values(db, latest .. "p > 2022"))
      assert.are.same({2022}, values(db, latest .. "q.p = 2022"))
      assert.are.same({2022}, values(db, latest .. "p BETWEEN ? AND ?", 2022, 2023.0))
      assert.are.same({}, values(db, "SELECT unit_id FROM observation GROUP BY 1 HAVING max(period) > 2022"))
      assert.are.same({"VNM"}, values(db, "SELECT unit_id FROM observation GROUP BY 1 HAVING min(period) IN (2014)"))
   end)

   it("divide as reals where a real is bound", function()
      assert.are.same({505.5}, values(db, "SELECT ? / 4 FROM observation WHERE period = 2022", 2022.0))
   end)
end)

describe("periods of several kinds", function()
   local db = with(in_time)

   it("stand in the order of time: by the first day, then the longer", function()
      assert.are.same(in_time, periods_of(db:from "observation":order "period"))
      local falling = {}
      for i = 1, #in_time do falling[i] = in_time[#in_time + 1 - i] end
      assert.are.same(falling, periods_of(db:from "observation":select "period as p":order "p desc", "p"))
      assert.are.same(in_time, periods_of(db:from "observation":group "period":count "n"))
      local shuffled = {}
      for i, at in ipairs(in_time) do table.insert(shuffled, i % 2 == 0 and 1 or #shuffled + 1, at) end
      table.sort(shuffled, period.before)
      assert.are.same(in_time, shuffled)
   end)

   it("count days alike in SQL and in Lua", function()
      local checked = 0
      for row in db:query("SELECT period, " .. period.sql "period" .. " AS place FROM observation") do
         assert.are.equal(period.order(row.period), row.place, tostring(row.period))
         checked = checked + 1
      end
      assert.are.equal(#in_time, checked)
   end)

   it("are compared in time by the builder", function()
      local function found(...)
         return periods_of(db:from "observation":where(...):order "period")
      end
      assert.are.same({"2022-01", "2022-W01", "2022-S2", "2022-Q3", "2022-07"}, found("period", ">", 2022))
      assert.are.same({2022, "2022-01"}, found("period", "between", {2022, "2022-01"}))
      assert.are.same({"1900-02-28", "1900-03-01", 2019, "2019-S1"}, found("period", "<", "2019-Q1"))
      assert.are.same({2020, "2022-Q3"}, found{period = {2020, "2022-Q3"}})
      assert.are.same({2022}, found("period", "=", 2022.0))
      local _, problem = pcall(found, "period", ">", "soon")
      assert.are.equal('where: text "soon" is no period', problem.message)
   end)

   it("are sorted and compared in time by a table", function()
      local rows = {}
      for i, at in ipairs(in_time) do table.insert(rows, i % 2 == 0 and 1 or #rows + 1, {at, i}) end
      local t, sorted, later = difkit.table({"period", "n"}, rows), {}, {}
      for row in t:sort "period":rows() do sorted[#sorted + 1] = row.period end
      assert.are.same(in_time, sorted)
      for row in t:where("period", ">", 2022):sort "n":rows() do later[#later + 1] = row.period end
      assert.are.same({"2022-01", "2022-W01", "2022-S2", "2022-Q3", "2022-07"}, later)
      assert.are.equal(2, #t:where("period", "between", {2022, "2022-01"}))
      -- other columns as ever: numbers before texts
      assert.are.equal(7, difkit.table({"n"}, {{"2022-Q1"}, {7}, {"b"}}):sort("n")[1].n)
   end)

   it("are named as ranges", function()
      assert.are.equal("1990–1992, 1994, 1995", period.ranges{1990, 1991, 1992, 1994, 1995})
      assert.are.equal("2019-Q3–2020-Q1, 2021", period.ranges{"2019-Q3", "2019-Q4", "2020-Q1", 2021})
      assert.are.equal("2014, 2016", period.ranges{2014, 2016})
   end)
end)
