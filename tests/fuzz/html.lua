--- A page that `why` and `verify` are asked about.
local published = require "difkit.provenance.published"

return {ending = ".html", read = function(path) published.read(path) end}
