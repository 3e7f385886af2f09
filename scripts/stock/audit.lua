--- The audit of an index: what holds, what does not, what to change first, with every table behind it.
--- `difkit audit` writes the same; its pages say that they are made again by this script.
---@script audit
---@option spec path!  The index: a YAML file, an iMeta.csv of COINr, a workbook of the COIN Tool.
---@option data path  A CSV file to take the data from, instead of the observations.
---@option answers path  A YAML file of the authors' answers to findings.
---@reads observation, indicator, unit, unit_group
---@writes audit.html, .md, .xlsx and .json, below --out
local difkit = require "difkit"
local options = difkit.options()

local audit = assert(assert(difkit.index.open(options.spec)):compute(options.data)):audit()
if options.answers then assert(audit:answer(options.answers)) end
local files = assert(audit:write())
print("wrote " .. table.concat(files, ", "))
