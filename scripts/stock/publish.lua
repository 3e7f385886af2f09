--- An index as a small site of files: ranks with tiers, a page for each unit, data, metadata, method note, audit.
--- Pages need nothing else: no server, no network. The same spec, data and version of difkit give the same bytes, so
--- that a change of the site is a change of the index.
---
--- --disclosure regional names no unit: how many have a value and a rank, method and parts alone; own adds the page of
--- --unit. That is the default where values of the index are what members have answered in a round of reporting; an
--- index of figures that others have published is published whole.
---@script publish
---@option spec path!  The index: a YAML file, an iMeta.csv of COINr, a workbook of the COIN Tool.
---@option data path  A CSV file to take the data from, instead of the observations.
---@option runs integer=2000  Runs of the robustness test.
---@option seed integer=1  Its seed.
---@option unit text  The unit whose page is written under --disclosure own.
---@option disclosure choice(regional|own|full)  Of whom it speaks: of no single unit, of --unit alone, of all.
---@reads observation, indicator, unit, unit_group
---@writes index.html, method.html and .md, units/*.html, data/*, audit.html, .md, .xlsx and .json, below --out
local difkit = require "difkit"
local options = difkit.options()
local disclosure = require("difkit.monitoring").disclosure

local index = assert(difkit.index.open(options.spec))
local result = assert(index:compute(options.data))
local answered = not options.data and disclosure.answered(assert(difkit.open()), result.spec.indicators)
local allowed, message, code = disclosure.of(options, answered and "regional" or "full")
if not allowed then return nil, message, code end
local files = assert(result:publish{runs = options.runs, seed = options.seed, disclosure = allowed.level,
   unit = allowed.level == "own" and allowed.unit or nil})
print(("wrote %d files, beginning with %s"):format(#files, files[1]))
if allowed.level ~= "full" then print("of whom it speaks: " .. (allowed.unit or "of no single unit")) end
