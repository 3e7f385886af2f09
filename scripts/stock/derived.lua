--- Assess once, answer many: what the reports on one document say of another, along reviewed links.
--- Completed carries to actions that are equal or contained; to those that contain it or share a part it is partial.
--- Everything is derived, shown with its path, and never counted among the reports; what a state has reported itself
--- stands in `progress`. Nothing is derived for the region from the report of one state. The bundled framework holds
--- no reports; examples/data/illustrative has invented ones.
---@script derived
---@option as-of date  The date that counts. Default: SOURCE_DATE_EPOCH, else today.
---@option from document  Only from reports on actions of this document.
---@option document document  Only what they say of actions of this document.
---@reads progress, link, action
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

return db:derived_progress{as_of = difkit.today(options.as_of), from = options.from, document = options.document}
