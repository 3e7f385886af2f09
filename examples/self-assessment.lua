--- Where does a state's self-assessment of personal data protection fall short, and what has moved? (Invented answers.)
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/illustrative"})

local toolkit = assert(difkit.index "data/personal-data-toolkit.yaml")
return toolkit:compute(db):maturity{unit = "VNM"}
