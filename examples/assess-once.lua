--- What do reports on the Action Plan say of actions in the other documents? (Invented reports; derived, with the
--- path.)
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/illustrative"})

return db:derived_progress{as_of = "2025-12-31", from = "DIFAP"}:select("id", "unit", "status", "path")
