--- How far coders agree beyond what chance would give.
--- Kappa follows Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20
--- (1960); alpha follows Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), for nominal data.
local errors = require "difkit.error"
local sorted = require "difkit.sorted"
local tables = require "difkit.table"

---Agreement of coders on nominal codes.
---@class difkit.agreement
local agreement = {}

---Cohen's kappa of two coders: (observed - expected) / (1 - expected) agreement, where the expected is that of two
---coders who use each code as often as these do, but without looking.
---Units that one of them did not code are left out. nil when there are none, or when both use one code throughout.
---
---```lua
---print(difkit.agreement.kappa({"a", "a", "b", "b"}, {"a", "a", "b", "a"})) --> 0.5	0.75	4
---```
---@param first table<integer, any> the code of each unit, nil where there is none
---@param second table<integer, any> the same, in the same order
---@return number|nil kappa 1: full agreement; 0: as by chance
---@return number|nil observed share of units on which they agree
---@return integer count units that both coded
function agreement.kappa(first, second)
   errors.check("agreement.kappa", "first", first, "table")
   errors.check("agreement.kappa", "second", second, "table")
   local count, same, of_first, of_second = 0, 0, {}, {}
   for unit, code in sorted(first) do
      local other = second[unit]
      if other ~= nil then
         count = count + 1
         if other == code then same = same + 1 end
         of_first[code] = (of_first[code] or 0) + 1
         of_second[other] = (of_second[other] or 0) + 1
      end
   end
   if count == 0 then return nil, nil, 0 end
   local expected = 0
   for code, n in sorted(of_first) do expected = expected + n * (of_second[code] or 0) end
   expected = expected / (count * count)
   local observed = same / count
   if expected == 1 then return nil, observed, count end
   return (observed - expected) / (1 - expected), observed, count
end

---Krippendorff's alpha of any number of coders, for nominal codes: 1 - observed / expected disagreement.
---Units that fewer than two coders coded say nothing and are left out. nil when none is left, or when there is one code
---only.
---
---```lua
---print(difkit.agreement.alpha{{"a", "a", "b", "b"}, {"a", "a", "b", "a"}}) --> 0.53333333333333	4
---```
---@param coders table<integer, any>[] one table a coder: the code of each unit, nil where there is none
---@return number|nil alpha 1: full agreement; 0: as by chance
---@return integer count units that at least two coded
function agreement.alpha(coders)
   errors.check("agreement.alpha", "coders", coders, "table")
   -- Values of each unit, counted by code.
   local units = {}
   for _, codes in ipairs(coders) do
      for unit, code in sorted(codes) do
         local values = units[unit] or {n = 0, of = {}}
         units[unit] = values
         values.n = values.n + 1
         values.of[code] = (values.of[code] or 0) + 1
      end
   end
   -- The coincidence matrix, of which only its diagonal and its margins are needed.
   local matching, total, margin, count = 0, 0, {}, 0
   for _, values in sorted(units) do
      if values.n > 1 then
         count = count + 1
         total = total + values.n
         for code, n in sorted(values.of) do
            matching = matching + n * (n - 1) / (values.n - 1)
            margin[code] = (margin[code] or 0) + n
         end
      end
   end
   local by_chance = 0
   for _, n in sorted(margin) do by_chance = by_chance + n * (n - 1) end
   if count == 0 or total * (total - 1) == by_chance then return nil, count end
   local observed = 1 - matching / total
   local expected = 1 - by_chance / (total * (total - 1))
   return 1 - observed / expected, count
end

--- The codes of every action in a scheme, one table a coder: action -> code. Several codes of one action are one value,
--- in the order of their ids; none, where the coder judged the action in another scheme, is the value "none".
local function judgements(db, scheme)
   local coders, by_coder = {}, {}
   for row in db:query("SELECT DISTINCT coder, action_id FROM judgement ORDER BY coder, action_id"):rows() do
      local coder, action = row[1], row[2]
      if not by_coder[coder] then
         by_coder[coder] = {}
         coders[#coders + 1] = coder
      end
      by_coder[coder][action] = "none"
   end
   local sql = "SELECT coder, action_id, code_id FROM judgement WHERE scheme_id = ? ORDER BY coder, action_id, code_id"
   for row in db:query(sql, scheme):rows() do
      local codes = by_coder[row[1]]
      codes[row[2]] = codes[row[2]] == "none" and row[3] or codes[row[2]] .. " " .. row[3]
   end
   return coders, by_coder
end

---Agreement of the coders of the data, scheme by scheme: on how many actions, the share on which both say the same,
---Cohen's kappa (both missing for more than two coders) and Krippendorff's alpha. The codes that an action has in a
---scheme count as one value: two coders who share one of two addressees disagree.
---
---```lua
---print(#difkit.agreement.schemes(db)) --> 7
---```
---@param db difkit.Database
---@return difkit.Table schemes columns scheme, actions, agreed, kappa, alpha
function agreement.schemes(db)
   local out = {}
   local sql = "SELECT id, title FROM scheme WHERE id IN (SELECT scheme_id FROM judgement) ORDER BY id"
   for scheme in db:query(sql) do
      local coders, by_coder = judgements(db, scheme.id)
      local codes = {}
      for i, coder in ipairs(coders) do codes[i] = by_coder[coder] end
      local alpha, count = agreement.alpha(codes)
      local kappa, agreed
      if #codes == 2 then kappa, agreed = agreement.kappa(codes[1], codes[2]) end
      out[#out + 1] = {scheme = scheme.title, actions = count, agreed = agreed, kappa = kappa, alpha = alpha}
   end
   return tables({"scheme", "actions", "agreed", "kappa", "alpha"}, out)
end

--- What holds in schemes whose codes are targets of the data, and no codings.
local holding = {
   recurs = "SELECT DISTINCT action_id, recurs FROM target WHERE recurs IS NOT NULL ORDER BY action_id, recurs",
   quorum = "SELECT DISTINCT action_id, quorum FROM target WHERE quorum IS NOT NULL ORDER BY action_id, quorum",
   body = "SELECT DISTINCT action_id, body_id FROM target WHERE body_id IS NOT NULL ORDER BY action_id, body_id",
}

---The actions on which coders differ, with what each said and what was agreed.
---
---```lua
---print(difkit.agreement.disputed(db, "instrument").columns[1]) --> id
---```
---@param db difkit.Database
---@param scheme string id of the scheme
---@return difkit.Table disputed columns id, text, one a coder, agreed
function agreement.disputed(db, scheme)
   errors.check("agreement.disputed", "scheme", scheme, "string")
   local coders, by_coder = judgements(db, scheme)
   local columns = {"id", "text", table.unpack(coders)}
   columns[#columns + 1] = "agreed"
   local rows = {}
   local agreed = {}
   local held = holding[scheme] and db:query(holding[scheme])
      or db:query("SELECT action_id, code_id FROM coding WHERE scheme_id = ? ORDER BY action_id, code_id", scheme)
   for row in held:rows() do
      agreed[row[1]] = agreed[row[1]] and agreed[row[1]] .. " " .. row[2] or row[2]
   end
   for action in db:actions{}:each() do
      local row, values, distinct = {id = action.id, text = action.text, agreed = agreed[action.id] or "none"}, {}, 0
      for _, coder in ipairs(coders) do
         local code = by_coder[coder][action.id]
         row[coder] = code
         if code and not values[code] then
            values[code] = true
            distinct = distinct + 1
         end
      end
      if distinct > 1 then rows[#rows + 1] = row end
   end
   return tables(columns, rows)
end

return agreement
