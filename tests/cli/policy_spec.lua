--- /etc/difkit/policy.yaml: what the administrator of a machine allows, whatever options and variables say. Tried on a
--- copy of /etc that only the command sees; without the right to make one there is nothing to try.
local support = dofile "tests/cli/support.lua"

local folder, remove
local can = support.shell("unshare -m sh -c 'mount --bind /tmp /mnt'").status == 0

setup(function()
   folder, remove = support.folder()
   os.execute(("mkdir -p %s/etc/difkit %s/allowed && cp -a /etc/. %s/etc 2>/dev/null"):format(folder, folder, folder))
end)
teardown(function() remove() end)

--- Runs difkit under this policy.
local function under(policy, words, mode)
   if policy then support.write(folder .. "/etc/difkit/policy.yaml", policy) end
   os.execute(("chmod %s %s/etc/difkit/policy.yaml"):format(mode or "644", folder))
   return support.shell(("unshare -m sh -c %s"):format(support.quote(("mount --bind %s/etc /etc && exec %s %s"):format(
      folder, support.absolute, words))))
end

describe("the policy of a machine", function()
   if not can then
      pending "no right to make a private /etc: skipped"
      return
   end

   it("forbids --trust, and to run without isolation", function()
      local result = under("trust: forbid\n", "run --trust -e 1")
      assert.same({status = 3, out = "", err = "difkit: --trust is not allowed on this machine; "
         .. "/etc/difkit/policy.yaml says so\n"}, result)
      assert.equal("1\n", under(nil, "run -e 1").out)
      for _, words in ipairs {"run --isolation=off -e 1", "run --trust -e 1", "repl --trust", "repl --isolation=off"} do
         assert.matches("to run without isolation is not allowed", under("isolation: require\n", words).err)
      end
      assert.equal("1\n", under(nil, "run --isolation=auto -e 1").out)
      assert.equal(0, under(nil, "repl").status)
   end)

   it("bounds memory and time, whatever is asked for", function()
      local result = under("memory: 32M\ntime: 1\n", "run --memory 2G -e 'return #((\"x\"):rep(1e8))'")
      assert.equal(3, result.status)
      assert.matches("more than 32 MB of memory", result.err)
      result = under(nil, "run --time 100 -e 'while true do end'")
      assert.matches("more than 1 seconds of processor time", result.err)
   end)

   it("bounds where anything is written", function()
      local policy = "folders: [" .. folder .. "/allowed]\n"
      assert.equal(0, under(policy, ("run coverage --format csv -o %s/allowed/c.csv"):format(folder)).status)
      assert.is_true(support.exists(folder .. "/allowed/c.csv"))
      for _, words in ipairs {"run coverage -o %s/c.csv", "run coverage --out %s/other",
         "run coverage --out %s/allowed/../other", "run coverage --out %s/allowed-not"} do
         local result = under(nil, words:format(folder))
         assert.equal(3, result.status, words)
         assert.matches("to write there is not allowed on this machine", result.err)
      end
   end)

   it("stops everything when it is not root's alone, or wrong", function()
      local result = under("trust: forbid\n", "run -e 1", "666")
      assert.equal(5, result.status)
      assert.matches("must be a file of root that nobody else can write", result.err)
      for _, wrong in ipairs {"trust: allow\n", "turst: forbid\n", "- trust\n", "time: -1\n", "trust: [forbid\n", "",
         "folders: /srv\n", "folders: [srv]\n"} do
         result = under(wrong, "run -e 1")
         assert.equal(5, result.status, wrong)
         assert.matches("/etc/difkit/policy.yaml:%d+: ", result.err)
      end
      assert.equal(0, under(nil, "help run").status)
   end)

   it("is told by doctor", function()
      local result = under("trust: forbid\nmemory: 32M\n", "doctor --json")
      assert.matches('"policy": "/etc/difkit/policy.yaml: no --trust memory 32M"', result.out, 1, true)
      assert.matches("policy +wrong", under("x: 1\n", "doctor").out)
   end)
end)
