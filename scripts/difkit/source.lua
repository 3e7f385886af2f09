--- The text of a script as a tree, for the checks: read by luacheck's parser, which tells the place of every node and
--- which local variable a name means. Nothing of the script is run.
local class = require "difkit.class"
local core = require "difkit.core"
local errors = require "difkit.error"

local source = {}

--- luacheck, as far as it is built in: its modules see each other and what Lua itself gives, and nothing sees them.
local loaded = {}

local function module(name)
   if loaded[name] == nil then
      local file = name:gsub("%.", "/") .. ".lua"
      local text = core.library_text(file)
      if not text then
         errors.raise("this build of difkit cannot check scripts: it was made without luacheck",
            "install the package lua-check (or luacheck 1.1 by another way) and build difkit anew")
      end
      local environment = setmetatable({require = module}, {__index = _G})
      loaded[name] = assert(load(text, "=" .. file, "t", environment))() or true
   end
   return loaded[name]
end

--- What luacheck does with a script, in its order. After `linearize` each name knows its variable, and each variable
--- the values it is given.
local stages = {
   "parse", "unwrap_parens", "linearize", "resolve_locals", "detect_unused_locals", "detect_unreachable_code",
}

local Script, script_events = class "difkit.Script"

--- Line and column (both from 1) of a node; columns count characters.
function Script:place(node)
   return node.line, node.offset - self.state.line_offsets[node.line] + 1
end

--- Notes what is wrong at a node, and what would be right.
function Script:report(node, message, hint)
   local line, column = self:place(node)
   self:report_at(line, column, message, hint)
end

--- Notes a finding; the same at the same place counts once, and a line may ask to be left alone.
function Script:report_at(line, column, message, hint)
   if (self.lines[line] or ""):find "%-%-%s*difkit:%s*ignore%f[%W]" then return end
   local key = ("%d:%d:%s"):format(line, column, message)
   if self.seen[key] then return end
   self.seen[key] = true
   self.findings[#self.findings + 1] = {
      line = line, column = column, message = message, hint = hint, number = #self.findings,
   }
end

--- Calls `visit(node, parent, place)` for each node of the tree, from the outside in and in the order of the text;
--- `place` is where the node stands in its parent.
function Script:walk(visit, node, parent, place)
   node = node or self.tree
   if node.tag and visit(node, parent, place) == false then return end
   for i, child in ipairs(node) do
      if type(child) == "table" then self:walk(visit, child, node.tag and node or parent, node.tag and i or place) end
   end
end

--- The first line and column of a word within the lines that a text takes up in the script, or those of the text.
function Script:word_place(node, word)
   local line, column = self:place(node)
   if word and word ~= "" then
      local _, breaks = node[1]:gsub("\n", "")
      local pattern = "%f[%w_]" .. word:gsub("%W", "%%%0") .. "%f[^%w_]"
      if not word:find "^[%w_]" then pattern = word:gsub("%W", "%%%0") end
      for number = line, math.min(line + breaks + 1, #self.lines) do
         local text = self.lines[number]
         local first = number == line and (utf8.offset(text, column) or 1) or 1
         local found = text:find(pattern, first)
         if found then return number, utf8.len(text, 1, found) or found end
      end
   end
   return line, column
end

local function lines_of(text)
   local lines = {}
   for line in (text .. "\n"):gmatch "([^\n]*)\n" do lines[#lines + 1] = line:gsub("\r$", "") end
   return lines
end

--- More than anybody writes; every check goes down the tree by calling itself.
local DEEPEST = 500

--- The first line on which a tree is deeper than that.
local function too_deep(tree)
   local level = {{tree, 1}}
   for _ = 1, DEEPEST do
      local below = {}
      for _, one in ipairs(level) do
         for _, child in ipairs(one[1]) do
            if type(child) == "table" then below[#below + 1] = {child, child.line or one[2]} end
         end
      end
      if #below == 0 then return nil end
      level = below
   end
   return level[1][2]
end

--- Runs luacheck's stages; nil and its error when the text is no Lua to it, or too deep.
local function parse(text)
   local state = module "luacheck.check_state".new(text)
   for i, stage in ipairs(stages) do
      local done, problem = pcall(module("luacheck.stages." .. stage).run, state)
      if not done then
         if type(problem) == "table" and problem.msg then return nil, state, problem end
         error(problem, 0)
      end
      local line = i == 1 and too_deep(state.ast)
      if line then return nil, state, {deep = line} end
   end
   return true, state
end

--- The script as a tree, with an empty list of findings; a text that is no Lua has that as its finding and no tree.
function source.read(text)
   local script = setmetatable({findings = {}, seen = {}, lines = lines_of(text)}, script_events)
   local plain = text:gsub("^#[^\n]*", "")
   local valid, message = load(plain, "=script", "t", {})
   -- What Lua gives up without a line is nested beyond its own stack: nothing else may try to read that.
   local fathomless = not valid and not tostring(message):find "^script:%d+: [^C]"
   local parsed, state, problem
   if not fathomless then parsed, state, problem = parse(text) end
   script.state = state
   if valid and parsed then
      script.tree = state.ast
   elseif fathomless or problem and problem.deep then
      script:report_at(problem and problem.deep or 1, 1, "nested too deeply to be checked",
         ("build long expressions in parts, in a loop or by table.concat; %d levels are read"):format(DEEPEST))
   elseif problem then
      local line = problem.line
      script:report_at(line, problem.offset - state.line_offsets[line] + 1, "syntax: " .. problem.msg)
   else
      -- Lua knows a rule that luacheck does not.
      local line, what = message:match "^[^:]*:(%d+): (.*)$"
      script:report_at(tonumber(line) or 1, 1, "syntax: " .. (what or message))
   end
   return script
end

return source
