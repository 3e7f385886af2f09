-- Indices from and to COINr and the COIN Tool: what comes in goes out again, and gives the same scores.
local difkit = require "difkit"
local asem = require "tests.support.asem"

local function scores(result)
   local list = {}
   for row in result:scores():rows() do list[row.unit] = row.score end
   return list
end

local function same(left, right)
   local count = 0
   for unit, score in pairs(left) do
      assert.is_true(right[unit] ~= nil and math.abs(right[unit] - score) <= 1e-12 * math.max(1, math.abs(score)), unit)
      count = count + 1
   end
   for unit in pairs(right) do assert.is_truthy(left[unit], unit) end
   return count
end

local coinr = require "difkit.index.coinr"
local meta = difkit.table.new({"Level", "iCode", "iName", "Direction", "Weight", "Unit", "Target", "Denominator",
   "Parent",
   "Type", "Colour"}, {
   {1, "speed", "Speed of lines", 1, 2, "Mbit/s", 100, "NA", "tech", "Indicator", "red"},
   {1, "price", "Price", -1, 1, "USD", 5, "people", "tech", "Indicator", "NA"},
   {1, "skill", "Skills", 1, 1, "share", "NA", "NA", "use", "Indicator", "NA"},
   {2, "tech", "Technology", 1, 0.6, "Score", "NA", "NA", "top", "Aggregate", "blue"},
   {2, "use", "Use", 1, 0.4, "Score", "NA", "NA", "top", "Aggregate", "NA"},
   {3, "top", "All", 1, 1, "Score", "NA", "NA", "NA", "Aggregate", "NA"},
   {"NA", "people", "Population", "NA", "NA", "persons", "NA", "NA", "NA", "Denominator", "NA"},
   {"NA", "Income", "Income group", "NA", "NA", "NA", "NA", "NA", "NA", "Group", "NA"},
})
local data = difkit.table.new({"uCode", "uName", "Income", "people", "speed", "price", "skill"}, {
   {"AAA", "Aland", "high", 10, 50, 20, 0.5}, {"BBB", "Bland", "low", 20, 20, 90, 0.25},
   {"CCC", "Cland", "low", 5, 80, 10, "NA"}, {"DDD", "Dland", "high", 8, 35, 40, 0.9},
})

