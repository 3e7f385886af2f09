-- Links as SSSOM/TSV: the form that the specification asks for, and back again without loss.
local difkit = require "difkit"
local core = require "difkit.core"

local db
setup(function() db = assert(difkit.open()) end)
teardown(function() db:close() end)

local function lines_of(text)
   local lines = {}
   for line in text:gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
   return lines
end

--- The rows below the metadata as lists of cells; the first is the header.
local function rows_of(text)
   local rows = {}
   for _, line in ipairs(lines_of(text)) do
      if line:sub(1, 1) ~= "#" then rows[#rows + 1] = difkit.text.split(line, "\t") end
   end
   return rows
end

--- One mapping with these cells, by slot, read.
local function read(cells, head)
   local names, values = {}, {}
   for name, value in difkit.sorted(cells) do names[#names + 1], values[#values + 1] = name, value end
   return difkit.sssom.parse((head or "#curie_map:\n#  x: https://example.org/\n")
      .. table.concat(names, "\t") .. "\n" .. table.concat(values, "\t") .. "\n", db)
end

local function mapping(changes)
   local cells = {subject_id = "x:DIFAP.TF.1", predicate_id = "skos:exactMatch", object_id = "x:ACRF.TF.1",
      mapping_justification = "semapv:ManualMappingCuration"}
   for name, value in pairs(changes) do cells[name] = value or nil end
   return cells
end

describe("sssom.write", function()
   local text = difkit.sssom.write(nil, assert(difkit.open()))

   it("begins with metadata whose every line has a #, and has no empty line", function()
      local table_begun = false
      for _, line in ipairs(lines_of(text)) do
         assert.is_true(#line > 0)
         if line:sub(1, 1) ~= "#" then table_begun = true else assert.is_false(table_begun) end
      end
      assert.matches("^#curie_map:\n#  asean%-dif: ", text)
      assert.is_nil(text:find("\r", 1, true))
      assert.is_nil(text:find "^\u{FEFF}")
   end)

   it("declares every prefix it uses, and no built-in one", function()
      local declared = {skos = true, semapv = true}
      for prefix in text:match("#curie_map:\n(.-)\n#mapping_set_id"):gmatch "#  ([%w_-]+): " do
         assert.is_nil(declared[prefix])
         declared[prefix] = true
      end
      local rows = rows_of(text)
      for i = 2, #rows do
         for _, column in ipairs {1, 3, 5, 7} do
            assert.is_true(declared[rows[i][column]:match "^([%w_-]+):"] or column == 5, rows[i][column])
         end
      end
   end)

   it("writes the columns in the order of the standard, and the rows sorted", function()
      local rows = rows_of(text)
      assert.equal("subject_id subject_label predicate_id predicate_modifier object_id object_label " ..
         "mapping_justification similarity_score comment ext_kind ext_source_digest ext_status ext_target_digest",
         table.concat(rows[1], " "))
      for i = 3, #rows do
         assert.is_true(rows[i - 1][1] < rows[i][1] or rows[i - 1][1] == rows[i][1] and rows[i - 1][3] <= rows[i][3])
      end
      assert.equal(1 + db:query("SELECT count(*) FROM link"):value(), #rows)
   end)

   it("tells relations as SKOS does, and none as Not", function()
      local expected = {equal = "skos:exactMatch ", subset = "skos:broadMatch ", superset = "skos:narrowMatch ",
         intersects = "skos:relatedMatch "}
      local found = {}
      for _, row in ipairs(rows_of(text)) do
         found[row[1]:match ":(.*)$" or ""] = found[row[1]:match ":(.*)$" or ""] or {}
         found[row[1]:match ":(.*)$" or ""][row[5]:match ":(.*)$" or ""] = row[3] .. " " .. row[4]
      end
      for link in db:links() do
         local want = expected[link.relation]
            or (link.kind and "skos:closeMatch Not" or "skos:relatedMatch Not")
         assert.equal(want, found[link.source_id][link.target_id])
      end
   end)

   it("gives the same bytes twice", function()
      local again <close> = assert(difkit.open())
      assert.equal(text, difkit.sssom.write(nil, again))
   end)

   it("leaves out columns that would be empty", function()
      local path = os.tmpname()
      os.remove(path)
      local file = assert(io.open(path .. ".yaml", "wb"))
      file:write [[
framework: {id: "2f", title: 'A "quoted": title'}
document: {id: D, title: D}
areas: [{id: A, title: A, topics: [{id: t, title: T}]}]
actions: {t: [{id: D.1, text: "One \"two\"\tthree"}, {id: D.2, text: Four}]}
links: [{source: D.1, target: D.2, relation: equal, rationale: because}]
]]
      file:close()
      local small <close> = assert(difkit.open(path .. ".yaml"))
      os.remove(path .. ".yaml")
      local written = difkit.sssom.write(nil, small, {license = "https://creativecommons.org/licenses/by/4.0/"})
      assert.equal([[
#curie_map:
#  _2f: "urn:difkit:2f:action:"
#  difkit: "urn:difkit:vocabulary:"
#mapping_set_id: urn:difkit:2f:links
#mapping_set_title: "Links between actions: A \"quoted\": title"
#license: https://creativecommons.org/licenses/by/4.0/
#subject_type: skos concept
#object_type: skos concept
#similarity_measure: cosine of stemmed words weighted by (1 + ln tf) ln(N / df)
#extension_definitions:
#  - slot_name: ext_status
#    property: difkit:status
]] .. "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tsimilarity_score\t"
         .. "comment\text_status\n" .. '_2f:D.1\t"One ""two""\tthree"\tskos:exactMatch\t_2f:D.2\tFour\t'
         .. "semapv:ManualMappingCuration\t0\tbecause\tproposed\n", written)
      local links = difkit.sssom.parse(written, small)
      assert.equal("equal", links[1].relation)
      assert.equal(core.digest 'One "two"\tthree':sub(1, 16), links[1].source_digest)
   end)
end)

describe("a round trip", function()
   it("gives every link back as it was", function()
      local links, findings = difkit.sssom.parse(difkit.sssom.write(nil, db), db)
      assert.equal(0, #findings)
      local back = {}
      for link in links:rows() do back[link.source .. " " .. link.target] = link end
      local count = 0
      for link in db:links() do
         local other = back[link.source_id .. " " .. link.target_id]
         assert.same({link.relation, link.kind or "", link.rationale, link.status, link.source_digest,
            link.target_digest}, {other.relation, other.kind or "", other.rationale, other.status,
            other.source_digest, other.target_digest})
         count = count + 1
      end
      assert.equal(count, #links)
   end)

   it("holds as a file of YAML in the place of the one it came from", function()
      local pipe = assert(io.popen "mktemp -d")
      local folder = pipe:read "l"
      pipe:close()
      os.execute(("cp data/asean-dif/*.yaml data/asean-dif/*.csv '%s' && rm '%s'/links*.yaml"):format(folder, folder))
      local file = assert(io.open(folder .. "/links.yaml", "wb"))
      local links = difkit.sssom.parse(difkit.sssom.write(nil, db), db)
      file:write(difkit.links.yaml(links))
      file:close()
      local again = assert(difkit.open(folder))
      os.execute(("rm -rf '%s'"):format(folder))
      local function all(of)
         local rows = {}
         for row in of:links() do
            rows[#rows + 1] = table.concat({row.source_id, row.target_id, row.relation, row.kind or "", row.rationale,
               row.status, row.source_digest, row.target_digest}, "\t")
         end
         return rows
      end
      assert.same(all(db), all(again))
      again:close()
   end)
end)

describe("links.yaml", function()
   it("keeps any text as it is", function()
      for _, why in ipairs {
         "a  b", ("long "):rep(60), ("x"):rep(300), 'quote " and \\ end\\', "#no: comment", " blank ",
         "two\nlines\ttab",
      } do
         local text = difkit.links.yaml(difkit.table({"source", "target", "relation", "rationale"},
            {{"D.1", "D.2", "equal", why}}))
         local path = os.tmpname() .. ".yaml"
         local file = assert(io.open(path, "wb"))
         file:write("framework: {id: f, title: F}\ndocument: {id: D, title: D}\n"
            .. "areas: [{id: A, title: A, topics: [{id: t, title: T}]}]\n"
            .. "actions: {t: [{id: D.1, text: One}, {id: D.2, text: Four}]}\n" .. text)
         file:close()
         local loaded, message = difkit.open(path)
         os.remove(path)
         assert(loaded, message)
         assert.equal(why, loaded:links():one().rationale)
         loaded:close()
      end
   end)
end)

describe("sssom.parse", function()
   it("knows other words for the same relations", function()
      for predicate, relation in pairs {["owl:sameAs"] = "equal", ["rdfs:subClassOf"] = "subset",
         ["skos:narrowMatch"] = "superset", ["skos:relatedMatch"] = "intersects"} do
         local links, findings = read(mapping{predicate_id = predicate})
         assert.equal(0, #findings, predicate)
         assert.equal(relation, links[1].relation)
      end
   end)

   it("gives a link without a comment its justification as a reason, and leaves it to be reviewed", function()
      local link = read(mapping{mapping_justification = "semapv:LexicalMatching"})[1]
      assert.equal("Imported without a reason: semapv:LexicalMatching.", link.rationale)
      assert.equal("proposed", link.status)
      assert.is_nil(link.source_digest)
   end)

   it("takes the digest of a label that is the text of the action, and no other", function()
      local links = read(mapping{subject_label = db:action "DIFAP.TF.1".text, object_label = "shortened"})
      assert.equal(core.digest(db:action "DIFAP.TF.1".text):sub(1, 16), links[1].source_digest)
      assert.is_nil(links[1].target_digest)
   end)

   it("discards columns that are no extension of ours", function()
      local head = "#curie_map:\n#  x: https://example.org/\n#  own: https://example.org/own/\n" ..
         "#extension_definitions:\n#  - slot_name: status\n#    property: own:status\n"
      assert.equal("proposed", read(mapping{status = "reviewed", kind = false}, head)[1].status)
      head = head:gsub("https://example.org/own/", "urn:difkit:vocabulary:")
      assert.equal("reviewed", read(mapping{status = "reviewed"}, head)[1].status)
   end)

   it("names the line and the reason of each row that cannot become a link", function()
      for message, changes in pairs {
         ['subject_id: no action "DIFAP.TF.11"; did you mean "DIFAP.TF.1"?'] = {subject_id = "x:DIFAP.TF.11"},
         ['object_id: "y:ACRF.TF.1": the prefix is not in curie_map'] = {object_id = "y:ACRF.TF.1"},
         ["object_id: says that no match was found; a link needs two actions"] = {object_id = "sssom:NoTermFound"},
         ["DIFAP.TF.1 is linked to itself"] = {object_id = "x:DIFAP.TF.1"},
         ["Not skos:exactMatch says too little of how the two relate; exactMatch, broadMatch, narrowMatch and " ..
            "relatedMatch do"] = {predicate_modifier = "Not"},
         ['predicate_modifier: "Maybe" is not known; Not is'] = {predicate_modifier = "Maybe"},
         ['predicate_id: "exactMatch" cannot be read'] = {predicate_id = "exactMatch"},
      } do
         local links, findings = read(mapping(changes))
         assert.equal(0, #links)
         assert.equal(message, findings[1].message)
         assert.equal(4, findings[1].line)
      end
   end)

   it("finds a pair given twice and a row of the wrong length", function()
      local text = "#curie_map:\n#  x: https://example.org/\nsubject_id\tpredicate_id\tobject_id\n"
         .. ("x:DIFAP.TF.1\tskos:exactMatch\tx:ACRF.TF.1\n"):rep(2) .. "x:DIFAP.TF.1\tskos:exactMatch\n"
      local links, findings = difkit.sssom.parse(text, db)
      assert.equal(1, #links)
      assert.equal("DIFAP.TF.1 and ACRF.TF.1 were linked on line 4 already", findings[1].message)
      assert.equal("2 cells where the header has 3", findings[2].message)
      assert.equal(6, findings[2].line)
   end)

   it("says what is wrong with a text that is no table", function()
      for message, text in pairs {
         ["there is no table: the line with the names of the columns is missing"] = "#license: x\n",
         ["line 1: no column subject_id"] = "a\tb\n1\t2\n",
         ["line 2: a cell in quotes has no end"] = 'subject_id\tpredicate_id\tobject_id\n"open\n',
         ["line 1: text after the closing quote of a cell"] = '"a"b\tc\n',
         ["not valid UTF-8"] = "\xff\n",
      } do
         local links, problem, code = difkit.sssom.parse(text, db)
         assert.is_nil(links)
         assert.equal(message, problem)
         assert.equal("data", code)
      end
   end)

   it("reads metadata with blanks after the #, quotes, and lines that end as on Windows", function()
      local text = '#  curie_map:\r\n#    x: "https://example.org/"\r\nsubject_id\tpredicate_id\tobject_id\tcomment\r\n'
         .. 'x:DIFAP.TF.1\tskos:exactMatch\tx:ACRF.TF.1\t"two\nlines, ""so"""\r\n'
      local links, findings = difkit.sssom.parse(text, db)
      assert.equal(0, #findings)
      assert.equal('two\nlines, "so"', links[1].rationale)
   end)
end)

describe("sssom.read", function()
   it("takes the metadata from the file beside it", function()
      local path = os.tmpname()
      os.remove(path)
      local function write(name, text)
         local file = assert(io.open(name, "wb"))
         file:write(text)
         file:close()
      end
      write(path .. ".sssom.tsv", "subject_id\tpredicate_id\tobject_id\nx:DIFAP.TF.1\tskos:exactMatch\tx:ACRF.TF.1\n")
      local _, before = difkit.sssom.read(path .. ".sssom.tsv", db)
      write(path .. ".sssom.yml", "curie_map:\n  x: https://example.org/\nlicense: https://example.org/licence\n")
      local links, findings = difkit.sssom.read(path .. ".sssom.tsv", db)
      os.remove(path .. ".sssom.tsv")
      os.remove(path .. ".sssom.yml")
      assert.equal(1, #before)
      assert.equal(0, #findings)
      assert.equal("ACRF.TF.1", links[1].target)
   end)
end)
