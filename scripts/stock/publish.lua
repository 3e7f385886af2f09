--- An index as a small site of files: ranks with tiers, a page for each unit, data, metadata, method note, audit.
--- Pages need nothing else: no server, no network. The same spec, data and version of difkit give the same bytes, so
--- that a change of the site is a change of the index.
---@script publish
---@option spec path!  The index: a YAML file, an iMeta.csv of COINr, a workbook of the COIN Tool.
---@option data path  A CSV file to take the data from, instead of the observations.
---@option runs integer=2000  Runs of the robustness test.
---@option seed integer=1  Its seed.
---@reads observation, indicator, unit, unit_group
---@writes index.html, method.html and .md, units/*.html, data/*, audit.html, .md, .xlsx and .json, below --out
local difkit = require "difkit"
local options = difkit.options()

local index = assert(difkit.index.open(options.spec))
local files = assert(assert(index:compute(options.data)):publish{runs = options.runs, seed = options.seed})
print(("wrote %d files, beginning with %s"):format(#files, files[1]))
