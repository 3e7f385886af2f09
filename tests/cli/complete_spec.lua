--- What the shells offer: `difkit __complete` is given the words so far, the last one unfinished.
local support = dofile "tests/cli/support.lua"

local function candidates(...)
   local result = support.run("__complete", "--", ...)
   assert.equal(0, result.status)
   assert.equal("", result.err)
   local words = {}
   for _, line in ipairs(support.lines(result.out)) do
      local word, help = line:match "^(%S+)\t(.*)$"
      words[#words + 1] = word
      words[word] = help
   end
   return words
end

describe("completion", function()
   it("offers the commands", function()
      assert.same({"scripts", "sql", "snapshot", "schema"}, {table.unpack(candidates "s")})
      assert.truthy(#candidates "" >= 7)
      assert.same({}, candidates "__")
   end)

   it("offers the stock scripts after run and help", function()
      assert.truthy(candidates("run", "cov").coverage)
      assert.truthy(candidates("help", "cov").coverage)
      assert.truthy(candidates("help", "sch").schema)
   end)

   it("offers options of the command, and of the script", function()
      local words = candidates("run", "gaps", "--")
      assert.truthy(words["--db"] and words["--have"] and words["--help"])
      assert.same({"--lack"}, {table.unpack(candidates("run", "gaps", "--la"))})
   end)

   it("offers values: of a choice, and ids of the data", function()
      assert.same({"ndjson"}, {table.unpack(candidates("sql", "--format", "n"))})
      local documents = candidates("run", "gaps", "--have", "")
      assert.equal(5, #documents)
      assert.equal("Bandar Seri Begawan Roadmap", documents.BSBR)
      assert.same({"cybersecurity"}, {table.unpack(candidates("run", "list", "--topic", "cy"))})
   end)

   it("offers values that are attached to their option, as one word or, as bash cuts it, as three", function()
      assert.same({"--format=ndjson"}, {table.unpack(candidates("sql", "--format=n"))})
      assert.same({"ndjson"}, {table.unpack(candidates("sql", "--format", "=", "n"))})
      assert.truthy(candidates("sql", "--format", "=").csv)
      assert.same({"--have=BSBR"}, {table.unpack(candidates("run", "gaps", "--have=BS"))})
      assert.same({"BSBR"}, {table.unpack(candidates("run", "gaps", "--have", "=", "BS"))})
      assert.same({}, candidates("run", "coverage", "--db="))
      local result = support.shell(([[bash -c 'source core/cli/completion/difkit.bash
         COMP_WORDS=(%s run gaps --have = BS); COMP_CWORD=5; _difkit; echo "${COMPREPLY[@]}"']]):format(support.difkit))
      assert.equal("BSBR\n", result.out)
   end)

   it("offers what help knows: commands, scripts, topics, names of the library", function()
      assert.truthy(candidates("help", "exit")["exit-status"])
      assert.truthy(candidates("help", "pandas").pandas)
      assert.truthy(candidates("help", "piv").pivot)
      assert.truthy(candidates("help", "run", "cov").coverage)
      assert.same({}, candidates("help", "sql", ""))
   end)

   it("offers what can be begun anew", function()
      assert.same({"script", "framework", "index", "words"}, {table.unpack(candidates("new", ""))})
      assert.same({}, candidates("new", "script", ""))
   end)

   it("says nothing where a file name follows", function()
      assert.same({}, candidates("run", "coverage", "--db", ""))
      assert.truthy(candidates("run", "no-such-script", "--")["--db"])
   end)

   it("works in bash", function()
      local result = support.shell(([[bash -c 'source core/cli/completion/difkit.bash
         COMP_WORDS=(%s run gaps --have BS); COMP_CWORD=4; _difkit; echo "${COMPREPLY[@]}"']]):format(support.difkit))
      assert.equal("BSBR\n", result.out)
   end)
end)
