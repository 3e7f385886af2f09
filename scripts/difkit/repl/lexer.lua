--- Lua source as tokens, for the session: what is typed is looked at before it runs, and while it is typed.

local keywords = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until
   while]]):gmatch "%a+" do keywords[word] = true end

--- Where the text in quotes that begins at `first` ends, or nil.
local function quoted_end(text, first)
   local quote, i = text:sub(first, first), first + 1
   while i <= #text do
      local c = text:sub(i, i)
      if c == "\\" then i = i + 1
      elseif c == quote then return i
      elseif c == "\n" then return nil end
      i = i + 1
   end
end

--- Kind and last position of the token at `i`, and for texts where their content begins; no last position when it does
--- not end.
local function token_at(text, i)
   local level = text:match("^%[(=*)%[", i)
   if level then
      local _, last = text:find("]" .. level .. "]", i, true)
      return "string", last, i + #level + 2
   end
   if text:find("^[\"']", i) then return "string", quoted_end(text, i), i + 1 end
   local _, last = text:find("^[%a_][%w_]*", i)
   if last then return keywords[text:sub(i, last)] and "keyword" or "name", last end
   _, last = text:find("^%.?%d[%w_.]*", i)
   if last then
      while text:find("^[eEpP]$", last) or text:sub(last, last):find "[eEpP]" and text:find("^[+-]%d", last + 1) do
         _, last = text:find("^[+-]%w+", last + 1)
      end
      return "number", last
   end
   for _, symbol in ipairs {"...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"} do
      if text:sub(i, i + #symbol - 1) == symbol then return "symbol", i + #symbol - 1 end
   end
   return "symbol", i
end

--- The tokens of a text: {kind, text, first, last}, kind being name, keyword, number, string or symbol; comments are
--- left out. `open` of the list is what the text ends within: {kind = "string" or "comment", first, content}.
return function(text)
   local list, i = {}, 1
   while true do
      i = text:find("%S", i)
      if not i then return list end
      if text:find("^%-%-", i) then
         local level = text:match("^%-%-%[(=*)%[", i)
         local _, last = text:find(level and "]" .. level .. "]" or "\n", i, true)
         if not last then
            list.open = {kind = "comment", first = i}
            return list
         end
         i = last + 1
      else
         local kind, last, content = token_at(text, i)
         if not last then
            list.open = {kind = kind, first = i, content = content}
            return list
         end
         list[#list + 1] = {kind = kind, text = text:sub(i, last), first = i, last = last, content = content}
         i = last + 1
      end
   end
end
