--- Runs the script of a published file again, watched, and writes nothing: for `difkit why` and `difkit verify`.
local core = require "difkit.core"
local observe = require "difkit.observe"
local published = require "difkit.provenance.published"
local trace = require "difkit.provenance.trace"

local rerun = {}

local function base(path) return path:match "[^/]*$" end

--- The page of the run that the file is: by name; a folder's index.html by the longer name.
local function page_for(path, pages)
   local best, length
   for written, page in require("difkit.sorted")(pages) do
      local matches = base(written) == base(path)
      if matches and path:sub(-#written) == written and #written > (length or 0) then
         best, length = page, #written
      elseif matches and not best then
         best, length = page, 0
      end
   end
   return best
end

--- The script that made the file: the one named, or the one that its proof holds.
local function script_of(file, given)
   local record = file.record
   if given.text then
      return {name = given.name, chunk = given.chunk, text = given.text,
         arguments = #given.arguments > 0 and given.arguments or record and record.arguments or {},
         output = record and record.output or not record and base(file.path) or nil, maybe = not record,
         format = record and record.format, date = record and record.date}
   end
   if not record then
      core.raise("usage", file.path .. " does not say how it was made",
         "name the script that wrote it: --script NAME -- its options")
   end
   if record.trust and not given.trust then
      core.raise("usage", ("%s was made by a trusted script, %s"):format(file.path, record.script),
         "read the script, then add --trust")
   end
   return {name = record.script, text = record.text, code = record.code, output = record.output, format = record.format,
      chunk = record.stock and "@stock:" .. record.script or "@" .. record.script .. ".lua", date = record.date,
      arguments = #given.arguments > 0 and given.arguments or record.arguments}
end

--- Reads the file `given.file` and runs its script again. Gives the file as read, the script, what was seen, the page
--- written again, its parts, and the data.
function rerun.run(given, run_script)
   core.allow_read(given.file)
   local file, message, code = published.read(given.file)
   if not file then core.raise(code or "io", message) end
   local script = script_of(file, given)
   local seen = trace.begin(script.text)
   local difkit = require "difkit"
   local db, problem, kind = difkit.open()
   if not db then core.raise(kind or "io", problem) end
   core.silence(true)
   local done, failure = pcall(run_script, {
      text = script.text, name = script.name, chunk = script.chunk, code = script.code, arguments = script.arguments,
      output = script.output, format = script.format, maybe = script.maybe, options = {}, date = script.date,
      trust = given.trust,
   })
   core.silence(false)
   observe.begin(nil)
   local page = page_for(given.file, seen.pages) or script.output and page_for(script.output, seen.pages)
   -- A run may fail by what it found (--fail-on) after it has written its page.
   if not page then
      if not done then error(failure, 0) end
      core.raise("data", ("the script %s, run again, does not write %s"):format(script.name, base(given.file)),
         "were its options others? give them behind --")
   end
   return {file = file, script = script, seen = seen, page = page, parts = published.again(file, page), db = db,
      digest = db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()}
end

return rerun
