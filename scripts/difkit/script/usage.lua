--- The help of a script, from its header.
local core = require "difkit.core"

---@class difkit.script
local script = {}

local most_columns = 80 -- of a line, also where the terminal is wider

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

--- The choices of an option in lines no wider than `width`, broken behind a bar.
local function broken(head, width)
   local lines = {""}
   for piece in head:gmatch "[^|]+|?" do
      local line = lines[#lines]
      if line ~= "" and core.width(line .. piece) > width then lines[#lines + 1] = piece
      else lines[#lines] = line .. piece end
   end
   return lines
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
   local out, width = {}, math.max(40, math.min(core.terminal().width or most_columns, most_columns))
   local function add(line) out[#out + 1] = line end
   local function fill(text)
      for _, line in ipairs(core.wrap((text:gsub("\n", " ")), width)) do add(line) end
   end
   if header.description ~= "" then
      fill(header.description)
      add ""
   end
   local call = "Usage: " .. (command or "difkit run " .. header.name)
   if #header.options > 0 then call = call .. " [OPTIONS]" end
   for _, argument in ipairs(header.arguments) do
      local word = argument.name:upper() .. (argument.several and "…" or "")
      call = call .. " " .. (argument.required and word or "[" .. word .. "]")
   end
   fill(call)
   if header.details ~= "" then
      for paragraph in (header.details .. "\n\n"):gmatch "(.-)\n\n+" do
         add ""
         fill(paragraph)
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
         local lines = core.wrap(option.help .. shown_default(option), math.max(24, width - column - 4))
         local head = label(option)
         if core.width(head) > most then
            for i, line in ipairs(broken(head, width - 6)) do add((i == 1 and "  " or "      ") .. line) end
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
   if header.reads then fill("Reads: " .. header.reads) end
   if header.writes then fill("Writes: " .. header.writes) end
   return table.concat(out, "\n")
end

return script
