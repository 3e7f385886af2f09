--- Section "Verdict" of an audit: what stands, what does not, what to look at first. Every sentence is that of a
--- finding, in the
--- order of causes, or counts findings; nothing is said that no table shows.
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

function verdict.run(self, sections)
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
      if i <= 8 then say("%s First: %s.", one.sentence, advice[one.code] or "look at its table") end
   end
   if #out.first > 8 then say("%d more findings stand in their sections.", #out.first - 8) end
   return out
end

verdict.advice = advice

return verdict
