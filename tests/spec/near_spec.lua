--- A near miss is the nearest of all names, wherever they come from: not the first that fits.
local core = require "difkit.core"
local difkit = require "difkit"

local function hint_of(f, ...)
   local done, problem = pcall(f, ...)
   assert.is_false(done)
   return problem.hint
end

describe("the nearest name", function()
   local db

   setup(function() db = difkit.open() end)

   it("of a list: the nearest, and the first of two that are equally near", function()
      assert.equal("documen", core.nearest("document", {"dokumant", "documen", "topic"}))
      assert.equal("documens", core.nearest("document", {"documens", "documenz"}))
      assert.is_nil(core.nearest("document", {"topic"}))
   end)

   it("of the parameters of a query", function()
      assert.equal('did you mean "documen"?',
         hint_of(db.query, db, "SELECT :dokumant, :documen", {dokumant = 1, documen = 2, document = 3}))
      assert.equal('did you mean "b1"?',
         hint_of(db.query, db, "SELECT :a1, :b1, :b2", {a1 = 1, b1 = 1, b2 = 1, b11 = 1}))
   end)

   it("of the columns of a row", function()
      local row = db:query("SELECT 1 AS dokumant, 2 AS documen, 3 AS id"):one()
      assert.equal('did you mean "documen"?', hint_of(function() return row.document end))
   end)

   it("of the names that SQL knows", function()
      assert.equal('did you mean "document_id"?', hint_of(db.query, db, "SELECT dokument_id FROM action"))
      assert.equal('did you mean "action"?', hint_of(db.query, db, "SELECT id FROM acton"))
   end)
end)
