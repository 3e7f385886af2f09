--- An audit as a report for people: page one with what it can and cannot say and the verdict, then a part for each
--- section.
local answers = require "difkit.audit.answers"
local chart = require "difkit.chart"
local finding = require "difkit.audit.finding"
local reports = require "difkit.report"

local report = {}

report.title = "Self-assessment along the steps of a JRC audit"

--- Sentences and cells may hold what Markdown reads as its own.
local function plain(text) return (text:gsub("[\\`*_%[%]<>|#]", "\\%0")) end

--- What this number of units allows to be said of a section.
local function allowed(audit, section)
   local n = audit.n
   if section.id == "concept" or section.id == "verdict" then return nil end
   if section.id == "data" then
      return n < 20 and ("With %d units coverage, age, constants and duplicates hold; skewness and kurtosis "
         .. "hang on single "
         .. "units and only say where to look."):format(n)
         or ("With %d units all of this can be judged."):format(n)
   elseif section.id == "coherence" then
      return ("With %d units a correlation has to pass %.2f to be told from none at 5 %%; a group can be judged "
         .. "from five "
         .. "units an item and 30 units on."):format(n, report.critical(n))
   elseif section.id == "importance" then
      return n < 20 and ("With %d units the importance of a part cannot be told; S is not shown."):format(n)
         or n < 30 and ("With %d units S is shown, and not judged."):format(n)
         or ("With %d units S can be judged, for parts at least twice off."):format(n)
   elseif section.id == "frontier" then
      return ("With %d units a frontier over more than %d parts only illustrates."):format(n, n // 3)
   end
   return ("This describes these %d units and infers nothing about others."):format(n)
end

--- The smallest |r| that is told from none at 5 %: by halving, from the p of a correlation.
function report.critical(n)
   local p = require("difkit.core").index.correlation_p
   local low, high = 0, 1
   if n < 4 then return 1 end
   for _ = 1, 50 do
      local middle = (low + high) / 2
      if p(middle, n) > 0.05 then low = middle else high = middle end
   end
   return high
end

--- Findings as a table: first causes, then what follows from them.
local function findings_of(section)
   local rows, list = {}, {}
   for _, grade in ipairs {"finding", "look", "note", "unknown"} do
      for _, one in ipairs(section.findings) do
         if one.grade == grade then
            list[#list + 1] = one
            rows[#rows + 1] = {what = one.sentence,
               grade = (finding.grades[grade] or "as computed"):gsub(" ", "\u{A0}"), follows = one.follows,
               reply = one.answer and answers.text(one.answer)}
         end
      end
   end
   if #rows == 0 then return nil end
   local columns = {"grade", "what"}
   for _, optional in ipairs {"follows", "reply"} do
      for _, row in ipairs(rows) do
         if row[optional] and columns[#columns] ~= optional then columns[#columns + 1] = optional end
      end
   end
   return finding.rows(columns, rows), list
end

local pictures = {}

--- As high as its smallest part needs for a line of words, within bounds.
function pictures.concept(made, audit)
   local smallest = 1
   for _, node in ipairs(audit.result.spec.indicators) do
      local weight = audit.result.tree:effective(audit.result.weights)[node.number]
      if weight > 0 then smallest = math.min(smallest, weight) end
   end
   made:chart(chart.icicle(audit.result, {title = "The tree and its weights",
      height = math.floor(math.max(220, math.min(20 / smallest, 26 * audit.k + 100, 1600)))}))
end

function pictures.coherence(made, audit)
   local places = audit:table "places"
   if not places then return end
   local rows = {}
   for row in places:rows() do
      if row.r_rest and row.low then
         rows[#rows + 1] = {item = row.item, r = row.r_rest, low = row.low, high = row.high}
      end
   end
   if #rows < 2 then return end
   made:chart(chart.dots(finding.rows({"item", "r", "low", "high"}, rows), {label = "item", value = "r", tiers =
      false, digits = 2, title = "Each item and the rest of its group",
      subtitle = "correlation with its 95 % interval"}))
end

function pictures.data(made, audit)
   local rows = {}
   for row in audit:table("coverage"):rows() do
      if row.level == "indicator" and row.share then rows[#rows + 1] = {indicator = row.id, share = 100 * row.share} end
   end
   if #rows < 2 then return end
   table.sort(rows, function(a, b)
      if a.share ~= b.share then return a.share < b.share end
      return a.indicator < b.indicator
   end)
   local all = #rows
   for i = #rows, 21, -1 do rows[i] = nil end
   made:chart(chart.bars(finding.rows({"indicator", "share"}, rows), {label = "indicator", value = "share", low = 0,
      high = 100, digits = 0, title = all > #rows and ("Values of the %d indicators that have fewest"):format(#rows)
      or "Values of the indicators", subtitle = "per cent of the applicable cells"}))
end

function pictures.added_value(made, audit)
   local parts = audit:table "shifts"
   if not parts or #parts < 2 then return end
   local rows = {}
   for row in parts:rows() do
      rows[#rows + 1] = {component = row.component, share = 100 * row.share_tenth}
   end
   made:chart(chart.bars(finding.rows({"component", "share"}, rows), {label = "component", value = "share", low = 0,
      high = 100, digits = 0, title = "Units that rank elsewhere in the index than in a part",
      subtitle = "per cent, a tenth of the units or two places away at least"}))
end

function pictures.frontier(made, audit)
   local scores = audit:table "frontier"
   if not scores or #scores < 3 then return end
   made:chart(chart.scatter(scores, {x = "index_rank", y = "rank", label = "unit", digits = 0,
      title = "Ranks in the index and on the frontier"}))
end

function pictures.importance(made, audit)
   local parts = audit:table "importance"
   if not parts then return end
   local rows = {}
   for row in parts:rows() do
      if row.group == audit.id and row.share_r2 then
         rows[#rows + 1] = {item = row.item, weight = row.weight, importance = row.share or row.share_r2}
      end
   end
   if #rows < 2 then return end
   made:chart(chart.bars(finding.rows({"item", "weight", "importance"}, rows), {label = "item",
      values = {"weight", "importance"}, digits = 2, title = "Weight and importance of the parts of the index"}))
end

function pictures.robustness(made, audit)
   local ranks = audit:table "intervals"
   if not ranks or #ranks < 2 then return end
   made:chart(chart.dots(ranks, {label = "unit", value = "median", order = "ascending",
      title = "Median ranks and their 5 to 95 % intervals", digits = 0}))
end

--- Columns of tables in words, a list of its own for each table.
local function labels(id)
   return {
      share = id == "importance" and "share of S" or nil,
      r_own = "r own", r_rest = "r item–rest", r_index = "r index", r_best = "r best other", bootstrap_low = "boot low",
      bootstrap_high = "boot high", above_one = "λ above 1", kept = "beyond chance", random_first = "random first λ",
      first = "first share", share_r2 = "share of r²", ratio = "S", times = "share / weight",
      near_constant = "near constant", chi_square = "χ²", negative_rest = "negative", what = "what the figures say",
      follows = "follows from", alpha_without = "alpha without", effective_weight = "effective weight",
      points_per_unit = "points a unit", points_per_deviation = "points a deviation", units_per_point = "units a point",
      ratio_local = "S local linear", ratio_low = "S low", ratio_high = "S high", direct = "direct weight",
      direct_after = "direct share", squares = "sum of squares", weight_on_values = "weight on values",
      least_in = "least in", older_than_5 = "older than 5", skewness_treated = "skewness treated",
      kurtosis_treated = "kurtosis treated",
      share_ten = "share of ten", share_tenth = "share of tenth", index_rank = "rank in the index",
   }
end

--- Rows of a table that a page shows; longer ones stand in the workbook and the JSON alone.
local longest <const> = 60

local function add_section(made, audit, section)
   made:heading(section.title)
   made:text("**" .. section.question .. "**")
   local found, list = findings_of(section)
   if found then
      rawset(found, "audited", {result = audit.result, section = section.title, methods = section.methods,
         findings = list})
      made:table(found, {title = false, labels = labels()})
   else made:text "No rule of this section found anything." end
   local said = allowed(audit, section)
   if said then made:text("*" .. plain(said) .. "*") end
   if pictures[section.id] then pictures[section.id](made, audit) end
   local elsewhere = {}
   for _, one in ipairs(section.tables) do
      if one.data_only or #one.table > longest then elsewhere[#elsewhere + 1] = one.id
      else made:table(one.table, {labels = labels(one.id), digits = 3}) end
   end
   if #elsewhere > 0 then
      made:text(("In the workbook and the JSON also: %s."):format(plain(table.concat(elsewhere, ", "))))
   end
   if section.note then made:text(plain(section.note)) end
   local methods = {}
   for i, method in ipairs(section.methods) do methods[i] = "- " .. plain(method) end
   made:text("Methods\n\n" .. table.concat(methods, "\n"))
end

--- The verdict: what can be said at all, what holds, what to change first, and what was not run or cannot be judged.
local function add_verdict(made, verdict, sections)
   local parts = {{}, {}, {}, {}}
   local heads = {false, "What holds", "What does not hold, and what to change first", "What cannot be judged"}
   local holds, counted = {}, false
   for _, one in ipairs(verdict.holds) do holds[one.sentence] = true end
   for _, sentence in ipairs(verdict.sentences) do
      local part = holds[sentence] and 2 or counted and 3 or 1
      if sentence == verdict.summary then counted = true end
      table.insert(parts[part], "- " .. plain(sentence))
   end
   for _, section in ipairs(sections) do
      for _, one in ipairs(section.findings) do
         if one.grade == "unknown" then table.insert(parts[4], "- " .. plain(one.sentence)) end
      end
   end
   for i, lines in ipairs(parts) do
      if #lines > 0 then
         if heads[i] then made:text("**" .. heads[i] .. "**") end
         made:text(table.concat(lines, "\n"))
      end
   end
end

--- The report of an audit.
function report.make(audit)
   local made = reports.new{title = report.title,
      subtitle = audit.title .. (audit.period and ", " .. tostring(audit.period) or "")}
   local counts = audit.verdict.counts
   made:figures{{"Units", audit.n}, {"Indicators", audit.k}, {"Findings", counts.finding},
      {"To look at", counts.look}, {"Cannot be judged", counts.unknown}}
   made:text("Statistical soundness is necessary and not sufficient: an audit finds incoherence, it cannot show "
      .. "that an "
      .. "index measures its concept. A **finding** holds at this number of units; **look at it** means that a mark is "
      .. "passed and chance not excluded; **cannot be judged** means what it says.")
   made:heading "Verdict"
   add_verdict(made, audit.verdict, audit.sections)
   if audit.idle_answers and #audit.idle_answers > 0 then
      made:text("Answers to what is no finding any more: " .. plain(table.concat(audit.idle_answers, "; ")) .. ".")
   end
   for _, section in ipairs(audit.sections) do add_section(made, audit, section) end
   return made
end

return report
