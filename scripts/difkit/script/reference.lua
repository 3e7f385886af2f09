--- The reference of the library as pages of Markdown: one for each class that has functions, with the options that its
--- functions take, and one that lists them.
local annotations = require "difkit.script.annotations"

local reference = {}

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

--- "difkit.Table" and "difkit.table" share a page, since there are disks that tell no capitals.
local function page_of(class) return (class:match "[%w_]+$"):lower() end

--- The functions of each class, in the order of the files.
local function members_of(entries)
   local members = {}
   for _, entry in ipairs(entries) do
      if entry.kind == "function" then
         members[entry.class] = members[entry.class] or {}
         table.insert(members[entry.class], entry)
      end
   end
   return members
end

--- The class whose functions speak of a class that has none itself, such as that of its options.
local function user_of(class, classes, members)
   local pattern = class.class:gsub("%.", "%%.") .. "%f[^%w_.]"
   for _, other in ipairs(classes) do
      for _, entry in ipairs(members[other.class] or {}) do
         for _, list in ipairs {entry.parameters, entry.returns} do
            for _, one in ipairs(list) do
               if one.type:find(pattern) then return other.class end
            end
         end
      end
   end
   for _, other in ipairs(classes) do
      for _, field in ipairs(other.fields) do
         if other ~= class and members[other.class] and field.type:find(pattern) then return other.class end
      end
   end
   return "difkit"
end

--- The pages: a list of {name, classes}, and the functions by class.
local function laid_out(entries)
   local classes, members, pages, by_name = in_sections(entries), members_of(entries), {}, {}
   local function add(name, class)
      if not by_name[name] then
         by_name[name] = {name = name, classes = {}}
         pages[#pages + 1] = by_name[name]
      end
      table.insert(by_name[name].classes, class)
   end
   for _, class in ipairs(classes) do
      if members[class.class] then add(page_of(class.class), class) end
   end
   for _, class in ipairs(classes) do
      if not members[class.class] and class.description ~= "" then
         add(page_of(user_of(class, classes, members)), class)
      end
   end
   return pages, members
end

local function markdown_class(class, functions, out)
   out[#out + 1] = ("## %s\n"):format(class.class)
   if class.description ~= "" then out[#out + 1] = class.description .. "\n" end
   for _, field in ipairs(class.fields) do
      out[#out + 1] = ("- `%s`: `%s`%s"):format(field.name, field.type, field.help ~= "" and "; " .. field.help or "")
   end
   if #class.fields > 0 then out[#out + 1] = "" end
   for _, entry in ipairs(functions) do markdown_function(entry, out) end
end

local introduction = "Made from the annotations in `scripts/difkit`; do not edit. The tests run each example, with\n"
   .. "`difkit` from `require \"difkit\"` and `db` from `difkit.open()`; `-->` begins what it prints. For an\n"
   .. "introduction see [GUIDE.md](%sGUIDE.md).\n"

--- The whole reference in one text.
function reference.text(entries)
   local out = {"# Reference of the Lua library\n", introduction:format ""}
   local pages, members = laid_out(entries)
   for _, page in ipairs(pages) do
      for _, class in ipairs(page.classes) do markdown_class(class, members[class.class] or {}, out) end
   end
   return (table.concat(out, "\n"):gsub("\n+$", "\n"))
end

--- The first sentence, with a full stop where it goes on behind a colon.
local function sentence(text) return (annotations.first_sentence(text):gsub(":$", ".")) end

--- The pages of the reference: a list of {path, text}, the paths below scripts/guide. REFERENCE.md comes first and
--- lists the others.
function reference.pages(entries)
   local pages, members = laid_out(entries)
   local list = {"# Reference of the Lua library\n", introduction:format "",
      "`difkit help WORD` prints the same text.\n"}
   local files = {{path = "REFERENCE.md"}}
   for _, page in ipairs(pages) do
      local out, path = {}, ("reference/%s.md"):format(page.name)
      local titles = {}
      for _, class in ipairs(page.classes) do
         if members[class.class] then titles[#titles + 1] = class.class end
         markdown_class(class, members[class.class] or {}, out)
      end
      local title = table.concat(titles, ", ")
      list[#list + 1] = ("## [%s](%s)\n"):format(title, path)
      for _, class in ipairs(page.classes) do
         if members[class.class] then
            if class.description ~= "" then list[#list + 1] = sentence(class.description) .. "\n" end
            for _, entry in ipairs(members[class.class]) do
               list[#list + 1] = ("- `%s`: %s"):format(entry.signature, sentence(entry.description))
            end
            list[#list + 1] = ""
         end
      end
      table.insert(out, 1, ("# %s\n"):format(title))
      table.insert(out, 2, introduction:format "../")
      files[#files + 1] = {path = path, text = (table.concat(out, "\n"):gsub("\n+$", "\n"))}
   end
   files[1].text = table.concat(list, "\n"):gsub("\n+$", "\n")
   return files
end

return reference
