--- Between which states do payment links and recognitions of operators and business numbers hold? (Invented records.)
--- difkit run examples/links-between-states.lua --of payment_link; BSBR.EP.2, WPAAEC.TF.1 and BSBR.DI.1 ask for them.
---@script links-between-states
---@option of choice(payment_link|aeo|business_number)=aeo  What is joined.
---@reads payment_link, recognition, unit
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open{"@bundled", "data/registers"})

if options.of == "payment_link" then return difkit.registers.matrix(db, "payment_link") end
return difkit.registers.matrix(db, "recognition", {subject = options.of})
