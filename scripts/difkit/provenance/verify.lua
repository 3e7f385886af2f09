--- Whether a published page still holds: made again, and compared part by part, cell by cell.
local published = require "difkit.provenance.published"

local verify = {}

--- What stands at the beginning of both is left out of the quotation of two texts that differ.
local function apart(old, new)
   local same = 0
   while same < math.min(#old, #new) and old:byte(same + 1) == new:byte(same + 1) do same = same + 1 end
   while same > 0 and (old:byte(same + 1) or 0) & 0xC0 == 0x80 do same = same - 1 end
   local begin = math.max(1, (utf8.offset(old, -20, same + 1) or 1))
   local function cut(text)
      local words = text:sub(begin, begin + 100):gsub("[\128-\255]+$", "")
      return (begin > 1 and "…" or "") .. words .. (#text > begin + 100 and "…" or "")
   end
   return cut(old), cut(new)
end

--- Rows by key; those with the same key by their turn.
local function by_key(rows)
   local index, order, turns = {}, {}, {}
   for i, row in ipairs(rows) do
      local key = published.row_name(row, i)
      turns[key] = (turns[key] or 0) + 1
      local full = turns[key] > 1 and ("%s (%d)"):format(key, turns[key]) or key
      index[full], order[#order + 1] = row, full
   end
   return index, order
end

--- Whether a text shows the number, rounded to the digits that it has.
local function shows(text, value)
   local plain = text:gsub("−", "-"):gsub("\u{A0}", "")
   local fraction, power = plain:match "^%-?%d+%.?(%d*)e?(%-?%d*)$"
   local shown = fraction and tonumber(plain)
   if not shown then return false end
   return math.abs(shown - value) <= 0.5000001 * 10.0 ^ ((tonumber(power) or 0) - #fraction)
end

--- Whether two cells show the same. A workbook keeps 16 digits of a number; another version of difkit may have shown
--- fewer or more digits of the same value.
local function same(was, is)
   local a, b = tonumber(was.value), tonumber(is.value)
   if a and b and ("%.15g"):format(a) == ("%.15g"):format(b) then
      return was.shown == is.shown or shows(was.shown, a)
   end
   return was.shown == is.shown and was.value == is.value
end

local function compare_tables(old, new, add)
   if table.concat(old.columns, "\0") ~= table.concat(new.columns, "\0") then
      return add(old.id, "columns " .. table.concat(old.columns, ", "), "columns " .. table.concat(new.columns, ", "))
   end
   local before, order = by_key(old.rows)
   local now, now_order = by_key(new.rows)
   for _, key in ipairs(order) do
      if not now[key] then
         add(old.id .. "/" .. key, "a row", "none")
      else
         for j, name in ipairs(old.columns) do
            local was, is = before[key].cells[j] or {shown = ""}, now[key].cells[j] or {shown = ""}
            if not same(was, is) then
               local said, found = was.shown, is.shown
               if said == found then said, found = was.value or "nothing", is.value or "nothing" end
               add(("%s/%s/%s"):format(old.id, key, name), said, found)
            end
         end
      end
   end
   for _, key in ipairs(now_order) do
      if not before[key] then add(old.id .. "/" .. key, "no row", "one") end
   end
   if #order == #now_order and table.concat(order, "\0") ~= table.concat(now_order, "\0") then
      for i, key in ipairs(order) do
         if before[key] and now[key] and now_order[i] ~= key then
            return add(old.id, "rows in the order " .. key .. " …", "row " .. i .. " is " .. now_order[i])
         end
      end
   end
end

--- The differences between the parts of two pages: a list of {place, said, found}, and how many figures were compared.
--- `untitled`: the file has no place for the title of a table (a sheet, rows of CSV).
function verify.compare(old, new, untitled)
   local list, compared, found = {}, 0, {}
   local function add(place, said, is) list[#list + 1] = {place = place, said = said, found = is} end
   for _, part in ipairs(new) do found[part.id] = part end
   for _, part in ipairs(old) do
      local again = found[part.id]
      found[part.id] = nil
      if not again then
         add(part.id, "a " .. part.kind, "none")
      elseif part.kind == "table" then
         for _, row in ipairs(part.rows) do compared = compared + #row.cells end
         if not untitled and part.title ~= again.title then
            add(part.id, part.title or "no title", again.title or "no title")
         end
         compare_tables(part, again, add)
      elseif part.kind == "figure" then
         compared = compared + 1
         if part.title ~= again.title then add(part.id, part.title, again.title)
         elseif part.cell.shown ~= again.cell.shown then
            add(("%s (%s)"):format(part.id, part.title), part.cell.shown, again.cell.shown)
         end
      elseif part.kind == "chart" then
         compared = compared + 1
         if part.shown ~= again.shown then add(part.id, "a picture", "another picture") end
      else
         compared = compared + 1
         if part.shown ~= again.shown then add(part.id, apart(part.shown, again.shown)) end
      end
   end
   for _, part in ipairs(new) do
      if found[part.id] then add(part.id, "nothing", "a " .. part.kind) end
   end
   return list, compared
end

--- What `rerun.run` gave, judged: {holds, same_data, same_bytes, compared, differences, files}; `files` are those that
--- the script had read and that are others now.
function verify.judge(again)
   local file, record = again.file, again.file.record
   local differences, compared = verify.compare(file.parts, again.parts, file.kind ~= "page")
   local same_bytes = file.text ~= nil and file.text == again.page.text
   local same_data = record and record.data and record.data == again.digest
   -- The script of a file is what its file says; that of a stock script is known.
   local core = require "difkit.core"
   if record and record.stock and record.difkit == core.version and again.script.text == record.text
      and core.library_text(("stock/%s.lua"):format(record.script)) ~= record.text then
      differences[#differences + 1] = {place = "the script", said = "the stock script " .. record.script,
         found = "another text than that of difkit " .. core.version}
   end
   -- What no part shows: a page that was edited beside its parts, or its script.
   if #differences == 0 and file.kind == "page" and not same_bytes and same_data
      and record.difkit == core.version then
      local function rest(text) return (text:gsub('<script type="application/json".-</script>', "")) end
      local said, found = rest(file.text), rest(again.page.text)
      if said ~= found then
         said, found = apart(said, found)
         differences[1] = {place = "the page", said = said, found = found}
      end
   end
   local others = {}
   for _, one in ipairs(again.files) do
      if one.now ~= one.sha256 then others[#others + 1] = {name = one.name, was = one.sha256, now = one.now} end
   end
   return {holds = #differences == 0, files = others, same_data = same_data, same_bytes = same_bytes,
      compared = compared, differences = differences}
end

--- The judgement in lines for people.
function verify.text(again, judgement, limit)
   local file, record, lines = again.file, again.file.record, {}
   local function say(...) lines[#lines + 1] = (...):format(select(2, ...)) end
   for i, difference in ipairs(judgement.differences) do
      if limit and i > limit then
         say("… and %d more", #judgement.differences - limit)
         break
      end
      say("%s: the file says %s; made again it is %s", difference.place, difference.said == "" and "nothing"
         or difference.said, difference.found == "" and "nothing" or difference.found)
   end
   for _, one in ipairs(judgement.files) do
      say("the file %s is another now: SHA-256 %s, was %s", one.name, (one.now or "unknown"):sub(1, 16),
         one.was:sub(1, 16))
   end
   local made = ("made by %s"):format(again.script.name) .. (record and record.date and " for " .. record.date or "")
   say("%s %s: %d cells, figures and texts made again, %s (%s; %s)", file.path,
      judgement.holds and "holds" or "does not hold", judgement.compared,
      judgement.holds and "none differs" or ("%d difference%s"):format(#judgement.differences,
         #judgement.differences == 1 and "" or "s"), made,
      judgement.same_data and "same data" or record and record.data and "the data are others now: digest " ..
         again.digest:sub(1, 16) .. ", were " .. record.data:sub(1, 16) or "it does not say which data")
   return table.concat(lines, "\n")
end

return verify
