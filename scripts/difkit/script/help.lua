--- Help from the annotations of the library: `difkit.help "where"`, the reference, completion in the REPL.
--- The annotations in the source are the only source. A comment that begins with `---` and no space is public; one
--- written `--- ` is for readers of the code.
local core = require "difkit.core"
local errors = require "difkit.error"

---@class difkit.help
local help = {}

---What an annotation says of a function or a class.
---@class difkit.Entry
---@field kind "function"|"class"
---@field name string full name, such as "difkit.Query:where"
---@field class string the class or module it belongs to
---@field member string the last part of the name
---@field description string
---@field signature string how it is called
---@field parameters {name: string, type: string, optional: boolean, help: string}[]
---@field returns {type: string, help: string}[]
---@field fields {name: string, type: string, help: string}[] of a class
---@field examples string[] Lua code; the lines `--> ...` in it are what it prints
---@field file string
---@field line integer

--- A type at the beginning of `text`, brackets and spaces within them included, and the rest.
local function split_type(text)
   local plain, rest = text:match "^([^%s%(%[{<]*[^%s%(%[{<:,])%s+(.*)$"
   if plain then return plain, (rest:match "^(.-)%s*$") end
   local depth, i = 0, 1
   while i <= #text do
      local c = text:sub(i, i)
      if c:find "[%(%[{<]" then depth = depth + 1
      elseif c:find "[%)%]}>]" then depth = depth - 1
      elseif c == " " and depth == 0 and not text:sub(i - 1, i - 1):find "[:,]" then
         break
      end
      i = i + 1
   end
   return text:sub(1, i - 1), (text:sub(i + 1):match "^%s*(.-)%s*$")
end

