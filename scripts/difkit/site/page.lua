--- A page of the site: Markdown as HTML with anchors, links between the files as links between the pages, and what the
--- search finds.
local core = require "difkit.core"
local text = require "difkit.chart.text"

local page = {}

--- Name of the page of a file: "scripts/guide/reference/query.md" -> "reference-query.html"; nil for what is no page.
function page.name(path)
   if path == "README.md" then return "index.html" end
   if path == "scripts/guide/INDEX.md" then return "indices.html" end
   local name = path:match "^scripts/guide/(reference/%l+)%.md$" or path:match "^scripts/guide/(%u+)%.md$"
      or path == "CHANGELOG.md" and "changelog" or path:match "^(examples/[%w-]+)%.lua$"
   return name and name:lower():gsub("/", "-"):gsub("^examples%-", "example-") .. ".html"
end

--- "a/b/../c.md" without its dots.
local function normal(path)
   local parts = {}
   for part in path:gmatch "[^/]+" do
      if part == ".." then parts[#parts] = nil
      elseif part ~= "." then parts[#parts + 1] = part end
   end
   return table.concat(parts, "/")
end

local entities = {["&lt;"] = "<", ["&gt;"] = ">", ["&amp;"] = "&", ["&quot;"] = '"'}

local function plain(html)
   return (html:gsub("<[^>]*>", ""):gsub("&%l+;", entities))
end

--- The anchor of a heading, as hosts of Markdown make it: "`run`: a script" -> "run-a-script".
local function anchor(heading, taken)
   local name = plain(heading):lower():gsub("[%z\1-\31!-,./:-@%[-%^`{-\127]", ""):gsub(" ", "-")
   local count = taken[name]
   taken[name] = (count or 0) + 1
   return count and ("%s-%d"):format(name, count) or name
end

--- An address in the Markdown of `from`, as it is in the site: `pages` has the names of pages by path, `keep(path)`
--- names the copy of any other file that the site shows, or gives nil.
local function address(link, from, pages, keep)
   if link:find "^%a[%w+.-]*:" or link:find "^#" then return link end
   local path, fragment = link:match "^([^#]*)(.*)$"
   path = normal((from:match "^(.*/)" or "") .. path:gsub("/$", ""))
   if pages[path] then return pages[path] .. fragment end
   if path == "examples" then return "examples.html" end
   return keep(path)
end

--- The HTML of a Markdown file, and its title.
function page.body(source, from, pages, keep)
   local html = assert(core.markdown(source))
   local taken = {}
   html = html:gsub("<h(%d)>(.-)</h%d>", function(level, heading)
      return ('<h%s id="%s">%s</h%s>'):format(level, text.escape(anchor(heading, taken)), heading, level)
   end)
   html = html:gsub('<a href="([^"]*)"([^>]*)>(.-)</a>', function(link, _, inner)
      local place = address(link:gsub("&amp;", "&"), from, pages, keep)
      return place and ('<a href="%s">%s</a>'):format(text.escape(place), inner) or inner
   end)
   html = html:gsub('<img src="([^"]*)" alt="([^"]*)"[^>]*>', function(link, alt)
      local place = address(link, from, pages, keep)
      return place and ('<img src="%s" alt="%s">'):format(text.escape(place), alt) or alt
   end)
   html = html:gsub('<(t[hd]) align="right">', '<%1 class="n">'):gsub('<(t[hd]) align="%a+">', "<%1>")
   html = html:gsub("<table>", '<div class="scroll"><table>'):gsub("</table>", "</table></div>")
   local title = plain(html:match "<h1[^>]*>(.-)</h1>" or from)
   return html, title
end

--- The parts of a page below its headings, {heading, anchor, text}, for the search.
function page.sections(html)
   local sections, at = {}, 1
   while true do
      local _, last, id, heading = html:find('<h%d id="([^"]*)">(.-)</h%d>', at)
      if not last then return sections end
      local following = html:find("<h%d id=", last) or #html + 1
      sections[#sections + 1] = {plain(heading), id, (plain(html:sub(last + 1, following - 1)):gsub("%s+", " "))}
      at = following
   end
end

--- The whole page. `parts`: title, body, current (its name), links (of the navigation, {name, title}).
function page.whole(parts)
   local links = {}
   for i, link in ipairs(parts.links) do
      links[i] = ('<li><a href="%s"%s>%s</a></li>'):format(link[1],
         link[1] == parts.current and ' aria-current="page"' or "", text.escape(link[2]))
   end
   return ([[<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ]]
      .. [[style-src 'self'; img-src 'self' data:; worker-src blob:; connect-src 'none'; ]]
      .. [[base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="difkit %s">
<title>%s</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="site.css">
</head>
<body>
<a class="skip" href="#content">To the text</a>
<header><label>Search <input type="search" id="search" autocomplete="off"></label>
<ol id="found" hidden aria-live="polite"></ol>
<nav aria-label="Pages"><ul>%s</ul></nav></header>
<main id="content">
%s</main>
<script src="site.js"></script>
</body>
</html>
]]):format(core.version, text.escape(parts.title), table.concat(links), parts.body)
end

return page
