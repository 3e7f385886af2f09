// difkit in a page: the engine that runs difkit's commands in a worker, on files that are in memory. README.md beside this file
// tells how it is used. It asks nothing of the network and works from file://, under a policy that allows a page no more than
// script-src 'wasm-unsafe-eval' (and the page's own script) and worker-src blob:.
//
// core/engine/assemble.mjs puts in place: the module, compressed and in base64, code and data each for itself; what unpacks them; and the script of the worker.
"use strict"

const DifkitEngine = (() => {
   const parts = "@PARTS@", unpacker = "@UNPACK@"
   const script = "@WORKER@"

   const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
   const encoder = new TextEncoder()
   let compiled = null

   /** What base64 stands for. A page waits for this: by Uint8Array.from it would take ten times as long. */
   function decode(text) {
      if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text)
      const characters = atob(text), bytes = new Uint8Array(characters.length)
      for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i)
      return bytes
   }

   /** What a part of the module unpacks to, by a module of its own (unpack.c). Stands in a worker, too. */
   async function unpack({ unpacker, packed, size }) {
      const { instance: { exports } } = await WebAssembly.instantiate(unpacker, { env: { emscripten_notify_memory_growth() {} } })
      const from = exports.malloc(packed.length), to = exports.malloc(size)
      new Uint8Array(exports.memory.buffer).set(packed, from)
      if (exports.unpack(to, size, from, packed.length) !== size) throw new Error("the engine in this page is damaged")
      return new Uint8Array(exports.memory.buffer, to, size)
   }

   /** The same in a worker that ends with it. */
   function unpackBeside(part) {
      const address = URL.createObjectURL(new Blob([`${unpack}
         onmessage = async ({ data }) => postMessage(await unpack(data))`], { type: "text/javascript" }))
      const worker = new Worker(address)
      return new Promise((resolve, reject) => {
         worker.onmessage = ({ data }) => resolve(data)
         worker.onerror = reject
         worker.postMessage(part)
      }).finally(() => {
         worker.terminate()
         URL.revokeObjectURL(address)
      })
   }

   /**
    * The module: its code and its data. The code, which is less, is unpacked in a worker, which takes a while to start; or, where
    * none can be had, here after the data.
    */
   async function unpackAll() {
      const self = decode(unpacker)
      const [code, content] = parts.map(({ packed, size }) => ({ unpacker: self, packed: decode(packed), size }))
      const beside = unpackBeside(code).catch(() => unpack(code))
      const module = new Uint8Array(code.size + content.size)
      module.set(await unpack(content), code.size)
      module.set(await beside)
      return module
   }

   /** The module is unpacked and compiled once a page, whatever the number of engines and workers. */
   function compile() {
      compiled ??= (async () => {
         if (typeof WebAssembly !== "object") {
            throw new Error("WebAssembly is switched off in this browser: its settings or its administrator can allow it")
         }
         return WebAssembly.compile(await unpackAll())
      })()
      return compiled
   }

   /** The bytes of a text, a buffer or a view, as a copy of their own. */
   function bytesOf(content) {
      if (typeof content === "string") return encoder.encode(content)
      if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength).slice()
      if (content instanceof ArrayBuffer) return new Uint8Array(content.slice(0))
      throw new TypeError("the content of a file is a text, an ArrayBuffer or a view of one")
   }

   /** A path as the engine keeps it: relative to the folder in which commands start, without "." and "..". */
   function pathOf(path) {
      const parts = []
      for (const part of String(path).split("/")) {
         if (part === "" || part === ".") continue
         if (part === ".." || part.includes("\0")) throw new RangeError(`"${path}" is not a path below the engine's folder`)
         parts.push(part)
      }
      if (parts.length === 0 || String(path).startsWith("/")) {
         throw new RangeError(`"${path}" is not a path of a file below the engine's folder`)
      }
      return parts.join("/")
   }

   return class DifkitEngine {
      #environment
      #files = new Map() // path → Uint8Array: the truth; a worker may be gone at any time
      #unsent = new Map() // path → Uint8Array, or null where it was removed: what the worker does not know yet
      #worker = null
      #begun = null // resolves when the worker can take a run
      #waiting = [] // runs, the first of them running once it has a worker
      #last = 0

      /** An engine with no files. environment: variables beside the engine's own (NO_COLOR, HOME, LANG). */
      constructor({ environment = {} } = {}) {
         this.#environment = { NO_COLOR: "1", HOME: "/home", LANG: "C.UTF-8", ...environment }
         this.#begin()
      }

      /** Resolves when the engine can run; fails where the browser does not allow it to, with an Error that says why. */
      get ready() { return this.#begun }

      /** Whether a command is running or waits for its turn. */
      get busy() { return this.#waiting.length > 0 }

      /** Lays a file (a text, an ArrayBuffer or a view) at a path such as "data/progress.csv", for the runs that follow. */
      put(path, content) {
         const bytes = bytesOf(content)
         path = pathOf(path)
         this.#files.set(path, bytes)
         this.#unsent.set(path, bytes)
      }

      /** The bytes of a file, or undefined. They are the engine's own: copy them before changing them. */
      get(path) { return this.#files.get(pathOf(path)) }

      /** The text of a file, or undefined. */
      text(path) {
         const bytes = this.get(path)
         return bytes && decoder.decode(bytes)
      }

      /** Takes a file away; whether there was one. */
      remove(path) {
         path = pathOf(path)
         this.#unsent.set(path, null)
         return this.#files.delete(path)
      }

      /** The paths of all files, in order. */
      paths() { return [...this.#files.keys()].sort() }

      /**
       * Runs a command line, given as its words without "difkit": run(["run", "coverage", "--format", "csv"]).
       * options: input (text or bytes on standard input), onOutput(name, text) with name "out" or "err" while it runs,
       * seconds (after which it is stopped). Runs wait for one another.
       * Resolves, whatever happened, to {status, out, err, written, removed, milliseconds}, and `stopped` or `failure` where
       * the run did not end by itself; then no file counts as written.
       */
      run(words, { input = "", onOutput = null, seconds = 0 } = {}) {
         if (!Array.isArray(words)) throw new TypeError("a command line is a list of words")
         return new Promise(resolve => {
            const given = { words: words.map(String), input: bytesOf(input), onOutput, seconds, resolve, out: "", err: "" }
            given.decoders = { out: new TextDecoder("utf-8", { ignoreBOM: true }), err: new TextDecoder("utf-8", { ignoreBOM: true }) }
            this.#waiting.push(given)
            if (this.#waiting.length === 1) this.#start(given)
         })
      }

      /** Stops the run that is under way and drops those that wait (status 130); a new worker stands ready at once. */
      stop() { this.#abandon(130, "stopped", "difkit: stopped\n") }

      /** Ends the engine for good. */
      close() {
         this.#drop()
         this.#settle(130, "stopped", "difkit: the engine was closed\n")
         this.#begun = Promise.reject(new Error("the engine was closed"))
         this.#begun.catch(() => {})
      }

      /**
       * A chart of difkit (SVG, as text) as the bytes of a PNG picture, drawn by the page's canvas. scale: pixels for one of
       * the SVG; or width and height in pixels.
       */
      static async png(svg, { scale = 2, width, height } = {}) {
         const image = new Image()
         await new Promise((resolve, reject) => {
            image.onload = resolve
            image.onerror = () => reject(new Error("the picture cannot be shown: its SVG is damaged, or the policy lacks img-src data:"))
            image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
         })
         const canvas = document.createElement("canvas")
         canvas.width = width ?? Math.round(image.width * scale)
         canvas.height = height ?? Math.round(image.height * scale)
         canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
         const picture = await new Promise(resolve => canvas.toBlob(resolve, "image/png"))
         return new Uint8Array(await picture.arrayBuffer())
      }

      /** A worker starts while the module is compiled: both take their time. */
      #begin() {
         this.#unsent = new Map(this.#files)
         const started = new Promise((resolve, reject) => {
            const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }))
            const worker = this.#worker = new Worker(address)
            worker.onmessage = ({ data }) => {
               if (data.ready) {
                  URL.revokeObjectURL(address)
                  resolve(worker)
               } else if (worker === this.#worker) this.#receive(data)
            }
            worker.onerror = event => {
               event.preventDefault()
               const failure = event.message ?? "the page's policy forbids its worker"
               reject(new Error(failure))
               if (worker === this.#worker && this.#waiting.length > 0) this.#receive({ id: this.#waiting[0].id, failure })
            }
            compile().then(module => worker.postMessage({ module }), reject)
         })
         started.catch(() => {})
         this.#begun = started
      }

      #drop() {
         this.#worker?.terminate()
         this.#worker = null
      }

      async #start(given) {
         given.id = ++this.#last
         try {
            const begun = this.#begun
            const worker = await begun
            if (given !== this.#waiting[0] || begun !== this.#begun) return
            given.begun = performance.now()
            if (given.seconds > 0) {
               given.timer = setTimeout(() => this.#abandon(124, "stopped",
                  `difkit: stopped after ${given.seconds} seconds\n`, true), given.seconds * 1000)
            }
            const put = new Map([...this.#unsent].filter(([, bytes]) => bytes !== null))
            const remove = [...this.#unsent.keys()].filter(path => !put.has(path))
            this.#unsent.clear()
            worker.postMessage({ id: given.id, words: given.words, environment: this.#environment, input: given.input, put, remove })
         } catch (reason) {
            if (given === this.#waiting[0]) this.#receive({ id: given.id, failure: reason.message })
         }
      }

      #receive(data) {
         const given = this.#waiting[0]
         if (given?.id !== data.id) return
         if (data.output) {
            const text = given.decoders[data.output].decode(data.bytes, { stream: true })
            given[data.output] += text
            given.onOutput?.(data.output, text)
         } else if (data.draw) {
            this.#draw(data.draw)
         } else if (data.failure !== undefined) {
            this.#abandon(70, "failure", `difkit: the engine failed: ${data.failure}\n`, true)
         } else {
            this.#waiting.shift()
            for (const [path, bytes] of data.written) if (!this.#unsent.has(path)) this.#files.set(path, bytes)
            for (const path of data.removed) if (!this.#unsent.has(path)) this.#files.delete(path)
            this.#finish(given, data.status, data.written, data.removed, {})
            if (this.#waiting.length > 0) this.#start(this.#waiting[0])
         }
      }

      /** Draws what a run asks for, which goes on with it; null where the page cannot. */
      async #draw(wishes) {
         const worker = this.#worker
         const pictures = await Promise.all(wishes.map(async ({ name, svg, width, height }) =>
            [name, await DifkitEngine.png(svg, { width, height })])).catch(() => null)
         worker?.postMessage({ pictures })
      }

      #finish(given, status, written, removed, more) {
         clearTimeout(given.timer)
         const milliseconds = given.begun === undefined ? 0 : performance.now() - given.begun
         given.resolve({ status, out: given.out, err: given.err, written, removed, milliseconds, ...more })
      }

      #settle(status, cause, message, first = false) {
         for (const given of this.#waiting.splice(0, first ? 1 : Infinity)) {
            given.err += message
            given.onOutput?.("err", message)
            this.#finish(given, status, new Map(), [], { [cause]: message.trim() })
         }
      }

      /** Replaces the worker. The run under way (or all of them) ends without a file; those that wait go on with the new one. */
      #abandon(status, cause, message, first = false) {
         this.#drop()
         this.#begin()
         this.#settle(status, cause, message, first)
         if (this.#waiting.length > 0) this.#start(this.#waiting[0])
      }
   }
})()
