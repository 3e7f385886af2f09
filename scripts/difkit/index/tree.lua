--- The tree of an index for the kernel: rules, weights (given or made from data), evaluation period by period.
local complete = require "difkit.complete"
local core = require "difkit.core"
local errors = require "difkit.error"

local kernel = core.index
local tree = {}

--- The rule of a group as the kernel takes it.
local function rule_of(node, how, tolerance)
   local penalty, places = nil, how.best or how.worst and -how.worst
   if how.method == "mpi" or how.method == "ampi" then penalty = how.penalty == "plus" and 1 or -1
   elseif how.method == "mean_min" then penalty = how.alpha or 1 end
   return {
      penalty = penalty, beta = how.beta, places = places, place = how.method == "ordered" and how.weights or nil,
      sample = how.divisor == "n-1", by_range = how.scale == "range",
      -- The adjusted index differs from the first in how its values are normalised.
      method = how.method == "ampi" and "mpi" or how.method, power = how.power, lower = how.lower, upper = how.upper,
      threshold = node.threshold, by_weight = node.by_weight, tolerance = tolerance,
   }
end

--- Bounds of the weights of a group that no weights can meet, with the smallest change that helps.
local function check_bounds(node, how, weights)
   if how.method ~= "benefit_of_doubt" then return end
   local count = 0
   for _, child in ipairs(node.children) do
      if not weights or weights[child.number] > 0 then count = count + 1 end
   end
   local lower, upper = how.lower or 0, how.upper or 1
   if count > 0 and lower * count > 1 + 1e-12 then
      node.fail(("no weights of %d children can each be at least %.10g: together they would be %.10g"):format(count,
         lower, lower * count), ("lower = %.10g is the most that can be met"):format(1 / count), "aggregate")
   elseif count > 0 and upper * count < 1 - 1e-12 then
      node.fail(("no weights of %d children can each be at most %.10g: together they would be %.10g"):format(count,
         upper, upper * count), ("upper = %.10g is the least that can be met"):format(1 / count), "aggregate")
   end
end

--- Rules of all nodes; `alternative` stands for the aggregation that groups inherit. Also the user's functions by
--- node. With `weights` children of weight 0 are no children.
function tree.rules(spec, alternative, weights)
   local rules, functions = {}, nil
   for i, node in ipairs(spec.nodes) do
      if node.children then
         local own = node.parent and node.given.aggregate ~= nil
         local how = alternative and not own and alternative or node.aggregate
         check_bounds(node, how, weights)
         rules[i] = rule_of(node, how, spec.root.tolerance)
         if how.method == "function" then
            functions = functions or {}
            functions[i] = how.call
         end
      else
         rules[i] = {method = "arithmetic"}
      end
   end
   return rules, functions
end

function tree.build(spec, weights)
   local nodes = tree.rules(spec, nil, weights)
   for i, node in ipairs(spec.nodes) do
      nodes[i].parent = node.parent and node.parent.number or 0
      nodes[i].leaf = node.leaf
      nodes[i].weight = weights and weights[i] or 1
   end
   return kernel.tree(nodes)
end

local function leaves_of(node)
   if not node.children then return 1 end
   local count = 0
   for _, child in ipairs(node.children) do count = count + leaves_of(child) end
   return count
end

local function weight_of_leaves(node)
   if not node.children then return node.weight end
   local sum = 0
   for _, child in ipairs(node.children) do sum = sum + weight_of_leaves(child) end
   return sum
end

