-- Every file of ../shared/reference/audit (DIFKIT_SHARED names another place; no part of the project) is read by a
-- test, or is listed here with a reason.
local asem = require "tests.support.asem"

--- Specs below tests/spec, by folder of the files they read; a file of another spec by name.
local readers = {
   aggregations = "index/aggregation_spec", asem = "audit/asem_spec", compare = "audit/faults_spec",
   em = "index/expectation_spec", faults = "audit/faults_spec", small = "audit/expected_spec", tai = "audit/small_spec",
   ["asem/bartlett"] = "audit/kernel_spec", ["asem/benefit_of_doubt"] = "audit/kernel_spec",
   ["asem/benefit_of_doubt_summary"] = "audit/kernel_spec", ["asem/bootstrap_r"] = "audit/kernel_spec",
   ["asem/factorial_scores"] = "index/factorial_spec", ["asem/factorial_sobol"] = "index/factorial_spec",
   ["asem/factorial_sobol_units"] = "index/factorial_spec", ["asem/one_at_a_time_scores"] = "audit/faults_spec",
   ["asem/optimal_weights"] = "audit/kernel_spec", ["asem/optimal_weights_summary"] = "audit/kernel_spec",
   ["small/smoothers"] = "audit/kernel_spec", ["small/smoothers_summary"] = "audit/kernel_spec",
   ["small_n/asean10_groups"] = "audit/kernel_spec", ["small_n/fisher_intervals"] = "audit/small_spec",
}

--- Results of simulations: they are where the text on small samples comes from, and no figures to agree with.
local of_the_text = "the README of the files says: for the text, not for tests"
local reasons = {
   ["small_n/asem_subsamples_flags"] = of_the_text, ["small_n/asem_subsamples_groups"] = of_the_text,
   ["small_n/false_alarms_misplaced"] = of_the_text, ["small_n/importance_reml_under_independence"] = of_the_text,
   ["small_n/importance_under_independence"] = of_the_text, ["small_n/parallel_first_eigenvalue"] = of_the_text,
}

describe("the reference figures of an audit", function()
   if not asem.there() then
      pending("are listed where their files are present (" .. asem.folder .. "audit is not)")
      return
   end

   it("are read by a test each, or have a reason why not", function()
      local listing = assert(io.popen("cd '" .. asem.folder .. "audit' && find . -name '*.csv' | LC_ALL=C sort"))
      local count, unread = 0, {}
      for path in listing:lines() do
         local name = path:match "^%./(.*)%.csv$"
         local folder, base = name:match "^(.*)/(.*)$"
         local spec = readers[name] or readers[folder]
         if not reasons[name] then
            local file = spec and io.open("tests/spec/" .. spec .. ".lua", "rb")
            local text = file and file:read "a" or ""
            if file then file:close() end
            -- By name; the data of expectation_spec by the beginning of it.
            local named = text:find(base .. '"', 1, true) or base:find "^data_" and text:find('"data_"', 1, true)
            if not named then unread[#unread + 1] = name end
         end
         count = count + 1
      end
      listing:close()
      assert.are.same({}, unread)
      assert.are.equal(73, count)
   end)
end)
