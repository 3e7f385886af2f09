--- `difkit help WORD`: prints what the annotations of the library say.
local core = require "difkit.core"

-- Other tools: when they are the better choice, and the way there and back. scripts/guide/OTHERS.md has more.
local others = {
   excel = [[
A spreadsheet is better for a table that is looked at once, for typing in together, for remarks and letters.
   there   difkit run coverage --output coverage.xlsx
   back    difkit import FILE.xlsx
What a formula does, a line of a script does: VLOOKUP is :join, a pivot table :pivot, a filter :where,
SUMIF is :group with :sum. Take difkit where it is done again next month, or where others must get the same figures.]],
   pandas = [[
pandas is the better choice for notebooks, wide reshaping, models and large frames.
   there   difkit sql "SELECT …" --output rows.csv, or sqlite3.connect("framework.db") on what difkit load wrote
   back    frame.to_csv("rows.csv"), then difkit import rows.csv
df[df.x > 1] is :where("x", ">", 1), groupby().agg() is :group, merge is :join, pivot_table is :pivot.]],
}
others.spreadsheet = others.excel

---`given`: the word as first of `arguments`; `near`, where it is a near miss of a command or a script.
return function(given)
   local help, word = require "difkit.script.help", given.arguments[1]
   if others[word] then
      print(others[word] .. "\n\nWhat difkit is not for, and what is better there: scripts/guide/OTHERS.md")
      return
   end
   local found = help.find(word)
   -- A near miss goes before words that are merely mentioned.
   local first = found[1]
   local named = first and (first.member == word or first.name == word or first.signature:match "^[^(]+" == word)
   if #found == 0 or given.near and not named then
      core.raise("usage", ('no help on "%s"'):format(word),
         given.near or "`difkit --help` lists the commands, `difkit scripts` the scripts")
   end
   print(help.text(word))
end
