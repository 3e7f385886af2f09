--- Runs specs without processes, for the engine: what busted needs of the system is not there, what it says is.
---   node tests/wasm/difkit.mjs run --trust tests/wasm/specs.lua tests/spec/date_spec.lua …
--- describe, it, pending, setup, teardown, before_each, after_each, finally; assertions by luassert.
---@argument spec path...  The specs.

-- The files themselves stand with those of Lua 5.1; the engine does not follow links of the machine's folders.
package.path = "/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua;" .. package.path
local luassert = require "luassert"

local names, finalizers, befores, afters = {}, {}, {}, {}
local counts = {passed = 0, failed = 0, pending = 0}

--- What cannot be in the engine: beginnings of names, with the cause.
local absent = {
   ["tests/spec/report/docx_spec.lua"] = "a page draws the charts in documents; under node there is no canvas",
}

--- What pending() raises, to leave a test.
local skipped = {}

local function message(value)
   if type(value) == "table" then return tostring(value.message or value) end
   return tostring(value)
end

local function report(what, name, value)
   local whole = table.concat(names, " ") .. " " .. name
   for beginning, cause in pairs(absent) do
      if what == "failed" and whole:sub(1, #beginning) == beginning then
         print(("absent %s: %s"):format(whole, cause))
         what = "pending"
      end
   end
   counts[what] = counts[what] + 1
   if what == "failed" then print(("FAILED %s: %s"):format(whole, message(value))) end
end

--- A text that was raised, with the way to it; anything else as it is.
local function traced(raised) return type(raised) == "string" and debug.traceback(raised) or raised end

local function each(list)
   for _, run in ipairs(list) do run() end
end

local environment = {assert = luassert, stub = require "luassert.stub", spy = require "luassert.spy",
   mock = require "luassert.mock", match = require "luassert.match"}

function environment.describe(name, body)
   local before, after, teardown = #befores, #afters, environment.teardowns
   names[#names + 1] = name
   environment.teardowns = {}
   local done, value = xpcall(body, traced)
   if not done then report(value == skipped and "pending" or "failed", "(describe)", value) end
   each(environment.teardowns)
   environment.teardowns = teardown
   for i = #befores, before + 1, -1 do befores[i] = nil end
   for i = #afters, after + 1, -1 do afters[i] = nil end
   names[#names] = nil
end

function environment.it(name, body)
   finalizers = {}
   local done, value = xpcall(function()
      each(befores)
      body()
   end, traced)
   each(finalizers)
   each(afters)
   report(value == skipped and "pending" or done and "passed" or "failed", name, value)
end

function environment.pending() error(skipped, 0) end
function environment.finally(run) finalizers[#finalizers + 1] = run end
function environment.before_each(run) befores[#befores + 1] = run end
function environment.after_each(run) table.insert(afters, 1, run) end
function environment.setup(run) run() end
function environment.teardown(run) table.insert(environment.teardowns, 1, run) end
environment.teardowns = {}
environment.lazy_setup, environment.lazy_teardown = environment.setup, environment.teardown
setmetatable(environment, {__index = _G})

for _, path in ipairs(require("difkit").options().spec) do
   local file = assert(io.open(path, "rb"))
   local chunk = assert(load(file:read "a", "@" .. path, "t", environment))
   file:close()
   names[1] = path
   local done, value = xpcall(chunk, traced)
   if not done then report(value == skipped and "pending" or "failed", "(file)", value) end
   each(environment.teardowns)
   environment.teardowns = {}
end
print(("%d passed, %d failed, %d pending"):format(counts.passed, counts.failed, counts.pending))
if counts.failed > 0 then os.exit(1) end
