--- `difkit docs -o DIR`: every link of the site leads somewhere, examples show what they print and draw.
local support = require "tests.cli.support"

local folder, remove
setup(function()
   folder, remove = support.folder()
   local result = support.run("docs", "-o", folder .. "/site")
   assert.equal(0, result.status, result.err)
   assert.truthy(result.out:find("wrote " .. folder .. "/site/index.html and %d+ more pages"))
end)
teardown(function() remove() end)

local function files(ending)
   return support.lines(support.shell(("cd %s/site && find . -name '*%s' | sort"):format(folder, ending)).out)
end
local function page(name) return support.read(("%s/site/%s"):format(folder, name)) end

describe("difkit docs", function()
   it("writes a page for each guide, class, example, and the README", function()
      local expected = {"index.html", "indices.html", "guide.html", "reference.html", "gallery.html", "examples.html",
         "changelog.html"}
      for _, path in ipairs(support.lines(support.shell("ls scripts/guide/reference/*.md examples/*.lua").out)) do
         local class, example = path:match "([%w-]+)%.md$", path:match "^examples/(.*)%.lua$"
         expected[#expected + 1] = class and ("reference-%s.html"):format(class) or ("example-%s.html"):format(example)
      end
      for _, name in ipairs(expected) do assert.truthy(page(name):find "<h1 id=", name) end
   end)

   it("has no link to nowhere, and no address of anybody else in what it loads", function()
      local pages, anchors, links = {}, {}, 0
      for _, path in ipairs(files ".html") do
         local name = path:sub(3)
         pages[name] = page(name)
         anchors[name] = {}
         for id in pages[name]:gmatch ' id="([^"]+)"' do anchors[name][id] = true end
      end
      for name, html in pairs(pages) do
         for attribute, link in html:gmatch '(%l+)="([^"]*)"' do
            if (attribute == "href" or attribute == "src") and not link:find "^%a[%w+.-]*:" then
               links = links + 1
               local file, anchor = link:match "^([^#]*)#?(.*)$"
               file = file == "" and name or file
               assert.is_true(support.exists(("%s/site/%s"):format(folder, file)), name .. " leads to " .. link)
               if anchor ~= "" then
                  assert.is_true(anchors[file][anchor:gsub("&amp;", "&")], name .. " leads to " .. link)
               end
            end
            assert.is_false(attribute == "src" and link:find "^https?:" ~= nil, link)
         end
      end
      assert.is_true(links > 1000)
   end)

   it("shows what examples print and draw", function()
      local html = page "example-deadlines.html"
      local printed = support.run("run", "examples/deadlines.lua").out
      assert.truthy(html:find(printed:match "[^\n]+", 1, true))
      local _, pictures = page("gallery.html"):gsub("<img ", "")
      assert.is_true(pictures >= 8, pictures)
      assert.truthy(page("files/charts/coverage.svg"):find "^<svg")
      assert.is_nil(html:find(folder, 1, true))
   end)

   it("finds sections by their words", function()
      local found = page "search.js"
      assert.truthy(found:find('"reference-query.html#', 1, true))
      assert.truthy(found:find('"Monte Carlo', 1, true) or found:find("Monte Carlo", 1, true))
   end)

   it("has a folder to be told", function()
      local result = support.run "docs"
      assert.equal(2, result.status)
      assert.truthy(result.err:find "docs: into which folder%?")
   end)
end)
