--- What a script says of itself in its header, and the options it is run with.
--- The header is read without running the script:
---
---   --- What it answers, in one line.
---   --- More, on further lines.
---   ---@script coverage
---   ---@option have document=BSBR  The document that covers the topic.
---   ---@option limit integer  At most so many rows.
---   ---@argument words text!...  The words to search for.
---   ---@reads action, topic
---   ---@writes nothing
---
--- After the name stands the type, then "!" when it must be given, "..." when there can be several, "=VALUE" for what
--- it is otherwise. Types: text, integer, number, boolean, path, date, choice(a|b), and the ids document, topic, area,
--- action, unit, group, indicator, which are checked against the data.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit.script
local script = {}

---What a header says.
---@class difkit.Header
---@field name string
---@field description string one line
---@field details string further lines
---@field options difkit.Option[]
---@field arguments difkit.Option[] without a name on the command line
---@field reads string|nil
---@field writes string|nil

---An option or argument of a script.
---@class difkit.Option
---@field name string as on the command line; in Lua with "_" for "-"
---@field type string
---@field choices string[]|nil
---@field default any
---@field required boolean
---@field several boolean
---@field help string

--- All types, and of those that name records the entity. The data model is asked only for a type that is not plain.
local types = {"text", "integer", "number", "boolean", "path", "date", "choice"}
local plain = {text = true, integer = true, number = true, boolean = true, path = true, date = true, choice = true}
local entities

