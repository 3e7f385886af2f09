// The engine's side of the worker: one run of a command at a time, each in an instance of its own, so that no run leaves anything
// to the next but files. It stands behind Emscripten's difkit.js in one script (core/engine/assemble.mjs); the page's side is
// engine.js, which alone sends messages here. Requests: {module} once, then {id, words, environment, input, put, remove}.
"use strict"
/* global difkitInstance */

// Where the files of the engine stand for a command, which starts in this folder. Nothing else is kept.
const project = "/project"

// A path below `project` → {bytes, time}: what the page put and what the runs wrote, as MEMFS holds it.
const files = new Map()
let module = null

/** Collects the bytes of one output and sends them on: when there are many, and at the end of a line that comes late. */
function output(id, name) {
   let bytes = new Uint8Array(65536), used = 0, sent = performance.now()
   const flush = () => {
      if (used > 0) postMessage({ id, output: name, bytes: bytes.slice(0, used) })
      used = 0
      sent = performance.now()
   }
   return {
      flush,
      byte(value) {
         if (value === null) return
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

/** Runs one command. `failure` says what broke the engine itself; then no file counts as written. */
async function run({ id, words, environment, input }) {
   const out = output(id, "out"), err = output(id, "err")
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
   return { id, status, ...gather(FS) }
}

onmessage = async ({ data }) => {
   if (data.module) {
      module = data.module
      postMessage({ ready: true })
      return
   }
   for (const path of data.remove) files.delete(path)
   for (const [path, bytes] of data.put) files.set(path, { bytes, time: Date.now() })
   postMessage(await run(data))
}
