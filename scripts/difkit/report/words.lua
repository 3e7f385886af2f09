--- The words that a page has of itself, beside those of its author: English, or those of a file that an office has
--- filled in for its language and signed. A file that nobody has signed is refused: words that stand on every page of a
--- ministry are not ours to guess.
local errors = require "difkit.error"

local words = {}

--- Every word: its key, and its English; "%s" stands for what is put in, in this order.
words.english = {
   {"contents", "Contents"}, {"notes", "Notes"}, {"back", "back to the text"}, {"no_rows", "No rows."},
   {"no_value", "no value"}, {"source", "Source: %s"}, {"table", "Table %s"}, {"chart", "Chart %s"},
   {"values", "The values in words"}, {"as_of", "As of %s."}, {"data", "Data: %s."}, {"version", "version %s"},
   {"digest", "digest %s"}, {"made", "Made with difkit %s on %s."}, {"filter", "Filter"},
   {"rows", "%s of %s rows"}, {"sideways", "There is more to the side."}, {"others", "Show the other %s"},
   {"why", "Where a figure comes from: %s; whether the page still holds: %s."},
}

local keys, default = {}, {}
for i, pair in ipairs(words.english) do keys[i], default[pair[1]] = pair[1], pair[2] end

--- How often something is put in.
local function slots(text) return select(2, text:gsub("%%s", "")) end

--- A file as it is begun: every word with its English beside it, to be filled in and signed.
function words.template(language)
   local out = {"# The words of difkit's pages in one language. Fill in each; %s stands for what is put in, and has to",
      "# stay, in this order. A file without reviewed_by and reviewed_on is not used.", "language: " .. language,
      "reviewed_by:      # name and office", "reviewed_on:      # a date, 2026-03-31", "words:"}
   for _, pair in ipairs(words.english) do out[#out + 1] = ("  %s:      # %s"):format(pair[1], pair[2]) end
   return table.concat(out, "\n") .. "\n"
end

local function refuse(path, what, hint) errors.raise(("%s: %s"):format(path, what), hint) end

--- Reads a file of words for a page in `language`.
function words.read(path, language)
   local data, message = require("difkit.format.yaml").read(path)
   if data == nil then errors.raise(message) end
   if type(data) ~= "table" or type(data.words) ~= "table" then
      refuse(path, "no table of words", "`difkit new words LANGUAGE` begins one")
   end
   if data.language ~= language then
      refuse(path, ('words of the language "%s", on a page in %s'):format(tostring(data.language), language),
         "give the page that language")
   end
   for _, name in ipairs {"reviewed_by", "reviewed_on"} do
      if type(data[name]) ~= "string" or not data[name]:find "%S" then
         refuse(path, ("not reviewed: %s is empty"):format(name),
            "who knows the language reads the words, and signs with name and date")
      end
   end
   local out = {}
   for key, value in require "difkit.sorted"(data.words) do
      if not default[key] then refuse(path, ('unknown word "%s"'):format(tostring(key)), errors.hint(key, keys)) end
      if type(value) == "string" and value:find "%S" then
         if slots(value) ~= slots(default[key]) then
            refuse(path, ('the word "%s" needs %%s %d times, as in "%s"'):format(key, slots(default[key]),
               default[key]))
         end
         out[key] = value
      end
   end
   for _, key in ipairs(keys) do
      if not out[key] then refuse(path, ('the word "%s" is missing'):format(key), default[key]) end
   end
   return out
end

--- A word with what is put into it.
function words.say(own, key, ...)
   local values, i = {...}, 0
   return ((own and own[key] or default[key]):gsub("%%s", function()
      i = i + 1
      return tostring(values[i])
   end))
end

return words
