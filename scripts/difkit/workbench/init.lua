--- The workbench: difkit as one page that asks nothing of the network. It holds the engine (core/engine/README.md) and,
--- as data, what the headers of the stock scripts say, from which its forms are made; what it shows are the pages that
--- difkit itself writes, in a frame. Its parts are files of assets/, and they are put together here.
local asset = require "difkit.report.asset"
local core = require "difkit.core"
local json = require "difkit.format.json"
local page = require "difkit.report.page"
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

--- The page, around the script that holds the engine.
function workbench.page(engine)
   local scripts, frame = {engine}, part "frame.js"
   for _, name in ipairs {"data.js", "result.js", "form.js", "bring.js", "workbench.js"} do
      scripts[#scripts + 1] = part(name)
   end
   return page.html {
      title = "difkit workbench", class = "workbench", body = part "workbench.html":gsub("@VERSION@", core.version),
      styles = {asset "report.css", part "workbench.css"},
      scripts = scripts, data = {{"forms", forms()}, {"frame", json.encode(frame)}},
      framed = {styles = {asset "explorer.css"}, scripts = {asset "report.js", asset "explorer.js", frame}},
   }
end

return workbench
