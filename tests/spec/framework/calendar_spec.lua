-- Calendars: what RFC 5545 asks of their text.
local difkit = require "difkit"

local function calendar(day, options)
   day.uid, day.date, day.summary = day.uid or "u", day.date or "2025-12-31", day.summary or "s"
   return difkit.calendar({day}, options or {stamp = "2026-01-31"})
end

describe("a calendar", function()
   it("begins and ends as the standard has it, every line with CR LF", function()
      local text = calendar{}
      assert.are.equal("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", text:sub(1, 30))
      assert.is_truthy(text:find "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n$")
      assert.is_falsy(text:gsub("\r\n", ""):find "[\r\n]")
      assert.is_truthy(text:find("DTSTAMP:20260131T000000Z\r\nDTSTART;VALUE=DATE:20251231\r\n", 1, true))
   end)

   it("escapes what would end or divide a value", function()
      assert.is_truthy(calendar{summary = "a, b; c\\d\ne"}:find("SUMMARY:a\\, b\\; c\\\\d\\ne\r\n", 1, true))
   end)

   it("folds lines at 75 bytes, never within a character", function()
      local words = ("Việt Nam – Lào; "):rep(30)
      local text = calendar{description = words}
      for line in text:gmatch "(.-)\r\n" do
         assert.is_true(#line <= 75)
         assert.is_true(difkit.text.valid(line))
      end
      local unfolded = text:gsub("\r\n ", ""):match "DESCRIPTION:(.-)\r\n":gsub("\\(.)", "%1")
      assert.are.equal(words, unfolded)
   end)

   it("reminds when it is asked to, so many days before (RFC 5545, 3.6.6)", function()
      assert.is_nil(calendar{}:find "VALARM")
      local text = calendar{summary = "a, b", alarm = 30}
      assert.is_truthy(text:find("TRANSP:TRANSPARENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:a\\, b\r\n"
         .. "TRIGGER:-P30D\r\nEND:VALARM\r\nEND:VEVENT\r\n", 1, true))
      assert.is_truthy(calendar{alarm = 0}:find("TRIGGER:PT0S\r\n", 1, true))
      assert.is_false(pcall(calendar, {alarm = -1}))
      assert.is_false(pcall(calendar, {alarm = 1.5}))
   end)

   it("refuses a day without a date, and a uid twice", function()
      assert.is_false(pcall(calendar, {date = "2025"}))
      local _, problem = pcall(difkit.calendar, {{uid = "u", date = "2025-01-01", summary = "a"},
         {uid = "u", date = "2025-01-02", summary = "b"}})
      assert.are.equal('difkit.calendar: day 2: the uid "u" is taken', problem.message)
   end)
end)
