--- What hosts and editors are given: the workflow, the image, the hooks. What they name is there, and the hook of the
--- guide holds a commit back.
local support = require "tests.cli.support"
local yaml = require "difkit.format.yaml"

local function document(path) return assert(yaml.read(path)) end

describe("the workflow", function()
   it("runs scripts that are there, with a bound on time and no more rights than it needs", function()
      local workflow = document ".github/workflows/ci.yaml"
      assert.equal("read", workflow.permissions.contents)
      local scripts = {}
      for name, job in pairs(workflow.jobs) do
         assert.is_number(job["timeout-minutes"], name)
         for _, step in ipairs(job.steps) do
            for script in (step.run or ""):gmatch "%.ci/[%w-]+" do
               scripts[#scripts + 1] = script
               assert.equal(0, support.shell("test -x " .. script).status, script)
            end
         end
      end
      table.sort(scripts)
      assert.same({".ci/release", ".ci/run"}, scripts)
      assert.truthy(support.read(".ci/release"):find("build/artefacts", 1, true))
   end)
end)

describe("the image", function()
   it("is made by commands that are there, and runs as nobody in particular", function()
      local text = support.read ".ci/Dockerfile"
      for script in text:gmatch "%.ci/%l+" do assert.equal(0, support.shell("test -x " .. script).status, script) end
      assert.truthy(text:find("\nUSER difkit\n", 1, true))
      assert.truthy(text:find('\nENTRYPOINT ["difkit"]\n', 1, true))
      -- What the package only recommends is named by its own list.
      local recommended = support.read(".ci/package/package.cmake"):match 'RECOMMENDS "([^"]*)"'
      for package in ("libxlsxwriter4 librsvg2-2 libcairo2"):gmatch "%S+" do
         assert.truthy(recommended:find(package, 1, true), package)
         assert.truthy(text:find(package, 1, true), package)
      end
   end)
end)

describe("the hooks", function()
   it("of pre-commit call commands of difkit", function()
      local hooks = document ".pre-commit-hooks.yaml"
      assert.equal(2, #hooks)
      for _, hook in ipairs(hooks) do
         assert.equal("system", hook.language)
         assert.equal(0, support.run(hook.entry:match "^difkit (%l+)$", "--help").status)
      end
   end)

   it("of the guide holds back a script that difkit check refuses", function()
      if support.shell("command -v git").status ~= 0 then return pending "no git here" end
      local folder, remove = support.folder()
      local guide = support.read "scripts/guide/EDITORS.md"
      local hook = guide:match "```sh\n(#!/bin/sh.-)```"
      local function git(words)
         local who = "-c user.name=a -c user.email=a@example.org"
         return support.shell(("cd %s && PATH=%s/bin:$PATH git %s %s"):format(folder, folder, who, words))
      end
      assert.equal(0, git "init -q .".status)
      support.shell(("mkdir -p %s/bin %s/data && ln -s $(realpath %s) %s/bin/difkit"):format(folder, folder,
         support.quote(support.difkit), folder))
      support.shell(("cp data/asean-dif/* %s/data/"):format(folder))
      support.write(folder .. "/.git/hooks/pre-commit", hook)
      support.shell("chmod +x " .. folder .. "/.git/hooks/pre-commit")
      support.write(folder .. "/wrong.lua", "print(strnig)\n")
      git "add wrong.lua"
      local refused = git "commit -qm wrong"
      assert.not_equal(0, refused.status)
      assert.truthy((refused.out .. refused.err):find("strnig", 1, true))
      support.write(folder .. "/wrong.lua", "print 'right'\n")
      git "add wrong.lua"
      local done = git "commit -qm right"
      assert.equal(0, done.status, done.err)
      remove()
   end)
end)
