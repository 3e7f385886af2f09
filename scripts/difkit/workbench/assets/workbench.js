// The page itself: its tabs, its buttons, and what happens when the engine is ready or cannot be.
"use strict"
let usable = false
let firstAnswer = null // when it was there, in milliseconds after the page was opened

function showTab(name) {
   for (const tab of document.querySelectorAll("[role=tab]")) {
      const chosen = tab.getAttribute("aria-controls") === name
      tab.setAttribute("aria-selected", String(chosen))
      tab.tabIndex = chosen ? 0 : -1
      element(tab.getAttribute("aria-controls")).hidden = !chosen
   }
}

for (const tab of document.querySelectorAll("[role=tab]")) {
   tab.addEventListener("click", () => showTab(tab.getAttribute("aria-controls")))
   tab.addEventListener("keydown", event => {
      const tabs = [...document.querySelectorAll("[role=tab]")]
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      if (!step) return
      const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
      showTab(next.getAttribute("aria-controls"))
      next.focus()
   })
}

const queryWords = () => ["sql", element("query").value, ...data.words()]
const tellQuery = () => { element("sql-command").textContent = commandLine(queryWords()) }
const runQuery = () => answer(element("sql-result"), queryWords(), "rows")

element("form").addEventListener("input", () => current.tell())
element("form").addEventListener("submit", event => {
   event.preventDefault()
   if (usable) ask()
})
element("query").addEventListener("input", tellQuery)
element("query").addEventListener("keydown", event => {
   if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && usable) runQuery()
})
element("sql-form").addEventListener("submit", event => {
   event.preventDefault()
   if (usable) runQuery()
})
element("tables").addEventListener("toggle", async () => {
   const place = element("tables").querySelector("pre")
   if (element("tables").open && place.textContent === "") place.textContent = (await run(["schema"])).out
})
element("find").addEventListener("input", listQuestions)
element("stop").addEventListener("click", () => engine.stop())
document.addEventListener("keydown", event => { if (event.key === "Escape" && engine.busy) engine.stop() })
document.addEventListener("data", () => {
   current?.tell()
   tellQuery()
})
document.addEventListener("click", async event => {
   const button = event.target.closest(".copy")
   if (!button) return
   const code = element(button.dataset.of)
   const copied = await navigator.clipboard?.writeText(code.textContent).then(() => true, () => false)
   if (!copied) getSelection().selectAllChildren(code)
   element("state").textContent = copied ? "Copied." : "Marked: copy it with Ctrl and C."
})

listQuestions()
choose("coverage")
data.changed()
takeFiles()
const offered = project.begin()

/** Resolves when the first answer can be seen (or never will). */
const begunWell = engine.ready.then(async () => {
   usable = true
   for (const button of document.querySelectorAll(".run")) button.disabled = false
   await ask()
   firstAnswer = performance.now()
}, reason => {
   element("missing").hidden = false
   element("why").textContent = `${reason.message}.`
   element("state").textContent = "The engine does not run here."
   element("given").disabled = true
   document.querySelector("main").append(
      framed(new TextEncoder().encode(JSON.parse(element("explorer").textContent)), "The bundled framework"))
})
