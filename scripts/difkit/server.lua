-- luacheck: no max line length (texts in SQL stand whole)
--- What `difkit doctor` says of a database on a server: version, role, encryption, sizes, where tables stand, and what
--- is missing.
local server = {}

--- 1234567 -> "1.2 MB"
local function size(bytes)
   local units, at = {"bytes", "kB", "MB", "GB", "TB"}, 1
   while bytes >= 1024 and at < #units do bytes, at = bytes / 1024, at + 1 end
   return (at == 1 and "%d %s" or "%.1f %s"):format(bytes, units[at])
end

--- A number with its thousands apart.
local function count(n)
   local text = ("%d"):format(n)
   repeat
      local again, times = text:gsub("^(-?%d+)(%d%d%d)", "%1,%2")
      text = again
   until times == 0
   return text
end

local function session(db, add)
   local row = db:query([[SELECT current_setting('server_version') AS version, current_user AS role, r.rolsuper AS super,
      s.ssl AS encrypted, s.version AS protocol, s.cipher AS cipher, has_schema_privilege(current_schema(), 'CREATE') AS owns,
      current_schema() AS name FROM pg_roles AS r, pg_stat_ssl AS s
      WHERE r.rolname = current_user AND s.pid = pg_backend_pid()]]):one()
   add("server", "ok", ("PostgreSQL %s, schema %s"):format(row.version:match "^%S+", row.name))
   add("connection", "ok", row.encrypted == 1 and ("encrypted: %s, %s"):format(row.protocol, row.cipher)
      or "not encrypted: this machine alone, or sslmode=disable")
   local writes = db:query([[SELECT count(*) AS n FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
      WHERE s.nspname = current_schema() AND c.relkind IN ('r', 'p')
      AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE')]]):value()
   local what = row.super == 1 and "a superuser: scripts are refused it" or (row.owns == 1 or writes > 0)
      and ("%s: may change the data"):format(row.role) or ("%s: may only read"):format(row.role)
   add("role", row.super == 1 and "lacking" or "ok", what,
      (row.super == 1 or row.owns == 1 or writes > 0) and "scripts are safest with a role that may only SELECT" or nil)
end

--- Rows as the server estimates them, and bytes with indexes.
local function sizes(db, add)
   local all, shown = 0, {}
   for row in db:query [[SELECT c.relname AS name, greatest(c.reltuples, 0)::bigint AS rows,
      pg_total_relation_size(c.oid) AS bytes FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
      WHERE s.nspname = current_schema() AND c.relkind IN ('r', 'p', 'm') ORDER BY 3 DESC, 1]] do
      all = all + row.bytes
      if #shown < 3 then
         shown[#shown + 1] = ("%s %s (about %s rows)"):format(row.name, size(row.bytes), count(row.rows))
      end
   end
   add("size", "ok", ("%s in all; %s"):format(size(all), table.concat(shown, ", ")))
end

--- Nodes of a Citus cluster: what stands where, and whether each answers. The catalogue calls nodes active that do not.
local function nodes(db, add)
   local tables = {}
   for row in db:query [[SELECT c.relname AS name, column_to_column_name(p.logicalrelid, p.partkey) AS by,
      (SELECT count(*) FROM pg_dist_shard AS s WHERE s.logicalrelid = p.logicalrelid) AS shards
      FROM pg_dist_partition AS p JOIN pg_class AS c ON c.oid = p.logicalrelid
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE p.partmethod = 'h' AND n.nspname = current_schema() ORDER BY 1]] do
      local known, bytes = pcall(function()
         return db:query("SELECT citus_total_relation_size(CAST(? AS regclass))", row.name):value()
      end)
      tables[#tables + 1] = ("%s by %s (%d shards, %s)"):format(row.name, row.by, row.shards, known and size(bytes)
         or "of unknown size")
   end
   add("placement", #tables > 0 and "ok" or "lacking", #tables > 0 and table.concat(tables, ", ") or "nothing is distributed",
      #tables == 0 and "`difkit load … --distribute` or `difkit copy` distributes observations and answers" or nil)
   for row in db:query [[SELECT nodename AS host, nodeport AS port, groupid AS number FROM pg_dist_node ORDER BY 3]] do
      local done, answers = pcall(function()
         return db:query("SELECT citus_check_connection_to_node(?, CAST(? AS INTEGER))", row.host, row.port):value()
      end)
      local name = ("%s:%d"):format(row.host, row.port)
      add("node", done and answers == 1 and "ok" or "wrong", done and answers == 1 and name .. " answers"
         or done and name .. " does not answer" or ("%s: %s"):format(name, answers.message or answers),
         done and answers ~= 1 and "start it: nothing else has to be done" or nil)
   end
end

--- Partitions on other servers.
local function partitions(db, add)
   local shown = {}
   for row in db:query [[SELECT p.relname AS parent, c.relname AS name, s.srvname AS place FROM pg_inherits AS i
      JOIN pg_class AS p ON p.oid = i.inhparent JOIN pg_class AS c ON c.oid = i.inhrelid
      JOIN pg_namespace AS n ON n.oid = p.relnamespace
      LEFT JOIN pg_foreign_table AS f ON f.ftrelid = c.oid LEFT JOIN pg_foreign_server AS s ON s.oid = f.ftserver
      WHERE n.nspname = current_schema() AND p.relkind = 'p' ORDER BY 1, 2]] do
      shown[#shown + 1] = ("%s of %s %s"):format(row.name, row.parent, row.place and "on " .. row.place or "here")
   end
   if #shown > 0 then add("placement", "ok", table.concat(shown, ", ")) end
end

--- Keys and indexes that the model has and the schema has not: what a table lost makes queries slow, not wrong.
local function missing(db, add)
   local lost = {}
   for row in db:query [[SELECT c.relname AS name FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
      WHERE s.nspname = current_schema() AND c.relkind = 'r' AND NOT EXISTS
      (SELECT 1 FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisunique) ORDER BY 1]] do lost[#lost + 1] = row.name end
   if #lost > 0 then
      add("keys", "lacking", "no key on " .. table.concat(lost, ", "), "load or copy the data anew")
   end
   local stale = db:query([[SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS s ON s.oid = c.relnamespace
      WHERE s.nspname = current_schema() AND c.relkind = 'r' AND c.reltuples < 0]]):value()
   if stale > 0 then add("statistics", "lacking", ("%d tables were never analysed"):format(stale), "ANALYZE, as their owner") end
end

---Adds what there is to say: `add(what, state, detail, advice)`.
---@param db difkit.Database
---@param add fun(what: string, state: string, detail: string, advice?: string)
function server.look(db, add)
   session(db, add)
   sizes(db, add)
   if db:query("SELECT count(*) FROM pg_extension WHERE extname = 'citus'"):value() > 0 then nodes(db, add) end
   partitions(db, add)
   missing(db, add)
end

return server
