-- Conditions over figures: what they mean, and what is said of those that mean nothing.
local difkit = require "difkit"

local figures = {rank = 0, score = 1.5, added = 2}

describe("difkit.material", function()
   it("takes a name alone as more than nothing", function()
      assert.is_false(difkit.material("rank", figures))
      assert.is_true(difkit.material("score", figures))
   end)

   it("compares", function()
      assert.is_true(difkit.material("score>1", figures))
      assert.is_false(difkit.material("score > 1.5", figures))
      assert.is_true(difkit.material("score >= 1.5", figures))
      assert.is_true(difkit.material("rank = 0", figures))
      assert.is_true(difkit.material("added <= 2", figures))
   end)

   it("lets and bind more than or, and brackets more than both", function()
      assert.is_true(difkit.material("score or rank and rank", figures))
      assert.is_false(difkit.material("(score or rank) and rank", figures))
   end)

   it("refuses what means nothing", function()
      for condition, message in pairs {
         ["scores"] = 'the condition "scores" speaks of "scores", which is no figure',
         ["score >"] = 'the condition "score >" needs a number after "score >"',
         ["score rank"] = 'the condition "score rank" has "rank" too many',
         ["(score"] = 'the condition "(score" has a bracket that is not closed',
         [""] = 'the condition "" ends too early',
         ["or score"] = 'the condition "or score" has "or" where a name should stand',
         ["score > 1; x"] = 'the condition "score > 1; x" has ";", which means nothing there',
      } do
         local done, problem = pcall(difkit.material, condition, figures)
         assert.is_false(done)
         assert.are.equal(message, problem.message)
      end
   end)
end)
