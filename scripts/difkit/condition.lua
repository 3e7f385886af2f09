--- Conditions of the world (nil, message, code) that a script does not look at.
---
--- There are two ways to overlook one. A call such as `t:write "x.csv"` that is a statement of its own drops what it
--- gives: when it fails, that ends the run. And `local db = difkit.open "x.db"` keeps a nil that is used as if it were
--- there: the error that Lua raises then is told what gave the nil, and why.
---
--- Whether a call is a statement is read in the text of the script, and only once it has failed: a call that succeeds
--- costs nothing.
local core = require "difkit.core"

local condition = {}

--- The text of a chunk: that of the running script, or of the file that the chunk is named after; nil when it cannot be
--- had.
function condition.text_of(chunk)
   local text = core.chunk_text and core.chunk_text[chunk]
   if text or chunk:sub(1, 1) ~= "@" then return text end
   local file = io.open(chunk:sub(2), "rb")
   if not file then return nil end
   text = file:read "a"
   file:close()
   return text
end

local text_of = condition.text_of

--- The last name of what is called: `t:write(…)`, `export.write(…)`, `write(…)`.
local function called_name(node)
   local callee = node.tag == "Invoke" and node[2] or node[1]
   if callee.tag == "Index" then callee = callee[2] end
   return (callee.tag == "String" or callee.tag == "Id") and callee[1] or nil
end

--- Calls `visit(call, is_statement)` for each call of a tree. Lists of nodes without a tag are blocks, but for those of
--- names and values.
function condition.each_call(node, visit, is_block)
   for i, child in ipairs(node) do
      if type(child) == "table" then
         local tag = node.tag
         if child.tag == "Call" or child.tag == "Invoke" then visit(child, is_block and (tag == nil or tag == "Do")) end
         local values = tag == "Local" or tag == "Set" or tag == "Localrec" or tag == "Forin" and i < 3
         condition.each_call(child, visit, not values)
      end
   end
end

--- Whether the call of `name` on that line of a chunk is a statement of its own. Where that cannot be told, it is.
local function is_statement(chunk, line, name)
   local text = text_of(chunk)
   if not text then return true end
   local read, script = pcall(require("difkit.source").read, text)
   if not read or not script.tree then return true end
   local found, statement = false, false
   condition.each_call(script.tree, function(call, alone)
      if call.line == line and called_name(call) == name then
         found = true
         statement = statement or alone
      end
   end, true)
   return statement or not found
end

--- To be called by a function `name` that is about to give nil, a message and a code, before it does: raises the
--- message when the script that called the function drops what it gives. A call by pcall, xpcall, a coroutine or the
--- library itself does not drop it, nor does `return t:write(…)`, which leaves no trace of its line.
function condition.dropped(name, message, code)
   if debug.getinfo(2, "t").istailcall then return end
   local caller = debug.getinfo(3, "Sl")
   if not caller or caller.what == "C" or core.is_library(caller.source) then return end
   if not is_statement(caller.source, caller.currentline, name) then return end
   local hint = "nothing looks at what `%s` gives: write assert(…) around it, or take `local done, message = …` and say"
      .. " what is to happen then"
   core.raise(code == "locked" and code or "io", message, hint:format(name))
end

local MOST = 16
local noted = {}

--- Notes that a function gave nil to a script, for the error that the nil may lead to.
function condition.note(call, message)
   local level = 2
   local info = debug.getinfo(level, "Sl")
   while info and (info.what == "C" or core.is_library(info.source)) do
      level = level + 1
      info = debug.getinfo(level, "Sl")
   end
   if not info then return end
   if #noted == MOST then table.remove(noted, 1) end
   noted[#noted + 1] = {
      call = call, message = message, chunk = info.source, line = info.currentline,
      where = ("%s:%d"):format(info.short_src, info.currentline),
   }
end

--- The line of a chunk, or "" when its text cannot be had.
function condition.line_of(chunk, number)
   local text = text_of(chunk)
   if not text then return "" end
   for line in (text .. "\n"):gmatch "([^\n]*)\n" do
      number = number - 1
      if number == 0 then return line end
   end
   return ""
end

local line_of = condition.line_of

--- What gave the nil of which an error of Lua speaks, or nil: the last function that gave nil to the variable of that
--- name, or on that line.
function condition.explain(where, message)
   if not message:find("a nil value", 1, true) then return nil end
   local name = message:match "%(%l+ '([%w_]+)'%)$"
   for i = #noted, 1, -1 do
      local one = noted[i]
      local gives = name and line_of(one.chunk, one.line):find("%f[%w_]" .. name .. "%f[^%w_][^=]*=[^=]")
      if gives or one.where == where then
         return ("%s gave nil%s: %s; write assert(…) around it"):format(one.call,
            one.where == where and "" or " at " .. one.where, one.message)
      end
   end
end

return condition
