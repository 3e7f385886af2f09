--- The tree of an index for the kernel: rules, weights (given or made from data), evaluation period by period.
local core = require "difkit.core"
local errors = require "difkit.error"

local kernel = core.index
local tree = {}

--- The rule of a group as the kernel takes it.
local function rule_of(node, how)
   return {
      method = how.method, power = how.power, lower = how.lower, upper = how.upper,
      threshold = node.threshold, by_weight = node.by_weight,
   }
end

--- Rules of all nodes; `alternative` stands for the aggregation that groups inherit. Also the user's functions by
--- node.
function tree.rules(spec, alternative)
   local rules, functions = {}, nil
   for i, node in ipairs(spec.nodes) do
      if node.children then
         local own = node.parent and node.given.aggregate ~= nil
         local how = alternative and not own and alternative or node.aggregate
         rules[i] = rule_of(node, how)
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
   local nodes = tree.rules(spec)
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

--- Scores of every node: a matrix with one column a node; those of the indicators are shared with `leaves`.
function tree.evaluate(spec, built, set, leaves, weights, rules, functions)
   local columns, flaws = {}, {}
   for i, node in ipairs(spec.nodes) do columns[i] = node.leaf or false end
   local scores = kernel.over(leaves, columns)
   for p = 1, #set.periods do
      local flaw, at = built:evaluate(scores, (p - 1) * #set.units + 1, #set.units, weights, rules, functions)
      if flaw then flaws[#flaws + 1] = {flaw = flaw, node = spec.nodes[at], period = set.periods[p]} end
   end
   return scores, flaws
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

--- Weights of the children of one group. `scores` gives the matrix of node scores when they are made from data.
local function weights_of(node, scores, rows, notes)
   local how, children = node.weighting, node.children
   local weights = {}
   if how.method == "children" or how.method == "given" then
      for i, child in ipairs(children) do weights[i] = child.weight end
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
         return checked(node, list), {index = consistency, ratio = ratio}
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
   return checked(node, kernel[how.method](matrix, columns, 1, rows))
end

local from_data = {pca = true, pca_first = true, critic = true, entropy = true, ["function"] = true}

--- Weights of all nodes (that of the index is 1). Groups whose weights come from data are done from the leaves up.
function tree.weights(spec, set, leaves, notes)
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
         local list, consistency = weights_of(node, from_data[node.weighting.method] and scores, rows, notes)
         node.consistency = consistency
         for i, child in ipairs(node.children) do weights[child.number] = list[i] end
      end
   end
   return weights
end

return tree
