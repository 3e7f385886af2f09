--- The options that a script is run with: a command line, read by the header of the script.
local core = require "difkit.core"
local errors = require "difkit.error"
local option_kinds = require "difkit.script.kinds"

---@class difkit.script
local script = {}

--- The id that `text` means, checked against the data; renamed ids are followed.
local function checked_id(option, text, open)
   local db = open()
   if not db then return text end
   local ids = require "difkit.framework.ids"
   local done, result = pcall(ids.resolve, db, "", option_kinds.entity(option.type).name, text)
   if done then return result[1] end
   if type(result) == "table" and result.code == "usage" then
      return nil, (result.message:gsub("^: ", "")), result.hint
   end
   error(result, 0)
end

local function option_value(option, text, shown, open)
   if option_kinds.entity(option.type) then
      local id, message, hint = checked_id(option, text, open)
      if not id then return nil, ("%s: %s%s"):format(shown, message, hint and "; " .. hint or "") end
      return id
   end
   local value, wanted, near = option_kinds.convert(option, text)
   if value == nil then
      return nil, ('%s must be %s, not "%s"%s'):format(shown, wanted, text,
         near and ('; did you mean "%s"?'):format(near) or "")
   end
   return value
end

local function set(values, option, text, shown, open)
   local key = option_kinds.key(option.name)
   if not option.several then
      local value, message = option_value(option, text, shown, open)
      if value == nil then return nil, message end
      values[key] = value
      return true
   end
   values[key] = values[key] or {}
   local split = option_kinds.entity(option.type) or option.type == "choice"
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
      if option_kinds.key(option.name) == option_kinds.key(name) then return option, false end
   end
   local positive = name:match "^no%-(.+)$"
   for _, option in ipairs(positive and header.options or {}) do
      if option.type == "boolean" and option_kinds.key(option.name) == option_kinds.key(positive) then
         return option, true
      end
   end
end

--- The option of that name, or nil.
function script.option(header, name) return (find_option(header, name)) end

--- The entity whose ids an option of this type takes (as schema.identified() gives it), or nil.
script.entity = option_kinds.entity

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
         local key = option_kinds.key(option.name)
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

--- The option of the word arguments[i] goes to `values`. Gives the place of the last word that was read, or nil and a
--- message.
local function read_option(header, values, arguments, i, opened, also)
   local name, text = arguments[i]:match "^%-%-(.-)=(.*)$"
   name = name or arguments[i]:sub(3)
   local option, negative = find_option(header, name)
   if not option then return unknown_option(header, name, also) end
   local key = option_kinds.key(option.name)
   if negative then
      if text then return nil, ("--%s takes no value"):format(name), "usage" end
      values[key] = false
      return i
   end
   if option.type == "boolean" and not text then
      values[key] = true
      return i
   end
   if not text then
      i = i + 1
      text = arguments[i]
      if not text then return nil, ("--%s needs a value"):format(name), "usage" end
   end
   local done, message = set(values, option, text, "--" .. option.name, opened)
   if not done then return nil, message, "usage" end
   return i
end

--- The words that are no options go to the arguments of the header.
local function read_arguments(header, values, given, opened)
   local place = 0
   for n, argument in ipairs(header.arguments) do
      local last = argument.several and #given or math.min(n, #given)
      for k = n, last do
         local done, message = set(values, argument, given[k], argument.name:upper(), opened)
         if not done then return nil, message, "usage" end
         place = k
      end
   end
   if place == #given then return true end
   return nil, ('unexpected argument "%s"%s'):format(given[place + 1],
      #header.arguments == 0 and ("; %s takes none"):format(header.name) or ""), "usage"
end

--- Gives what was left out its default; nil and a message for what is required.
local function fill(header, values)
   for _, list in ipairs {header.options, header.arguments} do
      for _, option in ipairs(list) do
         local key, default = option_kinds.key(option.name), option.default
         if values[key] == nil then
            if option.required then
               local shown = list == header.options and "--" .. option.name or option.name:upper()
               return nil, ("%s is missing: %s"):format(shown, option.help), "usage"
            end
            values[key] = type(default) == "table" and table.move(default, 1, #default, 1, {}) or default
         end
      end
   end
   return true
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
         local last, message, code = read_option(header, values, arguments, i, opened, also)
         if not last then return nil, message, code end
         i = last
      else
         given[#given + 1] = word
      end
      i = i + 1
   end
   local done, message, code = read_arguments(header, values, given, opened)
   if done then done, message, code = fill(header, values) end
   if not done then return nil, message, code end
   if db and not open then db:close() end
   return guarded(header, values)
end

return script
