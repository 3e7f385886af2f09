-- An audit of the ASEM example of COINr 1.1.14 with one fault put in at a time: what was put in is found, and nothing
-- else. The expected flags were computed with numpy. The files are read from ../shared/reference (DIFKIT_SHARED names
-- another place) and are no part of the project.
local difkit = require "difkit"
local asem = require "tests.support.asem"
local SHARED, there, read = asem.folder, asem.there, asem.read

local quick = {runs = 50, sobol = 4, draws = 200, bootstrap = 50}

--- The rows of a table as lists of numbers, by unit.
local function rows_of(name, units, columns)
   local rows = {}
   for i, row in ipairs(read(name)) do
      rows[i] = {unit = row.uCode}
      for _, column in ipairs(columns) do rows[i][column] = tonumber(row[column]) end
      units[i] = row.uCode
   end
   return rows
end

describe("an audit of ASEM", function()
   if not there() then
      pending("is compared where its files are present (" .. SHARED .. "audit is not)")
      return
   end
   local meta, indicators, groups = read "asem/00_iMeta", {}, {}
   for row in meta:rows() do
      groups[row.iCode] = row.Type == "Aggregate"
      if row.Type == "Indicator" then indicators[#indicators + 1] = row.iCode end
   end

   --- The tree, with an indicator moved to a group or added to it.
   local function spec_of(moves, changes)
      local nodes, root = {}, nil
      for row in meta:rows() do
         if row.Type == "Indicator" or row.Type == "Aggregate" then
            nodes[row.iCode] = {id = row.iCode, children = row.Type == "Aggregate" and {} or nil, direction =
               row.Type == "Indicator" and 1 or nil}
         end
      end
      for row in meta:rows() do
         local node = nodes[row.iCode]
         if node then
            local parent = moves[row.iCode] or row.Parent
            if not parent or parent == "NA" then
               root = node
            elseif moves[row.iCode] ~= false then
               table.insert(nodes[parent].children, node)
            end
         end
      end
      for id, parent in pairs(moves) do
         if parent and not nodes[id] then table.insert(nodes[parent].children, {id = id, direction = 1}) end
      end
      root.normalise, root.unit_column = "none", "unit"
      for key, value in pairs(changes or {}) do root[key] = value end
      return root
   end

   --- The flags of flags.csv that an audit raises, as "flag subject" = true.
   local function flags_of(scores, raw)
      local flags = {}
      local function set(flag, subject) flags[flag .. " " .. subject] = true end
      for row in scores:table "places":rows() do
         if not groups[row.item] then -- the figures are those of indicators
            if row.closer then set("closer_raw", row.item) end
            if row.misplaced then set("misplaced_p05", row.item) end
            if row.negative_rest then set("negative_rest", row.item) end
            if row.reversed then set("reversed_suspect", row.item) end
            if row.weak then set("weak_own", row.item) end
         end
      end
      for row in scores:findings():rows() do
         if row.code == "collinear" or row.code == "duplicate" or row.code == "singular" then
            set(row.code, row.subject)
         end
      end
      for row in raw:findings():rows() do
         if row.code == "outlier" or row.code == "near_constant" or row.code == "constant" then
            set(row.code, row.subject)
         elseif row.code == "coverage" and not row.within then
            set(row.code, row.subject)
         end
      end
      return flags
   end

   local units = {}
   local normalised = rows_of("asem/06_norm_minmax_0_100", units, indicators)
   local denominated = rows_of("asem/02_denominated", {}, indicators)

   --- Audits a variant: of the normalised scores for coherence, of the denominated values for the data.
   local function audits_of(variant)
      local moves, touched = {}, nil
      if variant == "duplicated" then moves, touched = {CPI_copy = "Social"}, "CPI_copy"
      elseif variant == "moved" then moves = {CPI = "SusEcFin"} end
      local scores, raw, values = {}, {}, {}
      if variant ~= "base" and variant ~= "moved" then
         for row in read "audit/faults/data":rows() do
            if row.variant == variant then
               touched = row.indicator
               values[row.unit] = {tonumber(row.normalised_0_100), tonumber(row.raw_denominated)}
            end
         end
      end
      for i, unit in ipairs(units) do
         scores[i], raw[i] = {}, {}
         for key, value in pairs(normalised[i]) do scores[i][key] = value end
         for key, value in pairs(denominated[i]) do raw[i][key] = value end
         if touched then
            scores[i][touched], raw[i][touched] = values[unit][1], values[unit][2]
         end
      end
      local function audit(rows, changes)
         return assert(difkit.index(spec_of(moves, changes)):compute(rows)):audit(quick)
      end
      local raw_audit = audit(raw, {normalise = "minmax"})
      if variant == "constant" then moves = {Lang = false} end -- a constant has no normalised values
      return audit(scores), raw_audit
   end

   local known = {}
   local function audits(variant)
      known[variant] = known[variant] or {audits_of(variant)}
      return known[variant][1], known[variant][2]
   end

   local function difference(flags, base)
      local list = {}
      for flag in pairs(flags) do if not base[flag] then list[#list + 1] = "new " .. flag end end
      for flag in pairs(base) do if not flags[flag] then list[#list + 1] = "gone " .. flag end end
      table.sort(list)
      return list
   end

   local base_scores, base_raw = audits "base"
   local base = flags_of(base_scores, base_raw)
   local compared = {closer_raw = true, misplaced_p05 = true, negative_rest = true, reversed_suspect = true,
      weak_own = true, collinear = true, duplicate = true, singular = true, outlier = true, near_constant = true,
      constant = true, coverage = true}

   for _, variant in ipairs {"base", "duplicated", "reversed", "moved", "constant", "near_constant",
      "outlier_untreated", "half_missing_raw_only"} do
      it("raises what numpy raises: " .. variant, function()
         local wanted = {}
         for row in read "audit/faults/flags":rows() do
            if row.variant == variant and compared[row.flag] then
               if variant == "base" then
                  if tonumber(row.raised) == 1 then wanted[#wanted + 1] = row.flag .. " " .. row.subject end
               elseif tonumber(row.new_against_base) == 1 then
                  wanted[#wanted + 1] = "new " .. row.flag .. " " .. row.subject
               elseif tonumber(row.gone_against_base) == 1 then
                  wanted[#wanted + 1] = "gone " .. row.flag .. " " .. row.subject
               end
            end
         end
         table.sort(wanted)
         local got = {}
         if variant == "base" then
            for flag in pairs(base) do got[#got + 1] = flag end
            table.sort(got)
         else
            got = difference(flags_of(audits(variant)), base)
         end
         assert.are.same(wanted, got)
      end)
   end

   --- What a comparison of two audits says of the scores that both give, in the terms of `audit --compare`.
   local function check_versions(row, summary, tolerance)
      local function near(wanted, got, within)
         local apart = math.abs(tonumber(wanted) - got)
         assert.is_true(apart <= within, row.version_b .. ": " .. wanted .. ", " .. got)
      end
      near(row.n, summary.units, 0)
      near(row.pearson_scores, summary.pearson, 1e-8)
      near(row.spearman, summary.spearman, 1e-9)
      near(row.kendall_tau_b, summary.kendall, 1e-9)
      near(row.mean_abs_shift, summary.mean, 1e-9)
      near(row.rms_shift, summary.root_mean_square, 1e-9)
      near(row.max_abs_shift, summary.most, 0)
      near(row.units_unmoved, summary.unmoved, 0)
      near(row.units_moved_more_than_tenth, summary.moved_more_than_tenth, 0)
      near(row.units_moved_10_or_more, summary.moved_ten_or_more, 0)
      near(row.top10_kept, summary.top_ten_kept, 0)
      near(row.mean_score_change, summary.mean_change, tolerance)
      near(row.max_abs_score_change, summary.largest_change, tolerance)
   end

   --- The row of `compare/versions` of a version.
   local function version_of(name)
      for row in read "audit/compare/versions":rows() do if row.version_b == name then return row end end
   end

   it("says what each fault did to scores and ranks, as scipy does", function()
      local compare, before = require "difkit.audit.compare", base_scores:value()
      for _, variant in ipairs {"duplicated", "reversed", "moved", "constant", "near_constant", "outlier_untreated",
         "half_missing_raw_only"} do
         check_versions(version_of(variant), compare.run(before, (audits(variant)):value()).summary, 1e-7)
      end
   end)

   it("says what each choice did to scores and ranks, as scipy does", function()
      local compare, count = require "difkit.audit.compare", 0
      -- The whole chain, from raw data on, as the audit of a spec and of a variant of it would hold their scores.
      local index, data = difkit.index(asem.spec_of(meta)), read("asem/00_iData"):drop "Time"
      local positive = {method = "minmax", low = 1, high = 100}
      local changes = {imputation_mean_of_all_units = {impute = "mean"},
         imputation_median_of_all_units = {impute = "median"}, imputation_none_weights_rescaled_ = {impute = "none"},
         treatment_none = {treat = "none"},
         normalisation_zscore_mean_100_sd_10 = {normalise = {method = "zscore", mean = 100, deviation = 10}},
         normalisation_rank = {normalise = "rank"}, ["normalisation_minmax_1-100"] = {normalise = positive},
         ["aggregation_geometric_on_minmax_1-100"] = {normalise = positive, aggregate = "geometric"},
         ["aggregation_harmonic_on_minmax_1-100"] = {normalise = positive, aggregate = "harmonic"},
         weights_every_indicator_equal = {weights = "equal_indicators"}}
      local function audit_with(given) return index:variant(given):compute(data):audit(quick):value() end
      local function scores_of(value)
         local scores = {}
         for _, one in ipairs(value.sections[6].tables) do
            for _, row in ipairs(one.id == "intervals" and one.rows or {}) do scores[row.unit] = row.score end
         end
         return scores
      end
      local function check_scores(version, scores)
         for row in read "audit/asem/one_at_a_time_scores":rows() do
            local wanted = tonumber(row[version])
            -- The scores of an audit's JSON have ten digits.
            local near = math.abs(wanted - scores[row.unit]) <= 1e-8 * math.max(1, math.abs(wanted))
            assert.is_true(near, ("%s %s: %s, %s"):format(version, row.unit, wanted, scores[row.unit]))
         end
      end
      local before = audit_with{}
      check_scores("base", scores_of(before))
      for version, given in pairs(changes) do
         local row, after = version_of(version), audit_with(given)
         -- Ranks of indicators tell ties apart by rounding in COINr (coinr.md, 15.2): its scores differ there.
         if version ~= "normalisation_rank" then
            check_scores(version, scores_of(after))
            check_versions(row, compare.run(before, after).summary, 1e-7)
         else
            local summary = compare.run(before, after).summary
            assert.is_true(math.abs(tonumber(row.spearman) - summary.spearman) < 2e-3, summary.spearman)
         end
         count = count + 1
      end
      assert.are.equal(17, count + 7)
      assert.are.equal(17, #read "audit/compare/versions")
   end)

   it("computes what its advice would do: taken back, a fault leaves the base", function()
      -- Ranks that would move are those that the fault moved (compare/versions); alpha is that of the base (figures).
      local alpha, shares = {}, {}
      for row in read "audit/faults/figures":rows() do
         if row.quantity == "alpha" then alpha[row.variant .. " " .. row.subject] = tonumber(row.value) end
      end
      for row in base_scores:table("divergence"):rows() do shares[row.group] = row.apart_r2 end
      for variant, code in pairs {reversed = "reversed", moved = "misplaced"} do
         local audit, version, found = audits(variant), version_of(variant), nil
         for _, one in ipairs(audit.verdict.first) do
            if one.code == code and one.subject == "CPI" then found = one.effect end
         end
         assert.are.equal("CPI", found.turned or found.put)
         assert.are.equal(51 - tonumber(version.units_unmoved), found.moved)
         assert.are.equal(tonumber(version.max_abs_shift), found.most)
         assert.are.equal("Social", found.group)
         assert.is_true(math.abs(found.alpha_after - alpha["base Social"]) < 1e-9)
         assert.is_true(math.abs(found.alpha - alpha[variant .. " Social"]) < 1e-9)
         assert.is_true(math.abs(found.balance_after - shares.Social) < 1e-9)
         local said = ("Alpha of Social would be %.3f instead of %.3f. Importance and weight in Social would lie at "
            .. "most %.1f percentage points apart instead of %.1f"):format(found.alpha_after, found.alpha,
            100 * found.balance_after, 100 * found.balance)
         assert.is_truthy(table.concat(audit.verdict.sentences, "\n"):find(said, 1, true), said)
      end
   end)

   --- Figures of a variant by quantity and subject, under the names of figures.csv.
   local figures_known = {}
   local function figures_of(variant)
      if figures_known[variant] then return figures_known[variant] end
      local scores, raw = audits(variant)
      local found = {}
      figures_known[variant] = found
      local function put(quantity, subject, value) found[quantity .. " " .. subject] = value end
      for row in scores:table "places":rows() do
         for quantity, column in pairs {r_own = "r_own", r_rest = "r_rest", r_index = "r_index",
            r_best_other = "r_best"} do put(quantity, row.item, row[column]) end
      end
      for row in scores:table "groups":rows() do
         put("alpha", row.group, row.alpha)
         put("kmo", row.group, row.kmo)
         put("eig1", row.group, row.first * row.k)
      end
      for row in scores:table "alpha":rows() do put("alpha_if_dropped", row.item, row.alpha_without) end
      for row in scores:table "loadings":rows() do
         if row.component == 1 then put("loading1", row.item, row.loading) end
      end
      for row in raw:table "shape":rows() do
         put("skew", row.indicator, row.skewness)
         put("kurt", row.indicator, row.kurtosis)
         put("same_share", row.indicator, row.same)
      end
      local summary = require("difkit.audit.compare").run(base_scores:value(), scores:value()).summary
      put("max_shift", "Index", summary.most)
      put("rank_shift_mean", "Index", summary.mean)
      put("spearman", "Index", summary.spearman)
      return found
   end

   it("has the figures of every variant", function()
      local figures, count, absent = {}, 0, {}
      for row in read "audit/faults/figures":rows() do
         figures[row.variant] = figures[row.variant] or figures_of(row.variant)
         local wanted, got = tonumber(row.value), figures[row.variant][row.quantity .. " " .. row.subject]
         if wanted then
            if got == nil then absent[#absent + 1] = row.variant .. " " .. row.quantity .. " " .. row.subject
            else
               local near = math.abs(wanted - got) <= 1e-8 * math.max(1, math.abs(wanted))
               assert.is_true(near, ("%s %s %s: %s, %s"):format(row.variant, row.quantity, row.subject, wanted, got))
               count = count + 1
            end
         else
            assert.is_nil(got, row.variant .. " " .. row.quantity .. " " .. row.subject)
         end
      end
      assert.are.same({}, absent)
      assert.is_true(count > 690, count)
      local variants = {}
      for row in read "audit/faults/variants":rows() do variants[row.variant] = true end
      for variant in pairs(figures) do assert.is_truthy(variant == "base" or variants[variant], variant) end
   end)

   it("says what an audit must say of each fault, and not what it must not", function()
      local count = 0
      for row in read "audit/faults/must":rows() do
         local scores, raw = audits(row.variant)
         local flags, figures = flags_of(scores, raw), figures_of(row.variant)
         if row.expectation == "must" then
            local held = flags[row.flag .. " " .. row.subject]
            if row.flag == "loading sign" then held = figures["loading1 " .. row.subject] < 0
            elseif row.flag == "alpha_if_dropped > alpha" then
               held = figures["alpha_if_dropped " .. row.subject] > figures["alpha Social"]
            end
            assert.is_truthy(held, row.variant .. ": " .. row.flag .. " " .. row.subject)
            count = count + 1
         elseif row.expectation == "must_not" and row.subject:find "^%u%w+$" then
            -- "any new flag" of everything else is held above, against flags.csv.
            for flag in row.flag:gmatch "[%w_]+" do
               assert.is_nil(flags[flag .. " " .. row.subject], row.variant .. ": " .. flag .. " " .. row.subject)
            end
         end
         if row.flag == "move to another group" then
            for one in scores:findings():rows() do
               assert.is_false(one.subject == row.subject and one.code == "misplaced", one.sentence)
            end
         elseif row.flag:find "^change of KMO" then
            for _, quantity in ipairs {"kmo", "eig1"} do
               local apart = figures[quantity .. " " .. row.subject] - figures_of("base")[quantity .. " "
                  .. row.subject]
               assert.is_true(math.abs(apart) < 1e-9, quantity)
            end
         elseif row.flag == "improvement" then
            -- A higher alpha is never praised: no sentence of what holds speaks of it.
            for _, one in ipairs(scores.verdict.holds) do assert.is_nil(one.sentence:lower():find "alpha") end
         end
      end
      assert.are.equal(14, count)
   end)

   --- The findings of a variant about a subject: code -> finding.
   local function about(audit, subject)
      local found = {}
      for row in audit:findings():rows() do
         if row.subject == subject then found[row.code] = row end
      end
      return found
   end

   it("tells a reversed indicator from a misplaced one", function()
      local scores = audits "reversed"
      local found = about(scores, "CPI")
      assert.are.equal("finding", found.reversed.grade)
      assert.is_nil(found.misplaced)
      for row in scores:findings():rows() do
         if row.code == "misplaced" and row.within == "Social" then
            assert.are.equal("CPI", row.follows)
            assert.are_not.equal("finding", row.grade)
         end
      end
   end)

   it("says in its verdict nothing but figures of findings and of what was computed again", function()
      local finding, said = require "difkit.audit.finding", 0
      for _, variant in ipairs {"reversed", "duplicated", "moved"} do
         local audit = audits(variant)
         local shown = {["95"] = true} -- the level of the intervals
         local function allow(value)
            if type(value) ~= "number" then return end
            for _, text in ipairs {finding.number(value), finding.percent(value), finding.p(value),
               finding.points(value), ("%d"):format(math.floor(value))} do
               for number in text:gmatch "%d[%d.]*" do shown[number] = true end
            end
         end
         for _, value in pairs(audit.verdict.counts) do allow(value) end
         allow(audit.n)
         allow(#audit.verdict.first - 8)
         for _, one in ipairs(audit.verdict.holds) do
            for _, figure in ipairs(one.figures) do allow(figure) end
         end
         for _, one in ipairs(audit.verdict.first) do
            for _, figure in ipairs(one.figures) do allow(figure) end
            for _, value in pairs(one.effect or {}) do allow(value) end
         end
         for _, sentence in ipairs(audit.verdict.sentences) do
            -- Ids of indicators may hold digits; figures stand by themselves.
            for number in (" " .. sentence):gmatch "[^%w_](%d[%d.]*)" do
               number = number:gsub("%.$", "")
               assert.is_true(shown[number], variant .. ": " .. number .. " in: " .. sentence)
               said = said + 1
            end
         end
         -- What is said of leaving one out is what the index gives without it.
         for _, one in ipairs(audit.verdict.first) do
            if one.effect and one.effect.left_out and one.effect.alpha_after then
               local without = one.effect.left_out
               local items = {}
               for row in audit:table("alpha"):rows() do items[row.group .. row.item] = row.alpha_without end
               assert.are.equal(items[one.effect.group .. without], one.effect.alpha_after)
            end
         end
      end
      assert.is_true(said > 20, said)
   end)

   it("proposes the place of a moved indicator", function()
      local found = about(audits "moved", "CPI")
      assert.are.equal("finding", found.misplaced.grade)
      assert.is_truthy(found.misplaced.sentence:find "^CPI goes with Social ")
   end)

   it("gives no number for a singular group, and does not stop", function()
      for row in (audits "duplicated"):table "groups":rows() do
         if row.group == "Social" then
            assert.is_true(row.singular)
            assert.is_nil(row.kmo)
            assert.is_nil(row.p)
            assert.is_true(math.abs(row.alpha - 0.908) < 0.0005)
         end
      end
   end)
end)
