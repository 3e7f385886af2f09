--- The report card of an idea for an index: one screen of text.
local core = require "difkit.core"
local errors = require "difkit.error"
local kernel = core.index

local card = {}

local function heading(out, text) out[#out + 1] = ("\n%s\n%s"):format(text, ("─"):rep(core.width(text))) end

local function line(out, text, ...) out[#out + 1] = "  " .. text:format(...) end

local function percent(x) return ("%.0f %%"):format(100 * x) end

--- A few names: "a, b, c and 4 more".
local function some(names, most)
   if #names <= most then return table.concat(names, ", ") end
   return ("%s and %d more"):format(table.concat(names, ", ", 1, most), #names - most)
end

local function coverage(out, result)
   local set, indicators = result.set, result.spec.indicators
   local rows = #set.units * #set.periods
   heading(out, "Coverage")
   local all = 0
   for leaf, node in ipairs(indicators) do
      local available = kernel.available(result.raw, leaf, 1, rows)
      all = all + available
      if available < rows then
         line(out, "%s: %d of %d values (%s)", node.id, available, rows, percent(available / rows))
      end
   end
   line(out, "all together: %d of %d values (%s)", all, rows * #indicators, percent(all / (rows * #indicators)))
   local missing = {}
   for u, unit in ipairs(set.units) do
      local count = 0
      for p = 1, #set.periods do
         for leaf = 1, #indicators do
            if not result.raw:get((p - 1) * #set.units + u, leaf) then count = count + 1 end
         end
      end
      if count > 0 then missing[#missing + 1] = {unit = unit, count = count} end
   end
   table.sort(missing, function(a, b)
      if a.count ~= b.count then return a.count > b.count end
      return a.unit < b.unit
   end)
   local named = {}
   for i, one in ipairs(missing) do named[i] = ("%s %d"):format(one.unit, one.count) end
   line(out, "missing by unit: %s", #named > 0 and some(named, 8) or "none")
   local kinds, names = result.raw:counts(), {}
   for kind in pairs(kinds) do
      if kind ~= "observed" then names[#names + 1] = kind end
   end
   table.sort(names)
   for i, kind in ipairs(names) do names[i] = ("%d %s"):format(kinds[kind], kind) end
   if #names > 0 then line(out, "why: %s", table.concat(names, ", ")) end
end

local function outliers(out, result)
   heading(out, "Outliers")
   local found = {}
   for row in result:statistics("denominated"):rows() do
      if row.outliers then
         found[#found + 1] = ("%s (skewness %.1f, kurtosis %.1f)"):format(row.indicator, row.skewness, row.kurtosis)
      end
   end
   line(out, "%s", #found > 0 and some(found, 6) or "no indicator fails the rule of skewness 2 and kurtosis 3.5")
   for id, treatment in require("difkit.sorted")(result.treatment) do
      if treatment.way ~= "none" then
         local points = treatment.points > 0 and (" (%d points)"):format(treatment.points) or ""
         line(out, "treated: %s: %s%s", id, treatment.way, points)
      end
   end
end

--- Correlations of the index with indicators of the data that are not in it.
local function others(out, result)
   local from, set = result.set.from, result.set
   heading(out, "Correlation with what exists")
   local own, rows = {}, {}
   for _, node in ipairs(result.spec.indicators) do own[node.source] = true end
   for _, name in ipairs(from:columns()) do
      if not own[name] and #rows < 50 then
         local matrix = kernel.matrix(#set.units * #set.periods, 1)
         local ok = pcall(from.fill, from, matrix, {name}, set.units, set.periods)
         if ok then
            local r, p, units = kernel.correlate(result.aggregated, 1, matrix, 1, 1, #set.units * #set.periods,
               "spearman")
            if r and units >= 4 then rows[#rows + 1] = {name = name, r = r, p = p, units = units} end
         end
      end
   end
   table.sort(rows, function(a, b)
      if math.abs(a.r) ~= math.abs(b.r) then return math.abs(a.r) > math.abs(b.r) end
      return a.name < b.name
   end)
   if #rows == 0 then line(out, "the data hold no other indicator for these units and periods") end
   for i = 1, math.min(#rows, 5) do
      local row = rows[i]
      line(out, "%s: %.2f over %d (Spearman%s)", row.name, row.r, row.units, row.p and (", p %.3f"):format(row.p)
         or "")
   end
end

local function redundancy(out, result)
   heading(out, "Redundancy")
   local pairs_found = {}
   for row in result:correlations{stage = "normalised"}:rows() do
      if row.r and math.abs(row.r) >= 0.9 then
         pairs_found[#pairs_found + 1] = ("%s and %s (%.2f)"):format(row.left, row.right, row.r)
      elseif row.r and row.r <= -0.4 then
         pairs_found[#pairs_found + 1] = ("%s against %s (%.2f)"):format(row.left, row.right, row.r)
      end
   end
   line(out, "%s", #pairs_found > 0 and some(pairs_found, 5)
      or "no pair of indicators correlates above 0.9 or below -0.4")
   if #result.spec.root.children > 1 then
      local alpha = result:cronbach()[1].alpha
      if alpha then line(out, "Cronbach's alpha of the first level: %.2f", alpha) end
   end
end

local function without(out, result)
   heading(out, "Leaving one out")
   local rows = {}
   for row in result:leave_one_out():rows() do rows[#rows + 1] = row end
   table.sort(rows, function(a, b)
      local left, right = a.mean_shift or 0, b.mean_shift or 0
      if left ~= right then return left > right end
      return a.without < b.without
   end)
   if #rows == 0 then line(out, "there is but one child") end
   for i = 1, math.min(#rows, 5) do
      local row = rows[i]
      line(out, "%s: ranks shift by %.2f on average%s", row.without, row.mean_shift or 0,
         row.unit and (", most %s by %d"):format(row.unit, row.largest_shift) or "")
   end
end

local function sensitivity(out, result, options)
   heading(out, "How far the ranks can be trusted")
   local choices = {
      weights = 0.25, normalise = {{method = "minmax", low = 1, high = 100}, "rank"}, aggregate = {"arithmetic",
         "geometric"},
      seed = options.seed,
   }
   if #result.spec.indicators > 2 then choices.drop = 1 end
   choices.runs = options.runs
   local robust = result:robustness(choices)
   local tiers = {}
   for row in robust:tiers():rows() do tiers[#tiers + 1] = ("%d: %s"):format(row.tier, row.units) end
   line(out, "tiers: %s", some(tiers, 6))
   choices.runs, choices.rows, choices.bootstrap = nil, 512, 0
   local parts = {}
   for row in result:sensitivity(choices):rows() do
      if row.total then parts[#parts + 1] = ("%s %s"):format(row.factor, percent(row.total)) end
   end
   line(out, "the shift of ranks depends on: %s (total effects)", table.concat(parts, ", "))
   line(out, "%s", robust.note)
end

--- A sentence over as many lines as it needs.
local function wrapped(out, sentence)
   for n, text in ipairs(core.wrap(sentence, 94)) do line(out, "%s%s", n > 1 and "  " or "", text) end
end

--- Lines of what a section of an audit found, the graver first.
local function found(out, section)
   local lines = {}
   for _, grade in ipairs {"finding", "look", "unknown"} do
      for _, one in ipairs(section.findings) do
         if one.grade == grade then lines[#lines + 1] = one.sentence end
      end
   end
   for i = 1, math.min(#lines, 5) do wrapped(out, lines[i]) end
   if #lines > 5 then line(out, "and %d more: difkit audit", #lines - 5) end
   if #lines == 0 then line(out, "no rule of an audit finds anything") end
end

--- What `difkit audit` would say: coherence, importance, added value, and its verdict.
local function audited(out, result, options)
   local audit = result:audit{runs = options.runs, seed = options.seed, sobol = 16, bootstrap = 0}
   for _, section in ipairs(audit.sections) do
      if section.id == "coherence" or section.id == "importance" or section.id == "added_value" then
         heading(out, section.title)
         found(out, section)
      end
   end
   heading(out, "Verdict")
   for i = 1, math.min(#audit.verdict.sentences, 6) do
      wrapped(out, audit.verdict.sentences[i])
   end
end

--- The text of the card.
function card.text(result, options)
   options = errors.options("report_card", options, {"runs", "seed"})
   options = {runs = options.runs or 2000, seed = options.seed or 1}
   local out = {}
   local root, set = result.spec.root, result.set
   out[1] = ("%s: %d indicators, %d units%s"):format(root.shown, #result.spec.indicators, #set.units,
      set.timeless and "" or (", " .. #set.periods .. (#set.periods > 1 and " periods" or " period")))
   coverage(out, result)
   outliers(out, result)
   others(out, result)
   redundancy(out, result)
   without(out, result)
   sensitivity(out, result, options)
   heading(out, "Ranks")
   local ranked = {}
   for row in result:ranks():rows() do
      if row.rank and (#set.periods == 1 or row.period == set.periods[#set.periods]) then
         ranked[#ranked + 1] = ("%d %s %.4g"):format(row.rank, row.unit, row.score)
      end
   end
   for _, text in ipairs(core.wrap(some(ranked, 30), 96)) do line(out, "%s", text) end
   for _, warning in ipairs(result.warnings) do line(out, "warning: %s", warning) end
   audited(out, result, options)
   return table.concat(out, "\n")
end

return card
