// The project: what was brought, kept and typed, as one archive (.difkit, a zip), which is saved as a file and opened again, by
// `difkit unpack` as well. A copy in the browser is kept only where the person asks for it, and may be missing.
"use strict"
const DESCRIPTION = "project.json" // in the archive, beside the files as the engine has them

const sums = Uint32Array.from({ length: 256 }, (_, n) => {
   for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1
   return n
})

function checksum(bytes) {
   let sum = 0xffffffff
   for (const byte of bytes) sum = sums[(sum ^ byte) & 255] ^ sum >>> 8
   return ~sum >>> 0
}

/** A zip of [name, bytes], stored as they are: the same parts give the same bytes. */
function zip(parts) {
   const encoder = new TextEncoder(), pieces = [], directory = []
   let at = 0
   const record = (signature, numbers) => {
      const bytes = new DataView(new ArrayBuffer(4 + numbers.reduce((sum, [, size]) => sum + size, 0)))
      bytes.setUint32(0, signature, true)
      let place = 4
      for (const [number, size] of numbers) {
         if (size === 2) bytes.setUint16(place, number, true)
         else bytes.setUint32(place, number, true)
         place += size
      }
      return new Uint8Array(bytes.buffer)
   }
   for (const [name, bytes] of parts) {
      const title = encoder.encode(name), size = bytes.length
      // Version 2.0, names in UTF-8 (bit 11), 1980-01-01: the first day that a zip can name.
      const common = [[20, 2], [0x800, 2], [0, 2], [0, 2], [33, 2], [checksum(bytes), 4], [size, 4], [size, 4], [title.length, 2], [0, 2]]
      const head = record(0x04034b50, common)
      directory.push(record(0x02014b50, [[20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]]), title)
      pieces.push(head, title, bytes)
      at += head.length + title.length + size
   }
   const length = directory.reduce((sum, piece) => sum + piece.length, 0), count = [parts.length, 2]
   return new Blob([...pieces, ...directory, record(0x06054b50, [[0, 2], [0, 2], count, count, [length, 4], [at, 4], [0, 2]])])
}

/** The parts of a zip, by name; an Error says what is wrong with it. */
async function unzip(bytes) {
   const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length), parts = new Map()
   let end = bytes.length - 22
   while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--
   if (end < 0) throw new Error("it is no project of the workbench, or it was cut")
   let at = view.getUint32(end + 16, true)
   for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      const number = (offset, size) => size === 2 ? view.getUint16(at + offset, true) : view.getUint32(at + offset, true)
      const title = number(28, 2), start = number(42, 4)
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + title))
      const begin = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true)
      const packed = bytes.subarray(begin, begin + number(20, 4)), method = number(10, 2)
      if (method !== 0 && method !== 8) throw new Error(`"${name}" in it is packed in a way that is not known here`)
      const part = method === 0 ? packed.slice()
         : new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer())
      if (checksum(part) !== number(16, 4)) throw new Error(`"${name}" in it is damaged`)
      if (!name.endsWith("/")) parts.set(name, part)
      at += 46 + title + number(30, 2) + number(32, 2)
   }
   return parts
}

/** The controls of a form. */
const controlsOf = ({ nodes }) => nodes.flatMap(node => [...node.querySelectorAll?.("input, select") ?? []])

/** What a control holds, and what it held before anybody touched it. */
const valueOf = control => control.type === "checkbox" ? control.checked : control.value
const firstOf = control => control.type === "checkbox" ? control.defaultChecked : control.localName === "input" ? control.defaultValue
   : ([...control.options].find(option => option.defaultSelected) ?? control.options[0]).value

