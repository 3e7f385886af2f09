--- The usual slips of people who write Lua now and then: each is told in words that lead to its mending.
local support = dofile "tests/cli/support.lua"

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

--- The message for a script of these lines, without the program's name and the folder.
local function message(text, lines)
   local start = lines or 'local difkit = require "difkit"\nlocal db = assert(difkit.open())\n'
   support.write(folder .. "/s.lua", start .. text .. "\n")
   local result = support.run("run", folder .. "/s.lua")
   assert.equal(4, result.status, text .. "\n" .. result.err)
   return (result.err:match "[^\n]*":gsub("^difkit: ", ""):gsub("^" .. folder:gsub("%p", "%%%0") .. "/", ""))
end

describe("a slip in a script", function()
   it("that is a dot for a colon names the line and the call with a colon", function()
      for call, right in pairs {
         ['db.actions{topic = "cybersecurity"}'] = "db:actions", ['db.query("SELECT 1")'] = "db:query",
         ['db.exec "DELETE FROM link"'] = "db:exec", ['db.from "area"'] = "db:from",
         ['db.action("DIFAP.TF.1")'] = "db:action",
         ['local q = db:from "area"; q.where{id = "PA1"}'] = "q:where",
         ['local q = db:from "area"; q.order "id"'] = "q:order", ['local q = db:from "area"; q.all()'] = "q:all",
         ['local t = db:from("area"):table(); t.sort("id")'] = "t:sort",
         ['local t = db:from("area"):table(); t.print()'] = "t:print",
         ['local t = db:from("area"):table(); t.head(2)'] = "t:head",
         ['local r = difkit.report{title = "x"}; r.heading "x"'] = "r:heading",
         ['local r = db:query("SELECT 1"); r.all()'] = "r:all",
         ['local i = difkit.index{id = "x", units = {"BRN"}, children = {"osi"}}; i.compute()'] = "i:compute",
      } do
         local name = right:match "%w+$"
         assert.equal(("s.lua:3: %s is called with a dot; a method is called with a colon: %s"):format(name, right),
            message(call))
      end
   end)

   it("keeps the message of a method that is called rightly, and wrongly used", function()
      assert.equal('s.lua:3: where: condition must be a table or text, not nil', message 'db:from("area"):where()')
      assert.equal('s.lua:3: actions: unknown filter "topics"; did you mean "topic"?',
         message 'db:actions{topics = "x"}')
      assert.equal("s.lua:3: attempt to call a nil value (field 'x')", message "local t = {} t.x()")
   end)

   it("that is pairs over a query says how its rows are read", function()
      assert.equal("s.lua:3: pairs: a query is no list of rows; write `for row in query do`, or query:each()",
         message 'for _, action in pairs(db:actions{}) do print(action.id) end')
   end)

   it("that is pairs over a table gives its rows", function()
      local result = support.run("run", "-e", [[local ids = {}
         for i, row in pairs(difkit.open():from("area"):order("id"):table()) do ids[i] = row.id end
         print(table.concat(ids, " "))]])
      assert.equal("PA1 PA2 PA3 PA4 PA5 PA6\n", result.out)
   end)

   it("that another language allows says how Lua writes it", function()
      for text, expected in pairs {
         ["local n = 1\nn++"] = "s.lua:2: syntax error near '+'; Lua has no ++: write n = n + 1",
         ["local n = 1\nn += 1"] = "s.lua:2: syntax error near '+'; Lua has no += and its like: write n = n + 1",
         ["local n = 1\nif n = 1 then end"] =
            "s.lua:2: 'then' expected near '='; = gives a value to a name; == compares",
         ["local n = 1\nwhile n = 1 do end"] =
            "s.lua:2: 'do' expected near '='; = gives a value to a name; == compares",
         ["if 1 != 2 then end"] = "s.lua:1: 'then' expected near '!'; Lua writes ~= for “not equal”",
         ["if !true then end"] = "s.lua:1: unexpected symbol near '!'; Lua writes `not` for “!”",
         ["if 1 && 2 then end"] = "s.lua:1: unexpected symbol near '&'; Lua writes `and` for “&&”",
         ["if 1 || 2 then end"] = "s.lua:1: unexpected symbol near '|'; Lua writes `or` for “||”",
         ["// words"] = "s.lua:1: unexpected symbol near '//'; a comment begins with --",
         ["local x = 1 ? 2 : 3"] = "s.lua:1: unexpected symbol near '?'; Lua has no `a ? b : c`: write `a and b or c`",
         ['print("a" + "b")'] = "s.lua:1: attempt to add a 'string' with a 'string'; texts are joined by `..`; "
            .. "tonumber(text) makes a number of one",
         ['print("a" * 2)'] = "s.lua:1: attempt to mul a 'string' with a 'number'; texts are joined by `..`; "
            .. "tonumber(text) makes a number of one",
         ["print(1 < '2')"] = "s.lua:1: attempt to compare number with string; tonumber(text) makes a number of a text",
         ["pritn(1)"] = "s.lua:1: attempt to call a nil value (global 'pritn'); did you mean \"print\"?",
         ["difkit.open()"] = "s.lua:1: attempt to index a nil value (global 'difkit'); the script begins with: "
            .. 'local difkit = require "difkit"',
      } do
         assert.equal(expected, message(text, ""))
      end
      assert.matches("; each function, if, for, while and do needs an `end` of its own; `elseif` is one word$",
         message("if not 1 then\nelse if 2 then\nend", ""))
   end)

   it("in the name of a method gets the likeliest three, not all", function()
      assert.equal('s.lua:3: a table has no field or method "srt"; did you mean "sort"?',
         message 'db:from("area"):table():srt("id")')
      assert.matches('^s%.lua:3: a query has no method "order_by"; the likeliest of %d+ are order, %w+ and %w+$',
         message 'db:from("area"):order_by("id")')
   end)
end)

describe("a command that there is not", function()
   it("may be a script", function()
      for given, expected in pairs {
         list = "did you mean `difkit run list`?", index = "did you mean `difkit run index`?",
         serch = "did you mean `difkit run search`?", chek = 'did you mean "check"?',
         exports = 'did you mean "export"?',
      } do
         local result = support.run(given)
         assert.equal(2, result.status)
         assert.equal(('difkit: unknown command "%s"; %s\n'):format(given, expected), result.err)
      end
      local help = support.run("help", "export").out:gsub("\n", " ")
      assert.matches("`difkit run list %-%-output FILE.xlsx`", help)
   end)
end)
