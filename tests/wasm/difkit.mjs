#!/usr/bin/env node
// difkit.mjs ARGUMENT…: the engine (build/wasm/difkit.wasm, or that of DIFKIT_ENGINE) as a command line, for the tests: every
// folder of the machine is mounted where it is, so that paths mean what they mean to the native program.
import fs from "node:fs"
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"

const engine = process.env.DIFKIT_ENGINE ?? fileURLToPath(new URL("../../build/wasm/difkit.js", import.meta.url))
const difkitInstance = createRequire(import.meta.url)(engine)

// The outputs are written as they come, in pieces: a device of the engine takes one byte at a time.
function output(descriptor) {
   const bytes = Buffer.alloc(65536)
   let used = 0
   return {
      flush() {
         for (let done = 0; done < used;) done += fs.writeSync(descriptor, bytes, done, used - done)
         used = 0
      },
      byte(value) {
         if (value === null) return
         bytes[used++] = value
         if (used === bytes.length) this.flush()
      },
   }
}

function input() {
   let bytes = null, next = 0
   return () => {
      bytes ??= fs.readFileSync(0)
      return next < bytes.length ? bytes[next++] : null
   }
}

const out = output(1), err = output(2)
let status = 0
const instance = await difkitInstance({
   wasmBinary: fs.readFileSync(engine.replace(/js$/, "wasm")),
   preRun: [({ FS, NODEFS, ENV }) => {
      Object.assign(ENV, process.env)
      FS.init(input(), value => out.byte(value), value => err.byte(value))
      for (const name of fs.readdirSync("/")) {
         if (["dev", "proc", "sys"].includes(name) || !fs.statSync(`/${name}`, { throwIfNoEntry: false })?.isDirectory()) continue
         if (!FS.analyzePath(`/${name}`).exists) FS.mkdir(`/${name}`)
         FS.mount(NODEFS, { root: `/${name}` }, `/${name}`)
      }
      FS.chdir(process.cwd())
   }],
   quit(code, reason) {
      status = code
      throw reason
   },
})
try {
   status = instance.callMain(process.argv.slice(2)) ?? status
} catch (reason) {
   if (reason?.name !== "ExitStatus") {
      console.error(reason)
      status = 70
   }
}
out.flush()
err.flush()
process.exit(status)
