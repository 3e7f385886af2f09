-- Sheets as Excel, Google Sheets, WPS and others save them: the same answers, whatever the shape of the file.
local difkit = require "difkit"
local sheet = require "difkit.monitoring.sheet"
local zip = require "difkit.format.zip"

local folder

setup(function()
   local pipe = assert(io.popen "mktemp -d")
   folder = pipe:read "l"
   pipe:close()
end)
teardown(function() os.execute("rm -rf '" .. folder .. "'") end)

local function escaped(text) return (text:gsub("[&<>]", {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;"})) end

local main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
local relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
local packages = "http://schemas.openxmlformats.org/package/2006/relationships"

--- The serial number of 2025-03-31, as spreadsheets count days.
local march = 45747

--- What came back: two actions answered, one by a date cell; one left empty.
local cover = {{"Reporting sheet", "Of this sheet"}, {"Country", "Lao PDR"}, {"Unit", "LAO"}, {"Round", "2026"},
   {"Digest", "0000"}, {"Sheet number", "2026-LAO-000000"}, {"Answered by", "Desk & <office>"},
   {"Answered on", "2025-07-01"}}
local answers = {
   {"id", "what is asked", "last answer", "of", "status", "date", "evidence", "remark"},
   {"BSBR.EP.2", "Implement …", false, false, "completed", {march}, "Law No. 12, “new” & in force", false},
   {"BSBR.DP.1", "Monitor …", false, false, "On-going", false, false, "since\nMarch"},
   {"BSBR.CP.1", "Cooperate …", false, false, false, false, false, false},
   {false, "Possible answers"}, {false, false, false, false, "not started"}, {false, false, false, false, "completed"},
}

--- What any of these files has to give.
local wanted = {
   {"BSBR.EP.2", "completed", "2025-03-31", "Law No. 12, “new” & in force"},
   {"BSBR.DP.1", "in_progress", "2025-06-30", "since\nMarch"},
   {"BSBR.CP.1", "no_answer", "2025-06-30", nil},
}

--- Rows as XML: `shape.cell(place, value, shared)` gives one cell; shared(text) the number of a shared text.
local function rows_of(rows, shape, strings)
   local out = {}
   local function shared(text)
      if not strings.of[text] then
         strings[#strings + 1] = text
         strings.of[text] = #strings - 1
      end
      return strings.of[text]
   end
   for i, row in ipairs(rows) do
      local cells = {}
      for j = 1, #row do
         cells[#cells + 1] = shape.cell(("ABCDEFGHIJ"):sub(j, j) .. i, row[j], shared)
      end
      out[#out + 1] = (shape.row or '<row r="%d">%s</row>'):format(i, table.concat(cells))
   end
   return table.concat(out)
end

--- The cell of most programs: texts shared, dates as serial numbers with the style of a date.
local function usual(place, value, shared)
   if value == false then return "" end
   if type(value) == "table" then return ('<c r="%s" s="1"><v>%d</v></c>'):format(place, value[1]) end
   return ('<c r="%s" t="s"><v>%d</v></c>'):format(place, shared(value))
end

local styles = ([[<styleSheet xmlns="%s"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders
 count="1"><border/></borders><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>
</styleSheet>]]):format(main)

--- A file in a shape.
local function write(name, shape)
   local strings, ns = {of = {}}, shape.main or main
   local pages = {}
   for i, rows in ipairs {cover, answers} do
      pages[i] = (shape.page or '<worksheet xmlns="%s"><sheetData>%s</sheetData>%s</worksheet>'):format(ns,
         rows_of(rows, shape, strings), i == 2 and shape.validation or "")
   end
   local shared = {}
   for i, text in ipairs(strings) do
      shared[i] = (shape.text or '<si><t xml:space="preserve">%s</t></si>'):format(escaped(text))
   end
   local p = shape.prefix or ""
   local function tag(xml) return p == "" and xml or (xml:gsub("<(/?)(%l)", "<%1" .. p .. "%2"):gsub("xmlns=",
      "xmlns:" .. p:sub(1, -2) .. "=")) end
   local rel = shape.relations or relations
   local target = shape.target or "worksheets/sheet%d.xml"
   local parts = {
      {"[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
         .. 'Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType='
         .. '"application/vnd.openxmlformats-package.relationships+xml"/></Types>'},
      {"_rels/.rels", ('<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/officeDocument" Target="%s"/>'
         .. "</Relationships>"):format(packages, rel, "xl/workbook.xml")},
      {"xl/workbook.xml", tag(('<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="Read me first" sheetId="1" '
         .. 'r:id="rId1"/><sheet name="Answers" sheetId="2" r:id="rId2"/></sheets></workbook>'):format(ns, rel))},
      {"xl/_rels/workbook.xml.rels", ('<Relationships xmlns="%s"><Relationship Id="rId4" Type="%s/sharedStrings" '
         .. 'Target="sharedStrings.xml"/><Relationship Id="rId3" Type="%s/styles" Target="styles.xml"/><Relationship '
         .. 'Id="rId2" Type="%s/worksheet" Target="%s"/><Relationship Id="rId1" Type="%s/worksheet" Target="%s"/>'
         .. "</Relationships>"):format(packages, rel, rel, rel, target:format(2), rel, target:format(1))},
      {"xl/styles.xml", tag(shape.styles or styles)},
      {"xl/sharedStrings.xml", tag(('<sst xmlns="%s" count="%d" uniqueCount="%d">%s</sst>'):format(ns, #strings,
         #strings, table.concat(shared)))},
      {"xl/worksheets/sheet1.xml", tag(pages[1])}, {"xl/worksheets/sheet2.xml", tag(pages[2])},
   }
   local path = folder .. "/" .. name
   local file = assert(io.open(path, "wb"))
   local header = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
   for _, part in ipairs(parts) do part[2] = header .. part[2] end
   file:write(zip.text(parts))
   file:close()
   return path
end

--- Excel: spans and heights of rows, texts in runs with fonts and with phonetic hints, drop-downs in an extension.
local excel = {
   cell = function(place, value, shared)
      if value == "completed" then
         return ('<c r="%s" t="str"><f>"comp"&amp;"leted"</f><v>completed</v></c>'):format(place)
      end
      return usual(place, value, shared)
   end,
   row = '<row r="%d" spans="1:8" ht="15" customHeight="1" x14ac:dyDescent="0.25">%s</row>',
   page = '<worksheet xmlns="%s" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable='
      .. '"x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"><dimension ref="A1:H7"/>'
      .. '<sheetViews><sheetView workbookViewId="0"/></sheetViews><cols><col min="1" max="1" width="12"/></cols>'
      .. "<sheetData>%s</sheetData><autoFilter ref=\"A1:H4\"/>%s</worksheet>",
   text = '<si><r><rPr><b/><sz val="11"/></rPr><t xml:space="preserve">%s</t></r><phoneticPr fontId="1"/></si>',
   validation = '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" xmlns:x14='
      .. '"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations count="1">'
      .. "<x14:dataValidation type=\"list\"/></x14:dataValidations></ext></extLst>",
}

--- Google Sheets: every cell styled, empty ones too; whole numbers with a point; no drop-downs kept.
local google = {
   cell = function(place, value, shared)
      if value == false then return ('<c r="%s" s="2"/>'):format(place) end
      if type(value) == "table" then return ('<c r="%s" s="1"><v>%d.0</v></c>'):format(place, value[1]) end
      return ('<c r="%s" s="2" t="s"><v>%d</v></c>'):format(place, shared(value))
   end,
   row = '<row r="%d" ht="15.75" customHeight="1">%s</row>',
   page = '<worksheet xmlns="%s"><sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr><sheetFormatPr '
      .. 'customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/><sheetData>%s<row r="999"><c r="A999" '
      .. 's="2"/></row></sheetData>%s</worksheet>',
   text = "<si><t>%s</t></si>",
   styles = ([[<styleSheet xmlns="%s"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts>
<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="0"/></cellXfs>
</styleSheet>]])
      :format(main),
}

--- WPS: a date of the Chinese formats, absolute targets, an element of its own.
local wps = {
   cell = usual, target = "/xl/worksheets/sheet%d.xml",
   row = '<row r="%d" spans="1:8" customFormat="1">%s</row>',
   page = '<worksheet xmlns="%s" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><sheetPr/><sheetData>%s'
      .. "</sheetData>%s<etc:props/></worksheet>",
   styles = (styles:gsub('numFmtId="14"', 'numFmtId="31"')),
}

--- Excel's "Strict Open XML": other names of the namespaces.
local strict = {cell = usual, main = "http://purl.oclc.org/ooxml/spreadsheetml/main",
   relations = "http://purl.oclc.org/ooxml/officeDocument/relationships"}

--- Programs that write texts into the cells, without places, and with a prefix for each element.
local inline = {
   prefix = "x:",
   cell = function(_, value)
      if value == false then return "<c/>" end
      if type(value) == "table" then return ('<c s="1"><v>%d</v></c>'):format(value[1]) end
      return ('<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'):format(escaped(value))
   end,
}

describe("a sheet that came back", function()
   local db

   setup(function()
      local path = folder .. "/round.yaml"
      local file = assert(io.open(path, "w"))
      file:write 'rounds: [{id: "2026", title: R, reference: 2025-06-30}]\n'
      file:close()
      db = assert(difkit.open{"@bundled", path})
   end)
   teardown(function() db:close() end)

   for name, shape in pairs {Excel = excel, ["Google Sheets"] = google, WPS = wps, ["Strict Open XML"] = strict,
      ["inline texts and prefixes"] = inline} do
      it("in the shape of " .. name .. " gives its answers", function()
         local found = assert(sheet.read(db, write("s.xlsx", shape), {}))
         assert.same({}, found.faults)
         assert.same({"LAO", "Desk & <office>", "2025-07-01"}, {found.unit, found.by, found.on})
         local got = {}
         for i, one in ipairs(found.answers) do got[i] = {one.id, one.status, one.date, one.evidence} end
         assert.same(wanted, got)
      end)
   end
end)
