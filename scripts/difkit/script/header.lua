--- What a script says of itself in its header.
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
---
--- An option cannot have the name of one that `difkit run` has had from the beginning (reserved). One
--- that `difkit run` got later (shared) is left to the script behind its name.
local errors = require "difkit.error"
local option_kinds = require "difkit.script.kinds"

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
      if rest == "choice" or not (option_kinds.plain[rest] or option_kinds.entity(rest)) then
         return nil, ('unknown type "%s" of "%s"; %s'):format(rest, option.name, errors.hint(rest, option_kinds.types))
      end
   end
   if default and option.required then
      return nil, ('"%s" is required, so it can have no default'):format(option.name)
   end
   if default then
      local parts = option.several and require("difkit.text").split(default, ",") or {default}
      for i, part in ipairs(parts) do
         local value, wanted = option_kinds.convert(option, part)
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
            if seen[option_kinds.key(called)] then return fail(('"%s" is declared twice'):format(called)) end
            if tag == "option" and option_kinds.reserved[called] then
               return fail(('"%s" is not free for an option of a script%s'):format(called, called == "help" and ""
                  or (": it is one of `difkit run`; call it otherwise, such as my-%s"):format(called)))
            end
            seen[option_kinds.key(called)] = true
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

return script
