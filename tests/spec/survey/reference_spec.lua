-- Estimates of surveys against R 4.2.2, package survey 4.1-1: every figure that the methods have in common, to 1e-9.
-- The files are read from ../shared/reference/survey (DIFKIT_SHARED names another place than ../shared) and are no
-- part of the project.
local reference = require "tests.support.survey"
local survey = require "difkit.survey"
local read = reference.read

--- The six designs of the Californian schools.
local function school_designs()
   local strat, clus1, clus2 = read "data/apistrat", read "data/apiclus1", read "data/apiclus2"
   local districts, schools, count = {}, {}, 0
   for row in clus2:rows() do
      if not districts[row.dnum] then districts[row.dnum], count = true, count + 1 end
      schools[row.dnum] = (schools[row.dnum] or 0) + 1
   end
   clus2 = clus2:derive("w", function(row) return row.fpc1 / count * row.fpc2 / schools[row.dnum] end)
   return {
      apistrat_fpc = survey(strat, {weight = "pw", strata = "stype", population = "fpc"}),
      apistrat_wr = survey(strat, {weight = "pw", strata = "stype"}),
      apiclus1_fpc = survey(clus1, {weight = "pw", cluster = "dnum", population = "fpc"}),
      apiclus1_wr = survey(clus1, {weight = "pw", cluster = "dnum"}),
      apiclus2_fpc = survey(clus2, {
         weight = "w", cluster = "dnum", subcluster = "snum", population = "fpc1", subpopulation = "fpc2",
      }),
      apiclus2_wr = survey(clus2, {weight = "w", cluster = "dnum"}),
   }
end

