--- `difkit workbench -o FILE`: the page from the engine beside the program, and what is said where there is none. What
--- the page does is tested in a browser (tests/browser/workbench.test.mjs).
local support = require "tests.cli.support"

describe("difkit workbench", function()
   local folder, remove
   before_each(function() folder, remove = support.folder() end)
   after_each(function() remove() end)

   --- The program in a folder like that of an installation; `engine`: what stands for the engine there.
   local function installed(engine)
      assert(os.execute(("mkdir -p '%s/bin' '%s/share/difkit/engine'"):format(folder, folder)))
      assert(os.execute(("cp %s '%s/bin/difkit'"):format(support.absolute, folder)))
      if engine then support.write(folder .. "/share/difkit/engine/difkit-engine.js", engine) end
      return function(words) return support.shell(("cd '%s' && bin/difkit %s"):format(folder, words)) end
   end

   it("puts the engine of the installation into one page, under a policy that lets it send nothing", function()
      local run = installed "class DifkitEngine { /* it stands here */ }"
      local result = run "workbench -o difkit.html"
      assert.equal("", result.err)
      assert.equal("wrote difkit.html: 0.3 MB\n", result.out)
      local page = support.read(folder .. "/difkit.html")
      assert.truthy(page:find("<script>class DifkitEngine { /* it stands here */ }</script>", 1, true))
      local policy = page:match 'Content%-Security%-Policy" content="([^"]+)"'
      assert.truthy(policy:find("default-src 'none'", 1, true) and policy:find("connect-src 'none'", 1, true))
      assert.truthy(page:find('"name":"coverage"', 1, true))
      run "workbench -o again.html"
      assert.equal(page, support.read(folder .. "/again.html"))
   end)

   it("goes into a ZIP with what an IT desk asks about it, and the checksum of the page", function()
      local run = installed "class DifkitEngine {}"
      assert.equal("", run("workbench -o difkit.html").err)
      assert.equal("", run("workbench -o difkit.zip").err)
      local said = support.shell(("cd '%s' && unzip -qq difkit.zip -d out && cmp difkit.html out/difkit.html"
         .. " && sha256sum < difkit.html && cat 'out/READ ME.txt'"):format(folder))
      assert.equal("", said.err)
      local digest, text = said.out:match "^(%x+)  %-\n(.*)$"
      assert.truthy(text:find(digest .. "\r\n", 1, true))
      assert.truthy(text:find("connect-src 'none'", 1, true))
   end)

   it("says how the engine is made where it is not there, and writes nothing", function()
      local result = installed()("workbench -o difkit.html")
      assert.equal(5, result.status)
      assert.truthy(result.err:find("workbench: the engine for pages is not installed", 1, true), result.err)
      assert.truthy(result.err:find(".ci/wasm", 1, true))
      assert.is_false(support.exists(folder .. "/difkit.html"))
   end)

   it("wants a file, and says where it cannot write", function()
      local run = installed "class DifkitEngine {}"
      local result = run "workbench"
      assert.equal(2, result.status)
      assert.truthy(result.err:find("into which file?", 1, true))
      result = run "workbench -o bin/difkit/page.html" -- below a file
      assert.equal(5, result.status)
      assert.truthy(result.err:find("bin/difkit", 1, true), result.err)
   end)
end)
