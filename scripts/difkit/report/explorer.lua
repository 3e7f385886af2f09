--- The explorer: a whole framework on one page that needs nothing else. A matrix of topics and documents and a search
--- box choose among the actions; each action has an address of its own, its links, and its abbreviations written out.
local asset = require "difkit.report.asset"
local core = require "difkit.core"
local page = require "difkit.report.page"

local explorer = {}

local escape = page.escape

local function shade(n)
   if n == 0 then return "none" end
   return "s" .. (n < 2 and 1 or n < 4 and 2 or n < 6 and 3 or n < 9 and 4 or n < 13 and 5 or 6)
end

--- Everything the page shows, read once.
local function read(db)
   local data = {documents = {}, areas = {}, links = {}, abbreviations = {}, glossary = {}, counts = {}, by_topic = {}}
   data.framework = db:query("SELECT * FROM framework ORDER BY id LIMIT 1"):one() or {title = "Framework"}
   data.digest = db:query("SELECT value FROM meta WHERE key = 'content_digest'"):value()
   for document in db:documents() do data.documents[#data.documents + 1] = document end
   for area in db:query "SELECT * FROM area ORDER BY number, id" do
      local entry = {area = area, topics = {}}
      for topic in db:query("SELECT * FROM topic WHERE area_id = ? ORDER BY position, id", area.id) do
         entry.topics[#entry.topics + 1] = topic
      end
      data.areas[#data.areas + 1] = entry
   end
   local place = {}
   for i, document in ipairs(data.documents) do place[document.id] = i end
   data.total = 0
   for action in db:query "SELECT * FROM action ORDER BY topic_id, document_id, position, id" do
      local list = data.by_topic[action.topic_id] or {}
      data.by_topic[action.topic_id] = list
      list[#list + 1] = action
      local key = action.document_id .. "/" .. action.topic_id
      for _, name in ipairs {key, action.document_id .. "/", "/" .. action.topic_id} do
         data.counts[name] = (data.counts[name] or 0) + 1
      end
      data.total = data.total + 1
   end
   for _, list in next, data.by_topic do
      table.sort(list, function(a, b)
         if a.document_id ~= b.document_id then return place[a.document_id] < place[b.document_id] end
         if a.position ~= b.position then return a.position < b.position end
         return a.id < b.id
      end)
   end
   for link in db:query "SELECT * FROM link ORDER BY source_id, target_id" do
      for _, ends in ipairs {{link.source_id, link.target_id, false}, {link.target_id, link.source_id, true}} do
         local list = data.links[ends[1]] or {}
         data.links[ends[1]] = list
         list[#list + 1] = {id = ends[2], back = ends[3], link = link}
      end
   end
   for row in db:query "SELECT term, expansion FROM abbreviation ORDER BY term" do
      data.abbreviations[row.term] = row.expansion
      data.glossary[#data.glossary + 1] = row
   end
   return data
end

--- The words of an action, with what abbreviations stand for. A plural such as "MSMEs" is found by its singular.
local function words(text, abbreviations)
   local out, from = {}, 1
   for start, token in text:gmatch "()%f[%w]([%w][%w&/-]*)" do
      local word = token
      local expansion = abbreviations[word]
      if not expansion and word:find "s$" then
         word = word:sub(1, -2)
         expansion = abbreviations[word]
      end
      if expansion then
         out[#out + 1] = escape(text:sub(from, start - 1))
         out[#out + 1] = ('<abbr title="%s">%s</abbr>'):format(escape(expansion), escape(word))
         from = start + #word
      end
   end
   out[#out + 1] = escape(text:sub(from))
   return table.concat(out)
end

local relations = {
   repeats = {"repeats", "is repeated by"}, inherits = {"is inherited from", "is inherited by"},
   supersedes = {"supersedes", "is superseded by"}, supports = {"supports", "is supported by"},
   equal = {"is equal to", "is equal to"}, subset = {"is part of", "contains"}, superset = {"contains", "is part of"},
   intersects = {"overlaps with", "overlaps with"},
}

--- Repetition in part, by what the words of the source have to do with those of the target.
local repetitions = {
   intersects = {"partly repeats", "is partly repeated by"}, subset = {"repeats part of", "is repeated in part by"},
   superset = {"repeats and adds to", "is repeated and added to by"},
}

--- What an action has to do with others. A pair that was looked at and has nothing in common is no link to follow.
local function links_of(action, data)
   local out = {}
   for _, entry in ipairs(data.links[action.id] or {}) do
      local link = entry.link
      local said = link.kind == "repeats" and repetitions[link.relation] or relations[link.kind or link.relation]
      if said then
         out[#out + 1] = ('<p class="aside">%s <a href="#%s">%s</a>%s: %s</p>'):format(said[entry.back and 2 or 1],
            escape(entry.id), escape(entry.id), link.status == "proposed" and " (proposed)" or "",
            escape(link.rationale or ""))
      end
   end
   return table.concat(out)
end

local function action_html(action, data, titles)
   local notes = {}
   if action.attribution == "inferred" then
      notes[1] = '<p class="aside">The source does not say which document this stands in: it was inferred.</p>'
   end
   if action.note then notes[#notes + 1] = '<p class="aside">' .. escape(action.note) .. "</p>" end
   local id = escape(action.id)
   return table.concat {
      ('<li id="%s" data-d="%s" data-t="%s">'):format(id, escape(action.document_id), escape(action.topic_id)),
      ('<p class="head"><a href="#%s">%s</a> %s%s</p>'):format(id, id, escape(titles[action.document_id]),
         action.line and (", source line %d"):format(action.line) or ""),
      '<p class="words">', words(action.text, data.abbreviations), "</p>", table.concat(notes), links_of(action, data),
      "</li>\n",
   }
end

local function button(document, topic, label, class, target)
   local counts = class and ' data-n=""' or ""
   return ('<a href="#%s" data-d="%s" data-t="%s"%s%s>%s</a>'):format(escape(target), escape(document), escape(topic),
      counts, class and class ~= "" and (' class="%s"'):format(class) or "", escape(tostring(label)))
end

--- The matrix: links to the topics, which the script turns into filters.
local function matrix(data)
   local out = {'<table class="matrix" aria-label="Actions by topic and document">\n<thead><tr><td></td>'}
   for _, document in ipairs(data.documents) do
      out[#out + 1] = ('<th scope="col" title="%s">%s</th>'):format(escape(document.title),
         button(document.id, "", document.id, nil, "list"))
   end
   out[#out + 1] = '<th scope="col">All</th></tr></thead>\n<tbody>\n'
   for _, entry in ipairs(data.areas) do
      out[#out + 1] = ('<tr class="area"><th scope="rowgroup" colspan="%d">%s</th></tr>\n'):format(#data.documents + 2,
         escape(entry.area.title))
      for _, topic in ipairs(entry.topics) do
         out[#out + 1] = '<tr><th scope="row">' .. button("", topic.id, topic.title, nil, topic.id) .. "</th>"
         for _, document in ipairs(data.documents) do
            local n = data.counts[document.id .. "/" .. topic.id] or 0
            if n == 0 then
               out[#out + 1] = '<td><span class="none" aria-label="none">·</span></td>'
            else
               out[#out + 1] = "<td>" .. button(document.id, topic.id, n, shade(n), topic.id) .. "</td>"
            end
         end
         local all = data.counts["/" .. topic.id] or 0
         out[#out + 1] = "<td>" .. button("", topic.id, all, "", topic.id) .. "</td></tr>\n"
      end
   end
   out[#out + 1] = '<tr class="area"><th scope="row">All topics</th>'
   for _, document in ipairs(data.documents) do
      out[#out + 1] = "<td>" .. button(document.id, "", data.counts[document.id .. "/"] or 0, "", "list") .. "</td>"
   end
   out[#out + 1] = "<td>" .. button("", "", data.total, "", "list") .. "</td></tr>\n</tbody></table>\n"
   return table.concat(out)
end

local function list(data)
   local titles, out = {}, {}
   for _, document in ipairs(data.documents) do titles[document.id] = document.short_title or document.title end
   for _, entry in ipairs(data.areas) do
      local inner = {}
      for _, topic in ipairs(entry.topics) do
         local actions = data.by_topic[topic.id]
         if actions then
            inner[#inner + 1] = ('<section class="topic" id="%s"><h3>%s</h3>\n<ul class="actions">\n'):format(
               escape(topic.id), escape(topic.title))
            for _, action in ipairs(actions) do inner[#inner + 1] = action_html(action, data, titles) end
            inner[#inner + 1] = "</ul></section>\n"
         end
      end
      if #inner > 0 then
         out[#out + 1] = ('<section class="area" id="%s"><h2>%s</h2>\n%s</section>\n'):format(escape(entry.area.id),
            escape(entry.area.title), table.concat(inner))
      end
   end
   return table.concat(out)
end

local function glossary(data)
   if #data.glossary == 0 then return "" end
   local out = {'<section aria-labelledby="abbreviations"><h2 id="abbreviations">Abbreviations</h2>\n',
      '<dl class="glossary">\n'}
   for _, row in ipairs(data.glossary) do
      out[#out + 1] = ("<div><dt>%s</dt> <dd>%s</dd></div>\n"):format(escape(row.term), escape(row.expansion))
   end
   out[#out + 1] = "</dl></section>\n"
   return table.concat(out)
end

--- The page of a database.
function explorer.page(db)
   local data = read(db)
   local framework = data.framework
   local documents = {}
   for i, document in ipairs(data.documents) do
      documents[i] = ("<li><b>%s</b> %s%s</li>"):format(escape(document.id), escape(document.title),
         document.adopted and ", " .. escape(document.adopted) or "")
   end
   local first = db:query("SELECT min(id) FROM action"):value() or "ID"
   local topics = 0
   for _, entry in ipairs(data.areas) do topics = topics + #entry.topics end
   local body = table.concat {
      '<a class="skip" href="#list">To the actions</a>\n<header><h1>', escape(framework.title), "</h1>\n",
      '<p class="lead">', ("%d actions on %d topics in %d documents."):format(data.total, topics,
         #data.documents), "</p>\n<details><summary>The documents</summary><ul>", table.concat(documents),
      "</ul></details></header>\n",
      '<div class="bar needs-script" hidden role="search"><label for="search">Search</label>',
      '<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="words, or an id such as ',
      escape(first), '"><span id="count" class="count" role="status"></span>',
      '<button id="clear" type="button" hidden>Clear</button></div>\n',
      '<div class="columns">\n<aside aria-label="Matrix"><details class="matrix-box" id="matrix" open>',
      '<summary>Actions by topic and document</summary><div class="scroll">\n', matrix(data),
      '</div></details></aside>\n<main id="list">\n<p id="empty" hidden>No action has all of these words.</p>\n',
      list(data), '<p class="needs-script" hidden><button id="more" type="button" hidden></button></p>\n',
      glossary(data), "</main>\n</div>\n",
      "<footer>", framework.source and "Source: " .. escape(framework.source) .. "<br>\n" or "",
      ("Data: %s%s%s.<br>\n"):format(escape(framework.title),
         framework.version and ", version " .. escape(framework.version) or "",
         data.digest and ", digest " .. data.digest:sub(1, 16) or ""),
      '<span class="screen">An address that ends in the id of an action, such as #', escape(first), ", leads to it. ",
      "“/” goes to the search, Escape clears it, arrow keys move in the matrix.</span></footer>\n",
   }
   return page.html {
      title = framework.title, body = body, class = "explorer",
      styles = {asset "report.css", asset "explorer.css"},
      scripts = {asset "explorer.js"},
   }
end

--- Writes it.
function explorer.write(db, path) return core.write_file(path, explorer.page(db)) end

return explorer
