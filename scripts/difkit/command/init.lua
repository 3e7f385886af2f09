--- The commands of the program that are written in Lua, a file each: difkit.command.NAME(given), where `given` holds
--- the options of the command line by their names, and its arguments as a list. A command gives nothing or true when it
--- is done, false when there are findings, or the exit status.
return setmetatable({}, {__index = function(_, name) return require("difkit.command." .. name) end})