--- Scores of every node: a matrix with one column a node; those of the indicators are shared with `leaves`. Also for
--- each period the groups that could not be computed, and those whose best orders (Kemeny) are several, by node.
function tree.evaluate(spec, built, set, leaves, weights, rules, functions)
   local columns, findings = {}, {}
   for i, node in ipairs(spec.nodes) do columns[i] = node.leaf or false end
   local scores = kernel.over(leaves, columns)
   for p = 1, #set.periods do
      local flaws, several = built:evaluate(scores, (p - 1) * #set.units + 1, #set.units, weights, rules, functions)
      findings[p] = {flaws = flaws, several = several}
   end
   return scores, findings
end

--- Checks what a function of the user gave as weights, or a kernel; scaled to sum 1.
local function checked(node, weights, flaw)
   local method = node.weighting.method
   if not weights then
      node.fail(('weights "%s" cannot be computed: %s'):format(method, flaw), nil, "weights")
   end
   local sum = 0
   for i, child in ipairs(node.children) do
      local weight = weights[i]
      if weight == nil then weight = weights[child.id] end
      if type(weight) ~= "number" or weight ~= weight or weight < 0 then
         node.fail(('weights "%s" give %s for "%s"'):format(method, errors.show(weight), child.id),
            method == "pca_first"
               and "it loads against the others on the first component: leave it out or turn its direction"
            or nil, "weights")
      end
      sum = sum + weight
   end
   if sum <= 0 then node.fail(('weights "%s" sum to zero'):format(method), nil, "weights") end
   local list = {}
   for i, child in ipairs(node.children) do list[i] = (weights[i] or weights[child.id]) / sum end
   return list
end

--- Weights that give every child the importance wanted for it: its share of the sum of r² with the group (Paruolo,
--- Saisana and Saltelli 2013, eq. 7). Where that asks for negative weights, the nearest that are not, and a note says
--- so.
local function optimal(node, how, matrix, rows, notes)
   local lists, targets, sum = {}, {}, 0
   for i, child in ipairs(node.children) do
      lists[i] = matrix:numbers(child.number, 1, rows)
      lists[i].n = rows
      targets[i] = not how.target and 1 or how.target[child.id] or how.target[i]
      if not targets[i] then
         node.fail(('the target of weights "optimal" leaves out "%s"'):format(child.id), "give a share for each child",
            "weights")
      end
      sum = sum + targets[i]
   end
   for i in ipairs(targets) do targets[i] = targets[i] / sum end
   local columns, units = complete(lists)
   if units <= #lists then return nil, "fewer units have all children than there are children" end
   local closed, best, _, reachable = kernel.target_weights(kernel.covariances(columns), targets)
   if not closed then return nil, best end
   if not reachable then
      notes[#notes + 1] = ("%s: the importance wanted cannot be reached by weights that are not negative; these come "
         .. "nearest"):format(node.id)
   end
   return best
end

--- Weights of the children of one group. `scores` gives the matrix of node scores when they are made from data.
local function weights_of(node, scores, rows, notes, warnings)
   local how, children = node.weighting, node.children
   local weights = {}
   if how.method == "children" or how.method == "given" then
      local sum, most = 0, 0
      for i, child in ipairs(children) do
         weights[i], sum = child.weight, sum + child.weight
         most = math.max(most, child.weight)
      end
      if sum == 0 then
         warnings[#warnings + 1] = ('"%s" has no weight: those of all its children are zero'):format(node.id)
      end
      -- Only their ratios count: those beyond all measure are brought back, by a power of two, which rounds nothing.
      local scale = most > 0 and (most > 2 ^ 64 or most < 2 ^ -64) and 2 ^ math.floor(math.log(most, 2)) or 1
      for i in ipairs(children) do weights[i] = weights[i] / scale end
      return weights
   elseif how.method == "equal" then
      for i in ipairs(children) do weights[i] = 1 end
      return weights
   elseif how.method == "equal_indicators" then
      for i, child in ipairs(children) do weights[i] = leaves_of(child) end
      return weights
   elseif how.method == "absolute" then
      for i, child in ipairs(children) do weights[i] = weight_of_leaves(child) end
      return weights
   elseif how.method == "ahp" then
      if #how.comparisons ~= #children then
         node.fail(("comparisons have %d rows for %d children"):format(#how.comparisons, #children), nil, "weights")
      end
      local list, _, consistency, ratio = kernel.ahp(how.comparisons)
      if list then
         notes[#notes + 1] = ratio and ("%s: AHP consistency ratio %.4f%s"):format(node.id, ratio,
            ratio >= 0.1 and " (not below 0.1: the comparisons contradict each other)" or "")
            or ("%s: AHP consistency index %.4f"):format(node.id, consistency)
         return checked(node, list)
      end
      return checked(node, nil, "every comparison must be above 0")
   elseif how.method == "budget" then
      if type(how.points[1]) ~= "table" or #how.points[1] ~= #children then
         node.fail(("points must be lists of %d numbers, one an expert"):format(#children), nil, "weights")
      end
      return checked(node, kernel.budget(how.points))
   end
   local columns, matrix = {}, scores()
   for i, child in ipairs(children) do columns[i] = child.number end
   if how.method == "function" then
      local values = {}
      for i, child in ipairs(children) do
         values[i] = matrix:numbers(child.number)
         values[child.id] = values[i]
      end
      local given = how.call(values, node.id)
      if type(given) ~= "table" then
         node.fail(("the function for weights must give a table, not %s"):format(errors.show(given)), nil, "weights")
      end
      return checked(node, given)
   elseif how.method == "pca" then
      local list, flaw, kept = kernel.nicoletti(matrix, columns, 1, rows, how.share, how.total)
      if list then notes[#notes + 1] = ("%s: weights from %d principal components"):format(node.id, kept) end
      return checked(node, list, flaw)
   elseif how.method == "pca_first" then
      local found, flaw = kernel.components(matrix, columns, 1, rows)
      return checked(node, found and found.vectors[1], flaw)
   end
   if how.method == "optimal" then return checked(node, optimal(node, how, matrix, rows, notes)) end
   return checked(node, kernel[how.method](matrix, columns, 1, rows))
end

local from_data = {pca = true, pca_first = true, critic = true, entropy = true, optimal = true, ["function"] = true}

---Weights of the children of a group where they do not come from the data; else nil.
function tree.fixed_weights(node, notes, warnings)
   return not from_data[node.weighting.method] and weights_of(node, nil, 0, notes, warnings) or nil
end

--- Weights of all nodes (that of the index is 1). Groups whose weights come from data are done from the leaves up.
function tree.weights(spec, set, leaves, notes, warnings)
   local rows = #set.units * #set.periods
   local weights, built = {}, nil
   for i = 1, #spec.nodes do weights[i] = 1 end
   local root = spec.root
   if root.weighting.method == "absolute" then
      local sum = weight_of_leaves(root)
      if math.abs(sum - 1) > 1e-6 then
         root.fail(("the absolute weights of the indicators sum to %.10g, not to 1"):format(sum), nil, "weights")
      end
   end
   for number = #spec.nodes, 1, -1 do
      local node = spec.nodes[number]
      if node.children then
         local function scores()
            built = built or tree.build(spec)
            local rules, functions = tree.rules(spec)
            return (tree.evaluate(spec, built, set, leaves, weights, rules, functions))
         end
         local list = weights_of(node, from_data[node.weighting.method] and scores, rows, notes,
            warnings)
         for i, child in ipairs(node.children) do weights[child.number] = list[i] end
      end
   end
   return weights
end

return tree
