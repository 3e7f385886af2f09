--- Every binding of the core bears what no honest caller gives it: spoofed lengths and fields, NaN, the huge and the
--- negative, lists that change while they are read. tests/support/hostile.lua makes the calls in an interpreter of its
--- own; under the sanitizers every wrong access ends that.
describe("the bindings of the core", function()
   local here = io.popen "pwd":read "l"

   for seed = 1, 3 do
      it("survive hostile arguments, beginning " .. seed, function()
         local folder = io.popen "mktemp -d":read "l"
         local sanitized = os.getenv "DIFKIT_PRELOAD"
         -- Deep enough that no hostile path climbs out of the folder.
         local place = folder .. "/a/b/c/d"
         local command = ("mkdir -p %s && cd %s && %s HOME=%s XDG_STATE_HOME=%s %s timeout 120 %s "
            .. "%s/tests/support/hostile.lua %s %d %d <%s >%s/out 2>&1"):format(place, place,
            sanitized and "" or "ulimit -v 6000000;", folder, folder,
            sanitized and "ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1" or "",
            arg and arg[-1] or "lua5.4", here, folder, seed, sanitized and 6 or 20, "/dev/null", folder)
         local done, how, status = os.execute(command)
         local last = assert(io.open(folder .. "/call")):read "l"
         local out = assert(io.open(folder .. "/out")):read "a"
         os.execute("rm -rf " .. folder)
         assert.is_true(done, ("%s %s at: %s\n%s"):format(tostring(how), tostring(status), last, out:sub(-2000)))
         local functions, reached, calls, types, missing = out:match "(%d+)\t(%d+)\t(%d+)\t(%d+)\t([^\n]*)\n"
         assert.is_true(tonumber(functions) > 150, functions)
         assert.is_true(tonumber(reached) > 90, reached)
         assert.is_true(tonumber(calls) > (sanitized and 1500 or 5000), calls)
         assert.is_true(tonumber(types) >= 14, types)
         assert.equal("", missing) -- a type whose methods met no object that is what it says
      end)
   end
end)
