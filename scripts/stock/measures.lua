--- Measures of the documents, one row each, or of the specificity of actions.
--- coverage: share of the topics on which the document has an action. concentration: Herfindahl-Hirschman index of the
--- shares of its actions, from 0 (even over all topics) to 1 (all on one). balance: Pielou's evenness over the topics
--- covered. novelty: share of its actions that have nothing in common with a document adopted earlier; empty where none
--- is. redundancy: share that another document asks for in full. specificity: of deadline, body and measurable output,
--- the share that its actions name. scripts/guide/KNOWLEDGE.md has the formulas.
---
--- The table is the data of an index: --format csv --output FILE.csv writes it, and `difkit run index --data FILE.csv`
--- takes it.
---@script measures
---@option by choice(document|action)=document  What the rows are; for actions, what each names.
---@option over choice(topic|area)=topic  What coverage, concentration and balance are taken over.
---@option document document...  Only these documents, such as BSBR,ACRF.
---@option least number=0.6  The likeness from which a pair of actions that nobody has judged counts as the same.
---@option proposed boolean  Count links too that no second reader has reviewed.
---@reads action, topic, area, document, link, abbreviation, coding
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if options.by == "action" then
   local actions = difkit.measures.actions(db, {document = options.document}):drop("document", "topic")
   actions.title = "How specific the actions are"
   actions.note = "the words by which an action names a deadline, a body, a measurable output; the share of the three"
   return actions
end

local documents = difkit.measures.documents(db, {
   by = options.over, least = options.least, proposed = options.proposed,
}):drop "title"
if options.document then
   local wanted = {}
   for _, id in ipairs(options.document) do wanted[id] = true end
   documents = documents:where(function(row) return wanted[row.id] end)
end
documents.title = ("Measures of the documents, over %ss"):format(options.over)
return documents
