-- Help on functions, objects and words, from the annotations.
local difkit = require "difkit"
local help = require "difkit.script.help"

local function first_line(subject) return help.text(subject):match "[^\n]+" end

describe("help", function()
   it("finds a function by its name, in full, as called, or its last part", function()
      assert.are.equal("difkit.text.width(s)", first_line "difkit.text.width")
      assert.are.equal("query:limit(count)", first_line "query:limit")
      assert.are.equal("query:limit(count)", first_line "difkit.Query:limit")
      assert.are.equal("difkit.sorted(t, less)", first_line "sorted")
   end)

   it("shows all functions of one name", function()
      local text = help.text "pivot"
      assert.is_truthy(text:find("query:pivot(", 1, true))
      assert.is_truthy(text:find("table:pivot(", 1, true))
   end)

   it("finds the function itself", function()
      local db <close> = assert(difkit.open())
      assert.are.equal("difkit.text.width(s)", first_line(difkit.text.width))
      assert.are.equal("db:query(sql, ...)", first_line(db.query))
      assert.are.equal("db:actions(filters)", first_line(db.actions))
      assert.are.equal("query:where(condition, comparison, value)", first_line(db:from "action".where))
      assert.are.equal("table:sort(...)", first_line(difkit.table({"a"}).sort))
   end)

   it("tells of an object what its class can do", function()
      local text = help.text(difkit.table({"a"}))
      assert.are.equal("difkit.Table", text:match "[^\n]+")
      assert.is_truthy(text:find("table:pivot(row, column, value, options)", 1, true))
   end)

   it("shows parameters, result and example", function()
      local text = help.text "difkit.text.truncate"
      assert.is_truthy(text:find("width: integer", 1, true))
      assert.is_truthy(text:find("Gives: string", 1, true))
      assert.is_truthy(text:find("Data Pr…", 1, true))
   end)

   it("searches names and descriptions for other words", function()
      assert.is_truthy(help.text "adoption":find("db:documents", 1, true))
   end)

   it("names the nearest when it knows nothing", function()
      assert.are.equal('no help on "pivto"; did you mean "pivot"?', help.text "pivto")
   end)

   it("takes an example in fences or after @example", function()
      local text = "---@class difkit.x\nlocal x = {}\n---Does a.\n---@example\n---x.a()\n---print(1) --> 1\n"
         .. "---@param b any\nfunction x.a(b) end\n---Does c.\n---```lua\n---x.c()\n---```\nfunction x.c() end\n"
      local entries = help.read{{name = "x.lua", text = text}}
      assert.are.equal("x.a()\nprint(1) --> 1", entries[2].examples[1])
      assert.are.equal("b", entries[2].parameters[1].name)
      assert.are.equal("x.c()", entries[3].examples[1])
   end)

   it("goes on with a parameter or result on the next line", function()
      local text = "---@class difkit.x\nlocal x = {}\n---Does a.\n---\n---```lua\n---x.a()\n---```\n"
         .. "---@param b any the\n---bee\n---@return integer how\n---many\nfunction x.a(b) end\n"
      local entry = help.read{{name = "x.lua", text = text}}[2]
      assert.are.equal("Does a.", entry.description)
      assert.are.equal("the bee", entry.parameters[1].help)
      assert.are.equal("how many", entry.returns[1].help)
   end)

   it("gives an overview", function()
      assert.is_truthy(help.text():find("difkit.Query", 1, true))
   end)
end)
