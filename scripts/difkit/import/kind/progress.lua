--- A ministry's progress sheet: a row for each action and country, with the status in words.
--- Gives records of progress (unit, action, status, date, percent, note) instead of observations.
local core = require "difkit.core"
local numbers = require "difkit.format.numbers"
local periods = require "difkit.format.periods"

local kind = {name = "progress", title = "a progress sheet"}

local MOST <const> = 20000 -- rows of a sheet that people fill in

--- Status words of offices: words -> those of the data model.
local statuses = {
   completed = "done completed finished complete implemented achieved 100% 100",
   in_progress = "on-going ongoing in-progress in_progress on-track progressing started underway under-way",
   delayed = "delayed behind late behind-schedule overdue",
   not_started = "not-started not-yet-started not-begun planned pending",
   dropped = "dropped cancelled canceled abandoned discontinued",
}
local status_of = {}
for status, words in pairs(statuses) do
   for word in words:gmatch "%S+" do status_of[word] = status end
end

--- A word of a sheet as it is looked up: small letters, hyphens for spaces.
local function plain(text) return (core.lower(text):gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s+", "-")) end

--- The status that a word means: of the office's own words first (a recipe's `statuses`: word -> status), then of those
--- that many use. nil where it means none.
function kind.status(text, own)
   local word = plain(text)
   for said, status in require "difkit.sorted"(own or {}) do
      if plain(tostring(said)) == word then return status end
   end
   return status_of[word]
end

--- What a heading says that its column holds.
local function role_of(text)
   if text:find "^action" or text == "document id" then return "action" end
   if text:find "date$" or text == "date" or text == "as of" then return "date" end
   if text:find "^status" or text:find "status$" then return "status" end
   if text:find "^country" or text == "ams" or text:find "^member state" or text == "unit" or text == "economy" then
      return "unit"
   end
   if text:find "^%%" or text:find "^percent" or text == "progress (%)" then return "percent" end
   if text:find "^remark" or text:find "^note" or text:find "^comment" then return "note" end
end

--- The id of an action that a text is, as "DIFAP.TF.1" is one, in whatever letters; nil for what is none.
local function id_of(text)
   if text == nil or not text:find "^%a%w*%.[%w.]*%d[%w.]*$" then return nil end
   return (text:upper())
end

--- The column of ids, or of words for a status, where no heading says which: the first of those without a role whose
--- cells are nearly all such.
local function by_content(grid, i, taken, is)
   for j = 1, grid.rows[i].n do
      local filled, good = 0, 0
      for r = i + 1, taken[j] and i or #grid.rows do
         local text = grid:text(r, j)
         if text then
            filled = filled + 1
            if is(text) then good = good + 1 end
         end
      end
      if good > 0 and good >= 0.6 * filled then return j end
   end
end