--- A block of comment lines as the parts of an entry. An example stands between fences of Markdown, or after
--- `@example` up to the next tag. Text below a parameter, result or field goes on with it.
local function read_block(lines)
   local entry = {parameters = {}, returns = {}, fields = {}, examples = {}}
   local description, example, tagged, described = {}, nil, false, nil
   local function close()
      if example then entry.examples[#entry.examples + 1] = table.concat(example, "\n"):match "^%s*(.-)%s*$" end
      example, tagged = nil, false
   end
   for _, line in ipairs(lines) do
      if tagged and line:find "^@" then close() end
      if tagged then
         if not line:find "^```" then example[#example + 1] = line end
      elseif example then
         if line:find "^```" then
            close()
         else
            example[#example + 1] = line
         end
      elseif line:find "^```lua" then
         example, described = {}, nil
      else
         local tag, rest = line:match "^@(%w+)%s*(.*)$"
         if tag or line == "" then described = nil end
         if tag == "class" then
            entry.class = rest:gsub("^%(exact%)%s*", ""):match "^([%w_.]+)"
         elseif tag == "param" then
            local name, more = rest:match "^(%S+)%s+(.*)$"
            local kind, text = split_type(more or "any")
            entry.parameters[#entry.parameters + 1] = {
               name = (name or rest):gsub("%?$", ""), type = kind, help = text, optional = (name or ""):sub(-1) == "?",
            }
            described = entry.parameters[#entry.parameters]
         elseif tag == "return" then
            local kind, text = split_type(rest)
            described = {type = kind, help = text}
            entry.returns[#entry.returns + 1] = described
         elseif tag == "field" then
            local name, more = rest:match "^(%S+)%s+(.*)$"
            local kind, text = split_type(more or "any")
            described = {name = (name or rest):gsub("%?$", ""), type = kind, help = text}
            entry.fields[#entry.fields + 1] = described
         elseif tag == "example" then
            example, tagged = {}, true
         elseif described then
            described.help = (described.help and described.help .. " " or "") .. line
         elseif not tag then
            description[#description + 1] = line
         end
      end
   end
   close()
   entry.description = table.concat(description, "\n"):match "^%s*(.-)%s*$"
   return entry
end

--- How a function is called: methods by the usual name of their object.
local objects = {
   ["difkit.Database"] = "db", ["difkit.Query"] = "query", ["difkit.Result"] = "result", ["difkit.Table"] = "table",
   ["difkit.Column"] = "column", ["difkit.Expression"] = "expression",
}

local function object_of(class)
   return objects[class] or class:match("([%w_]+)$"):lower()
end

local function signature(class, separator, member, parameters)
   local owner = separator == ":" and object_of(class) or class
   return ("%s%s%s(%s)"):format(owner, separator, member, parameters)
end

--- The lines of a text that have "---" in them, each with its number, and for each run of such lines the one behind it.
--- Most lines are code, which the search skips without making strings of them.
local function commented(text)
   local position, number, mark, before = 1, 0, 0, false
   return function()
      while position <= #text do
         local first, stop = position, text:find("\n", position, true) or #text + 1
         position, number = stop + 1, number + 1
         if mark < first then mark = text:find("---", first, true) or math.huge end
         local is = mark < stop
         if is or before then
            before = is
            return (text:sub(first, stop - 1):gsub("\r$", "")), number
         end
      end
   end
end

--- The entries of one file.
local function read_file(text, file, entries, classes)
   local block, block_public, names = {}, false, {}
   local function add_class(entry, line)
      local known = classes[entry.class]
      if not known then
         known = {
            kind = "class", name = entry.class, class = entry.class, member = entry.class:match "([%w_]+)$",
            description = "", parameters = {}, returns = {}, fields = {}, examples = {}, file = file, line = line,
            signature = entry.class,
         }
         classes[entry.class] = known
         entries[#entries + 1] = known
      end
      if known.description == "" then known.description = entry.description end
      for _, field in ipairs(entry.fields) do known.fields[#known.fields + 1] = field end
      for _, example in ipairs(entry.examples) do known.examples[#known.examples + 1] = example end
   end
   for line, number in commented(text) do
      local comment = line:match "^%s*%-%-%-(.*)$"
      if comment and not comment:find "^%-" or comment and #block > 0 then
         if #block == 0 then block_public = comment ~= "" and not comment:find "^%s" end
         block[#block + 1] = comment:gsub("^ (@)", "%1")
      else
         if #block > 0 and block_public then
            local entry = read_block(block)
            local path, parameters = line:match "^%s*function%s+([%w_.:]+)%s*%((.-)%)"
            if not path then path, parameters = line:match "^%s*([%w_.]+)%s*=%s*function%s*%((.-)%)" end
            if entry.class then
               add_class(entry, number)
               local declared = line:match "^%s*local%s+([%w_]+)" or line:match "^%s*([%w_.]+)%s*="
               if declared then names[declared] = entry.class end
            elseif path then
               local owner, separator, member = path:match "^(.-)([.:])([%w_]+)$"
               local class = owner and (names[owner] or classes["difkit." .. owner] and "difkit." .. owner)
               if class and not (separator == "." and not names[owner] and owner:find "^%u") then
                  entry.kind, entry.class, entry.member = "function", class, member
                  entry.file, entry.line = file, number
                  entry.name = class .. separator .. member
                  entry.signature = signature(class, separator, member, parameters)
                  entries[#entries + 1] = entry
               end
            end
         end
         block = {}
      end
   end
end

--- The files of the library, `{name, text}` by name: those of the running library.
local function library_files()
   local files = {}
   for _, name in ipairs(core.library_names()) do
      if name:find "^difkit/.*%.lua$" then files[#files + 1] = {name = name, text = core.library_text(name)} end
   end
   return files
end

--- The entries of files, in their order.
function help.read(files)
   local entries, classes = {}, {}
   for _, file in ipairs(files) do
      -- Classes first: a file may add methods to a class that another file declares.
      local found = 0
      while true do
         found = file.text:find("---@class", found + 1, true)
         if not found then break end
         local class = file.text:match("^%-%-%-@class%s+([%w_.]+)", found)
         if class and not classes[class] then
            classes[class] = {
               kind = "class", name = class, class = class, member = class:match "([%w_]+)$", description = "",
               parameters = {}, returns = {}, fields = {}, examples = {}, file = file.name, line = 0, signature = class,
            }
            entries[#entries + 1] = classes[class]
         end
      end
   end
   for _, file in ipairs(files) do read_file(file.text, file.name, entries, classes) end
   return entries
end

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
   known = known or help.read(library_files())
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

local function first_sentence(text)
   local flat = text:gsub("\n", " ")
   return flat:match "^(.-[.:])%s" or flat
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
         out[#out + 1] = ("   %s – %s"):format(member.signature, first_sentence(member.description))
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
            out[#out + 1] = ("%s – %s"):format(entry.class, first_sentence(entry.description))
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
      out[#out + 1] = ("%s – %s"):format(entry.signature, first_sentence(entry.description))
   end
   return table.concat(out, "\n")
end

--- Order of the sections of the reference; what is not named here follows by name.
local sections = {
   "difkit", "difkit.Database", "difkit.Query", "difkit.Result", "difkit.Column", "difkit.Expression", "difkit.Table",
   "difkit.table", "difkit.text", "difkit.json",
}

local function in_sections(entries)
   local place, classes = {}, {}
   for i, class in ipairs(sections) do place[class] = i end
   for _, entry in ipairs(entries) do
      if entry.kind == "class" then classes[#classes + 1] = entry end
   end
   table.sort(classes, function(a, b)
      local x, y = place[a.class] or 1000, place[b.class] or 1000
      if x ~= y then return x < y end
      return a.class < b.class
   end)
   return classes
end

local function markdown_function(entry, out)
   local kinds = {}
   for i, value in ipairs(entry.returns) do kinds[i] = value.type end
   local gives = #kinds > 0 and " → " .. table.concat(kinds, ", ") or ""
   out[#out + 1] = ("### `%s`\n"):format(entry.signature .. gives)
   if entry.description ~= "" then out[#out + 1] = entry.description .. "\n" end
   for _, parameter in ipairs(entry.parameters) do
      out[#out + 1] = ("- `%s`: `%s`%s%s"):format(parameter.name, parameter.type,
         parameter.optional and ", optional" or "", parameter.help ~= "" and "; " .. parameter.help or "")
   end
   if #entry.parameters > 0 then out[#out + 1] = "" end
   for _, example in ipairs(entry.examples) do out[#out + 1] = ("```lua\n%s\n```\n"):format(example) end
end

---The reference of the library as Markdown, made from the annotations of `files` (default: the running library).
---
---```lua
---print(difkit.help.reference():match "[^\n]+") --> # Reference of the Lua library
---```
---@param files? {name: string, text: string}[]
---@return string
function help.reference(files)
   local entries = files and help.read(files) or help.entries()
   local out = {
      "# Reference of the Lua library\n",
      "Made from the annotations in `scripts/difkit`; do not edit. The tests run each example, with `difkit` from\n"
         .. "`require \"difkit\"` and `db` from `difkit.open()`; `-->` begins what it prints. For an introduction\n"
         .. "see [GUIDE.md](GUIDE.md).\n",
   }
   local classes, members = in_sections(entries), {}
   for _, entry in ipairs(entries) do
      if entry.kind == "function" then
         members[entry.class] = members[entry.class] or {}
         table.insert(members[entry.class], entry)
      end
   end
   for _, class in ipairs(classes) do
      local functions = members[class.class] or {}
      if #functions > 0 or class.description ~= "" then
         out[#out + 1] = ("## %s\n"):format(class.class)
         if class.description ~= "" then out[#out + 1] = class.description .. "\n" end
         for _, field in ipairs(class.fields) do
            out[#out + 1] = ("- `%s`: `%s`%s"):format(field.name, field.type,
               field.help ~= "" and "; " .. field.help or "")
         end
         if #class.fields > 0 then out[#out + 1] = "" end
         for _, entry in ipairs(functions) do markdown_function(entry, out) end
      end
   end
   return (table.concat(out, "\n"):gsub("\n+$", "\n"))
end

--- What an example prints, as it says itself: the texts after `-->`, one a line.
function help.expected(example)
   local lines = {}
   for line in (example .. "\n"):gmatch "(.-)\n" do
      local text = line:match "%-%-> ?(.*)$"
      if text then lines[#lines + 1] = (text:gsub("%s+$", "")) end
   end
   return table.concat(lines, "\n")
end

return setmetatable(help, {
   __call = function(_, subject) print(help.text(subject)) end,
   __metatable = "difkit.help",
})
