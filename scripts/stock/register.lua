--- Registers: how much each state has in them, their records, and pairs of states as a matrix.
--- Without --table, every table that the data declare, with the number of its records by state. With it, its records:
--- laws, national plans, non-tariff measures, websites, recognitions, payment links, incidents, exercises, or tables of
--- your own (scripts/guide/REGISTERS.md). The bundled registers are empty: lay your own records over them with --with.
---@script register
---@option table text  The register, such as law or website.
---@option unit unit  Only what names this state.
---@option action action  Only what this action asks for.
---@option topic topic  Only what is on this topic.
---@option status text  Only what has this status.
---@option kind text  Only this kind: of websites, payment links, incidents; the subject of recognitions.
---@option matrix boolean  Pairs of states instead: from each (row) to each (column) the status.
---@option unchecked date  Only what was last looked at before this day, or never.
---@option fail-on choice(unchecked)  Fail when there is any of that.
---@reads declared_table, declared_column, declared_value, unit
---@writes nothing
local difkit = require "difkit"
local options = difkit.options()
local db = assert(difkit.open())
local registers = difkit.registers

if not options.table then
   local counts = registers.counts(db)
   counts.title = "Registers, and how many records of each state"
   return counts
end
if not registers.has(db, options.table) then
   local names = registers.counts(db):column "register"
   return nil, ('there is no register "%s"; have %s'):format(options.table, table.concat(names, ", ")), "usage"
end

local filter = {unit = options.unit, action = options.action, topic = options.topic, status = options.status,
   unchecked = options.unchecked}
if options.kind then filter[options.table == "recognition" and "subject" or "kind"] = options.kind end
if options.matrix then
   local matrix = registers.matrix(db, options.table, filter)
   matrix.title = ("%s: from (row) to (column)"):format(options.table)
   return matrix
end
local found = registers.records(db, options.table, filter)
if options.fail_on and #found > 0 then
   return nil, ("%d records of %s were last looked at before %s, or never"):format(#found, options.table,
      options.unchecked or "–"), "data"
end
found.title = options.table
found.note = ("%d records"):format(#found)
return found
