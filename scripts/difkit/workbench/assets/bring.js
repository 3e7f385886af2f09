// Files that are dropped on the page: looked at by `difkit import`, `difkit take` (sheets that came back) or `difkit check`, and
// kept as data for the questions.
"use strict"
/** The options of `difkit import` that decide how a file is read, with the help and the values that its completion has. */
const reading = ["as", "sheet", "indicator", "unit", "period", "decimal", "dates", "periods", "fiscal", "calendar", "encoding", "separator"]
let readingHelp = null

async function completion(...words) {
   const { out } = await engine.run(["__complete", "--", "import", ...words])
   return out.split("\n").filter(Boolean).map(line => line.split("\t"))
}

/** The fields of these options: {node, words()}. */
async function readingFields(id) {
   readingHelp ??= (async () => {
      const help = new Map((await completion("file", "--")).map(([name, text]) => [name.slice(2), text]))
      return Promise.all(reading.map(async name => [name, help.get(name), (await completion("file", `--${name}`, "")).map(([word]) => word)]))
   })()
   const controls = (await readingHelp).map(([name, help, values]) => {
      const attributes = { id: `${id}-${name}`, "aria-describedby": `${id}-${name}-help`, autocomplete: "off" }
      const control = values.length > 0 ? make("select", attributes, ...["", ...values].map(value => make("option", { value }, value || "–")))
         : make("input", { ...attributes, type: "text" })
      return { name, control, node: make("div", {}, make("label", { for: `${id}-${name}` }, name),
         make("p", { class: "help", id: `${id}-${name}-help` }, help ?? ""), control) }
   })
   return {
      node: make("div", { class: "fields" }, ...controls.map(one => one.node)),
      words: () => controls.flatMap(({ name, control }) => control.value.trim() ? [`--${name}`, control.value.trim()] : []),
   }
}

/** What a thing that was brought is: data of difkit as they are, or a file to be imported. */
function kindOf(path, bytes) {
   if (!bytes) return "folder"
   if (new TextDecoder("latin1").decode(bytes.subarray(0, 15)) === "SQLite format 3") return "database"
   return /\.ya?ml$/i.test(path) ? "yaml" : "import"
}

