--- How ready are the member states for e-payments, and how sure are their ranks? (A proposed index, invented values.)
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/illustrative"})

local index = assert(difkit.index "data/e-payment-readiness.yaml")
return index:compute(db):robustness{runs = 1000, weights = 0.25}:select("unit", "rank", "range", "tier")
