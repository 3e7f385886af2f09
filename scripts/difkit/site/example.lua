--- Examples of the site: each is run by the program as a reader would run it, in the sandbox, and its page shows the
--- code, what it prints, and the files that it writes.
local core = require "difkit.core"
local text = require "difkit.chart.text"

local example = {}

local function quote(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

--- Runs a script of `root` with --out `folder`; what it prints. Raises when it fails.
local function run(root, path, folder)
   local command = ("cd %s && NO_COLOR=1 %s run %s --out %s 2>&1"):format(quote(root), quote(core.system().program),
      quote(path), quote(folder))
   local pipe = assert(io.popen(command))
   local printed = pipe:read "a"
   if not pipe:close() then core.raise("io", ("docs: %s failed: %s"):format(path, printed)) end
   return printed
end

--- The files below a folder, in order of their names; none where there is no folder.
local function files(folder)
   local pipe = assert(io.popen(("cd %s 2>/dev/null && find . -type f | LC_ALL=C sort"):format(quote(folder))))
   local list = {}
   for line in pipe:lines() do list[#list + 1] = line:sub(3) end
   pipe:close()
   return list
end

--- The question that an example answers: the first line of its header.
function example.question(source) return source:match "^%-%-%-? *([^\n]*)" or "" end

--- The page of examples/NAME.lua: HTML, title, and its pictures {file, title}. Files go to `folder`/files/NAME.
function example.body(root, path, source, folder)
   local name = path:match "([%w-]+)%.lua$"
   local place = "files/" .. name
   local printed = run(root, path, folder .. "/" .. place)
   local question, pictures, others = example.question(source), {}, {}
   local out = {("<h1 id=\"%s\">%s</h1>\n<p>%s</p>\n"):format(name, text.escape(question), text.escape(path)),
      ('<pre class="code" data-run="%s"><code>%s</code></pre>\n'):format(name, text.escape(source)),
      '<h2 id="prints">What it prints</h2>\n<pre>', text.escape((printed:gsub(folder:gsub("%p", "%%%0"), "DIR"))),
      "</pre>\n"}
   for _, file in ipairs(files(folder .. "/" .. place)) do
      if file:find "%.svg$" then
         pictures[#pictures + 1] = {("%s/%s"):format(place, file), file}
         local name_shown = text.escape(file)
         out[#out + 1] = ('<figure><img src="%s/%s" alt="%s"></figure>\n'):format(place, name_shown, name_shown)
      else
         others[#others + 1] = ('<li><a href="%s/%s">%s</a></li>\n'):format(place, text.escape(file), text.escape(file))
      end
   end
   if #others > 0 then
      out[#out + 1] = '<h2 id="files">Files that it writes</h2>\n<ul>' .. table.concat(others) .. "</ul>\n"
   end
   return table.concat(out), question, pictures
end

return example
