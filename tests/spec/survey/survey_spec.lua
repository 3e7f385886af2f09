-- Surveys by hand, in a database, and what is refused and not shown.
local difkit = require "difkit"
local spec = require "tests.support.spec"
local survey = require "difkit.survey"

local function near(wanted, got, tolerance) assert.near(wanted, got, tolerance or 1e-6) end

--- Six rows of two strata, 30 and 6 in the population: worked by hand below.
local six = difkit.table({"id", "stratum", "N", "w", "y", "yes", "dom"}, {
   {1, "S", 30, 10, 2, 0, "p"}, {2, "S", 30, 10, 4, 1, "p"}, {3, "S", 30, 10, 9, 1, "q"},
   {4, "L", 6, 2, 10, 1, "p"}, {5, "L", 6, 2, 20, 1, "q"}, {6, "L", 6, 2, 30, 0, "q"},
})
local options = {weight = "w", strata = "stratum", smallest = 1}

--- A folder with the given files.
local function folder(files)
   local path = spec.temporary()
   os.execute("mkdir " .. path)
   for name, text in pairs(files) do
      local file = assert(io.open(path .. "/" .. name, "wb"))
      file:write(text)
      file:close()
   end
   return path
end

local head = [[
framework: {id: t, title: T}
units: [{id: A, title: A}, {id: B, title: B}]
surveys:
  - id: s
    title: S
    weight_columns: r
    missing: [{code: -97, kind: refused}, {code: -99, kind: not_applicable}]
    questions:
      - {id: yes, kind: yesno, text: "Yes?"}
      - {id: pick, kind: choice, text: "Which?", choices: [{id: 1, title: one}, {id: two, title: two}]}
      - {id: money, kind: number, lower: 0, text: "How much?"}
]]

local function load(files)
   local path = folder(files)
   local db, message, _, findings = difkit.open(path)
   os.execute("rm -r " .. path)
   return db, message, findings
end

describe("six rows by hand", function()
   it("have the mean 270 / 36 and the variance 5100 / 36²", function()
      local row = survey(six, options):mean{question = "y"}[1]
      near(7.5, row.estimate)
      near(math.sqrt(5100) / 36, row.standard_error)
      assert.equal(4, row.df)
   end)

   it("lose the part that was drawn of each stratum when populations are given", function()
      local row = survey(six, {weight = "w", strata = "stratum", population = "N"}):mean{question = "y",
         suppress = false}[1]
      near(math.sqrt(1.5 * (0.9 * 2600 + 0.5 * 800)) / 36, row.standard_error)
   end)

   it("keep all clusters in a domain", function()
      local row = survey(six, options):mean{question = "y", where = {dom = "p"}}[1]
      near(80 / 22, row.estimate)
      -- z·22: -16.3636, 3.6364, 0; 12.7273, 0, 0; squares about the means of three.
      local a, b, c = 10 * (2 - 80 / 22), 10 * (4 - 80 / 22), 2 * (10 - 80 / 22)
      local s, l = (a + b) / 3, c / 3
      local v = 1.5 * ((a - s) ^ 2 + (b - s) ^ 2 + s ^ 2 + (c - l) ^ 2 + 2 * l ^ 2) / 22 ^ 2
      near(math.sqrt(v), row.standard_error)
   end)

   it("count as 36² / 312 by Kish", function() near(36 ^ 2 / 312, survey(six, options):effective_size()) end)

   it("have the median at which the weights reach half: 30 of 36 are S, the second of which reaches 18", function()
      assert.equal(4, survey(six, options):quantile{question = "y"}[1].estimate)
   end)
end)

describe("quantiles of distributions", function()
   local distribution = require "difkit.survey.distribution"

   it("are those of the tables of Student's t", function()
      for df, t in pairs {[1] = 12.706204736, [2] = 4.302652730, [10] = 2.228138852, [30] = 2.042272456,
         [120] = 1.979930405} do
         near(t, distribution.t_quantile(0.975, df), 1e-8)
      end
   end)

   it("have the closed forms of beta(1, n) and beta(n, 1)", function()
      for _, n in ipairs {1, 7, 250, 20000} do
         near(1 - 0.975 ^ (1 / n), distribution.beta_quantile(0.025, 1, n), 1e-12)
         near(0.025 ^ (1 / n), distribution.beta_quantile(0.025, n, 1), 1e-12)
      end
   end)
end)

