-- The links between actions as a body of work. The small frameworks here are invented.
local difkit = require "difkit"
local digest = require("difkit.core").digest

local function write(path, text)
   local file = assert(io.open(path, "wb"))
   file:write(text)
   file:close()
end

--- A database of three documents with one action each (A.1, B.1, C.1), or those given, and these links.
local function with(links, texts, options)
   local path = os.tmpname()
   os.remove(path)
   path = path .. ".yaml"
   local lines = {"framework: {id: f, title: F}", "areas:", "  - {id: A, title: A, topics: [{id: t, title: T}]}"}
   write(path, table.concat(lines, "\n") .. "\n")
   local paths = {path}
   for _, document in ipairs {"A", "B", "C"} do
      local own = path:gsub("%.yaml$", document .. ".yaml")
      local text = texts and texts[document] or document .. " text"
      write(own, ("document: {id: %s, title: %s, adopted: 202%d}\nactions: {t: [{id: %s.1, text: %q}]}\n"):format(
         document, document, #paths, document, text))
      paths[#paths + 1] = own
   end
   local own = path:gsub("%.yaml$", "-links.yaml")
   write(own, "links:\n" .. links)
   paths[#paths + 1] = own
   local db, message = difkit.open(paths, options)
   for _, used in ipairs(paths) do os.remove(used) end
   return assert(db, message)
end

local function link(source, target, relation, more)
   return ("  - {source: %s, target: %s, relation: %s, rationale: because%s}\n"):format(source, target, relation,
      more or "")
end

describe("links.stale", function()
   local now = digest "A text"

   it("finds a link whose action has other words than when it was judged", function()
      local db <close> = with(link("A.1", "B.1", "equal", (', source_digest: "%s", target_digest: "%s"'):format(
         now:sub(1, 16), digest("B text, as it was"):sub(1, 16))))
      local stale = difkit.links.stale(db)
      assert.equal(1, #stale)
      assert.equal("target", stale[1].changed)
      assert.equal("B text", stale[1].target_text)
   end)

   it("takes digests of any length, and both ends", function()
      local db <close> = with(link("A.1", "B.1", "equal", (', source_digest: "%s"'):format(now))
         .. link("B.1", "C.1", "none", (', source_digest: "%s", target_digest: "%s"'):format(now:sub(1, 16), now)))
      local stale = difkit.links.stale(db)
      assert.equal(1, #stale)
      assert.equal("both", stale[1].changed)
   end)

   it("counts the same links as the problems in the data do, whatever the case of digests", function()
      local db <close> = with(link("A.1", "B.1", "equal", (', source_digest: "%s"'):format(now))
         .. link("B.1", "C.1", "none", (', source_digest: "%s", target_digest: "%s"'):format(now, now)), nil,
         {write = true})
      db:exec "UPDATE link SET source_digest = upper(source_digest), target_digest = upper(target_digest)"
      assert.truthy(db:query("SELECT source_digest FROM link"):value():find "^[%dA-F]+$")
      assert.equal("B.1 C.1", table.concat({difkit.links.stale(db)[1].source, difkit.links.stale(db)[1].target}, " "))
      local problems = db:problems("2026-01-01"):where{problem = "words changed since the link was judged"}
      assert.equal(1, #problems)
      assert.equal("B.1/C.1", problems[1].id)
      assert.equal("B.1, C.1", problems[1].what)
      assert.equal(1, difkit.links.debt(db):where{what = "stale: words changed since"}[1].count)
   end)

   it("finds none in the bundled data", function()
      local db <close> = assert(difkit.open())
      assert.equal(0, #difkit.links.stale(db))
   end)
end)

describe("links.compose", function()
   -- Every pair of relations, against all sets over four elements: what follows must hold for all of them, and where
   -- nothing is said to follow, two different things must be possible.
   local function relation_of(a, b)
      if a == b then return "equal" end
      if a & b == 0 then return "none" end
      if a & b == a then return "subset" end
      if a & b == b then return "superset" end
      return "intersects"
   end

   it("says what holds for all sets, and nothing that does not", function()
      local possible = {}
      for a = 1, 15 do
         for b = 1, 15 do
            for c = 1, 15 do
               local key = relation_of(a, b) .. " " .. relation_of(b, c)
               possible[key] = possible[key] or {}
               possible[key][relation_of(a, c)] = true
            end
         end
      end
      for key, relations in pairs(possible) do
         local count, only = 0, nil
         for relation in pairs(relations) do count, only = count + 1, relation end
         local follows = difkit.links.compose(key:match "^(%a+) (%a+)$")
         if count == 1 then
            assert.equal(only, follows, key)
         elseif not relations.none then
            assert.equal("some", follows, key)
         else
            assert.is_nil(follows, key)
         end
      end
   end)

   it("knows a misspelt relation", function()
      local ok, problem = pcall(difkit.links.compose, "equals", "none")
      assert.is_false(ok)
      assert.equal('did you mean "equal"?', problem.hint)
   end)
end)

describe("links.inconsistent", function()
   it("finds three links that cannot all be right, whichever way round they are written", function()
      local db <close> = with(link("A.1", "B.1", "subset") .. link("C.1", "B.1", "superset")
         .. link("A.1", "C.1", "none"))
      local found = difkit.links.inconsistent(db)
      assert.is_true(#found >= 1)
      local described = {}
      for row in found:rows() do
         described[#described + 1] = table.concat({row.first, row.middle, row.last, row.follows, row.stated}, " ")
      end
      assert.equal("A.1 B.1 C.1 subset none", described[1])
   end)

   it("accepts links that can all be right", function()
      local db <close> = with(link("A.1", "B.1", "subset") .. link("B.1", "C.1", "subset")
         .. link("C.1", "A.1", "superset"))
      assert.equal(0, #difkit.links.inconsistent(db))
   end)
end)

describe("links.debt", function()
   local function level(links, texts)
      local db <close> = with(links, texts)
      local _, reached, lacks = difkit.links.debt(db)
      return reached, lacks
   end
   local function dated(source, target, relation, status)
      return link(source .. ".1", target .. ".1", relation, (', source_digest: "%s", target_digest: "%s", status: %s')
         :format(digest(source .. " text"):sub(1, 16), digest(target .. " text"):sub(1, 16), status or "proposed"))
   end

   it("rises with what is paid", function()
      assert.equal(1, (level(link("A.1", "B.1", "none"))))
      assert.equal(2, (level(link("A.1", "B.1", "none", ', source_digest: "0000000000000000", target_digest: "'
         .. digest("B text"):sub(1, 16) .. '"'))))
      assert.equal(2, (level(dated("A", "B", "equal") .. dated("B", "C", "equal") .. dated("A", "C", "none"))))
      assert.equal(4, (level(dated("A", "B", "none"))))
      assert.equal(5, (level(dated("A", "B", "none", "reviewed"))))
   end)

   it("sees alike pairs that nobody has judged", function()
      local texts = {A = "Ratify the goods agreement", B = "B text", C = "Ratify the goods agreement"}
      local reached, lacks = level(link("A.1", "B.1", "none", (', source_digest: "%s", target_digest: "%s"'):format(
         digest(texts.A):sub(1, 16), digest(texts.B):sub(1, 16))), texts)
      assert.equal(3, reached)
      assert.matches("nobody has judged", lacks)
   end)

   it("says how many pairs on one topic nobody has read", function()
      local db <close> = with(dated("A", "B", "none", "reviewed"))
      local debt = difkit.links.debt(db)
      local pairs_on_topic = db:query([[SELECT count(*) FROM action AS a JOIN action AS b
         ON b.topic_id = a.topic_id AND b.document_id > a.document_id]]):value()
      local last = debt[#debt]
      assert.equal("on one topic, read by nobody", last.what)
      assert.equal(pairs_on_topic - 1, last.count)
      assert.equal(last.count / pairs_on_topic, last.share)
   end)

   it("adds up in the bundled data", function()
      local db <close> = assert(difkit.open())
      local count = {}
      for row in difkit.links.debt(db):rows() do count[row.what] = row.count end
      assert.equal(db:query("SELECT count(*) FROM link"):value(), count["judged pairs"])
      assert.equal(count.related, count.equal + count.subset + count.superset + count.intersects)
      assert.equal(count["judged pairs"], count.related + count["looked at, nothing shared (none)"])
      assert.equal(0, count["triples that contradict"])
      -- 1310 pairs on one topic: 80 are judged, 278 others were read in the sample.
      assert.equal(952, count["on one topic, read by nobody"])
      assert.equal(278, count["on one topic, read in a sample alone"])
   end)
end)

describe("links.recall", function()
   local db = assert(difkit.open())

   -- Computed apart, from the CSV files and the links, by a program in another language: ratio of two totals over
   -- strata drawn without replacement (Särndal, Swensson and Wretman, Model Assisted Survey Sampling, 1992, 3.7 and
   -- 5.6), the interval on the scale of the logit.
   local expected = {
      first = {28, 8, 106.32218402512521, 17.60978115781231, 0.2796397344636176, 0.07841712212577857,
         0.15326433708185316, 0.4543092594895787},
      second = {30, 8, 116.0419892199304, 18.900406951064536, 0.2562168014202862, 0.0740616270789884,
         0.1385445251511228, 0.42457514507197885},
      all = {22, 8, 88.6721840251252, 16.76370759784486, 0.33530139846283, 0.09199684454212619,
         0.18342289876992238, 0.5311394368257437},
   }

   it("estimates which share of the related pairs the links have, with its error", function()
      local found = difkit.links.recall(db)
      assert.equal(3, #found)
      for row in found:rows() do
         local wanted = expected[row.reader]
         for i, name in ipairs {"related", "linked", "pairs", "pairs_error", "recall", "error", "low", "high"} do
            assert.near(wanted[i], row[name], 1e-9 * wanted[i], row.reader .. " " .. name)
         end
      end
   end)

   it("rests on 300 pairs, each of one topic and two documents, that both readers read", function()
      assert.equal(300, db:query[[SELECT count(*) FROM (SELECT left_id, right_id FROM pair_reading GROUP BY 1, 2
         HAVING count(*) = 2)]]:value())
      assert.equal(0, db:query[[SELECT count(*) FROM pair_reading AS r JOIN action AS a ON a.id = r.left_id
         JOIN action AS b ON b.id = r.right_id
         WHERE a.topic_id <> b.topic_id OR a.document_id = b.document_id]]:value())
      assert.equal(282, db:query[[SELECT count(*) FROM pair_reading AS f JOIN pair_reading AS s
         USING (left_id, right_id, relation) WHERE f.reader = 'first' AND s.reader = 'second']]:value())
   end)

   it("has no pair that a link relates and a reader does not, and some that were judged none", function()
      local judged = [[SELECT count(*) FROM pair_reading AS r JOIN link AS l ON l.source_id = r.left_id
         AND l.target_id = r.right_id OR l.source_id = r.right_id AND l.target_id = r.left_id
         WHERE r.reader = ? AND (l.relation = 'none') = ? AND (r.relation = 'none') = ?]]
      for reader, against in pairs {first = 5, second = 1} do
         assert.equal(8, db:query(judged, reader, 0, 0):value())
         assert.equal(0, db:query(judged, reader, 0, 1):value())
         assert.equal(against, db:query(judged, reader, 1, 0):value())
         assert.equal(14 - against, db:query(judged, reader, 1, 1):value())
      end
      assert.near(0.63, 0.025 ^ (1 / 8), 0.005) -- Clopper and Pearson, 1934: eight of eight
   end)

   it("lists the pairs that both relate and no link does", function()
      local missed = difkit.links.missed(db)
      assert.equal(14, #missed)
      for row in missed:rows() do
         assert.is_nil(db:query([[SELECT relation FROM link WHERE relation <> 'none' AND (source_id = ?1
            AND target_id = ?2 OR source_id = ?2 AND target_id = ?1)]], row.left, row.right):value())
         assert.are_not.equal("none", row.first)
         assert.are_not.equal("none", row.second)
      end
   end)

   it("is nil where nobody has read a sample", function()
      local other <close> = assert(difkit.open "tests/data/garden-framework")
      assert.is_nil(difkit.links.recall(other))
      assert.equal(0, #difkit.links.missed(other))
   end)
end)

describe("links.documents", function()
   it("counts each action of a document once, and those contained", function()
      local db <close> = with(link("A.1", "B.1", "superset") .. link("C.1", "A.1", "none"))
      local shared = difkit.links.documents(db)
      assert.equal(2, #shared)
      assert.same({"A", "B", 1, 1, 0}, {shared[1].document, shared[1].other, shared[1].actions, shared[1].of,
         shared[1].contained})
      assert.same({"B", "A", 1, 1, 1}, {shared[2].document, shared[2].other, shared[2].actions, shared[2].of,
         shared[2].contained})
   end)

   it("agrees with a count by SQL", function()
      local db <close> = assert(difkit.open())
      local sql = [[SELECT count(DISTINCT id) FROM (
         SELECT source_id AS id, target_id AS other FROM link WHERE relation <> 'none'
         UNION ALL SELECT target_id, source_id FROM link WHERE relation <> 'none')
         WHERE id LIKE 'ACRF.%' AND other LIKE 'DIFAP.%']]
      assert.equal(db:query(sql):value(),
         difkit.links.documents(db):where{document = "ACRF", other = "DIFAP"}[1].actions)
   end)
end)

describe("links.dot", function()
   it("draws an edge for each pair of documents that shares actions", function()
      local db <close> = with(link("A.1", "B.1", "superset") .. link("C.1", "A.1", "none"))
      local dot = difkit.links.dot(db)
      assert.truthy(dot:find('"A" -- "B" [label=1', 1, true))
      assert.falsy(dot:find('"A" -- "C"', 1, true))
      assert.truthy(dot:find('"C" [label="C\\n1"', 1, true))
   end)
end)