describe("the pair of COINr", function()
   local index = difkit.index(coinr.spec(meta, "iMeta.csv"))
   local result = index:compute(data)

   it("becomes a tree with weights, directions, units, targets and denominators", function()
      local price = index.spec.by_id.price
      assert.are.equal("tech", price.parent.id)
      assert.are.equal(-1, price.direction)
      assert.are.equal("people", price.denominator)
      assert.are.equal("USD", price.measure)
      assert.are.equal(5, price.target)
      -- Aland: speed (50 - 20)/60 = 1/2, price 2 of 2..5 (turned): 1; (2 * 50 + 100)/3. Skill 0.25/0.65.
      local tech, use = 200 / 3, 100 * 0.25 / 0.65
      assert.is_true(math.abs(scores(result).AAA - (0.6 * tech + 0.4 * use)) < 1e-9)
   end)

   it("goes out as it came, with rows and columns that a spec has no key for", function()
      local out = coinr.meta(index.spec)
      assert.are.same(meta.columns, out.columns)
      assert.are.equal(#meta, #out)
      for i, row in ipairs(meta) do
         for _, name in ipairs(meta.columns) do
            assert.are.equal(tostring(row[name]), tostring(out[i][name]), i .. " " .. name)
         end
      end
      local values = coinr.data(result, data)
      for i, row in ipairs(data) do
         for _, name in ipairs(data.columns) do assert.are.equal(row[name], values[i][name]) end
      end
   end)

   it("takes along what the spec says now, and what is new", function()
      local given = coinr.spec(meta, "iMeta.csv")
      given.children[1].weight = 0.7
      table.insert(given.children[2].children, {id = "trust", title = "Trust", direction = 1})
      local out = coinr.meta(difkit.index(given).spec)
      assert.are.equal(#meta + 1, #out)
      local by = {}
      for row in out:rows() do by[row.iCode] = row end
      assert.are.equal(0.7, by.tech.Weight)
      assert.are.equal("use", by.trust.Parent)
      assert.are.equal(1, by.trust.Level)
   end)

   it("says what is wrong with a table, by row", function()
      local function broken(change)
         local rows = {}
         for i, row in ipairs(meta) do
            rows[i] = {}
            for c, name in ipairs(meta.columns) do rows[i][c] = row[name] end
         end
         change(rows)
         local done, problem = pcall(coinr.spec, difkit.table.new(meta.columns, rows), "m.csv")
         assert.is_false(done)
         return problem.message
      end
      assert.are.equal('m.csv: row 1: the parent "tec" of speed is no aggregate',
         broken(function(rows) rows[1][9] = "tec" end))
      assert.are.equal('m.csv: the iCode "speed" stands twice', broken(function(rows) rows[2][2] = "speed" end))
      assert.are.equal("m.csv: top and use both have no parent", broken(function(rows) rows[5][9] = "NA" end):gsub(
         "use and top", "top and use"))
   end)
end)

describe("a workbook of the COIN Tool", function()
   local sheets = require("difkit.index.coin_tool").sheets
   local index = difkit.index{id = "top", normalise = "minmax", children = {
      {id = "tech", title = "Technology", weight = 0.6, children = {{id = "speed", weight = 2}, {id = "price",
         direction = -1,
         title = "Price, of a basket"}}},
      {id = "use", weight = 0.4, children = {{id = "skill", lower = 0, upper = 1}}}}}
   local result = index:compute(difkit.table.new({"unit", "title", "speed", "price", "skill"}, {
      {"AAA", "Aland", 50, 2, 0.5}, {"BBB", "Bland", 20, 4.5, 0.25}, {"CCC", "Cland", 80, 2, nil},
      {"DDD", "Dland", 35, 5, 0.9}}))

   it("has its cells where COINr's import_coin_tool reads them", function()
      local made = sheets(result)
      local database, framework = made[1][2], made[2][2]
      local function at(t, row, column) return t[row - 1][t.columns[column]] end
      assert.are.same({"Database", "Framework"}, {made[1][1], made[2][1]})
      assert.are.equal("speed", at(database, 16, 5))
      assert.are.equal("Price, of a basket", at(database, 15, 6))
      assert.are.equal("si.tech", at(database, 12, 6))
      assert.are.equal("Index", at(database, 11, 7))
      assert.are.equal(-1, at(database, 8, 6))
      assert.are.equal(2, at(database, 7, 5))
      assert.are.equal(1, at(database, 10, 7))
      assert.are.equal("Bland", at(database, 18, 2))
      assert.are.equal("n/a", at(database, 19, 7))
      assert.are.equal(4.5, at(database, 18, 6))
      assert.are.equal("Dimension/indicator", at(framework, 4, 8))
      assert.are.equal("Technology", at(framework, 6, 8))
      assert.are.equal(0.6, at(framework, 6, 5))
   end)

   it("comes back with the same tree, names, weights, bounds, data and scores", function()
      local path = os.tmpname() .. ".xlsx"
      assert(difkit.export.workbook(path, sheets(result)))
      local again = assert(difkit.index.open(path))
      os.remove(path)
      assert.are.equal("top", again.id)
      for id, node in pairs(index.spec.by_id) do
         local other = again.spec.by_id[id]
         assert.is_table(other, id)
         assert.are.equal(node.parent and node.parent.id, other.parent and other.parent.id)
         assert.are.equal(node.given.title or id, other.given.title or id)
         assert.are.equal(node.weight, other.weight, id)
      end
      assert.are.equal(0, again.spec.by_id.skill.lower)
      assert.are.equal(1, again.spec.by_id.skill.upper)
      local computed = again:compute()
      assert.are.equal(4, same(scores(result), scores(computed)))
      assert.are.equal("Aland", computed.set.titles.AAA)
   end)

   it("is refused where it does not fit, by name", function()
      local uneven = difkit.index{id = "i", children = {"a", {id = "g", children = {"b"}}}}
         :compute{{unit = "A", a = 1, b = 2}, {unit = "B", a = 2, b = 1}}
      local done, problem = pcall(sheets, uneven)
      assert.is_false(done)
      assert.is_truthy(problem.message:find("a does not stand on the lowest level", 1, true))
      done, problem = pcall(coinr.meta, uneven.spec)
      assert.is_false(done)
      assert.is_truthy(problem.message:find("COINr has all indicators on one", 1, true))
   end)
end)

describe("ASEM", function()
   if not asem.there() then
      pending("is exchanged where its files are present (" .. asem.folder .. " is not)")
      return
   end
   local function open(path, from)
      local index = assert(difkit.index.open(path))
      return index:compute(from)
   end

   it("gives the same scores from COINr's pair, from a workbook, and from both written again", function()
      local from = asem.folder .. "asem/00_iData.csv"
      local result = open(asem.folder .. "asem/00_iMeta.csv", from)
      local path = os.tmpname() .. ".xlsx"
      assert(difkit.export.workbook(path, require("difkit.index.coin_tool").sheets(result)))
      assert.are.equal(51, same(scores(result), scores(open(path))))
      os.remove(path)
      local again = difkit.index(coinr.spec(coinr.meta(result.spec), "again"))
      assert.are.equal(51, same(scores(result), scores(again:compute(coinr.data(result,
         assert(difkit.table.read_csv(from)))))))
   end)
end)