describe("shares", function()
   it("of nobody have the exact interval up to 1 - 0.025^(1/n)", function()
      local rows = {}
      for i = 1, 20 do rows[i] = {1, 0} end
      local t = difkit.table({"w", "y"}, rows)
      local row = survey(t, {weight = "w"}):share{question = "y"}[1]
      assert.equal(0, row.estimate)
      assert.equal(0, row.low)
      near(1 - 0.025 ^ (1 / 20), row.high, 1e-10)
      assert.is_nil(survey(t, {weight = "w"}):share{question = "y", interval = "wald"}[1].high)
   end)

   it("of all answers add up to 1, and those asked count on request", function()
      local t = difkit.table({"w", "y"}, {{1, "a"}, {2, "b"}, {3, "c"}, {2, "a"}, {2, "no"}, {5, "filtered"}})
      local one = survey(t, {
         weight = "w", smallest = 1, missing = {no = "refused", filtered = "not_applicable"},
      })
      local sum = 0
      for row in one:share{question = "y"}:rows() do sum = sum + row.estimate end
      near(1, sum, 1e-12)
      near(3 / 8, one:share{question = "y", answer = "a"}[1].estimate, 1e-12)
      local row = one:share{question = "y", answer = "a", of = "asked"}[1]
      near(3 / 10, row.estimate, 1e-12)
      near(8 / 10, row.response_rate, 1e-12)
      assert.same({4, 5}, {one:share{question = "y", answer = "a"}[1].n, row.asked})
   end)
end)

describe("what is not shown", function()
   local function sample(count, change)
      local rows = {}
      for i = 1, count do rows[i] = {i % 3 == 0 and "x" or "y", 10, i} end
      if change then change(rows) end
      return survey(difkit.table({"group", "w", "v"}, rows), {weight = "w"})
   end

   it("are cells of fewer than five, with all that would give them away", function()
      local t = sample(12):mean{question = "v", by = "group"}
      assert.same({true, "Q", "fewer than 5 respondents"}, {t[1].suppressed, t[1].flag, t[1].reason})
      for _, name in ipairs {"estimate", "standard_error", "low", "high", "n",
         "effective_n"} do assert.is_nil(t[1][name]) end
      assert.is_false(t[2].suppressed)
      assert.is_number(sample(12):mean{question = "v", by = "group", smallest = 3}[1].estimate)
   end)

   it("are totals that two make up", function()
      local one = sample(12, function(rows) rows[1][3] = 1e6 end)
      assert.equal("the largest 2 make up more than 85 %", one:total{question = "v"}[1].reason)
      assert.is_number(one:mean{question = "v"}[1].estimate)
   end)

   it("are a second cell beside a margin", function()
      local t = sample(12):total{question = "v", by = "group", margins = true}
      assert.same({true, true, false}, {t[1].suppressed, t[2].suppressed, t[3].suppressed})
      assert.equal("so that no other can be found by subtraction", t[2].reason)
   end)

   it("is an empty domain, which is said", function()
      local row = sample(12):mean{question = "v", where = {group = "z"}}[1]
      assert.same({0, "nobody in it has answered"}, {row.n, row.reason})
      assert.is_nil(row.estimate)
   end)
end)

