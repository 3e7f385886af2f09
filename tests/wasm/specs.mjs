// node specs.mjs: runs the specs of the library that need no process in the engine (tests/wasm/specs.lua), two at a time, and says
// what failed. Ends with 1 when anything did.
import { spawn } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import { fileURLToPath } from "node:url"

process.chdir(fileURLToPath(new URL("../..", import.meta.url)))

const starts = /popen|os\.execute|tests\.cli|support\.run|dofile/ // what a spec that starts processes says
const specs = fs.readdirSync("tests/spec", { recursive: true }).filter(name => name.endsWith("_spec.lua"))
   .map(name => `tests/spec/${name}`).filter(path => !starts.test(fs.readFileSync(path, "utf8"))).sort()

function run(spec) {
   const environment = { PATH: process.env.PATH, HOME: os.tmpdir(), NO_COLOR: "1", TZ: "UTC", LC_ALL: "C.UTF-8" }
   return new Promise(resolve => {
      const child = spawn(process.execPath, ["tests/wasm/difkit.mjs", "run", "--trust", "tests/wasm/specs.lua", spec],
         { env: environment, stdio: ["ignore", "pipe", "pipe"] })
      let said = ""
      for (const stream of [child.stdout, child.stderr]) stream.on("data", bytes => { said += bytes })
      child.on("close", status => resolve({ status, said }))
   })
}

const total = { passed: 0, failed: 0, pending: 0 }
async function work() {
   for (let spec = specs.shift(); spec; spec = specs.shift()) {
      const { status, said } = await run(spec)
      const counts = /(\d+) passed, (\d+) failed, (\d+) pending\n$/.exec(said)
      Object.keys(total).forEach((what, i) => { total[what] += counts ? Number(counts[i + 1]) : 0 })
      if (!counts) total.failed++
      if (!counts || status !== 0 || /^absent/m.test(said)) console.log(`${spec}\n${said}`)
   }
}
const files = specs.length
await Promise.all([work(), work()])
console.log(`${files} specs in the engine: ${total.passed} passed, ${total.failed} failed, ${total.pending} pending or absent`)
process.exit(total.failed > 0 ? 1 : 0)
