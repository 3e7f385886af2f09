--- An index out to the tools of the field: the pair of COINr, a workbook of the COIN Tool, or a spec and data of
--- difkit.
local core = require "difkit.core"
local errors = require "difkit.error"
local json = require "difkit.format.json"
local result = require "difkit.index.result"

---@class difkit.IndexResult
local Result = result.methods

--- A value of a spec as YAML: blocks for what has blocks, texts in quotes, whose escapes are those of JSON.
local function yaml(value, indent, out)
   if type(value) ~= "table" then return json.encode(value) end
   if next(value) == nil then return "[]" end
   local space = (" "):rep(indent)
   if #value > 0 then
      local simple = true
      for _, one in ipairs(value) do simple = simple and type(one) ~= "table" end
      if simple then return json.encode(value) end
      for _, one in ipairs(value) do
         local text = yaml(one, indent + 2, out)
         out[#out + 1] = space .. "- " .. (text:find "^\n" and text:gsub("^\n%s*", "") or text)
      end
   end
   local lines = {}
   if #value > 0 then
      for i = #out - #value + 1, #out do lines[#lines + 1] = out[i] end
      for _ = 1, #value do out[#out] = nil end
   else
      local order = {id = "\1", title = "\2"}
      local names = {}
      for key in pairs(value) do names[#names + 1] = key end
      table.sort(names, function(a, b) return (order[a] or a) < (order[b] or b) end)
      for _, key in ipairs(names) do
         local text = yaml(value[key], indent + 2, out)
         lines[#lines + 1] = space .. key .. ":" .. (text:find "^\n" and text or " " .. text)
      end
   end
   return "\n" .. table.concat(lines, "\n")
end

--- A spec as a YAML file; what YAML cannot say (functions, tables of data) is refused by name.
local function spec_text(given, path)
   local copy = {}
   local function plain(value, where)
      local kind = type(value)
      if kind == "function" or kind == "userdata" or kind == "table" and getmetatable(value) ~= nil then
         errors.raise(("export: %s cannot be written to %s"):format(where, path), "only what YAML can say is written")
      end
      if type(value) == "table" then for key, one in pairs(value) do plain(one, where .. "." .. tostring(key)) end end
   end
   for key, value in pairs(given) do if key ~= "data" then copy[key] = value end end
   plain(copy, given.id)
   return (yaml(copy, 0, {}):gsub("^\n", "")) .. "\n"
end

local function write_csv(t, path) return t:write(path) end

local writers = {}

function writers.coinr(self, data)
   local coinr = require "difkit.index.coinr"
   local done, message, code = write_csv(coinr.meta(self.spec), "iMeta.csv")
   if not done then return nil, message, code end
   done, message, code = write_csv(coinr.data(self, data), "iData.csv")
   return done and {"iMeta.csv", "iData.csv"}, message, code
end

function writers.coin_tool(self)
   local sheets = require("difkit.index.coin_tool").sheets(self)
   local done, message, code = require("difkit.format.export.xlsx").workbook("coin_tool.xlsx", sheets, {})
   return done and {"coin_tool.xlsx"}, message, code
end

function writers.difkit(self, data)
   local given = {}
   for key, value in pairs(self.spec.given) do given[key] = value end
   given.data = "data.csv"
   local text = spec_text(given, "spec.yaml"):gsub("\n?$", "\ndata: data.csv\n", 1)
   local done, message, code = core.write_file("spec.yaml", text, true)
   if not done then return nil, message, code end
   local t = require("difkit.index.coinr").data(self, data)
   if not data then
      t = t:rename{uCode = "unit", uName = "title", Time = not self.set.timeless and "period" or nil}
   end
   done, message, code = write_csv(t, "data.csv")
   return done and {"spec.yaml", "data.csv"}, message, code
end

---Writes the index below --out for another tool: "coinr" gives iMeta.csv and iData.csv, "coin_tool" a workbook
---coin_tool.xlsx of the JRC's COIN Tool (last period, after denominators), "difkit" spec.yaml and data.csv. What came
---from COINr goes back with all its columns and rows. `data`: the table that the values came from, whose other
---columns go along.
---
---```lua
---local egdi = difkit.index{id = "egdi", units = "ASEAN", period = 2022, children = {"osi", "tii", "hci"}}
---print(table.concat(egdi:compute(db):export("coinr"), " ")) --> iMeta.csv iData.csv
---```
---@param to "coinr"|"coin_tool"|"difkit"
---@param data? difkit.Table
---@return string[]|nil files
---@return string|nil message
---@return string|nil code
function Result:export(to, data)
   errors.check("export", "to", to, "string")
   if not writers[to] then errors.unknown("tool", to, {"coinr", "coin_tool", "difkit"}, "export") end
   return writers[to](self, data)
end

return result
