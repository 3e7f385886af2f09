--- The annotations of the library as entries: what each comment above a function or a class says.
--- The annotations in the source are the only source. A comment that begins with `---` and no space is public; one
--- written `--- ` is for readers of the code.
local core = require "difkit.core"

local annotations = {}

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
function annotations.library()
   local files = {}
   for _, name in ipairs(core.library_names()) do
      if name:find "^difkit/.*%.lua$" then files[#files + 1] = {name = name, text = core.library_text(name)} end
   end
   return files
end

--- The entries of files, in their order.
function annotations.read(files)
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

--- The first sentence of a description, in one line.
function annotations.first_sentence(text)
   local flat = text:gsub("\n", " ")
   return flat:match "^(.-[.:])%s" or flat
end

--- What an example prints, as it says itself: the texts after `-->`, one a line.
function annotations.expected(example)
   local lines = {}
   for line in (example .. "\n"):gmatch "(.-)\n" do
      local text = line:match "%-%-> ?(.*)$"
      if text then lines[#lines + 1] = (text:gsub("%s+$", "")) end
   end
   return table.concat(lines, "\n")
end

return annotations
