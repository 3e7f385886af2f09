--- A house template: a document or template of a word processor, whose look a report takes on. Its parts stay as they
--- are but for the text, and for what a report needs beside them (styles that it lacks, lists, notes, pictures).
local core = require "difkit.core"
local styles = require "difkit.report.docx.styles"

local template = {}

local function fail(path, message, hint)
   return nil, ("cannot use %s as a template: %s%s"):format(path, message, hint and "; " .. hint or ""), "data"
end

--- Elements of a name anywhere in a tree.
local function each(tree, name, visit)
   for _, child in ipairs(tree) do
      if type(child) == "table" then
         if child[0] == name then visit(child) end
         each(child, name, visit)
      end
   end
end

--- The value of an attribute without its prefix.
local function value(element, name)
   local given = element.attributes or {}
   return given[name] or given["w:" .. name]
end

local function folder_of(name) return name:match "^(.*/)" or "" end

local function relations_of(name) return folder_of(name) .. "_rels/" .. name:match "[^/]*$" .. ".rels" end

local function resolve(from, target)
   if target:find "^/" then return target:sub(2) end
   local name = folder_of(from) .. target
   while name:find "[^/]+/%.%./" do name = name:gsub("[^/]+/%.%./", "", 1) end
   return name
end

--- Relations of a part: a list of {id, kind (the last word of its type), target}.
local function read_relations(parts, name)
   local text = parts[relations_of(name)]
   local tree = text and core.parse_xml(text)
   local list = {}
   if tree then
      each({tree}, "Relationship", function(element)
         local kind, target = value(element, "Type"), value(element, "Target")
         if kind and target and value(element, "TargetMode") ~= "External" then
            list[#list + 1] = {id = value(element, "Id"), kind = kind:match "[^/]*$", target = resolve(name, target)}
         end
      end)
   end
   return list
end

local function target_of(list, kind)
   for _, one in ipairs(list) do
      if one.kind == kind then return one.target end
   end
end

--- Ids of the styles by name in small letters, and all ids.
local function read_styles(text)
   local present, taken = {}, {}
   local tree, message = core.parse_xml(text)
   if not tree then return nil, message end
   each({tree}, "style", function(element)
      local id = value(element, "styleId")
      if id then
         taken[id] = true
         each(element, "name", function(name)
            local key = (value(name, "val") or ""):lower()
            present[key] = present[key] or id
         end)
      end
   end)
   return present, taken
end

--- The highest number that an attribute has in a text.
local function highest(text, pattern)
   local most = 0
   for number in (text or ""):gmatch(pattern) do most = math.max(most, math.tointeger(tonumber(number)) or 0) end
   return most
end

--- The last section of a document: page, headers and footers. `room` and `height` in twentieths of a point.
local function read_section(text)
   local section
   for found in text:gmatch "<w:sectPr.->.-</w:sectPr>" do section = found end
   section = section or '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134"'
      .. ' w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
   local function number(element, name, default)
      local tag = section:match("<w:" .. element .. "%f[^%w][^>]*>")
      return tag and tonumber(tag:match("w:" .. name .. '="(%-?%d+)"')) or default
   end
   local room = number("pgSz", "w", 11906) - number("pgMar", "left", 1134) - number("pgMar", "right", 1134)
      - math.max(0, number("pgMar", "gutter", 0))
   local height = number("pgSz", "h", 16838) - math.abs(number("pgMar", "top", 1134))
      - math.abs(number("pgMar", "bottom", 1134))
   return section, math.max(2000, room), math.max(2000, height)
end

--- What a document is made from: its styles, section and root, and the template itself.
function template.base(path, namespaces)
   local list, message, code = core.read_package(path)
   if not list then return nil, message, code end
   local parts = {}
   for _, part in ipairs(list) do
      if part[1]:find "vbaProject" then
         return fail(path, "it holds macros", "save it as .docx or .dotx")
      end
      parts[part[1]] = part[2]
   end
   local main = target_of(read_relations(parts, ""), "officeDocument")
   local text = main and parts[main]
   if not text or not parts["[Content_Types].xml"] then return fail(path, "it is no document of a word processor") end
   local root = text:match "<w:document[^>]*>"
   if not root then return fail(path, main .. " is no document", "save it again as .docx") end
   for _, one in ipairs(namespaces) do
      if not root:find("xmlns:" .. one[1] .. "=", 1, true) then
         root = root:gsub(">$", ' xmlns:' .. one[1] .. '="' .. one[2]:gsub("%%", "%%%%") .. '">')
      elseif not root:find(('xmlns:%s="%s"'):format(one[1], one[2]), 1, true) then
         return fail(path, ("it is of the strict kind, or names %s otherwise"):format(one[1]),
            "save it as a plain Word document")
      end
   end
   local relations = read_relations(parts, main)
   local style_part = target_of(relations, "styles")
   if not style_part or not parts[style_part] then return fail(path, "it has no styles") end
   local present, taken = read_styles(parts[style_part])
   if not present then return fail(path, style_part .. ": " .. taken) end
   local ids, missing = styles.beside(present, taken)
   local section, room, height = read_section(text)
   local numbering_part = target_of(relations, "numbering")
   local numbers = parts[numbering_part or ""]
   return {
      style = ids, room = room, height = height, root = root, section = section,
      right_to_left = section:find "<w:bidi/>",
      first_list = highest(numbers, '<w:num [^>]*w:numId="(%d+)"') + 1,
      first_kind = highest(numbers, '<w:abstractNum [^>]*w:abstractNumId="(%d+)"') + 1,
      template = {list = list, parts = parts, main = main, styles = style_part, missing = missing,
         numbering = numbering_part, footnotes = target_of(relations, "footnotes"),
         properties = target_of(read_relations(parts, ""), "core-properties")},
   }
end

--- Puts text before the last closing tag of a name.
local function before_end(text, name, added)
   local at = text:match("^.*()</" .. name .. ">")
   if at then return text:sub(1, at - 1) .. added .. text:sub(at) end
   return (text:gsub("<" .. name .. "(%s?[^>]*)/>", function(rest)
      return "<" .. name .. rest .. ">" .. added .. "</" .. name .. ">"
   end, 1))
end

--- Puts the definitions of lists where the schema wants them: kinds before the first number.
local function with_lists(text, kinds, lists)
   local at = text:find "<w:num[%s>]"
   if at then text = text:sub(1, at - 1) .. kinds .. text:sub(at)
   else text = before_end(text, "w:numbering", kinds) end
   local stop = text:find "<w:numIdMacAtCleanup"
   if stop then return text:sub(1, stop - 1) .. lists .. text:sub(stop) end
   return before_end(text, "w:numbering", lists)
end

--- The parts of the package, in the order of the template. `made`: document, kinds, lists, footnotes, footer, …
function template.parts(base, document, made)
   local own, folder = base.template, folder_of(base.template.main)
   local changed, added, types, relations = {}, {}, {}, {}
   local function add(name, kind, text)
      added[#added + 1] = {name, text}
      types[#types + 1] = ('<Override PartName="/%s" ContentType="%s"/>'):format(name, made.word .. kind .. "+xml")
   end
   local function relate(id, kind, target, external)
      relations[#relations + 1] = ('<Relationship Id="%s" Type="%s/%s" Target="%s"%s/>'):format(id, made.office, kind,
         require("difkit.report.docx.runs").escape(target), external and ' TargetMode="External"' or "")
   end
   changed[own.main] = made.document
   changed[own.styles] = before_end(own.parts[own.styles], "w:styles", own.missing)
   if own.numbering and own.parts[own.numbering] then
      changed[own.numbering] = with_lists(own.parts[own.numbering], made.kinds, made.lists)
   else
      add(folder .. "report-numbering.xml", "numbering", made.declaration .. "<w:numbering" .. made.namespaces .. ">"
         .. made.kinds .. made.lists .. "</w:numbering>")
      relate("rIdReportLists", "numbering", "report-numbering.xml")
   end
   if own.footnotes and own.parts[own.footnotes] then
      changed[own.footnotes] = made.footnotes
   else
      add(folder .. "report-footnotes.xml", "footnotes", made.footnotes)
      relate("rIdReportNotes", "footnotes", "report-footnotes.xml")
   end
   if made.footer then
      add(folder .. "report-footer.xml", "footer", made.footer)
      relate("rIdFooter", "footer", "report-footer.xml")
   end
   if own.properties then changed[own.properties] = made.properties end
   for _, one in ipairs(document.relations) do relate(one.id, one.kind, one.target, one.external) end
   for _, picture in ipairs(document.media) do
      added[#added + 1] = {folder .. "media/" .. picture.name, picture.bytes}
   end
   local content = own.parts["[Content_Types].xml"]
      :gsub("wordprocessingml%.template%.main%+xml", "wordprocessingml.document.main+xml")
   if not content:lower():find('extension="png"', 1, true) then
      content = content:gsub("(<Types[^>]*>)", '%1<Default Extension="png" ContentType="image/png"/>', 1)
   end
   changed["[Content_Types].xml"] = before_end(content, "Types", table.concat(types))
   local name = relations_of(own.main)
   changed[name] = before_end(own.parts[name], "Relationships", table.concat(relations))
   local list = {}
   for _, part in ipairs(own.list) do
      if not part[1]:find "/$" then list[#list + 1] = {part[1], changed[part[1]] or part[2]} end
   end
   return table.move(added, 1, #added, #list + 1, list)
end

return template