--- "sch.wideYes", "sch.wide == 'Yes'" → the question and its answer; "api00" → itself.
local function parts_of(variable)
   for _, name in ipairs {"sch.wide", "stype"} do
      if variable:sub(1, #name) == name then return name, variable:match "'(.*)'" or variable:sub(#name + 1) end
   end
   return variable
end

local function domain_of(text)
   local name, value = (text or ""):match "^(.-)=(.*)$"
   return name and {[name] = value}
end

--- R counts the degrees of freedom before missing answers went: intervals are compared where that makes no difference.
local function compare(same, got, row)
   same("estimate", got.estimate, row.estimate, row)
   same("standard error", got.standard_error, row.se, row)
   if row.df == nil or got.df == row.df then
      same("low", got.low, row.low, row)
      same("high", got.high, row.high, row)
   end
end

--- The smallest answer to a question.
local function least(one, question, where)
   local smallest = math.huge
   for index = 1, one.design.size do
      local value = one.question(question).value[index]
      local inside = one.domain "year"[index] == where.year and (not where.unit
         or one.domain "unit"[index] == where.unit)
      if value and inside then smallest = math.min(smallest, value) end
   end
   return smallest
end

describe("estimates of surveys agree with R:", function()
   if not reference.there() then
      pending("compared where its files are present (" .. reference.folder .. " is not)")
      return
   end
   local designs = school_designs()

   it("means, totals, shares and ratios with design effects, whole and in domains", function()
      local check = reference.checker()
      for _, name in ipairs {"taylor", "domain"} do
         for row in read("expected/" .. name):rows() do
            local design, got = designs[row.design], nil
            local question, answer = parts_of(row.variable)
            local options = {question = question, where = domain_of(row.domain), suppress = false}
            if row.case == "rows_dropped_wrong" then
               got = nil -- another test
            elseif row.case == "kish" then
               check.same("Kish", design:effective_size(), row.estimate, row)
            elseif row.case == "ratio" then
               got = design:ratio{question = "api.stu", of = "enroll", suppress = false}[1]
            elseif row.statistic == "total" then
               got = not answer and design:total(options)[1]
            elseif answer then
               options.answer, options.interval = answer, "wald"
               got = design:share(options)[1]
            else
               got = design:mean(options)[1]
            end
            if got then
               compare(check.same, got, row)
               if row.statistic ~= "deff_replace" then check.same("design effect", got.design_effect, row.deff, row) end
            end
         end
      end
      assert.is_true(check.checked > 780, tostring(check.checked))
   end)

   it("a domain is not a sample of its own: dropping rows gives another error", function()
      for row in read "expected/domain":rows() do
         if row.case == "rows_dropped_wrong" and row.statistic == "mean" and row.design == "apistrat_fpc" then
            local got = designs[row.design]:mean{question = "enroll", where = domain_of(row.domain)}[1]
            assert.is_true(math.abs(got.standard_error - row.se) > 1)
         end
      end
   end)

   it("intervals of shares", function()
      local check = reference.checker()
      local kinds = {mean = "wald", xlogit = "logit", asin = "arcsine", beta = "beta", wilson_neff_t = "wilson"}
      for row in read "expected/share_intervals":rows() do
         local question, answer = parts_of(row.variable)
         if kinds[row.statistic] and answer then
            local got = designs[row.design]:share{question = question, answer = answer,
               interval = kinds[row.statistic]}[1]
            compare(check.same, got, row)
         end
      end
      assert.is_true(check.checked >= 180, tostring(check.checked))
   end)

   it("quantiles and Woodruff's intervals", function()
      local check = reference.checker()
      local rules = {["qrule math"] = "math", ["qrule hf1"] = "math", ["qrule school"] = "school"}
      local kinds = {mean = "wald", xlogit = "logit", asin = "arcsine", beta = "beta"}
      for row in read "expected/quantiles":rows() do
         local rule, kind = rules[row.statistic], kinds[row.statistic]
         if rule or kind then
            local got = designs[row.design]:quantile{
               question = row.variable, p = tonumber(row.domain), rule = rule, interval = kind,
            }[1]
            compare(check.same, got, row)
         end
      end
      assert.is_true(check.checked > 600, tostring(check.checked))
   end)

   it("replicate weights of seven kinds", function()
      local check, scales, known = reference.checker(), {}, {}
      for row in read "expected/replicate_scales":rows() do scales[row.design] = row end
      local methods = {JK1 = "jk1", JKn = "jkn", BRR = "brr", Fay = "fay", boot = "other", subboot = "bootstrap"}
      local function survey_of(name, mean)
         local base, kind = name:match "^(%w+)_(%a+)"
         if name == "scd_JKn" or scales[name].replicates <= 60 then
            local data, weights = read("data/" .. base), read("data/rep_" .. name)
            local columns = {}
            for r = 1, scales[name].replicates do columns[r] = "r" .. r end
            for _, column in ipairs(weights.columns) do
               data = data:derive(column, function(_, i) return weights[i][column] end)
            end
            local given = {
               columns = columns, weights = "whole", method = kind == "JK" and methods["JK1"]
                  or methods[name:match "_(%a+%d?)"]
                  or methods[kind], centre = mean and "mean" or "estimate", fay = kind == "Fay" and 0.3 or nil,
            }
            if kind == "boot" or name:find "fpc" then given.scale = scales[name].scale end
            if name == "scd_JKn" then given.scales = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5} end
            return survey(data, {weight = "weight", replicates = given, smallest = 1})
         end
      end
      for row in read "expected/replicates":rows() do
         local mean = row.case:find "FALSE" ~= nil
         known[row.case .. row.design] = known[row.case .. row.design] or survey_of(row.design, mean)
         local one = known[row.case .. row.design]
         if one then
            local question, answer = parts_of(row.variable or "")
            local got
            if row.statistic == "ratio" then
               local scd = row.design:find "^scd"
               got = one:ratio{question = scd and "alive" or "api.stu", of = scd and "arrests" or "enroll",
                  suppress = false}[1]
            elseif answer then
               got = row.statistic == "mean" and one:share{question = question, answer = answer, interval = "wald"}[1]
            else
               got = one[row.statistic](one, {question = question, where = domain_of(row.domain), suppress = false})[1]
            end
            if got then
               if row.design:find "subboot" then got.df, row.df, row.low, row.high = nil, nil, nil, nil end
               compare(check.same, got, row)
               check.same("df", got.df, row.df, row)
            end
         end
      end
      assert.is_true(check.checked > 400, tostring(check.checked))
   end)

   it("strata of one cluster, by each rule, whole and in a domain", function()
      local check, data = reference.checker(), read "data/lonely"
      for row in read "expected/lonely":rows() do
         local rule = row.domain:match "^%a+"
         local one = survey(data, {weight = "w", strata = "stratum", cluster = "psu", lonely = rule})
         local where = row.domain:find "dom=a" and {dom = "a"} or nil
         if not row.domain:find "TRUE" then
            local method = row.statistic == "svytotal" and one.total or one.mean
            compare(check.same, method(one, {question = "y", where = where, suppress = false})[1], row)
         end
      end
      assert.is_true(check.checked >= 24, tostring(check.checked))
   end)

   it("two business surveys: every question, unit and year", function()
      local check = reference.checker()
      local missing = {["-97"] = "refused", ["-98"] = "unknown", ["-99"] = "not_applicable"}
      local surveys = {
         bsa = survey(read "data/bsa", {
            weight = "weight", strata = {"unit", "year", "stratum"}, population = "fpc", missing = missing,
         }),
         bsb = survey(read "data/bsb", {
            weight = "weight", strata = {"unit", "year", "stratum"}, cluster = "cluster", missing = missing,
               lonely = "adjust",
         }),
      }
      local statistics = {
         share = "share", share_xlogit = "share", share_korn_graubard = "share", mean = "mean", total = "total",
         median = "quantile", ratio = "ratio",
      }
      local kinds = {share = "wald", share_xlogit = "logit", share_korn_graubard = "beta"}
      for row in read "expected/business":rows() do
         local one, unit, year = surveys[row.design], row.domain:match "^(%a+) (%d+)$"
         local where = {year = tonumber(year), unit = unit ~= "ASEAN" and unit or nil}
         if row.case == "business" and statistics[row.statistic] then
            local question, answer = (row.variable or ""):match "^(Q%d)=?=?(%d*)"
            local options = {question = question, where = where, suppress = false, interval = kinds[row.statistic]}
            if row.statistic == "ratio" then options.of = "Q6" end
            if kinds[row.statistic] then options.answer = tonumber(answer) or 1 end
            local got = one[statistics[row.statistic]](one, options)[1]
            if row.statistic == "median" and got.low ~= row.low then
               -- R 4.1-1 gives the second answer where the bound lies below the weight of the first.
               assert.are.equal(least(one, question, where), got.low)
               row.low, row.se = nil, nil
            end
            if row.se == 0 then row.low, row.high = nil, nil end -- R gives a point, which says nothing
            compare(check.same, got, row)
            check.same("n", got.n, row.n, row)
            check.same("df", got.df, row.df, row)
            if row.statistic == "share" or row.statistic == "mean" then
               check.same("design effect", got.design_effect, row.deff, row)
            end
         elseif row.statistic == "n_eff_kish" then
            check.same("Kish", one:effective_size(where), row.estimate, row)
         elseif row.case == "nothing" then
            local got = one:nothing{question = row.variable, where = where}:where{kind = row.statistic}[1]
            check.same("n", got.n, row.n, row)
            check.same("weight", got.weight, row.estimate, row)
         end
      end
      assert.is_true(check.checked > 6000, tostring(check.checked))
   end)
end)
