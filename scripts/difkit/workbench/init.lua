--- The workbench: difkit as one page that asks nothing of the network. It holds the engine (core/engine/README.md) and,
--- as data, what the headers of the stock scripts say, from which its forms are made; what it shows are the pages that
--- difkit itself writes, in a frame. Its parts are files of assets/, and they are put together here.
local asset = require "difkit.report.asset"
local core = require "difkit.core"
local explorer = require "difkit.report.explorer"
local json = require "difkit.format.json"
local page = require "difkit.report.page"
local zip = require "difkit.format.zip"
local script = require "difkit.script"

local workbench = {}

--- A part of the page, as editors and linters know it.
local function part(name) return core.library_text("difkit/workbench/assets/" .. name) end

--- The headers as the page needs them; of a type that names records it is said that it does.
local function forms()
   local list = {}
   for i, header in ipairs(script.stock()) do
      local form = {name = header.name, description = header.description, details = header.details,
         writes = header.writes, options = json.array{},
         arguments = json.array{}}
      for _, kind in ipairs {"options", "arguments"} do
         for j, option in ipairs(header[kind]) do
            local copy = {record = script.entity(option.type) ~= nil}
            for key, value in pairs(option) do copy[key] = value end
            form[kind][j] = copy
         end
      end
      list[i] = form
   end
   return json.encode(list)
end

--- The page, around the script that holds the engine. `db`: the bundled framework, of which a browser that lets the
--- page compute nothing shows the explorer.
function workbench.page(engine, db)
   local scripts, frame = {engine}, part "frame.js"
   for _, name in ipairs {"data.js", "result.js", "form.js", "bring.js", "project.js", "workbench.js"} do
      scripts[#scripts + 1] = part(name)
   end
   return page.html {
      title = "difkit workbench", class = "workbench", body = part "workbench.html":gsub("@VERSION@", core.version),
      styles = {asset "report.css", part "workbench.css"},
      scripts = scripts,
      data = {{"forms", forms()}, {"frame", json.encode(frame)}, {"explorer", json.encode(explorer.page(db))}},
      framed = {styles = {asset "explorer.css"}, scripts = {asset "report.js", asset "explorer.js", frame}},
   }
end

--- What stands beside the page for those who are to allow it.
local about = [[
difkit.html is difkit %s as one page. Save it anywhere and open it in a browser by a double click.

For the IT desk: it is a static page with a program compiled to WebAssembly in it. Nothing is installed. It
sends nothing: its content security policy has default-src 'none' and connect-src 'none', so the browser itself
refuses every request. It reads only files that a person drops on it or chooses, and writes only downloads that
a person asks for; no cookies, and the browser's storage only where a person ticks "Keep a copy in this
browser". Where WebAssembly is switched off it names the setting, and shows the framework all the same.

SHA-256 of difkit.html (on Windows: certutil -hashfile difkit.html SHA256):
%s

difkit is under the MIT licence; the libraries in it and their licences are listed with its sources.
]]

--- The page in a ZIP, with what an IT desk asks about it.
function workbench.archive(text)
   local said = about:format(core.version, core.digest(text)):gsub("\n", "\r\n")
   return zip.text{{"difkit.html", text}, {"READ ME.txt", said}}
end

return workbench
