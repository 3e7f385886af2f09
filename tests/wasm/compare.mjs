// node compare.mjs [NATIVE]: runs every stock script (tests/wasm/runs, one call a line) and every example with the native program
// and with the engine, and holds what they print, how they end and every file they write against one another, byte by byte.
// OUT/ at the beginning of a word is the folder of the run. A stock script that has no line there is run without options. Prints what differs; ends with 1 when anything does, or when a
// call of tests/wasm/runs or an example fails.
import { spawn } from "node:child_process"
import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"

process.chdir(fileURLToPath(new URL("../..", import.meta.url)))
const native = process.argv[2] ?? "build/release/difkit"

function run(program, words, folder) {
   const [head, ...rest] = program
   // Nothing else of the environment: what makes node warn would differ on standard error.
   const environment = { PATH: process.env.PATH, HOME: os.tmpdir(), NO_COLOR: "1", TZ: "UTC", LC_ALL: "C.UTF-8" }
   return new Promise(resolve => {
      const child = spawn(head, [...rest, "run", ...words.map(word => word.replace(/^OUT/, folder)), "--out", folder], { env: environment, stdio: ["ignore", "pipe", "pipe"] })
      const out = [], err = []
      child.stdout.on("data", bytes => out.push(bytes))
      child.stderr.on("data", bytes => err.push(bytes))
      child.on("close", status => resolve({ status, out: Buffer.concat(out), err: Buffer.concat(err) }))
   })
}

/** The files below a folder, by their path in it. */
function files(folder) {
   return new Map(fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => {
      const file = path.join(entry.parentPath ?? entry.path, entry.name)
      return [path.relative(folder, file), fs.readFileSync(file)]
   }))
}

/** Every run writes into a folder of the same name, of a length that is the same: the name may be in what is printed. */
async function both(words) {
   const results = []
   for (const program of [[native], [process.execPath, "tests/wasm/difkit.mjs"]]) {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "compared-"))
      const result = await run(program, words, folder)
      result.files = files(folder)
      for (const part of ["out", "err"]) result[part] = Buffer.from(result[part].toString("latin1").replaceAll(folder, "OUT"), "latin1")
      fs.rmSync(folder, { recursive: true })
      results.push(result)
   }
   return results
}

function differences(one, other, bare) {
   const found = []
   if (one.status !== other.status || (one.status !== 0 && !bare)) found.push(`status ${one.status} and ${other.status}: ${other.err}`)
   for (const part of ["out", "err"]) if (!one[part].equals(other[part])) found.push(`standard ${part}put`.replace("errput", "error"))
   for (const name of new Set([...one.files.keys(), ...other.files.keys()])) {
      const [a, b] = [one.files.get(name), other.files.get(name)]
      if (!a || !b) found.push(`${name} is written by one alone`)
      else if (!a.equals(b)) {
         const at = a.findIndex((byte, i) => byte !== b[i])
         found.push(`${name} at byte ${at}: ${JSON.stringify(a.toString("latin1", at - 30, at + 40))} and ` +
            JSON.stringify(b.toString("latin1", at - 30, at + 40)))
      }
   }
   return found
}

const calls = fs.readFileSync("tests/wasm/runs", "utf8").trim().split("\n").map(line => line.split(" "))
const stock = fs.readdirSync("scripts/stock").filter(name => name.endsWith(".lua")).map(name => name.slice(0, -4))
const bare = new Set(stock.filter(name => !calls.some(([first]) => first === name)))
for (const name of bare) calls.push([name])
for (const name of fs.readdirSync("examples").filter(name => name.endsWith(".lua")).sort()) calls.push([`examples/${name}`])

let failed = 0
async function work() {
   for (let words = calls.shift(); words; words = calls.shift()) {
      const [one, other] = await both(words)
      const found = differences(one, other, bare.has(words[0]))
      failed += found.length > 0 ? 1 : 0
      console.log(`${found.length > 0 ? "differs" : "same   "}  ${words.join(" ")}`)
      for (const line of found) console.log(`         ${line}`)
   }
}
const total = calls.length
await Promise.all([work(), work()])
console.log(`${total - failed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
