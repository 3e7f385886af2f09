-- Reports as documents of word processors: real headings, tables whose heading is repeated, captions, pictures with
-- words, footnotes, page numbers, and a house template. That LibreOffice opens them is tested in cli/office_spec.
local difkit = require "difkit"
local core = require "difkit.core"
local spec = require "tests.support.spec"

local db = assert(difkit.open())

local function parts_of(report, options)
   local path = spec.temporary ".docx"
   assert(report:write(path, options))
   local parts = {}
   for _, part in ipairs(assert(core.read_package(path))) do parts[part[1]] = part[2] end
   os.remove(path)
   return parts
end

--- All elements of a name in a part.
local function each(text, name)
   local list = {}
   local function walk(tree)
      if tree[0] == name then list[#list + 1] = tree end
      for _, child in ipairs(tree) do
         if type(child) == "table" then walk(child) end
      end
   end
   walk(assert(core.parse_xml(text)))
   return list
end

local function words(tree)
   local out = {}
   local function walk(node)
      for _, child in ipairs(node) do
         if type(child) == "table" then walk(child) elseif node[0] == "t" then out[#out + 1] = child end
      end
   end
   walk(tree)
   return table.concat(out)
end

local function attribute(tree, name) return tree.attributes[name] or tree.attributes["w:" .. name] end

--- Style and words of each paragraph.
local function paragraphs(text)
   local list = {}
   for _, paragraph in ipairs(each(text, "p")) do
      local style
      for _, child in ipairs(paragraph[1] and paragraph[1][0] == "pPr" and paragraph[1] or {}) do
         if child[0] == "pStyle" then style = attribute(child, "val") end
      end
      list[#list + 1] = (style or "-") .. ": " .. words(paragraph)
   end
   return list
end

local function has(list, wanted)
   for _, one in ipairs(list) do
      if one == wanted then return true end
   end
   error(wanted .. " is not among\n" .. table.concat(list, "\n"))
end

local function sample()
   local report = difkit.report {title = "State & <all>", subtitle = "Of it", db = db, as_of = "2026-01-31"}
   local note = report:footnote "Where it is from."
   report:heading("Results" .. note):figures {{"Actions", 244}, {"Share", 0.5714, "of topics", digits = 2}}
   report:text("First **bold**, <b>shown</b>." .. note .. "\n\n1. one\n2. two\n\n- a\n  - b\n\n> said\n\n# Deeper\n\n"
      .. "[out](https://asean.org/?a=1&b=2) [in](#by-area) `code`\n\n| x | y |\n|---|--:|\n| 1 | 2 |")
   report:heading("By area", 3)
   report:table(db:areas():select("id", "number", "title"), {title = "Areas", labels = {title = "Title"}, note = "N."})
   report:chart(difkit.chart.bars(db:from("action"):group("document_id"):count "actions", {title = "Actions"}))
   return report:heading "A":heading "B"
end

describe("a report as a document", function()
   local parts = parts_of(sample())
   local text = parts["word/document.xml"]
   local list = paragraphs(text)

   it("has the same bytes twice", function()
      local docx = require "difkit.report.docx"
      assert.are.equal(docx.bytes(sample()), docx.bytes(sample()))
   end)

   it("is well-formed in all its parts, and names the kind of each", function()
      for name, part in pairs(parts) do
         if name:find "%.xml$" or name:find "%.rels$" then assert(core.parse_xml(part), name) end
         if name:find "^word/[^/]+%.xml$" then
            assert.is_truthy(parts["[Content_Types].xml"]:find('PartName="/' .. name .. '"', 1, true), name)
         end
      end
   end)

   it("has real headings and texts in their styles", function()
      for _, wanted in ipairs {"Title: State & <all>", "Subtitle: Of it", "Heading1: Results", "Heading2: By area",
         "Heading2: Deeper", "-: First bold, <b>shown</b>.1", "Item: one", "Item: b", "Quote: said",
         "Contents: Results",
         "Cell: Actions", "FigureValue: 244", "FigureValue: 0.57", "Note: of topics", "Note: N.",
         "Note: As of 2026-01-31."} do
         has(list, wanted)
      end
   end)

   it("repeats the heading of a table on every page, and cuts no row", function()
      local tables = each(text, "tbl")
      local rows = each(text, "tr")
      local heads, whole = each(text, "tblHeader"), each(text, "cantSplit")
      assert.are.equal(3, #tables)
      assert.are.equal(2, #heads) -- not that of the key figures
      assert.are.equal(#rows, #whole)
      has(list, "Cell: Facilitating Seamless Trade")
   end)

   it("counts tables and figures in captions", function()
      has(list, "Caption: Table 1. Areas")
      has(list, "Caption: Figure 1. Actions")
      local fields = {}
      for _, field in ipairs(each(text, "fldSimple")) do fields[#fields + 1] = attribute(field, "instr") end
      assert.are.same({" SEQ Table \\* ARABIC ", " SEQ Figure \\* ARABIC "}, fields)
   end)

   it("has pictures, with what they show in words", function()
      assert.are.equal("\137PNG", parts["word/media/report-1.png"]:sub(1, 4))
      local picture = each(text, "docPr")[1]
      assert.is_truthy(attribute(picture, "descr"):find("Bars of actions", 1, true))
   end)

   it("has footnotes, links, lists and page numbers", function()
      assert.are.equal(1, #each(text, "footnoteReference"))
      assert.is_truthy(words(each(parts["word/footnotes.xml"], "footnote")[3]):find("Where it is from.", 1, true))
      local relations = parts["word/_rels/document.xml.rels"]
      assert.is_truthy(relations:find('Target="https://asean.org/?a=1&amp;b=2" TargetMode="External"', 1, true))
      local mark = text:match '<w:hyperlink w:anchor="([^"]*)"><w:r><w:rPr><w:rStyle w:val="Link"/></w:rPr>'
      assert.is_truthy(text:find('w:name="' .. mark .. '"/><w:r><w:t xml:space="preserve">By area', 1, true))
      assert.are.equal(3, #each(parts["word/numbering.xml"], "num"))
      assert.is_truthy(parts["word/footer.xml"]:find(" PAGE ", 1, true))
   end)

   it("goes on the paper that is asked for", function()
      local function size(paper)
         return parts_of(difkit.report {title = "x", paper = paper})["word/document.xml"]:match '<w:pgSz [^/]*/>'
      end
      assert.are.equal('<w:pgSz w:w="11906" w:h="16838"/>', size "A4")
      assert.are.equal('<w:pgSz w:w="12240" w:h="15840"/>', size "letter")
      assert.are.equal('difkit.report: unknown paper "A3"', (spec.problem(difkit.report, {title = "x", paper = "A3"})))
   end)

   it("splits a table that is wider than the page, and repeats its first column", function()
      local names, row = {"country"}, {"Laos"}
      for i = 2, 16 do names[i], row[i] = "column_" .. i, i * 1000.5 end
      local wide = parts_of(difkit.report "x":table(difkit.table(names, {row}), {title = "Wide"}))["word/document.xml"]
      local found = 0
      for _, one in ipairs(each(wide, "tbl")) do
         local sum = 0
         for _, column in ipairs(each(wide, "gridCol")) do sum = sum + tonumber(attribute(column, "w")) end
         assert.is_truthy(words(one):find("Laos", 1, true))
         assert.is_true(sum / #each(wide, "tbl") <= 9638)
         found = found + 1
      end
      assert.is_true(found >= 2)
      for i = 2, 16 do assert.is_truthy(wide:find(">column_" .. i .. "<", 1, true)) end
      has(paragraphs(wide), "Caption: Table 1. Wide (continued)")
   end)

   it("names fonts and languages of scripts that have their own, and the direction of the language", function()
      local report = difkit.report {title = "ພາສາລາວ", language = "ar"}
      local shown = parts_of(report:text "ภาษาไทย and ភាសា မြန်မာ العربية")
      local body = shown["word/document.xml"]
      for script, font in pairs {["lo-LA"] = "Leelawadee UI", ["th-TH"] = "Leelawadee UI", ["my-MM"] = "Myanmar Text",
         ["km-KH"] = "Leelawadee UI"} do
         assert.is_truthy(body:find('<w:rFonts w:cs="' .. font .. '"/><w:cs/><w:lang w:bidi="' .. script, 1, true))
      end
      assert.is_truthy(body:find('<w:rtl/><w:cs/><w:lang w:bidi="ar-SA"/></w:rPr><w:t xml:space="preserve">العربية', 1,
         true))
      assert.is_truthy(shown["word/styles.xml"]:find('<w:pPr><w:bidi/></w:pPr></w:pPrDefault>', 1, true))
   end)

   it("keeps out what XML cannot hold", function()
      local body = parts_of(difkit.report "a\0b\1\255":text "x\2<&>\"":table(difkit.table({"]]>"}, {{"\27[31m"}})))
      assert(core.parse_xml(body["word/document.xml"]))
   end)
end)

describe("a house template", function()
   local zip = require "difkit.format.zip"
   local W = ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
   local R = ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
   local kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
   local function house(changes)
      local parts = {
         {"[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
            .. 'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            .. 'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            .. 'wordprocessingml.template.main+xml"/></Types>'},
         {"_rels/.rels", '<Relationships><Relationship Id="a" Type="' .. kind .. 'officeDocument" '
            .. 'Target="word/document.xml"/></Relationships>'},
         {"word/document.xml", "<w:document" .. W .. R .. "><w:body><w:p><w:r><w:t>Old text</w:t></w:r></w:p><w:sectPr>"
            .. '<w:headerReference w:type="default" r:id="rId7"/><w:pgSz w:w="12000" w:h="16000"/><w:pgMar '
            .. 'w:top="1000" w:right="1500" w:bottom="1000" w:left="1500"/></w:sectPr></w:body></w:document>'},
         {"word/_rels/document.xml.rels", '<Relationships><Relationship Id="rId1" Type="' .. kind .. 'styles" '
            .. 'Target="styles.xml"/><Relationship Id="rId7" Type="' .. kind .. 'header" Target="header1.xml"/>'
            .. '<Relationship Id="rId8" Type="' .. kind .. 'numbering" Target="numbering.xml"/></Relationships>'},
         {"word/styles.xml", "<w:styles" .. W .. '><w:style w:type="paragraph" w:default="1" w:styleId="Standard">'
            .. '<w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="berschrift1"><w:name '
            .. 'w:val="heading 1"/></w:style><w:style w:type="table" w:styleId="Table"><w:name w:val="Other"/>'
            .. "</w:style></w:styles>"},
         {"word/header1.xml", "<w:hdr" .. W .. "><w:p><w:r><w:t>The Office</w:t></w:r></w:p></w:hdr>"},
         {"word/numbering.xml", "<w:numbering" .. W .. '><w:abstractNum w:abstractNumId="4"/><w:num w:numId="9">'
            .. '<w:abstractNumId w:val="4"/></w:num></w:numbering>'},
      }
      for _, part in ipairs(parts) do part[2] = changes and changes[part[1]] or part[2] end
      if changes and changes.extra then parts[#parts + 1] = changes.extra end
      local path = spec.temporary ".dotx"
      local file = assert(io.open(path, "wb"))
      file:write(zip.text(parts))
      file:close()
      return path
   end

   it("gives its styles, page, header and numbers of lists; the text is the report's", function()
      local path = house()
      local parts = parts_of(sample(), {template = path})
      os.remove(path)
      local text = parts["word/document.xml"]
      has(paragraphs(text), "berschrift1: Results")
      assert.is_nil(text:find("Old text", 1, true))
      assert.is_truthy(text:find('<w:headerReference w:type="default" r:id="rId7"/><w:pgSz w:w="12000"', 1, true))
      assert.is_truthy(parts["word/header1.xml"]:find("The Office", 1, true))
      -- What it lacks is added under names that are free; ids of lists go on behind its own.
      assert.is_truthy(text:find('<w:tblStyle w:val="ReportTable"/>', 1, true))
      assert.is_truthy(parts["word/styles.xml"]:find('w:styleId="Caption"><w:name w:val="caption"/><w:basedOn '
         .. 'w:val="Standard"/>', 1, true))
      assert.is_truthy(text:find('<w:numId w:val="10"/>', 1, true))
      local lists = parts["word/numbering.xml"]
      local kinds = lists:find('<w:abstractNum w:abstractNumId="5"', 1, true)
      assert.is_true(kinds < lists:find('<w:num w:numId="9"', 1, true))
      assert.is_truthy(parts["[Content_Types].xml"]:find("document.main+xml", 1, true))
      assert.is_truthy(text:find('<w:footerReference w:type="default" r:id="rIdFooter"/>', 1, true))
      for name, part in pairs(parts) do
         if name:find "%.xml$" or name:find "%.rels$" then assert(core.parse_xml(part), name) end
      end
   end)

   it("is refused by name when it is none", function()
      local report = difkit.report "x"
      local function refused(changes)
         local path = house(changes)
         local done, message, code = report:write(spec.temporary ".docx", {template = path})
         os.remove(path)
         assert.is_nil(done)
         assert.are.equal("data", code)
         return (message:gsub("^cannot use %S+ as a template: ", ""))
      end
      assert.are.equal("it holds macros; save it as .docx or .dotx", refused {extra = {"word/vbaProject.bin", "x"}})
      assert.are.equal("it has no styles", refused {["word/_rels/document.xml.rels"] = "<Relationships/>"})
      assert.are.equal("it is no document of a word processor", refused {["_rels/.rels"] = "<Relationships/>"})
      local _, message = report:write(spec.temporary ".docx", {template = "/nowhere/office.docx"})
      assert.is_truthy(message:find("/nowhere/office.docx", 1, true))
   end)
end)

describe("a table by itself", function()
   it("is written as a document with its title as heading and one table", function()
      local t = difkit.table({"topic", "n"}, {{"Skills", 26}, {"Trade", 3}})
      t.title = "Actions by topic"
      local text = parts_of(t)["word/document.xml"]
      assert.are.equal("Title: Actions by topic", paragraphs(text)[1])
      local tables = each(text, "tbl")
      assert.are.equal(1, #tables)
      assert.are.equal("topicnSkills26Trade3", words(tables[1]))
   end)
end)

describe("a picture that is longer than a page", function()
   it("goes on in others, under one caption", function()
      local rows = {}
      for i = 1, 100 do rows[i] = {("Unit %03d"):format(i), i} end
      local report = difkit.report "Long"
      report:chart(difkit.chart.bars(difkit.table({"unit", "n"}, rows), {title = "Hundred bars"}))
      local pictures, parts = 0, parts_of(report)
      for name in pairs(parts) do
         if name:find "^word/media/.*%.png$" then pictures = pictures + 1 end
      end
      assert.are.equal(4, pictures)
      assert.are.equal(4, #each(parts["word/document.xml"], "drawing"))
      local captions = 0
      for _, line in ipairs(paragraphs(parts["word/document.xml"])) do
         if line:find("Hundred bars", 1, true) then captions = captions + 1 end
      end
      assert.are.equal(1, captions)
   end)
end)
