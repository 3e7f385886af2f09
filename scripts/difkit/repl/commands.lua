--- The commands of the session: lines that begin with a dot.
local core = require "difkit.core"
local save_text = require "difkit.repl.save"
local schema = require "difkit.schema"

local commands = {}
local order = {"help", "sql", "schema", "source", "edit", "save", "history", "quit"}

commands.help = {
   usage = ".help", does = "this list",
   run = function()
      print "Lua runs as it is typed; an expression shows its value, a query its first rows. db is the data, difkit the"
      print "library, _ what was shown last. help(db.actions), help \"pivot\" and help() tell of the library.\n"
      local width = 0
      for _, name in ipairs(order) do width = math.max(width, core.width(commands[name].usage)) end
      for _, name in ipairs(order) do
         local command = commands[name]
         print(command.usage .. (" "):rep(width - core.width(command.usage) + 2) .. command.does)
      end
      print "\nTab completes, Ctrl-R looks through earlier lines, Ctrl-C stops, Ctrl-D ends."
   end,
}

--- Runs one query and shows its rows.
local function run_sql(session, text)
   session:execute({
      kind = "sql", text = text, run = function() return session.db:query(text) end,
   }, text)
end

commands.sql = {
   usage = ".sql SELECT …", does = "ask in SQL; .sql alone: on several lines, up to a ;",
   run = function(session, argument)
      if argument ~= "" then return run_sql(session, argument) end
      session.continue = function(text, ended)
         local query = text:match "^%.sql%s*(.-)%s*$"
         if not ended and not query:find ";$" then return "incomplete" end
         if query:find "[^;%s]" then run_sql(session, query) end
      end
      return "incomplete"
   end,
}

--- The tables: those of the model with what they hold, and those of the user's own.
local function show_tables(session)
   local help, rows = {}, {}
   for _, entity in ipairs(core.schema(session.db)) do help[entity.name] = entity.help end
   local tables = ("SELECT name FROM (%s) AS known WHERE kind <> 'index'"):format(core.sql(session.db, "tables"))
   local names = session.db:query(tables):table():column "name"
   for _, name in ipairs(names) do
      local quoted = '"' .. name:gsub('"', '""') .. '"'
      rows[#rows + 1] = {name, session.db:query("SELECT count(*) FROM " .. quoted):value(), help[name]}
   end
   require "difkit.table"({"table", "rows", "holds"}, rows):print()
end

local function show_columns(session, name)
   local columns = schema.columns(session.db, name)
   if not columns then schema.unknown_table(".schema", name, session.db) end
   local model = {}
   for _, entity in ipairs(core.schema(session.db)) do
      for _, field in ipairs(entity.name == name and entity.fields or {}) do model[field.name] = field end
   end
   local rows = {}
   for i, column in ipairs(columns) do
      local field = model[column]
      local kind = field and field.type
      rows[i] = {column, field and field.reference and "id of " .. field.reference or kind, field and field.help}
   end
   require "difkit.table"({"column", "type", "holds"}, rows):print()
end

commands.schema = {
   usage = ".schema [TABLE]", does = "the tables, or the columns of one",
   run = function(session, argument)
      local done, problem = core.entry_call(function()
         if argument == "" then show_tables(session) else show_columns(session, argument) end
      end)
      if not done then session:fail(problem, argument) end
   end,
}

commands.source = {
   usage = ".source FILE", does = "run a file of Lua as if it were typed",
   run = function(session, argument)
      if argument == "" then return session:fail({message = ".source: which file?", code = "usage"}, "") end
      local text, path, code = core.typed_source()
      if not text then return session:fail({message = path, code = code}, "") end
      session:source(text, path)
   end,
}

commands.edit = {
   usage = ".edit", does = "edit the last entry, or the lines typed so far, and run them",
   run = function(session, _, before)
      local text = before or session.last or ""
      local edited, message, code = core.typed_edit(text ~= "" and text .. "\n" or "")
      if not edited then return session:fail({message = message, code = code}, "") end
      edited = edited:gsub("%s+$", "")
      if edited == "" then return end
      print(edited)
      session.edited = edited
      session:enter(edited, true)
   end,
}

commands.save = {
   usage = ".save FILE", does = "make a script of the lines that worked; .save! replaces a file",
   run = function(session, argument)
      if argument == "" then return session:fail({message = ".save: to which file?", code = "usage"}, "") end
      local text, count = save_text(session, argument)
      if count == 0 then return session:fail({message = ".save: nothing has worked yet", code = "usage"}, "") end
      local path, message, code = core.typed_save(text)
      if not path then return session:fail({message = message, code = code}, "") end
      local words = {"difkit run", path:find "/" and path or "./" .. path}
      if session.database then words[#words + 1] = "--db " .. session.database end
      for _, overlay in ipairs(core.overlay) do words[#words + 1] = "--with " .. overlay end
      print(("wrote %s: %d entr%s; run it with: %s"):format(path, count, count == 1 and "y" or "ies",
         table.concat(words, " ")))
   end,
}

commands.history = {
   usage = ".history [N]", does = "the last N lines (20)",
   run = function(session, argument)
      local count = argument == "" and 20 or math.tointeger(tonumber(argument))
      if not count then
         return session:fail({message = (".history: how many lines? Not \"%s\""):format(argument), code = "usage"}, "")
      end
      local done, message, code = core.line_history(count)
      if not done then session:fail({message = message, code = code}, "") end
   end,
}

commands.quit = {
   usage = ".quit", does = "end the session, as Ctrl-D does",
   run = function(session) session.ended = true end,
}
commands.exit = commands.quit
commands["save!"] = commands.save

--- Runs the command of a line; `text` is the whole entry, of which the line is the last. Gives "incomplete" when the
--- command wants more lines.
return function(session, line, text)
   if line:find "^%.edit%s*$" then
      local before = #text > #line and text:sub(1, -#line - 2) or nil
      return commands.edit.run(session, "", before)
   end
   if session.continue then return session.continue(text) end
   local name, argument = line:match "^%.(%a+!?)%s*(.-)%s*$"
   local command = name and commands[name]
   if command then return command.run(session, argument) end
   local near = core.nearest(name or line, order)
   session:fail({
      message = ('unknown command "%s"'):format(line:match "^%S+"), code = "usage",
      hint = near and ('did you mean ".%s"?'):format(near) or ".help lists them",
   }, "")
end
