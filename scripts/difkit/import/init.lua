--- Files as offices have them, as observations: what kind a file is, is decided by its content; what it says is
--- gathered with
--- its places; what has two readings is asked, and nothing is left out in silence.
local core = require "difkit.core"
local Collect = require "difkit.import.collect"
local errors = require "difkit.error"
local numbers = require "difkit.format.numbers"
local source = require "difkit.import.source"

local import = {}

--- The recognisers, a file each.
local kinds = {
   "world_bank", "sdg", "eurostat", "sdmx_csv", "ilostat", "hdr", "owid", "gapminder", "progress",
   "outline",
   "plain",
}

local options_known = {
   "as", "indicator", "unit", "period", "decimal", "dates", "periods", "encoding", "separator", "sheet",
   "missing", "whole", "decisions", "today", "actions", "weight",
   "units", "aliases", "gathered", "calendar", "rename", "statuses",
}

local decimals = {["."] = true, [","] = true}
local dates = {dmy = true, mdy = true}
local readings = {fiscal = true, month = true}
local calendars = {gregorian = true, buddhist = true}

local function check_options(given)
   local options = errors.options("difkit.import", given, options_known)
   local copy = {}
   for _, name in ipairs(options_known) do copy[name] = options[name] end
   local function one_of(name, list, words)
      if copy[name] and not list[copy[name]] then
         errors.raise(('difkit.import: %s must be %s, not "%s"'):format(name, words, tostring(copy[name])))
      end
   end
   one_of("decimal", decimals, '"." or ","')
   one_of("dates", dates, '"dmy" or "mdy"')
   one_of("periods", readings, '"fiscal" or "month"')
   one_of("calendar", calendars, '"gregorian" or "buddhist"')
   errors.check("difkit.import", "rename", copy.rename, "table", "optional")
   for old, new in pairs(copy.rename or {}) do
      if type(old) ~= "string" or type(new) ~= "string" or new == "" then
         errors.raise(("difkit.import: rename gives names of indicators for names, not %s for %s"):format(
            tostring(new), tostring(old)))
      end
   end
   copy.today = copy.today or core.today or os.date "%Y-%m-%d"
   return copy
end

--- Those of files that are no grids.
local documents = {
   "sdmx_json", "json_stat", "sdmx_xml", "csvw", "data_package", "survey", "oscal", "ciso", "un_goals",
}

--- Whether an error is Lua's own about a value that is missing, or is of another kind: a document has a member that its
--- kind does not have, or has not one that it must have.
local function is_of_structure(fault)
   return type(fault) == "string" and (fault:find("attempt to ", 1, true) or fault:find "bad argument #%d+ to '") ~= nil
end

--- What a recogniser says of the file; nothing where its structure is none that the kind has.
local function asked(kind, ...)
   local done, confidence, reasons = pcall(kind.recognise, ...)
   if not done and not is_of_structure(confidence) then error(confidence, 0) end
   return done and confidence, reasons
end

