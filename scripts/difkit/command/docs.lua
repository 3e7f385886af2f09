--- `difkit docs`: the guides, the reference and the examples as a site.
local core = require "difkit.core"

---`given`: the folder as `output`.
return function(given)
   if not given.output then core.raise("usage", "docs: into which folder?", "usage: difkit docs -o DIR") end
   local done = require("difkit.site").write(given.output)
   print(("wrote %s/index.html and %d more pages%s"):format(given.output, done.pages - 1,
      done.engine and "; examples run in their pages" or ", without the engine (.ci/wasm builds it)"))
end
