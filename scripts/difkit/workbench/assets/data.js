// What every part of the workbench shares: the engine, the data that questions are asked of, and small words about both.
"use strict"
const engine = new DifkitEngine()
const element = id => document.getElementById(id)

/** An element with attributes and content. */
function make(name, attributes = {}, ...content) {
   const made = document.createElement(name)
   for (const [key, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(key, "")
      else if (value !== false && value !== undefined) made.setAttribute(key, value)
   }
   made.append(...content)
   return made
}

/** The data: a path instead of the bundled framework, and what is laid over it, each {path, name}. */
const data = {
   base: null,
   over: [],

   /** The words that say so on a command line. */
   words() { return [...this.base ? ["--db", this.base.path] : [], ...this.over.flatMap(one => ["--with", one.path])] },

   changed() {
      element("data").textContent = [this.base ? this.base.name : "the bundled framework",
         ...this.over.map(one => one.name)].join(" with ")
      document.dispatchEvent(new Event("data"))
   },
}

/** A command line to be copied: words in quotes where a shell would take them apart. */
function commandLine(words) {
   return ["difkit", ...words].map(word => /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word) ? word
      : /["$`\\!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`).join(" ")
}

let begun = 0

/** Runs a command, and says so while it lasts. */
async function run(words) {
   begun = performance.now()
   element("stop").disabled = false
   element("state").textContent = "Working …"
   const result = await engine.run(words)
   if (!engine.busy) element("stop").disabled = true
   element("state").textContent = result.status === 130 && result.stopped ? "Stopped. What you typed is still there."
      : result.failure ? "The engine broke and was replaced. What you typed is still there."
         : `Done in ${Math.max(1, Math.round(performance.now() - begun))} ms.`
   return result
}

setInterval(() => {
   const seconds = Math.round((performance.now() - begun) / 1000)
   if (engine.busy && begun && seconds >= 2) element("state").textContent = `Working … ${seconds} s`
}, 500)

/** Gives bytes to the person as a file. */
function download(name, bytes) {
   const address = URL.createObjectURL(new Blob([bytes]))
   make("a", { href: address, download: name }).click()
   setTimeout(() => URL.revokeObjectURL(address), 60000)
}
