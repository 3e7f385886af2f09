--- The package of a document (ECMA-376, part 2): its parts, what they are and how they belong together. Made anew, or
--- from a house template, of which everything stays (styles, headers, footers, page, fonts, logos) but the text.
local core = require "difkit.core"
local letters = require "difkit.format.letters"
local papers = require "difkit.report.paper"
local runs = require "difkit.report.docx.runs"
local styles = require "difkit.report.docx.styles"
local template = require "difkit.report.docx.template"
local zip = require "difkit.format.zip"

local package = {}

local office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
local packages = "http://schemas.openxmlformats.org/package/2006/"
local word = "application/vnd.openxmlformats-officedocument.wordprocessingml."
local declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

package.namespaces = {
   {"w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}, {"r", office},
   {"wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"},
   {"a", "http://schemas.openxmlformats.org/drawingml/2006/main"},
   {"pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"},
}

local function namespaces(count)
   local out = {}
   for i = 1, count or #package.namespaces do
      out[i] = (' xmlns:%s="%s"'):format(package.namespaces[i][1], package.namespaces[i][2])
   end
   return table.concat(out)
end

local margin = 1134 -- 2 cm, in twentieths of a point

--- A document of no template: its page, its styles, its footer.
local function own(report)
   local width, height = papers.size(report.paper)
   width, height = math.floor(width * 20 + 0.5), math.floor(height * 20 + 0.5)
   local right_to_left = letters.right_to_left(report.language)
   local ids, definitions = styles.own()
   return {
      style = ids, room = width - 2 * margin, height = height - 2 * margin, right_to_left = right_to_left,
      root = "<w:document" .. namespaces() .. ">",
      section = ('<w:sectPr>%%s<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d"'
         .. ' w:left="%d" w:header="567" w:footer="567" w:gutter="0"/>%s</w:sectPr>'):format(width, height, margin,
         margin, margin, margin, right_to_left and "<w:bidi/>" or ""),
      styles = declaration .. "<w:styles" .. namespaces(1) .. ">" .. styles.defaults(report.language, right_to_left)
         .. definitions .. "</w:styles>",
   }
end

--- What a document is made from; nil, message, code when the template cannot be read.
function package.base(report, path)
   if not path then return own(report) end
   return template.base(path, package.namespaces)
end

--- Definitions of the lists that the document uses: {abstract definitions, numbers}. `first_kind` and the document's
--- first_list are free in its template.
local function numbering(document, first_kind)
   local kinds, list = {}, {}
   for i, one in ipairs(document.lists) do
      local levels = {}
      for level = 0, 8 do
         levels[level + 1] = ('<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/>'
            .. '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:hanging="360"/></w:pPr></w:lvl>'):format(level,
            one.numbered and "decimal" or "bullet", one.numbered and "%" .. level + 1 .. "." or "•",
            400 * (level + 1))
      end
      local kind = first_kind + i - 1
      kinds[i] = ('<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="multilevel"/>'):format(kind)
         .. table.concat(levels) .. "</w:abstractNum>"
      local starts = {}
      for level = 0, one.numbered and 8 or -1 do
         starts[level + 1] = ('<w:lvlOverride w:ilvl="%d"><w:startOverride w:val="%d"/></w:lvlOverride>'):format(level,
            one.start)
      end
      list[i] = ('<w:num w:numId="%d"><w:abstractNumId w:val="%d"/>%s</w:num>'):format(document.first_list + i - 1,
         kind, table.concat(starts))
   end
   return table.concat(kinds), table.concat(list)
end

local function footnotes(document)
   local out = {declaration, "<w:footnotes", namespaces(2), ">"}
   for i, kind in ipairs {"separator", "continuationSeparator"} do
      out[#out + 1] = ('<w:footnote w:type="%s" w:id="%d"><w:p><w:r><w:%s/></w:r></w:p></w:footnote>'):format(kind,
         i - 2, kind)
   end
   for i, number in ipairs(document.order) do
      out[#out + 1] = ('<w:footnote w:id="%d">%s</w:footnote>'):format(i, runs.paragraph(document.style.FootnoteText,
         ('<w:r><w:rPr><w:rStyle w:val="%s"/></w:rPr><w:footnoteRef/></w:r>'):format(document.style.FootnoteMark)
         .. runs.text(" " .. document.notes[number].text)))
   end
   out[#out + 1] = "</w:footnotes>"
   return table.concat(out)
end

--- The foot of each page: title and page.
local function footer(document, report)
   local tabs = ('<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>'):format(math.floor(document.room))
   return declaration .. "<w:ftr" .. namespaces(2) .. ">" .. runs.paragraph(document.style.Footer,
      runs.text(report.title) .. "<w:r><w:tab/></w:r>" .. runs.field("PAGE", "1") .. runs.text " / "
      .. runs.field("NUMPAGES", "1"), tabs) .. "</w:ftr>"
end

local function properties(report)
   return declaration .. '<cp:coreProperties xmlns:cp="' .. packages .. 'metadata/core-properties"'
      .. ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>' .. runs.escape(report.title)
      .. "</dc:title><dc:creator>difkit " .. core.version .. "</dc:creator><dc:language>"
      .. runs.escape(report.language) .. "</dc:language></cp:coreProperties>"
end

local function relations_text(list)
   local out = {declaration, '<Relationships xmlns="', packages, 'relationships">'}
   for _, one in ipairs(list) do
      out[#out + 1] = ('<Relationship Id="%s" Type="%s" Target="%s"%s/>'):format(one.id,
         one.kind:find "^http" and one.kind or office .. "/" .. one.kind, runs.escape(one.target),
         one.external and ' TargetMode="External"' or "")
   end
   out[#out + 1] = "</Relationships>"
   return table.concat(out)
end

--- The package of a document of no template.
local function write_own(base, document, report, text)
   local kinds, lists = numbering(document, 1)
   local types, parts = {}, {}
   local function add(name, kind, content)
      parts[#parts + 1] = {name, content}
      types[#types + 1] = ('<Override PartName="/%s" ContentType="%s"/>'):format(name, kind)
   end
   add("word/document.xml", word .. "document.main+xml", text)
   add("word/styles.xml", word .. "styles+xml", base.styles)
   add("word/numbering.xml", word .. "numbering+xml", declaration .. "<w:numbering" .. namespaces(1) .. ">" .. kinds
      .. lists .. "</w:numbering>")
   add("word/footnotes.xml", word .. "footnotes+xml", footnotes(document))
   add("word/footer.xml", word .. "footer+xml", footer(document, report))
   add("word/settings.xml", word .. "settings+xml", declaration .. "<w:settings" .. namespaces(1)
      .. '><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat><w:compatSetting'
      .. ' w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
      .. "</w:settings>")
   add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", properties(report))
   for _, picture in ipairs(document.media) do parts[#parts + 1] = {"word/media/" .. picture.name, picture.bytes} end
   local relations = table.move(document.relations, 1, #document.relations, 1, {})
   for i, name in ipairs {"styles", "numbering", "footnotes", "settings"} do
      relations[#relations + 1] = {id = "rId" .. i, kind = name, target = name .. ".xml"}
   end
   relations[#relations + 1] = {id = "rIdFooter", kind = "footer", target = "footer.xml"}
   table.insert(parts, 1, {"[Content_Types].xml", declaration .. '<Types xmlns="' .. packages .. 'content-types">'
      .. '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
      .. '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
      .. table.concat(types) .. "</Types>"})
   table.insert(parts, 2, {"_rels/.rels", relations_text {
      {id = "rId1", kind = "officeDocument", target = "word/document.xml"},
      {id = "rId2", kind = packages .. "relationships/metadata/core-properties", target = "docProps/core.xml"},
   }})
   table.insert(parts, 3, {"word/_rels/document.xml.rels", relations_text(relations)})
   return zip.text(parts)
end

--- The bytes of the package. `body`: what stands in the document.
function package.bytes(base, document, report, body)
   local reference = '<w:footerReference w:type="default" r:id="rIdFooter"/>'
   local section = base.template and base.section or base.section:format(reference)
   if base.template and not section:find "<w:footerReference" then
      section = section:gsub("(<w:sectPr[^>]*>)", function(begin) return begin .. reference end, 1)
      base.template.wants_footer = true
   end
   local text = declaration .. base.root .. "<w:body>" .. body .. section .. "</w:body></w:document>"
   if not base.template then return write_own(base, document, report, text) end
   local kinds, lists = numbering(document, base.first_kind)
   return zip.text(template.parts(base, document, {
      document = text, kinds = kinds, lists = lists, footnotes = footnotes(document), office = office, word = word,
      footer = base.template.wants_footer and footer(document, report), properties = properties(report),
      declaration = declaration, namespaces = namespaces(1),
   }))
end

return package
