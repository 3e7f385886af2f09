-- How results are written: CSV for Excel, the short name of Markdown, pages that are called after their script.
local support = require "tests.cli.support"
local run = support.run

local query = "SELECT id, number FROM area ORDER BY number LIMIT 2"

describe("the format of a result", function()
   it("may be called md, as files are", function()
      local markdown = run("sql", query, "--format", "markdown")
      assert.are.equal(0, markdown.status)
      assert.are.same(markdown, run("sql", query, "--format", "md"))
      assert.are.same(markdown, run("sql", query, "--format=md"))
   end)

   it("is CSV for Excel where that is asked for, with the separator that is", function()
      assert.are.equal("\u{FEFF}id,number\nPA1,1\nPA2,2\n", run("sql", query, "--format", "csv", "--excel").out)
      assert.are.equal("id;number\nPA1;1\nPA2;2\n", run("sql", query, "--format", "csv", "--separator", ";").out)
      assert.are.equal("id\tnumber\nPA1\t1\nPA2\t2\n", run("sql", query, "--format", "csv", "--separator=tab").out)
      local folder, remove = support.folder()
      finally(remove)
      local code = 'return difkit.table({"a", "b"}, {{"x;y", 1}})'
      for _, given in ipairs {{"-o", folder .. "/x.csv"}, {"--format", "csv", "-o", folder .. "/x.csv"}} do
         local result = run("run", "-e", code, "--excel", "--separator", ";", given[1], given[2], given[3], given[4])
         assert.are.same({0, ""}, {result.status, result.err})
         assert.are.equal('\u{FEFF}a;b\n"x;y";1\n', support.read(folder .. "/x.csv"))
      end
      support.fails(2, '--separator must be ",", ";", "|" or tab, not "x"', run("sql", query, "--format", "csv",
         "--separator", "x"))
   end)
end)

describe("a page of a table", function()
   it("is called after the first line of its script, and carries the digest of the data", function()
      local folder, remove = support.folder()
      finally(remove)
      support.write(folder .. "/s.lua",
         '--- Areas & their numbers.\nreturn require "difkit".open():areas():select("id")\n')
      assert.are.equal(0, run("run", folder .. "/s.lua", "-o", folder .. "/x.html").status)
      local html = support.read(folder .. "/x.html")
      assert.is_truthy(html:find("<title>Areas &amp; their numbers</title>", 1, true))
      assert.is_truthy(html:find("<h1>Areas &amp; their numbers</h1>", 1, true))
      assert.is_truthy(html:find "Data: digest %x+%.")
   end)
end)
