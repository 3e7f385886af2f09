--- The query builder: the lines of the input are conditions, columns, orders and SQL.
local difkit = require "difkit"
local db = assert(difkit.open())

local tries = {
   function(line) return db:actions():where(line):count() end,
   function(line) return db:actions():where("text", "like", line):count() end,
   function(line) return db:actions{document = line}:count() end,
   function(line) return db:actions():select(line):order(line):limit(3):rows() end,
   function(line) return db:from(line):limit(3):rows() end,
   function(line) return db:search(line):limit(3):rows() end,
   function(line) return db:query(line):rows() end,
   function(line) return db:action(line) end,
}

return {ending = ".txt", read = function(_, text)
   local number = 0
   for line in text:gmatch "[^\n]+" do
      local done, problem = pcall(tries[number % #tries + 1], line)
      if not done and type(problem) == "string" then error(problem, 0) end
      number = number + 1
      if number == 40 then break end
   end
end}
