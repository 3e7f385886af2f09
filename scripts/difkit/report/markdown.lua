--- Markdown in reports: as HTML by the core (HTML in the text is shown, not obeyed). Links go to the web, to mail, or
--- within the page; anything else, and every picture from elsewhere, becomes text.
local core = require "difkit.core"
local text = require "difkit.chart.text"

local markdown = {}

local function allowed(address)
   local scheme = address:match "^%s*([%a][%w+.-]*):"
   if not scheme then return not address:find "^%s*//" and not address:find "^%s*&" end
   scheme = scheme:lower()
   return scheme == "https" or scheme == "http" or scheme == "mailto"
end

--- Paragraphs, for where the core has no Markdown.
local function plain(source)
   local out = {}
   for paragraph in (source .. "\n\n"):gmatch "(.-)\n%s*\n" do
      if paragraph:find "%S" then out[#out + 1] = "<p>" .. text.escape(paragraph) .. "</p>\n" end
   end
   return table.concat(out)
end

--- The HTML of a text. Headings go down by `lower` levels, so that they stand below those of the report.
function markdown.html(source, lower)
   if not core.valid_utf8(source) then source = source:gsub("[\128-\255]", "?") end
   source = source:gsub("[%z\1-\8\11\12\14-\31\127]", "")
   local html = core.markdown(source) or plain(source)
   html = html:gsub('<a href="([^"]*)"([^>]*)>(.-)</a>', function(address, rest, inner)
      if allowed(address) then return nil end
      return inner .. (rest and "")
   end)
   html = html:gsub('<img src="([^"]*)" alt="([^"]*)"[^>]*>', function(_, alt) return alt end)
   -- The policy of the page allows no style attributes: the sides of columns become classes.
   html = html:gsub('<(t[hd]) align="right">', '<%1 class="n">'):gsub('<(t[hd]) align="%a+">', "<%1>")
   return (html:gsub("<(/?)h(%d)>", function(slash, level)
      return ("<%sh%d>"):format(slash, math.min(6, tonumber(level) + (lower or 2)))
   end))
end

return markdown
