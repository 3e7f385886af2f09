--- Tables shown to people and written to files; the work is done in print.lua and write.lua.

--- Adds the methods to the class of table/init.lua.
return function(Table)
   ---Prints the table, aligned, as wide as the terminal (100 columns where the output is no terminal); long texts are
   ---wrapped. Numbers stand at the right and show at most four digits after the point, more where they lie so close
   ---together that fewer would not tell them apart; a missing value shows as "–".
   ---
   ---```lua
   ---difkit.table({"unit", "score"}, {{"Việt Nam", 0.5}, {"Lào"}}):print()
   -----> unit      score
   -----> ───────────────
   -----> Việt Nam    0.5
   -----> Lào           –
   ---```
   ---@param options? {width?: integer, digits?: integer, null?: string, colour?: boolean}
   function Table:print(options)
      local text = require("difkit.table.print").text(self, options, true)
      print((text:gsub("\n$", "")))
   end

   ---The table as text, as `print` shows it where the output is no terminal.
   ---
   ---```lua
   ---print((difkit.table({"a"}, {{1}}):text():gsub("\n", "|"))) --> a|─|1|
   ---```
   ---@param options? {width?: integer, digits?: integer, null?: string}
   ---@return string
   function Table:text(options)
      return require("difkit.table.print").text(self, options, false)
   end

   ---The table as text in a format: `table`, `csv`, `tsv`, `json`, `ndjson` or `markdown`. Numbers are in full, but in
   ---`table` and `markdown`, which people read.
   ---
   ---```lua
   ---print((difkit.table({"id", "n"}, {{"a", 1}}):encode "csv":gsub("\n", "|"))) --> id,n|a,1|
   ---```
   ---@param format string
   ---@param options? difkit.WriteOptions
   ---@return string
   function Table:encode(format, options)
      return require("difkit.format.write").encode(self, format, options, {
         table = function(t) return require("difkit.table.print").text(t, nil, false) end,
      })
   end

   ---How a file is written. For CSV and TSV: a text that begins like a formula gets an apostrophe before it unless
   ---`formulas` is true; `excel` puts a byte order mark at the beginning.
   ---@class difkit.WriteOptions
   ---@field formulas? boolean
   ---@field excel? boolean

   ---Writes the table to a file; the ending of its name decides the format: .csv, .tsv, .json, .ndjson, .md, and what
   ---other parts of the library add. The file appears whole or not at all.
   ---
   ---```lua
   ---local t = difkit.table({"id", "n"}, {{"a", 1}})
   ---assert(t:write "t.csv")
   ---local done, message, code = t:write "no/such/folder/t.csv"
   ---print(done) --> nil
   ---```
   ---@param path string
   ---@param options? difkit.WriteOptions
   ---@return boolean|nil done
   ---@return string|nil message
   ---@return string|nil code
   function Table:write(path, options)
      local done, message, code = require("difkit.format.write").table(self, path, options)
      if done then return done end
      require("difkit.condition").dropped("write", message)
      return nil, message, code
   end
end
