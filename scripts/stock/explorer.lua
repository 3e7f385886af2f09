--- Write the whole framework as one page to search and browse.
--- The page holds every action of every document. A matrix of topics and documents and a search box choose among them;
--- each action has an address of its own (its id after "#"), its links to other actions, and its abbreviations written
--- out. It is one file that asks the network for nothing, and it prints.
--- Run it with --out: difkit run explorer --out site
---@script explorer
---@option name path=explorer.html  The name of the file.
---@reads action, topic, area, document, link, abbreviation
---@writes explorer.html
local difkit = require "difkit"
local explorer = require "difkit.report.explorer"
local options = difkit.options()
local db = assert(difkit.open())

local done, message = explorer.write(db, options.name)
if not done then difkit.error.raise(message, nil, "io") end
print(("%s: %d actions"):format(options.name, db:actions():count()))