/** Whether it is a sheet of `difkit ask` that came back: a workbook (a zip archive) that `difkit take` knows as one. */
async function isReply(path, bytes) {
   if (!bytes || bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false
   return !(await engine.run(["take", path])).err.includes("no sheet of difkit ask")
}

let cards = 0

/** A button that does something with the card's file. */
function action(label, act, main = false) {
   const button = make("button", { type: "button", class: main ? "main" : undefined }, label)
   button.addEventListener("click", act)
   return button
}

/** Ends the use of a path as data. */
function leave(path) {
   if (data.base?.path === path) data.base = null
   data.over = data.over.filter(one => one.path !== path)
   data.changed()
}

/** The card of what lies at `path`: a look at it, and what can be done with it. */
async function bring(path) {
   const bytes = engine.get(path), kind = await isReply(path, bytes) ? "reply" : kindOf(path, bytes)
   const name = path.replace(/^files\//, ""), id = `card-${++cards}`
   const kept = `kept/${name.replace(/[^\p{L}\p{N}_-]+/gu, "-")}`
   const said = make("p", { role: "status" }), seen = make("div"), buttons = make("p", { class: "exports" })
   const card = make("article", { class: "card", id, "aria-labelledby": `${id}-name`, "data-path": path },
      make("h2", { id: `${id}-name` }, name), said, seen, buttons)
   const old = element("files").querySelector(`[data-path="${CSS.escape(path)}"]`)
   if (old) old.replaceWith(card)
   else element("files").prepend(card)
   const fields = kind === "import" ? await readingFields(id) : { words: () => [] }
   const words = () => kind === "reply" ? ["take", path, ...data.words()] : kind === "import" ? ["import", path, ...fields.words(), ...data.base ? ["--db", data.base.path] : []]
      : kind === "database" ? ["sql", "SELECT id, title, version FROM framework", "--db", path] : ["check", path]

   const use = (how, as) => {
      leave(as)
      if (how === "instead") data.base = { path: as, name }
      else data.over = [...data.over, { path: as, name }]
      data.changed()
      said.textContent = how === "instead" ? "Kept: the questions are now asked of it." : "Kept: the questions are now asked with it."
   }
   const keep = async () => {
      leave(kept)
      const result = await run([...words(), "--out", kept])
      if (result.status === 0) use("over", kept)
      seen.replaceChildren(result.status === 0 ? make("pre", { tabindex: "0" }, result.out) : wrong(result.err))
      if (result.status !== 0) said.textContent = "Not taken, for this reason:"
   }
   const look = async () => {
      leave(kept)
      said.textContent = "Looking at it …"
      const result = await run(words())
      const good = result.status === 0
      said.textContent = !good ? "It cannot be taken as it is; what is wrong stands below. Correct it and drop it again."
         + ` A question that takes a file can still name it: ${path}`
         : /^wrong cells/m.test(result.out) ? "It can be taken without the cells that are wrong; they stand below."
            : "This is what it holds. Nothing has been taken yet."
      const printed = result.out.trim() ? make("pre", { tabindex: "0", "aria-label": `What ${name} holds` }, result.out) : ""
      seen.replaceChildren(result.err.trim() ? wrong(result.err) : "", printed)
      buttons.replaceChildren(...good ? kind === "import" || kind === "reply" ? [action("Keep for the questions", keep, true)]
         : [action("Use instead of the bundled framework", () => use("instead", path), true),
            ...kind === "database" ? [] : [action("Lay over it", () => use("over", path))]] : [],
         action("Look again", look), action("Put away", () => {
            leave(path)
            leave(kept)
            for (const one of engine.paths()) {
               if (one === path || one.startsWith(`${path}/`) || one.startsWith(`${kept}/`)) engine.remove(one)
            }
            card.remove()
         }))
   }
   if (fields.node) card.append(make("details", {}, make("summary", {}, "How it is read, where the file does not say"), fields.node))
   await look()
}

/** The files of a dropped folder, with their paths. */
async function filesOf(entry, path = entry.name) {
   if (entry.isFile) return [[path, await new Promise((resolve, reject) => entry.file(resolve, reject))]]
   const reader = entry.createReader(), found = []
   for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
      if (some.length === 0) return found
      for (const one of some) found.push(...await filesOf(one, `${path}/${one.name}`))
   }
}

/** Shows a card for each of these files, which are laid; a folder with YAML in it is one thing. */
async function showCards(paths) {
   const things = new Set()
   for (const path of paths) {
      const folder = path.includes("/") && path.split("/")[0]
      things.add(`files/${folder && paths.some(other => other.startsWith(`${folder}/`) && /\.ya?ml$/i.test(other)) ? folder : path}`)
   }
   for (const path of things) await bring(path)
}

/** Lays files, and shows them; a project is opened in the place of what is here. */
async function bringFiles(list) {
   const archive = list.find(([path]) => /\.difkit$/i.test(path))
   if (archive) {
      if (!project.saved && !confirm("What is here was not saved. Open the other project all the same?")) return
      await archive[1].arrayBuffer().then(bytes => project.open(new Uint8Array(bytes))).catch(reason => {
         element("files").prepend(wrong(`${archive[0]}: ${reason.message}`))
      })
      return
   }
   for (const [path, file] of list) engine.put(`files/${path}`, await file.arrayBuffer())
   project.tell(false)
   await showCards(list.map(([path]) => path))
}

/** Takes what is dropped or chosen. */
function takeFiles() {
   const drop = element("drop")
   for (const name of ["dragenter", "dragover"]) {
      document.addEventListener(name, event => {
         event.preventDefault()
         drop.classList.add("over")
      })
   }
   document.addEventListener("dragleave", event => { if (!event.relatedTarget) drop.classList.remove("over") })
   document.addEventListener("drop", async event => {
      event.preventDefault()
      drop.classList.remove("over")
      const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean)
      const files = [...event.dataTransfer.files].map(file => [file.name, file])
      showTab("bring")
      const list = entries.length > 0 ? (await Promise.all(entries.map(entry => filesOf(entry)))).flat() : files
      await bringFiles(list)
   })
   element("given").addEventListener("change", async event => {
      const files = [...event.target.files].map(file => [file.name, file])
      event.target.value = "" // so that the same file, corrected, can be chosen again
      await bringFiles(files)
   })
}
