--- The hostile scripts of ../shared/cases/trust, each run as its first lines say: none crashes or hangs, what is
--- precious stays, nothing is left behind.
local support = dofile "tests/cli/support.lua"

local cases = "../shared/cases/trust"
local names = support.lines(support.shell("ls " .. cases .. " 2>/dev/null | grep 'lua$'").out)

--- What a script may not reach, whichever case it is of.
local precious = {".bashrc", "/tmp/difkit-case/victim-b", "/tmp/difkit-case/victim-c"}

local function run(name)
   local folder, remove = support.folder()
   local text = support.read(cases .. "/" .. name)
   local setup = text:match "setup: ([^\n]+)" or "true"
   local command = text:match "\n%-%- then: ([^\n]+)" or "DIFKIT run x.lua --out out"
   support.write(folder .. "/x.lua", text)
   local difkit = ("timeout 60 %s"):format(support.absolute)
   local function told(line)
      return (line:gsub("; cat x%.lua", ""):gsub("sleep 20", "true"):gsub("sleep 15", "sleep 3")
         :gsub("timeout 8 ", "timeout 2 "):gsub("DIFKIT", difkit)
         :gsub("%f[%w]difkit load", support.absolute .. " load"):gsub("data/asean%-dif", "@bundled"))
   end
   support.shell "mkdir -p /tmp/difkit-case && echo precious > /tmp/difkit-case/victim-b"
   support.shell "echo precious > /tmp/difkit-case/victim-c"
   local script = ("cd %s && echo precious > .bashrc; %s; %s"):format(folder, told(setup), told(command))
   local result = support.shell(("bash -c %s"):format(support.quote(script)))
   result.left = support.shell(("find %s -name '*.tmp' -o -name '.difkit-*' -o -name '*-shm' -o -name '*-wal' "
      .. "-o -name '*.db-journal' -newer %s/x.lua"):format(folder, folder)).out
   for _, path in ipairs(precious) do
      local at = path:find "^/" and path or folder .. "/" .. path
      if support.read(at) ~= "precious\n" then result.lost = path end
   end
   remove()
   return result
end

describe("a case of a hostile script", function()
   if #names == 0 then
      pending("there is no " .. cases .. ": skipped")
      return
   end

   for _, name in ipairs(names) do
      it("reaches nothing: " .. name, function()
         local result = run(name)
         local said = result.out .. result.err
         assert.is_nil(result.lost, said)
         -- Links and journals of that kind are made by the case itself.
         if not name:find "^0[29]" then assert.equal("", result.left, said) end
         -- Standard input that stays open is waited for, up to the limit of the clock.
         local waits = name:find "^17b" ~= nil
         assert.is_true(waits or result.status < 128 and result.status ~= 124, said:sub(1, 2000))
         for _, word in ipairs {"owned", "KEY", "LEAK root", "hunter2", "root:x:0", "after the end", "rc=139", "rc=134",
            "Segmentation", "internal error", not waits and "rc=124" or nil} do
            assert.is_nil(said:find(word, 1, true), word .. ": " .. said:sub(1, 2000))
         end
      end)
   end
end)
