--- How do colleagues who work in a spreadsheet get all the actions? As one CSV file.
--- Run it with --out: difkit run examples/csv-for-colleagues.lua --out .
local difkit = require "difkit"
local db = assert(difkit.open())

local actions = db:actions()
   :select("id", "document_short_title as document", "area_title as area", "topic_title as topic", "number", "text",
      "line as source_line", "attribution", "note")

assert(actions:write "actions.csv")
print(("actions.csv: %d actions"):format(actions:count()))