local function entity_of(kind)
   if plain[kind] then return nil end
   if not entities then
      entities = {}
      for _, entity in ipairs(require("difkit.schema").identified()) do
         entities[entity.one] = entity
         types[#types + 1] = entity.one
      end
   end
   return entities[kind]
end

local function key_of(name) return (name:gsub("-", "_")) end

--- A value from its text on the command line, or nil and what would be right.
local function convert(option, text)
   local kind = option.type
   if kind == "integer" then
      local value = text:find "^[+-]?%d+$" and math.tointeger(tonumber(text))
      if not value then return nil, "a whole number" end
      return value
   elseif kind == "number" then
      local value = text:find "^[+-]?%.?%d" and not text:find "[xX]" and tonumber(text)
      if not value then return nil, "a number" end
      return value
   elseif kind == "boolean" then
      local value = ({["true"] = true, yes = true, ["1"] = true, ["false"] = false, no = false, ["0"] = false})[text]
      if value == nil then return nil, "true or false" end
      return value
   elseif kind == "date" then
      local dates = require "difkit.date"
      if not dates.parse(text) then return nil, "a date such as " .. dates.examples end
      return dates.last_day(option.name, text)
   elseif kind == "choice" then
      for _, choice in ipairs(option.choices) do
         if choice == text then return text end
      end
      return nil, "one of " .. table.concat(option.choices, ", "), core.nearest(text, option.choices)
   end
   return text
end

--- "document!...=BSBR" as an option; nil and a message when it makes no sense.
local function read_type(option, text)
   local rest, default = text:match "^(.-)=(.*)$"
   rest = rest or text
   while true do
      if rest:sub(-3) == "..." then
         option.several, rest = true, rest:sub(1, -4)
      elseif rest:sub(-1) == "!" then
         option.required, rest = true, rest:sub(1, -2)
      else
         break
      end
   end
   local choices = rest:match "^choice%((.+)%)$"
   if choices then
      option.type, option.choices = "choice", {}
      for choice in choices:gmatch "[^|]+" do option.choices[#option.choices + 1] = choice end
   else
      option.type = rest
      if rest == "choice" or not (plain[rest] or entity_of(rest)) then
         return nil, ('unknown type "%s" of "%s"; %s'):format(rest, option.name, errors.hint(rest, types))
      end
   end
   if default and option.required then
      return nil, ('"%s" is required, so it can have no default'):format(option.name)
   end
   if default then
      local parts = option.several and require("difkit.text").split(default, ",") or {default}
      for i, part in ipairs(parts) do
         local value, wanted = convert(option, part)
         if value == nil then
            return nil, ('the default "%s" of "%s" is not %s'):format(part, option.name, wanted)
         end
         parts[i] = value
      end
      if option.several then option.default = parts else option.default = parts[1] end
   end
   return option
end

---Reads the header of a script. Faults in it give nil, a message with the line, and the code "script".
---
---```lua
---local header = difkit.script.header("--- Says hello.\n---@option name text=you  Whom to greet.\n", "hello")
---print(header.name, header.description, header.options[1].default) --> hello	Says hello.	you
---```
---@param text string source of the script
---@param name? string for scripts that do not give their own
---@return difkit.Header|nil
---@return string|nil message
---@return string|nil code
function script.header(text, name)
   errors.check("script.header", "text", text, "string")
   local header = {name = name or "script", description = "", details = "", options = {}, arguments = {}}
   local details, number, started, seen = {}, 0, false, {}
   for line in (text .. "\n"):gmatch "(.-)\r?\n" do
      number = number + 1
      local comment = line:match "^%-%-%-(.*)$"
      if not comment then
         if started or not (line:find "^%s*$" or number == 1 and line:find "^#") then break end
      else
         started = true
         local tag, rest = comment:match "^@(%w+)%s*(.*)$"
         local function fail(message)
            return nil, ("%s:%d: %s"):format(name or "script", number, message), "script"
         end
         if tag == "script" then
            header.name = rest:match "^(%S+)" or header.name
         elseif tag == "option" or tag == "argument" then
            local called, kind, help = rest:match "^(%S+)%s+(%S+)%s*(.*)$"
            if not called then return fail(('@%s needs a name, a type and help'):format(tag)) end
            if not called:find "^%a[%w_-]*$" then
               return fail(('"%s" cannot be the name of an option'):format(called))
            end
            if seen[key_of(called)] then return fail(('"%s" is declared twice'):format(called)) end
            if tag == "option" and called == "help" then return fail '"help" is not free for an option of a script' end
            seen[key_of(called)] = true
            local option, message = read_type({name = called, help = help, required = false, several = false}, kind)
            if not option then return fail(message) end
            local list = tag == "option" and header.options or header.arguments
            if tag == "argument" and #list > 0 and list[#list].several then
               return fail(('no argument can follow "%s", which takes the rest'):format(list[#list].name))
            end
            list[#list + 1] = option
         elseif tag == "reads" or tag == "writes" then
            header[tag] = rest
         elseif not tag then
            local words = comment:match "^%s*(.-)%s*$"
            if header.description == "" then header.description = words else details[#details + 1] = words end
         end
      end
   end
   header.details = table.concat(details, "\n"):match "^%s*(.-)%s*$"
   return header
end

--- The id that `text` means, checked against the data; renamed ids are followed.
local function checked_id(option, text, open)
   local db = open()
   if not db then return text end
   local query = require "difkit.framework.domain"
   local done, result = pcall(query.resolve_ids, db, "", entity_of(option.type).name, text)
   if done then return result[1] end
   if type(result) == "table" and result.code == "usage" then
      return nil, (result.message:gsub("^: ", "")), result.hint
   end
   error(result, 0)
end

local function option_value(option, text, shown, open)
   if entity_of(option.type) then
      local id, message, hint = checked_id(option, text, open)
      if not id then return nil, ("%s: %s%s"):format(shown, message, hint and "; " .. hint or "") end
      return id
   end
   local value, wanted, near = convert(option, text)
   if value == nil then
      return nil, ('%s must be %s, not "%s"%s'):format(shown, wanted, text,
         near and ('; did you mean "%s"?'):format(near) or "")
   end
   return value
end

local function set(values, option, text, shown, open)
   local key = key_of(option.name)
   if not option.several then
      local value, message = option_value(option, text, shown, open)
      if value == nil then return nil, message end
      values[key] = value
      return true
   end
   values[key] = values[key] or {}
   local split = entity_of(option.type) or option.type == "choice"
   local parts = split and require("difkit.text").split(text, ",") or {text}
   for _, part in ipairs(parts) do
      local value, message = option_value(option, part, shown, open)
      if value == nil then return nil, message end
      table.insert(values[key], value)
   end
   return true
end

--- The option that "--name" means, and whether it was "--no-name".
local function find_option(header, name)
   for _, option in ipairs(header.options) do
      if key_of(option.name) == key_of(name) then return option, false end
   end
   local positive = name:match "^no%-(.+)$"
   for _, option in ipairs(positive and header.options or {}) do
      if option.type == "boolean" and key_of(option.name) == key_of(positive) then return option, true end
   end
end

--- The option of that name, or nil.
function script.option(header, name) return (find_option(header, name)) end

--- The entity whose ids an option of this type takes (as schema.identified() gives it), or nil.
script.entity = entity_of

local function unknown_option(header, name, also)
   local names = {}
   for _, option in ipairs(header.options) do names[#names + 1] = option.name end
   local near = core.nearest(name, names) or also and core.nearest(name, also)
   local hint = near and ("did you mean --%s?"):format(near)
      or #names > 0 and "have --" .. table.concat(names, ", --") or "the script has no options"
   return nil, ("unknown option --%s of %s; %s"):format(name, header.name, hint), "usage"
end

--- Reading an option that the header does not declare is a mistake.
local function guarded(header, values)
   local names, is = {}, {}
   for _, list in ipairs {header.options, header.arguments} do
      for _, option in ipairs(list) do
         local key = key_of(option.name)
         names[#names + 1], is[key] = key, true
      end
   end
   return setmetatable(values, {
      __name = "difkit.Options",
      __metatable = "difkit.Options",
      __index = function(_, name)
         if is[name] then return nil end
         errors.raise(('the script has no option "%s"'):format(tostring(name)),
            errors.hint(name, names) or "declare it in the header: ---@option name type  help")
      end,
   })
end

---Reads a command line by a header: `--name value`, `--name=value`, `--flag`, `--no-flag`, and arguments.
---A wrong command line gives nil, a message and the code "usage".
---
---```lua
---local header = difkit.script.header "---@option top integer=5  How many.\n---@argument words text...  Words.\n"
---local options = difkit.script.read(header, {"--top", "3", "digital", "skills"})
---print(options.top, #options.words)                           --> 3	2
---local nothing, message = difkit.script.read(header, {"--tip", "3"})
---print(message) --> unknown option --tip of script; did you mean --top?
---```
---@param header difkit.Header
---@param arguments string[]
---@param open? fun(): difkit.Database|nil gives the data that ids are checked against, default `difkit.open`
---@param also? string[] further options that a misspelt one could have been meant for
---@return table<string, any>|nil options
---@return string|nil message
---@return string|nil code
function script.read(header, arguments, open, also)
   local db
   local function opened()
      if not db then db = (open or require "difkit.open")() end
      return db
   end
   local values, given, i, only_arguments = {}, {}, 1, false
   while i <= #arguments do
      local word = arguments[i]
      if word == "--" and not only_arguments then
         only_arguments = true
      elseif word:find "^%-%-." and not only_arguments then
         local name, text = word:match "^%-%-(.-)=(.*)$"
         name = name or word:sub(3)
         local option, negative = find_option(header, name)
         if not option then return unknown_option(header, name, also) end
         if negative then
            if text then return nil, ("--%s takes no value"):format(name), "usage" end
            values[key_of(option.name)] = false
         elseif option.type == "boolean" and not text then
            values[key_of(option.name)] = true
         else
            if not text then
               i = i + 1
               text = arguments[i]
               if not text then return nil, ("--%s needs a value"):format(name), "usage" end
            end
            local done, message = set(values, option, text, "--" .. option.name, opened)
            if not done then return nil, message, "usage" end
         end
      else
         given[#given + 1] = word
      end
      i = i + 1
   end
   local place = 0
   for n, argument in ipairs(header.arguments) do
      local last = argument.several and #given or math.min(n, #given)
      for k = n, last do
         local done, message = set(values, argument, given[k], argument.name:upper(), opened)
         if not done then return nil, message, "usage" end
         place = k
      end
   end
   if place < #given then
      return nil, ('unexpected argument "%s"%s'):format(given[place + 1],
         #header.arguments == 0 and ("; %s takes none"):format(header.name) or ""), "usage"
   end
   for _, list in ipairs {header.options, header.arguments} do
      for _, option in ipairs(list) do
         local key = key_of(option.name)
         if values[key] == nil then
            if option.required then
               local shown = list == header.options and "--" .. option.name or option.name:upper()
               return nil, ("%s is missing: %s"):format(shown, option.help), "usage"
            end
            if type(option.default) == "table" then
               values[key] = table.move(option.default, 1, #option.default, 1, {})
            else
               values[key] = option.default
            end
         end
      end
   end
   if db and not open then db:close() end
   return guarded(header, values)
end

local function shown_default(option)
   if option.required then return " (required)" end
   local default = option.default
   if default == nil then return "" end
   if type(default) == "table" then default = table.concat(default, ",") end
   if type(default) == "number" then default = core.number_text(default) end
   return (" (default %s)"):format(tostring(default))
end

local function placeholder(option)
   if option.type == "choice" then return table.concat(option.choices, "|") end
   return option.type:upper()
end

---The help of a script: what it answers, its options and arguments.
---
---```lua
---local header = difkit.script.header("--- Says hello.\n---@option name text=you  Whom to greet.\n", "hello")
---print(difkit.script.usage(header))
-----> Says hello.
----->
-----> Usage: difkit run hello [OPTIONS]
----->
-----> Options:
----->   --name TEXT  Whom to greet. (default you)
---```
---@param header difkit.Header
---@param command? string how it is called, default `difkit run NAME`
---@return string
function script.usage(header, command)
   local out, width = {}, math.min(core.terminal().width or 80, 100)
   local function add(line) out[#out + 1] = line end
   if header.description ~= "" then
      add(header.description)
      add ""
   end
   local call = "Usage: " .. (command or "difkit run " .. header.name)
   if #header.options > 0 then call = call .. " [OPTIONS]" end
   for _, argument in ipairs(header.arguments) do
      local word = argument.name:upper() .. (argument.several and "…" or "")
      call = call .. " " .. (argument.required and word or "[" .. word .. "]")
   end
   add(call)
   if header.details ~= "" then
      for paragraph in (header.details .. "\n\n"):gmatch "(.-)\n\n+" do
         add ""
         for _, line in ipairs(core.wrap((paragraph:gsub("\n", " ")), width)) do add(line) end
      end
   end
   local function list(title, options, label)
      if #options == 0 then return end
      add ""
      add(title)
      -- A long label, as that of a choice, stands on a line of its own.
      local column, most = 0, 24
      for _, option in ipairs(options) do
         local wide = core.width(label(option))
         if wide <= most then column = math.max(column, wide) end
      end
      for _, option in ipairs(options) do
         local lines = core.wrap(option.help .. shown_default(option), math.max(30, width - column - 4))
         local head = label(option)
         if core.width(head) > most then
            add("  " .. head)
            head = ""
         end
         for _, line in ipairs(lines) do
            add("  " .. head .. (" "):rep(column - core.width(head) + 2) .. line)
            head = ""
         end
      end
   end
   list("Arguments:", header.arguments, function(argument)
      return argument.name:upper() .. (argument.several and "…" or "")
   end)
   list("Options:", header.options, function(option)
      if option.type == "boolean" then return "--" .. option.name end
      return "--" .. option.name .. " " .. placeholder(option) .. (option.several and "…" or "")
   end)
   if header.reads or header.writes then add "" end
   if header.reads then add("Reads: " .. header.reads) end
   if header.writes then add("Writes: " .. header.writes) end
   return table.concat(out, "\n")
end

local running

--- Begins the run of a script: reads its header and its command line. What difkit.options() then gives.
--- nil, message and code for a wrong header or command line.
function script.start(name, text, arguments, open, also)
   local header, message, code = script.header(text, name)
   if not header then return nil, message, code end
   local options
   options, message, code = script.read(header, arguments, open, also)
   if not options then return nil, message, code end
   running = options
   return options, header
end

--- The options of the running script. In plain Lua they are read from `arg` and the script's own file.
function script.running()
   if running then return running end
   local arguments = rawget(_G, "arg")
   local file = type(arguments) == "table" and type(arguments[0]) == "string" and arguments[0]
   local text = file and core.read_file(file)
   if not text then
      running = {}
      return running
   end
   local name = file:match "([^/]+)$":gsub("%.lua$", "")
   local list = table.move(arguments, 1, #arguments, 1, {})
   local options, message, code = script.start(name, text, list)
   if not options then errors.raise(message, nil, code) end
   return options
end

---The headers of the stock scripts, by name.
---
---```lua
---for _, header in ipairs(difkit.script.stock()) do assert(header.description ~= "") end
---```
---@return difkit.Header[]
function script.stock()
   local headers = {}
   for _, file in ipairs(core.library_names()) do
      local name = file:match "^stock/([^/]+)%.lua$"
      if name then headers[#headers + 1] = assert(script.header(core.library_text(file), name)) end
   end
   return headers
end

return script
