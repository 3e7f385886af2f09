--- Local variables that are set and never used, and code that is never reached, as luacheck finds them.
local unused = {}

function unused.check(script)
   for _, warning in ipairs(script.state.warnings) do
      local name = warning.name
      if warning.code == "211" and not warning.secondary and not name:find "^_" then
         script:report_at(warning.line, warning.column, ('the %s "%s" is never used'):format(
            warning.func and "function" or "variable", name))
      elseif warning.code == "511" then
         script:report_at(warning.line, warning.column, "this code is never reached")
      end
   end
end

return unused
