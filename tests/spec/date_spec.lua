--- Dates: what they mean, and that every place that takes a date or a period refuses what is none, in the same words.
local dates = require "difkit.date"
local difkit = require "difkit"
local period = require "difkit.period"

local db = assert(difkit.open())

--- What is no date although it looks like one.
local none = {"2022-13", "2022-00", "2022-99-99", "2022-02-30", "2023-02-29", "2022-1", "2022-1-1", "20220101", "22",
   "2022-", "2022-06-", "0000", "soon", ""}

local function message_of(call)
   local done, problem = pcall(call)
   return not done and tostring(problem.message or problem) or nil, not done and problem.hint
end

describe("a date", function()
   it("means its last day and its first", function()
      assert.are.equal("2026-12-31", dates.last_day("x", "2026"))
      assert.are.equal("2026-12-31", dates.last_day("x", 2026))
      assert.are.equal("2026-02-28", dates.last_day("x", "2026-02"))
      assert.are.equal("2024-02-29", dates.last_day("x", "2024-02"))
      assert.are.equal("1900-02-28", dates.last_day("x", "1900-02"))
      assert.are.equal("2000-02-29", dates.last_day("x", "2000-02"))
      assert.are.equal("2026-04-30", dates.last_day("x", "2026-04"))
      assert.are.equal("2026-03-31", dates.last_day("x", "2026-03-31"))
      assert.are.equal("2026-01-01", dates.first_day("x", "2026"))
      assert.are.equal("2026-02-01", dates.first_day("x", "2026-02"))
   end)

   it("agrees with the clock's calendar on every month of four centuries", function()
      for year = 1970, 2369 do
         for month = 1, 12 do
            local last = os.date("!%d", os.time{year = year, month = month + 1, day = 0, hour = 12})
            assert.are.equal(tonumber(last), dates.days(year, month), year .. "-" .. month)
         end
      end
   end)
end)

--- Every place of the library that takes a date: what it calls itself, and a call with the value.
local takes_a_date = {
   ["difkit.today"] = function(value) difkit.today(value) end,
   ["units"] = function(value) db:units{group = "ASEAN", on = value}:table() end,
   ["difkit.calendar: day 1"] = function(value) difkit.calendar({{uid = "a", date = value, summary = "b"}}) end,
   ["difkit.report"] = function(value) difkit.report{title = "T", as_of = value} end,
}
--- These hand the date on to difkit.today.
local through_today = {
   action_status = function(value) db:action_status{as_of = value} end,
   unit_status = function(value) db:unit_status{as_of = value} end,
   problems = function(value) db:problems(value) end,
   snapshot = function(value) db:snapshot("x", {date = value}) end,
   stamp = function(value) difkit.calendar({}, {stamp = value}) end,
}

describe("every place that takes a date", function()
   for _, value in ipairs(none) do
      it(("refuses %q in the same words"):format(value), function()
         local words = (": a date is like 2026-03-31, 2026-03 or 2026, not text %q"):format(value)
         for call, take in difkit.sorted(takes_a_date) do
            assert.are.equal(call .. words, message_of(function() take(value) end), call)
         end
         for call, take in difkit.sorted(through_today) do
            assert.are.equal("difkit.today" .. words, message_of(function() take(value) end), call)
         end
      end)
   end

   it("takes what is one", function()
      for _, value in ipairs {"2022", "2022-06", "2022-06-30", "2024-02-29"} do
         for call, take in difkit.sorted(takes_a_date) do
            if call ~= "difkit.calendar: day 1" or #value == 10 then
               assert.is_nil(message_of(function() take(value) end), call)
            end
         end
      end
      assert.are.equal(10, db:units{group = "ASEAN", on = 2022}:count())
      assert.are.equal(10, db:units{group = "ASEAN", on = "2025-10-25"}:count())
      assert.are.equal(11, db:units{group = "ASEAN", on = "2025-10"}:count())
   end)

   it("wants a whole day for a day of a calendar", function()
      assert.are.equal('difkit.calendar: day 1: a day is like 2026-03-31, not text "2026-03"',
         message_of(function() difkit.calendar({{uid = "a", date = "2026-03", summary = "b"}}) end))
   end)

   it("is an option of a script, too", function()
      local script = require "difkit.script"
      local header = assert(script.header("---@script s\n---@option as-of date  When.\n", "s.lua"))
      for _, value in ipairs(none) do
         local given, problem = script.read(header, {"--as-of", value})
         assert.is_nil(given, value)
         assert.truthy(tostring(problem):find("--as-of must be a date such as 2026-03-31, 2026-03 or 2026", 1, true),
            tostring(problem))
      end
   end)
end)

--- Every place that takes a period.
local takes_a_period = {
   observations = function(value) db:observations{period = value}:table() end,
   ["observations of several"] = function(value) db:observations{period = {2022, value}}:table() end,
   where = function(value) db:from "observation":where{period = value}:table() end,
}
for _, operator in ipairs {"=", "!=", "<", "<=", ">", ">=", "in", "not in"} do
   takes_a_period["where " .. operator] = function(value)
      db:from "observation":where("period", operator, value):table()
   end
end
takes_a_period["where between"] = function(value)
   db:from "observation":where("period", "between", {2022, value}):table()
end
for _, key in ipairs {"period", "periods"} do
   takes_a_period["index " .. key] = function(value)
      difkit.index{id = "i", [key] = value, children = {"osi", "tii"}}:compute(db)
   end
end

describe("every place that takes a period", function()
   for _, value in ipairs {"2022-13", "2022-99-99", "2022-02-30", "2022-Q5", "2022-S3", "2022-W54", "2022Q1", "soon"} do
      it(("refuses %q in the same words"):format(value), function()
         for call, take in difkit.sorted(takes_a_period) do
            local message, hint = message_of(function() take(value) end)
            assert.truthy(message and message:find(("text %q is no period"):format(value), 1, true),
               call .. ": " .. tostring(message))
            assert.are.equal("write " .. period.examples, hint, call)
         end
      end)
   end

   it("takes what is one", function()
      for _, value in ipairs {2022, "2022", "2022-Q1", "2022-S2", "2022-06", "2022-W05", "2022-06-30"} do
         for call, take in difkit.sorted(takes_a_period) do
            local message = message_of(function() take(value) end)
            assert.is_nil(message and message:find("is no period", 1, true), call)
         end
      end
      assert.is_true(db:observations{period = 2022}:count() > 0)
      assert.is_true(db:observations{period = "2022"}:count() > 0)
   end)

   it("lets a table of one's own call its periods what it likes", function()
      local t = difkit.table({"unit", "period", "a"}, {{"X", "FY2019", 1.0}, {"Y", "FY2019", 2.0}})
      assert.are.equal(2, #difkit.index{id = "i", period = "FY2019", children = {"a"}}:compute(t):scores())
      assert.are.equal('index i: text "FY20" is no period',
         message_of(function() difkit.index{id = "i", period = "FY20", children = {"a"}}:compute(t) end))
   end)
end)
