--- What a job that runs again and again keeps of its own files. It lists what it has written, run by run, in an index
--- of its own beside them; only what stands there is ever removed, never what a name looks like, and of that nothing
--- that a later run has written as well, or that is not as the job wrote it.
local core = require "difkit.core"
local json = require "difkit.format.json"

local kept = {}

---@class difkit.Kept
---@field path string of the index, below --out
---@field runs {job: string, date: string, files: {name: string, sha256: string}[]}[] oldest first

---The index of that name below --out; one that is not there is empty. Or nil, message, code.
---@param name string
---@return difkit.Kept|nil
---@return string|nil message
---@return string|nil code
function kept.open(name)
   local path = require "difkit.writable"(name)
   local text = path and core.read_file(path)
   local found = text and json.decode(text)
   if text and not (type(found) == "table" and type(found.runs) == "table") then
      return nil, ("%s, the list of what this job has written, cannot be read; restore it, or remove it and what it "
         .. "lists"):format(path), "io"
   end
   local runs = {}
   for _, run in ipairs(found and found.runs or {}) do
      if type(run) == "table" and type(run.job) == "string" and type(run.date) == "string"
         and type(run.files) == "table" then
         runs[#runs + 1] = run
      end
   end
   return {name = name, path = path, runs = runs}
end

--- The digest of a file below --out, or nil.
local function digest_of(name) return (core.read_digest(require "difkit.writable"(name))) end

local function save(index)
   table.sort(index.runs, function(a, b)
      if a.date ~= b.date then return a.date < b.date end
      return a.job < b.job
   end)
   local runs = {}
   for i, run in ipairs(index.runs) do
      runs[i] = {job = run.job, date = run.date, files = json.array(run.files)}
   end
   return core.write_file(index.name, json.encode({runs = json.array(runs)}, {indent = 2}) .. "\n")
end

--- What the run has written so far, by the names below --out.
local function written()
   local folder, names, seen = require "difkit.writable"(), {}, {}
   for _, file in ipairs(core.files_written()) do
      local name = file.path:sub(1, #folder + 1) == folder .. "/" and file.path:sub(#folder + 2) or file.name
      if name and not seen[name] then names[#names + 1] = name end
      if name then seen[name] = true end
   end
   return names
end

--- The runs of the job that are more than it keeps, oldest first, and all others. The run of this date stays.
local function split(index, job, date, keep)
   local own, rest = {}, {}
   for _, run in ipairs(index.runs) do
      if run.job == job and run.date ~= date then own[#own + 1] = run else rest[#rest + 1] = run end
   end
   table.sort(own, function(a, b) return a.date < b.date end)
   local over = {}
   while #own > keep - 1 do over[#over + 1] = table.remove(own, 1) end
   table.move(own, 1, #own, #rest + 1, rest)
   return over, rest
end

---Notes what the run of a job has written, and removes what its runs before the last `keep` have left. Gives the names
---of what was removed, and of what stayed because it is not as the job wrote it; or nil, message, code.
---@param index difkit.Kept
---@param job string what tells this job from others that write into the same folder
---@param date string
---@param keep? integer nil: all
---@return string[]|nil removed
---@return string[]|string stayed
---@return string|nil code
function kept.close(index, job, date, keep)
   local run = {job = job, date = date, files = {}}
   for i, name in ipairs(written()) do run.files[i] = {name = name, sha256 = digest_of(name) or ""} end
   local others = {}
   for _, one in ipairs(index.runs) do
      if one.job ~= job or one.date ~= date then others[#others + 1] = one end
   end
   others[#others + 1] = run
   index.runs = others
   local done, message, code = save(index)
   if not done then return nil, message, code end
   local over, rest = split(index, job, date, keep or math.huge)
   if #over == 0 then return {}, {} end
   local used, removed, stayed = {}, {}, {}
   for _, one in ipairs(rest) do
      for _, file in ipairs(one.files) do used[file.name] = true end
   end
   for _, one in ipairs(over) do
      for _, file in ipairs(one.files) do
         local now = not used[file.name] and digest_of(file.name)
         if now == file.sha256 then
            local gone, problem, kind = core.remove_file(file.name)
            if gone == nil then return nil, problem, kind end
            removed[#removed + 1] = file.name
            used[file.name] = true
         elseif now then
            stayed[#stayed + 1] = file.name
         end
      end
   end
   index.runs = rest
   done, message, code = save(index)
   if not done then return nil, message, code end
   return removed, stayed
end

return kept
