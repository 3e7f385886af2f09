--- The stock scripts, against counts made by SQL.
local support = dofile "tests/cli/support.lua"
local run = support.run

--- The cells of CSV without quotes or commas in its cells: one list a line.
local function cells(text)
   local rows = {}
   for _, line in ipairs(support.lines(text)) do
      local row = {}
      for cell in (line .. ","):gmatch "([^,]*)," do row[#row + 1] = cell end
      rows[#rows + 1] = row
   end
   return rows
end

local function sql(query)
   local result = run("sql", query, "--format", "csv")
   assert(result.status == 0, result.err)
   return cells(result.out)
end

--- What a script gives, as a list of rows by column name.
local function rows_of(...)
   local result = run("run", "--format", "ndjson", ...)
   assert.equal(0, result.status, result.err)
   assert.equal("", result.err)
   local rows = {}
   for _, line in ipairs(support.lines(result.out)) do
      local row = {}
      for name, text in line:gmatch '"([%l_]+)":"(.-)"[,}]' do row[name] = text end
      for name, number in line:gmatch '"([%w ]+)":(%d+)' do row[name] = tonumber(number) end
      rows[#rows + 1] = row
   end
   return rows
end

describe("coverage", function()
   it("counts actions by topic and document, with totals", function()
      local rows = rows_of "coverage"
      assert.equal(22, #rows)
      local counted = {}
      for _, row in ipairs(sql [[SELECT replace(topic_title, ',', ''), document, count(*) FROM action_full
         GROUP BY topic_title, document]]) do
         counted[row[1] .. "/" .. row[2]] = tonumber(row[3])
      end
      local documents = {"DIFAP", "ACRF", "ADM2025", "BSBR", "WPAAEC"}
      local totals = {Total = 0}
      for i = 1, 21 do
         local sum = 0
         for _, document in ipairs(documents) do
            local n = rows[i][document]
            assert.equal(counted[rows[i].topic:gsub(",", "") .. "/" .. document] or 0, n)
            sum = sum + n
            totals[document] = (totals[document] or 0) + n
         end
         assert.equal(sum, rows[i].Total)
         totals.Total = totals.Total + sum
      end
      for name, total in pairs(totals) do assert.equal(total, rows[22][name]) end
      assert.equal(244, rows[22].Total)
      assert.equal("Total", rows[22].topic)
   end)

   it("stands in the order of the framework", function()
      local rows = rows_of "coverage"
      local titles = sql [[SELECT replace(topic.title, ',', '') FROM topic JOIN area ON area.id = area_id
         ORDER BY area.number, topic.position]]
      for i = 1, 21 do assert.equal(titles[i + 1][1], (rows[i].topic:gsub(",", ""))) end
      assert.truthy(run("run", "coverage").out:find "^topic +DIFAP +ACRF +ADM2025 +BSBR +WPAAEC +Total\n")
   end)

   it("can be kept to some areas", function()
      local rows = rows_of("coverage", "--area", "PA2,PA3")
      assert.equal(6, #rows)
      assert.equal(tonumber(sql("SELECT count(*) FROM action_full WHERE area IN ('PA2', 'PA3')")[2][1]), rows[6].Total)
   end)

   it("shows topics that no document covers", function()
      local folder, remove = support.folder()
      support.write(folder .. "/f.yaml", [[
framework: {id: f, title: F}
document: {id: D, title: D}
areas:
  - {id: A, title: A, topics: [{id: done, title: Done}, {id: open, title: Open}]}
actions: {done: [{id: D.1, text: x}]}
]])
      assert.equal("topic,D,Total\nDone,1,1\nOpen,0,0\nTotal,1,1\n",
         run("run", "coverage", "--db", folder .. "/f.yaml", "--format", "csv").out)
      remove()
   end)
end)

describe("gaps", function()
   it("lists the topics that one document covers and the other does not", function()
      for _, pair in ipairs {{"DIFAP", "BSBR"}, {"WPAAEC", "DIFAP"}, {"BSBR", "DIFAP"}, {"ACRF", "ADM2025"}} do
         local have, lack = pair[1], pair[2]
         local expected = sql(([[SELECT replace(topic_title, ',', ''), count(*) FROM action_full AS a
            WHERE document = '%s' AND NOT EXISTS (SELECT 1 FROM action WHERE document_id = '%s' AND topic_id = a.topic)
            GROUP BY topic ORDER BY area_number, topic_position]]):format(have, lack))
         local rows = rows_of("gaps", "--have", have, "--lack", lack)
         assert.equal(#expected - 1, #rows)
         for i, row in ipairs(rows) do
            assert.equal(expected[i + 1][1], (row.topic:gsub(",", "")))
            assert.equal(tonumber(expected[i + 1][2]), row.actions)
            assert.equal(row.actions, select(2, row.ids:gsub(have .. "%.", "")))
         end
      end
   end)

   it("says of how many topics, and when there are none", function()
      local result = run("run", "gaps", "--have", "BSBR", "--lack", "DIFAP")
      assert.truthy(result.out:find("(no rows)", 1, true))
      assert.truthy(result.out:find("0 of the 13 topics that BSBR covers", 1, true))
   end)

   it("lists by action what the other document does not ask for, with the ground of each answer", function()
      local rows = rows_of("gaps", "--have", "DIFAP", "--lack", "ACRF", "--by", "action", "--all")
      assert.equal(57, #rows)
      local open = {}
      for _, row in ipairs(rows) do
         assert.truthy(row.ground:find "^reviewed link: " or row.ground:find "^no reviewed link; ")
         if row.covered ~= "yes" then open[#open + 1] = row end
      end
      assert.same(open, rows_of("gaps", "--have", "DIFAP", "--lack", "ACRF", "--by", "action"))
      local equal = sql [[SELECT count(DISTINCT source_id) FROM link
         WHERE status = 'reviewed' AND relation IN ('equal', 'subset')
         AND source_id LIKE 'DIFAP.%' AND target_id LIKE 'ACRF.%']]
      assert.is_true(#rows - #open >= tonumber(equal[2][1]) and #open < #rows)
   end)
end)

describe("list", function()
   it("lists all actions, or those of documents, topics and areas", function()
      local function counted(condition, ...)
         local expected = sql("SELECT count(*) FROM action_full WHERE " .. condition)
         assert.equal(tonumber(expected[2][1]), #rows_of("list", ...))
      end
      counted("1")
      counted("document = 'BSBR'", "--document", "BSBR")
      counted("document IN ('BSBR', 'ACRF') AND topic = 'cybersecurity'", "--document", "BSBR,ACRF", "--topic",
         "cybersecurity")
      counted("area = 'PA4'", "--area", "PA4")
      counted("attribution = 'inferred'", "--inferred")
   end)

   it("wraps the words at 100 columns where there is no terminal", function()
      for _, line in ipairs(support.lines(run("run", "list").out)) do assert.truthy(utf8.len(line) <= 100, line) end
   end)
end)

describe("search", function()
   it("finds what the full-text index finds, and marks it", function()
      local rows = rows_of("search", "cybersecurity", "--limit", "0")
      local expected = sql "SELECT count(*) FROM action_fts WHERE action_fts MATCH 'cybersecurity*'"
      assert.equal(tonumber(expected[2][1]), #rows)
      for _, row in ipairs(rows) do
         assert.truthy(row.text:lower():find("cybersecurity", 1, true))
         assert.falsy(row.text:find("«", 1, true))
         assert.truthy(row.place:find "^%l+%d*%.yaml:%d+$")
         assert.equal(tonumber(sql(("SELECT line FROM action WHERE id = '%s'"):format(row.id))[2][1]), row.line)
      end
      assert.truthy(run("run", "search", "cybersecurity").out:find("«Cybersecurity»", 1, true))
   end)

   it("finds longer words too, but not for capitals, phrases and what is left out", function()
      assert.equal(6, #rows_of("search", "survey"))
      assert.equal(0, #rows_of("search", '"survey"'))
      assert.equal(6, #rows_of("search", "annual", "business", "survey"))
      assert.equal(1, #rows_of("search", "AI"))
      assert.equal(1, #rows_of("search", "survey", "--", "-perceptions", "-perceived", "-paperless"))
   end)

   it("shows the best and says how many there are", function()
      local result = run("run", "search", "trade", "--limit", "2")
      assert.truthy(result.out:find("the best 2 of %d+; %-%-limit 0 shows all\n$"))
      assert.equal(2, #rows_of("search", "trade", "--limit", "2"))
   end)

   it("can be kept to documents, topics and areas", function()
      for _, row in ipairs(rows_of("search", "digital", "--document", "BSBR,DIFAP", "--area", "PA2")) do
         assert.truthy(row.id:find "^BSBR%." or row.id:find "^DIFAP%.")
      end
   end)

   it("takes any words without an error of the index", function()
      for _, words in ipairs {"AND", "a AND", "NEAR(", "^x", '"open', "*", "it's", "-x", "(", "col:x"} do
         local status = run("run", "search", "--", words).status
         assert.truthy(status == 0 or status == 4, words)
      end
   end)
end)

describe("debt", function()
   it("counts the links by relation and status", function()
      local counted = {}
      for _, row in ipairs(rows_of "debt") do counted[row.what] = row.count end
      for _, row in ipairs(sql "SELECT relation, count(*) FROM link WHERE relation <> 'none' GROUP BY relation") do
         if row[1] ~= "relation" then assert.equal(tonumber(row[2]), counted[row[1]]) end
      end
      assert.equal(tonumber(sql("SELECT count(*) FROM link WHERE status = 'proposed'")[2][1]),
         counted["not reviewed by a second reader"])
   end)

   it("lists what it counts, and fails on it when asked to", function()
      local folder, remove = support.folder()
      local more = folder .. "/more.yaml"
      support.write(more, "links:\n  - {source: DIFAP.TF.1, target: WPAAEC.RC.1, relation: none, rationale: r}\n")
      local proposed = rows_of("debt", "--with", more, "--list", "proposed")
      assert.equal(1, #proposed)
      assert.equal("WPAAEC.RC.1", proposed[1].target_id)
      assert.equal(0, #rows_of("debt", "--list", "stale"))
      assert.equal(0, run("run", "debt", "--fail-on", "stale", "--fail-on", "contradicting").status)
      local failed = run("run", "debt", "--with", more, "--fail-on", "stale", "--fail-on", "proposed")
      remove()
      assert.equal(1, failed.status)
      assert.truthy(failed.err:find("1 proposed; --list proposed shows them", 1, true))
   end)

   it("sees a text that has changed, and an alike pair that nobody judged", function()
      local folder, remove = support.folder()
      support.write(folder .. "/f.yaml", [[
framework: {id: f, title: F}
areas: [{id: A, title: A, topics: [{id: t, title: T}]}]
links:
  - {source: D.1, target: E.1, relation: none, rationale: r, source_digest: "0000000000000000"}
]])
      for _, id in ipairs {"D", "E"} do
         support.write(folder .. "/" .. id .. ".yaml", ("document: {id: %s, title: %s}\nactions: {t: [" ..
            "{id: %s.1, text: Plant %s}, {id: %s.2, text: Survey the beds}]}\n"):format(id, id, id, id, id))
      end
      local stale = rows_of("debt", "--db", folder, "--list", "stale")
      assert.equal("D.1", stale[1].source)
      assert.equal("source", stale[1].changed)
      local alike = rows_of("debt", "--db", folder, "--list", "unjudged", "--least", "0.9")
      assert.equal(1, #alike)
      assert.equal("D.2", alike[1].first)
      support.fails(1, "stale", run("run", "debt", "--db", folder, "--fail-on", "stale"))
      remove()
   end)
end)

describe("shared", function()
   it("counts actions related to another document", function()
      local cell
      for _, row in ipairs(rows_of "shared") do
         if row.document == "BSBR" then cell = row.DIFAP end
      end
      assert.equal(tonumber(sql([[SELECT count(DISTINCT id) FROM (
         SELECT source_id AS id, target_id AS other FROM link WHERE relation <> 'none'
         UNION ALL SELECT target_id, source_id FROM link WHERE relation <> 'none')
         WHERE id LIKE 'BSBR.%' AND other LIKE 'DIFAP.%']])[2][1]), cell)
   end)

   it("draws a heat map and a graph", function()
      local folder, remove = support.folder()
      assert.equal(0, run("run", "shared", "--chart", "shared.svg", "--out", folder).status)
      assert.truthy(support.read(folder .. "/shared.svg"):find "^<svg")
      remove()
      assert.truthy(run("run", "shared", "--dot").out:find('"DIFAP" -- "ACRF" [label=', 1, true))
   end)
end)

describe("overlap", function()
   it("shows all pairs with a limit of 0", function()
      local result = run("run", "overlap", "--least", "0.5", "--limit", "0", "--format", "csv")
      assert.equal(1 + 19, #support.lines(result.out))
   end)
end)

describe("sssom", function()
   it("goes out and comes back as the same links", function()
      local folder, remove = support.folder()
      local out = run("run", "sssom")
      assert.equal(0, out.status, out.err)
      support.write(folder .. "/links.sssom.tsv", out.out)
      local back = run("run", "sssom", "--import", folder .. "/links.sssom.tsv")
      assert.equal(0, back.status, back.err)
      local count = tonumber(sql("SELECT count(*) FROM link")[2][1])
      assert.equal(count, select(2, back.out:gsub("\n  %- source: ", "")))
      assert.equal(0, run("run", "sssom", "--file", "l.sssom.tsv", "--out", folder).status)
      assert.equal(out.out, support.read(folder .. "/l.sssom.tsv"))
      remove()
   end)

   it("stops at a row that cannot become a link, or says that it is left out", function()
      local folder, remove = support.folder()
      local path = folder .. "/m.sssom.tsv"
      support.write(path, "#curie_map:\n#  x: https://example.org/\nsubject_id\tpredicate_id\tobject_id\n"
         .. "x:DIFAP.TF.1\tskos:closeMatch\tx:ACRF.TF.1\nx:DIFAP.TF.1\tskos:broadMatch\tx:ACRF.TF.1\n")
      local stopped = run("run", "sssom", "--import", path)
      assert.equal(1, stopped.status)
      assert.truthy(stopped.err:find(path .. ":4: skos:closeMatch says too little", 1, true))
      assert.equal("", stopped.out)
      local skipped = run("run", "sssom", "--import", path, "--skip")
      assert.equal(0, skipped.status)
      assert.matches("^# left out, line 4: skos:closeMatch", skipped.out)
      assert.truthy(skipped.out:find("  - source: DIFAP.TF.1\n    target: ACRF.TF.1\n    relation: subset\n", 1, true))
      remove()
   end)
end)
