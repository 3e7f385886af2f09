--- What is typed, made ready to run. An expression gives its value; the variables of `local` outside of any block
--- become variables of the session, since they would be gone with the entry that makes them.
local tokens_of = require "difkit.repl.lexer"

local deeper = {["function"] = 1, ["do"] = 1, ["if"] = 1, ["repeat"] = 1, ["end"] = -1, ["until"] = -1}

--- The tokens of `text` that stand outside of any block.
local function top_level(tokens)
   local depth, top = 0, {}
   for i, token in ipairs(tokens) do
      if token.kind == "keyword" then
         if depth == 0 and not deeper[token.text] then top[#top + 1] = i end
         depth = depth + (deeper[token.text] or 0)
      end
   end
   return top
end

--- The end of the names after the `local` at `i`, the positions of their attributes, whether a value follows, and the
--- names; nil when they cannot become variables of the session.
local function names_after(tokens, i)
   local attributes, names = {}, {}
   while true do
      local name = tokens[i + 1]
      if not name or name.kind ~= "name" then return nil end
      i = i + 1
      names[#names + 1] = name.text
      if tokens[i + 1] and tokens[i + 1].text == "<" then
         -- <close> is there for the end of its block: it stays what it is.
         if not tokens[i + 3] or tokens[i + 2].text ~= "const" then return nil end
         attributes[#attributes + 1] = {first = tokens[i + 1].first, last = tokens[i + 3].last}
         i = i + 3
      end
      local following = tokens[i + 1]
      if not following or following.text ~= "," then
         return tokens[i].last, attributes, following and following.text == "=", names
      end
      i = i + 1
   end
end

--- The text with the variables of its outermost `local`s as variables of the session, and their names; lines stay where
--- they are.
local function shared(text, tokens)
   local cuts, declared = {}, {}
   for _, i in ipairs(top_level(tokens)) do
      local following = tokens[i + 1]
      if tokens[i].text == "local" and following then
         local cut = {first = tokens[i].first, last = following.first - 1}
         if text:sub(cut.first, cut.last):find "[\n%-]" then cut.last = tokens[i].last end
         if following.text == "function" then
            cuts[#cuts + 1] = cut
         else
            local last, attributes, has_value, names = names_after(tokens, i)
            if last then
               table.move(names, 1, #names, #declared + 1, declared)
               cuts[#cuts + 1] = cut
               table.move(attributes, 1, #attributes, #cuts + 1, cuts)
               if not has_value then cuts[#cuts + 1] = {first = last + 1, last = last, text = " = nil"} end
            end
         end
      end
   end
   local parts, position = {}, 1
   for _, cut in ipairs(cuts) do
      parts[#parts + 1] = text:sub(position, cut.first - 1) .. (cut.text or "")
      position = cut.last + 1
   end
   return table.concat(parts) .. text:sub(position), declared
end

local function returns(tokens)
   for _, i in ipairs(top_level(tokens)) do
      if tokens[i].text == "return" then return true end
   end
   return false
end

--- Of two messages the one that tells more: that a text is no statement, since it begins like an expression, says
--- nothing.
local function better(as_statement, as_expression, tokens)
   local first, second = tokens[1].text, tokens[2] and tokens[2].text or "<eof>"
   for _, text in ipairs {first, second} do
      if as_statement:sub(-#text - 7) == "near '" .. text .. "'" or as_statement:sub(-#text - 5) == "near " .. text then
         return as_expression
      end
   end
   return as_statement
end

--- Makes an entry of a text, its chunk called `name`, to run in `environment`:
---   run      the function
---   text     what it runs, without a trailing comment when it is an expression
---   kind     "nothing", "expression" or "statements"
---   call     of an expression: whether it is a call, which may be there for what it does
---   returns  of statements: whether they give values
---   names    of statements: the variables that their outermost `local`s made
---   tokens   what it consists of
--- nil, a message and whether the text only is not complete yet, when it is no Lua.
return function(text, name, environment)
   local source = text:match "^%s*=([^=].*)$" or text:match "^%s*return%f[^%w_](.*)$" or text
   local tokens = tokens_of(source)
   if #tokens == 0 and not tokens.open then return {kind = "nothing", text = ""} end
   local run, as_expression = load("return " .. source, name, "t", environment)
   if run then
      if #tokens == 0 then return {kind = "nothing", text = ""} end
      local last = tokens[#tokens].text == ";" and tokens[#tokens - 1] or tokens[#tokens]
      return {
         run = run, kind = "expression", text = source:sub(tokens[1].first, last.last), tokens = tokens,
         call = load(source, name, "t") ~= nil,
      }
   end
   local statements, names = source, {}
   if source == text then statements, names = shared(source, tokens) end
   local as_statement
   run, as_statement = load(statements, name, "t", environment)
   if run and source == text then
      return {
         run = run, kind = "statements", text = statements, tokens = tokens, names = names, returns = returns(tokens),
      }
   end
   local incomplete = as_expression:find "<eof>$" or not run and as_statement:find "<eof>$"
   local message = as_expression
   if source == text and #tokens > 0 then message = better(as_statement, as_expression, tokens) end
   -- A text in quotes ends on its line; Lua sees only that the source does.
   local open = tokens.open
   if open and source:find("^[\"']", open.first) and not source:find "\\$" then
      return nil, message:gsub(" near <eof>$", "; the closing quote is missing"), false
   end
   return nil, message, incomplete ~= nil
end
