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
   local function audits(variant)
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

   it("says what each change did to scores and ranks, as scipy does", function()
      local compare, count = require "difkit.audit.compare", 0
      local before = base_scores:value()
      for row in read "audit/compare/versions":rows() do
         local known = ({duplicated = true, reversed = true, moved = true, constant = true})[row.version_b]
         if known then
            local summary = compare.run(before, (audits(row.version_b)):value()).summary
            local function near(wanted, got, tolerance)
               assert.is_true(math.abs(tonumber(wanted) - got) <= tolerance, row.version_b .. ": " .. wanted .. ", "
                  .. got)
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
            near(row.mean_score_change, summary.mean_change, 1e-7)
            near(row.max_abs_score_change, summary.largest_change, 1e-7)
            count = count + 1
         end
      end
      assert.are.equal(4, count)
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
               ("%d"):format(math.floor(value))} do
               for number in text:gmatch "%d[%d.]*" do shown[number] = true end
            end
         end
         for _, value in pairs(audit.verdict.counts) do allow(value) end
         allow(audit.n)
         allow(#audit.verdict.first - 8)
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
            if one.effect and one.effect.alpha_without then
               local without = one.effect.left_out
               local items = {}
               for row in audit:table("alpha"):rows() do items[row.group .. row.item] = row.alpha_without end
               assert.are.equal(items[one.effect.group .. without], one.effect.alpha_without)
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
