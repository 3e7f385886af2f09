--- Delimited text as offices save it: any of , ; tab |, UTF-8 with and without mark, UTF-16, Windows-1252,
--- ISO-8859-1. What was
--- detected is said; what may be cut off is refused.
local core = require "difkit.core"

local delimited = {}

--- Characters 0x80 to 0x9F of Windows-1252; 0 where it has none.
local windows = {
   0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17D, 0, 0,
      0x2018,
   0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178,
}

local function from_bytes(bytes, encoding)
   return (bytes:gsub("[\x80-\xFF]", function(byte)
      local code = byte:byte()
      if encoding == "windows-1252" and code < 0xA0 then code = windows[code - 0x7F] end
      return utf8.char(code)
   end))
end

--- UTF-16 in the order of its bytes, or nil and a message.
local function from_utf16(bytes, order)
   if #bytes % 2 == 1 then return nil, "the text is cut within a character of UTF-16" end
   local out, i = {}, 1
   while i < #bytes do
      local code = string.unpack(order .. "I2", bytes, i)
      i = i + 2
      if code >= 0xD800 and code < 0xDC00 then
         if i >= #bytes then return nil, "the text is cut within a character of UTF-16" end
         code = 0x10000 + (code - 0xD800) * 0x400 + string.unpack(order .. "I2", bytes, i) - 0xDC00
         i = i + 2
      end
      out[#out + 1] = utf8.char(code)
   end
   return table.concat(out)
end

local names = {
   ["utf-8"] = "utf-8", utf8 = "utf-8", ["windows-1252"] = "windows-1252", cp1252 = "windows-1252",
   ["iso-8859-1"] = "iso-8859-1", latin1 = "iso-8859-1", ["utf-16"] = "utf-16le", ["utf-16le"] = "utf-16le",
   ["utf-16be"] = "utf-16be",
}

---The text of a file as UTF-8, and its encoding; or nil and a message.
---@param bytes string
---@param wanted? string encoding, where the bytes are not to decide
---@return string|nil text
---@return string encoding, or what is wrong
function delimited.decode(bytes, wanted)
   local encoding = wanted and names[wanted:lower()]
   if wanted and not encoding then
      return nil, ('unknown encoding "%s"; have utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1'):format(wanted)
   end
   local mark = bytes:sub(1, 3) == "\u{FEFF}" and "utf-8" or bytes:sub(1, 2) == "\xFF\xFE" and "utf-16le"
      or bytes:sub(1, 2) == "\xFE\xFF" and "utf-16be"
   encoding = encoding or mark
   if encoding == "utf-16le" or encoding == "utf-16be" then
      local text, message = from_utf16(mark and bytes:sub(3) or bytes, encoding == "utf-16le" and "<" or ">")
      return text, message or encoding
   end
   if mark == "utf-8" then bytes = bytes:sub(4) end
   if bytes:find("\0", 1, true) then return nil, "it holds zero bytes: this is no text" end
   local valid, at = core.valid_utf8(bytes)
   if valid then return bytes, "utf-8" end
   if encoding == "utf-8" then return nil, ("byte %d is not valid UTF-8"):format(at) end
   -- A multi-byte character without its end, the last of the file, speaks for a cut rather than for another encoding.
   if at > #bytes - 4 and bytes:sub(at):find "^[\xC2-\xF4][\x80-\xBF]*$" and bytes:sub(1,
      at - 1):find "[\x80-\xFF]" then
      return nil, "the file is cut within a character at its end"
   end
   encoding = encoding or (bytes:find "[\x81\x8D\x8F\x90\x9D]" and "iso-8859-1" or "windows-1252")
   return from_bytes(bytes, encoding), encoding
end

--- The records of a text: each a list of cells with `n` and `line`; or nil and a message with the line. At most `most`.
local function records(text, separator, most)
   local list, position, line, size = {}, 1, 1, #text
   local stop_pattern = "[" .. (separator == "|" and "|" or separator) .. "\r\n]"
   while position <= size and #list < most do
      local row, n = {line = line}, 0
      while true do
         local cell
         if text:byte(position) == 34 then
            local from, parts = position + 1, nil
            while true do
               local stop = text:find('"', from, true)
               if not stop then return nil,
                  ("line %d: a cell in quotes has no end; the file may be cut"):format(line) end
               local part = text:sub(from, stop - 1)
               from = stop + 1
               if text:byte(from) ~= 34 then
                  cell = parts and parts .. part or part
                  break
               end
               parts = (parts or "") .. part .. '"'
               from = from + 1
            end
            position = from
            local _, passed = cell:gsub("\n", "")
            line = line + passed
            local stop = text:find(stop_pattern, position) or size + 1
            if stop > position then
               if text:sub(position, stop - 1):find "%S" then
                  return nil, ("line %d: text after the closing quote of a cell"):format(line)
               end
               position = stop
            end
         else
            local stop = text:find(stop_pattern, position) or size + 1
            cell = text:sub(position, stop - 1)
            position = stop
         end
         n = n + 1
         row[n] = cell
         local byte = text:byte(position)
         if byte == separator:byte() then
            position = position + 1
         else
            position = position + (byte == 13 and text:byte(position + 1) == 10 and 2 or 1)
            break
         end
      end
      row.n = n
      list[#list + 1] = row
      line = line + 1
   end
   return list
end

--- The separator that gives the most even records: the share that has the usual width, then the width.
local function detect(text)
   local head = text:sub(1, 65536)
   local best, share, width = nil, 0, 1
   for _, separator in ipairs {",", ";", "\t", "|"} do
      local list = head:find(separator, 1, true) and records(head, separator, 50)
      if list then
         local count, filled, most, usual = {}, 0, 0, 1
         for _, row in ipairs(list) do
            if row.n > 1 or row[1] ~= "" then
               filled = filled + 1
               count[row.n] = (count[row.n] or 0) + 1
            end
         end
         for n, times in pairs(count) do
            if n > 1 and (times > most or times == most and n > usual) then most, usual = times, n end
         end
         local part = filled > 0 and most / filled or 0
         if part > share + 0.1 or part > share - 0.1 and usual > width then best, share, width = separator, part,
            usual end
      end
   end
   return best
end

---The records of a text. `options`: `separator`, `comment`.
---@param text string
---@param options {separator?: string, comment?: string}
---@return table|nil rows
---@return string message the separator, or what is wrong
function delimited.rows(text, options)
   local separator, first = options.separator, text:match "^sep=([^\r\n])\r?\n"
   local skipped = 0
   if first then
      separator = separator or first
      text = text:gsub("^[^\n]*\n", "")
      skipped = 1
   end
   if separator == "tab" then separator = "\t" end
   separator = separator or detect(text)
   if not separator then separator = "," end
   local list, message = records(text, separator, math.huge)
   if not list then return nil, message end
   local kept = {}
   for _, row in ipairs(list) do
      row.line = row.line + skipped
      if not (options.comment and row[1]:sub(1, #options.comment) == options.comment) then kept[#kept + 1] = row end
   end
   return kept, separator
end

return delimited
