--- How far the coders of the actions agree, scheme by scheme.
--- With --scheme: the actions on which they differ, what each said, and what was agreed.
---@script agreement
---@option scheme text  Show the actions disputed in this scheme, such as instrument.
---@reads judgement, coding, scheme, action
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())

if options.scheme then
   local disputed = difkit.agreement.disputed(db, options.scheme)
   disputed.title = ("Actions that the coders code differently: %s"):format(options.scheme)
   return disputed
end

local schemes = difkit.agreement.schemes(db)
schemes.title = "Agreement of coders who judged apart"
schemes.note = "agreed: share of actions coded alike; kappa: Cohen; alpha: Krippendorff (1 is full, 0 by chance)"
return schemes