describe("designs", function()
   it("refuse what cannot be right", function()
      local function of(rows, given)
         given.weight = "w"
         return spec.problem(survey, difkit.table({"w", "h", "c", "N"}, rows), given)
      end
      assert.matches("has the weight %-1", (of({{-1, "a", "c", 5}}, {})))
      assert.matches("has no weight", (of({{nil, "a", "c", 5}}, {})))
      assert.matches("population of 1 and 2 drawn", (of({{1, "a", "c", 1}, {1, "a", "d", 1}}, {strata = "h",
         cluster = "c",
         population = "N"})))
      assert.matches("populations 5 and 6", (of({{1, "a", "c", 5}, {1, "a", "d", 6}}, {strata = "h",
         population = "N"})))
   end)

   it("fail on a stratum of one cluster only where it is in the domain", function()
      local rows = difkit.table({"w", "h", "y"}, {{1, "a", 1}, {1, "a", 2}, {1, "a", 4}, {1, "b", 5}})
      local one = survey(rows, {weight = "w", strata = "h", smallest = 1})
      local message, hint = spec.problem(one.mean, one, {question = "y"})
      assert.equal('survey: the stratum "b" has one cluster alone, so its variance is not known', message)
      assert.matches('lonely = "adjust"', hint)
      assert.is_number(one:mean{question = "y", where = {h = "a"}}[1].standard_error)
   end)

   it("tell clusters apart by their stratum", function()
      local rows = difkit.table({"w", "h", "c", "y"}, {
         {1, "a", "1", 1}, {1, "a", "2", 2}, {1, "b", "1", 4}, {1, "b", "2", 5},
      })
      assert.equal(4, #survey(rows, {weight = "w", strata = "h", cluster = "c"}).design.clusters)
   end)

   it("make half-samples in which each cluster stands as often as not, and weights keep their mean", function()
      local rows = {}
      for h = 1, 5 do
         for c = 1, 2 do rows[#rows + 1] = {3, "s" .. h, h * c} end
      end
      local t = difkit.table({"w", "h", "y"}, rows)
      local linear = survey(t, {weight = "w", strata = "h"}):total{question = "y", suppress = false}[1].standard_error
      for _, method in ipairs {"brr", "fay", "jkn"} do
         local one = survey(t, {weight = "w", strata = "h", replicates = {method = method, fay = 0.3}})
         near(linear, one:total{question = "y", suppress = false}[1].standard_error, 1e-9)
         if method == "brr" then
            for index = 1, 10 do
               local sum, active = 0, 0
               for _, weights in ipairs(one.design.replicates.weights) do
                  sum, active = sum + weights[index], active + (weights[index] > 0 and 1 or 0)
               end
               assert.same({3.0 * 8, 4}, {sum, active})
            end
         end
      end
      local boot = survey(t, {weight = "w", strata = "h", replicates = {method = "bootstrap", count = 2000, seed = 3}})
      local ratio = boot:total{question = "y", suppress = false}[1].standard_error / linear
      assert.is_true(ratio > 0.93 and ratio < 1.07, tostring(ratio))
   end)

   it("refuse quantiles by the jackknife and replicates of which nobody says what they are", function()
      local one = survey(six, {weight = "w", strata = "stratum", replicates = {method = "jkn"}})
      assert.matches("jackknife", (spec.problem(one.quantile, one, {question = "y"})))
      assert.matches("whole or factors", (spec.problem(survey, six, {weight = "w", replicates = {columns = {"y"}}})))
   end)
end)

describe("a survey in a database", function()
   local csv = "id,unit,period,stratum,population,weight,yes,pick,money,r1,r2\n"
      .. "p1,A,2024,h,10,5,1,1,10,10,0\np2,A,2024,h,10,5,0,two,,0,10\n"
      .. "p3,B,2024,h,8,4,-97,1,30.5,8,0\np4,B,2024,h,8,4,1,two,-99,0,8\n"

   it("comes from one file, a row a respondent", function()
      local db = assert(load{["f.yaml"] = head .. "respondents: {csv: p.csv, survey: s}\n", ["p.csv"] = csv})
      local one = db:survey "s"
      assert.equal('survey "s": 4 respondents, 2 strata, 4 clusters', tostring(one))
      near(9 / 14, one:share{question = "yes", suppress = false}[1].estimate, 1e-12)
      local kinds = {}
      for row in one:nothing{question = "money"}:rows() do kinds[row.kind] = row.n end
      assert.same({answer = 2, not_applicable = 1, none = 1}, kinds)
      assert.same({1, "two"}, {one:share{question = "pick", suppress = false}[1].answer,
         one:share{question = "pick", suppress = false}[2].answer})
      assert.equal(8, db:query("SELECT count(*) FROM replicate_weight"):value())
      assert.equal("p.csv:3", db:query("SELECT origin FROM response WHERE respondent_id = 'p2' LIMIT 1"):value())
   end)

   it("takes its replicate weights", function()
      local with = head:gsub("weight_columns: r",
         "weight_columns: r\n    replication: jk1\n    replicate_form: whole")
      local db = assert(load{["f.yaml"] = with .. "respondents: {csv: p.csv, survey: s}\n", ["p.csv"] = csv})
      -- Replicate 1 has the answers of p1 and p3; replicate 2 that of nobody: an error, never a smaller sum.
      local one = db:survey "s"
      assert.matches("1 of 2 replicates give no estimate", (spec.problem(one.mean, one, {question = "money"})))
      -- Shares of yes: 1 of p1 alone, p3 having refused; 4 of 9 for the second; the whole, 9 of 14.
      local row = one:share{question = "yes", interval = "wald", suppress = false}[1]
      near(math.sqrt(0.5 * ((1 - 9 / 14) ^ 2 + (8 / 18 - 9 / 14) ^ 2)), row.standard_error, 1e-12)
   end)

   it("is told apart from long tables by nothing but their shape", function()
      local long = "survey,respondent,question,value,answer,missing\n"
         .. "s,p1,yes,1,,\ns,p2,yes,0,,\ns,p3,yes,,,refused\ns,p4,yes,1,,\n"
      local people = csv:gsub(",yes,pick,money,r1,r2", ""):gsub("(\np%d,%a,%d+,h,%d+,%d),[^\n]*", "%1")
      local db = assert(load{
         ["f.yaml"] = head .. "responses: {csv: a.csv}\nrespondents: {csv: p.csv, survey: s}\n", ["p.csv"] = people,
         ["a.csv"] = long,
      })
      near(9 / 14, db:survey("s"):share{question = "yes", suppress = false}[1].estimate, 1e-12)
   end)

   local function finding(change, text)
      local _, _, findings = load{["f.yaml"] = head .. "respondents: {csv: p.csv, survey: s}\n",
         ["p.csv"] = csv:gsub(change, text)}
      assert.is_table(findings)
      local first = findings[1]
      return ("%s:%d: %s"):format(first.file:match "[^/]*$", first.line, first.message)
   end

   it("refuses answers that a question does not take, with the place", function()
      assert.equal('p.csv:2: the answer 2.0 to the question "yes" of yes and no', finding("5,1,1,10", "5,2,1,10"))
      assert.equal('p.csv:3: the answer "three" is none of the choices of the question "pick"', finding("0,two",
         "0,three"))
      assert.equal('p.csv:4: the answer -3.0 to the question "money" lies outside of 0.0 to …', finding("30%.5", "-3"))
      assert.equal("p.csv:2: the weight of a respondent is negative", finding("h,10,5,1", "h,10,-5,1"))
      assert.matches("respondent \"p1\" is defined twice", finding("p2", "p1"))
      assert.matches("different populations", finding("A,2024,h,10,5,0", "A,2024,h,11,5,0"))
      assert.matches('unknown column "mony" for respondents', finding("money", "mony"))
   end)

   it("refuses a response that is neither or both", function()
      local function problem(text)
         local _, _, findings = load{["f.yaml"] = head .. "respondents: {csv: p.csv, survey: s}\nresponses:\n  - "
            .. text .. "\n",
            ["p.csv"] = (csv:gsub(",yes", ",note"))}
         return findings[1].message
      end
      assert.matches("neither a value nor an answer", problem "{survey: s, respondent: p1, question: yes}")
      assert.matches("more than one of value",
         problem "{survey: s, respondent: p1, question: yes, value: 1, missing: refused}")
      assert.matches('no respondent "p9" in the survey "s"',
         problem "{survey: s, respondent: p9, question: yes, value: 1}")
   end)
end)

describe("figures of a survey as observations", function()
   local db = assert(difkit.open{"@bundled", "examples/data/illustrative"})
   local one = db:survey "firms"

   it("carry value, standard error, flag and how they were made", function()
      local figures = one:share{question = "tools", by = {"unit", "period"}}
      local rows = one:observations{question = "tools"}
      assert.equal(#figures, #rows)
      assert.same({"firms.tools", "BRN", 2024}, {rows[1].indicator, rows[1].unit, rows[1].period})
      assert.equal(figures[1].standard_error, rows[1].standard_error)
      assert.matches("standard errors by linearisation; 60 strata, 420 clusters", rows[1].source)
      local few = one:observations{question = "tools", smallest = 30}
      assert.same({nil, "Q"}, {few[1].value, few[1].flag})
      assert.equal("firms.size.micro", one:observations{question = "size"}[1].indicator)
   end)

   it("go through a CSV file into an index, whose ranks they leave open", function()
      local rows = one:observations{question = "tools", where = {period = 2025}}
      local path = folder{["f.yaml"] = "indicators: [{id: firms.tools, title: T, direction: 1}]\n"
         .. "observations: {csv: o.csv}\n"}
      assert(rows:write(path .. "/o.csv"))
      local with = assert(difkit.open{"@bundled", path})
      os.execute("rm -r " .. path)
      local index = difkit.index{id = "i", period = 2025, children = {"firms.tools"}}
      local sure = index:compute(with):robustness{runs = 200, measurement = false}
      local unsure = index:compute(with):robustness{runs = 200, draws = 50}
      local function width(t)
         local sum = 0
         for row in t:rows() do sum = sum + (row.low and row.high - row.low or 0) end
         return sum
      end
      assert.equal(0, width(sure))
      assert.is_true(width(unsure) > 10, tostring(width(unsure)))
   end)
end)
