--- What the expressions of a script are, found without running it: text and numbers written down, parts of the library,
--- databases, queries, tables, rows. What cannot be told is nil, and nothing is said of it.
---
--- A value is a table with its `kind`: "constant" (`value`), "text", "module" (`name`, `live`), "object" (`class`, and
--- `live` when the thing itself could be made: see calls.lua), "row", "rows" and "iterator" (`columns`), "options",
--- "function" (`name`).
local class = require "difkit.class"
local errors = require "difkit.error"
local calls = require "difkit.check.calls"
local globals = require "difkit.check.globals"
local kinds = require "difkit.check.kinds"
local sql = require "difkit.check.sql"

local Values, value_events = class "difkit.Values"

--- Names of the columns of an object, or nil.
local function columns_of(value)
   if value.columns then return value.columns end
   if value.class == "difkit.Query" and value.live then return value.live:names() end
   if value.class == "difkit.Table" and value.live then return value.live.columns end
end

--- A row of a list, of a table, of what a loop goes through.
local function element(value)
   if not value then return nil end
   local columns = columns_of(value)
   if columns and (value.kind == "rows" or value.class == "difkit.Table") then
      return {kind = "row", columns = columns}
   end
end

--- What is left of a value when only its class is sure; `more`: it may have members of its own.
local function class_of(value, more)
   return value.kind == "object" and {kind = "object", class = value.class, more = more} or nil
end

-- Variables ----------------------------------------------------------------------------------------------------------

--- The value of a variable that is set once; of one that is set more often its class, when it always is the same.
function Values:variable(var)
   if var.known ~= nil then return var.known or nil end
   local given
   if #var.values == 0 or not var.values[1].node and var.type ~= "var" then
      given = var.given and var.given()
      var.known = given or false
      return given
   end
   local count, merged, same, more = 0, nil, true, nil
   var.known = false
   for _, assigned in ipairs(var.values) do
      local value, pending
      if assigned.node and (not assigned.secondaries or assigned.secondaries[1] == assigned) then
         value, pending = self:of(assigned.node)
      end
      if pending then
         same = same and count > 0
         count = count + 1
      elseif assigned.node and assigned.node.tag ~= "Nil" then
         count = count + 1
         if count == 1 then
            merged = value
            -- What refers to itself (`t = t:sort "x"`) has at least this class.
            var.known = value and class_of(value, value.more) or false
         elseif not (value and merged and value.kind == merged.kind and value.class == merged.class) then
            same = false
         end
         more = more or value and value.more
      end
   end
   if count > 1 then merged = same and merged and class_of(merged, more) or nil end
   var.known = merged or false
   return merged
end

--- Classes that give their rows when they stand in a loop themselves.
local looped = {["difkit.Query"] = true, ["difkit.Result"] = true}

--- Notes which variable of a loop is what, and what the functions are given that a step calls with rows.
function Values:bind(node)
   if node.tag == "Forin" then
      local first, second = node[1][1], node[1][2]
      local source = node[2][1]
      if #node[2] > 1 then return end
      local listed = source.tag == "Call" and source[1].tag == "Id" and not source[1].var and source[1][1] == "ipairs"
      if listed and second and source[2] then
         second.var.given = function() return element(self:of(source[2])) end
      elseif not listed then
         first.var.given = function()
            local value = self:of(source)
            local columns = value and columns_of(value)
            if columns and (value.kind == "iterator" or looped[value.class]) then
               return {kind = "row", columns = columns}
            end
         end
      end
   elseif node.tag == "Invoke" then
      for i = 3, #node do
         if node[i].tag == "Function" then
            for j, parameter in ipairs(node[i][1]) do
               if parameter.tag == "Id" then
                  parameter.var.given = function() return self:parameter(node, i - 2, j) end
               end
            end
         end
      end
   end
end

--- What the function that is argument `index` of a call gets as its parameter `place`.
function Values:parameter(call, index, place)
   local receiver = self:of(call[1])
   if not (receiver and receiver.class == "difkit.Table" and receiver.live) then return nil end
   local entry = kinds.entry(receiver.class .. ":" .. call[2][1])
   local given = entry and kinds.callback(entry, index)
   if given and given[place] == "row" then return {kind = "row", columns = columns_of(receiver)} end
end

-- Fields -------------------------------------------------------------------------------------------------------------

