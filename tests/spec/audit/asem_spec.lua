-- The sections of an audit on the ASEM example of COINr 1.1.14, whole pipeline, against R (psych, mgcv, COINr,
-- quadprog, lpSolve). The files are read from ../shared/reference (DIFKIT_SHARED names another place) and are no part
-- of the project.
local difkit = require "difkit"
local asem = require "tests.support.asem"
local SHARED, there, read, spec_of = asem.folder, asem.there, asem.read, asem.spec_of
local function number(value) return tonumber(value) end

describe("an audit of ASEM", function()
   if not there() then
      pending("is compared where its files are present (" .. SHARED .. "audit is not)")
      return
   end
   local result = assert(difkit.index(spec_of(read "asem/00_iMeta")):compute(read("asem/00_iData"):drop "Time"))
   local audit = result:audit{runs = 500, sobol = 16, bootstrap = 100}

   --- Rows of a table of the audit by the values of two columns.
   local function by(id, first, second)
      local found = {}
      for row in audit:table(id):rows() do found[row[first] .. "/" .. tostring(second and row[second])] = row end
      return found
   end

   local function close(wanted, got, tolerance, what)
      wanted = number(wanted)
      local near = wanted and got and math.abs(wanted - got) <= tolerance * math.max(1, math.abs(wanted))
      assert.is_true(near, ("%s: wanted %s, got %s"):format(what, wanted, got))
   end

   it("has the figures of psych for every group", function()
      local groups, alphas, count = by("groups", "group"), by("alpha", "group", "item"), 0
      for row in read "audit/asem/cronbach":rows() do
         if groups[row.group .. "/nil"] then
            close(row.alpha_raw, groups[row.group .. "/nil"].alpha, 1e-9, row.group)
            count = count + 1
         end
      end
      assert.are.equal(11, count)
      for row in read "audit/asem/cronbach_items":rows() do
         local got = alphas[row.group .. "/" .. row.item]
         if got and got.alpha_without then
            close(row.alpha_raw_if_dropped, got.alpha_without, 1e-9, row.item)
            count = count + 1
         end
      end
      assert.is_true(count > 60)
      for row in read "audit/asem/kmo":rows() do
         local got = groups[row.group .. "/nil"]
         if row.item == "overall" and got and got.kmo then close(row.msa, got.kmo, 1e-9, row.group) end
      end
      for row in read "audit/asem/parallel_analysis":rows() do
         local got = groups[row.group .. "/nil"]
         if got and row.pc == 1 then assert.are.equal(number(row.retained_q95), got.kept, row.group) end
      end
   end)

   it("has the correlations, intervals and Williams' tests of every indicator", function()
      local places, count = by("places", "item"), 0
      for row in read "audit/asem/misplaced":rows() do
         local got = places[row.indicator .. "/nil"]
         close(row.r_own, got.r_own, 1e-9, row.indicator)
         close(row.r_own_rest, got.r_rest, 1e-9, row.indicator)
         close(row.r_index, got.r_index, 1e-9, row.indicator)
         assert.are.equal(row.best_other, got.best)
         close(row.r_best_other, got.r_best, 1e-9, row.indicator)
         close(row.williams_t, got.t, 1e-9, row.indicator)
         close(row.williams_p, got.p, 1e-9, row.indicator)
         count = count + 1
      end
      assert.are.equal(49, count)
   end)

   it("has the importance of mgcv's splines, and its shares", function()
      local parts, count = by("importance", "group", "item"), 0
      for row in read "audit/asem/importance":rows() do
         local got = row.set == row.aggregate and parts[row.set .. "/" .. row.item]
         if got then
            close(row.r2, got.r2, 1e-9, row.item)
            close(row.nominal_weight, got.weight, 1e-9, row.item)
            if number(row.unique) > 5 then close(row.S_pspline_reml, got.ratio, 1e-6, row.item)
            else close(row.S_group_means, got.ratio, 1e-9, row.item) end
            count = count + 1
         end
      end
      assert.is_true(count >= 59, count)
   end)

   it("has quadprog's weights for equal importance", function()
      local target, count = by("target", "group", "item"), 0
      for row in read "audit/asem/optimal_weights_nnls":rows() do
         local got = target[row.set .. "/" .. row.item]
         if got then
            close(row.nnls_weight, got.weight, 1e-9, row.item)
            close(row.importance, got.after, 1e-9, row.item)
            count = count + 1
         end
      end
      assert.is_true(count >= 59, count)
      local unreachable = {}
      for row in audit:findings():rows() do
         if row.code == "unreachable" then unreachable[row.subject] = true end
      end
      assert.are.same({Physical = true, ConEcFin = true, Political = true, Social = true, Conn = true}, unreachable)
   end)

   it("has the trade-offs in raw units", function()
      local trade, count = by("trade_offs", "indicator"), 0
      for row in read "audit/asem/tradeoffs_marginal":rows() do
         local got = trade[row.indicator .. "/nil"]
         close(row.effective_weight, got.effective_weight, 1e-9, row.indicator)
         close(row.index_points_per_raw_unit, got.points_per_unit, 1e-9, row.indicator)
         close(row.index_points_per_sd, got.points_per_deviation, 1e-9, row.indicator)
         close(row.raw_units_per_index_point, got.units_per_point, 1e-9, row.indicator)
         count = count + 1
      end
      assert.are.equal(49, count)
   end)

   it("counts who ranks elsewhere in each part", function()
      local shifts, count = by("shifts", "component"), 0
      for row in read "audit/asem/added_value":rows() do
         local got = shifts[row.component .. "/nil"]
         assert.are.equal(number(row.units_10_or_more), got.ten)
         assert.are.equal(number(row.units_tenth_or_more), got.tenth)
         assert.are.equal(number(row.max_abs_shift), got.most)
         close(row.mean_abs_shift, got.mean, 1e-9, row.component)
         close(row.spearman, got.spearman, 1e-9, row.component)
         count = count + 1
      end
      assert.are.equal(10, count)
   end)

   it("has COINr's one choice at a time", function()
      local choices, count = by("choices", "step", "alternative"), 0
      local names = {["mean of all units"] = "imputation/mean", ["median of all units"] = "imputation/median",
         ["none (weights rescaled)"] = "imputation/none", none = "treatment/none"}
      for row in read "audit/asem/one_at_a_time":rows() do
         local got = choices[names[row.alternative] or ""]
         if got then
            close(row.spearman, got.spearman, 1e-9, row.alternative)
            close(row.mean_abs_shift, got.mean, 1e-9, row.alternative)
            assert.are.equal(number(row.max_abs_shift), got.most, row.alternative)
            assert.are.equal(number(row.units_moved), got.moved, row.alternative)
            count = count + 1
         end
      end
      assert.are.equal(4, count)
   end)

   it("finds the gaps that hide in pillars", function()
      local found = {}
      for row in audit:findings():rows() do
         if row.code == "coverage" then found[#found + 1] = row.subject .. " " .. tostring(row.within) end
      end
      table.sort(found)
      local low = {}
      for row in read "audit/asem/coverage":rows() do
         if tonumber(row.below_65) == 1 then low[#low + 1] = row.code end
      end
      assert.are.equal(#low, #found)
      for row in audit:findings():rows() do
         if row.code == "coverage" then assert.are.equal("finding", row.grade) end
      end
   end)

   it("has lpSolve's benefit of the doubt, with shares of a quarter to three quarters", function()
      local frontier, count = by("frontier", "unit"), 0
      for row in read "audit/asem/benefit_of_doubt_subindices_025_075":rows() do
         local got = frontier[row.unit .. "/nil"]
         close(row.score, got.frontier, 1e-9, row.unit)
         count = count + 1
      end
      assert.are.equal(51, count)
   end)

   it("makes every sentence from its figures, and claims no more", function()
      local count = 0
      for _, section in ipairs(audit.sections) do
         for _, one in ipairs(section.findings) do
            assert.are.equal(one.text:format(table.unpack(one.values)), one.sentence)
            -- Every number of the sentence is a figure of the finding, as the sentence writes it.
            local shown = {}
            local finding = require "difkit.audit.finding"
            for _, figure in ipairs(one.figures) do
               if type(figure) == "number" then
                  for _, text in ipairs {finding.number(figure), finding.percent(figure), finding.p(figure),
                     ("%d"):format(math.floor(figure))} do shown[text] = true end
               end
            end
            for _, value in ipairs(one.values) do
               local text = tostring(value)
               if text:find "^[−%d]" and not text:find "[%a]" then
                  local known = shown[text] or shown["= " .. text]
                  for part in text:gmatch "[^ ]+" do known = known or shown[part] end
                  assert.is_truthy(known, one.code .. ": " .. one.sentence .. " | " .. text)
                  count = count + 1
               end
            end
         end
      end
      assert.is_true(count > 100, count)
   end)

   it("says neither passed nor certified, and names itself a self-assessment", function()
      local text = audit:report():markdown()
      assert.is_truthy(text:find("# Self-assessment along the steps of a JRC audit", 1, true))
      assert.is_truthy(text:find("necessary and not sufficient", 1, true))
      assert.is_nil(text:lower():find("passed the", 1, true))
      assert.is_nil(text:find("JRC-grade", 1, true))
      for _, sentence in ipairs(audit.verdict.sentences) do
         assert.is_nil(sentence:find "passed")
         assert.is_nil(sentence:find "robust")
      end
   end)

   it("is the same twice, and under 1 MB", function()
      local again = result:audit{runs = 500, sobol = 16, bootstrap = 100}
      assert.are.equal(difkit.json.encode(audit:value()), difkit.json.encode(again:value()))
      assert.is_true(#audit:report():html() < 1000000)
   end)
end)
