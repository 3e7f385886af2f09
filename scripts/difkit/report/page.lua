--- The shell of a page: one file that asks the network for nothing. The content-security-policy allows the style sheet
--- and the scripts of the page by their digests and nothing else, so that no text in the data can become code.
local core = require "difkit.core"
local letters = require "difkit.format.letters"
local proof = require "difkit.proof"
local text = require "difkit.chart.text"

local page = {}

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(bytes)
   local out = {}
   for i = 1, #bytes, 3 do
      local a, b, c = bytes:byte(i, i + 2)
      local n = a << 16 | (b or 0) << 8 | (c or 0)
      for j = 3, 0, -1 do
         local sixbits = n >> (6 * j) & 63
         out[#out + 1] = alphabet:sub(sixbits + 1, sixbits + 1)
      end
   end
   local padding = (3 - #bytes % 3) % 3
   return (table.concat(out):sub(1, -1 - padding)) .. ("="):rep(padding)
end

--- The digest of a part of the page as the policy names it.
local function source(content)
   local bytes = core.digest(content):gsub("%x%x", function(pair) return string.char(tonumber(pair, 16)) end)
   return "'sha256-" .. base64(bytes) .. "'"
end

function page.escape(value) return text.escape(text.clean(value)) end

--- Text of several lines: line breaks stay.
function page.escape_lines(value)
   local lines = {}
   value = tostring(value)
   if not value:find "[\r\n]" then return page.escape(value) end
   for line in (value:gsub("\r\n?", "\n") .. "\n"):gmatch "(.-)\n" do
      lines[#lines + 1] = page.escape(line)
   end
   return table.concat(lines, "\n")
end

--- The words that the script of a page puts into it, where they are not English.
function page.own_words(words)
   local out = {}
   for _, key in ipairs(words and {"filter", "rows", "sideways", "others"} or {}) do
      out[#out + 1] = (' data-%s="%s"'):format(key, page.escape(words[key]))
   end
   return table.concat(out)
end

--- A whole page. `parts`: title, language, body (HTML), styles and scripts (lists of texts), meta (pairs of name and
--- content), class of the body, words (of report/words), data (a list of {id, json} for the scripts); for a page that
--- holds the engine (one of its scripts) `framed`: the styles and scripts that pages which it shows within may have.
function page.html(parts)
   local framed = parts.framed
   local policy = {"default-src 'none'", framed and "img-src data: blob:" or "img-src data:"}
   local styles, scripts = {}, {}
   for i, style in ipairs(parts.styles) do styles[i] = source(style) end
   for i, script in ipairs(parts.scripts) do scripts[i] = source(script) end
   if framed then
      for _, style in ipairs(framed.styles) do styles[#styles + 1] = source(style) end
      for _, script in ipairs(framed.scripts) do scripts[#scripts + 1] = source(script) end
      scripts[#scripts + 1] = "'wasm-unsafe-eval'"
      policy[#policy + 1] = "worker-src blob:; frame-src blob:; connect-src 'none'"
   end
   policy[#policy + 1] = "style-src " .. table.concat(styles, " ")
   policy[#policy + 1] = #scripts > 0 and "script-src " .. table.concat(scripts, " ") or nil
   policy[#policy + 1] = "base-uri 'none'"
   policy[#policy + 1] = "form-action 'none'"
   local out = {
      "<!doctype html>\n",
      ('<html lang="%s"%s>\n<head>\n<meta charset="utf-8">\n'):format(page.escape(parts.language or "en"),
         letters.right_to_left(parts.language) and ' dir="rtl"' or ""),
      ('<meta http-equiv="Content-Security-Policy" content="%s">\n'):format(table.concat(policy, "; ")),
      '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
      ('<meta name="generator" content="difkit %s">\n'):format(core.version),
   }
   for _, pair in ipairs(parts.meta or {}) do
      out[#out + 1] = ('<meta name="%s" content="%s">\n'):format(page.escape(pair[1]), page.escape(pair[2]))
   end
   out[#out + 1] = ("<title>%s</title>\n"):format(page.escape(parts.title))
   -- An icon of its own, so that no browser asks a server for one.
   out[#out + 1] = '<link rel="icon" href="data:,">\n'
   for _, style in ipairs(parts.styles) do out[#out + 1] = "<style>" .. style .. "</style>\n" end
   out[#out + 1] = ("</head>\n<body%s%s>\n"):format(parts.class and (' class="%s"'):format(parts.class) or "",
      page.own_words(parts.words))
   out[#out + 1] = parts.body
   local blocks = table.move(parts.data or {}, 1, #(parts.data or {}), 1, {})
   local made = proof.text()
   if made then blocks[#blocks + 1] = {proof.id, made} end
   for _, data in ipairs(blocks) do
      -- Not run as a script; "<" is written so that nothing in the data can end the element.
      out[#out + 1] = ('<script type="application/json" id="%s">%s</script>\n'):format(data[1],
         (data[2]:gsub("<", "\\u003c")))
   end
   for _, script in ipairs(parts.scripts) do out[#out + 1] = "<script>" .. script .. "</script>\n" end
   out[#out + 1] = "</body>\n</html>\n"
   return table.concat(out)
end

return page
