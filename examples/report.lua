--- What would I send to a colleague about one topic? A page with figures, a chart, the actions and where they stand.
--- Run it with --out: difkit run examples/report.lua --out . --topic cybersecurity
---@script report
---@option topic topic=cybersecurity  The topic of the report.
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

local topic = db:topics{id = options.topic}:table()[1]
local actions = db:actions{topic = options.topic}:table()
local report = difkit.report{title = topic.title, subtitle = "What five documents say", db = db}

local documents = actions:distinct "document"
report:figures{
   {"Actions", #actions},
   {"Documents", #documents, ("of %d"):format(db:documents():count())},
}
report:heading "By document"
report:chart(difkit.chart.bars(actions:group("document_short_title"):count "actions",
   {title = "Actions on " .. topic.title}))

-- A footnote made of a row says where its words stand.
local first = actions[1]
report:text(("The oldest document begins: *%s*%s"):format(first.text, report:footnote(first)))

report:heading "The actions"
report:table(actions:select("id", "document_short_title", "text", "line"),
   {labels = {id = "Action", document_short_title = "Document", text = "Text", line = "Source line"}})

assert(report:write(options.topic .. ".html"))
print(options.topic .. ".html")