--- The heading of the actions and of their status: row, columns by role. In a matrix, `columns.countries` has the
--- columns of countries, which hold the status. `own`: the office's own words for a status.
local function heading(grid, own)
   for i = 1, math.min(#grid.rows, 30) do
      local columns, countries, taken = {}, {}, {}
      for j = 1, grid.rows[i].n do
         local text = grid:text(i, j) or ""
         local role = role_of(text:lower())
         if role and not columns[role] then
            columns[role], taken[j] = j, true
         elseif not role and text ~= "" and core.match_unit(text, "any") == "unit" then
            countries[#countries + 1] = j
         end
      end
      if columns.unit and #grid.rows <= MOST then
         columns.action = columns.action or by_content(grid, i, taken, id_of)
         columns.status = columns.status or columns.action and by_content(grid, i, taken, function(text)
            return not tonumber(text) and kind.status(text, own)
         end)
      end
      if columns.action and columns.status and columns.unit then return i, columns end
      if columns.action and not columns.status and #countries > 1 then
         columns.countries = countries
         return i, columns
      end
   end
end

--- Whether a column of a matrix holds a word for a status.
local function holds_status(grid, i, columns, own)
   for r = i + 1, #grid.rows do
      for _, j in ipairs(columns.countries) do
         local word = grid:text(r, j) or ""
         if not tonumber(word) and kind.status(word, own) then return true end
      end
   end
   return false
end

function kind.recognise(grid, found)
   local i, columns = heading(grid, found and found.statuses)
   if not i then return end
   local ids = 0
   for r = i + 1, #grid.rows do
      if id_of(grid:text(r, columns.action)) then ids = ids + 1 end
   end
   if columns.countries and not holds_status(grid, i, columns, found and found.statuses) then return end
   if ids > 0 then
      return 0.9, {("%d ids of actions stand beside a status"):format(ids)}
   end
end

--- The day for which the sheet says that it holds, from its titles: "Status as of 30 June 2024".
local function default_date(grid, i, options)
   for r = 1, i - 1 do
      local title = ""
      for j = 1, grid.rows[r].n do title = title ~= "" and title or grid:text(r, j) or "" end
      local text = title:lower():match "as of (.+)$"
      local day = text and periods.read(text, options)
      if day and #day == 10 then return day end
   end
end

--- The date of a row: a cell date, or a day in words.
local function date_of(grid, r, columns, collect)
   local cell = columns.date and grid:cell(r, columns.date)
   if cell == nil then return nil end
   local period, message = periods.read(tostring(cell), collect.options)
   if period and #period == 10 then return period end
   if message then
      collect:refuse(grid:place(r, columns.date), message)
   else
      collect:wrong(grid:place(r, columns.date), ('"%s" is no day'):format(tostring(cell)))
   end
end

--- The status of a row: nil where nothing is said, false where it cannot be read.
local function read_status(grid, r, column, collect)
   local text = grid:text(r, column)
   local status = text and kind.status(text, collect.options.statuses)
   if status then return status end
   if not text or text:lower() == "n/a" or text:lower() == "not applicable" then return nil end
   local seen = {}
   for part in plain(text):gmatch "[%a_-]+" do
      status = status_of[(part:gsub("^-+", ""):gsub("-+$", ""))]
      if status then seen[#seen + 1] = status end
   end
   local what = #seen > 1 and "says two things" or "is no status that is known"
   collect:wrong(grid:place(r, column),
      ('"%s" %s; have completed, in progress, delayed, not started, cancelled, or what a recipe maps (statuses:)')
      :format(text, what))
   return false
end

local function percent_of(grid, r, columns)
   local cell = columns.percent and grid:cell(r, columns.percent)
   local read = cell ~= nil and numbers.read(cell, ".")
   return read and read.value or nil
end

--- The ids of the actions of the open data, where there are some of these documents.
local function known_actions(grid, i, columns, options)
   local documents, known = {}, {}
   local db = options.actions
   if not db then return nil end
   for _, id in ipairs(db) do
      known[id] = true
      documents[id:match "^[^.]+"] = true
   end
   for r = i + 1, #grid.rows do
      local id = id_of(grid:text(r, columns.action))
      if id and documents[id:match "^[^.]+"] then return known end
   end
end

--- One record: what a cell says of an action in a country.
local function add(grid, r, action, columns, collect, name, column)
   local status = read_status(grid, r, column, collect)
   local code = name and name:find "^%u%u%u?$" and name
   local unit = status ~= false and collect:unit({code = code, name = not code and name or nil,
      system = code and #code == 2 and "iso2" or "any"}, grid:place(r))
   if not unit then return end
   if columns.countries and not status then return end -- nothing is said of the country
   collect.progress[#collect.progress + 1] = {
      unit = unit, action = action, status = status, percent = percent_of(grid, r, columns),
      date = status and date_of(grid, r, columns, collect) or nil, note = columns.note and grid:text(r, columns.note),
      place = columns.countries and grid:place(r, column) or grid:place(r),
   }
end

--- A row without an id: one that reports all the same is wrong, others are left out.
local function without_id(grid, r, columns, collect, text)
   local status = columns.status and grid:text(r, columns.status)
   if status and kind.status(status, collect.options.statuses) and grid:text(r, columns.unit) then
      collect:wrong(grid:place(r, columns.action), ('"%s" is no id of an action'):format(text or ""))
   elseif text then
      collect:skip(text, "a row without an id of an action")
   end
end

function kind.read(grid, collect)
   local i, columns = heading(grid, collect.options.statuses)
   collect.as_of = default_date(grid, i, collect.options)
   local known = known_actions(grid, i, columns, collect.options)
   collect.progress = {}
   for r = i + 1, #grid.rows do
      local text = grid:text(r, columns.action)
      local action = id_of(text)
      if not action then
         without_id(grid, r, columns, collect, text)
      elseif known and not known[action] then
         local near = core.nearest(action, collect.options.actions)
         collect:wrong(grid:place(r, columns.action), ("no action %s%s"):format(text,
            near and "; the nearest is " .. near or ""))
      elseif columns.countries then
         for _, j in ipairs(columns.countries) do add(grid, r, action, columns, collect, grid:text(i, j), j) end
      else
         add(grid, r, action, columns, collect, grid:text(r, columns.unit), columns.status)
      end
   end
end

return kind
