--- Section "Verdict" of an audit: what stands, what does not, what to look at first. Every sentence is that of a
--- finding, in the
--- order of causes, or counts findings; nothing is said that no table shows.
local finding = require "difkit.audit.finding"
local sample = require "difkit.audit.sample"

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

--- The row of the table of alphas for an item of a group.
local function alpha_of(sections, group, item)
   for _, section in ipairs(sections) do
      for _, one in ipairs(section.tables) do
         for row in (one.id == "alpha" and one.table:rows() or function() end) do
            if row.group == group and row.item == item then return row end
         end
      end
   end
end

--- What leaving out the subject of a finding would do: how many ranks move, the largest move, and alpha of its group.
local function effect_of(self, one, without, sections)
   local id = one.pair and one.pair[2] or one.subject:match "%+(.*)$" or one.subject
   local node = self.result.spec.by_id[id]
   if not node or not node.parent or #node.parent.children < 2 or one.code == "coverage" then return nil end
   local before = sample.ranks(self.groups[1].score)
   local after = sample.ranks(sample.root_scores(without(id)))
   local moved, most = 0, 0
   for u = 1, self.n do
      if before[u] and after[u] then
         local places = math.abs(before[u] - after[u])
         if places > 0 then moved = moved + 1 end
         most = math.max(most, places)
      end
   end
   local effect = {left_out = id, moved = moved, most = most}
   local row = node.parent and alpha_of(sections, node.parent.id, id)
   if row and row.alpha_without then
      effect.group, effect.alpha, effect.alpha_without = node.parent.id, row.alpha, row.alpha_without
   end
   return effect
end

function verdict.run(self, sections, without)
   local counts = {finding = 0, look = 0, unknown = 0, note = 0}
   for _, section in ipairs(sections) do
      for _, one in ipairs(section.findings) do counts[one.grade] = counts[one.grade] + 1 end
   end
   local out = {id = "verdict", counts = counts, first = first_causes(sections), sentences = {}}
   local function say(text, ...) out.sentences[#out.sentences + 1] = text:format(...) end
   if self.n < 20 then
      say("With %d units most of what an audit asks cannot be judged; what follows describes these units and infers "
         .. "nothing.", self.n)
   end
   say("%d %s, %d to look at, %d that cannot be judged.", counts.finding,
      counts.finding == 1 and "finding" or "findings", counts.look, counts.unknown)
   for i, one in ipairs(out.first) do
      one.effect = effect_of(self, one, without, sections)
      if i <= 8 then
         say("%s First: %s.", one.sentence, advice[one.code] or "look at its table")
         local effect = one.effect
         if effect then
            out.sentences[#out.sentences] = ("%s Without %s %d of %d ranks would move, by %d places at most."):format(
               out.sentences[#out.sentences], effect.left_out, effect.moved, self.n, effect.most)
            if effect.alpha then
               out.sentences[#out.sentences] = ("%s Alpha of %s would be %s instead of %s."):format(
                  out.sentences[#out.sentences], effect.group, finding.number(effect.alpha_without),
                  finding.number(effect.alpha))
            end
         end
      end
   end
   if #out.first > 8 then say("%d more findings stand in their sections.", #out.first - 8) end
   return out
end

verdict.advice = advice

return verdict
