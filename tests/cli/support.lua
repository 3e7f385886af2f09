--- Runs the executable for the specs in this folder: its exit status, standard output and standard error.
local support = {}

support.difkit = os.getenv "DIFKIT" or "build/release/difkit"

--- A path from the root; nil where nothing is there.
function support.real(path)
   local pipe = assert(io.popen(("realpath '%s' 2>/dev/null"):format(path)))
   local found = pipe:read "l"
   pipe:close()
   return found
end

--- The executable for commands that change the folder, quoted.
support.absolute = "'" .. assert(support.real(support.difkit)) .. "'"

function support.read(path)
   local file = assert(io.open(path, "rb"))
   local text = file:read "a"
   file:close()
   return text
end

function support.write(path, text)
   local file = assert(io.open(path, "wb"))
   file:write(text)
   file:close()
end

function support.exists(path)
   local file = io.open(path, "rb")
   if file then file:close() end
   return file ~= nil
end

--- A word for the shell.
function support.quote(word)
   return "'" .. word:gsub("'", "'\\''") .. "'"
end

--- A new folder, and a function that removes it.
function support.folder()
   local pipe = assert(io.popen "mktemp -d")
   local path = pipe:read "l"
   pipe:close()
   return path, function() os.execute("rm -rf " .. support.quote(path)) end
end

--- What a shell command prints to its two outputs, and its exit status (128 + n for a signal).
function support.shell(command)
   local out, err = os.tmpname(), os.tmpname()
   local _, how, status = os.execute(("{ %s\n} >%s 2>%s"):format(command, out, err))
   local result = {
      status = how == "signal" and 128 + status or status,
      out = support.read(out),
      err = support.read(err),
   }
   os.remove(out)
   os.remove(err)
   return result
end

--- Runs a command until it, or a child of it, has worked for 0.6 seconds of processor time, or until the shell's
--- condition `ready` holds; ends it by this signal then, and waits for it and its children. A machine may be slow.
---@param command string a single command, without what a shell would add
---@param signal string such as "TERM"
---@param ready? string
function support.signalled(command, signal, ready)
   ready = ready or "awk '{ used += $14 + $15 } END { exit used < 60 }' /proc/$run/stat $(of $run)"
   return support.shell(([[
of() { for child in $(cat /proc/$1/task/$1/children); do echo /proc/$child/stat; done; }
exec 3>&2 2>/dev/null
env --default-signal %s 2>&3 & run=$!
while kill -0 $run && ! { %s; }; do sleep 0.02; done
children=$(of $run); kill -%s $run; wait $run; status=$?
for child in $children; do while [ -e $child ]; do sleep 0.02; done; done
exit $status]]):format(command, ready, signal))
end

--- PostgreSQL's client, without what the sanitizers load.
support.client = "env -u LD_PRELOAD " .. (os.getenv "PSQL" or "psql")

--- What psql gives for the SQL at that address.
function support.psql(sql, address)
   return support.shell(("%s -X -A -t -q -v ON_ERROR_STOP=1 %s -c %s"):format(support.client, support.quote(address),
      support.quote(sql)))
end

--- Runs difkit with these arguments; the last may be a table: input (text for standard input), environment.
function support.run(...)
   local words, options = {...}, {}
   if type(words[#words]) == "table" then options = table.remove(words) end
   for i, word in ipairs(words) do words[i] = support.quote(tostring(word)) end
   local input = "/dev/null"
   if options.input then
      input = os.tmpname()
      support.write(input, options.input)
   end
   local result = support.shell(("%s %s %s <%s"):format(options.environment or "", support.quote(support.difkit),
      table.concat(words, " "), input))
   if options.input then os.remove(input) end
   return result
end

--- Has LibreOffice convert a file of the folder to another format, into `into`: with a profile of its own, and without
--- what the sanitizers load into programs, under which it comes to no end.
function support.office(folder, name, format, into)
   return support.shell(("cd '%s' && env -u LD_PRELOAD HOME='%s' timeout -k 5 120 soffice --headless "
      .. "'-env:UserInstallation=file://%s/profile' --convert-to %s --outdir '%s' '%s' >/dev/null </dev/null")
      :format(folder, folder, folder, format, into or ".", name)).status == 0
end

--- The lines of a text.
function support.lines(text)
   local lines = {}
   for line in text:gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
   return lines
end

--- Asserts that a command has ended with this status, and that it says why, in these words or in others around them.
function support.fails(status, words, result)
   local assert = require "luassert"
   local said = result.err .. result.out
   assert.is_truthy(said:find(words, 1, true), ("%s\nin\n%s"):format(words, said))
   assert.are.equal(status, result.status, said)
end

return support
