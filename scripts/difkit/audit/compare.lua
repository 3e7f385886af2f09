--- Two audits side by side: what a change of method or data did to the findings, to the ranks and to each figure. Both
--- are values as `audit:value()` gives them: one may be a file of an earlier year or of another version of difkit.
local errors = require "difkit.error"
local sample = require "difkit.audit.sample"
local tables = require "difkit.table"

local compare = {}

compare.schema = "difkit-audit-1"

--- Refuses what is no audit; later versions of the shape as well, by name.
function compare.check(value, name)
   if type(value) ~= "table" or type(value.schema) ~= "string" or not value.schema:find "^difkit%-audit%-" then
      errors.raise(("%s holds no audit"):format(name), "such files are written by `difkit audit SPEC --json`")
   end
   if value.schema ~= compare.schema then
      errors.raise(("%s has the shape %s, which this version does not know"):format(name, value.schema),
         "it knows " .. compare.schema)
   end
   if type(value.sections) ~= "table" then errors.raise(("%s: the audit has no sections"):format(name)) end
   return value
end

local function findings_of(value)
   local list, by_key = {}, {}
   for _, section in ipairs(value.sections) do
      for _, one in ipairs(section.findings or {}) do
         local key = table.concat({section.id, one.code, one.subject, one.within or ""}, "\0")
         one.section = section.id
         if not by_key[key] and one.grade ~= "note" then
            by_key[key] = one
            list[#list + 1] = {key = key, one = one}
         end
      end
   end
   return list, by_key
end

local function rows_of(value, id)
   for _, section in ipairs(value.sections) do
      for _, one in ipairs(section.tables or {}) do
         if one.id == id then return one.rows end
      end
   end
   return {}
end

local function by(rows, key)
   local found = {}
   for _, row in ipairs(rows) do found[row[key]] = row end
   return found
end

local of_places = {reversed = true, misplaced = true, silent = true}

--- Whether a mark was passed by a change that lies within the interval of the correlation.
local function within_interval(one, before, after)
   if not of_places[one.code] then return false end
   local old, new = before[one.subject], after[one.subject]
   if not (old and new and old.r_rest and new.r_rest and new.low) then return false end
   return old.r_rest >= new.low and old.r_rest <= new.high
end

--- Findings that came, went, or changed their grade.
local function changes(old, new)
   local before, after = by(rows_of(old, "places"), "item"), by(rows_of(new, "places"), "item")
   local olds, old_by = findings_of(old)
   local news, new_by = findings_of(new)
   local rows = {}
   local function add(change, one, grade_before, grade_after)
      local chance = within_interval(one, before, after)
      rows[#rows + 1] = {change = chance and "unchanged: within the interval" or change, section = one.section,
         code = one.code, subject = one.subject, within = one.within, before = grade_before, after = grade_after,
         sentence = one.sentence}
   end
   for _, entry in ipairs(news) do
      local was = old_by[entry.key]
      if not was then add("new", entry.one, nil, entry.one.grade)
      elseif was.grade ~= entry.one.grade then add("other grade", entry.one, was.grade, entry.one.grade) end
   end
   for _, entry in ipairs(olds) do
      if not new_by[entry.key] then add("gone", entry.one, entry.one.grade, nil) end
   end
   return tables.new({"change", "section", "code", "subject", "within", "before", "after", "sentence"}, rows)
end

--- Units that only the second has, and those that only the first has; nil where there are none.
local function apart(before, after)
   local function missing(from, in_these)
      local known, list = by(in_these, "unit"), {}
      for _, row in ipairs(from) do if not known[row.unit] then list[#list + 1] = row.unit end end
      table.sort(list)
      return #list > 0 and table.concat(list, ", ") or nil
   end
   return missing(after, before), missing(before, after)
end

--- Ranks of the units that both have, among themselves.
local function ranks(old, new)
   local before, after = by(rows_of(old, "intervals"), "unit"), rows_of(new, "intervals")
   local x, y, units = {}, {}, {}
   for _, row in ipairs(after) do
      local was = before[row.unit]
      if was and was.score and row.score then
         units[#units + 1] = row.unit
         x[#units], y[#units] = was.score, row.score
      end
   end
   x.n, y.n = #units, #units
   local came, went = apart(rows_of(old, "intervals"), after)
   local left, right = (sample.ranks(x)), (sample.ranks(y))
   local rows, sum, most, squares, still, far, ten, change, largest = {}, 0, 0, 0, 0, 0, 0, 0, 0
   local top = 0
   for i, unit in ipairs(units) do
      local places = left[i] - right[i]
      rows[i] = {unit = unit, before = left[i], after = right[i], places = places}
      sum, most = sum + math.abs(places), math.max(most, math.abs(places))
      squares, still = squares + places * places, still + (places == 0 and 1 or 0)
      far = far + (math.abs(places) > #units / 10 and 1 or 0)
      ten = ten + (math.abs(places) >= 10 and 1 or 0)
      top = top + (left[i] <= 10 and right[i] <= 10 and 1 or 0)
      change, largest = change + (y[i] - x[i]), math.max(largest, math.abs(y[i] - x[i]))
   end
   table.sort(rows, function(a, b)
      if math.abs(a.places) ~= math.abs(b.places) then return math.abs(a.places) > math.abs(b.places) end
      return a.unit < b.unit
   end)
   return tables.new({"unit", "before", "after", "places"}, rows),
      {units = #units, old_units = old.units, new_units = new.units, came = came, went = went,
         spearman = (sample.spearman(x, y)),
         mean = #units > 0 and sum / #units or nil, most = most, pearson = (sample.correlation(x, y)),
         kendall = (sample.kendall(x, y)), root_mean_square = #units > 0 and math.sqrt(squares / #units) or nil,
         unmoved = still, moved_more_than_tenth = far, moved_ten_or_more = ten, top_ten_kept = top,
         mean_change = #units > 0 and change / #units or nil, largest_change = largest}
end

--- The columns that name a row, by table.
local keys = {
   tree = {"part"}, coverage = {"level", "id", "group"}, coverage_groups = {"group"}, coverage_units = {"unit"},
   coverage_periods = {"period", "group"}, nothing = {"indicator", "kind"}, shape = {"indicator"},
   sizes = {"indicator", "size"}, age = {"indicator"}, age_units = {"unit"}, groups = {"group"},
   loadings = {"group", "component", "item"}, eigenvalues = {"group", "component"}, alpha = {"group", "item"},
   places = {"item"}, pairs = {"group", "left", "right"}, levels = {"item", "group"}, importance = {"group", "item"},
   target = {"group", "item"}, divergence = {"group"}, trade_offs = {"indicator"}, rates = {"group", "give", "take"},
   geometric_rates = {"group", "give", "take"}, shifts = {"component"}, intervals = {"unit"},
   choices = {"step", "alternative"}, sobol = {"factor"}, frontier = {"unit"},
}

local function key_of(row, columns)
   local parts = {}
   for _, column in ipairs(columns) do
      if row[column] ~= nil then parts[#parts + 1] = (tostring(row[column]):gsub("^ +", "")) end
   end
   return table.concat(parts, "/")
end

--- Whether two figures of ten digits are the same.
local function same(a, b) return a == b or a and b and math.abs(a - b) <= 1e-9 * math.max(math.abs(a), math.abs(b)) end

--- Figures of the rows that both have a name for and that differ, one of which may be missing; and how many there are.
local function figures(old, new)
   local rows, all = {}, 0
   for _, section in ipairs(new.sections) do
      for _, one in ipairs(section.tables or {}) do
         local named, before = keys[one.id] or {}, {}
         for _, row in ipairs(#named > 0 and rows_of(old, one.id) or {}) do before[key_of(row, named)] = row end
         for _, row in ipairs(one.rows) do
            local key = key_of(row, named)
            for _, column in ipairs(before[key] and one.columns or {}) do
               local was, is = before[key][column], row[column]
               if type(was) == "number" or type(is) == "number" then
                  all = all + 1
                  if not same(was, is) then
                     rows[#rows + 1] = {table = one.id, row = key, figure = column, before = was, after = is,
                        change = was and is and is - was or nil}
                  end
               end
            end
         end
      end
   end
   return tables.new({"table", "row", "figure", "before", "after", "change"}, rows), all
end

--- Compares two audits: {findings, ranks, figures: tables; summary}.
function compare.run(old, new)
   local moved, summary = ranks(old, new)
   local differing, all = figures(old, new)
   summary.figures, summary.figures_changed = all, #differing
   return {findings = changes(old, new), ranks = moved, figures = differing, summary = summary}
end

--- The comparison in words.
function compare.text(made)
   local summary, out = made.summary, {}
   local spearman = summary.spearman and ("%.3f"):format(summary.spearman) or "–"
   local mean = summary.mean and ("%.2f"):format(summary.mean) or "–"
   out[1] = ("%d units before, %d after, %d in both: Spearman's correlation of their scores %s, mean shift %s places, "
      .. "at most %d."):format(summary.old_units or 0, summary.new_units or 0, summary.units, spearman, mean,
      summary.most)
   if summary.came then out[#out + 1] = "New: " .. summary.came .. "." end
   if summary.went then out[#out + 1] = "Gone: " .. summary.went .. "." end
   local last
   for row in made.findings:rows() do
      if row.change ~= last then out[#out + 1] = "\n" .. row.change end
      last = row.change
      out[#out + 1] = "  " .. row.sentence
   end
   if #made.findings == 0 then out[#out + 1] = "The findings are the same." end
   out[#out + 1] = ("\n%d of %d figures differ%s"):format(summary.figures_changed, summary.figures,
      summary.figures_changed > 0 and "; --json lists them, --out writes them as a workbook." or ".")
   return table.concat(out, "\n")
end

return compare
