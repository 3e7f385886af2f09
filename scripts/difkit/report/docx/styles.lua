--- The styles that a report uses in a document. They are found in a house template by their names, which programs write
--- in English whatever the language of their menus (ECMA-376, part 1, 17.7.4.9); those that it lacks are added.
local styles = {}

--- {key, name, definition}: "{key}" in a definition stands for the id that the style has in the document.
local list = {
   {"Normal", "Normal", [[<w:style w:type="paragraph" w:default="1" w:styleId="{Normal}"><w:name w:val="Normal"/>
<w:qFormat/><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:style>]]},
   {"Title", "Title", [[<w:style w:type="paragraph" w:styleId="{Title}"><w:name w:val="Title"/><w:basedOn
 w:val="{Normal}"/><w:next w:val="{Normal}"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="0" w:after="80"/>
</w:pPr><w:rPr><w:b/><w:bCs/><w:sz w:val="40"/><w:szCs w:val="40"/></w:rPr></w:style>]]},
   {"Subtitle", "Subtitle", [[<w:style w:type="paragraph" w:styleId="{Subtitle}"><w:name w:val="Subtitle"/><w:basedOn
 w:val="{Normal}"/><w:next w:val="{Normal}"/><w:qFormat/><w:pPr><w:spacing w:after="240"/></w:pPr><w:rPr><w:color
 w:val="57606A"/><w:sz w:val="24"/><w:szCs w:val="24"/></w:rPr></w:style>]]},
   {"Caption", "caption", [[<w:style w:type="paragraph" w:styleId="{Caption}"><w:name w:val="caption"/><w:basedOn
 w:val="{Normal}"/><w:next w:val="{Normal}"/><w:qFormat/><w:pPr><w:keepLines/><w:spacing w:before="160" w:after="80"/>
</w:pPr><w:rPr><w:b/><w:bCs/><w:sz w:val="19"/><w:szCs w:val="19"/></w:rPr></w:style>]]},
   {"Cell", "Table Text", [[<w:style w:type="paragraph" w:customStyle="1" w:styleId="{Cell}"><w:name
 w:val="Table Text"/><w:basedOn w:val="{Normal}"/><w:qFormat/><w:pPr><w:spacing w:before="20" w:after="20"
 w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr></w:style>]]},
   {"Note", "Table Note", [[<w:style w:type="paragraph" w:customStyle="1" w:styleId="{Note}"><w:name
 w:val="Table Note"/><w:basedOn w:val="{Normal}"/><w:qFormat/><w:pPr><w:spacing w:before="60" w:after="60"/></w:pPr>
<w:rPr><w:color w:val="57606A"/><w:sz w:val="17"/><w:szCs w:val="17"/></w:rPr></w:style>]]},
   {"FigureValue", "Figure Value", [[<w:style w:type="paragraph" w:customStyle="1" w:styleId="{FigureValue}"><w:name
 w:val="Figure Value"/><w:basedOn w:val="{Normal}"/><w:qFormat/><w:pPr><w:spacing w:before="0" w:after="20"/></w:pPr>
<w:rPr><w:b/><w:bCs/><w:sz w:val="34"/><w:szCs w:val="34"/></w:rPr></w:style>]]},
   {"Quote", "Quote", [[<w:style w:type="paragraph" w:styleId="{Quote}"><w:name w:val="Quote"/><w:basedOn
 w:val="{Normal}"/><w:qFormat/><w:pPr><w:ind w:left="400"/></w:pPr><w:rPr><w:color w:val="57606A"/></w:rPr>
</w:style>]]},
   {"Code", "HTML Preformatted", [[<w:style w:type="paragraph" w:styleId="{Code}"><w:name
 w:val="HTML Preformatted"/><w:basedOn w:val="{Normal}"/><w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:rFonts
 w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>
</w:style>]]},
   {"CodeWords", "HTML Code", [[<w:style w:type="character" w:styleId="{CodeWords}"><w:name w:val="HTML Code"/><w:rPr>
<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/></w:rPr></w:style>]]},
   {"Item", "List Paragraph", [[<w:style w:type="paragraph" w:styleId="{Item}"><w:name w:val="List Paragraph"/>
<w:basedOn w:val="{Normal}"/><w:qFormat/><w:pPr><w:spacing w:after="40"/></w:pPr></w:style>]]},
   {"Contents", "toc 1", [[<w:style w:type="paragraph" w:styleId="{Contents}"><w:name w:val="toc 1"/><w:basedOn
 w:val="{Normal}"/><w:pPr><w:spacing w:after="20"/></w:pPr></w:style>]]},
   {"Footer", "footer", [[<w:style w:type="paragraph" w:styleId="{Footer}"><w:name w:val="footer"/><w:basedOn
 w:val="{Normal}"/><w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:color w:val="57606A"/><w:sz w:val="17"/><w:szCs
 w:val="17"/></w:rPr></w:style>]]},
   {"FootnoteText", "footnote text", [[<w:style w:type="paragraph" w:styleId="{FootnoteText}"><w:name
 w:val="footnote text"/><w:basedOn w:val="{Normal}"/><w:pPr><w:spacing w:after="0"/></w:pPr><w:rPr><w:sz
 w:val="17"/><w:szCs w:val="17"/></w:rPr></w:style>]]},
   {"FootnoteMark", "footnote reference", [[<w:style w:type="character" w:styleId="{FootnoteMark}"><w:name
 w:val="footnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>]]},
   {"Link", "Hyperlink", [[<w:style w:type="character" w:styleId="{Link}"><w:name w:val="Hyperlink"/><w:rPr><w:color
 w:val="0B57A4"/><w:u w:val="single"/></w:rPr></w:style>]]},
   {"Table", "Report Table", [[<w:style w:type="table" w:customStyle="1" w:styleId="{Table}"><w:name
 w:val="Report Table"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:color="57606A"/><w:bottom
 w:val="single" w:sz="6" w:color="57606A"/><w:insideH w:val="single" w:sz="4" w:color="D0D7DE"/></w:tblBorders>
<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblStylePr
 w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr></w:tblStylePr><w:tblStylePr w:type="lastRow"><w:rPr><w:b/><w:bCs/>
</w:rPr></w:tblStylePr></w:style>]]},
}

local heading = [[<w:style w:type="paragraph" w:styleId="{Heading%d}"><w:name w:val="heading %d"/><w:basedOn
 w:val="{Normal}"/><w:next w:val="{Normal}"/><w:qFormat/><w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="%d"
 w:after="80"/><w:outlineLvl w:val="%d"/></w:pPr><w:rPr><w:b/><w:bCs/><w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr>
</w:style>]]
for level, size in ipairs {30, 25, 22, 21, 21} do
   list[#list + 1] = {"Heading" .. level, "heading " .. level,
      heading:format(level, level, level == 1 and 360 or 240, level - 1, size, size)}
end

--- The table of contents' depth, and what else is asked of the settings, stands with the document.
local defaults = [[<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial"
 w:cs="Arial"/><w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="%s" w:bidi="%s"/></w:rPr></w:rPrDefault>
<w:pPrDefault>%s</w:pPrDefault></w:docDefaults>]]

local function close_tags(definition) return (definition:gsub("\n", "")) end

local function fill(definition, ids)
   return (close_tags(definition):gsub("{(%w+)}", ids))
end

--- The ids that the styles have when a document begins with them, and their definitions.
function styles.own()
   local ids, out = {}, {}
   for _, style in ipairs(list) do ids[style[1]] = style[1] end
   for _, style in ipairs(list) do out[#out + 1] = fill(style[3], ids) end
   return ids, table.concat(out)
end

--- The ids that they have where `present` (name in small letters to id) are there already, and the definitions of the
--- others. `taken`: ids that are in use.
function styles.beside(present, taken)
   local ids, missing = {}, {}
   for _, style in ipairs(list) do
      local id = present[style[2]:lower()]
      if not id then
         id = style[1]
         while taken[id] do id = "Report" .. id end
         missing[#missing + 1] = style
      end
      ids[style[1]] = id
   end
   local out = {}
   for _, style in ipairs(missing) do out[#out + 1] = (fill(style[3], ids):gsub(' w:default="1"', "")) end
   return ids, table.concat(out)
end

--- The defaults of a document in a language.
function styles.defaults(language, right_to_left)
   return close_tags(defaults):format(language, right_to_left and language or "ar-SA",
      right_to_left and "<w:pPr><w:bidi/></w:pPr>" or "")
end

return styles
