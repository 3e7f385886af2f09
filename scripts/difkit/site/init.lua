--- The guides, the reference and the examples as a site of static pages: `difkit docs -o DIR`.
local core = require "difkit.core"
local example = require "difkit.site.example"
local installed = require "difkit.installed"
local json = require "difkit.format.json"
local page = require "difkit.site.page"
local text = require "difkit.chart.text"

local site = {}

--- The pages that the navigation names first, in its order; other guides follow. The reference and the examples have
--- theirs behind a page of their own.
local guides = {"GUIDE", "FRAMEWORK", "KNOWLEDGE", "INDEX", "AUDIT", "REPORTS", "PERIODIC", "IMPORT"}
local last = {"OTHERS", "EDITORS", "REFERENCE"}

local function read(path)
   local file = io.open(path, "rb")
   if not file then return nil end
   local content = file:read "a"
   file:close()
   return content
end

local function write(path, content)
   local done, message, code = core.write_file(path, content, true)
   if not done then core.raise(code or "io", message) end
end

--- The names that end so in a folder below `root`, in order.
local function names(root, folder, ending)
   local list = {}
   local pipe = assert(io.popen(("cd '%s' && ls %s"):format(root:gsub("'", "'\\''"), folder)))
   for name in pipe:lines() do
      if name:sub(-#ending) == ending then list[#list + 1] = ("%s/%s"):format(folder, name) end
   end
   pipe:close()
   table.sort(list)
   return list
end

--- The Markdown files of the site, README first, and the examples.
local function sources(root)
   local documents = {"README.md"}
   local examples = names(root, "examples", ".lua")
   for _, path in ipairs(names(root, "scripts/guide", ".md")) do documents[#documents + 1] = path end
   for _, path in ipairs(names(root, "scripts/guide/reference", ".md")) do documents[#documents + 1] = path end
   documents[#documents + 1] = read(root .. "/CHANGELOG.md") and "CHANGELOG.md" or nil
   return documents, examples
end

local function gallery(pictures)
   local out = {'<h1 id="gallery">Gallery</h1>\n<p>What the examples draw; each picture leads to its script.</p>\n',
      '<div class="gallery">\n'}
   for _, picture in ipairs(pictures) do
      local name = text.escape(picture[2])
      out[#out + 1] = ('<figure><a href="%s"><img loading="lazy" src="%s" alt="%s"></a>'):format(picture[3],
         text.escape(picture[1]), name)
      out[#out + 1] = ("<figcaption>%s</figcaption></figure>\n"):format(name)
   end
   out[#out + 1] = "</div>\n"
   return table.concat(out)
end

local function list_of_examples(list)
   local out = {'<h1 id="examples">Examples</h1>\n<p>Each begins with the question that it answers.</p>\n<ul>\n'}
   for _, item in ipairs(list) do
      out[#out + 1] = ('<li><a href="%s">%s</a></li>\n'):format(item[1], text.escape(item[2]))
   end
   out[#out + 1] = "</ul>\n"
   return table.concat(out)
end

--- All pages as {name, title, body, path of the source}, in the order of the search.
local function make(root, folder)
   local documents, examples = sources(root)
   local by_path, pages, pictures, listed = {}, {}, {}, {}
   for _, path in ipairs(documents) do by_path[path] = page.name(path) end
   for _, path in ipairs(examples) do by_path[path] = page.name(path) end
   local function keep(path)
      if not path:find "^scripts/guide/pictures/[%w-]+%.%l+$" then return nil end
      local content = read(root .. "/" .. path)
      if not content then return nil end
      local place = "pictures/" .. path:match "[^/]+$"
      write(folder .. "/" .. place, content)
      return place
   end
   for _, path in ipairs(documents) do
      local body, title = page.body(read(root .. "/" .. path), path, by_path, keep)
      if path:find "/reference/" then
         body = body:gsub('<pre><code class="language%-lua">', '<pre class="code" data-run=""><code>')
      end
      pages[#pages + 1] = {by_path[path], title, body, path}
   end
   for _, path in ipairs(examples) do
      local body, title, drawn = example.body(root, path, read(root .. "/" .. path), folder)
      pages[#pages + 1] = {by_path[path], title, body, path}
      listed[#listed + 1] = {by_path[path], title}
      for _, picture in ipairs(drawn) do pictures[#pictures + 1] = {picture[1], picture[2], by_path[path]} end
   end
   pages[#pages + 1] = {"examples.html", "Examples", list_of_examples(listed), ""}
   pages[#pages + 1] = {"gallery.html", "Gallery", gallery(pictures), ""}
   return pages
end

local function navigation(pages)
   local titles, order, links = {}, {}, {{"index.html", "difkit"}}
   for i, guide in ipairs(guides) do order[page.name(("scripts/guide/%s.md"):format(guide))] = i end
   for i, guide in ipairs(last) do order[page.name(("scripts/guide/%s.md"):format(guide))] = 1000 + i end
   for i, one in ipairs(pages) do
      if one[4]:find "^scripts/guide/%u+%.md$" then
         titles[#titles + 1] = {one[1], one[2], order[one[1]] or 100 + i}
      end
   end
   table.sort(titles, function(a, b) return a[3] < b[3] end)
   table.move(titles, 1, #titles, 2, links)
   links[#links + 1] = {"examples.html", "Examples"}
   links[#links + 1] = {"gallery.html", "Gallery"}
   for _, one in ipairs(pages) do
      if one[4] == "CHANGELOG.md" then links[#links + 1] = {one[1], "Changes"} end
   end
   return links
end

--- An asset of the site, as editors and linters know it.
local function asset(name) return core.library_text("difkit/site/assets/" .. name) end

--- Writes the site of the guides below `root` into a folder. {pages, engine (whether it went along)}.
function site.write(root, folder)
   if not folder:find "^/" then folder = os.getenv "PWD" .. "/" .. folder end
   local pages, found = make(root, folder), {}
   local links = navigation(pages)
   for _, one in ipairs(pages) do
      write(("%s/%s"):format(folder, one[1]),
         page.whole{title = one[2], body = one[3], current = one[1], links = links})
      for _, section in ipairs(page.sections(one[3])) do
         found[#found + 1] = {one[1] .. "#" .. section[2], one[2], section[1], section[3]}
      end
   end
   local engine = installed.engine()
   if engine then write(folder .. "/difkit-engine.js", engine) end
   write(folder .. "/search.js", "window.difkitSearch = " .. json.encode(found) .. "\n")
   write(folder .. "/site.css", asset "site.css")
   write(folder .. "/site.js", (asset "site.js":gsub("@ENGINE@", engine and "difkit-engine.js" or "")))
   return {pages = #pages, engine = engine ~= nil}
end

return site
