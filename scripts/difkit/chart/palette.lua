--- Colours that survive a black-and-white printer and a colour-blind reader. Scales for amounts grow darker with the
--- amount; series differ in dash and marker besides hue, and in pattern where their greys are alike. The hues of the
--- series are those of Okabe and Ito ("Color Universal Design", 2008), ordered so that neighbours differ in lightness.
local palette = {}

palette.ink, palette.muted, palette.grid, palette.paper = "#1f2328", "#57606a", "#d8dee4", "#ffffff"

--- What stands out.
palette.accent = "#d55e00"

local amounts = {"#f1f5f9", "#cfdfed", "#9dc0dc", "#5f98c4", "#2b6ca3", "#0c3e70"}
local signed = {"#8a4b08", "#c98a3b", "#ecd3ac", "#f6f6f4", "#b4d3df", "#5a9ab3", "#15566f"}

local function channels(colour)
   return tonumber(colour:sub(2, 3), 16), tonumber(colour:sub(4, 5), 16), tonumber(colour:sub(6, 7), 16)
end

local function mix(stops, share)
   share = math.max(0, math.min(1, share)) * (#stops - 1)
   local i = math.min(math.floor(share), #stops - 2)
   local part = share - i
   local r1, g1, b1 = channels(stops[i + 1])
   local r2, g2, b2 = channels(stops[i + 2])
   local function between(a, b) return math.floor(a + (b - a) * part + 0.5) end
   return ("#%02x%02x%02x"):format(between(r1, r2), between(g1, g2), between(b1, b2))
end

--- The steps of the two scales, from the least to the most.
palette.amount_stops, palette.signed_stops = amounts, signed

--- The colour of an amount, 0 (light) to 1 (dark).
function palette.amount(share) return mix(amounts, share) end

--- The colour of a signed amount, -1 to 1; 0 is nearly white.
function palette.signed(share) return mix(signed, (share + 1) / 2) end

local function linear(channel)
   channel = channel / 255
   return channel <= 0.04045 and channel / 12.92 or ((channel + 0.055) / 1.055) ^ 2.4
end

--- Relative luminance as WCAG 2 defines it.
function palette.luminance(colour)
   local r, g, b = channels(colour)
   return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
end

--- Contrast of two colours as WCAG 2 defines it, 1 to 21.
function palette.contrast(a, b)
   local x, y = palette.luminance(a), palette.luminance(b)
   return (math.max(x, y) + 0.05) / (math.min(x, y) + 0.05)
end

--- The ink that reads best on a colour: of black and white one always has a contrast above 4.5.
function palette.ink_on(colour)
   return palette.contrast(colour, "#ffffff") > palette.contrast(colour, "#000000") and "#ffffff" or "#000000"
end

--- Series: a hue, the pattern of its areas, the dash of its lines, its marker.
palette.series = {
   {colour = "#0072b2", pattern = "solid", marker = "circle"},
   {colour = "#e69f00", pattern = "rising", dash = "7 3", marker = "square"},
   {colour = "#009e73", pattern = "dots", dash = "2 2", marker = "triangle"},
   {colour = "#cc79a7", pattern = "falling", dash = "9 3 2 3", marker = "diamond"},
   {colour = "#56b4e9", pattern = "cross", dash = "4 2", marker = "down"},
   {colour = "#d55e00", pattern = "level", dash = "12 3", marker = "circle"},
   {colour = "#767676", pattern = "upright", dash = "1 2", marker = "square"},
   {colour = "#b5a800", pattern = "rising", dash = "6 2 1 2", marker = "triangle"},
}

--- Style of the series at place `i`. After the last hue the hues come again with other patterns, dashes and markers.
function palette.serie(i)
   local count = #palette.series
   local hue, round = palette.series[(i - 1) % count + 1], (i - 1) // count
   if round == 0 then return hue end
   local other = palette.series[(i - 1 + 3 * round) % count + 1]
   return {colour = hue.colour, pattern = other.pattern, dash = other.dash, marker = other.marker}
end

local told_apart = 1.3 -- contrast at which two areas differ on paper without colour

--- Whether the series at place `i` needs its pattern: only where in grey it would be taken for one before it that is
--- plain.
local function needs_pattern(i)
   if i > #palette.series then return true end
   for j = 1, i - 1 do
      if not needs_pattern(j)
         and palette.contrast(palette.series[i].colour, palette.series[j].colour) < told_apart then
         return true
      end
   end
   return false
end

--- The pattern of the areas of the series at place `i`; nil where its colour is enough.
function palette.pattern(i) return needs_pattern(i) and palette.serie(i).pattern or nil end

--- What a pattern draws into its 8 x 8 tile, over the plain colour.
palette.strokes = {
   rising = '<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="%s" stroke-width="1.4"/>',
   falling = '<path d="M-2 6L2 10M0 0L8 8M6 -2L10 2" stroke="%s" stroke-width="1.4"/>',
   dots = '<circle cx="2" cy="2" r="1.2" fill="%s"/><circle cx="6" cy="6" r="1.2" fill="%s"/>',
   cross = '<path d="M0 0L8 8M0 8L8 0" stroke="%s" stroke-width="1"/>',
   level = '<path d="M0 2H8M0 6H8" stroke="%s" stroke-width="1.2"/>',
   upright = '<path d="M2 0V8M6 0V8" stroke="%s" stroke-width="1.2"/>',
   nothing = '<path class="dk-hatch" d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="%s" stroke-width="0.9"/>',
}

return palette
