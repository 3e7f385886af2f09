--- `difkit audit`: audits an index and writes the report, a workbook, Markdown and JSON, or prints a summary.
local check = require("difkit.script.run").check
local core = require "difkit.core"
local errors = require "difkit.error"

--- What --fail-on may name: the codes of findings.
local codes = {"age", "alpha", "choice", "collinear", "constant", "coverage", "dimension", "duplicate", "frontier",
   "importance", "kmo", "misplaced", "near_constant", "negative", "outlier", "ranks", "redundant", "reversed",
   "sentinel", "silent", "singular", "size", "undescribed", "unreachable"}

local function wanted_of(given)
   local wanted = {}
   for name in (given or ""):gmatch "[^,%s]+" do
      name = name:gsub("%-", "_")
      local known = false
      for _, code in ipairs(codes) do known = known or code == name end
      if not known then
         core.raise("usage", ('audit: --fail-on knows no "%s"'):format(name), errors.hint(name, codes))
      end
      wanted[name] = true
   end
   return wanted
end

--- What is written says how it is made again: by the stock script of that name.
local function begin_record(given)
   local arguments = {"--spec", given.arguments[1]}
   for _, name in ipairs {"data", "answers"} do
      if given[name] then table.move({"--" .. name, given[name]}, 1, 2, #arguments + 1, arguments) end
   end
   require("difkit.proof").begin{name = "audit", stock = true, text = core.library_text "stock/audit.lua",
      arguments = arguments}
end

local function print_text(audit)
   print(require("difkit.audit.report").title)
   print(("%s, %d units, %d indicators\n"):format(audit.title, audit.n, audit.k))
   for _, sentence in ipairs(audit.verdict.sentences) do print(sentence) end
   for _, section in ipairs(audit.sections) do
      local lines = {}
      for _, one in ipairs(section.findings) do
         if one.grade == "look" then lines[#lines + 1] = "  " .. one.sentence end
      end
      if #lines > 0 then
         print(("\n%s: look at it"):format(section.title))
         print(table.concat(lines, "\n"))
      end
   end
end

--- The documents that --also names.
local function documents(given)
   local list = {}
   for ending in (given.also or ""):gmatch "[^,%s]+" do
      if ending ~= "docx" and ending ~= "pdf" then
         core.raise("usage", ('audit: --also knows no "%s"'):format(ending), errors.hint(ending, {"docx", "pdf"}))
      end
      list[#list + 1] = ending
   end
   if #list > 0 and not given.out then core.raise("usage", "audit: --also goes with --out") end
   return list
end

--- An audit of a spec, or the value that a file of an earlier one holds.
local function value_of(path, given)
   local compare = require "difkit.audit.compare"
   if path:find "%.json$" then
      local text = check(core.read_file(path))
      local value, message = require("difkit.format.json").decode(text)
      if value == nil then core.raise("io", ("%s: %s"):format(path, message)) end
      return compare.check(value, path)
   end
   return check(check(require("difkit").index.open(path)):compute(given.data)):audit():value()
end

--- The rows of a table as plain tables.
local function rows_of(t)
   local rows = {}
   for i, row in ipairs(t) do
      rows[i] = {}
      for _, column in ipairs(t.columns) do rows[i][column] = row[column] end
   end
   return rows
end

--- Two audits: prints what changed. Gives whether nothing did.
local function compared(given)
   local old, new = given.arguments[1], given.arguments[2]
   if not new then
      core.raise("usage", "audit: --compare needs two audits", "usage: difkit audit --compare OLD NEW")
   end
   local compare = require "difkit.audit.compare"
   local made = compare.run(value_of(old, given), value_of(new, given))
   if given.out then
      local summary = {}
      for key, value in require("difkit.sorted")(made.summary) do
         summary[#summary + 1] = {figure = key, value = value}
      end
      check(require("difkit.format.export.xlsx").workbook("comparison.xlsx", {
         {"summary", require("difkit.table").new({"figure", "value"}, summary)}, {"findings", made.findings},
         {"ranks", made.ranks}, {"figures", made.figures}}, {}))
      print "wrote comparison.xlsx"
   elseif given.json then
      print(require("difkit.format.json").encode({schema = "difkit-audit-comparison-1", summary = made.summary,
         findings = rows_of(made.findings), ranks = rows_of(made.ranks), figures = rows_of(made.figures)},
         {indent = 1}))
   else
      print(compare.text(made))
   end
   return true
end

---`given`: the spec as first of `arguments`, `data`, `out`, `also`, `json`, `fail_on`. Gives whether nothing that
---`fail_on` names was found.
return function(given)
   local wanted = wanted_of(given.fail_on)
   local also = documents(given)
   if given.compare then
      if given.r_script then core.raise("usage", "audit: --r-script goes with one spec, not with --compare") end
      return compared(given)
   end
   if given.arguments[2] then
      core.raise("usage", "audit: one spec is expected", "two are compared with --compare")
   end
   begin_record(given)
   local index = check(require("difkit").index.open(given.arguments[1]))
   local audit = check(index:compute(given.data)):audit()
   if given.answers then check(audit:answer(given.answers)) end
   if given.r_script then
      check(core.write_file(given.r_script, require("difkit.audit.rscript").text(audit), true))
   end
   if given.out then print("wrote " .. table.concat(check(audit:write(also)), ", "))
   elseif given.json then io.stdout:write(require("difkit.audit.json").text(audit))
   else print_text(audit) end
   for row in audit:findings():rows() do
      if wanted[row.code] and row.grade ~= "note" and row.grade ~= "unknown" then return false end
   end
   return true
end
