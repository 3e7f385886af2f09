-- The specs of indices that the framework names (examples/indices): pillars, candidates and sources, and not one value.
local difkit = require "difkit"

local names = {"digital-integration", "e-government-use", "e-payment-readiness", "online-consumer-protection"}

describe("a spec of an index that the framework names", function()
   for _, name in ipairs(names) do
      local path = "examples/indices/" .. name
      local index = assert(difkit.index.open(path .. ".yaml"))

      it("says of every candidate what, why and from whom: " .. name, function()
         assert.is_true(#index.spec.root.children >= 2)
         for _, node in ipairs(index.spec.indicators) do
            for _, key in ipairs {"title", "measure", "direction", "rationale", "publisher"} do
               assert.is_truthy(node.given[key], node.id .. ": " .. key)
            end
            assert.is_truthy(node.parent.parent, node.id .. " stands in a pillar")
         end
      end)

      it("holds no value, and says that its cells are empty: " .. name, function()
         local data = assert(difkit.table.read_csv(path .. ".csv"))
         assert.are.equal(#index.spec.indicators + 1, #data.columns)
         for row in data:rows() do
            for _, column in ipairs(data.columns) do
               if column ~= "unit" then assert.is_nil(row[column], column .. " of " .. row.unit) end
            end
         end
         local result = index:compute()
         for row in result:ranks():rows() do
            assert.is_nil(row.rank)
            assert.are.equal("not reported", row.reason)
         end
         local empty = {}
         for row in result:audit{runs = 5, sobol = 2}:findings():rows() do
            if row.code == "coverage" and not row.within then empty[row.subject] = row.sentence end
         end
         for _, node in ipairs(index.spec.indicators) do
            assert.is_truthy(empty[node.id] and empty[node.id]:find(" has 0 of 11 values (0 %)", 1, true), node.id)
         end
      end)
   end

   it("is there for the six pillars of the ASEAN Digital Integration Index", function()
      local index = assert(difkit.index.open "examples/indices/digital-integration.yaml")
      assert.are.equal(6, #index.spec.root.children)
   end)
end)
