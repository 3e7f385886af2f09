--- Section "Verdict" of an audit: what holds, what does not, what to look at first. Every sentence is that of a
--- finding, in the order of causes, or says figures of a table; nothing is said that no table shows.
local effect = require "difkit.audit.effect"
local finding = require "difkit.audit.finding"

local verdict = {}

local order = {constant = 1, duplicate = 1, sentinel = 1, reversed = 2, coverage = 3, misplaced = 4, collinear = 5,
   near_constant = 6}

--- What to do first about a finding of a kind.
local advice = {
   constant = "leave it out, or find what tells units apart", duplicate = "keep one of the two",
   sentinel = "ask the source what the number means", reversed = "check its direction, then ask what the group claims",
   coverage = "say so beside the score, or impute openly", misplaced = "ask the framework, not the figure, "
      .. "where it belongs",
   collinear = "merge them, or say why both count", near_constant = "ask what it adds",
}

local function first_causes(sections)
   local list = {}
   for _, section in ipairs(sections) do
      for _, one in ipairs(section.findings) do
         if one.grade == "finding" and not one.follows then list[#list + 1] = one end
      end
   end
   table.sort(list, function(a, b)
      local left, right = order[a.code] or 9, order[b.code] or 9
      if left ~= right then return left < right end
      if a.code ~= b.code then return a.code < b.code end
      return tostring(a.within) .. a.subject < tostring(b.within) .. b.subject
   end)
   return list
end

--- The rows of a table of the audit; none where it is not there.
local function rows_of(sections, id)
   for _, section in ipairs(sections) do
      for _, one in ipairs(section.tables) do
         if one.id == id then return one.table:rows() end
      end
   end
   return function() end
end

--- How many rows of a table are asked about, and of how many it is so: `test(row)` gives nil, false or true.
local function counted(sections, id, test)
   local yes, all = 0, 0
   for row in rows_of(sections, id) do
      local answer = test(row)
      if answer ~= nil then yes, all = yes + (answer and 1 or 0), all + 1 end
   end
   return yes, all
end

--- What holds, by rules over the tables: {sentence, figures}. Below 20 units only what describes these units.
local function what_holds(self, sections, settings)
   local list = {}
   local function say(figures, text, ...) list[#list + 1] = {figures = figures, sentence = text:format(...)} end
   local function enough(row) return row.share ~= nil and row.share >= settings.coverage - 1e-12 end
   local indicators, of_indicators = counted(sections, "coverage", function(row)
      if row.level == "indicator" then return enough(row) end
   end)
   local units, of_units = counted(sections, "coverage_units", enough)
   if indicators + units > 0 then
      say({indicators, of_indicators, units, of_units, settings.coverage},
         "%d of %d indicators and %d of %d units have at least %s of their values.", indicators, of_indicators, units,
         of_units, finding.percent(settings.coverage))
   end
   if self.n >= 20 then
      local with, items = counted(sections, "places", function(row)
         if row.low then return row.low > 0 end
      end)
      if with > 0 then
         say({with, items}, "%d of %d parts go with the rest of their group: the interval of the correlation lies "
            .. "above zero.", with, items)
      end
      local one, groups = counted(sections, "groups", function(row)
         if row.kept and row.n >= 5 * row.k then return row.kept == 1 end
      end)
      if one > 0 then
         say({one, groups}, "%d of %d groups that have units enough show one dimension beyond chance.", one, groups)
      end
   end
   local least, tried
   for row in rows_of(sections, "choices") do
      tried = (tried or 0) + 1
      if row.spearman then least = math.min(least or 1, row.spearman) end
   end
   if least and least >= 0.9 then
      say({tried, least}, "Of %d choices tried one at a time none brings Spearman's correlation with the index below "
         .. "%s.", tried, finding.number(least))
   end
   return list
end

--- {counts, first, holds, sentences}: what the audit says on its first page.
function verdict.run(self, sections, ways, settings)
   local counts, cache = {finding = 0, look = 0, unknown = 0, note = 0}, {}
   for _, section in ipairs(sections) do
      for _, one in ipairs(section.findings) do counts[one.grade] = counts[one.grade] + 1 end
   end
   local out = {id = "verdict", counts = counts, first = first_causes(sections), sentences = {},
      holds = what_holds(self, sections, settings)}
   local function say(text, ...) out.sentences[#out.sentences + 1] = text:format(...) end
   if self.n < 20 then
      say("With %d units most of what an audit asks cannot be judged; what follows describes these units and infers "
         .. "nothing.", self.n)
   end
   say("%d %s, %d to look at, %d that cannot be judged.", counts.finding,
      counts.finding == 1 and "finding" or "findings", counts.look, counts.unknown)
   out.summary = out.sentences[#out.sentences]
   for _, one in ipairs(out.holds) do say("%s", one.sentence) end
   local told = {}
   for i, one in ipairs(out.first) do
      one.effect = effect.of(self, one, ways, cache)
      if i <= 8 then
         -- Gaps are filled all at once: what that does is said once.
         local new = one.effect and not told[one.effect]
         say("%s First: %s.%s", one.sentence, advice[one.code] or "look at its table",
            new and " " .. effect.text(one.effect, self.n) or "")
         if new then told[one.effect] = true end
      end
   end
   local more = #out.first - 8
   if more > 0 then say("%d more %s in the sections.", more, more == 1 and "finding stands" or "findings stand") end
   return out
end

verdict.advice = advice

return verdict
