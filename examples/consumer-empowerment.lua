--- Who gains when the Consumer Empowerment Index asks about trust in data protection as well? (Invented values.)
--- WPAAEC.PP.4 wants that question in; the other three are a proposal.
local difkit = require "difkit"
local db = assert(difkit.open{"@bundled", "data/indices"})

local function ranks(children)
   return difkit.index{id = "empowerment", units = "ASEAN", period = 2025, normalise = "minmax",
      children = children}:compute(db):ranks():select("unit", "rank", "score")
end
local before = ranks{"consumer.rights", "consumer.skills", "consumer.redress"}
local after = ranks{"consumer.rights", "consumer.skills", "consumer.redress", "consumer.data"}
local was = {}
for row in before:rows() do was[row.unit] = row.rank end
return after:where(function(row) return row.rank end)
   :derive("rank_before", function(row) return was[row.unit] end)
   :derive("gains", function(row) return was[row.unit] - row.rank end)
