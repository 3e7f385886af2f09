--- Which pictures does the README show? A chart, and a session at the terminal, made anew: .ci/pictures
--- (the explorer's is tests/browser/picture.mjs). Run by difkit with --trust, since it runs difkit.
local core = require "difkit.core"
local text = require "difkit.chart.text"

local program = core.system().program

--- What a command of difkit prints, both outputs together.
local function printed(command)
   local pipe = assert(io.popen(("NO_COLOR=1 '%s' %s 2>&1"):format(program:gsub("'", "'\\''"), command)))
   local out = pipe:read "a"
   pipe:close()
   return out
end

--- Commands with what they print, as they would stand in a terminal, at most so many lines of each.
local function session(commands)
   local lines = {}
   for _, command in ipairs(commands) do
      lines[#lines + 1] = {"$ difkit " .. command[1], true}
      local count = 0
      for line in printed(command[1]):gmatch "[^\n]+" do
         count = count + 1
         if count <= command[2] then lines[#lines + 1] = {line} end
      end
      if count > command[2] then lines[#lines + 1] = {"…"} end
      lines[#lines + 1] = {""}
   end
   lines[#lines] = nil
   return lines
end

--- Lines as an SVG picture, light on dark, each character of one width.
local function picture(lines, title)
   local columns, advance, leading = 0, 7.9, 18
   for _, line in ipairs(lines) do columns = math.max(columns, utf8.len(line[1])) end
   local width, height = math.ceil(columns * advance) + 32, #lines * leading + 28
   local out = {('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">\n')
      :format(width, height, width, height), ("<title>%s</title>\n"):format(text.escape(title)),
      ('<rect width="%d" height="%d" rx="6" fill="#14181d"/>\n'):format(width, height),
      [[<g font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13" fill="#d5dae0">]], "\n"}
   for i, line in ipairs(lines) do
      if line[1] ~= "" then
         out[#out + 1] = ('<text x="16" y="%d" textLength="%.1f"%s>%s</text>\n'):format(i * leading + 8,
            utf8.len(line[1]) * advance, line[2] and ' fill="#8fd0a0"' or "",
            (text.escape(line[1]):gsub(" ", "\u{a0}"))) -- which no renderer draws together
      end
   end
   out[#out + 1] = "</g>\n</svg>\n"
   return table.concat(out)
end

assert(core.write_file("terminal.svg", picture(session{
   {"run gaps --have DIFAP --lack BSBR", 6},
   {"run list --topic cyber-security", 3},
   {"sql \"SELECT document_id, count(*) AS actions FROM action WHERE text LIKE '%MSME%' GROUP BY 1\"", 7},
}, "Three commands of difkit and what they print")))

-- A picture of an example, as the example draws it.
local pipe = assert(io.popen "mktemp -d")
local folder = pipe:read "l"
pipe:close()
printed(("run examples/charts.lua --out %s"):format(folder))
local file = assert(io.open(folder .. "/robustness.svg", "rb"))
assert(core.write_file("chart.svg", file:read "a"))
file:close()
os.execute("rm -rf " .. folder)
