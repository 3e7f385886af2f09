--- Flags of offices and databases as SDMX observation status (CL_OBS_STATUS 2.2).
local flags = {}

--- What means that there is no value, and why.
flags.missing = {H = true, L = true, M = true, O = true, Q = true}

local words = {
   e = "E", ["est."] = "E", est = "E", estimate = "E", estimated = "E", ["itu estimate"] = "E", p = "P",
      ["prov."] = "P",
   prov = "P", provisional = "P", prel = "P", preliminary = "P", f = "F", ["proj."] = "F", proj = "F", projection = "F",
   forecast = "F", b = "B", ["|"] = "B", ["break"] = "B", i = "I", imputed = "I", u = "U", d = "D",
}

---The status that a word or letter behind a number means: "e", "(p)", "est."; nil for anything else.
---@param text string
---@return string|nil code
function flags.word(text)
   local inner = text:match "^[%(%[](.-)[%)%]]$" or text
   return words[inner:lower()]
end

local signs = {["*"] = true, ["**"] = true, ["†"] = true, ["‡"] = true, ["¹"] = true, ["²"] = true, ["³"] = true,
   ["⁴"] = true,
   ["⁵"] = true, ["⁶"] = true, ["⁷"] = true, ["⁸"] = true, ["⁹"] = true, ["§"] = true}

---The mark of a footnote behind a number or a name, without its brackets: "1/", "(2)", "*", "a/".
---@param text string
---@return string|nil mark
function flags.mark(text)
   if signs[text] then return text end
   return text:match "^(%d%d?/)$" or text:match "^%((%d%d?)%)$" or text:match "^(%l/)$" or text:match "^%[(%w)%]$"
      or text:match "^%((%l)%)$"
end

local eurostat = {
   b = "B", c = "Q", d = "D", e = "E", f = "F", i = "I", n = "N", p = "P", s = "E", u = "U", z = "M",
}

--- Several codes as one text, in alphabetical order, each once.
function flags.join(list)
   local seen, all = {}, {}
   for _, code in ipairs(list) do
      if code ~= "" and not seen[code] then
         seen[code] = true
         all[#all + 1] = code
      end
   end
   table.sort(all)
   return table.concat(all, ";")
end

---Eurostat's letters, which stand together without a sign: "bep" is B;E;P. "r" (revised) is a note.
---@param letters string
---@return string|nil codes nil when a letter is none of Eurostat's
---@return string|nil note or the letter that is not known
function flags.eurostat(letters)
   local list, note = {}, nil
   for letter in letters:gmatch "%S" do
      if letter == "r" then
         note = "revised"
      elseif not eurostat[letter] then
         return nil, letter
      else
         list[#list + 1] = eurostat[letter]
         if letter == "c" then note = "confidential" end
      end
   end
   return flags.join(list), note
end

local sdmx = {
   A = true, B = true, D = true, E = true, F = true, G = true, I = true, J = true, K = true, W = true, N = true,
      P = true,
   S = true, U = true, V = true, O = true, M = true, L = true, H = true, Q = true,
}

---A code of SDMX as it is; another goes to the note.
---@param code string
---@return string codes
---@return string|nil note
function flags.sdmx(code)
   local list, notes = {}, {}
   for one in code:gmatch "[^;,%s]+" do
      if sdmx[one] then list[#list + 1] = one else notes[#notes + 1] = "status " .. one end
   end
   return flags.join(list), notes[1] and table.concat(notes, "; ") or nil
end

local natures = {
   C = {"A"}, CA = {"A", "country adjusted"}, E = {"E"}, M = {"E", "modelled"}, G = {"A", "global monitoring"},
      N = {"M"},
}

--- The nature of a value of the UN's SDG database: status, note.
function flags.nature(code)
   local known = natures[code]
   if known then return known[1], known[2] end
   return "", nil
end

return flags
