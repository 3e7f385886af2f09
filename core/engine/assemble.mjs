// node assemble.mjs FOLDER UNPACK.wasm: makes of FOLDER/difkit.wasm and FOLDER/difkit.js (Emscripten's) what a page needs, in
// FOLDER:
//   difkit.wasm.zst    the module, compressed as small as zstd goes
//   difkit-engine.js   one script with everything in it: engine.js, the module in base64, the script of the worker
//   engine.html        a bare page around it (engine.html beside this file), under the policy that it needs
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

const here = path.dirname(fileURLToPath(import.meta.url))
const [folder, unpack] = process.argv.slice(2)
const source = name => fs.readFileSync(path.join(here, name), "utf8")

/** A text as a JavaScript literal that may stand within a <script> element. */
const literal = text => JSON.stringify(text).replaceAll("</", "<\\/").replaceAll("<!--", "<\\!--")

/** Puts texts at marks, each of which has to be there once. */
function place(template, texts) {
   for (const [mark, text] of Object.entries(texts)) {
      const parts = template.split(mark)
      if (parts.length !== 2) throw new Error(`${mark} stands ${parts.length - 1} times in its template`)
      template = parts.join(text)
   }
   return template
}

const module = path.join(folder, "difkit.wasm")
execFileSync("zstd", ["--ultra", "-22", "--zstd=wlog=23,clog=27,hlog=27,slog=26,mml=3,tlen=131072,strat=9", "--no-check",
    "--quiet", "--force", module, "-o", `${module}.zst`])
const compressed = fs.readFileSync(`${module}.zst`)
const worker = fs.readFileSync(path.join(folder, "difkit.js"), "utf8") + source("worker.js")
const engine = place(source("engine.js"), {
   '"@MODULE@"': JSON.stringify(compressed.toString("base64")),
   '"@SIZE@"': String(fs.statSync(module).size),
   '"@UNPACK@"': JSON.stringify(fs.readFileSync(unpack).toString("base64")),
   '"@WORKER@"': literal(worker),
})
fs.writeFileSync(path.join(folder, "difkit-engine.js"), engine)

// The policy names the page's scripts by their digests: nothing else runs, and nothing is fetched.
let page = source("engine.html").replace(/<script src="difkit-engine.js"><\/script>/, () => `<script>${engine}</script>`)
const digests = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text]) =>
   `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
page = place(page, { "@SCRIPTS@": digests.join(" ") })
fs.writeFileSync(path.join(folder, "engine.html"), page)
console.log(`difkit.wasm.zst: ${compressed.length} bytes; difkit-engine.js: ${engine.length}; engine.html: ${page.length}`)
