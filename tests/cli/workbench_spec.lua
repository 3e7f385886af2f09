--- `difkit workbench -o FILE`: the page from the engine beside the program, and what is said where there is none. What
--- the page does is tested in a browser (tests/browser/workbench.test.mjs).
local support = require "tests.cli.support"
local difkit = support.run

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

   --- An archive of files, each {name, text}.
   local function archive(files)
      local path = folder .. "/project.difkit"
      support.write(path, require("difkit.format.zip").text(files))
      return path
   end

   it("saves projects that `difkit unpack` opens, with the words that ask them", function()
      local about = [[{"difkit": 1, "base": {"path": "files/d.db"}, "over": [{"path": "kept/it's"}]}]]
      local path = archive{{"project.json", about}, {"files/a b.csv", "x\n1\n"}, {"kept/it's/data.yaml", "id: a\n"}}
      local out = folder .. "/out"
      local result = difkit("unpack", path, "-o", out)
      assert.equal("", result.err)
      assert.equal(([[
wrote %s/project.json
wrote %s/files/a b.csv
wrote %s/kept/it's/data.yaml

Its questions, in %s:
  difkit run coverage --db files/d.db --with 'kept/it'\''s'
]]):format(out, out, out, out), result.out)
      assert.equal("x\n1\n", support.read(out .. "/files/a b.csv"))
      result = difkit("unpack", path, "-o", out)
      assert.equal(2, result.status)
      assert.truthy(result.err:find("is there already; nothing was written", 1, true))
   end)

   it("unpacks nothing of an archive that leads elsewhere, is damaged, or is no project", function()
      local about = {"project.json", '{"difkit": 1}'}
      for name, fault in pairs {["../x"] = "is no file of a project", ["files/../../x"] = "is no file of a project",
         ["/etc/x"] = "is no file of a project", ["files/a\\b"] = "is no file of a project"} do
         local result = difkit("unpack", archive{about, {"files/good", "1"}, {name, "2"}}, "-o", folder .. "/out")
         assert.equal(1, result.status)
         assert.truthy(result.err:find(fault, 1, true), result.err)
         assert.is_false(support.exists(folder .. "/out"))
      end
      for _, parts in ipairs {{{"files/a", "1"}}, {{"project.json", "[]"}}, {{"project.json", '{"difkit": 2}'}}} do
         local result = difkit("unpack", archive(parts), "-o", folder .. "/out")
         assert.truthy(result.err:find("no project of the workbench", 1, true), result.err)
      end
      local text = support.read(archive{about, {"files/a", ("x"):rep(1000)}})
      support.write(folder .. "/cut.difkit", text:sub(1, -40))
      assert.not_equal(0, difkit("unpack", folder .. "/cut.difkit", "-o", folder .. "/out").status)
      assert.is_false(support.exists(folder .. "/out"))
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