--- All recognisers that take the file or a grid of it, the surest first.
local function recognise(found)
   local list = {}
   for _, name in ipairs(#found.grids == 0 and documents or {}) do
      local kind = require("difkit.import.kind." .. name)
      local confidence, reasons = asked(kind, found)
      if confidence then
         list[#list + 1] = {kind = kind, confidence = confidence, reasons = reasons, place = #list}
      end
   end
   for _, grid in ipairs(found.grids) do
      for _, name in ipairs(kinds) do
         local kind = require("difkit.import.kind." .. name)
         local confidence, reasons = asked(kind, grid, found)
         if confidence then
            list[#list + 1] = {kind = kind, grid = grid, confidence = confidence, reasons = reasons, place = #list}
         end
      end
   end
   table.sort(list, function(a, b)
      if a.confidence ~= b.confidence then return a.confidence > b.confidence end
      return a.place < b.place
   end)
   return list
end

--- The headings of a grid, for a message about what it lacks.
local function shown_headings(grid)
   local names = {}
   for i = 1, math.min(#grid.rows, 10) do
      if grid:filled(i) > 1 then
         for j = 1, math.min(grid.rows[i].n, 8) do names[#names + 1] = grid:text(i, j) end
         break
      end
   end
   return #names > 0 and ("have " .. table.concat(names, ", ")) or nil
end

--- Which of them it is: one, or nil and {message, hint}.
local function choose(list, found, options)
   if options.as then
      for _, one in ipairs(list) do
         if one.kind.name == options.as then return one end
      end
      local names = {}
      for _, all in ipairs {kinds, documents} do
         for _, name in ipairs(all) do names[#names + 1] = require("difkit.import.kind." .. name).name end
      end
      for _, name in ipairs(names) do
         if name == options.as then return nil, {message = ("it is no %s"):format(options.as)} end
      end
      errors.unknown("kind of file", options.as, names)
   end
   if options.sheet then
      for _, one in ipairs(list) do
         if one.grid and one.grid.sheet == options.sheet then return one end
      end
      return nil, {message = ('the sheet "%s" is not there, or holds no units'):format(options.sheet)}
   end
   local first, second = list[1], list[2]
   if not first and #found.grids == 0 then
      return nil, {
         message = ("it is %s of no kind that is known"):format(found.kind == "json" and "JSON" or found.kind:upper()),
         hint = found.kind == "yaml"
            and "an OSCAL catalog has controls, a library of CISO Assistant a framework with requirement nodes"
            or "SDMX, JSON-stat, Data Packages and CSV on the Web are; ask for the data as CSV",
      }
   end
   if not first then
      local headings = found.grids[1] and shown_headings(found.grids[1])
      return nil, {
         message = "no column of units was found" .. (headings and "; " .. headings or ""),
         hint = "a column of country names or codes is needed; --unit NAME says which",
      }
   end
   if second and second.confidence == first.confidence then
      if second.grid ~= first.grid and first.grid.entry then
         return nil, {
            message = ('"%s" and "%s" in the archive both hold units'):format(first.grid.entry, second.grid.entry),
            hint = "unpack it, and import the one that is wanted",
         }
      end
      if second.grid ~= first.grid then
         return nil, {
            message = ('the sheets "%s" and "%s" both hold units'):format(first.grid.sheet or "", second.grid.sheet
               or ""),
            hint = "say which with --sheet",
         }
      end
      return nil, {
         message = ("it may be %s or %s"):format(first.kind.title, second.kind.title),
         hint = ("say --as %s or --as %s"):format(first.kind.name, second.kind.name),
      }
   end
   return first
end

--- What was decided about names: by the options, by units.yaml beside the file, and by the aliases of the data's units.
local function decisions_of(path, options)
   local units = require "difkit.units"
   local decisions = units.decide(nil, options.decisions)
   local places = {(path:match "^(.*/)" or "") .. "units.yaml"}
   for _, place in ipairs(options.units or {}) do places[#places + 1] = place end
   for _, place in ipairs(places) do units.read(decisions, place) end
   return units.decide(decisions, {match = options.aliases})
end

---What `difkit.import` found in a file. `observations` has the columns unit, indicator, period, value, flag and note;
---`places` says where each row stands in the file. `skipped`: {label, why, count}; `errors`: cells that were left
---out because
---they are wrong, {place, message}; `refusals`: why the file is refused as a whole, {place, message, hint};
---`unknown`: names
---that no unit has.
---@class difkit.Import
---@field file string
---@field digest string SHA-256
---@field kind string
---@field title string
---@field confidence number
---@field reasons string[]
---@field encoding string|nil
---@field observations difkit.Table
---@field progress difkit.Table|nil of a progress sheet: unit, action, status, date, percent, note, place
---@field variables difkit.Table|nil of a survey: variable, label, type, values, missing, n, n_valid
---@field framework table|nil of a framework from elsewhere: areas, topics, actions, indicators
---@field unasked boolean|nil of a survey: no question was named, so that its shares are shown and not written
---@field as_of string|nil of a progress sheet: the day that its title names, for rows without a date
---@field columns string[]|nil the headings of a table
---@field rows integer|nil rows of the text or sheet
---@field places string[]
---@field indicators table[]
---@field skipped table[]
---@field errors table[]
---@field refusals table[]
---@field unknown table[]
---@field decisions table what was decided about names, by units.yaml beside the file and by the options
---@field shapes {shape: string, example: string, count: integer}[] how numbers were written, beyond digits with a point
---@field warnings string[]
---@field source table<string, string>

---Reads a file as an office has it: World Bank, Eurostat, SDMX-CSV, UN SDG, ILOSTAT, HDR, Our World in Data,
---Gapminder, and
---plain tables, as delimited text or XLSX. The content decides what it is. A file that cannot be read at all gives
---nil, a
---message and a code; one that was read and is refused has `refusals`, and no observations.
---
---```lua
---local found, message = difkit.import "no-such-file.csv"
---print(found) --> nil
---```
---@param path string
---@param options? {as?: string, indicator?: string, unit?: string, period?: string, decimal?: string, dates?: string,
---periods?: string, calendar?: string, encoding?: string, separator?: string, sheet?: string, whole?: boolean,
---weight?: string,
---units?: string[], aliases?: table<string, string>, rename?: table<string, string>,
---statuses?: table<string, string>} `units`: further files of decisions; `aliases`: name to id of a unit; `rename`:
---what indicators of the file are called in the data; `statuses`: what an office's own words for a status mean
---@return difkit.Import|nil
---@return string|nil message
---@return string|nil code
function import.read(path, options)
   errors.check("difkit.import", "path", path, "string")
   options = check_options(options)
   local digest, head, code = core.read_digest(path)
   if not digest and core.read_file(path .. "/datapackage.json") then
      path = path .. "/datapackage.json"
      digest, head = core.read_digest(path)
   end
   if not digest then
      local message = head
      require("difkit.condition").note("difkit.import", message)
      return nil, message, code
   end
   local function refused(problem)
      local text = path .. ": " .. problem.message .. (problem.hint and "; " .. problem.hint or "")
      require("difkit.condition").note("difkit.import", text)
      return nil, text, "data"
   end
   local found, problem = source.read(path, head, options)
   if not found then return refused(problem) end
   found.path = path
   options.decisions = decisions_of(path, options)
   found.decisions, found.statuses = options.decisions, options.statuses
   local chosen
   chosen, problem = choose(recognise(found), found, options)
   if not chosen then return refused(problem) end
   local collect = Collect.new(options.indicator or (path:match "[^/]+$":gsub("%.gz$", ""):gsub("%.%w+$", "")), options)
   collect.indicator_name = collect.file
   for _, sheet in ipairs(found.hidden or {}) do collect:skip(("sheet '%s'"):format(sheet), "a hidden sheet") end
   do
      local meter <close> = require "difkit.meter" "observation"
      collect.meter = meter
      local done, fault = pcall(chosen.kind.read, chosen.grid, collect, found)
      collect.meter = nil
      if not done and not is_of_structure(fault) then error(fault, 0) end
      if not done then
         return refused{message = ("it begins as %s, and is not built as such a file is"):format(chosen.kind.title),
            hint = "something in it is missing, or of another kind than expected; get the file anew"}
      end
      for _, note in ipairs(collect.below) do collect:skip(note, "a note below the table") end
   end
   local gathered = collect.gathered
   gathered:finish(collect)
   -- Nothing of a file that is refused, so that nobody takes half of it.
   if #collect.refusals > 0 then gathered:clear() end
   local progress = collect.progress and #collect.refusals == 0 and require("difkit.table")(
      {"unit", "action", "status", "date", "percent", "note", "place"}, collect.progress) or nil
   local observations, places = gathered, {}
   if not options.gathered then
      observations, places = gathered:table()
      for i, place in ipairs(places) do places[i] = Collect.in_words(place) end
   end
   return {
      file = path, digest = digest, kind = chosen.kind.name, title = chosen.kind.title,
      confidence = chosen.confidence, reasons = chosen.reasons, encoding = found.encoding, separator = found.separator,
      sheet = chosen.grid and chosen.grid.sheet, observations = observations, progress = progress,
         as_of = collect.as_of, variables = collect.variables,
      unasked = collect.unasked, framework = collect.framework, decisions = options.decisions,
      columns = chosen.grid and chosen.grid:columns() or nil, rows = chosen.grid and #chosen.grid.rows or nil,
         places = places, indicators = collect.indicators,
      skipped = collect.skipped,
      renamed = collect.renamed, errors = collect.errors, refusals = collect.refusals, unknown = collect.unknown,
      shapes = collect.shapes, warnings = collect.warnings, source = collect.source,
   }
end

---Which recognisers take a file, the surest first, with their confidence and reasons; nil and a message for a file that
---cannot be read. What `difkit.import` decides by.
---
---```lua
---print(difkit.import.recognise "no-such-file.csv") --> nil	cannot read no-such-file.csv: No such file or directory
---```
---@param path string
---@param options? table as of `difkit.import`
---@return {kind: string, title: string, confidence: number, reasons: string[], sheet: string|nil}[]|nil
---@return string|nil message
function import.recognise(path, options)
   errors.check("difkit.import.recognise", "path", path, "string")
   options = check_options(options)
   local digest, head = core.read_digest(path)
   if not digest then
      require("difkit.condition").note("difkit.import.recognise", head)
      return nil, head
   end
   local found, problem = source.read(path, head, options)
   if not found then return nil, path .. ": " .. problem.message end
   found.path, found.decisions = path, decisions_of(path, options)
   local list = recognise(found)
   for i, one in ipairs(list) do
      list[i] = {kind = one.kind.name, title = one.kind.title, confidence = one.confidence, reasons = one.reasons,
         sheet = one.grid and one.grid.sheet}
   end
   return list
end

import.text = numbers.text

return setmetatable(import, {__call = function(_, path, options) return import.read(path, options) end})
