--- The words of the field as queries: `db:actions{document = "BSBR"}`, `db:units{group = "ASEAN"}`, `db:search "MSME"`.
--- Each gives a query: go on with its steps (`:where`, `:count`, `:table` …), or loop over it. An id that does not
--- exist is an error with a near miss; one that was renamed is followed, with a warning.
local core = require "difkit.core"
local dates = require "difkit.date"
local errors = require "difkit.error"
local by = require "difkit.framework.by"
local fulltext = require "difkit.query.fulltext"
local records = require "difkit.framework.ids"
local period = require "difkit.period"
local sql = require "difkit.sql"
local writer = require "difkit.query.sql"
require "difkit.query"

---A database opened by `difkit.open`.
---@class difkit.Database
local Database = core.database

--- Applies a table of filters to a query. `known` maps a filter to {column = } with the entity it names, if any, or to
--- a function of query, value and database.
local function filtered(db, call, query, filters, known)
   if filters == nil then return query end
   errors.check(call, "filters", filters, "table")
   local names = {}
   for name in require("difkit.sorted")(known) do names[#names + 1] = name end
   for name, value in require("difkit.sorted")(filters) do
      local rule = known[name]
      if not rule then
         errors.raise(('%s: unknown filter "%s"'):format(call, tostring(name)), errors.hint(name, names))
      end
      if type(rule) == "function" then
         query = rule(query, value, db)
      else
         if rule.entity then value = records.resolve(db, call, rule.entity, value) end
         query = query:where(rule.column, "=", value)
      end
   end
   return query
end

--- One record by its id: nil, message and code when there is none.
local function record(db, call, entity, id, query)
   errors.check(call, "id", id, "string")
   local row = query:where{id = id}:one()
   if row then return row end
   local successors, reason = records.redirected(db, id)
   if successors and #successors == 1 then
      row = query:where{id = successors[1]}:one()
      if row then
         records.warn(db, entity, id, successors, reason)
         return row
      end
   end
   local message = ('no %s "%s"'):format(records.called(entity), id)
   if successors and #successors > 1 then
      message = ("%s: it was split into %s"):format(message, table.concat(successors, ", "))
      require("difkit.condition").note("db:" .. call, message)
      return nil, message, "not_found"
   end
   local near = core.nearest(id, records.all(db, entity))
   if near then message = ('%s; did you mean "%s"?'):format(message, near) end
   require("difkit.condition").note("db:" .. call, message)
   return nil, message, "not_found"
end

local function action_query(db)
   return db:from "action_full":framework_order("topic", "document", "position")
end

local action_filters = {
   instrument = by.code "instrument", level = by.code "level", addressee = by.code "addressee",
   body = by.target("body_id", "body"), recurs = by.target "recurs", quorum = by.target "quorum", due = by.due,
   id = {column = "id", entity = "action"},
   document = {column = "document", entity = "document"},
   topic = {column = "topic", entity = "topic"},
   area = {column = "area", entity = "area"},
   attribution = {column = "attribution"},
   number = {column = "number"},
   line = {column = "line"},
   text = function(query, words)
      return query:where(fulltext.condition(query.db, "actions", words))
   end,
}

---Which actions: each filter one value or a list of values, `text` words that occur.
---@class difkit.ActionFilters
---@field id? string|string[]
---@field document? string|string[]
---@field topic? string|string[]
---@field area? string|string[]
---@field attribution? string|string[]
---@field number? any
---@field line? integer|integer[]
---@field text? string
---@field instrument? string|string[] what it brings about, as coded
---@field level? string|string[] who has to act, as coded
---@field addressee? string|string[] whom it is to change, as coded
---@field body? string|string[] who is responsible, by the register of bodies
---@field recurs? string|string[] how often: annual, meeting, regular
---@field quorum? string|string[] of how many members: all, each, at_least
---@field due? string|integer|any[] a year, month or day within which it is due

---The actions, with titles and ids of their document, topic and area, in the order of topics and documents.
---Filters: `id`, `document`, `topic`, `area`, `attribution`, `number`, `line` (one value or a list of values), `text`
---(words that occur, as for `db:search`); by code `instrument`, `level`, `addressee`; by target `body`, `recurs`,
---`quorum`, `due` (a year, month or day).
---
---```lua
---for action in db:actions{document = "BSBR", topic = "cybersecurity"} do print(action.id) end
-----> BSBR.CS.1
-----> BSBR.CS.2
---print(db:actions{area = {"PA1", "PA3"}, text = "payment*"}:count()) --> 13
---print(table.concat(db:actions{due = 2022}:list "id", " ")) --> BSBR.EP.1 BSBR.EP.2
---print(db:actions{instrument = "law", body = "member-states"}:count()) --> 8
---```
---@param filters? difkit.ActionFilters
---@return difkit.Query
function Database:actions(filters)
   return writer.looping(filtered(self, "actions", action_query(self), filters, action_filters))
end

---One action by its id, or nil, a message and a code. A renamed id is followed, with a warning.
---
---```lua
---print(db:action "DIFAP.TF.1".text)      --> Ratify the ASEAN Trade in Goods Agreement (ATIGA).
---local action, message, code = db:action "DIFAP.TF.99"
---print(action, code)                      --> nil	not_found
---```
---@param id string
---@return table<string, any>|nil
---@return string|nil message
---@return string|nil code
function Database:action(id)
   return record(self, "action", "action", id, self:from "action_full")
end

---The topics in their order. Filters: `id`, `area`, `document` (topics that the document has actions on).
---
---```lua
---for topic in db:topics{area = "PA2"} do print(topic.id) end
-----> data-protection
-----> cybersecurity
-----> personal-data-protection
-----> electronic-authentication
---```
---@param filters? {id?: string|string[], area?: string|string[], document?: string|string[]}
---@return difkit.Query
function Database:topics(filters)
   local db = self
   return writer.looping(filtered(db, "topics", db:from "topic":framework_order "id", filters, {
      id = {column = "id", entity = "topic"},
      area = {column = "area_id", entity = "area"},
      document = function(query, value)
         local ids = records.resolve(db, "topics", "document", value)
         local condition, values = sql.comparison("topics", "document", "document_id", "=", ids)
         return query:where(sql("id IN (SELECT topic_id FROM action WHERE " .. condition .. ")",
            table.unpack(values, 1, values.n)))
      end,
   }))
end

---One topic by its id, or nil, a message and a code.
---
---```lua
---print(db:topic "cybersecurity".title) --> Cybersecurity
---```
---@param id string
---@return table<string, any>|nil
---@return string|nil message
---@return string|nil code
function Database:topic(id) return record(self, "topic", "topic", id, self:from "topic") end

---The documents by date of adoption. Filters: `id`, `topic` (documents that have actions on the topic).
---
---```lua
---print(table.concat(db:documents():list "id", " "))                      --> DIFAP ACRF ADM2025 BSBR WPAAEC
---print(table.concat(db:documents{topic = "code-of-conduct"}:list "id", " ")) --> DIFAP WPAAEC
---```
---@param filters? {id?: string|string[], topic?: string|string[]}
---@return difkit.Query
function Database:documents(filters)
   local db = self
   return writer.looping(filtered(db, "documents", db:from "document":framework_order "id", filters, {
      id = {column = "id", entity = "document"},
      topic = function(query, value)
         local ids = records.resolve(db, "documents", "topic", value)
         local condition, values = sql.comparison("documents", "topic", "topic_id", "=", ids)
         return query:where(sql("id IN (SELECT document_id FROM action WHERE " .. condition .. ")",
            table.unpack(values, 1, values.n)))
      end,
   }))
end

---One document by its id, or nil, a message and a code.
---
---```lua
---print(db:document "BSBR".adopted) --> 2021-10
---```
---@param id string
---@return table<string, any>|nil
---@return string|nil message
---@return string|nil code
function Database:document(id) return record(self, "document", "document", id, self:from "document") end

---The areas in their order. Filters: `id`.
---
---```lua
---print(db:areas():count()) --> 6
---```
---@param filters? {id?: string|string[]}
---@return difkit.Query
function Database:areas(filters)
   return writer.looping(filtered(self, "areas", self:from "area":framework_order "id", filters, {
      id = {column = "id", entity = "area"},
   }))
end

---The units (for the bundled data: the member states) by title. Filters: `id`; `group`: members of the group, those
---whose membership has not ended or, with `on`, those on a date (a year means its last day, a month its last).
---
---```lua
---print(db:units{group = "ASEAN"}:count())                    --> 11
---print(db:units{group = "ASEAN", on = "2022"}:count())       --> 10
---print(table.concat(db:units{group = "CLMV"}:list "id", " ")) --> KHM LAO MMR VNM
---```
---@param filters? {id?: string|string[], group?: string|string[], on?: string|integer}
---@return difkit.Query
function Database:units(filters)
   local db = self
   local on
   if type(filters) == "table" and filters.on ~= nil then
      on = dates.last_day("units", filters.on)
      if filters.group == nil then
         errors.raise('units: "on" needs a group', 'such as {group = "ASEAN", on = "2022"}')
      end
   end
   return writer.looping(filtered(db, "units", db:from "unit":framework_order "id", filters, {
      id = {column = "id", entity = "unit"},
      on = function(query) return query end,
      group = function(query, value)
         local ids = records.resolve(db, "units", "unit_group", value)
         local condition, values = sql.comparison("units", "group", "group_id", "=", ids)
         local during = "valid_to IS NULL"
         if on then
            during = "(valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?)"
            sql.extend(values, sql.values(on, on))
         end
         return query:where(sql(("id IN (SELECT unit_id FROM group_member WHERE %s AND %s)"):format(condition, during),
            table.unpack(values, 1, values.n)))
      end,
   }))
end

---The groups of units. Filters: `id`, `unit` (groups that the unit belongs to, or did).
---
---```lua
---print(table.concat(db:groups():list "id", " ")) --> ASEAN CLMV
---```
---@param filters? {id?: string|string[], unit?: string|string[]}
---@return difkit.Query
function Database:groups(filters)
   local db = self
   return writer.looping(filtered(db, "groups", db:from "unit_group":order "id", filters, {
      id = {column = "id", entity = "unit_group"},
      unit = function(query, value)
         local ids = records.resolve(db, "groups", "unit", value)
         local condition, values = sql.comparison("groups", "unit", "unit_id", "=", ids)
         return query:where(sql("id IN (SELECT group_id FROM group_member WHERE " .. condition .. ")",
            table.unpack(values, 1, values.n)))
      end,
   }))
end

---The abbreviations by term. Filters: `term`, `framework`.
---
---```lua
---print(db:abbreviations{term = "ATIGA"}:one().expansion) --> ASEAN Trade in Goods Agreement
---```
---@param filters? {term?: string|string[], framework?: string|string[]}
---@return difkit.Query
function Database:abbreviations(filters)
   return writer.looping(filtered(self, "abbreviations", self:from "abbreviation":order "term", filters, {
      term = {column = "term", entity = "abbreviation"},
      framework = {column = "framework_id", entity = "framework"},
   }))
end

---The indicators by id. Filters: `id`, `topic`.
---
---```lua
---print(db:indicators{topic = "cybersecurity"}:count()) --> 0
---```
---@param filters? {id?: string|string[], topic?: string|string[]}
---@return difkit.Query
function Database:indicators(filters)
   return writer.looping(filtered(self, "indicators", self:from "indicator":order "id", filters, {
      id = {column = "id", entity = "indicator"},
      topic = {column = "topic_id", entity = "topic"},
   }))
end

---The observations by indicator, unit and period. Filters: `indicator`, `unit`, `period`, `flag`.
---
---```lua
---local values = db:observations{unit = "VNM", period = 2022}
---print(values:names()[4]) --> value
---```
---@param filters? {indicator?: string|string[], unit?: string|string[], period?: any, flag?: string|string[]}
---@return difkit.Query
function Database:observations(filters)
   local query = self:from "observation":order("indicator_id", "unit_id", "period")
   return writer.looping(filtered(self, "observations", query, filters, {
      indicator = {column = "indicator_id", entity = "indicator"},
      unit = {column = "unit_id", entity = "unit"},
      period = function(chosen, value)
         for _, one in ipairs(type(value) == "table" and value or {value}) do period.place("observations", one) end
         return chosen:where{period = value}
      end,
      flag = {column = "flag"},
   }))
end

---The links between actions. Filters: `source`, `target`, `action` (either end), `relation`, `kind`, `status`.
---
---```lua
---local link = db:links{source = "ACRF.PF.4", kind = "inherits"}:one()
---print(link.kind, link.target_id) --> inherits	DIFAP.PF.2
---```
---@param filters? table<string, string|string[]>
---@return difkit.Query
function Database:links(filters)
   local db = self
   return writer.looping(filtered(db, "links", db:from "link":order("source_id", "target_id"), filters, {
      source = {column = "source_id", entity = "action"},
      target = {column = "target_id", entity = "action"},
      relation = {column = "relation"}, kind = {column = "kind"}, status = {column = "status"},
      action = function(query, value)
         local ids = records.resolve(db, "links", "action", value)
         return query:where_any({source_id = ids}, {target_id = ids})
      end,
   }))
end

---How to search: `mark` is what stands before and after a found word, default `{"[", "]"}`; `ranked = true` ranks
---however many actions match, `false` none; the others are filters.
---@class difkit.SearchOptions
---@field mark? string[]
---@field ranked? boolean
---@field document? string|string[]
---@field topic? string|string[]
---@field area? string|string[]

---Full-text search over the actions, best match first. All words must occur; `"a phrase"` in quotes stands together,
---`digital*` finds words that begin so, `a OR b` either, `-word` leaves out. Columns: those of `action_full`, with the
---found words of `text` between markers, and `rank` (the smaller the better). More than 1,000 matches, whose ranking
---takes long and tells little, come in the order of the data, and `rank` is nil, unless `ranked = true`.
---
---```lua
---local hit = db:search("self-certification", {mark = {"<", ">"}}):one()
---print(hit.id, hit.line, hit.text) --> DIFAP.TF.3	40	Implement ASEAN-Wide <Self-Certification> (AWSC)
---```
---@param words string
---@param options? difkit.SearchOptions
---@return difkit.Query
function Database:search(words, options)
   options = errors.options("search", options, {"mark", "ranked", "document", "topic", "area"})
   local mark = options.mark or {"[", "]"}
   if type(mark) ~= "table" or type(mark[1]) ~= "string" or type(mark[2]) ~= "string" then
      errors.raise("search: mark must be a list of two texts", 'such as mark = {"<b>", "</b>"}')
   end
   local filters = {document = options.document, topic = options.topic, area = options.area}
   local query = fulltext.query(self, words, mark, options.ranked)
   return writer.looping(filtered(self, "search", query, filters, action_filters))
end

return Database
