--- `difkit doctor`: what this installation, this system and these data have, what they lack, and what to do about it.
local core = require "difkit.core"

--- One line of the report: ok, lacking or wrong.
local function add(list, what, state, detail, advice)
   list[#list + 1] = {what = what, state = state, detail = detail, advice = advice}
end

--- What holds a run where something is missing, and what to do about it.
local fallbacks = {
   whole = "the kernel holds files, processes and network",
   ["files only"] = "the kernel holds files; processes and network are held by the language's sandbox alone",
   ["processes and network only"] =
      "the kernel holds processes and network; files are held by the language's sandbox alone",
   ["language sandbox only"] = "nothing but the language's sandbox",
}

local function look_at_isolation(list, system)
   local detail = fallbacks[system.isolation]
   if system.isolation == "whole" and system.landlock < 3 then
      detail = detail .. "; cutting files short is refused by the filter alone"
   end
   add(list, "isolation", system.lacks and "lacking" or "ok", ("%s: %s, as user %d%s"):format(system.isolation, detail,
      system.user, system.user == 0 and ", which has every right that the rules leave" or ""),
      system.lacks and "--isolation=require refuses to run so" or nil)
end

local function look_at_system(list, system)
   add(list, "difkit", "ok", ("version %s, %s"):format(core.version, _VERSION))
   add(list, "system", "ok", ("%s %s on %s%s"):format(system.system, system.release, system.machine,
      system.container and ", in a container" or ""))
   add(list, "Landlock", system.landlock > 0 and "ok" or "lacking",
      system.landlock > 0 and ("version %d"):format(system.landlock)
         or "files are held by the language's sandbox alone",
      system.landlock == 0 and "Linux 5.13 or later has it; in a container it may be switched off" or nil)
   add(list, "filter of system calls", system.filter and "ok" or "lacking",
      system.filter and "seccomp" or "processes and network are held by the language's sandbox alone",
      not system.filter and "build with libseccomp-dev, on Linux" or nil)
   look_at_isolation(list, system)
   for _, part in ipairs(system.parts) do
      add(list, part.name, part.there and "ok" or "lacking", part.for_what,
         not part.there and ("install %s and build anew"):format(part.package) or nil)
   end
   local checker = core.library_text "luacheck/parser.lua" ~= nil
   add(list, "luacheck", checker and "ok" or "lacking", "checking scripts",
      not checker and "install lua-check and build anew" or nil)
end

local function look_at_data(list, name)
   local db, message = require("difkit").open()
   if not db then
      add(list, "data", "wrong", message, "`difkit check PATH` lists what is wrong with YAML")
      return
   end
   -- A database of which a part is not there still has something to say.
   local asked, problems, actions = pcall(function() return db:problems(), db:from("action"):count() end)
   if asked then
      add(list, "data", #problems == 0 and "ok" or "wrong",
         ("%s: %d actions, %d problems"):format(name and db:path() or "bundled", actions, #problems),
         #problems > 0 and "`difkit run -e 'return difkit.open():problems()'` lists them" or nil)
   else
      local why = type(problems) == "table" and problems.message or problems
      add(list, "data", "wrong", ("%s: %s"):format(db:path(), why))
   end
   if db:path():find "^postgresql://" then
      require("difkit.server").look(db, function(...) add(list, ...) end)
   end
   db:close()
end

---`given`: `db` and `with`, `json`, and what the `policy` of the machine says. False when anything is
---wrong; what is only lacking is none of that.
return function(given)
   local list, system = {}, core.system()
   look_at_system(list, system)
   if given.policy then
      add(list, "policy", given.policy:find "^wrong:" and "wrong" or "ok", given.policy,
         given.policy:find "^wrong:" and "nothing runs until it is mended" or nil)
   end
   look_at_data(list, given.db)
   if given.json then
      local json = require "difkit.format.json"
      system.checks, system.version, system.policy = list, core.version, given.policy
      print(json.encode(system, {indent = 2}))
   else
      require("difkit.table")({"what", "state", "detail", "advice"}, list):print()
   end
   for _, one in ipairs(list) do
      if one.state == "wrong" then return false end
   end
end
