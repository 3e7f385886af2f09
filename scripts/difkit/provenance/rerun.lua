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

--- The files that the script had read besides the data: {name, sha256, now}, `now` being the digest of today, nil where
--- it cannot be read. A name that the command line gave is looked for where the script will look.
local function files_of(file)
   local list = {}
   for _, one in ipairs(file.record and file.record.files or {}) do
      if type(one) == "table" and type(one.name) == "string" then
         list[#list + 1] = {name = one.name, sha256 = tostring(one.sha256), now = (core.read_digest(one.name))}
      end
   end
   return list
end

--- Whether an argument of then names the file: it may be read only once the script is given its options.
local function is_argument(arguments, name)
   for _, word in ipairs(arguments) do
      if word == name or type(word) == "string" and word:match "^%-%-[^=]*=(.*)$" == name then return true end
   end
   return false
end

--- Raises for the files that are not there.
local function missing(file, files, arguments)
   for _, one in ipairs(files) do
      if not one.now and not (arguments and is_argument(arguments, one.name)) then
         core.raise("io", ("%s was made with the file %s (SHA-256 %s), which is not there"):format(file.path, one.name,
            one.sha256:sub(1, 16)), ("put it beside %s, or name the script in whose folder it is: --script FILE.lua")
            :format(base(file.path)))
      end
   end
end

--- Reads the file `given.file` and runs its script again. Gives the file as read, the script, what was seen, the page
--- written again, its parts, the files that it was made with besides the data, and the data.
function rerun.run(given, run_script)
   core.allow_read(given.file)
   local file, message, code = published.read(given.file)
   if not file then core.raise(code or "io", message) end
   local script = script_of(file, given)
   missing(file, files_of(file), script.arguments)
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
   local files = files_of(file)
   -- A run may fail by what it found (--fail-on) after it has written its page.
   if not page then
      missing(file, files)
      if not done then error(failure, 0) end
      core.raise("data", ("the script %s, run again, does not write %s"):format(script.name, base(given.file)),
         "were its options others? give them behind --")
   end
   return {file = file, files = files, script = script, seen = seen, page = page, db = db,
      parts = published.again(file, page),
      digest = db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()}
end

return rerun
