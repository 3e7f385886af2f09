--- Help from the annotations of the library: `difkit.help "where"`, completion in the REPL.
local annotations = require "difkit.script.annotations"
local core = require "difkit.core"
local errors = require "difkit.error"
local views = require "difkit.view"

---@class difkit.help
local help = {}

help.read, help.expected = annotations.read, annotations.expected

local known

---Everything that the annotations tell, in the order of the files.
---
---```lua
---local names = {}
---for _, entry in ipairs(difkit.help.entries()) do names[entry.name] = entry.signature end
---print(names["difkit.Query:limit"]) --> query:limit(count)
---```
---@return difkit.Entry[]
function help.entries()
   known = known or annotations.read(annotations.library())
   return known
end

--- The parts of a class or module.
function help.members(class)
   local out = {}
   for _, entry in ipairs(help.entries()) do
      if entry.kind == "function" and entry.class == class then out[#out + 1] = entry end
   end
   return out
end

local function indented(text)
   return (("   " .. text):gsub("\n", "\n   "):gsub("\n +\n", "\n\n"))
end

local function describe_parameters(entry, out)
   if #entry.parameters > 0 then out[#out + 1] = "\nParameters:" end
   for _, parameter in ipairs(entry.parameters) do
      out[#out + 1] = ("   %s: %s%s%s"):format(parameter.name, parameter.type,
         parameter.optional and ", optional" or "", parameter.help ~= "" and " – " .. parameter.help or "")
   end
   if #entry.returns > 0 then
      local kinds = {}
      for i, value in ipairs(entry.returns) do
         kinds[i] = value.type .. (value.help ~= "" and " " .. value.help or "")
      end
      out[#out + 1] = "\nGives: " .. table.concat(kinds, ", ")
   end
end

--- The help text of an entry.
local function text_of(entry)
   local out = {entry.signature, ""}
   if entry.description ~= "" then out[#out + 1] = entry.description end
   describe_parameters(entry, out)
   if entry.kind == "class" then
      if #entry.fields > 0 then out[#out + 1] = "\nFields:" end
      for _, field in ipairs(entry.fields) do
         out[#out + 1] = ("   %s: %s%s"):format(field.name, field.type,
            field.help ~= "" and " – " .. field.help or "")
      end
      local members = help.members(entry.class)
      if #members > 0 then out[#out + 1] = "\nFunctions:" end
      for _, member in ipairs(members) do
         out[#out + 1] = ("   %s – %s"):format(member.signature, annotations.first_sentence(member.description))
      end
   end
   for i, example in ipairs(entry.examples) do
      out[#out + 1] = i == 1 and "\nExample:" or ""
      out[#out + 1] = indented(example)
   end
   return table.concat(out, "\n")
end

--- Entries of that name: the full name, the name as called (`query:where`), or its last part.
local function named(word)
   local exact, last = {}, {}
   for _, entry in ipairs(help.entries()) do
      local called = entry.signature:match "^[^(]+"
      if entry.name == word or called == word or called:gsub(":", ".") == word then exact[#exact + 1] = entry
      elseif entry.member == word then last[#last + 1] = entry end
   end
   return #exact > 0 and exact or last
end

---The entries that a word may mean, best first: of that name, else those whose name or description has it.
---
---```lua
---print(difkit.help.find("pivot")[1].name) --> difkit.Query:pivot
---```
---@param word string
---@return difkit.Entry[]
function help.find(word)
   errors.check("help.find", "word", word, "string")
   local found = named(word)
   if #found > 0 then return found end
   local lower, in_name, in_text = word:lower(), {}, {}
   for _, entry in ipairs(help.entries()) do
      if entry.name:lower():find(lower, 1, true) then in_name[#in_name + 1] = entry
      elseif entry.description:lower():find(lower, 1, true) then in_text[#in_text + 1] = entry end
   end
   return table.move(in_text, 1, #in_text, #in_name + 1, in_name)
end

--- Tables that hold the functions of a class, to find the entry of a function.
local function holders()
   local difkit = require "difkit"
   return {
      ["difkit.Database"] = core.database, ["difkit.Result"] = core.result, ["difkit.Query"] = require "difkit.query",
      ["difkit.Table"] = difkit.table.methods, ["difkit"] = difkit, ["difkit.text"] = difkit.text,
      ["difkit.json"] = difkit.json, ["difkit.table"] = difkit.table, ["difkit.error"] = errors,
      ["difkit.script"] = difkit.script, ["difkit.help"] = help,
   }
end

--- The entry of a value: of a function by identity or by the place where it is defined, of an object by its class.
local function entry_of(value)
   value = views.real(value)
   local metatable = getmetatable(value)
   local class = type(metatable) == "string" and metatable or type(metatable) == "table" and metatable.__name
   for name, holder in require("difkit.sorted")(holders()) do
      if rawequal(value, holder) then return named(name)[1] end
      if type(value) == "function" then
         for _, entry in ipairs(help.members(name)) do
            if rawequal(rawget(holder, entry.member), value) then return entry end
         end
      end
   end
   if type(value) == "function" and debug and debug.getinfo then
      local info = debug.getinfo(value, "S")
      for _, entry in ipairs(help.entries()) do
         if entry.kind == "function" and info.linedefined == entry.line
            and info.source:sub(-#entry.file) == entry.file then
            return entry
         end
      end
   end
   if class then return named(class)[1] end
end

---The names that help knows, in order, each once: for completion.
---
---```lua
---local known = {}
---for _, word in ipairs(difkit.help.words()) do known[word] = true end
---print(known.pivot, known.actions, known.zebra) --> true	true	nil
---```
---@return string[]
function help.words()
   local words, seen = {}, {}
   for _, entry in ipairs(help.entries()) do
      if not seen[entry.member] then
         seen[entry.member] = true
         words[#words + 1] = entry.member
      end
   end
   table.sort(words)
   return words
end

---The help on a function, an object, a class or a word, as text.
---
---```lua
---print(difkit.help.text("difkit.text.width"):match "[^\n]+") --> difkit.text.width(s)
---print(difkit.help.text(difkit.sorted):match "[^\n]+")       --> difkit.sorted(t, less)
---```
---@param subject any a word, or the thing itself; nil for an overview
---@return string
function help.text(subject)
   if subject == nil then
      local out = {"difkit: what there is. help \"NAME\" or help(x) tells more.", ""}
      for _, entry in ipairs(help.entries()) do
         if entry.kind == "class" and #help.members(entry.class) > 0 then
            out[#out + 1] = ("%s – %s"):format(entry.class, annotations.first_sentence(entry.description))
         end
      end
      return table.concat(out, "\n")
   end
   if type(subject) ~= "string" then
      local entry = entry_of(subject)
      return entry and text_of(entry) or ("no help on %s"):format(errors.show(subject))
   end
   local found = help.find(subject)
   if #found == 0 then
      local names = {}
      for _, entry in ipairs(help.entries()) do names[#names + 1] = entry.member end
      local near = core.nearest(subject, names)
      return ('no help on "%s"%s'):format(subject, near and ('; did you mean "%s"?'):format(near) or "")
   end
   if #found == 1 then return text_of(found[1]) end
   local exact = {}
   for _, entry in ipairs(found) do
      if entry.member == subject then exact[#exact + 1] = text_of(entry) end
   end
   if #exact > 0 then return table.concat(exact, "\n\n" .. ("─"):rep(40) .. "\n\n") end
   local out = {}
   for _, entry in ipairs(found) do
      out[#out + 1] = ("%s – %s"):format(entry.signature, annotations.first_sentence(entry.description))
   end
   return table.concat(out, "\n")
end

---The reference of the library as Markdown in one text, made from the annotations of `files` (default: the running
---library).
---
---```lua
---print(difkit.help.reference():match "[^\n]+") --> # Reference of the Lua library
---```
---@param files? {name: string, text: string}[]
---@return string
function help.reference(files)
   return require("difkit.script.reference").text(files and annotations.read(files) or help.entries())
end

return setmetatable(help, {
   __call = function(_, subject) print(help.text(subject)) end,
   __metatable = "difkit.help",
})