const project = {
   saved: true,
   offered: false, // whether a copy that an earlier page left waits for an answer

   /** What was typed into forms: the id of the control → its value. */
   typed() {
      const touched = [...made.values()].flatMap(controlsOf).filter(control => valueOf(control) !== firstOf(control))
      return Object.fromEntries(touched.map(control => [control.id, valueOf(control)]))
   },

   /** The archive, as a Blob. */
   archive() {
      const paths = engine.paths().filter(path => /^(files|kept)\//.test(path))
      const description = { difkit: 1, base: data.base, over: data.over, chosen: current.script.name, typed: this.typed(), query: element("query").value }
      return zip([[DESCRIPTION, new TextEncoder().encode(`${JSON.stringify(description, null, 2)}\n`)],
         ...paths.map(path => [path, engine.get(path)])])
   },

   async save() {
      download("project.difkit", new Uint8Array(await this.archive().arrayBuffer()))
      this.tell(true)
   },

   /** Puts a project in the place of what is here. */
   async open(bytes) {
      const parts = await unzip(bytes)
      if (!parts.has(DESCRIPTION)) throw new Error("it is a zip, but no project of the workbench")
      const { base, over, chosen, typed, query } = JSON.parse(new TextDecoder().decode(parts.get(DESCRIPTION)))
      for (const path of engine.paths()) engine.remove(path)
      for (const [path, content] of parts) if (/^(files|kept)\//.test(path)) engine.put(path, content)
      element("files").replaceChildren()
      await showCards(engine.paths().filter(path => path.startsWith("files/")).map(path => path.slice(6)))
      data.base = base
      data.over = over
      made.clear()
      for (const [id, value] of Object.entries(typed)) {
         for (const script of scripts.filter(({ name }) => id.startsWith(`${name}-`))) {
            const control = controlsOf(formOf(script)).find(one => one.id === id)
            if (control?.type === "checkbox") control.checked = value
            else if (control) control.value = value
         }
      }
      element("query").value = query
      if (scripts.some(({ name }) => name === chosen)) choose(chosen)
      data.changed()
      this.tell(true)
   },

   /** Says whether what is here is in a file; what is not is asked about before the page closes. */
   tell(saved) {
      this.saved = saved
      element("saved").textContent = saved ? "Saved." : "Not saved."
      clearTimeout(this.later)
      this.later = setTimeout(() => this.keep(), 1000)
   },

   /** The storage of the browser: what `act` gives, or null where there is none, or nothing of ours unless it is to be made. */
   async store(mode, act, create = false) {
      const settled = request => new Promise((resolve, reject) => {
         request.onsuccess = () => resolve(request.result)
         request.onerror = () => reject(request.error)
      })
      try {
         if (!create && !(await indexedDB.databases()).some(({ name }) => name === "difkit")) return null
         const opened = indexedDB.open("difkit", 1)
         opened.onupgradeneeded = () => opened.result.createObjectStore("project")
         const base = await settled(opened)
         try { return await settled(act(base.transaction("project", mode).objectStore("project"))) } finally { base.close() }
      } catch { return null }
   },

   /** Keeps a copy in the browser where that was asked for, or none. */
   async keep() {
      if (this.offered) return
      if (!element("keep").checked) {
         await this.store("readwrite", place => place.delete("copy"))
         return
      }
      const copy = { bytes: new Uint8Array(await this.archive().arrayBuffer()), saved: this.saved }
      if (await this.store("readwrite", place => place.put(copy, "copy"), true) === null) {
         element("keep").checked = false
         element("saved").textContent += " This browser keeps nothing for the page: save the project as a file."
      }
   },

   /** Offers the copy that an earlier page left. */
   async offer() {
      const copy = await this.store("readonly", place => place.get("copy"))
      if (!copy) return
      this.offered = element("keep").checked = true
      const answered = (label, checked, act) => action(label, async () => {
         row.remove()
         this.offered = false
         element("keep").checked = checked
         await act()
      }, checked)
      const row = make("p", { class: "notice", id: "copy" }, "This browser has a copy of your last project. ",
         answered("Go on with it", true, async () => {
            await this.open(copy.bytes)
            this.tell(copy.saved)
         }), " ", answered("Forget it", false, () => this.keep()))
      element("project").after(row)
   },

   begin() {
      element("save").addEventListener("click", () => this.save())
      element("keep").addEventListener("change", () => this.keep())
      document.addEventListener("data", () => this.tell(false))
      document.addEventListener("input", ({ target }) => { if (target.closest("#form, #sql-form")) this.tell(false) })
      window.addEventListener("beforeunload", event => { if (!this.saved) event.preventDefault() })
      return this.offer()
   },
}
