--- How many firms use paperless trade tools, by size, and how sure is that? (Invented answers; annual business survey.)
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/illustrative"})

local rows = db:survey("firms"):share{question = "tools", by = "size", where = {period = 2025}}
return rows:select("size", "estimate", "standard_error", "low", "high", "n")
