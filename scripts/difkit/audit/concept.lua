--- Section "Concept" of an audit: what the index claims to measure, by what, and what nobody wrote down.
local finding = require "difkit.audit.finding"

local concept = {}

local wanted = {"title", "rationale", "direction", "source", "licence"}

function concept.run(self)
   local out = {id = "concept", title = "Concept", findings = {}, tables = {},
      question = "What does the index claim to measure, and by what?",
      methods = {"The tree of the spec. An audit finds incoherence; that an index measures its concept no "
         .. "figure can show "
         .. "(OECD/JRC 2008, page 26)."}}
   local rows, effective = {}, self.result.tree:effective(self.result.weights)
   for _, node in ipairs(self.result.spec.nodes) do
      local described, given = node.described or {}, node.given
      local row = {part = ("  "):rep(node.level) .. node.id, title = node.shown, weight = effective[node.number]}
      if node.leaf then
         row.direction = node.sign == 1 and "more is better" or "less is better"
         row.measure = node.measure or rawget(described, "measure")
         local missing, has = {}, {title = given.title or rawget(described, "title"),
            direction = given.direction or rawget(described, "direction"),
            rationale = given.rationale or rawget(described, "rationale") or given.note,
            source = given.publisher or rawget(described, "source"),
            licence = given.licence or rawget(described, "licence")}
         row.rationale, row.source, row.licence = has.rationale, has.source, has.licence
         for _, key in ipairs(wanted) do
            if not has[key] then missing[#missing + 1] = key end
         end
         row.missing = #missing > 0 and table.concat(missing, ", ") or nil
      end
      rows[#rows + 1] = row
   end
   local without = 0
   for _, row in ipairs(rows) do if row.missing then without = without + 1 end end
   if without > 0 then
      finding.add(out, {code = "undescribed", subject = self.groups[1].id, grade = "look",
         figures = {without, #self.indicators},
         text = "%d of %d indicators lack a title, a rationale, a direction, a source or a licence.",
         values = {without, #self.indicators}})
   end
   -- What nobody has written down for any indicator makes no column: `missing` says it.
   local columns = {"part", "title", "weight", "direction", "measure"}
   for _, column in ipairs {"rationale", "source", "licence", "missing"} do
      local held = false
      for _, row in ipairs(rows) do held = held or row[column] ~= nil end
      columns[#columns + 1] = held and column or nil
   end
   finding.table(out, "tree", "The tree", finding.rows(columns, rows))
   return out
end

return concept
