--- A ministry's progress sheet: a row for each action and country, with the status in words.
--- Gives records of progress (unit, action, status, date, percent, note) instead of observations.
local core = require "difkit.core"
local numbers = require "difkit.format.numbers"
local periods = require "difkit.format.periods"

local kind = {name = "progress", title = "a progress sheet"}

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

--- The heading of the actions and that of the status: row, columns by role.
local function heading(grid)
   for i = 1, math.min(#grid.rows, 30) do
      local columns = {}
      for j = 1, grid.rows[i].n do
         local text = (grid:text(i, j) or ""):lower()
         local role = (text:find "^action" or text == "document id") and "action" or text == "status" and "status"
            or (text == "country" or text == "ams" or text == "member state" or text == "unit" or text == "economy")
               and "unit"
            or (text == "date" or text == "as of" or text == "status date") and "date"
            or (text:find "^%%" or text:find "^percent" or text == "progress (%)") and "percent"
            or (text:find "^remark" or text:find "^note" or text:find "^comment") and "note"
         if role and not columns[role] then columns[role] = j end
      end
      if columns.action and columns.status and columns.unit then return i, columns end
   end
end

--- Whether a text has the shape of an id of an action: "DIFAP.TF.1".
local function is_id(text) return text ~= nil and text:find "^%u%w*%.[%w.]+$" ~= nil end

function kind.recognise(grid)
   local i, columns = heading(grid)
   if not i then return end
   local ids = 0
   for r = i + 1, #grid.rows do
      if is_id(grid:text(r, columns.action)) then ids = ids + 1 end
   end
   if ids > 0 then
      return 0.9, {("%d ids of actions stand beside a status"):format(ids)}
   end
end

--- The day for which the sheet says that it holds, from its titles: "Status as of 30 June 2024".
local function default_date(grid, i, options)
   for r = 1, i - 1 do
      local text = (grid:text(r, 1) or ""):lower():match "as of (.+)$"
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
local function read_status(grid, r, columns, collect)
   local text = grid:text(r, columns.status)
   if not text or text:lower() == "n/a" or text:lower() == "not applicable" then return nil end
   local word = text:lower():gsub("%s+", "-")
   if status_of[word] then return status_of[word] end
   local seen = {}
   for part in word:gmatch "[%a_-]+" do
      local status = status_of[(part:gsub("^-+", ""):gsub("-+$", ""))]
      if status then seen[#seen + 1] = status end
   end
   local what = #seen > 1 and "says two things" or "is no status that is known"
   collect:wrong(grid:place(r, columns.status),
      ('"%s" %s; have completed, in progress, delayed, not started, cancelled')
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
      local id = grid:text(r, columns.action)
      if is_id(id) and documents[id:match "^[^.]+"] then return known end
   end
end

function kind.read(grid, collect)
   local i, columns = heading(grid)
   collect.as_of = default_date(grid, i, collect.options)
   local known = known_actions(grid, i, columns, collect.options)
   collect.progress = {}
   for r = i + 1, #grid.rows do
      local action = grid:text(r, columns.action)
      if is_id(action) then
         local status = read_status(grid, r, columns, collect)
         local unit = status ~= false and collect:unit({name = grid:text(r, columns.unit), system = "any"},
            grid:place(r))
         if known and not known[action] then
            local near = core.nearest(action, collect.options.actions)
            collect:wrong(grid:place(r, columns.action), ("no action %s%s"):format(action,
               near and "; the nearest is " .. near or ""))
         elseif unit then
            collect.progress[#collect.progress + 1] = {
               unit = unit, action = action, status = status, percent = percent_of(grid, r, columns),
               date = status and date_of(grid, r, columns, collect) or nil,
               note = columns.note and grid:text(r, columns.note), place = grid:place(r),
            }
         end
      end
   end
end

return kind
