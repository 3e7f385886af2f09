--- The same everywhere: every stock script and every example gives the same bytes, printed and in files, with isolation
--- and without, as an unprivileged user, in an unprivileged container, and on kernels that lack something. And wherever
--- it runs, a stranger's script is refused, and `doctor` and --isolation=require say what holds it.
---
--- Where DIFKIT_EVERYWHERE is not set (`.ci/long` sets it) only a few of the scripts are run.
local support = dofile "tests/cli/support.lua"

local folder, remove = support.folder()
teardown(function() remove() end)
support.shell(("chmod 755 %s && cp %s %s/difkit && cp -r examples %s/examples && chmod -R a+rX %s"):format(folder,
   support.absolute, folder, folder, folder))
local without = support.real(os.getenv "DIFKIT_WITHOUT" or "build/release/tests/without")
if without then support.shell(("cp %s %s/without && chmod 755 %s/without"):format(without, folder, folder)) end

local root = support.shell "test $(id -u) -eq 0 && setpriv --version".status == 0
local nobody = root and "setpriv --reuid=65534 --regid=65534 --clear-groups " or ""
local container = nobody .. "unshare --user --map-root-user --mount --pid --fork --mount-proc "
local whole = support.shell(support.absolute .. " run -e 1 --isolation=require").status == 0

--- Ways to run it: what stands before the program, and what is said by whom.
local ways = {
   {name = "without isolation", before = "", option = "--isolation=off"},
   {name = "as an unprivileged user", before = nobody, option = "--isolation=auto", whole = true, needs = root},
   {name = "as such a user, without isolation", before = nobody, option = "--isolation=off", needs = root},
   {name = "in an unprivileged container", before = container, option = "--isolation=auto", whole = true,
      needs = support.shell(container .. "true").status == 0},
   {name = "without Landlock", before = folder .. "/without landlock ", option = "--isolation=auto",
      lacks = "no Landlock", says = "language sandbox only", needs = without},
   {name = "without a filter", before = folder .. "/without filter ", option = "--isolation=auto",
      lacks = "no filter of system calls", needs = without},
   {name = "without both", before = folder .. "/without landlock,filter ", option = "--isolation=auto",
      lacks = "neither Landlock nor a filter of system calls", says = "language sandbox only", needs = without},
   {name = "without descriptors of processes", before = folder .. "/without process ", option = "--isolation=auto",
      whole = true, needs = without},
}

local count = 0

--- Runs it in a folder that whoever it is may write; gives what it printed, its status, and a digest of all files.
local function run(way, words)
   count = count + 1
   local place = ("%s/%d"):format(folder, count)
   local line = "cd %s/examples; TMPDIR=%s/tmp %s/difkit %s --out %s/out %s"
   local script = line:format(folder, place, folder, words, place, way.option)
   support.shell(("mkdir -m 777 %s %s/tmp %s/out"):format(place, place, place))
   local result = support.shell(("HOME=%s %s sh -c %s </dev/null"):format(place, way.before, support.quote(script)))
   result.files = support.shell(("cd %s/out && find . -type f | LC_ALL=C sort | xargs -r sha256sum"):format(place)).out
   result.left = support.shell(("find %s/tmp -mindepth 1"):format(place)).out
   result.out, result.err = result.out:gsub(place, "PLACE"), result.err:gsub(place, "PLACE")
   support.shell("rm -rf " .. place)
   return result
end

local scripts = {}
for name in support.run("scripts").out:gmatch "\n?([%w%-]+)[^\n]*" do scripts[#scripts + 1] = "run " .. name end
for name in support.shell("ls examples").out:gmatch "([%w%-]+)%.lua\n" do
   scripts[#scripts + 1] = "run ./" .. name .. ".lua"
end
if not os.getenv "DIFKIT_EVERYWHERE" then
   scripts = {"run coverage", "run explorer", "run index --runs 50", "run ./report.lua", "run ./charts.lua", "run list"}
end

describe("what difkit gives", function()
   local known = {}

   for _, way in ipairs(ways) do
      if not (whole and way.needs ~= false and way.needs ~= nil or way.name == "without isolation" and whole) then
         pending(way.name .. ": not to be had here: skipped")
      else
         it("is the same " .. way.name, function()
            for _, words in ipairs(scripts) do
               known[words] = known[words] or run({before = "", option = "--isolation=require"}, words)
               local result = run(way, words)
               if way.says then
                  assert.is_truthy(result.err:find(way.says, 1, true), words .. ": " .. result.err)
                  result.err = result.err:gsub("difkit: " .. way.says .. "[^\n]*\n", "", 1)
               end
               assert.same(known[words], result, words)
            end
         end)

         it("reaches nothing outside, and says what holds it, " .. way.name, function()
            support.write(folder .. "/x.lua", [[print(select(2, io.open "../x")) print(os.execute)
               io.open("/etc/difkit-x", "w") print(select(2, io.open "/etc/passwd"))]])
            support.shell("chmod 644 " .. folder .. "/x.lua")
            local result = run(way, "run ../x.lua")
            assert.equal(0, result.status, result.err)
            assert.equal(2, select(2, result.out:gsub("cannot read ", "")), result.out)
            assert.is_false(support.exists "/etc/difkit-x")
            if way.option == "--isolation=off" then return end
            local doctor = support.shell(("%s %s/difkit doctor --json"):format(way.before, folder)).out
            assert.equal(way.lacks, doctor:match '"lacks": "([^"]*)"')
            assert.equal(way.whole and "whole" or way.lacks == "no filter of system calls" and "files only"
               or way.lacks == "no Landlock" and "processes and network only" or "language sandbox only",
               doctor:match '"isolation": "([^"]*)"')
            local required = support.shell(("%s %s/difkit run -e 1 --isolation=require"):format(way.before, folder))
            assert.equal(way.whole and 0 or 5, required.status)
            if way.lacks then
               assert.is_truthy(required.err:find("this system has " .. way.lacks, 1, true), required.err)
               assert.is_truthy(required.err:find("[isolation.missing]", 1, true))
            end
         end)
      end
   end
end)
