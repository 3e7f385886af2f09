--- Progress sheets as ministries head and fill them.
local import = require "difkit.import"
local with = require("tests.support.bytes").with

local ACTIONS = {"DIFAP.TF.1", "DIFAP.TF.2", "DIFAP.TF.3"}

--- The records of a sheet as lines; what else was found of it.
local function read(text, options)
   local lines, found = {}, nil
   with(text, function(path)
      local given = {today = "2026-01-01", actions = ACTIONS}
      for name, value in pairs(options or {}) do given[name] = value end
      found = assert(import.read(path, given))
      assert.equal("progress", found.kind)
      for i, row in ipairs(found.progress) do
         lines[i] = table.concat({row.unit, row.action, row.status or "-", row.date or "-",
            row.percent and import.text(row.percent) or "-", row.note or "-"}, " ")
      end
   end)
   return lines, found
end

describe("a progress sheet", function()
   it("is seen by its ids and words, whatever the headings above them are", function()
      local lines, found = read("Ministry of ICT - progress as of 31/12/2024\n\nCode;Member State;Where we stand;"
         .. "% complete;Date;Comments\nDIFAP.TF.1;Lao PDR;In progress;45 %;15/06/2024;phase 1\n"
         .. "DIFAP.TF.2;Lao PDR;FINISHED;100;20 June 2024;\nDIFAP.TF.3;Lao PDR;Not yet started;;;\n"
         .. "Total;;;;;\nSigned: the Minister\n")
      assert.same({"LAO DIFAP.TF.1 in_progress 2024-06-15 45 phase 1", "LAO DIFAP.TF.2 completed 2024-06-20 100 -",
         "LAO DIFAP.TF.3 not_started - - -"}, lines)
      assert.equal("2024-12-31", found.as_of)
      assert.same({"Total", "Signed: the Minister"}, {found.skipped[1].label, found.skipped[2].label})
   end)

   it("takes codes of countries and ids in small letters, and loses no row that reports", function()
      local lines, found = read("Ref\tCountry\tProgress\ndifap.tf.1\tVNM\ton track\nDIFAP.TF.2\tLA\tbehind\n"
         .. "DIFAP.TF.33\tVNM\tbehind\nthe third one\tVNM\tdone\n")
      assert.same({"VNM DIFAP.TF.1 in_progress - - -", "LAO DIFAP.TF.2 delayed - - -"}, lines)
      assert.equal("no action DIFAP.TF.33; the nearest is DIFAP.TF.3", found.errors[1].message)
      assert.equal('"the third one" is no id of an action', found.errors[2].message)
      lines = read "Action,LAO,VNM\nDIFAP.TF.1,done,ongoing\n"
      assert.same({"LAO DIFAP.TF.1 completed - - -", "VNM DIFAP.TF.1 in_progress - - -"}, lines)
   end)

   it("has the office's own words in a column that no heading names", function()
      assert.same({"LAO DIFAP.TF.1 completed - - -", "THA DIFAP.TF.2 not_started - - -"}, (read(
         "Ref,Country,Stage\nDIFAP.TF.1,Lao PDR,Launched\nDIFAP.TF.2,Thailand,Talks\n",
         {statuses = {Launched = "completed", talks = "not_started"}})))
   end)
end)
