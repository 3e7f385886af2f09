// Stock scripts as forms, made from their headers. A form stays as it was left while others are looked at.
"use strict"
const scripts = JSON.parse(element("forms").textContent)
const made = new Map() // name of a script → {nodes, words()}
const known = new Map() // type of a record and data → promise of its ids, [id, title]
let current = null

/** What can stand for a value, as difkit's own completion has it. */
function candidates(script, option) {
   const before = [...data.words(), script.name]
   const key = JSON.stringify([option.type, data.words()])
   if (!known.has(key)) {
      known.set(key, engine.run(["__complete", "--", "run", ...before, `--${option.name}`, ""]).then(({ out }) =>
         out.split("\n").filter(Boolean).map(line => line.split("\t"))))
   }
   return known.get(key)
}

/** A list of suggestions for an input; in a list of ids those for its last one. */
function suggest(input, list, option, entries) {
   const comma = option.several ? input.value.lastIndexOf(",") + 1 : 0
   const before = input.value.slice(0, comma)
   list.replaceChildren(...entries.map(([id, title]) => make("option", { value: before + id }, title ?? "")))
}

/** The control of an option: {node, words()}, the words being what stands for it on a command line. */
function field(script, option, argument) {
   const id = `${script.name}-${option.name}`, several = option.several
   const help = make("p", { class: "help", id: `${id}-help` }, option.help + (option.required ? " Required." : ""))
   const shown = Array.isArray(option.default) ? option.default.join(",") : option.default
   const dashed = `--${option.name}`
   const described = { id, "aria-describedby": help.id, autocomplete: "off", spellcheck: "false", "aria-required": option.required }
   const said = value => argument ? [value] : value.startsWith("-") ? [`${dashed}=${value}`] : [dashed, value]
   if (option.type === "boolean") {
      const box = make("input", { type: "checkbox", id, "aria-describedby": help.id })
      box.checked = shown === true
      return {
         node: make("div", {}, make("div", { class: "check" }, box, make("label", { for: id }, option.name)), help),
         words: () => box.checked === (shown === true) ? [] : [box.checked ? dashed : `--no-${option.name}`],
      }
   }
   let control
   if (option.choices && !several) {
      control = make("select", { id, "aria-describedby": help.id }, ...shown === undefined ? [make("option", { value: "" }, "–")] : [],
         ...option.choices.map(choice => make("option", { value: choice, selected: choice === shown }, choice)))
   } else {
      const numeric = option.type === "integer" || option.type === "number"
      control = make("input", { ...described, type: "text", placeholder: shown ?? (option.type === "date" ? "2026-10-31" : undefined),
         inputmode: numeric ? "decimal" : undefined, list: `${id}-list` })
   }
   const list = make("datalist", { id: `${id}-list` })
   if (control.localName === "input") {
      const refill = async () => {
         const entries = option.record ? await candidates(script, option) : option.choices ? option.choices.map(choice => [choice])
            : option.type === "path" ? engine.paths().filter(path => path.startsWith("files/")).map(path => [path]) : []
         suggest(control, list, option, entries)
      }
      control.addEventListener("focus", refill)
      if (several) control.addEventListener("input", refill)
   }
   return {
      node: make("div", {}, make("label", { for: id }, argument ? option.name.toUpperCase() : option.name), help, control, list),
      words: () => {
         const value = control.value.trim()
         if (value === "" || (!argument && value === String(shown))) return []
         return argument && several ? value.split(/\s+/) : said(value)
      },
   }
}

function formOf(script) {
   if (made.has(script.name)) return made.get(script.name)
   const options = script.options.map(option => field(script, option, false))
   const given = script.arguments.map(option => field(script, option, true))
   const code = make("code", { id: "ask-command" })
   const nodes = [
      make("h2", {}, script.name), make("p", {}, script.description),
      script.details ? make("details", {}, make("summary", {}, "More about it"), make("p", { class: "details" }, script.details)) : "",
      make("div", { class: "fields" }, ...[...given, ...options].map(one => one.node)),
      make("p", { class: "command" }, make("span", {}, "The same on a command line: "), code, " ",
         make("button", { type: "button", class: "copy", "data-of": "ask-command" }, "Copy")),
      make("p", {}, make("button", { class: "main run", disabled: !usable }, "Run")),
   ]
   const one = {
      script, nodes, code,
      written: /^nothing$/.test(script.writes ?? "nothing") ? [] : ["--out", "out"],
      words: () => ["run", ...one.written, ...data.words(), script.name, ...options.flatMap(option => option.words()),
         ...given.flatMap(argument => argument.words())],
      tell: () => { code.textContent = commandLine(one.words()) },
   }
   made.set(script.name, one)
   return one
}

function choose(name) {
   current = formOf(scripts.find(script => script.name === name))
   element("form").replaceChildren(...current.nodes)
   current.tell()
   for (const button of element("questions").querySelectorAll("button")) {
      if (button.dataset.name === name) {
         button.setAttribute("aria-current", "true")
         const list = element("questions"), place = button.parentNode
         list.scrollTop = Math.max(0, place.offsetTop - list.offsetTop - list.clientHeight / 3)
      }
      else button.removeAttribute("aria-current")
   }
   element("ask-result").replaceChildren(...current.shown ?? [])
}

/** Runs what the form says; the answer stays with its question. */
async function ask() {
   const one = current, place = make("div")
   one.shown = [place]
   element("ask-result").replaceChildren(place)
   await answer(place, one.words(), one.script.name)
}

/** The list of questions that have all words looked for. */
function listQuestions() {
   const words = element("find").value.toLowerCase().split(/\s+/).filter(Boolean)
   element("questions").replaceChildren(...scripts.filter(script => {
      const text = `${script.name} ${script.description} ${script.details}`.toLowerCase()
      return words.every(word => text.includes(word))
   }).map(script => {
      const button = make("button", { type: "button", "data-name": script.name, "aria-current": current?.script === script && "true" },
         make("b", {}, script.name), make("span", {}, script.description))
      button.addEventListener("click", () => choose(script.name))
      return make("li", {}, button)
   }))
}
