--- A document as it is put together: its styles, notes, lists, links and pictures, and the grids of its tables. What
--- stands in it is written by difkit.report.docx; the package around it by difkit.report.docx.package.
local class = require "difkit.class"
local runs = require "difkit.report.docx.runs"

local Document, events = class "difkit.DocxDocument"

--- `base`: style (key to id), room (width of the text in twentieths of a point), first_list (free numbers of lists),
--- right_to_left. `notes`: the notes of the report.
function Document.new(base, notes)
   return setmetatable({style = base.style, room = base.room, height = base.height, right_to_left = base.right_to_left,
      notes = notes, shown = {}, order = {}, relations = {}, media = {}, lists = {}, first_list = base.first_list or 1,
      marks = 0, anchors = {}}, events)
end

--- A reference to the note of a number, or nil. A further one to the same note is its number alone: a footnote stands
--- on one page.
function Document:reference(number)
   local note = self.notes[number]
   if not note then return nil end
   if self.shown[number] then return runs.text(tostring(self.shown[number]), {superscript = true}) end
   self.order[#self.order + 1] = number
   self.shown[number] = #self.order
   return ('<w:r><w:rPr><w:rStyle w:val="%s"/></w:rPr><w:footnoteReference w:id="%d"/></w:r>'):format(
      self.style.FootnoteMark, #self.order)
end

--- A relation of the document; gives its id.
function Document:relate(kind, target, external)
   local id = "rIdReport" .. (#self.relations + 1)
   self.relations[#self.relations + 1] = {id = id, kind = kind, target = target, external = external}
   return id
end

--- Runs that lead to an address: of the web or mail, or "#name" of a heading.
function Document:link(address, content)
   local name = address:match "^#(.+)$"
   if name then
      return ('<w:hyperlink w:anchor="%s">%s</w:hyperlink>'):format(runs.escape(self:anchor(name)), content)
   end
   return ('<w:hyperlink r:id="%s">%s</w:hyperlink>'):format(self:relate("hyperlink", address, true), content)
end

--- The bookmark that stands for a name of the page: bookmarks have at most 40 letters.
function Document:anchor(name)
   local found = self.anchors[name]
   if not found then
      self.marks = self.marks + 1
      found = "part_" .. self.marks
      self.anchors[name] = found
   end
   return found
end

--- A bookmark of that name around runs.
function Document:bookmark(name, content)
   local mark = self:anchor(name)
   local id = mark:match "%d+$"
   return ('<w:bookmarkStart w:id="%s" w:name="%s"/>%s<w:bookmarkEnd w:id="%s"/>'):format(id, mark, content, id)
end

--- A list of its own, numbered from `start` or with bullets; gives its number.
function Document:list(numbered, start)
   self.lists[#self.lists + 1] = {numbered = numbered, start = start}
   return self.first_list + #self.lists - 1
end

--- A picture: `bytes` of a PNG, `width` and `height` in pixels of 1/96 inch; what it shows in words.
function Document:picture(bytes, width, height, description, name)
   local number = #self.media + 1
   local file = ("report-%d.png"):format(number)
   self.media[number] = {name = file, bytes = bytes}
   local id = self:relate("image", "media/" .. file)
   -- As wide as the text, at most three quarters of a page high; in English Metric Units, 635 of which are 1/20 point.
   local scale = math.min(1, self.room / (width * 15), self.height * 0.75 / (height * 15))
   local across, down = math.floor(width * 15 * scale * 635), math.floor(height * 15 * scale * 635)
   local said = runs.escape(description)
   return ('<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/>'
      .. '<wp:docPr id="%d" name="%s" descr="%s"/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
      .. '</wp:cNvGraphicFramePr><a:graphic><a:graphicData uri="%s"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="%s"'
      .. ' descr="%s"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/>'
      .. '</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm>'
      .. '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
      .. "</w:drawing></w:r>"):format(across, down, number, runs.escape(name), said,
         "http://schemas.openxmlformats.org/drawingml/2006/picture", number, runs.escape(name), said, id, across, down)
end

--- A table of `rows`, each a list of cells {content = runs, or paragraphs = whole ones, right}. `widths` in twentieths
--- of a point. `look`: heading (the first row stands on every page again), total (the last row is one), plain (no
--- lines).
function Document:grid(rows, widths, look)
   local sum, grid = 0, {}
   for i, width in ipairs(widths) do
      grid[i] = ('<w:gridCol w:w="%d"/>'):format(math.floor(width))
      sum = sum + math.floor(width)
   end
   local out = {('<w:tbl><w:tblPr>%s%s<w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
      .. '<w:tblLook w:val="0000" w:firstRow="%d" w:lastRow="%d" w:firstColumn="0" w:lastColumn="0" w:noHBand="1"'
      .. ' w:noVBand="1"/></w:tblPr><w:tblGrid>%s</w:tblGrid>'):format(
         look.plain and "" or ('<w:tblStyle w:val="%s"/>'):format(self.style.Table),
         self.right_to_left and "<w:bidiVisual/>" or "", sum, look.heading and 1 or 0,
         look.total and 1 or 0, table.concat(grid))}
   for i, row in ipairs(rows) do
      local heading = look.heading and i == 1
      out[#out + 1] = "<w:tr><w:trPr><w:cantSplit/>" .. (heading and "<w:tblHeader/>" or "") .. "</w:trPr>"
      for j, width in ipairs(widths) do
         local cell = row[j] or {content = ""}
         local more = (cell.right and '<w:jc w:val="right"/>' or "")
         out[#out + 1] = '<w:tc><w:tcPr><w:tcW w:w="' .. math.floor(width) .. '" w:type="dxa"/></w:tcPr>'
            .. (cell.paragraphs or runs.paragraph(self.style.Cell, cell.content, more)) .. "</w:tc>"
      end
      out[#out + 1] = "</w:tr>\n"
   end
   out[#out + 1] = "</w:tbl>"
   return table.concat(out)
end

return Document
