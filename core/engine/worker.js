// The engine's side of the worker: one run of a command at a time, each in an instance of its own, so that no run leaves anything
// to the next but files. It stands behind Emscripten's difkit.js in one script (core/engine/assemble.mjs); the page's side is
// engine.js, which alone sends messages here. Requests: {module} once, then {id, words, environment, input, put, remove},
// and {pictures} where a run asked for some.
"use strict"
/* global difkitInstance */

// Where the files of the engine stand for a command, which starts in this folder. Nothing else is kept.
const project = "/project"

// A path below `project` → {bytes, time}: what the page put and what the runs wrote, as MEMFS holds it.
const files = new Map()
let module = null

// What tells the run that waits for pictures that the page has drawn them.
let drawn = null

/** Collects the bytes of one output and sends them on: when there are many, and at the end of a line that comes late. The
 * first `known` of them were sent when the command ran before. */
function output(id, name, known) {
   let bytes = new Uint8Array(65536), used = 0, sent = performance.now()
   const flush = () => {
      if (used > 0) postMessage({ id, output: name, bytes: bytes.slice(0, used) })
      used = 0
      sent = performance.now()
   }
   return {
      flush,
      count: known,
      byte(value) {
         if (value === null) return
         if (known > 0) {
            known--
            return
         }
         this.count++
         bytes[used++] = value
         if (used === bytes.length || (value === 10 && performance.now() - sent > 50)) flush()
      },
   }
}

function folders(FS, path) {
   const parent = path.slice(0, path.lastIndexOf("/"))
   if (parent !== "" && !FS.analyzePath(parent).exists) {
      folders(FS, parent)
      FS.mkdir(parent)
   }
}

/** The files as they stand before a run. A file is older than the run, so that its time tells whether the run wrote it. */
function lay(FS) {
   const before = Date.now() - 1
   FS.mkdir(project)
   for (const [path, file] of files) {
      const full = `${project}/${path}`
      file.time = Math.min(file.time, before)
      folders(FS, full)
      FS.writeFile(full, file.bytes, { canOwn: true })
      FS.utime(full, file.time, file.time)
   }
   FS.chdir(project)
}

/** What a run left: files that it wrote, by path, and the paths that are gone. `files` is brought up to date. */
function gather(FS) {
   const written = new Map(), found = new Set()
   const walk = (folder, below) => {
      for (const name of FS.readdir(folder)) {
         if (name === "." || name === "..") continue
         const full = `${folder}/${name}`, path = below + name
         const { mode, mtime } = FS.lstat(full)
         if (FS.isDir(mode)) walk(full, `${path}/`)
         else if (FS.isFile(mode)) {
            found.add(path)
            if (files.get(path)?.time === mtime.getTime()) continue
            const bytes = FS.readFile(full)
            files.set(path, { bytes, time: mtime.getTime() })
            written.set(path, bytes)
         }
      }
   }
   walk(project, "")
   const removed = [...files.keys()].filter(path => !found.has(path))
   for (const path of removed) files.delete(path)
   return { written, removed }
}

// Where a run finds the pictures of charts, and leaves what it wishes to have drawn: NAME.svg, the width and the height in pixels
// in its first line (core/lua/format/render.c).
const gallery = "/pictures"

/** The pictures that a run asks for: {name, width, height, svg} each. */
function wishes(FS) {
   return FS.readdir(gallery).filter(name => name.endsWith(".svg")).map(name => {
      const text = FS.readFile(`${gallery}/${name}`, { encoding: "utf8" }), end = text.indexOf("\n")
      const [width, height] = text.slice(0, end).split(" ").map(Number)
      return { name: name.slice(0, -4), width, height, svg: text.slice(end + 1) }
   })
}

/** Runs one command: again, with the pictures that the page draws for it, as long as it asks for more. Nothing of a run that
 * asked is kept. Where the page cannot draw, the last run knows of nobody who does. */
async function run(request) {
   let pictures = new Map(), sent = { out: 0, err: 0 }
   for (let more = 4; ; more--) {
      const ended = await once(request, more > 0 ? pictures : null, sent)
      if (!ended.wishes) return ended
      const asked = new Promise(resolve => { drawn = resolve })
      postMessage({ id: request.id, draw: ended.wishes })
      const got = await asked
      if (got) for (const [name, bytes] of got) pictures.set(name, bytes)
      else more = 1
      sent = ended.sent
   }
}

/** `failure` says what broke the engine itself; then no file counts as written. */
async function once({ id, words, environment, input }, pictures, sent) {
   const out = output(id, "out", sent.out), err = output(id, "err", sent.err)
   let status = 0, next = 0, FS = null
   try {
      const instance = await difkitInstance({
         instantiateWasm(imports, done) {
            WebAssembly.instantiate(module, imports).then(made => done(made, module))
            return {}
         },
         preRun: [given => {
            FS = given.FS
            for (const name of Object.keys(given.ENV)) delete given.ENV[name]
            Object.assign(given.ENV, environment)
            FS.init(() => next < input.length ? input[next++] : null, value => out.byte(value), value => err.byte(value))
            lay(FS)
            if (pictures) FS.mkdir(gallery)
            for (const [name, bytes] of pictures ?? []) FS.writeFile(`${gallery}/${name}.png`, bytes)
         }],
         quit(code, reason) {
            status = code
            throw reason
         },
      })
      status = instance.callMain(words) ?? status
   } catch (reason) {
      if (reason?.name !== "ExitStatus") {
         out.flush()
         err.flush()
         return { id, failure: String(reason?.message ?? reason) }
      }
   }
   out.flush()
   err.flush()
   const asked = pictures ? wishes(FS) : []
   return asked.length > 0 ? { wishes: asked, sent: { out: out.count, err: err.count } } : { id, status, ...gather(FS) }
}

onmessage = async ({ data }) => {
   if (data.module) {
      module = data.module
      postMessage({ ready: true })
      return
   }
   if (data.id === undefined) {
      drawn(data.pictures)
      return
   }
   for (const path of data.remove) files.delete(path)
   for (const [path, bytes] of data.put) files.set(path, { bytes, time: Date.now() })
   postMessage(await run(data))
}
