--- `difkit docs`: the guides, the reference and the examples as a site.
local core = require "difkit.core"
local installed = require "difkit.installed"

---`given`: the folder as `output`.
return function(given)
   if not given.output then core.raise("usage", "docs: into which folder?", "usage: difkit docs -o DIR") end
   local root = installed.guides()
   if not root then
      core.raise("io", "docs: the guides are not installed with this difkit",
         "they stand in share/doc/difkit of an installation")
   end
   local done = require("difkit.site").write(root, given.output)
   print(("wrote %s/index.html and %d more pages%s"):format(given.output, done.pages - 1,
      done.engine and "; examples run in their pages" or ", without the engine (.ci/wasm builds it)"))
end
