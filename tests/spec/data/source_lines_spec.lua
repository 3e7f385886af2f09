--- Each line of the source is used once, proved without the source: tests/data/source-lines.csv has, for every line
--- that is not blank, its length and the digest of its words without white space, and the action whose text it is a
--- part of. source_spec.lua proves the same against the text itself, where that is present.
local core = require "difkit.core"
local difkit = require "difkit"

local function bare(text) return (text:gsub("%s+", "")) end

--- action -> list of {line, length, digest}, in the order of the lines; how many lines there are, and how many of
--- actions.
local function recorded()
   local of, lines, count, own = {}, {}, 0, 0
   for row in io.lines "tests/data/source-lines.csv" do
      local line, length, digest, action = row:match "^(%d+),(%d+),(%x+),(.*)$"
      if line then
         line = math.tointeger(tonumber(line))
         assert.is_nil(lines[line], "a line stands twice")
         lines[line], count = true, count + 1
         if action ~= "" then
            of[action] = of[action] or {}
            table.insert(of[action], {line, math.tointeger(tonumber(length)), digest})
            own = own + 1
         end
      end
   end
   return of, count, own
end

describe("the lines of the source", function()
   it("spell the texts of all 244 actions, each line used once", function()
      local db <close> = assert(difkit.open())
      local of, count, own = recorded()
      assert.truthy(count > own and own > 244)
      local actions = 0
      for action in db:actions() do
         actions = actions + 1
         local pieces = assert(of[action.id], action.id)
         assert.are.equal(action.line, pieces[1][1], action.id)
         local text, at = bare(action.number .. "." .. action.text), 1
         for _, piece in ipairs(pieces) do
            local part = text:sub(at, at + piece[2] - 1)
            assert.are.equal(piece[3], core.digest(part):sub(1, 16), ("%s, line %d"):format(action.id, piece[1]))
            at = at + piece[2]
         end
         assert.are.equal(#text + 1, at, action.id)
         of[action.id] = nil
      end
      assert.are.equal(244, actions)
      assert.is_nil(next(of))
   end)
end)
