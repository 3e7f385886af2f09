--- Registers: tables that the data declare for themselves (REGISTERS.md), by state, as records, as a matrix of pairs.
local core = require "difkit.core"
local errors = require "difkit.error"
local sql = require "difkit.sql"
local tables = require "difkit.table"

---Registers: tables that the data declare for themselves.
---@class difkit.registers
local registers = {}

--- The declared tables of a database: {name, help, fields, columns = {name -> field}, units = columns that name units,
--- by = {reference -> column}}.
local function declared(db)
   local list, by_name = {}, {}
   for _, entity in ipairs(core.schema(db)) do
      if entity.declared then
         local register = {name = entity.name, help = entity.help, fields = entity.fields, units = {}, by = {},
            columns = {}}
         for _, field in ipairs(entity.fields) do
            register.columns[field.name] = field
            if field.reference then register.by[field.reference] = register.by[field.reference] or field.name end
            if field.reference == "unit" then register.units[#register.units + 1] = field.name end
         end
         list[#list + 1], by_name[entity.name] = register, register
      end
   end
   return list, by_name
end

--- The register of that name, or a mistake that names those that there are.
local function find(db, call, name)
   local list, by_name = declared(db)
   if by_name[name] then return by_name[name] end
   local names = {}
   for i, register in ipairs(list) do names[i] = register.name end
   if #names == 0 then
      errors.raise(("%s: the data declare no tables"):format(call), "scripts/guide/REGISTERS.md says how they do")
   end
   errors.raise(('%s: there is no register "%s"'):format(call, tostring(name)), errors.hint(tostring(name), names))
end

---How many records each register holds, and of which units: a row a register, a column a unit. A record that names
---two units, as from and to, counts for the first.
---
---```lua
---print(difkit.registers.counts(db):column("register")[3]) --> law
---```
---@param db difkit.Database
---@return difkit.Table
function registers.counts(db)
   local units = db:units():list "id"
   local columns, rows = {"register", "records"}, {}
   for _, unit in ipairs(units) do columns[#columns + 1] = unit end
   columns[#columns + 1] = "holds"
   for _, register in ipairs(declared(db)) do
      local row = {register.name, db:from(register.name):count()}
      local by = {}
      if register.units[1] then
         for found in db:from(register.name):group(register.units[1]):count "n":rows() do by[found[1]] = found[2] end
      end
      for i, unit in ipairs(units) do row[2 + i] = by[unit] end
      row[#columns] = register.help
      rows[#rows + 1] = row
   end
   return tables(columns, rows)
end

---The records of a register. `unit` keeps those that name it in any column; `action` and `topic` those of it;
---`unchecked` (a day) those last looked at before it, or never; any other name is a column and what it has to be.
---
---```lua
---print(#difkit.registers.records(db, "law", {unit = "LAO", status = "in_force"})) --> 0
---```
---@param db difkit.Database
---@param name string the register, such as "law"
---@param filter? table<string, any>
---@return difkit.Table
function registers.records(db, name, filter)
   local register = find(db, "registers.records", name)
   local query = db:from(name)
   for key, value in require("difkit.sorted")(filter or {}) do
      if key == "unit" then
         local parts, values = {}, {}
         for i, column in ipairs(register.units) do parts[i], values[i] = sql.quote(column) .. " = ?", value end
         if #parts == 0 then errors.raise(('registers.records: "%s" names no units'):format(name)) end
         query = query:where(sql("(" .. table.concat(parts, " OR ") .. ")", table.unpack(values)))
      elseif key == "unchecked" then
         if not register.columns.last_check then
            errors.raise(('registers.records: "%s" has no column last_check'):format(name))
         end
         query = query:where(sql("(last_check IS NULL OR last_check < ?)", value))
      else
         local column = register.columns[key] and key or register.by[key]
         if not column then
            local names = {}
            for i, field in ipairs(register.fields) do names[i] = field.name end
            errors.raise(('registers.records: "%s" has no column "%s"'):format(name, tostring(key)),
               errors.hint(key, names))
         end
         query = query:where{[column] = value}
      end
   end
   local order = {}
   for _, field in ipairs(register.fields) do
      if field.primary then order[#order + 1] = field.name end
   end
   return query:order(table.unpack(order)):table():drop "origin"
end

---Pairs of units as a matrix: from each (row) to each (column) what the register says in `value`, by default the
---status; several records of a pair stand behind one another. `filter` is that of `registers.records`.
---
---```lua
---print(#difkit.registers.matrix(db, "payment_link", {kind = "qr"})) --> 11
---```
---@param db difkit.Database
---@param name string a register with two columns of units
---@param filter? table<string, any>
---@param value? string the column that the cells show; default: status
---@return difkit.Table
function registers.matrix(db, name, filter, value)
   local register = find(db, "registers.matrix", name)
   value = value or "status"
   if #register.units < 2 then errors.raise(('registers.matrix: "%s" has no pairs of units'):format(name)) end
   if not register.columns[value] then
      errors.raise(('registers.matrix: "%s" has no column "%s"'):format(name, tostring(value)))
   end
   local cells = {}
   for row in registers.records(db, name, filter):rows() do
      local from, to = row[register.units[1]], row[register.units[2]]
      cells[from] = cells[from] or {}
      local known, said = cells[from][to], row[value] ~= nil and tostring(row[value]):gsub("_", " ") or "yes"
      cells[from][to] = known and known .. "; " .. said or said
   end
   local units = db:units():list "id"
   local rows = {}
   for i, from in ipairs(units) do
      rows[i] = {from}
      for j, to in ipairs(units) do rows[i][1 + j] = from ~= to and (cells[from] or {})[to] or nil end
   end
   return tables({"from", table.unpack(units)}, rows)
end

--- Whether the data declare a table of this name.
function registers.has(db, name)
   local _, by_name = declared(db)
   return by_name[name] ~= nil
end

return registers
