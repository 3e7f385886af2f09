/* The site of the guides: search, and examples that run in their page where the engine stands beside it. */
"use strict"
{
   const engineScript = "@ENGINE@" // "" where the site has none
   const find = id => document.getElementById(id)

   /** Resolves when a script beside the page has run. */
   function load(source) {
      return new Promise((resolve, reject) => {
         const script = document.createElement("script")
         script.src = source
         script.onload = resolve
         script.onerror = () => reject(new Error(`${source} is not there`))
         document.head.append(script)
      })
   }

   // Sections that have all the words: those that have them in their heading first.
   const search = find("search"), found = find("found")
   let index = null
   function look() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
      found.hidden = words.length === 0
      if (!window.difkitSearch || words.length === 0) return
      index ??= window.difkitSearch.map(([address, page, heading, text]) =>
         ({ address, page, heading, text, head: `${page} ${heading}`.toLowerCase(), all: `${page} ${heading} ${text}`.toLowerCase() }))
      const hits = index.filter(section => words.every(word => section.all.includes(word)))
      const rank = section => words.filter(word => !section.head.includes(word)).length
      hits.sort((a, b) => rank(a) - rank(b))
      found.replaceChildren(...hits.slice(0, 30).map(section => {
         const item = document.createElement("li"), link = document.createElement("a"), note = document.createElement("small")
         const at = Math.max(0, section.text.toLowerCase().indexOf(words[0]) - 40)
         link.href = section.address
         link.textContent = section.heading === section.page ? section.page : `${section.page}: ${section.heading}`
         note.textContent = section.text.slice(at, at + 140)
         item.append(link, note)
         return item
      }))
      if (hits.length === 0) found.replaceChildren(Object.assign(document.createElement("li"), { textContent: "Nothing found." }))
   }
   search.addEventListener("focus", () => { if (!window.difkitSearch) load("search.js").then(look) })
   search.addEventListener("input", look)

   // Code that can be changed and run. An example is a script; a piece of the reference has difkit and db.
   let engine = null
   async function run(code, name, output) {
      output.textContent = "Running …"
      if (!engine) {
         await load(engineScript)
         engine = new DifkitEngine() // eslint-disable-line no-undef
      }
      const before = name === "" ? 'local difkit = require "difkit" local db = assert(difkit.open()) ' : ""
      engine.put("page.lua", before + code)
      const { out, err, written } = await engine.run(["run", "./page.lua", "--out", "out"], { seconds: 60 })
      output.replaceChildren(out + err)
      for (const [path, bytes] of written) {
         const type = path.endsWith(".svg") ? "image/svg+xml" : "application/octet-stream"
         const address = `data:${type};base64,${btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""))}`
         const shown = type === "image/svg+xml" ? Object.assign(new Image(), { src: address, alt: path })
            : Object.assign(document.createElement("a"), { href: address, download: path.split("/").pop(), textContent: path })
         output.append("\n", shown)
      }
   }
   if (engineScript !== "") for (const block of document.querySelectorAll("pre[data-run]")) {
      const code = document.createElement("textarea"), button = document.createElement("button")
      const output = document.createElement("pre")
      code.value = block.textContent
      code.rows = Math.min(30, code.value.split("\n").length)
      code.spellcheck = false
      code.setAttribute("aria-label", "Code, which can be changed")
      button.textContent = "Run"
      output.hidden = true
      button.addEventListener("click", async () => {
         output.hidden = false
         button.disabled = true
         await run(code.value, block.dataset.run, output).catch(reason => { output.textContent = reason.message })
         button.disabled = false
      })
      block.replaceWith(code, button, output)
   }
}
