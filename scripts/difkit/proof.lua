--- What a page or a workbook says of how it was made: the script, its arguments, the date and the digest of the data.
--- With it `difkit why` and `difkit verify` run the script again. Only what `difkit run` writes has one.
local core = require "difkit.core"

--- `core.running` is the record of the run: name, stock, text, code, arguments, output, format, trust; the library adds
--- date and digest when the script asks for the day and opens the data, the name and digest of each file that the
--- script has read besides, and how much is disclosed of single units where a script says so.
local proof = {id = "difkit-proof", sheet = "difkit"}

--- Begins the record of a run; without one pages carry no proof.
function proof.begin(record) core.running = record end

--- The day the run is made for, noted, so that a later run is made for the same.
function proof.day(today)
   local run = core.running
   if not run then return today() end
   run.date = run.date or today()
   return run.date
end

--- Notes the digest of the data that the script opened.
function proof.data(db)
   local run = core.running
   if run and db and not run.digest then
      run.digest = db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()
   end
   return db
end

--- The first line of the script's header, which says what it is about; nil for code of the command line.
function proof.title()
   local run = core.running
   local line = run and not run.code and run.text:gsub("^#![^\n]*\n", ""):match "^%-%-%-?[ \t]*(%w[^\n]*)"
   return line and (line:gsub("%s+$", ""):gsub("%.$", ""))
end

--- The digest of the data that the script opened, or nil.
function proof.digest() return core.running and core.running.digest end

--- What the script has read besides the data: {name, sha256} each, by name.
local function files()
   local list = {}
   for _, name in ipairs(core.files_read()) do
      local digest = core.read_digest(name)
      if digest then list[#list + 1] = {name = name, sha256 = digest} end
   end
   table.sort(list, function(a, b) return a.name < b.name end)
   return #list > 0 and list or nil
end

--- The record as JSON, or nil when there is none.
function proof.text()
   local run = core.running
   if not run or run.silent then return nil end
   local json = require "difkit.format.json"
   return json.encode{
      difkit = core.version, script = run.name, stock = run.stock or nil, code = run.code or nil, text = run.text,
      arguments = #run.arguments > 0 and run.arguments or nil, output = run.output, format = run.format,
      date = run.date, data = run.digest, files = files(), disclosure = run.disclosure, trust = run.trust or nil,
      illustrative = run.illustrative,
   }
end

--- The record in a page of HTML, or nil.
function proof.of_html(text)
   local found = text:match('<script type="application/json" id="' .. proof.id:gsub("%-", "%%-") .. '">(.-)</script>')
   return found and proof.decode(found)
end

--- The record that a text holds; nil for one that is none.
function proof.decode(text)
   local record = require("difkit.format.json").decode(text)
   if type(record) ~= "table" or type(record.text) ~= "string" or type(record.script) ~= "string" then return nil end
   record.files = type(record.files) == "table" and record.files or {}
   record.arguments = type(record.arguments) == "table" and record.arguments or {}
   return record
end

return proof
