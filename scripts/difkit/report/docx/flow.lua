--- The texts of a report as paragraphs: Markdown is turned into HTML as for pages (so that both read it alike), and
--- that HTML, whose few elements are known, into WordprocessingML.
local markdown = require "difkit.report.markdown"
local runs = require "difkit.report.docx.runs"

local flow = {}

local entities = {amp = "&", lt = "<", gt = ">", quot = '"'}

local function plain(text)
   return (text:gsub("&(#?%w+);", function(name)
      local code = name:match "^#(%d+)$" or name:match "^#[xX](%x+)$" and tonumber(name:match "(%x+)$", 16)
      code = math.tointeger(tonumber(code))
      if code and code > 0 and code < 0x110000 then return utf8.char(code) end
      return entities[name]
   end))
end

local void = {br = true, hr = true, input = true, img = true}

--- The HTML as a tree: {tag, attributes text, children…}.
local function tree(html)
   local root = {tag = "root", given = ""}
   local stack = {root}
   for text, slash, name, given in (html .. "<>"):gmatch "([^<]*)<(/?)(%w*)([^>]*)>" do
      local top = stack[#stack]
      if text ~= "" then top[#top + 1] = plain(text) end
      if slash == "/" then
         if #stack > 1 then stack[#stack] = nil end
      elseif name ~= "" then
         local element = {tag = name, given = given}
         top[#top + 1] = element
         if not void[name] then stack[#stack + 1] = element end
      end
   end
   return root
end

local function with(style, name, value)
   local copy = {}
   for key, set in next, style do copy[key] = set end
   copy[name] = value
   return copy
end

local looks = {strong = "bold", em = "italic", del = "strike", b = "bold", i = "italic"}

local block_names = {p = true, ul = true, ol = true, pre = true, blockquote = true, table = true, hr = true}
for level = 1, 6 do block_names["h" .. level] = true end

local function is_block(node) return type(node) == "table" and block_names[node.tag] == true end

--- The runs of what stands within a paragraph.
local function inline(document, node, style)
   local out = {}
   for _, child in ipairs(node) do
      if type(child) == "string" then
         out[#out + 1] = runs.marked(document, style.pre and child or (child:gsub("%s+", " ")), style)
      elseif child.tag == "br" then
         out[#out + 1] = "<w:r><w:br/></w:r>"
      elseif child.tag == "input" then
         out[#out + 1] = runs.text(child.given:find "checked" and "☒ " or "☐ ", style)
      elseif child.tag == "code" then
         out[#out + 1] = inline(document, child, with(style, "code", document.style.CodeWords))
      elseif child.tag == "a" then
         local address = plain(child.given:match 'href="([^"]*)"' or "")
         out[#out + 1] = document:link(address, inline(document, child, with(style, "link", document.style.Link)))
      elseif not is_block(child) then
         out[#out + 1] = inline(document, child, looks[child.tag] and with(style, looks[child.tag], true) or style)
      end
   end
   return table.concat(out)
end

local blocks

--- The items of a list: each a paragraph with a number or a bullet; what else an item holds follows it.
local function items(document, node, context, out)
   local list = document:list(node.tag == "ol", tonumber(node.given:match 'start="(%d+)"') or 1)
   local level = context.level or 0
   local mark = ('<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr>'):format(math.min(level, 8), list)
   for _, item in ipairs(node) do
      if type(item) == "table" and item.tag == "li" then
         local first, rest = {tag = "p", given = ""}, {tag = "li", given = ""}
         for _, child in ipairs(item) do
            local goes_on = #rest > 0 or is_block(child) and not (child.tag == "p" and #first == 0)
            if goes_on then rest[#rest + 1] = child
            elseif type(child) == "table" and child.tag == "p" then
               for _, part in ipairs(child) do first[#first + 1] = part end
            elseif type(child) ~= "string" or child:find "%S" or #first > 0 then first[#first + 1] = child end
         end
         out[#out + 1] = runs.paragraph(document.style.Item, inline(document, first, context.look), mark)
         blocks(document, rest, {level = level + 1, look = context.look,
            style = document.style.Item, indent = (level + 1) * 400}, out)
      end
   end
end

local function cells_of(node, rows)
   for _, child in ipairs(node) do
      if type(child) == "table" then
         if child.tag == "tr" then
            local row = {}
            for _, cell in ipairs(child) do
               if type(cell) == "table" then row[#row + 1] = cell end
            end
            rows[#rows + 1] = row
         else
            cells_of(child, rows)
         end
      end
   end
   return rows
end

local function text_table(document, node, context)
   local rows, grid = cells_of(node, {}), {}
   for i = 1, rows[1] and #rows[1] or 0 do grid[i] = document.room / #rows[1] end
   local shown = {}
   for i, row in ipairs(rows) do
      local list = {}
      for j, cell in ipairs(row) do
         list[j] = {content = inline(document, cell, i == 1 and with(context.look, "bold", true) or context.look),
            right = cell.given:find 'class="n"' ~= nil}
      end
      shown[i] = list
   end
   return document:grid(shown, grid, {heading = true})
end

--- Whether a piece of text between blocks says something.
local function loose(child) return type(child) == "string" and child:find "%S" ~= nil end

function blocks(document, node, context, out)
   local pending = {tag = "p", given = ""}
   local indent = context.indent and ('<w:ind w:left="%d"/>'):format(context.indent) or nil
   local function flush()
      if #pending > 0 then
         out[#out + 1] = runs.paragraph(context.style, inline(document, pending, context.look), indent)
      end
      pending = {tag = "p", given = ""}
   end
   for _, child in ipairs(node) do
      if not is_block(child) then
         if type(child) == "table" or loose(child) or #pending > 0 then pending[#pending + 1] = child end
      else
         flush()
         if child.tag == "p" then
            out[#out + 1] = runs.paragraph(context.style, inline(document, child, context.look), indent)
         elseif child.tag:find "^h" and child.tag ~= "hr" then
            local level = math.max(1, math.min(5, tonumber(child.tag:sub(2)) - 1))
            out[#out + 1] = runs.paragraph(document.style["Heading" .. level], inline(document, child, context.look))
         elseif child.tag == "ul" or child.tag == "ol" then
            items(document, child, context, out)
         elseif child.tag == "pre" then
            local code = child[1] and type(child[1]) == "table" and child[1] or child
            local text = {tag = "pre", given = ""}
            for i, part in ipairs(code) do text[i] = type(part) == "string" and part:gsub("\n$", "") or part end
            out[#out + 1] = runs.paragraph(document.style.Code, inline(document, text, with(context.look, "pre", true)),
               indent)
         elseif child.tag == "blockquote" then
            blocks(document, child, {look = context.look, style = document.style.Quote, level = context.level}, out)
         elseif child.tag == "table" then
            out[#out + 1] = text_table(document, child, context)
         else
            out[#out + 1] = runs.paragraph(nil, "",
               '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="D0D7DE"/></w:pBdr>')
         end
      end
   end
   flush()
end

--- The paragraphs of a text in Markdown.
function flow.paragraphs(document, source)
   local out = {}
   blocks(document, tree(markdown.html(source, 2)), {look = {}}, out)
   return table.concat(out, "\n")
end

return flow
