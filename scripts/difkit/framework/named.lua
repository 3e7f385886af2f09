--- What the text of an action names: bodies, quantities, things to be made, spans of years. The words that count stand
--- in the lists below; they are those of plans written in English. (Deadlines: difkit.progress.)
---
--- Everything found is a list of {first, last, words, value}: where it stands in the text, the words that name it, and
--- a form of them that is the same however it is written.
local class = require "difkit.class"
local core = require "difkit.core"

local named = {}

local function set(words)
   local list = {}
   for word in words:gmatch "%S+" do list[word] = true end
   return list
end

--- Bodies: a capitalised name of several words is one when it has one of these.
local body_words = set [[Agency Association Authority Bank Board Bureau Commission Committee Council Department Experts
   Force Foundation Group Institute Ministers Ministry Office Organisation Organization Secretariat Union]]

--- Bodies known by their letters. Those of the framework are read from its abbreviations.
local known_bodies = set "ADB IMF ISO ITU OECD UNCITRAL UNCTAD UNESCAP UNESCO WCO WHO WTO"

--- Words that may stand within a name: "Task Force on the Operationalization of ...".
local within_names = set "of on for and the"

--- Numbers in words. "one" is left out: it is a pronoun too.
local numbers = {
   two = 2, three = 3, four = 4, five = 5, six = 6, seven = 7, eight = 8, nine = 9, ten = 10, eleven = 11, twelve = 12,
   fifteen = 15, twenty = 20, thirty = 30, fifty = 50,
}

--- How often something is done is a quantity too.
local frequencies = {
   annual = "annual", annually = "annual", yearly = "annual", biannual = "biannual", biennial = "biennial",
   daily = "daily", monthly = "monthly", quarterly = "quarterly", weekly = "weekly",
}

--- Words before which a phrase ends.
local ends_phrase = set [[of for in on to by with within under through from as at amongst among between into per over
   that which who where while via across including based regarding or than using against after before]]

--- Things of which it can be said that they are there, or not yet.
local things = set [[academy agenda agreement agreements arrangement arrangements assessment assessments campaign
   campaigns centre clauses code codes committee convention course courses curricula curriculum database databases day
   declaration facility forum framework frameworks fund guidance guide guideline guidelines handbook hub index
   indicators indices inventory law laws list manual manuals mechanism mechanisms memorandum methodology module modules
   network networks numbers pilot plan plans platform platforms policies policy portal portals programme programmes
   project projects questionnaire recommendations register registry regulations repository report reports review
   reviews roadmap roadmaps rules scheme schemes secretariat standard standards strategies strategy studies study
   survey surveys system systems team teams template templates toolkit toolkits treaties treaty website websites
   workshop workshops]]

--- Words that say that a thing is to be made, held or put into force.
local makes = set [[adopt build conduct create deploy design develop draft establish formulate hold introduce issue
   launch organise organize prepare produce publish ratify sign]]

--- What a making word does not follow: "codes of conduct" makes nothing.
local before_nouns = set "a an the of for in on by with its their"