--- `value.name`, read; notes a name that is not there.
function Values:field(node, value, name)
   local key = node[2]
   if value.kind == "module" then
      if self.added[value.name .. "." .. name] then return nil end
      local done, live = pcall(function() return value.live[name] end)
      if not done or live == nil then
         if value.standard then
            globals.unknown(self.script, key, name, value.name, globals.names_of(value.live))
         elseif not done and type(live) == "table" and live.code then
            self.script:report(key, live.message, live.hint)
         elseif done and name:find "^[%a_][%w_]*$" then
            local names = globals.names_of(value.live)
            for _, member in ipairs(kinds.members(value.name)) do names[#names + 1] = member end
            self.script:report(key, ('%s has no field "%s"'):format(value.name, name), errors.hint(name, names))
         end
         return nil
      end
      local full = value.name .. "." .. name
      if live == self.difkit.null then return {kind = "constant", value = live} end
      if type(live) == "table" then return {kind = "module", name = full, live = live, standard = value.standard} end
      if type(live) == "function" and not value.standard then return {kind = "function", name = full} end
   elseif value.kind == "row" then
      for _, column in ipairs(value.columns) do
         if column == name then return nil end
      end
      if not self.extra[name] then
         self.script:report(key, ('the row has no column "%s"'):format(name), errors.hint(name, value.columns))
      end
   elseif value.kind == "object" then
      self:member(key, value, name, "field")
   end
end

--- Notes a method or field that the class does not have. Where not all are known only a near miss counts.
function Values:member(key, value, name, what)
   local of_class = value.class
   if self.extra[name] or kinds.has(of_class, name) then return true end
   local called = of_class:match "%w+$":lower()
   local hint = errors.hint(name, kinds.members(of_class))
   local complete = kinds.complete(value) and not (of_class == "difkit.Query" and what == "field")
   if complete or hint and hint:find "^did you mean" then
      self.script:report(key, ('a %s has no %s "%s"'):format(called, what, name), hint)
   end
   return false
end

-- Expressions --------------------------------------------------------------------------------------------------------

local of = {}

function of.String(_, node) return {kind = "constant", value = node[1], node = node} end
function of.Number(_, node) return {kind = "constant", value = tonumber(node[1])} end
function of.True() return {kind = "constant", value = true} end
function of.False() return {kind = "constant", value = false} end
function of.Paren(self, node) return self:of(node[1]) end

function of.Id(self, node)
   if node.var then return self:variable(node.var) end
   local live = rawget(self.environment, node[1])
   if type(live) == "table" and live ~= self.environment and not self.added[node[1]] then
      return {kind = "module", name = node[1], live = live, standard = true}
   end
end

function of.Dots(self, node)
   if node.var and node.var.line == self.script.state.top_line then return {kind = "options"} end
end

function of.Op(self, node)
   local left, right = self:of(node[2]), node[3] and self:of(node[3])
   if node[1] == "concat" and left and right and left.kind == "constant" and right.kind == "constant" then
      return {kind = "constant", value = tostring(left.value) .. tostring(right.value)}
   end
   if node[1] == "concat" then return {kind = "text"} end
   if node[1] == "or" and left and right and left.kind == "object" and left.class == right.class then
      return {kind = "object", class = left.class, more = left.more or right.more}
   end
end

function of.Index(self, node)
   local value, key = self:of(node[1]), node[2]
   if key.tag ~= "String" then
      self:of(key)
      return element(value)
   end
   if value then return self:field(node, value, key[1]) end
end

--- The module that `require` gives.
local function required(self, node, name)
   if name ~= "difkit" and not name:find "^difkit%." then return nil end
   local done, live = pcall(require, name)
   if done and name ~= "difkit.core" then
      return type(live) == "table" and {kind = "module", name = name, live = live} or {kind = "function", name = name}
   end
   if name == "difkit.core" then
      self.script:report(node, '"difkit.core" belongs to the library', "a script takes what difkit itself gives")
      return nil
   end
   local parts = {}
   for _, member in ipairs(kinds.modules()) do parts[#parts + 1] = "difkit." .. member end
   self.script:report(node, ('there is no module "%s"'):format(name), errors.hint(name, parts))
end

function of.Call(self, node)
   local callee = node[1]
   if callee.tag == "Id" and not callee.var then
      local name, first = callee[1], node[2]
      if name == "require" and first and first.tag == "String" then return required(self, first, first[1]) end
      if name == "assert" then return first and self:of(first) end
      if name == "setmetatable" then return nil end
   end
   local value = self:of(callee)
   if not value or value.standard or not value.name then return nil end
   if value.name == "difkit.options" then return {kind = "options"} end
   return calls.plain(self, node, value.name)
end

function of.Invoke(self, node)
   local receiver, name = self:of(node[1]), node[2][1]
   if not receiver then return nil end
   if receiver.kind == "text" or receiver.kind == "constant" and type(receiver.value) == "string" then
      if self.environment.string[name] == nil and not self.added["string." .. name] then
         globals.unknown(self.script, node[2], name, "string", globals.names_of(self.environment.string))
      end
      return nil
   end
   if receiver.kind ~= "object" or not self:member(node[2], receiver, name, "method") then return nil end
   return calls.method(self, node, receiver, name)
end

--- What a node is, or nil; each is looked at once. The second result says that it is just being looked at.
function Values:of(node)
   if node.known == nil then
      node.known = false
      node.pending = true
      local look = of[node.tag]
      node.known = look and look(self, node) or false
      node.pending = nil
   end
   return node.known or nil, node.pending
end

local values = {columns_of = columns_of}

--- Notes in the script what is wrong with fields, methods, columns, ids and SQL. Gives the values found, for further
--- checks.
function values.check(script, environment, db)
   local self = setmetatable({
      script = script, environment = environment, db = db, difkit = require "difkit", added = {}, extra = {}, skip = {},
   }, value_events)
   sql.prepare_names(self)
   -- What the script itself puts into a table is there.
   script:walk(function(node)
      if node.tag == "Set" then
         for _, target in ipairs(node[1]) do
            if target.tag == "Index" then
               self.skip[target] = true
               if target[2].tag == "String" then
                  if target[1].tag == "Id" then self.added[target[1][1] .. "." .. target[2][1]] = true end
                  self.extra[target[2][1]] = true
               end
            elseif not target.var then
               self.added[target[1]] = true
            end
         end
      end
      self:bind(node)
   end)
   script:walk(function(node)
      local tag = node.tag
      if not self.skip[node] and (tag == "Index" or tag == "Call" or tag == "Invoke") then self:of(node) end
   end)
   return self
end

return values
