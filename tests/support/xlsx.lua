-- Workbooks for tests: xlsx{{name = "Data", rows = {{"a", 1}, {}}, merges = {"A1:B1"}, hidden = true}, …}. Texts are
-- shared strings, as spreadsheet programs write them; nil and "" leave a cell out. `macros`: an .xlsm.
local zip = require "tests.support.zip"

local function escaped(text) return (text:gsub("[&<>]", {["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;"})) end

local function letters(j) return j > 26 and string.char(64 + (j - 1) // 26, 65 + (j - 1) % 26)
   or string.char(64 + j) end

return function(sheets, macros)
   local strings, number_of, files, names, targets = {}, {}, {}, {}, {}
   local function shared(text)
      if not number_of[text] then
         number_of[text] = #strings
         strings[#strings + 1] = "<si><t xml:space=\"preserve\">" .. escaped(text) .. "</t></si>"
      end
      return number_of[text]
   end
   for n, sheet in ipairs(sheets) do
      local rows = {}
      for i, row in ipairs(sheet.rows) do
         local cells, width = {}, row.n or #row
         for j = 1, width do
            local cell, place = row[j], letters(j) .. i
            if type(cell) == "number" then
               cells[#cells + 1] = ('<c r="%s"><v>%s</v></c>'):format(place, cell)
            elseif cell and cell ~= "" then
               cells[#cells + 1] = ('<c r="%s" t="s"><v>%d</v></c>'):format(place, shared(cell))
            end
         end
         rows[i] = ('<row r="%d">%s</row>'):format(i, table.concat(cells))
      end
      local merges = ""
      for _, range in ipairs(sheet.merges or {}) do merges = merges .. ('<mergeCell ref="%s"/>'):format(range) end
      files[("xl/worksheets/sheet%d.xml"):format(n)] = "<worksheet><sheetData>" .. table.concat(rows) .. "</sheetData>"
         .. (merges ~= "" and "<mergeCells>" .. merges .. "</mergeCells>" or "") .. "</worksheet>"
      names[n] = ('<sheet name="%s" sheetId="%d" r:id="r%d"%s/>'):format(sheet.name, n, n,
         sheet.hidden and ' state="hidden"' or "")
      targets[n] = ('<Relationship Id="r%d" Type="x/worksheet" Target="worksheets/sheet%d.xml"/>'):format(n, n)
   end
   files["xl/workbook.xml"] = '<workbook xmlns:r="r"><sheets>' .. table.concat(names) .. "</sheets></workbook>"
   files["xl/_rels/workbook.xml.rels"] = "<R>" .. table.concat(targets)
      .. '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></R>'
   files["xl/sharedStrings.xml"] = "<sst>" .. table.concat(strings) .. "</sst>"
   files["[Content_Types].xml"] = "<Types/>"
   if macros then files["xl/vbaProject.bin"] = "\xD0\xCF\x11\xE0 macros" end
   return zip(files)
end
