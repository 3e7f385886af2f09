--- Topics, and areas, that a file adds to a framework from outside.
local support = dofile "tests/cli/support.lua"
local run, write = support.run, support.write

local folder, remove

setup(function() folder, remove = support.folder() end)
teardown(function() remove() end)

local function file(name, text)
   write(folder .. "/" .. name, text)
   return folder .. "/" .. name
end

--- A framework of two areas whose second may be extended by files that say so.
local function base(extend)
   local path = folder .. "/base-" .. tostring(extend)
   os.execute("mkdir -p " .. path)
   write(path .. "/framework.yaml", ([[
framework: {id: base, title: Base%s}
areas:
  - {id: A1, number: 1, title: First, topics: [{id: one, title: One}]}
  - {id: A2, number: 2, title: Second, topics: [{id: two, title: Two}, {id: three, title: Three, position: 4}]}
]]):format(extend and ", extend: true" or ""))
   return path
end

local function topics(first, second)
   local sql = "SELECT area_id || ' ' || position || ' ' || id AS t FROM topic ORDER BY area_id, position"
   local out = folder .. "/topics.db"
   local loaded = run("load", "-o", out, first, second)
   assert.equal(0, loaded.status, loaded.err)
   local result = run("sql", sql, "--db", out, "--format", "csv")
   return (result.out:gsub("^t\n", ""):gsub("\n$", ""):gsub("\n", ", "))
end

local function findings(...)
   local result = run("check", ...)
   assert.equal(1, result.status)
   return (result.out:gsub(folder .. "/", ""))
end

describe("a file that adds topics to an area", function()
   it("says so for the file, for the area, or is let in by the framework", function()
      local expected = "A1 1 one, A2 1 two, A2 4 three, A2 5 new"
      local areas = "areas: [{id: A2%s, topics: [{id: new, title: New}]}]\n"
      local plain = areas:format ""
      assert.equal(expected, topics(base(false), file("a.yaml", "extend: true\n" .. plain)))
      assert.equal(expected, topics(base(false), file("b.yaml", plain .. "extend: true\n")))
      assert.equal(expected, topics(base(false), file("c.yaml", areas:format ", extend: true")))
      assert.equal(expected, topics(base(true), file("d.yaml", plain)))
      assert.equal('e.yaml:1:14: the area "A2" is defined at base-false/framework.yaml:4:10, and this one has no '
         .. "title; to add topics to it, write `extend: true` beside its id, or at the top of this file\n",
         findings(base(false), file("e.yaml", plain)))
   end)

   it("may be read before the one that defines the area, and several may add", function()
      local path = folder .. "/several"
      os.execute("mkdir -p " .. path)
      write(path .. "/b.yaml", "framework: {id: f, title: F}\n"
         .. "areas: [{id: A, title: A, topics: [{id: t1, title: A}]}]\n")
      write(path .. "/c.yaml", "areas: [{id: A, extend: true, topics: [{id: t5, title: E}]}]\n")
      -- A position that is named and free is kept; the others follow the last, in the order of the files.
      write(path .. "/a.yaml", "extend: true\n"
         .. "areas: [{id: A, topics: [{id: t4, title: D}, {id: t3, title: C, position: 3}]}]\n")
      assert.equal("A 1 t1, A 3 t3, A 4 t4, A 5 t5", topics(path))
   end)

   it("cannot take a position that is taken, a new title, or an area that is not there", function()
      assert.equal("f.yaml:1:31: position 4 of a topic is taken by the topic at base-true/framework.yaml:4:72; leave "
         .. "the position out: the topic then stands behind those that the area has\n",
         findings(base(true), file("f.yaml", "areas: [{id: A2, topics: [    {id: x, title: X, position: 4}]}]\n")))
      assert.equal("g.yaml:1:39: an area that adds topics to another takes its id and topics alone; leave this out: "
         .. 'the area "A2" has its title and number at base-true/framework.yaml:4:10\n',
         findings(base(true), file("g.yaml", "areas: [{id: A2, extend: true, title: X}]\n")))
      assert.equal('h.yaml:1:14: no area "A22" to add topics to; did you mean "A2"?\n',
         findings(base(true), file("h.yaml", "areas: [{id: A22, extend: true}]\n")))
      assert.equal('i.yaml:1:9: an area lacks "title"; it needs id, title\n',
         findings(base(true), file("i.yaml", "areas: [{id: B, topics: []}]\n")))
      assert.equal('j.yaml:1:9: "extend" must be true or false\n',
         findings(base(true), file("j.yaml", "extend: perhaps\n")))
      assert.matches("to add topics to it, leave its title and number out",
         findings(base(true), file("k.yaml", "extend: true\nareas: [{id: A2, title: X}]\n")))
   end)

   it("shows its topic in coverage, the explorer and check, beside the bundled data", function()
      local added = file("added.yaml", [[
areas:
  - id: PA2
    topics:
      - {id: artificial-intelligence, title: Artificial Intelligence}
  - {id: PA7, number: 7, title: Emerging Technologies, topics: [{id: quantum, title: Quantum Computing}]}
]])
      local plan = file("plan.yaml", [[
document: {id: AIGUIDE, title: A guide}
actions:
  artificial-intelligence:
    - {id: AIGUIDE.AI.1, text: Adopt a guide on the governance of artificial intelligence.}
]])
      assert.equal(0, run("check", "@bundled", added, plan).status)
      local coverage = run("run", "coverage", "--with", added, "--with", plan).out
      assert.equal(coverage, run("run", "coverage", "--with", added, plan).out)
      assert.equal(coverage, run("run", "--with", added, plan, "coverage").out)
      -- Where it is needed as an argument, or a script takes arguments, it is one.
      assert.equal(run("run", "search", plan, "--with", added).out, run("run", "search", "--with", added, plan).out)
      assert.matches("cannot read .*no.yaml", run("audit", "--with", added, folder .. "/no.yaml").err)
      local before, row = coverage:match "(Electronic Authentication[^\n]*\n)(Artificial Intelligence[^\n]*)"
      assert.truthy(before, coverage)
      assert.matches("^Artificial Intelligence +0 +0 +0 +0 +0 +1 +1$", row)
      assert.matches("\nQuantum Computing +0", coverage)
      assert.equal(0, run("run", "explorer", "--with", added, "--with", plan, "--out", folder).status)
      local page = support.read(folder .. "/explorer.html")
      assert.matches("Artificial Intelligence", page)
      assert.matches("governance of artificial intelligence", page)
   end)
end)
