--- Data that their own source or framework calls illustrative: invented, for examples. What is made of them says so: a
--- line above or below what people read (tables, charts, reports, documents, the About sheet of a workbook), a column
--- in what programs read (CSV, TSV, JSON), where a line would be no data.
---
--- A run that opens such data marks all that it makes; a stock script whose header says that it reads only the words of
--- the framework makes nothing of them, and marks nothing.
local core = require "difkit.core"

local illustrative = {}

--- The line that cannot be missed.
illustrative.said = "Illustrative data: invented, for examples. Nobody has reported them."

--- The column of what programs read, and what stands in each of its cells.
illustrative.column, illustrative.value = "kind of data", "illustrative"

--- Where a source can say so. Of observations the first of each indicator is asked, since there may be millions.
local questions = {
   "SELECT 1 FROM framework WHERE lower(coalesce(title, '') || coalesce(source, '')) LIKE '%illustrative%' LIMIT 1",
   "SELECT 1 FROM progress WHERE lower(source) LIKE '%illustrative%' LIMIT 1",
   "SELECT 1 FROM indicator WHERE lower(source) LIKE '%illustrative%' LIMIT 1",
   "SELECT 1 FROM survey WHERE lower(source) LIKE '%illustrative%' LIMIT 1",
}

--- Whether the first observation of an indicator says so: one question an indicator, which a database of several nodes
--- answers as well.
local function first_says(db)
   for _, id in ipairs(db:query "SELECT id FROM indicator ORDER BY id":columns().id:table()) do
      local source = db:query("SELECT source FROM observation WHERE indicator_id = ? ORDER BY unit_id, period LIMIT 1",
         id):value()
      if source and source:lower():find("illustrative", 1, true) then return true end
   end
   return false
end

--- Whether anything in the data is illustrative by its source.
function illustrative.holds(db)
   for _, question in ipairs(questions) do
      if db:query(question):value() ~= nil then return true end
   end
   return first_says(db)
end

--- The line, or nil where the data are not illustrative.
function illustrative.note(db) return illustrative.holds(db) and illustrative.said or nil end

--- What can be read beside the words of the framework, as the header of a stock script lists it.
local counted = {"everything", "progress", "observation", "indicator", "reply", "response", "respondent"}

--- Whether a text, such as a question in SQL, names any of it.
local function names_counted(text)
   for _, name in ipairs(counted) do
      if text:find(name, 1, true) then return true end
   end
   return false
end

--- Whether what the run makes can be made of reports or figures.
local function can_be_made_of(run)
   return not run.stock or names_counted(run.text:match "\n%-%-%-@reads ([^\n]*)" or "everything")
end

---What a question in SQL gives is marked where the data are illustrative and it names reports or figures.
function illustrative.asked(db, question)
   if names_counted(question:lower()) and illustrative.holds(db) then
      core.running = {illustrative = true, silent = true, code = true}
   end
end

--- Notes that the run has opened these data.
function illustrative.met(db)
   local run = core.running
   if run and not run.illustrative and can_be_made_of(run) then run.illustrative = illustrative.holds(db) or nil end
end

--- The line where this run has opened illustrative data, else nil.
function illustrative.line() return core.running and core.running.illustrative and illustrative.said or nil end

--- A note with the line, unless it has it: nil when there is neither.
function illustrative.noted(note)
   local line = illustrative.line()
   if not line or note and note:find(line, 1, true) then return note end
   return note and line .. " " .. note or line
end

--- The table with the column that says so, as the last.
function illustrative.marked(t)
   if not illustrative.line() then return t end
   for _, name in ipairs(t.columns) do
      if name == illustrative.column then return t end
   end
   return t:derive(illustrative.column, function() return illustrative.value end)
end

return illustrative
