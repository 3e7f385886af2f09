-- A thousand random sheets: written for a random member and document, sent back with random answers, rows sorted,
-- inserted and left out, columns moved, and taken. What comes out is what a model of the answers, kept here, says.
-- DIFKIT_SHEETS says how many; DIFKIT_OFFICE_SHEETS how many of them LibreOffice saves in between (.ci/long: 1,000).
local difkit = require "difkit"
local sheet = require "difkit.monitoring.sheet"

local SHEETS = tonumber(os.getenv "DIFKIT_SHEETS") or 1000
local OFFICE = tonumber(os.getenv "DIFKIT_OFFICE_SHEETS") or 20

local folder, db

setup(function()
   -- In memory where that can be: a thousand files are written through to the disk otherwise.
   local pipe = assert(io.popen "mktemp -d -p /dev/shm 2>/dev/null || mktemp -d")
   folder = pipe:read "l"
   pipe:close()
   local file = assert(io.open(folder .. "/round.yaml", "w"))
   file:write 'rounds: [{id: "2026", title: "Round of 2026", reference: 2025-06-30, cut_off: 2026-12-31}]\n'
   file:close()
   db = assert(difkit.open({"@bundled", "examples/data/illustrative", folder .. "/round.yaml"}, {write = true}))
   db:exec "DELETE FROM progress"
end)
teardown(function()
   db:close()
   os.execute("rm -rf '" .. folder .. "'")
end)

--- A generator of its own, so that every machine tries the same sheets.
local function generator(seed)
   local state = seed
   return function(n)
      state = (state * 6364136223846793005 + 1442695040888963407) & 0x7fffffffffffffff
      return (state >> 24) % n + 1
   end
end

local units = {"BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM"}
local documents = {"DIFAP", "ACRF", "ADM2025", "BSBR", "WPAAEC"}

--- Words for a status as they are chosen or typed, and what they mean.
local said = {
   {"not started", "not_started"}, {"Not yet started", "not_started"}, {"in progress", "in_progress"},
   {"On-going", "in_progress"}, {"ONGOING", "in_progress"}, {" completed ", "completed"}, {"Done", "completed"},
   {"delayed", "delayed"}, {"dropped", "dropped"}, {"Cancelled", "dropped"}, {"does not concern us", "not_applicable"},
   {"N/A", "not_applicable"}, {"earlier report withdrawn", "withdrawn"}, {"no answer", "no_answer"},
}
--- Evidence as it is written: other scripts, signs of formulas and of XML, line breaks, what looks like a number.
local proofs = {
   "Law No. 12", "=1+1", "ກົດໝາຍ ເລກທີ 12", "พระราชบัญญัติ", "https://example.org/?a=1&b=2", "“quoted”, <b>bold</b>",
   "two\nlines", "2025", "-", "'apostrophe", "a | b, c; d", ("long "):rep(200) .. "end",
}
local dates = {"2024-01-31", "2025-03-31", "2025-06-30", "2019-12-01"}

