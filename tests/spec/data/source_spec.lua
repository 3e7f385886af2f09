--- Holds the shipped data against the text they were read from, line by line.
---
--- The source text is not part of the repository. It is looked for in ../shared/source (or below DIFKIT_SHARED); where
--- it is absent these tests are pending, and data_spec.lua still pins the words. Texts are compared with all white
--- space removed, and once more as joined by the rule that framework.yaml states.

local difkit = require "difkit"

local SOURCE = (os.getenv "DIFKIT_SHARED" or "../shared") .. "/source/000_6cd5ba5a2eac207e.txt"
local COLUMNS = {"DIFAP", "ACRF", "ADM2025", "BSBR", "WPAAEC"} -- the documents, in the order of the table
local PAGES = 8                                                -- pages that begin with the heads of the columns
local TITLE = "Appendix Topics and Actions of Five Digital Integration Framework Documents in ASEAN"

---The lines of a file, or nil where it cannot be opened.
local function read_lines(path)
   local file = io.open(path, "rb")
   if not file then return nil end
   local lines = {}
   for line in file:lines() do lines[#lines + 1] = line end
   file:close()
   return lines
end

local function bare(text)
   return (text:gsub("%s+", ""))
end

---Lines joined as framework.yaml says: by a space, but directly after a hyphen, dash or slash that ends a line.
local function joined(lines)
   local text = lines[1]
   for i = 2, #lines do
      local halves = text:find "[-/]$" or text:find "–$" or text:find "—$"
      text = text .. (halves and "" or " ") .. lines[i]
   end
   return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

describe("the source of the shipped data", function()
   local lines = read_lines(SOURCE)
   if not lines then
      pending("is compared with the data where it is present (" .. SOURCE .. " is not)")
      return
   end

   local actions, topics, areas, titles, abbreviations
   local action_at = {}  -- line -> action
   local claims = {}     -- line -> what it was accounted for as, one entry for each time
   local text_lines = {} -- action id -> the lines its text was found on, without the printed number
   local mistakes = {}   -- texts that are not where the data say

   local function claim(line, what)
      claims[line] = claims[line] or {}
      table.insert(claims[line], what)
   end

   ---Accounts for the lines from `first` on that spell `text`; says so in `mistakes` when they do not.
   local function claim_text(first, text, what)
      local wanted, found, last = bare(text), "", first - 1
      while #found < #wanted and last < #lines do
         last = last + 1
         found = found .. bare(lines[last])
         if bare(lines[last]) ~= "" then claim(last, what) end
      end
      if found ~= wanted then
         mistakes[#mistakes + 1] = ("%s, line %d: the data have %q, the source %q"):format(what, first, wanted, found)
      end
      return last
   end

   ---The lines whose words alone are `text`.
   local function lines_that_say(text)
      local found = {}
      for i, line in ipairs(lines) do
         if bare(line) == bare(text) then found[#found + 1] = i end
      end
      return found
   end

   ---The first line at or after `first` that is not blank.
   local function next_line(first)
      while lines[first] and bare(lines[first]) == "" do first = first + 1 end
      return first
   end

   local function claim_actions()
      for _, action in ipairs(actions) do
         local last = claim_text(action.line, action.number .. "." .. action.text, action.id)
         local own = {(lines[action.line]:gsub("^%s*%d+%.", ""))}
         for i = action.line + 1, last do
            if bare(lines[i]) ~= "" then own[#own + 1] = lines[i] end
         end
         text_lines[action.id] = own
      end
   end

   local function claim_headings()
      for _, area in ipairs(areas) do
         area.lines = lines_that_say(("Priority Area %d: %s"):format(area.number, area.title))
         for _, line in ipairs(area.lines) do claim(line, area.id) end
      end
      for _, topic in ipairs(topics) do
         topic.lines = {} -- the words of some headings also stand inside actions: a heading is followed by a cell
         for _, line in ipairs(lines_that_say(topic.title)) do
            if bare(lines[next_line(line + 1)] or "") == "Action:" then table.insert(topic.lines, line) end
         end
         for _, line in ipairs(topic.lines) do claim(line, topic.id) end
      end
      for _, line in ipairs(lines_that_say "Action:") do claim(line, "cell") end
   end

   ---The title of the table, and the heads of its columns on every page.
   local function claim_furniture()
      local heads = {}
      for i, document in ipairs(COLUMNS) do heads[i] = titles[document] end
      heads = bare(table.concat(heads))
      local pages = 0
      claim_text(1, TITLE, "title")
      for first = 1, #lines do
         local found, last = bare(lines[first]), first
         while found ~= "" and #found < #heads and heads:sub(1, #found) == found and lines[last + 1] do
            last = last + 1
            found = found .. bare(lines[last])
         end
         if found == heads then
            pages = pages + 1
            claim_text(first, heads, "page " .. pages)
         end
      end
      return pages
   end

   ---The list of abbreviations: from the first to the full stop that ends it.
   ---Returns term -> expansion, without white space, and how many there are.
   local function claim_abbreviations()
      local first
      for i, line in ipairs(lines) do
         if line:find "^%s*AAEC = " then first = i end
      end
      local list, last = "", first - 1
      repeat
         last = last + 1
         claim(last, "abbreviations")
         list = list .. bare(lines[last])
      until list:find "%.$"
      local printed, count = {}, 0
      for term, expansion in list:sub(1, -2):gmatch "([^;=]+)=([^;]+)" do
         printed[term], count = expansion, count + 1
      end
      return printed, count
   end

   local pages, printed, printed_count

   setup(function()
      local db = assert(difkit.open())
      actions = db:query([[SELECT id, document_id, topic_id, position, number, text, line FROM action
         ORDER BY line]]):all()
      topics = db:query([[SELECT topic.id, topic.area_id, topic.title FROM topic JOIN area ON area.id = topic.area_id
         ORDER BY area.number, topic.position]]):all()
      areas = db:query("SELECT id, number, title FROM area ORDER BY number"):all()
      abbreviations = db:query("SELECT term, expansion FROM abbreviation ORDER BY term"):all()
      titles = {}
      for document in db:query "SELECT id, title FROM document" do titles[document.id] = document.title end
      db:close()
      for _, action in ipairs(actions) do action_at[action.line] = action end

      claim_actions()
      claim_headings()
      pages = claim_furniture()
      printed, printed_count = claim_abbreviations()
   end)

   it("has every action's number and words at its line", function()
      assert.same({}, mistakes)
   end)

   it("gives the text of the data when its lines are joined", function()
      for _, action in ipairs(actions) do
         assert.equal(joined(text_lines[action.id]), action.text, action.id)
      end
   end)

   it("has no line that is not accounted for exactly once", function()
      local wrong = {}
      for i, line in ipairs(lines) do
         local count = claims[i] and #claims[i] or 0
         if bare(line) ~= "" and count ~= 1 then
            wrong[#wrong + 1] = ("line %d: %s (%s)"):format(i, line, table.concat(claims[i] or {"nothing"}, ", "))
         end
      end
      assert.same({}, wrong)
   end)

   it("opens each of the 77 cells with a first action", function()
      local cells, openings = 0, lines_that_say "Action:"
      for _, action in ipairs(actions) do
         if action.position == 1 then cells = cells + 1 end
      end
      assert.equal(77, cells)
      assert.equal(77, #openings)
      for _, opening in ipairs(openings) do
         local action = action_at[next_line(opening + 1)]
         assert.is_truthy(action, "no action follows line " .. opening)
         assert.equal(1, action.position, action.id)
      end
   end)

   it("prints each area and each topic once, in the order of the data", function()
      local last = 0
      local headings = {}
      for _, area in ipairs(areas) do
         headings[#headings + 1] = area
         for _, topic in ipairs(topics) do
            if topic.area_id == area.id then headings[#headings + 1] = topic end
         end
      end
      assert.equal(6 + 21, #headings)
      for _, heading in ipairs(headings) do
         assert.equal(1, #heading.lines, heading.id)
         assert.is_true(heading.lines[1] > last, heading.id)
         last = heading.lines[1]
      end
   end)

   it("has every action between the heading of its topic and the next", function()
      for i, topic in ipairs(topics) do
         local first, after = topic.lines[1], topics[i + 1] and topics[i + 1].lines[1] or #lines + 1
         for _, action in ipairs(actions) do
            assert.equal(action.line > first and action.line < after, action.topic_id == topic.id, action.id)
         end
      end
   end)

   it("opens the cells of a topic in the order of the columns", function()
      local column = {}
      for i, document in ipairs(COLUMNS) do column[document] = i end
      local last = {}
      for _, action in ipairs(actions) do
         if action.position == 1 then
            assert.is_true(column[action.document_id] > (last[action.topic_id] or 0), action.id)
            last[action.topic_id] = column[action.document_id]
         end
      end
   end)

   it("numbers every cell from 1 without a gap, but for one number printed twice", function()
      local expected, next_position, unexpected = {["WPAAEC.RC.3"] = 2, ["WPAAEC.RC.4"] = 3}, {}, {}
      for _, action in ipairs(actions) do
         local cell = action.document_id .. " " .. action.topic_id
         local position = (next_position[cell] or 0) + 1
         next_position[cell] = position
         assert.equal(position, action.position, action.id)
         if action.number ~= position then unexpected[action.id] = action.number end
      end
      assert.same(expected, unexpected)
   end)

   it("repeats the heads of the columns, which are the titles of the documents, on every page of the table", function()
      assert.equal(PAGES, pages)
   end)

   it("prints the abbreviations of the data, and no others", function()
      local held = {}
      for _, abbreviation in ipairs(abbreviations) do held[abbreviation.term] = bare(abbreviation.expansion) end
      assert.equal(38, printed_count)
      assert.same(printed, held)
   end)
end)
