--- The ASEM example of COINr 1.1.14, for specs that compare with it. Its files are read from ../shared/reference
--- (DIFKIT_SHARED names another place) and are no part of the project.
local difkit = require "difkit"

local asem = {folder = (os.getenv "DIFKIT_SHARED" or "../shared") .. "/reference/"}

--- Whether the results of the audit are there.
function asem.there()
   local file = io.open(asem.folder .. "audit/README.md", "rb")
   if file then file:close() end
   return file ~= nil
end

function asem.read(name) return assert(difkit.table.read_csv(asem.folder .. name .. ".csv")) end

--- The spec that the metadata describe: a tree of four levels.
function asem.spec_of(meta, changes)
   local nodes, root = {}, nil
   for row in meta:rows() do
      if row.Type == "Indicator" or row.Type == "Aggregate" then
         local node = {id = row.iCode, weight = tonumber(row.Weight)}
         if row.Type == "Indicator" then
            node.direction = math.tointeger(tonumber(row.Direction))
            if row.Denominator and row.Denominator ~= "NA" then node.denominator = row.Denominator end
         else
            node.children = {}
         end
         nodes[row.iCode] = node
      end
   end
   for row in meta:rows() do
      local node = nodes[row.iCode]
      if node and row.Parent and row.Parent ~= "NA" then
         table.insert(nodes[row.Parent].children, node)
      elseif node then
         root = node
      end
   end
   root.weight = nil
   root.unit_column, root.groups = "uCode", "EurAsia_group"
   root.impute, root.treat, root.normalise = "group_mean", "outliers", "minmax"
   for key, value in pairs(changes or {}) do root[key] = value end
   return root
end

return asem
