--- The interactive session of `difkit repl`: reads entries, runs them, shows what they give. The terminal and the
--- limits are the core's (core/terminal, core/lua/host); what an entry is, compile.lua says; lines that begin with a
--- dot are in commands.lua, Tab is complete.lua.
---
--- Nothing here gives a script that the session runs more than it has: files and the editor are reached by what the
--- user typed, and the core looks at that by itself.
local class = require "difkit.class"
local core = require "difkit.core"
local compile = require "difkit.repl.compile"
local run_command = require "difkit.repl.commands"
local show = require "difkit.repl.show"
local views = require "difkit.view"

local statuses = {data = 1, usage = 2, limit = 3, script = 4, io = 5, locked = 6}

---@class difkit.repl.Session
local Session, session_events = class "difkit.Session"

--- A message to standard error, apart from what is shown.
function Session:say(message, is_error)
   io.stdout:flush()
   local colour = self.terminal and core.terminal().colour
   local before = is_error and (colour and "\27[1;31merror:\27[0m " or "error: ") or ""
   core.log(before .. message)
end

--- Where an error happened, in words of the session: the place within the entry just typed, unless that has one line.
local function place_of(where, number, text)
   local entry, line = where:match "^entry (%d+):(%d+)$"
   if not entry then return where ~= "" and where .. ": " or "" end
   if tonumber(entry) ~= number then return ("in an earlier entry, line %s: "):format(line) end
   return text:find("\n", 1, true) and ("line %s: "):format(line) or ""
end

--- Says what went wrong. `text` is the entry; the status of the first failure is that of a session without a terminal.
function Session:fail(problem, text)
   if type(problem) ~= "table" then problem = {message = tostring(problem), code = "script"} end
   local where = problem.where or ""
   self:say(place_of(where, self.number, text) .. tostring(problem.message)
      .. (problem.hint and "; " .. problem.hint or ""), true)
   -- Lines of entries say little; those of files lead to the place.
   local traceback = problem.traceback or ""
   if traceback:find "\n" and ("\n" .. traceback):gsub("\n *entry %d+:[^\n]*", "") ~= "" then self:say(traceback) end
   local status = where ~= "" and problem.code ~= "limit" and statuses.script or statuses[problem.code]
   self.status = self.status or status or statuses.script
end

--- Runs what compile() made; keeps it for .save when it worked. Gives whether it did.
function Session:execute(entry, text)
   if entry.kind == "nothing" then return true end
   local done, value, kind = core.entry_call(function()
      return show(table.pack(entry.run()), entry)
   end)
   if not done then
      self:fail(value, text)
      return false
   end
   if value ~= nil then rawset(self.environment, "_", value) end
   entry.shown = kind
   self.worked[#self.worked + 1] = entry
   return true
end

--- Lua as it was typed, one entry. Gives "incomplete" when it needs more lines.
function Session:enter(text, ended)
   self.number = self.number + 1
   local entry, message, incomplete = compile(text, "=entry " .. self.number, self.environment)
   if entry then
      self:execute(entry, text)
   elseif incomplete and not ended then
      self.number = self.number - 1
      return "incomplete"
   else
      local line, said = message:match "^entry %d+:(%d+): (.*)$"
      self:fail({
         message = incomplete and "the entry ends too early: " .. (said or message) or said or message, code = "script",
         where = line and ("entry %d:%s"):format(self.number, line),
      }, text)
   end
end

--- The text of a file, as if it had been typed. Gives whether it worked.
function Session:source(text, path)
   text = text:gsub("^#[^\n]*", "")
   local entry, message = compile(text, "@" .. path, self.environment)
   if not entry then
      self:fail({message = message, code = "script"}, text)
      return false
   end
   entry.path = path
   return self:execute(entry, text)
end

--- Keeps an entry for the next session. That it cannot be kept is said by the core once.
function Session:remember(text)
   local done, message = core.line_remember(text)
   if not done then self:say("the lines of this session will not be kept: " .. message) end
end

--- One line, added to those that wait for it: a command, or Lua.
function Session:take(line)
   local pending = self.pending
   local is_command = line:find "^%.%a" and #pending == 0 or line:find "^%.edit%s*$"
   pending[#pending + 1] = line
   local text = table.concat(pending, "\n")
   local finished
   if is_command or self.continue then
      finished = run_command(self, line, text) ~= "incomplete"
   else
      finished = self:enter(text) ~= "incomplete"
   end
   if finished then
      if not is_command and not self.continue then self.last = text end
      self:remember(self.edited or text)
      self.last = self.edited or self.last
      self.pending, self.continue, self.edited = {}, nil, nil
   end
end

local function greet(session, database)
   local documents = session.db:from "document":count()
   local actions = session.db:from "action":count()
   print(("difkit %s: %s, %d documents, %d actions (db)"):format(session.environment.difkit._VERSION,
      database or "the bundled framework", documents, actions))
   print "Type Lua, or .help; Tab completes, Ctrl-D ends."
end

--- Runs a session with `db`; `given`: files to run first as `arguments`, the name `db` of the data, whether it is
--- `resumed` after its process was ended. Gives the exit status.
return function(db, given)
   local mode = core.line_begin()
   local environment = core.entry_environment()
   local difkit = environment == _G and require "difkit" or views.of(require "difkit", "difkit")
   environment.difkit, environment.db, environment.help = difkit, db, difkit.help
   local session = setmetatable({
      db = db, environment = environment, database = given.db, terminal = mode ~= "plain", number = 0,
      worked = {}, pending = {}, predefined = {},
   }, session_events)
   for name in next, environment do session.predefined[name] = true end
   for _, path in ipairs(given.resumed and {} or given.arguments) do
      local text, message = core.read_file(path)
      if not text then core.raise("io", message) end
      if not session:source(text, path) and not session.terminal then return session.status end
   end
   if session.terminal and not given.resumed then greet(session, given.db) end
   local complete = require "difkit.repl.complete"(session)
   while not session.ended do
      local line = core.line(#session.pending > 0, complete)
      if line == nil then break end
      if line then
         session:take(line)
      else
         session.pending, session.continue = {}, nil
      end
   end
   if #session.pending > 0 and not session.ended and not session.terminal then
      if session.continue then session.continue(table.concat(session.pending, "\n"), true)
      else session:enter(table.concat(session.pending, "\n"), true) end
   end
   if session.terminal and not session.ended then print() end
   return not session.terminal and session.status or 0
end
