--- Makes names.tsv of the names and codes of countries; run by the build (see README.md).
--- Arguments: own.tsv, the folder of iso-codes, that of its translations, that of CLDR, the file to write.
--- `fold` comes from the program that runs this: text -> key, words in order (nil for a single word).
local own, iso, locale, cldr, output = table.unpack(arg)

--- The members' languages, and those of the offices and databases whose files come in.
local languages = {
   "en", "ar", "de", "es", "fil", "fr", "id", "it", "ja", "km", "ko", "lo", "ms", "my", "nl", "pt", "pt_PT", "ru", "ta", "th",
   "vi", "zh", "zh_Hant",
}
local translations = {
   "ar", "de", "es", "fr", "id", "it", "ja", "km", "ko", "lo", "ms", "my", "nl", "pt", "pt_BR", "ru", "ta", "th", "tl", "vi",
   "zh_CN", "zh_TW",
}

local function read(path)
   local file = assert(io.open(path, "rb"))
   local text = file:read "a"
   file:close()
   return text
end

local names = {} -- of the packages: key -> set of targets
local fixed = {} -- of own.tsv and codes: key -> target

local function put(key, target)
   names[key] = names[key] or {}
   names[key][target] = true
end

--- A name of one of the packages. Words in order tell Latin names apart from the order in which they are printed.
local function add(name, target)
   local key, words = fold(name)
   if key == "" then return end
   put("n:" .. key, target)
   if words and words:find "^[%l%d ]+$" then put("b:" .. words, target) end
end

--- The records of a JSON file of iso-codes, whose objects hold texts alone.
local function records(text)
   return text:gmatch '%b{}'
end

local function fields(record)
   local all = {}
   for key, value in record:gmatch '"([%w_]+)":%s*"([^"]*)"' do all[key] = value end
   return all
end

local countries, by_alpha_2, by_english = {}, {}, {}
for record in records(read(iso .. "/iso_3166-1.json"):match "%[(.*)%]") do
   local country = fields(record)
   local code = country.alpha_3
   countries[#countries + 1] = country
   by_alpha_2[country.alpha_2] = code
   fixed["iso2:" .. country.alpha_2], fixed["iso3:" .. code] = code, code
   fixed["m49:" .. country.numeric:gsub("^0+", "")] = code
   fixed["t:" .. code] = country.common_name or country.name
   for _, key in ipairs {"name", "official_name", "common_name"} do
      if country[key] then
         add(country[key], code)
         by_english[country[key]] = code
      end
   end
end
by_alpha_2.XK = "XKX"
fixed["t:XKX"] = "Kosovo"

--- The translations: compiled catalogues of gettext, tables of offsets into texts.
for _, language in ipairs(translations) do
   local file = io.open(("%s/%s/LC_MESSAGES/iso_3166-1.mo"):format(locale, language), "rb")
   if file then
      local text = file:read "a"
      file:close()
      local order = string.unpack("<I4", text) == 0x950412de and "<" or ">"
      local count, originals, translated = string.unpack(order .. "I4I4I4", text, 9)
      for i = 0, count - 1 do
         local size, at = string.unpack(order .. "I4I4", text, originals + 8 * i + 1)
         local code = by_english[text:sub(at + 1, at + size)]
         size, at = string.unpack(order .. "I4I4", text, translated + 8 * i + 1)
         if code then add(text:sub(at + 1, at + size), code) end
      end
   end
end

for _, language in ipairs(languages) do
   local territories = read(("%s/%s.xml"):format(cldr, language)):match "<territories>(.-)</territories>" or ""
   for type, attributes, name in territories:gmatch '<territory type="(%w+)"([^>]*)>([^<]+)</territory>' do
      local target = by_alpha_2[type] or (type:find "^%d+$" or type == "EU" or type == "EZ") and "+"
      name = name:gsub("&amp;", "&")
      if target and name ~= "↑↑↑" and not attributes:find 'alt="short"' then add(name, target) end
   end
end

local mine = {} -- keys of own.tsv, which go before the packages
for line in read(own):gmatch "[^\n]+" do
   local target, list = line:match "^([^#\t][^\t]*)\t(.+)$"
   for name in (list or ""):gmatch "[^|]+" do
      local system, code = name:match "^(%l%w*):(.+)$"
      if system and (system == "un" or system == "iso" or system == "oecd" and code:find "%l") then
         mine[system .. "/" .. fold(code)] = target
      elseif system then
         mine[system .. ":" .. code] = target
      else
         local key, words = fold(name)
         mine["n:" .. key] = target
         if words and words:find "^[%l%d ]+$" then mine["b:" .. words] = target end
      end
   end
end

local lines = {}
for key, targets in pairs(names) do
   local list = {}
   for target in pairs(targets) do list[#list + 1] = target end
   table.sort(list)
   fixed[key] = fixed[key] or table.concat(list, " ")
end
for key, target in pairs(mine) do fixed[key] = target end
for key, target in pairs(fixed) do
   -- The words in order say nothing that the name itself does not say, where both are known to mean the same.
   lines[#lines + 1] = key .. "\t" .. target
end
table.sort(lines, function(a, b) return a < b end)
local file = assert(io.open(output, "wb"))
assert(file:write(table.concat(lines, "\n"), "\n"))
assert(file:close())
