--- JSON-stat 2, and 1 in its wrapper: dimensions in order, values row by row, the last dimension fastest.
local document = require "difkit.import.document"
local flags = require "difkit.format.flags"

local kind = {name = "json-stat", title = "JSON-stat"}

--- The dataset of a document, whichever version; its dimensions as id and size.
local function dataset_of(tree)
   if type(tree) ~= "table" then return nil end
   if tree.class == "dataset" and tree.id and tree.size then return tree, tree.id, tree.size end
   local wrapped = tree.dataset
   if type(wrapped) == "table" and type(wrapped.dimension) == "table" and wrapped.dimension.id then
      return wrapped, wrapped.dimension.id, wrapped.dimension.size
   end
end

--- A collection, or a bundle of several datasets: which is wanted cannot be known.
local function is_several(tree)
   return type(tree) == "table" and (tree.class == "collection" or tree.class == "bundle")
end

function kind.recognise(found)
   if found.kind == "json" and is_several(found.tree) then return 1, {"it is a collection of datasets"} end
   local dataset = found.kind == "json" and dataset_of(found.tree)
   if dataset then return 1, {"it has dimensions with id and size"} end
end

--- The ids of the categories of a dimension, in order.
local function categories(dimension)
   local category, list = dimension.category or {}, {}
   local index = category.index
   if type(index) ~= "table" then
      for id in pairs(category.label or {}) do list[#list + 1] = id end
      return list
   end
   if index[1] ~= nil then return index end
   for id, place in pairs(index) do list[place + 1] = id end
   return list
end

--- The role of each dimension by its id.
local function roles_of(dataset)
   local roles = {}
   local given = dataset.role or dataset.dimension.role or {}
   for role, name in pairs {geo = "area", time = "time", metric = "indicator"} do
      for _, id in ipairs(type(given[role]) == "table" and given[role] or {}) do roles[id] = name end
   end
   return roles
end

local function cell(list, i)
   if type(list) == "string" then return list end
   if type(list) ~= "table" then return nil end
   local value = list[i + 1]
   if value == nil then value = list[tostring(i)] end
   if document.is_null(value) then return nil end
   return value
end

--- A status of the file as SDMX: by its label, where there is one, else as Eurostat's letters.
local function status_of(dataset, text)
   local extension = type(dataset.extension) == "table" and dataset.extension or {}
   local labels = type(extension.status) == "table" and extension.status.label or {}
   local label = labels[text]
   if text == ":" or label and label:lower():find "missing" then return "O" end
   return label and flags.word(label) or (flags.eurostat(text)) or (flags.sdmx(text))
end

function kind.read(_, collect, found)
   if is_several(found.tree) then
      collect:refuse("class", ("it is a %s: several datasets, or links to them"):format(found.tree.class),
         "fetch the dataset that is wanted, and import that")
      return
   end
   local dataset, ids, sizes = dataset_of(found.tree)
   local dimensions, total, roles = {}, 1, roles_of(dataset)
   for k, id in ipairs(ids) do
      local dimension = dataset.dimension[id]
      local list = type(dimension) == "table" and categories(dimension) or {}
      if #list ~= sizes[k] then
         collect:refuse(id, ("%d categories where the size is %s"):format(#list, tostring(sizes[k])),
            "the file may be cut")
         return
      end
      total = total * sizes[k]
      dimensions[k] = {id = id, categories = list, role = roles[id], labels = dimension.category.label or {}}
      if not roles[id] and id == "area" then dimensions[k].role = "area" end
   end
   if total > 50000000 then
      collect:refuse("size", ("%d cells are more than are read"):format(total), "ask for less at a time")
      return
   end
   local areas = {}
   for _, dimension in ipairs(dimensions) do
      if (dimension.role or document.role_of(dimension.id)) == "area" then areas = dimension.categories end
   end
   -- Eurostat names no roles; its areas have two letters.
   local system = document.system(areas)
   for _, code in ipairs(next(roles) and {} or areas) do
      if code:find "^%u%u$" then system = "eurostat" end
   end
   local extension = type(dataset.extension) == "table" and dataset.extension or {}
   collect.source.updated, collect.source.title = dataset.updated, dataset.source
   for i = 0, total - 1 do
      local rest, key, title = i, {}, nil
      for k = #dimensions, 1, -1 do
         local dimension = dimensions[k]
         local code = dimension.categories[rest % sizes[k] + 1]
         key[k] = {id = dimension.id, code = code, role = dimension.role}
         if dimension.role == "indicator" then title = dimension.labels[code] end
         rest = rest // sizes[k]
      end
      local value, status = cell(dataset.value, i), cell(dataset.status, i)
      if value ~= nil or status then
         document.observe(collect, {
            dimensions = key, attributes = {}, value = value, flag = status and status_of(dataset, status),
               system = system,
            base = extension.id or collect.file, title = title, place = "value " .. i,
         })
      end
   end
end

return kind