--- Random answers to the rows of a sheet: {row, …} to send back, and what they mean by id.
local function answered(rows, random)
   local back, meant = {}, {}
   for _, row in ipairs(rows) do
      if row.id and random(10) > 1 then
         local answer = {id = row.id, ["what is asked"] = row["what is asked"], ["last answer"] = row["last answer"]}
         local model = {status = "no_answer", date = "2025-06-30"}
         if random(4) > 1 then
            local words = said[random(#said)]
            answer.status, model.status = words[1], words[2]
            if random(2) == 1 then
               answer.date = dates[random(#dates)]
               model.date = answer.date
            end
            if random(2) == 1 then
               answer.evidence = proofs[random(#proofs)]
               model.evidence = answer.evidence
            end
            if random(4) == 1 then
               answer.remark = proofs[random(#proofs)]
               model.evidence = model.evidence and model.evidence .. "; " .. answer.remark or answer.remark
            end
         end
         back[#back + 1], meant[row.id] = answer, model
      end
   end
   for i = #back, 2, -1 do -- sorted in some other way
      local j = random(i)
      back[i], back[j] = back[j], back[i]
   end
   for _ = 1, random(3) - 1 do
      table.insert(back, random(#back + 1), {["what is asked"] = "a remark of the office"})
   end
   if random(2) == 1 then -- the list at the foot stays, or goes
      for _, one in ipairs {"not started", "completed"} do back[#back + 1] = {status = one} end
   end
   return back, meant
end

local columns = {"id", "what is asked", "last answer", "of", "status", "date", "evidence", "remark"}

--- Sheet number i: what it means, and the file that came back.
local function send(i)
   local random = generator(i)
   local unit, document = units[random(#units)], documents[random(#documents)]
   local out, back = ("%s/out-%d.xlsx"):format(folder, i), ("%s/back-%d.xlsx"):format(folder, i)
   assert(sheet.write(db, out, {unit = unit, round = "2026", document = document}))
   local cover, page = assert(difkit.table.read(out, {sheet = "Read me first"})), assert(difkit.table.read(out,
      {sheet = "Answers"}))
   os.remove(out)
   local rows, meant = answered(page, random)
   local order = table.move(columns, 1, #columns, 1, {})
   for k = #order, 2, -1 do
      local j = random(2) == 1 and random(k) or k
      order[k], order[j] = order[j], order[k]
   end
   local lines, by = {}, random(2) == 1 and "Desk “" .. i .. "”" or nil
   for k, row in ipairs(cover) do
      lines[k] = {row[cover.columns[1]], row[cover.columns[2]]}
      if row[cover.columns[1]] == "Answered by" then lines[k][2] = by end
   end
   assert(difkit.export.workbook(back, {{"Read me first", difkit.table({"Reporting sheet", "Of this sheet"}, lines)},
      {"Answers", difkit.table(order, rows)}}, {formulas = false}))
   return back, {unit = unit, by = by, answers = meant}
end

--- Asserts that a sheet says what was meant.
local function holds(path, meant, case)
   local found = assert(sheet.read(db, path, {unit = meant.unit, round = "2026"}))
   assert.same({}, found.faults, case)
   assert.equal(meant.by, found.by, case)
   local got = {}
   for _, one in ipairs(found.answers) do
      got[one.id] = {status = one.status, date = one.date, evidence = one.evidence}
   end
   local wanted = {}
   for id, one in pairs(meant.answers) do
      wanted[id] = {status = one.status, date = one.date, evidence = one.evidence}
   end
   assert.same(wanted, got, case)
   return found
end

--- Asserts that the data hold what a sheet says once it is taken, and gives it back.
local function taken(found, meant, case)
   sheet.add(db, found, "2026-01-01")
   local n = 0
   for row in db:query "SELECT * FROM progress" do
      local one = assert(meant.answers[row.action_id], case)
      assert.same({meant.unit, one.status, one.date, one.evidence, "2026", meant.by},
         {row.unit_id, row.status, row.as_of, row.evidence, row.round_id, row.answered_by}, case)
      n = n + 1
   end
   local count = 0
   for _ in pairs(meant.answers) do count = count + 1 end
   assert.equal(count, n, case)
   local conflicts, same = sheet.conflicts(db, found)
   assert.same({nil, true}, {conflicts, same}, case)
   db:exec "DELETE FROM progress; DELETE FROM reply"
end

describe("random sheets", function()
   it("come back with all that was answered, and nothing else", function()
      for i = 1, SHEETS do
         local path, meant = send(i)
         local case = "sheet " .. i
         local found = holds(path, meant, case)
         taken(found, meant, case)
         os.remove(path)
      end
   end)

   it("lose nothing where LibreOffice has saved them", function()
      if os.execute "command -v soffice >/dev/null" == nil then
         print "random_sheets_spec: LibreOffice is not there; its files were not tried"
         return
      end
      -- Some at a time, and once more where the program came to its end before they were written.
      local function saved(from, to)
         local names = {}
         for i = from, to do names[#names + 1] = ("back-%d.xlsx"):format(i) end
         local command = ("cd '%s' && env -u LD_PRELOAD HOME='%s' timeout -k 5 900 soffice --headless "
            .. "'-env:UserInstallation=file://%s/profile' --convert-to xlsx --outdir office %s >/dev/null 2>&1 "
            .. "</dev/null"):format(folder, folder, folder, table.concat(names, " "))
         os.execute(command)
         for _, name in ipairs(names) do
            local file = io.open(folder .. "/office/" .. name)
            if not file then return false end
            file:close()
         end
         return true
      end
      local meant, batch = {}, 40
      for i = 1, OFFICE do meant[i] = select(2, send(100000 + i)) end
      for from = 100001, 100000 + OFFICE, batch do
         local to = math.min(from + batch - 1, 100000 + OFFICE)
         assert.is_true(saved(from, to) or saved(from, to) or saved(from, to), "LibreOffice wrote no file")
      end
      for i = 1, OFFICE do
         local case = "LibreOffice, sheet " .. i
         holds(("%s/office/back-%d.xlsx"):format(folder, 100000 + i), meant[i], case)
      end
   end)
end)
