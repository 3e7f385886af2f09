// node assemble.mjs FOLDER UNPACK.wasm: makes of FOLDER/difkit.wasm and FOLDER/difkit.js (Emscripten's) what a page needs, in
// FOLDER:
//   difkit.wasm.1.lzma, difkit.wasm.2.lzma   code and data of the module, which a page unpacks at the same time
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

/** Where the data of a module begin: its last section of that kind (11). A section is its kind, its size in groups of 7 bits, itself. */
function dataOf(module) {
   for (let at = 8, begun = 8; at < module.length;) {
      const kind = module[begun = at++]
      let size = 0
      for (let shift = 0, byte = 128; byte >= 128; shift += 7) size += ((byte = module[at++]) & 127) * 2 ** shift
      if (kind === 11) return begun
      at += size
   }
   throw new Error("difkit.wasm has no data")
}

// Code and data have little in common: nothing is lost by compressing each alone.
const module = fs.readFileSync(path.join(folder, "difkit.wasm"))
const cut = dataOf(module)
const parts = [module.subarray(0, cut), module.subarray(cut)].map((bytes, i) => {
   const file = path.join(folder, `difkit.wasm.${i + 1}`)
   fs.writeFileSync(file, bytes)
   execFileSync("xz", ["--format=lzma", `--lzma1=preset=9e,dict=8MiB,lc=${4 - i},lp=0,pb=0,nice=273,depth=2000`, "--force", file])
   return { packed: fs.readFileSync(`${file}.lzma`), size: bytes.length }
})
const worker = fs.readFileSync(path.join(folder, "difkit.js"), "utf8") + source("worker.js")
const engine = place(source("engine.js"), {
   '"@PARTS@"': JSON.stringify(parts.map(({ packed, size }) => ({ packed: packed.toString("base64"), size }))),
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
const compressed = parts.map(({ packed }) => packed.length)
console.log(`difkit.wasm, compressed: ${compressed.join(" + ")} = ${compressed[0] + compressed[1]} bytes; difkit-engine.js: ${engine.length}; engine.html: ${page.length}`)
