--- Targets, bodies, rounds, replies and wordings as data: how they are written, and what is refused.
local support = dofile "tests/cli/support.lua"
local run, write = support.run, support.write

local base = [[
framework: {id: f, title: F}
areas: [{id: A, title: A, topics: [{id: t, title: T}]}]
units: [{id: U, title: U}]
bodies: [{id: B, title: "A body", kind: sectoral}]
words: {topic: strategic measure, action: {said: key action line, plural: key actions}}
rounds: [{id: R1, title: "First round", reference: 2026-03-31, cut_off: 2026-05-31}]
replies: [{round: R1, unit: U, asked: 2026-01-15, received: 2026-03-01, answered_by: "desk", endorsed_by: "SEOM"}]
indicators: [{id: i, title: I, direction: 1}]
document: {id: D, title: D}
]]

describe("targets", function()
   local folder, remove, path

   before_each(function()
      folder, remove = support.folder()
      path = folder .. "/f.yaml"
   end)
   after_each(function() remove() end)

   local function check(text)
      write(path, base .. text)
      local result = run("check", path)
      return (result.out:gsub("[^\n]*/f%.yaml", "f.yaml"))
   end

   local function sql(query)
      local result = run("sql", query, "--db", path, "--format", "csv")
      assert.equal("", result.err)
      return result.out
   end

   it("stand within an action, whatever the order of its keys, or in a list of their own", function()
      assert.equal("", check [[
actions:
  t:
    - targets:
        - {by: 2021, quorum: at_least, count: 2, body: B, words: "two in 2021"}
        - {by: 2022, indicator: i, value: 0.5}
      id: D.1
      text: x
    - {id: D.2, text: y}
targets:
  - {action: D.2, recurs: annual, quorum: each, group: G}
groups: [{id: G, title: G, members: [U]}]
]])
      assert.equal("action_id,due,recurs,quorum,count,group_id,indicator_id,value,body_id,words\n"
         .. 'D.1,"2021",,at_least,2,,,,B,two in 2021\nD.1,"2022",,,,,i,0.5,,\nD.2,,annual,each,,G,,,,\n',
         sql [[SELECT action_id, due, recurs, quorum, count, group_id, indicator_id, value, body_id, words FROM target
            ORDER BY action_id, due]])
      assert.equal("term,said,plural\naction,key action line,key actions\ntopic,strategic measure,\n",
         sql "SELECT term, said, plural FROM wording ORDER BY term")
      assert.equal("reference,received,endorsed_by,kind\n2026-03-31,2026-03-01,SEOM,sectoral\n",
         sql "SELECT reference, received, endorsed_by, kind FROM round JOIN reply ON round_id = round.id, body")
   end)

   it("come from a CSV file", function()
      write(folder .. "/t.csv", "action,by,quorum,count\nD.1,2021-06,at_least,3\nD.1,2022,all,\n")
      assert.equal("", check "actions: {t: [{id: D.1, text: x}]}\ntargets: {csv: t.csv}\n")
      assert.equal("due,count\n2021-06,3\n2022,\n", (sql "SELECT due, count FROM target ORDER BY due":gsub('"', "")))
   end)

   for name, case in pairs {
      ["a number without at_least"] = {"{action: D.1, count: 2}",
         "f.yaml:12:26: a target says how many without at_least; such as {quorum: at_least, count: 5}"},
      ["at_least without a number"] = {"{action: D.1, quorum: at_least}",
         "f.yaml:12:5: a target of at_least does not say how many; such as {quorum: at_least, count: 5}"},
      ["an indicator without a value"] = {"{action: D.1, indicator: i}",
         "f.yaml:12:5: a target of an indicator has no value; such as {indicator: osi, value: 0.75}"},
      ["a body that is not in the register"] = {"{action: D.1, body: C}",
         'f.yaml:12:25: no body "C", which "body" of a target names; did you mean "B"?'},
      ["another way to recur"] = {"{action: D.1, recurs: anual}", 'did you mean "annual"?'},
      ["a target of nothing"] = {"{by: 2021}", 'f.yaml:12:5: a target lacks "action"; it needs action'},
   } do
      it("refuse " .. name, function()
         local found = check("actions: {t: [{id: D.1, text: x}]}\ntargets:\n  - " .. case[1] .. "\n")
         assert.matches(case[2], found, 1, true)
      end)
   end

   it("refuse an action named within an action, and the same target twice", function()
      local found = check [[
actions:
  t:
    - {id: D.1, text: x, targets: [{by: 2021, action: D.1}, {by: 2021}]}
targets: [{action: D.1, by: 2021}]
]]
      assert.matches('f.yaml:12:47: unknown key "action" in a target', found, 1, true)
      assert.matches("f.yaml:12:61: a target for D.1, 2021 stands twice; first at f.yaml:", found, 1, true)
   end)
end)
