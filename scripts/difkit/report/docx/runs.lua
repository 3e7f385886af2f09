--- Text of WordprocessingML (ECMA-376, part 1, chapter 17): runs of letters and paragraphs of runs. Names of letters
--- that have a font of their own are given with it; right-to-left text says that it is.
local letters = require "difkit.format.letters"
local words = require "difkit.chart.text"

local runs = {}

function runs.escape(value) return words.escape(words.clean(value)) end

--- What a run looks like. `style`: {bold, italic, strike, code, link, colour, superscript}; properties in the order
--- that the schema wants.
local function properties(style, script)
   local out = {}
   if style.code or style.link then
      out[#out + 1] = ('<w:rStyle w:val="%s"/>'):format(style.code or style.link)
   end
   if script then out[#out + 1] = ('<w:rFonts w:cs="%s"/>'):format(script.font) end
   if style.bold then out[#out + 1] = "<w:b/><w:bCs/>" end
   if style.italic then out[#out + 1] = "<w:i/><w:iCs/>" end
   if style.strike then out[#out + 1] = "<w:strike/>" end
   if style.superscript then out[#out + 1] = '<w:vertAlign w:val="superscript"/>' end
   if script then
      if script.right_to_left then out[#out + 1] = "<w:rtl/>" end
      out[#out + 1] = ('<w:cs/><w:lang w:bidi="%s"/>'):format(script.language)
   end
   return #out > 0 and "<w:rPr>" .. table.concat(out) .. "</w:rPr>" or ""
end

local none = {}

--- A text as runs. Line breaks stay breaks.
function runs.text(value, style)
   value, style = tostring(value):gsub("\r\n?", "\n"), style or none
   local out = {}
   local first = true
   for line in (value .. "\n"):gmatch "([^\n]*)\n" do
      if not first then out[#out + 1] = "<w:r><w:br/></w:r>" end
      first = false
      for _, run in ipairs(line ~= "" and letters.runs(words.clean(line)) or none) do
         out[#out + 1] = ('<w:r>%s<w:t xml:space="preserve">%s</w:t></w:r>'):format(properties(style, run[2]),
            words.escape(run[1]))
      end
   end
   return table.concat(out)
end

--- A text with marks of notes ("[^1]"), which the document makes references of.
function runs.marked(document, value, style)
   value = tostring(value)
   if not value:find("[^", 1, true) then return runs.text(value, style) end
   local out, from = {}, 1
   for start, number, stop in value:gmatch "()%[%^(%d+)%]()" do
      local reference = document:reference(tonumber(number))
      if reference then
         if start > from then out[#out + 1] = runs.text(value:sub(from, start - 1), style) end
         out[#out + 1] = reference
         from = stop
      end
   end
   if from <= #value then out[#out + 1] = runs.text(value:sub(from), style) end
   return table.concat(out)
end

--- A paragraph of a style (an id; nil: that of the text). `more`: further properties, in the order of the schema after
--- the style.
function runs.paragraph(style, content, more)
   local properties_of = (style and ('<w:pStyle w:val="%s"/>'):format(style) or "") .. (more or "")
   return ("<w:p>%s%s</w:p>"):format(properties_of ~= "" and "<w:pPr>" .. properties_of .. "</w:pPr>" or "", content)
end

--- A field that the reader's program works out, with what it shows until then.
function runs.field(instruction, shown)
   return ('<w:fldSimple w:instr=" %s "><w:r><w:t>%s</w:t></w:r></w:fldSimple>'):format(instruction, shown)
end

return runs