--- The words of a text and where they stand: {word, first, last, gap}; gap is what stands before it.
local function words_of(text)
   -- Of the same length, so that places stay: dashes and quotation marks separate, an apostrophe does not.
   local plain = text:gsub("\u{2019}", "'\1\1"):gsub("\u{2011}", "-\1\1"):gsub("\u{2010}", "-\1\1")
      :gsub("\u{2013}", ";;;"):gsub("\u{2014}", ";;;"):gsub("\u{2018}", "(((")
      :gsub("\u{201C}", "((("):gsub("\u{201D}", ")))"):gsub("(%d),(%d%d%d)", "%1\2%2")
   local list, last = {}, 0
   for first, found in plain:gmatch "()([%w\x80-\xFF+][%w\x80-\xFF\1\2'.%%+%-]*)" do
      local raw = found:gsub("['\1.%-]+$", ""):gsub("'\1*s$", "")
      local word = raw:gsub("\1", "")
      if word ~= "" then
         list[#list + 1] = {word = word, first = first, last = first + #raw - 1, gap = plain:sub(last + 1, first - 1)}
         last = first + #raw - 1
      end
   end
   return list
end

local function is_capital(word) return word:find "^%u" ~= nil end

--- Whether a sentence begins with the word.
local function begins(word, i) return i == 1 or word.gap:find "[.;:]" ~= nil end

local function joined(word) return word ~= nil and word.gap:find "^%s+$" ~= nil end

--- A number in digits or words, and whether it is a percentage.
local function number_of(word)
   local digits, percent = word:match "^(%d[%d\2.]*)(%%?)$"
   if not digits then return numbers[core.lower(word)], false end
   return tonumber((digits:gsub("\2", ""))), percent == "%"
end

local function found(text, words, i, j, value)
   local first, last = words[i].first, words[j].last
   return {first = first, last = last, words = text:sub(first, last), value = value}
end

--- A word without the ending of its plural.
local function singular(word)
   word = core.lower(word)
   if word:find "ies$" then return (word:gsub("ies$", "y")) end
   return #word > 3 and not word:find "ss$" and (word:gsub("s$", "")) or word
end

---@class difkit.Named
local Named, named_events = class "difkit.Named"

--- What reads texts by the abbreviations of a database.
function named.reader(db)
   local self = {bodies_of = {}, made = {}}
   for row in db:query "SELECT term, expansion FROM abbreviation ORDER BY term":rows() do
      local term, expansion = row[1], row[2]
      for _, word in ipairs(words_of(expansion)) do
         if body_words[word.word] then self.bodies_of[term] = core.lower(expansion) end
         self.made[term] = self.made[term] or things[core.lower(word.word)]
      end
   end
   return setmetatable(self, named_events)
end

--- The ends of the capitalised name around words[i].
local function name_around(words, i)
   local first, last = i, i
   while joined(words[first]) and words[first - 1] do
      local j = first - 1
      if within_names[words[j].word] and joined(words[j]) and j > 1 then j = j - 1 end
      local word = words[j]
      if not is_capital(word.word) or begins(word, j) and word.word ~= word.word:upper() then break end
      first = j
   end
   while words[last + 1] and joined(words[last + 1]) do
      local j = last + 1
      while within_names[words[j].word] and joined(words[j + 1]) do j = j + 1 end
      if not is_capital(words[j].word) then break end
      last = j
   end
   return first, last
end

--- The bodies that a text names, each once: by an abbreviation that stands for one, by letters that everybody knows, or
--- by a capitalised name with a word such as Committee.
function Named:bodies(text)
   local words, list, seen, last = words_of(text), {}, {}, 0
   for i, word in ipairs(words) do
      local first, final, value
      if i > last then
         local letters = word.word:gsub("%-?s$", "")
         if body_words[word.word] then
            first, final = name_around(words, i)
            value = first < final and core.lower(text:sub(words[first].first, words[final].last)) or nil
         elseif (self.bodies_of[letters] or known_bodies[letters]) and not (last == i - 1 and word.gap == " (") then
            first, final = i, i
            value = self.bodies_of[letters] or core.lower(letters)
         end
      end
      if value then
         last = final
         if not seen[value] then list[#list + 1] = found(text, words, first, final, value) end
         seen[value] = true
      end
   end
   return list
end

--- The quantities that a text names: a number (not a year, not part of a name such as Industry 4.0) before the thing
--- that it counts, or how often something is done. Each also has `number`, and `things`, what is counted, as a set.
function named.quantities(text)
   local words, list = words_of(text), {}
   for i, word in ipairs(words) do
      local lower = core.lower(word.word)
      local number, percent = number_of(word.word)
      local before = words[i - 1]
      local in_name = not numbers[lower] and before and joined(word) and is_capital(before.word)
         and not begins(before, i - 1)
      if frequencies[lower] then
         local one = found(text, words, i, i, frequencies[lower])
         one.number, one.things = frequencies[lower], {["how often"] = true}
         list[#list + 1] = one
      elseif number and not in_name and (percent or not word.word:find "^[12][09]%d%d$") then
         local counted, last = {}, i
         local j = i + 1
         while joined(words[j]) and words[j].word == "or" and joined(words[j + 1]) and words[j + 1].word == "more" do
            j = j + 2
         end
         while joined(words[j]) and j <= last + 4 and #counted < 2 and not ends_phrase[words[j].word]
            and words[j].word ~= "and" and not words[j].word:find "^%d" do
            counted[#counted + 1] = singular(words[j].word)
            last, j = j, j + 1
         end
         if #counted > 0 or percent then
            local one = found(text, words, i, last, ("%g"):format(number) .. (percent and " %" or ""))
            one.number, one.things = number, set(table.concat(counted, " "))
            one.value = one.value .. (#counted > 0 and " " .. table.concat(counted, " ") or "")
            list[#list + 1] = one
         end
      end
   end
   return list
end

--- The things that a text wants made: a word such as "develop" or "ratify" whose object, up to the next preposition or
--- comma, has a word such as "guidelines", or an abbreviation that stands for one.
function Named:outputs(text)
   local words, list, done = words_of(text), {}, 0
   for i, word in ipairs(words) do
      local before = words[i - 1]
      if i > done and makes[core.lower(word.word)]
         and not (before and joined(word) and before_nouns[core.lower(before.word)]) then
         local j, last = i + 1, nil
         while words[j] and words[j].gap:find "^[%s/()]+$" do
            local inner, after = words[j].word, words[j + 1]
            local in_title = is_capital(words[j - 1].word) and after and joined(after) and is_capital(after.word)
            if ends_phrase[inner] and not in_title then break end
            local in_brackets = last and words[j].gap:find "%($"
            if not in_brackets and (things[core.lower(inner)] or self.made[inner]) then last = j end
            j = j + 1
         end
         if last then
            list[#list + 1] = found(text, words, i, last, core.lower(words[last].word))
            done = last
         end
      end
   end
   return list
end

--- The spans of years that a text names, "2021–2025".
function named.spans(text)
   local list = {}
   local plain = text:gsub("\u{2013}", "-\1\1")
   for first, from, to, after in plain:gmatch "()%f[%d](%d%d%d%d)%s*%-[\1%s]*(%d%d%d%d)%f[%D]()" do
      list[#list + 1] = {first = first, last = after - 1, words = text:sub(first, after - 1), value = from .. "–" .. to}
   end
   return list
end

--- The words around a place of a text, with "…" where something is left out.
function named.quote(text, first, last, around)
   around = around or 40
   local from, to = math.max(1, first - around), math.min(#text, last + around)
   if from > 1 then from = text:find("%s", from) + 1 end
   if to < #text then
      to = #text - (text:reverse():find("%s", #text - to + 1) or #text) + 1
      to = math.max(to - 1, last)
   end
   if from > first then from = first end
   return (from > 1 and "…" or "") .. text:sub(from, to) .. (to < #text and "…" or "")
end

return named
