--- `difkit repl`: an interactive session.
local core = require "difkit.core"
local check = require("difkit.script.run").check

---`given`: the files to begin with as `arguments`, the data `db`. Gives the exit status.
return function(given)
   if not core.library_text "difkit/repl/init.lua" then -- in the engine, which no terminal is before
      core.raise("usage", "repl: this difkit has no prompt", "difkit run -e 'return CODE' runs a line of Lua")
   end
   return require "difkit.repl"(check(require("difkit").open()), given)
end
