--- The reference figures of surveys (package survey of R), for specs that compare with them. Their files are read from
--- ../shared/reference/survey (DIFKIT_SHARED names another place than ../shared) and are no part of the project.
local difkit = require "difkit"

local reference = {folder = (os.getenv "DIFKIT_SHARED" or "../shared") .. "/reference/survey/"}

function reference.there()
   local file = io.open(reference.folder .. "README.md", "rb")
   if file then file:close() end
   return file ~= nil
end

function reference.read(name) return assert(difkit.table.read(reference.folder .. name .. ".csv")) end

--- Compares figures with those of a row: all within 1e-9, counted by `checked`.
function reference.checker()
   local checker = {checked = 0}
   function checker.same(what, got, wanted, row)
      if wanted == nil then return end
      checker.checked = checker.checked + 1
      local near = got ~= nil and math.abs(got - wanted) <= 1e-9 * math.max(1e-6, math.abs(wanted))
      assert(near, ("%s of %s %s %s %s: wanted %s, got %s"):format(what, row.design, row.statistic,
         tostring(row.variable),
         tostring(row.domain), tostring(wanted), tostring(got)))
   end
   return checker
end

return reference
