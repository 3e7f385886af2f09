-- Candidates for contradictions. The garden framework has none as it stands; one word of it is changed here.
local difkit = require "difkit"
local find = difkit.contradictions.find

local read = require("tests.support.spec").read

--- The garden framework with texts of the charter replaced.
local function garden(changes)
   local path = os.tmpname()
   os.remove(path)
   path = path .. ".yaml"
   local text = read "tests/data/garden-framework/charter.yml"
   for from, to in pairs(changes) do
      local first, last = text:find(from, 1, true)
      text = text:sub(1, first - 1) .. to .. text:sub(last + 1)
   end
   local file = assert(io.open(path, "wb"))
   file:write(text)
   file:close()
   local folder = "tests/data/garden-framework/"
   local db, message = difkit.open{folder .. "framework.yaml", folder .. "plan.yaml", path}
   os.remove(path)
   return assert(db, message)
end

describe("contradictions.find", function()
   it("finds nothing in the garden framework as it is", function()
      local db <close> = assert(difkit.open "tests/data/garden-framework")
      assert.equal(0, #find(db))
   end)

   it("finds another number of the same thing, with both quotes and lines", function()
      local db <close> = garden{["three compost bays"] = "four compost bays"}
      local found = find(db)
      assert.equal(1, #found)
      local row = found[1]
      assert.same({"compost", "number", "CHARTER.CO.1", "four compost bays", 2, "PLAN.CO.1", "three compost bays", 3,
         "equal"}, {row.topic, row.what, row.first, row.first_value, row.first_line, row.second, row.second_value,
         row.second_line, row.relation})
      assert.equal("Build four compost bays in every garden.", row.first_quote)
      assert.equal("Build three compost bays in every garden.", row.second_quote)
      -- The kernel gives likeness in single precision.
      assert.near(difkit.overlap.score(db, "CHARTER.CO.1", "PLAN.CO.1"), row.likeness, 1e-6)
   end)

   it("does not compare numbers of different things", function()
      local db <close> = garden{["three compost bays"] = "compost bays and four paths"}
      assert.equal(0, #find(db))
   end)

   --- Two actions on one topic, linked or not, of two documents.
   local function pair(first, second, relation, abbreviations)
      local path = os.tmpname()
      os.remove(path)
      local names = {path .. "-f.yaml", path .. "-d.yaml", path .. "-e.yaml"}
      local texts = {
         "framework: {id: f, title: F}\nareas: [{id: A, title: A, topics: [{id: t, title: T}, {id: u, title: U}]}]\n"
            .. (abbreviations or ""),
         -- The other two are there for their words: one that every text has weighs nothing.
         ("document: {id: D, title: D, adopted: 2019}\nactions: {t: [{id: D.1, text: %q}], u: [%s]}\n"):format(first,
            "{id: D.2, text: Plant trees}, {id: D.3, text: Mow the lawn}"),
         ("document: {id: E, title: E, adopted: 2020}\nactions: {%s: [{id: E.1, text: %q}]}\n%s"):format(
            relation == "topic" and "u" or "t", second, relation and relation ~= "topic"
            and ("links: [{source: E.1, target: D.1, relation: %s, rationale: r}]\n"):format(relation) or ""),
      }
      for i, name in ipairs(names) do
         local file = assert(io.open(name, "wb"))
         file:write(texts[i])
         file:close()
      end
      local db, message = difkit.open(names)
      for _, name in ipairs(names) do os.remove(name) end
      return assert(db, message)
   end

   local function kinds(db, options)
      local list = {}
      for i, row in ipairs(find(db, options)) do
         list[i] = ("%s %s/%s"):format(row.what, row.first_value or "-", row.second_value or "-")
      end
      db:close()
      return table.concat(list, "; ")
   end

   it("finds another year, other years of a plan and another body", function()
      assert.equal("year 2022/2023", kinds(pair("Open the port by 2022.", "Open ports by the end of 2023.", "equal")))
      assert.equal("years 2021–2025/2022-2026", kinds(pair("Write the plan, 2021–2025.", "Write the plan 2022-2026",
         "equal")))
      assert.equal("body Port Committee/Harbour Board", kinds(pair("Let the Port Committee report.",
         "Let the Harbour Board report.", "subset")))
      assert.equal("number monthly/annually", kinds(pair("Report monthly.", "Report annually.", "equal")))
   end)

   it("takes an abbreviation and the words it stands for as one body", function()
      assert.equal("", kinds(pair("Strengthen the PC.", "Strengthen the Port Committee.", "equal",
         "abbreviations: {PC: Port Committee}\n")))
   end)

   it("takes years in common as no contradiction", function()
      assert.equal("", kinds(pair("Open one in 2021 and all in 2022.", "Open ports by 2022.", "equal")))
   end)

   it("leaves out what a reader has told apart, however alike", function()
      local first, second = "Open the deep port by 2022.", "Open the deep port by 2023."
      assert.equal("year 2022/2023", kinds(pair(first, second)))
      assert.equal("", kinds(pair(first, second, "none")))
      assert.equal("", kinds(pair(first, second, "topic")))
      assert.equal("year 2022/2023", kinds(pair(first, second, "topic"), {topics = "any"}))
      assert.equal("", kinds(pair(first, second), {least = 1.01}))
   end)

   it("tells on demand what one says and the other does not", function()
      local first, second = "Open the deep port by 2022.", "Open the deep port."
      assert.equal("", kinds(pair(first, second, "equal")))
      assert.equal("year 2022/-", kinds(pair(first, second, "equal"), {silent = true}))
   end)

   it("knows misspelt options", function()
      local db <close> = assert(difkit.open())
      local ok, problem = pcall(find, db, {topics = "all"})
      assert.is_false(ok)
      assert.matches('unknown topics "all"', tostring(problem))
   end)
end)
