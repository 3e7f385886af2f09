--- An index from one tool to another: COINr's pair, a workbook of the COIN Tool, difkit's own spec and data.
--- The spec may be any of these: a YAML file, an iMeta.csv of COINr (with --data iData.csv), a workbook of the COIN
--- Tool.
---@script exchange
---@option spec path!  The index: a YAML file, an iMeta.csv of COINr, a workbook of the COIN Tool.
---@option data path  A CSV file to take the data from, such as an iData.csv.
---@option to choice(coinr|coin_tool|difkit)=coinr  The tool to write for.
---@reads observation, indicator, unit, unit_group
---@writes iMeta.csv and iData.csv, coin_tool.xlsx, or spec.yaml and data.csv, below --out
local difkit = require "difkit"
local options = difkit.options()

local index = assert(difkit.index.open(options.spec))
local result = assert(index:compute(options.data))
local data = options.data and assert(difkit.table.read_csv(options.data))
print("wrote " .. table.concat(assert(result:export(options.to, data)), ", "))
