--- Which documents share actions, and how many: a matrix, or a graph for Graphviz.
--- A cell tells how many actions of the document on the left are related to an action of the document above: the same
--- (equal), part of it, more than it, or with a part in common. As `share`: of all actions of the document on the left;
--- `contained`: only those that ask for nothing that the other does not.
---@script shared
---@option show choice(actions|share|contained)=actions  What the cells tell.
---@option list boolean  One row for each pair of documents, with all figures.
---@option dot boolean  Print a graph in the language of Graphviz instead.
---@option chart path  Write the matrix as a heat map of this name (.svg, .png or .pdf) below --out.
---@reads link, action
---@writes the file of --chart
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if options.dot then
   io.write(difkit.links.dot(db))
   return
end

local shared = difkit.links.documents(db)
if options.list then
   shared.title = "Actions that documents share"
   return shared
end

local has, order = {}, {"document"}
for pair in shared:rows() do has[pair.other] = true end
for document in db:documents() do
   if has[document.id] then order[#order + 1] = document.id end
end
local matrix = shared:pivot("document", "other", options.show):select(table.unpack(order))
matrix.title = ({
   actions = "Actions related to an action of another document",
   share = "Share of the actions of a document that are related to another document",
   contained = "Actions that ask for nothing that another document does not",
})[options.show]
matrix.note = "row: whose actions; column: to which document they are related"

if options.chart then
   local picture = difkit.chart.heatmap(shared, {
      row = "document", column = "other", value = options.show, columns = {table.unpack(order, 2)},
      title = matrix.title, note = matrix.note, missing = "no related actions",
   })
   local done, message, code = picture:write(options.chart)
   if not done then return nil, message, code end
end
return matrix
