-- The table of INDEX.md, "What becomes of a value": every aggregation and every way to have no value, two levels deep.
-- The table is read from the guide; what its words mean is computed here, by hand: a value counts, brings the group to
-- zero, is left out with the others scaled up, or leaves the unit without a score. Means: Hardy, Littlewood and Pólya,
-- Inequalities (1934), chapter 2; outranking and benefit of the doubt: OECD/JRC Handbook (2008), pages 92 to 113.
local difkit = require "difkit"

--- The table of the guide: name of an aggregation -> way -> word.
local function read_table()
   local file = assert(io.open("scripts/guide/INDEX.md"))
   local words, ways = {}, nil
   for line in file:lines() do
      local cells = {}
      for cell in line:gmatch "|%s*([^|]-)%s*%f[|]" do cells[#cells + 1] = cell end
      if cells[1] == "aggregation" then
         ways = cells
      elseif ways and #cells == #ways and cells[1]:find "^[^%-]" then
         local names, power = cells[1]:match "^(.-), power (.*)$"
         for name in (names or cells[1]):gmatch "`(.-)`" do
            local row = {}
            for i = 2, #cells do row[ways[i]] = cells[i] end
            words[power and name .. " " .. power or name] = row
         end
         if cells[1] == "a function" then
            words["function"] = {}
            for i = 2, #cells do words["function"][ways[i]] = cells[i] end
         end
      elseif ways and #cells == 0 then
         break
      end
   end
   file:close()
   return words
end

local words = read_table()

-- Groups by hand: values of each unit (a list with n; nil is missing), the same weight for each child. ----------------

local function present(values)
   local list = {}
   for i = 1, values.n do
      if values[i] then list[#list + 1] = values[i] end
   end
   return list
end

local function mean_of(power)
   return function(values)
      local list, sum = present(values), 0
      for _, x in ipairs(list) do
         if x == 0 and power <= 0 then return 0 end
         sum = sum + (power == 0 and math.log(x) or x ^ power)
      end
      return power == 0 and math.exp(sum / #list) or (sum / #list) ^ (1 / power)
   end
end

local by_unit = {
   arithmetic = mean_of(1), geometric = mean_of(0), harmonic = mean_of(-1),
   --- The mean less s²/mean (Mazziotta and Pareto 2016), s with n.
   mpi = function(values)
      local list, mean, variance = present(values), mean_of(1)(values), 0
      for _, x in ipairs(list) do variance = variance + (x - mean) ^ 2 / #list end
      return mean > 0 and mean - variance / mean or nil
   end,
   mean_min = function(values) return math.min(table.unpack(present(values))) end, -- alpha = 1, beta = 0
   ordered = function(values) return math.max(table.unpack(present(values))) end, -- the best one
   ["generalised ≤ 0"] = mean_of(-2), ["generalised > 0"] = mean_of(2),
   median = function(values)
      local list = present(values)
      table.sort(list)
      return (list[(#list + 1) // 2] + list[#list // 2 + 1]) / 2
   end,
   minimum = function(values) return math.min(table.unpack(present(values))) end,
   ["function"] = function(values) return math.max(table.unpack(present(values))) end,
}

--- Share of the criteria that both have on which the first is better, ties half.
local function support(left, right)
   local better, all = 0, 0
   for i = 1, left.n do
      if left[i] and right[i] then
         better = better + (left[i] > right[i] and 1 or left[i] == right[i] and 0.5 or 0)
         all = all + 1
      end
   end
   return all > 0 and better / all or 0.5
end

local function borda(units)
   local scores = {}
   for i, own in ipairs(units) do
      scores[i] = 0
      for j, other in ipairs(units) do
         if i ~= j then scores[i] = scores[i] + support(own, other) end
      end
   end
   return scores
end

local function copeland(units)
   local scores = {}
   for i, own in ipairs(units) do
      scores[i] = 0
      for j, other in ipairs(units) do
         local margin = i ~= j and support(own, other) - 0.5 or 0
         scores[i] = scores[i] + (margin > 0 and 1 or margin < 0 and -1 or 0)
      end
   end
   return scores
end

--- Of three units: the six orders. Here no two best orders disagree unless two units are the same to all.
local function kemeny(units)
   local best, sums = -1, {}
   for _, order in ipairs {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}} do
      local sum = support(units[order[1]], units[order[2]]) + support(units[order[1]], units[order[3]])
         + support(units[order[2]], units[order[3]])
      if sum > best + 1e-9 then best, sums = sum, {} end
      if sum > best - 1e-9 then sums[#sums + 1] = order end
   end
   local scores = {0, 0, 0}
   for _, order in ipairs(sums) do
      for place, unit in ipairs(order) do scores[unit] = scores[unit] + (3 - place) / #sums end
   end
   return scores
end

--- max w x such that w y <= 1 for all units y, of two children: the best corner. What a unit lacks has no weight, and
--- is zero to the others.
local function envelope(units)
   local scores = {}
   for i, own in ipairs(units) do
      local lines, corners = {{1, 0, 0}, {0, 1, 0}}, {}
      for _, other in ipairs(units) do lines[#lines + 1] = {other[1] or 0, other[2] or 0, 1} end
      for p = 1, #lines do
         for q = p + 1, #lines do
            local a, b = lines[p], lines[q]
            local d = a[1] * b[2] - a[2] * b[1]
            if d ~= 0 then
               corners[#corners + 1] = {(a[3] * b[2] - b[3] * a[2]) / d, (a[1] * b[3] - b[1] * a[3]) / d}
            end
         end
      end
      scores[i] = 0
      for _, w in ipairs(corners) do
         local fits = w[1] >= -1e-12 and w[2] >= -1e-12
         for _, other in ipairs(units) do
            fits = fits and w[1] * (other[1] or 0) + w[2] * (other[2] or 0) <= 1 + 1e-12
         end
         if fits then scores[i] = math.max(scores[i], w[1] * (own[1] or 0) + w[2] * (own[2] or 0)) end
      end
   end
   return scores
end

local by_group = {borda = borda, copeland = copeland, kemeny = kemeny, benefit_of_doubt = envelope}

--- Scores of all units; those that are out (not defined) are compared with nobody.
local function group_by_hand(name, units, out)
   local scores = {}
   if by_unit[name] then
      for u, values in ipairs(units) do scores[u] = not out[u] and by_unit[name](values) or nil end
      return scores
   end
   local compared, at = {}, {}
   for u, values in ipairs(units) do
      if not out[u] then
         compared[#compared + 1], at[#at + 1] = values, u
      end
   end
   if name == "kemeny" and #compared == 2 then
      local margin = support(compared[1], compared[2])
      scores[at[1]] = margin > 0.5 and 1 or margin < 0.5 and 0 or 0.5
      scores[at[2]] = 1 - scores[at[1]]
      return scores
   end
   for i, score in ipairs(by_group[name](compared)) do scores[at[i]] = score end
   return scores
end

-- The ways, on unit X and child a ----------------------------------------------------------------------------------

local function method_of(name)
   if name == "function" then return function(values) return math.max(table.unpack(values, 1, values.n)) end end
   if name == "ordered" then return {method = "ordered", best = 1} end
   local power = name:match "generalised (.*)"
   if power then return {method = "generalised", power = power == "≤ 0" and -2 or 2} end
   return name
end

local units = {"X", "Y", "Z"}
local base = {X = {6, 3, 2}, Y = {4, 5, 3}, Z = {2, 4, 5}}

--- Ways to have no value: what X has in a, what else is said, and the children that count.
local ways = {
   zero = {value = 0},
   negative = {value = -1},
   missing = {gap = true},
   ["lost by a denominator"] = {gap = true, child = {source = "a", denominator = "d"}},
   ["constant column"] = {gap = true, column = true, constant = true},
   ["weight 0"] = {gap = true, column = true, child = {weight = 0}},
   ["not defined below"] = {undefined = true, child = {transform = function(x) return x < 7 and x or nil end}},
}

local function data_of(way)
   local rows = {}
   for i, unit in ipairs(units) do
      local values = base[unit]
      rows[i] = {unit = unit, a = values[1], b = values[2], c = values[3], d = 1}
   end
   if way.value then rows[1].a = way.value end
   if way.gap and not way.column and not way.child then rows[1].a = nil end
   if way.child and way.child.denominator then rows[1].d = 0 end
   if way.undefined then rows[1].a = 8 end
   for _, row in ipairs(rows) do
      if way.constant then row.a = 4 end
   end
   return rows
end

--- index (method) -> group g (method) -> a, b; and c beside the group.
local function compute(name, way)
   local a = {id = "a"}
   for key, value in pairs(way.child or {}) do a[key] = value end
   if way.constant then a.normalise = "minmax" end
   return difkit.index{
      id = "x", normalise = "none", aggregate = method_of(name),
      children = {{id = "g", children = {a, "b"}}, "c"},
   }:compute(data_of(way))
end

--- What the word of the table means for g, by hand.
local function wanted(name, way, word)
   local lists, out = {}, {}
   for u, row in ipairs(data_of(way)) do
      lists[u] = {n = 2, row.a, row.b}
      if way.column then lists[u][1] = nil end
      if u == 1 and word == "left out" then lists[u][1] = nil end
      if u == 1 and word == "not defined" then out[u] = true end
   end
   return group_by_hand(name, lists, out), lists, out
end

describe("what becomes of a value", function()
   local names = {"arithmetic", "geometric", "harmonic", "generalised ≤ 0", "generalised > 0", "median", "minimum",
      "mpi", "mean_min", "ordered", "borda", "copeland", "kemeny", "benefit_of_doubt", "function"}

   it("is told by the guide for every aggregation", function()
      local known = require("difkit.index.methods").known.aggregate
      for method in pairs(known) do
         assert.is_truthy(words[method] or words[method .. " ≤ 0"], method .. " is not in the table of INDEX.md")
      end
      for _, name in ipairs(names) do
         for way in pairs(ways) do assert.is_string(words[name][way], name .. ", " .. way) end
      end
   end)

   for _, name in ipairs(names) do
      for way_name, way in require("difkit.sorted")(ways) do
         it(("%s, %s"):format(name, way_name), function()
            local word = words[name][way_name]
            assert.is_truthy(({counts = true, zero = true, ["left out"] = true, ["not defined"] = true})[word], word)
            local result = compute(name, way)
            local first, _, out = wanted(name, way, word)
            if word == "zero" then first[1] = 0 end
            local second = {}
            for u, row in ipairs(data_of(way)) do second[u] = {n = 2, first[u], row.c} end
            local top = group_by_hand(name, second, out)
            local got = {}
            for row in result:stage("aggregated"):rows() do got[row.unit] = row end
            for u, unit in ipairs(units) do
               for level, scores in pairs {g = first, x = top} do
                  local score = got[unit][level]
                  if scores[u] == nil then
                     assert.is_nil(score, unit .. " " .. level)
                  else
                     assert.is_true(score and math.abs(score - scores[u]) < 1e-9,
                        ("%s %s: got %s, by hand %s"):format(unit, level, tostring(score), tostring(scores[u])))
                  end
               end
            end
            if word == "not defined" then
               local last = result:ranks()[3]
               assert.are.same({"X", "not defined"}, {last.unit, last.reason})
               assert.is_truthy(table.concat(result.warnings, "\n"):find("is not defined for X", 1, true))
            end
            if word == "zero" then
               assert.are.equal(0, got.X.g)
               assert.is_truthy(result:ranks().note:find('"g" %(%a+%) is zero for X %(a%)'))
            end
         end)
      end
   end

   it("has a reason, one of five and what the data say of a gap", function()
      local function reason(spec, rows)
         spec.id = "x"
         for row in difkit.index(spec):compute(rows):ranks():rows() do
            if row.unit == "X" then return row.reason end
         end
      end
      local pair = {{unit = "X", a = 1, d = 0}, {unit = "Y", a = 2, d = 1}}
      assert.are.equal("not reported", reason({children = {"a", "b"}, threshold = 1}, {{unit = "X", a = 1},
         {unit = "Y", a = 2, b = 1}, {unit = "Z", a = 3, b = 3}}))
      assert.are.equal("lost by a denominator", reason({children = {{id = "a", denominator = "d"}}}, pair))
      assert.are.equal("constant", reason({children = {"a"}}, {{unit = "X", a = 0.1 + 0.2}, {unit = "Y", a = 0.3}}))
      assert.are.equal("not defined", reason({children = {{id = "a", transform = "log"}}}, {{unit = "X", a = 0},
         {unit = "Y", a = 2}, {unit = "Z", a = 3}}))
      assert.are.equal("no weight", reason({children = {{id = "a", weight = 0}}}, pair))
   end)
end)
