--- Hostile scripts of our own (hostile_cases.lua): each is run, and what must be true afterwards is looked at.
local support = dofile "tests/cli/support.lua"
local cases = dofile "tests/cli/hostile_cases.lua"

local raw = support.real(os.getenv "DIFKIT_RAW" or "build/release/tests/difkit_raw")
local terminal = support.real(os.getenv "DIFKIT_TERMINAL" or "build/release/tests/terminal")
local walls = support.shell(support.absolute .. " run -e 1 --isolation=require").status == 0
local secret = "hunter2 is the secret"

--- Errors of a call that the kernel refuses. EINVAL and the like would say that it was tried.
local refusals = {EPERM = true, EACCES = true, ENOSYS = true, EXDEV = true, EROFS = true}

local folder, remove

--- Everything in the folder but what the script may write, with sizes, modes, times and links.
local function picture()
   return support.shell(([[cd %s && find . -path ./home/script/out -prune -o -path ./tmp -prune -o \
      -printf '%%P %%s %%m %%u %%l\n' -o -true | sort; cat home/secret home/.bashrc]]):format(folder)).out
end

local function play(case)
   local program = case.raw and raw or support.absolute
   local home = folder .. "/home"
   support.shell(("mkdir -p %s/script %s/empty %s/tmp"):format(home, home, folder))
   support.write(home .. "/secret", secret .. "\n")
   support.write(home .. "/.bashrc", "precious\n")
   support.write(home .. "/script/data.csv", "a\n1\n")
   support.write(home .. "/script/x.lua", case.code)
   if case.setup then
      support.shell(("cd %s/script && { %s; }"):format(home, case.setup:gsub("DIFKIT", program)))
   end
   local before = picture()
   local command = case.command and case.command:gsub("DIFKIT", program)
      or ("%s run x.lua %s %s"):format(program, case.out == false and "" or "--out out", case.options or "")
   if case.terminal then command = ("%s sh -c %s"):format(terminal, support.quote(command)) end
   local line = "cd %s/script && HOME=%s TMPDIR=%s/tmp timeout -k 5 120 sh -c %s </dev/null"
   local result = support.shell(line:format(home, home, folder, support.quote(command)))
   result.before, result.after = before, picture()
   result.left = support.shell(("find %s/tmp -mindepth 1; find %s -name '*.tmp' -o -name '.difkit-*' "
      .. "-o -name '*-journal' -o -name '*-wal' -o -name '*-shm'"):format(folder, home)).out
   return result
end

local function check(case, result)
   local said = result.out .. result.err
   local wanted = type(case.status) == "table" and case.status or {case.status or 0}
   local fits = false
   for _, status in ipairs(wanted) do fits = fits or status == result.status end
   assert.is_true(fits, ("status %d: %s"):format(result.status, said:sub(1, 600)))
   for _, text in ipairs(type(case.says) == "table" and case.says or {case.says}) do
      assert.is_truthy(said:find(text, 1, true), text .. " is not in: " .. said:sub(1, 600))
   end
   if case.refused then
      local error_name = result.out:match "^nil\t(%u+)\n"
      assert.is_true(refusals[error_name], said:sub(1, 200))
   end
   assert.is_nil(said:find("hunter2", 1, true), said)
   assert.is_nil(said:find "root:x:0")
   assert.is_nil(said:find "after the end")
   assert.is_nil(said:find "internal error", said:sub(1, 600))
   assert.is_nil(said:find "%[crashed%]", said:sub(1, 600))
   if case.terminal then assert.is_nil(said:find "[\27\7]", said) end
   if case.empty then assert.is_false(support.exists(folder .. "/home/script/out/x")) end
   if not case.command then assert.equal(result.before, result.after) end
   assert.equal("", result.left)
end

describe("a hostile script that", function()
   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   for _, case in ipairs(cases) do
      if not case.raw then
         it(case.name, function() check(case, play(case)) end)
      elseif not raw or not walls then
         pending(case.name .. ": no difkit_raw, or no walls on this kernel: skipped")
      else
         it(case.name, function() check(case, play(case)) end)
      end
   end

   it("is one of at least 150", function() assert.is_true(#cases >= 150, #cases) end)
end)
