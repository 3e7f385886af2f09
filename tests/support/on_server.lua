--- A helper of busted: the specs of the library with all their data on the server of DIFKIT_SERVER
--- (tests/support/server). What a spec opens, the bundled data or YAML of its own, is loaded into a schema there, and
--- opened from it; the spec and the library do not know.
local core = require "difkit.core"

local server = assert(os.getenv "DIFKIT_SERVER", "DIFKIT_SERVER: the address of the server")
local difkit = os.getenv "DIFKIT" or "build/release/difkit"
local load_here, bundled_here = core.load, core.open_bundled
local number, bundled = 0, nil

local function quote(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

--- Loads paths into a schema of their own; its address, or nil when they cannot be loaded.
local function load_there(paths)
   number = number + 1
   local address = ("%s?schema=spec%d"):format(server, number)
   local words = {}
   for i, path in ipairs(paths) do
      if path:sub(1, 1) == "@" and path ~= "@bundled" then return nil end
      words[i] = quote(path == "@bundled" and "data/asean-dif" or path)
   end
   local done = os.execute(("%s load %s -o %s >/dev/null 2>&1"):format(quote(difkit), table.concat(words, " "),
      quote(address)))
   return done and address or nil
end

function core.load(paths, write)
   local address = load_there(paths)
   if not address then return load_here(paths, write) end -- which says what is wrong
   return core.open_file(address, write)
end

function core.open_bundled(write)
   if write then return core.open_file(assert(load_there {"@bundled"}), true) end
   bundled = bundled or assert(load_there {"@bundled"}, "the bundled data were not loaded")
   return core.open_file(bundled, false)
end

core.bundled_here = bundled_here
