--- `difkit repl`: an interactive session.
local check = require("difkit.script.run").check

---`given`: the files to begin with as `arguments`, the data `db`. Gives the exit status.
return function(given)
   return require "difkit.repl"(check(require("difkit").open()), given)
end
