// An answer: the page that difkit writes of it, in a frame; what it printed; files that it wrote; and the same in other formats.
"use strict"
const formats = [["csv", "CSV"], ["xlsx", "Excel"], ["docx", "Word"], ["md", "Markdown"], ["json", "JSON"], ["html", "Page"]]
const PAGE = "answer.html" // where the page of an answer is written

/**
 * A page of difkit, as high as it is; a long one scrolls within its frame. The policy of this page holds for what is shown in
 * it, too; that of the shown page goes, because it does not know frame.js.
 */
function framed(bytes, title) {
   const page = new TextDecoder().decode(bytes).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "")
      .replace(/<\/body>\s*<\/html>\s*$/, () => `<script>${JSON.parse(element("frame").textContent)}<\/script></body></html>`)
   const frame = make("iframe", { title })
   frame.src = URL.createObjectURL(new Blob([page], { type: "text/html" }))
   frame.longest = page.includes('<body class="explorer"') ? 0 : 3000
   return frame
}

addEventListener("message", ({ source, data: said }) => {
   const frame = [...document.querySelectorAll("iframe")].find(one => one.contentWindow === source)
   if (frame && said.height) frame.style.height = said.height > frame.longest ? "85vh" : `${said.height + 4}px`
   if (frame && said.stop && engine.busy) engine.stop()
})

function wrong(text) { return make("div", { class: "wrong", role: "alert" }, text.replace(/^difkit: /, "").trim()) }

/** A picture that a script wrote, and a button that gives it as PNG. */
function picture(name, bytes) {
   const image = make("img", { alt: name })
   image.src = URL.createObjectURL(new Blob([bytes], { type: "image/svg+xml" }))
   const png = make("button", { type: "button" }, "Picture (PNG)")
   png.addEventListener("click", async () => {
      download(name.replace(/svg$/, "png"), await DifkitEngine.png(new TextDecoder().decode(bytes)))
   })
   return make("div", {}, image, make("p", {}, png))
}

/** The files below out/ that a run wrote: links, and the first page or the pictures among them to be seen. */
function writtenFiles(written) {
   const files = [...written].filter(([path]) => path.startsWith("out/") && !path.split("/").pop().startsWith("."))
   if (files.length === 0) return []
   const shown = [], buttons = files.map(([path, bytes]) => {
      const name = path.slice(4), button = make("button", { type: "button" }, name)
      button.addEventListener("click", () => download(name.split("/").pop(), bytes))
      if (name.endsWith(".svg")) shown.push(picture(name, bytes))
      return button
   })
   const page = files.find(([path]) => path === "out/index.html") ?? files.find(([path]) => path.endsWith(".html"))
   if (page) shown.push(framed(page[1], page[0].slice(4)))
   return [make("p", { class: "exports" }, "Files: ", ...buttons), ...shown]
}

/** The buttons that run the same again for another format. */
function exportButtons(words, name, place) {
   return make("p", { class: "exports" }, "Take along as: ", ...formats.map(([ending, label]) => {
      const button = make("button", { type: "button", "data-format": ending }, label)
      button.addEventListener("click", async () => {
         const file = `${name}.${ending}`
         const result = await run([words[0], "--output", file, ...words.slice(1)])
         const bytes = engine.get(file)
         place.querySelector(".wrong")?.remove()
         if (result.status === 0 && bytes) download(file, bytes)
         else place.append(wrong(result.err))
         engine.remove(file)
      })
      return button
   }))
}

/**
 * Runs the words and shows in `place` what comes of it. A script that gives no table says so by refusing --output: then it is
 * run without.
 */
async function answer(place, words, name) {
   for (const path of engine.paths()) if (path.startsWith("out/")) engine.remove(path)
   place.setAttribute("aria-busy", "true")
   // The words of the page go before those of the question, of which some may be the script's alone.
   const [command, ...rest] = words
   let result = await run([command, "--output", PAGE, ...rest])
   let page = result.written.get(PAGE)
   engine.remove(PAGE)
   if (result.status === 2 && /for --output/.test(result.err)) {
      for (const path of engine.paths()) if (path.startsWith("out/")) engine.remove(path)
      page = null
      result = await run(words)
   }
   const shown = []
   if (result.status !== 0) shown.push(wrong(result.err))
   else if (result.err.trim()) shown.push(make("p", { class: "help" }, result.err.trim()))
   if (page) shown.push(exportButtons(words, name, place), framed(page, "Answer"))
   if (result.out.trim()) shown.push(make("pre", { tabindex: "0", "aria-label": "What was printed" }, result.out))
   shown.push(...writtenFiles(result.written))
   if (shown.length === 0) shown.push(make("p", {}, "Nothing was printed, and nothing written."))
   place.replaceChildren(...shown)
   place.removeAttribute("aria-busy")
}
