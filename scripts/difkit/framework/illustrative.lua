--- Data that their own source calls illustrative: invented, for examples. What is made of them says so.
local illustrative = {}

--- The line that cannot be missed.
illustrative.said = "Illustrative data: invented, for examples. Nobody has reported them."

--- Whether reports or indicators of the data are illustrative by their source.
function illustrative.holds(db)
   return db:query([[SELECT 1 FROM progress WHERE lower(source) LIKE '%illustrative%' LIMIT 1]]):value() ~= nil
      or db:query([[SELECT 1 FROM indicator WHERE lower(source) LIKE '%illustrative%' LIMIT 1]]):value() ~= nil
end

--- The line, or nil where the data are not illustrative.
function illustrative.note(db) return illustrative.holds(db) and illustrative.said or nil end

return illustrative
