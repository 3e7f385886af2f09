// The workbench, in Chromium from file://: first answer, questions with the bytes of the native program, what is brought, what
// is stopped, and that nothing is asked of anyone. Needs the engine (.ci/wasm); skipped without it.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {existsSync, readFileSync, statSync, writeFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {after, before, test} from "node:test";
import {Browser, findBrowser} from "./browser.mjs";
import {address, assertNarrow, assertQuiet, difkit, faint, folder, run, sql} from "./support.mjs";

const skip = !findBrowser() ? "no Chromium here" : !existsSync("build/wasm/difkit-engine.js") ? "the engine is not built (.ci/wasm)" : false;
const net = "country;2020;2021\nGermany;93,1;94,0\nItaly;70,5;74,9\n";
let browser, page, file, place;

before(async () => {
   if (skip) return;
   place = folder();
   file = join(place, "difkit.html");
   assert.match(run("workbench", "-o", file), /^wrote .*difkit\.html: \d\.\d MB\n$/);
   browser = await Browser.start();
   page = await browser.open(address(file));
   await page.value("begunWell");
});
after(async () => { if (browser) await browser.close(); });

// What happens in the page while it runs `code`: the names and bytes (as latin-1) of the files that it gives to the person.
function downloads(code) {
   return page.value(`(async () => {
      const given = [], kept = download;
      download = (name, bytes) => given.push([name, bytes.reduce((text, byte) => text + String.fromCharCode(byte), "")]);
      try { await (async () => {${code}})(); } finally { download = kept; }
      return given;
   })()`);
}

// Fills the form of a script and runs it.
function ask(name, values) {
   return page.value(async (name, values) => {
      choose(name);
      for (const [option, value] of Object.entries(values)) {
         const control = element(`${name}-${option}`);
         if (typeof value === "boolean") control.checked = value; else control.value = value;
      }
      current.tell();
      const line = current.code.textContent;
      await ask();
      return {line, text: element("ask-result").textContent, state: element("state").textContent};
   }, name, values);
}

// Presses a button of the answer and waits until its file is given.
const take = (format, where = "ask-result") => downloads(`element("${where}").querySelector("[data-format=${format}]").click();
   for (let i = 0; i < 500 && given.length === 0; i++) await new Promise((done) => setTimeout(done, 20));`);

// What the newest frame shows, and whether it could fetch something: a frame of a page from file:// is a process of its own.
async function shown() {
   const {targetInfos} = await browser.send("Target.getTargets");
   const {targetId} = targetInfos.filter((one) => one.type === "iframe").at(0);
   const {sessionId} = await browser.send("Target.attachToTarget", {targetId, flatten: true});
   const {result} = await browser.send("Runtime.evaluate", {returnByValue: true, awaitPromise: true,
      expression: `fetch("https://example.org/").then(() => "sent", () => "refused").then((sent) => ({sent,
         text: document.body.innerText, rows: document.querySelectorAll("tbody tr").length,
         sorts: document.querySelectorAll("th button").length, wide: getComputedStyle(document.body).maxWidth}))`}, sessionId);
   await browser.send("Target.detachFromTarget", {sessionId});
   return result.value;
}

test("is one file of at most 2.8 MB, and says what it may do", {skip}, () => {
   console.log(`difkit.html is ${statSync(file).size} bytes`);
   assert.ok(statSync(file).size <= 2.8e6);
   const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(file, "utf8"));
   assert.match(policy, /^default-src 'none';.* connect-src 'none';/);
   assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|http|\*/);
});

test("has its first answer by itself, as the page that difkit makes, sortable", {skip}, async () => {
   console.log(`first answer ${Math.round(await page.value("firstAnswer"))} ms after the page was opened`);
   await new Promise((done) => setTimeout(done, 300));
   const seen = await shown();
   assert.match(seen.text, /Trade Facilitation/);
   assert.equal(seen.rows, sql("SELECT count(*) AS n FROM topic")[0].n + 1);
   assert.ok(seen.sorts > 3, "the script of the page runs within the policy");
   assert.notEqual(seen.wide, "none", "its style sheet holds within the policy");
   assert.equal(seen.sent, "refused");
   const height = await page.value("document.querySelector('#ask-result iframe').offsetHeight");
   assert.ok(height > 500, `the frame is as high as its page: ${height}`);
});

test("asks with a form what the native program answers, byte for byte", {skip}, async () => {
   const {line} = await ask("gaps", {have: "DIFAP", lack: "BSBR", by: "action", all: true});
   assert.equal(line, "difkit run gaps --have DIFAP --lack BSBR --by action --all");
   const words = line.split(" ").slice(1);
   assert.deepEqual(await take("csv"), [["gaps.csv", Buffer.from(run(...words, "--format", "csv")).toString("latin1")]]);
   for (const ending of ["xlsx", "docx", "md"]) {
      run(...words, "-o", join(place, `gaps.${ending}`));
      assert.deepEqual(await take(ending), [[`gaps.${ending}`, readFileSync(join(place, `gaps.${ending}`), "latin1")]], ending);
   }
   assertQuiet(page);
});

test("every stock script has a form, and each that needs nothing runs from it", {skip}, async () => {
   const names = run("scripts").trim().split("\n").map((one) => one.split(" ")[0]);
   assert.deepEqual(await page.value("[...document.querySelectorAll('#questions button')].map((one) => one.dataset.name)"), names);
   const failed = await page.value(async () => {
      const failed = [];
      for (const script of scripts) {
         if ([...script.options, ...script.arguments].some((one) => one.required)) continue;
         choose(script.name);
         await ask();
         const said = element("ask-result").querySelector(".wrong");
         if (said) failed.push([script.name, said.textContent]);
      }
      return failed;
   });
   // What these say is theirs to say: the native program ends in the same words.
   for (const [name, said] of failed) {
      let native = "";
      try { execFileSync(resolve(difkit), ["run", name, "--out", "out"], {cwd: place, encoding: "utf8", stdio: "pipe"}); }
      catch (error) { native = error.stderr; }
      assert.equal(said, native.replace(/^difkit: /, "").trim(), name);
   }
   assertQuiet(page);
});

test("gives the files that a script writes, and shows a page among them", {skip}, async () => {
   const {line} = await ask("explorer", {});
   assert.equal(line, "difkit run --out out explorer");
   const given = await downloads(`[...element("ask-result").querySelectorAll(".exports button")]
      .find((one) => one.textContent === "explorer.html").click()`);
   run("run", "explorer", "--out", place);
   assert.deepEqual(given, [["explorer.html", readFileSync(join(place, "explorer.html"), "latin1")]]);
   await new Promise((done) => setTimeout(done, 500));
   assert.match((await shown()).text, /Actions by topic and document/);
});

test("completes ids, one after another in a list", {skip}, async () => {
   const seen = await page.value(async () => {
      choose("coverage");
      const input = element("coverage-area");
      input.value = "PA1,";
      input.dispatchEvent(new Event("focus"));
      for (let i = 0; i < 200 && !input.list.options.length; i++) await new Promise((done) => setTimeout(done, 20));
      return [...input.list.options].map((one) => one.value);
   });
   assert.deepEqual(seen, sql("SELECT id FROM area ORDER BY id").map(({id}) => `PA1,${id}`));
});

test("what is wrong is said, and a refused option does not end the page", {skip}, async () => {
   assert.match((await ask("gaps", {have: "DIFA", lack: "BSBR"})).text, /did you mean "?DIFAP/);
   assert.match((await ask("gaps", {have: "", lack: "BSBR"})).text, /--have is missing/);
});

test("runs SQL, and gives its rows", {skip}, async () => {
   const query = "SELECT id, title FROM document WHERE title LIKE '%Plan%' ORDER BY id";
   await page.value(async (query) => {
      showTab("sql");
      element("query").value = query;
      element("query").dispatchEvent(new Event("input"));
      await runQuery();
   }, query);
   assert.equal(await page.value("element('sql-command').textContent"), `difkit sql "${query}"`);
   assert.deepEqual(await take("csv", "sql-result"), [["rows.csv", Buffer.from(run("sql", query, "--format", "csv")).toString("latin1")]]);
   await page.value("element('query').value = 'DELETE FROM action'; runQuery()");
   assert.match(await page.value("element('sql-result').textContent"), /DELETE would change the data/);
});

test("a dropped CSV is looked at as import does, and kept for the questions", {skip}, async () => {
   writeFileSync(join(place, "net.csv"), net);
   const said = await page.value(async (net) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([net], "net.csv"));
      document.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer, cancelable: true, bubbles: true}));
      for (let i = 0; i < 500 && !document.querySelector(".card .main"); i++) await new Promise((done) => setTimeout(done, 20));
      return document.querySelector(".card pre").textContent;
   }, net);
   assert.equal(said, run("import", join(place, "net.csv")).replaceAll(join(place, "net.csv"), "files/net.csv"));
   await page.value(async () => {
      document.querySelector(".card .main").click();
      for (let i = 0; i < 500 && !/Kept/.test(document.querySelector(".card").textContent); i++) await new Promise((done) => setTimeout(done, 20));
   });
   assert.equal(await page.value("element('data').textContent"), "the bundled framework with net.csv");
   const count = "SELECT count(*) AS n FROM observation WHERE indicator_id = 'net'";
   await page.value(async (count) => { element("query").value = count; tellQuery(); await runQuery(); }, count);
   assert.match(await page.value("element('sql-command').textContent"), /--with kept\/net-csv$/);
   assert.deepEqual(await take("csv", "sql-result"), [["rows.csv", "n\n4\n"]]);
   assertQuiet(page);
});

test("a file with faults is refused with their cells, and taken when it is dropped corrected", {skip}, async () => {
   const look = (text) => page.value(async (text) => {
      await bringFiles([["reply.csv", new Blob([text])]]);
      const card = document.querySelector("[data-path='files/reply.csv']");
      return {text: card.textContent, cards: document.querySelectorAll("[data-path='files/reply.csv']").length,
         keep: card.querySelector(".main") !== null};
   }, text);
   const wrong = await look(net.replace("Italy", "Italia Nova").replace("94,0", "x94"));
   assert.match(wrong.text, /cannot be taken as it is.*Italia Nova at line 3: unknown.*line 2, column 3: "x94" is no number/s);
   assert.deepEqual([wrong.keep, wrong.cards], [false, 1]);
   const right = await look(net);
   assert.match(right.text, /4 observations/);
   assert.deepEqual([right.keep, right.cards], [true, 1]);
});

test("a returned sheet shows its three faults by cell, and is accepted when it is corrected", {skip}, async () => {
   const path = (name) => join(place, name), round = path("round.yaml");
   writeFileSync(round, 'rounds: [{id: "2026", title: "Round of 2026", reference: 2026-06-30}]\n');
   run("ask", "--unit", "VNM", "--round", "2026", "--with", round, "-o", path("sheet.xlsx"));
   for (const [name, edit] of [
      ["wrong.xlsx", 'list[1].status = "sort of" list[2].status = "completed" list[2].date = "soon" list[3].id = "NO.SUCH.1"'],
      ["right.xlsx", 'list[1].status = "ongoing" list[2].status = "completed" list[2].date = "2026-03-01"'],
   ]) {
      run("run", "--trust", "--no-proof", "--out", place, "-e", `
         local cover = assert(difkit.table.read("${path("sheet.xlsx")}", {sheet = "Read me first"}))
         local rows, list = assert(difkit.table.read("${path("sheet.xlsx")}", {sheet = "Answers"})), {}
         for i, row in ipairs(rows) do list[i] = {} for _, name in ipairs(rows.columns) do list[i][name] = row[name] end end
         ${edit}
         assert(difkit.export.workbook("${name}", {{"Read me first", cover}, {"Answers", difkit.table(rows.columns, list)}}))`);
   }
   const look = (name, file) => page.value(async (name, bytes) => {
      await bringFiles([[name, new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))])]]);
      const card = document.querySelector(`[data-path="files/${name}"]`);
      const buttons = [...card.querySelectorAll(".exports button")].map((one) => one.textContent);
      return {text: card.textContent, buttons};
   }, name, readFileSync(path(file)).toString("base64"));
   await look("round.yaml", "round.yaml");
   await page.value(`[...document.querySelectorAll("[data-path='files/round.yaml'] button")].find((one) => one.textContent === "Lay over it").click()`);
   const wrong = await look("reply.xlsx", "wrong.xlsx");
   assert.match(wrong.text, /cannot be taken as it is.*E2: "sort of" is no status.*F3: "soon" is no day.*A4: "NO\.SUCH\.1" is no action/s);
   assert.ok(!wrong.buttons.includes("Keep for the questions"));
   const right = await look("reply.xlsx", "right.xlsx");
   assert.match(right.text, /VNM, round 2026, \d+ answers: 1 completed, 1 in progress/);
   await page.value(async () => {
      const card = document.querySelector("[data-path='files/reply.xlsx']");
      card.querySelector(".main").click();
      for (let i = 0; i < 500 && !/Kept/.test(card.textContent); i++) await new Promise((done) => setTimeout(done, 20));
   });
   const count = "SELECT status, count(*) AS n FROM progress WHERE unit_id = 'VNM' GROUP BY status ORDER BY status";
   await page.value(async (count) => { element("query").value = count; tellQuery(); await runQuery(); }, count);
   run("take", path("right.xlsx"), "--with", round, "--out", path("replies"));
   assert.deepEqual(await take("csv", "sql-result"),
      [["rows.csv", run("sql", count, "--with", round, "--with", path("replies"), "--format", "csv")]]);
   assertQuiet(page);
});

test("a database that is brought is asked instead of the bundled framework", {skip}, async () => {
   const database = join(place, "own.db");
   run("new", "framework", "health", "--in", place);
   run("load", join(place, "health"), "-o", database);
   await page.value(async (bytes) => {
      await bringFiles([["own.db", new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))])]]);
      document.querySelector("[data-path='files/own.db'] .main").click();
      for (const one of [...data.over]) leave(one.path);
   }, readFileSync(database).toString("base64"));
   const {line} = await ask("coverage", {area: ""});
   assert.equal(line, "difkit run --db files/own.db coverage");
   assert.deepEqual((await take("csv"))[0][1], Buffer.from(run("run", "coverage", "--db", database, "--format", "csv")).toString("latin1"));
   await page.value("leave('files/own.db')");
});

test("stops at once, and keeps what was typed and brought", {skip}, async () => {
   const seen = await page.value(async () => {
      showTab("sql");
      element("query").value = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
      const endless = runQuery();
      await new Promise((done) => setTimeout(done, 300));
      const busy = engine.busy && !element("stop").disabled;
      element("stop").click();
      await endless;
      const state = element("state").textContent;
      const after = await engine.run(["--version"]);
      return {busy, state, query: element("query").value, files: engine.paths(), status: after.status};
   });
   assert.equal(seen.busy, true);
   assert.match(seen.state, /^Stopped\. What you typed is still there/);
   assert.match(seen.query, /^WITH RECURSIVE/);
   assert.ok(seen.files.includes("files/net.csv"));
   assert.equal(seen.status, 0);
});

test("is worked with the keyboard alone", {skip}, async () => {
   await page.value("showTab('ask'); element('tab-ask').focus()");
   await page.press("ArrowRight");
   assert.deepEqual(await page.value("[document.activeElement.id, element('sql').hidden, element('ask').hidden]"), ["tab-sql", false, true]);
   await page.press("ArrowLeft");
   await page.value("choose('coverage'); element('ask-result').replaceChildren(); element('coverage-area').focus()");
   await page.press("Enter");
   assert.ok(await page.value(`(async () => { for (let i = 0; i < 300 && !element("ask-result").querySelector("iframe"); i++)
      await new Promise((done) => setTimeout(done, 20)); return element("ask-result").querySelector("iframe") !== null })()`));
   const nameless = await page.value(`[...document.querySelectorAll("input, select, textarea, button, iframe")]
      .filter((one) => !(one.labels?.length || one.textContent.trim() || one.title || one.getAttribute("aria-label"))).length`);
   assert.equal(nameless, 0);
});

test("is legible in light and dark, at 1280 and 390 pixels", {skip}, async () => {
   for (const [width, scheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]]) {
      const fresh = await browser.open(address(file), {width, scheme});
      await fresh.value("begunWell");
      for (const tab of ["ask", "sql", "bring"]) {
         await fresh.value((tab) => showTab(tab), tab);
         await assertNarrow(fresh);
         assert.deepEqual(await faint(fresh, "h1, h2, p, label, button:not(:disabled), span, b, code, input, strong"), [], `${tab} ${width} ${scheme}`);
      }
      assertQuiet(fresh);
      await fresh.close();
   }
});

test("can fetch nothing", {skip}, async () => {
   const fresh = await browser.open(address(file));
   assert.equal(await fresh.value("fetch('https://example.org/').then(() => 'sent', () => 'refused')"), "refused");
   assert.equal(await fresh.value("new Promise(r => { const i = new Image(); i.onload = () => r('sent'); i.onerror = () => r('refused');"
      + " i.src = 'https://example.org/a.png'; })"), "refused");
   await fresh.close();
});

// A fresh page in which a table was kept, a form and a query typed.
async function worked(fresh) {
   await fresh.value("begunWell");
   await fresh.value(async (text) => {
      await bringFiles([["net use.csv", new Blob([text])]]);
      const card = element("files").querySelector("article");
      [...card.querySelectorAll("button")].find((one) => one.textContent === "Keep for the questions").click();
      while (data.over.length === 0) await new Promise((done) => setTimeout(done, 20));
      choose("gaps");
      element("gaps-lack").value = "BSBR";
      element("gaps-have").value = "DIFAP";
      element("gaps-have").dispatchEvent(new Event("input", {bubbles: true}));
      element("query").value = "SELECT 1";
      element("query").dispatchEvent(new Event("input", {bubbles: true}));
   }, net);
}

const standing = (fresh) => fresh.value(`({over: data.over, paths: engine.paths().filter(path => /^(files|kept)/.test(path)), query: element("query").value,
   have: element("gaps-have")?.value, line: current.code.textContent, cards: [...element("files").querySelectorAll("h2")].map(one => one.textContent),
   saved: element("saved").textContent, asks: !dispatchEvent(new Event("beforeunload", {cancelable: true}))})`);

test("a project is saved as a file, says whether it is, and is opened by another page and by the program", {skip}, async () => {
   const fresh = await browser.open(address(file)), next = await browser.open(address(file));
   await next.value("begunWell");
   assert.deepEqual(await next.value("[element('saved').textContent, dispatchEvent(new Event('beforeunload', {cancelable: true}))]"),
      ["Nothing to save yet.", true]);
   await worked(fresh);
   const before = await standing(fresh);
   assert.deepEqual([before.saved, before.asks, before.have, before.over.length], ["Not saved.", true, "DIFAP", 1]);
   const bytes = await fresh.value(`(async () => {
      const kept = download;
      let given;
      download = (name, bytes) => { given = [name, [...bytes]]; };
      await project.save();
      download = kept;
      return given;
   })()`);
   assert.equal(bytes[0], "project.difkit");
   assert.deepEqual(await standing(fresh), {...before, saved: "Saved.", asks: false});
   const archive = join(place, "project.difkit");
   writeFileSync(archive, Buffer.from(bytes[1]));
   execFileSync("unzip", ["-tqq", archive]);
   await next.value(async (bytes) => bringFiles([["project.difkit", new Blob([new Uint8Array(bytes)])]]), bytes[1]);
   assert.deepEqual(await standing(next), {...before, saved: "Saved.", asks: false});
   assert.match(run("unpack", archive, "-o", join(place, "unpacked")), /wrote .*files\/net use\.csv\n/);
   assert.equal(readFileSync(join(place, "unpacked/files/net use.csv"), "utf8"), net);
   // The words under the form run in that folder.
   const words = before.line.replace(/^difkit /, "");
   assert.match(execFileSync("sh", ["-c", `${resolve(difkit)} ${words}`], {cwd: join(place, "unpacked"), encoding: "utf8"}), /\S/);
   const wrongs = await next.value(async (bytes) => {
      bytes[60] ^= 1;
      const said = [];
      for (const one of [bytes, bytes.slice(0, -30), [80, 75, 5, 6, ...Array(18).fill(0)]]) {
         await bringFiles([["x.difkit", new Blob([new Uint8Array(one)])]]);
         said.push(element("files").querySelector(".wrong").textContent);
      }
      return said;
   }, bytes[1]);
   assert.match(wrongs[0], /^x\.difkit: "project\.json" in it is damaged$/);
   assert.match(wrongs[1], /it is no project of the workbench, or it was cut/);
   assert.match(wrongs[2], /no project of the workbench/);
   assert.deepEqual((await standing(next)).paths, before.paths);
   await fresh.close();
   await next.close();
});

test("keeps a copy in the browser only when asked to, offers it, and forgets it", {skip}, async () => {
   const copies = (fresh) => fresh.value("project.store('readonly', place => place.count()).then(count => count ?? 0)");
   const fresh = await browser.open(address(file));
   await worked(fresh);
   const before = await standing(fresh);
   await fresh.value("project.keep()");
   assert.equal(await copies(fresh), 0);
   await fresh.value("element('keep').click(), project.keep()");
   assert.equal(await copies(fresh), 1);
   await fresh.value("clearTimeout(project.later)");
   await fresh.close();
   const next = await browser.open(address(file));
   await next.value("begunWell.then(() => offered)");
   await next.value(`(async () => {
      element("copy").querySelector("button").click();
      while (element("saved").textContent !== "Not saved." || data.over.length === 0) await new Promise(done => setTimeout(done, 20));
   })()`);
   assert.deepEqual(await standing(next), before);
   await next.value("clearTimeout(project.later)");
   await next.close();
   const last = await browser.open(address(file));
   await last.value("begunWell.then(() => offered)");
   await last.value(`(async () => {
      element("copy").querySelectorAll("button")[1].click();
      while (await project.store("readonly", place => place.count()) !== 0) await new Promise(done => setTimeout(done, 20));
   })()`);
   // What the browser cleared, or never had, is no loss: the archive is the project.
   const without = await last.value(async () => {
      Object.defineProperty(window, "indexedDB", {value: undefined, configurable: true});
      element("keep").checked = true;
      await project.keep();
      return [element("keep").checked, element("saved").textContent];
   });
   assert.equal(without[0], false);
   assert.match(without[1], /This browser keeps nothing for the page: save the project as a file\./);
   await last.close();
});

test("without WebAssembly it names the setting, shows the framework, and still writes command lines", {skip}, async () => {
   const bare = await Browser.start(["--js-flags=--jitless"]);
   try {
      const fresh = await bare.open(address(file));
      await fresh.value("begunWell");
      assert.match(await fresh.value("element('missing').innerText"), /WebAssembly is switched off.*javascript\.options\.wasm/s);
      assert.equal(await fresh.value("choose('gaps'), element('gaps-have').value = 'DIFAP', current.tell(), current.code.textContent"),
         "difkit run gaps --have DIFAP");
      assert.equal(await fresh.value("document.querySelector('#form .run').disabled"), true);
      const explorer = await fresh.value("document.querySelector('main > iframe').src");
      assert.match(explorer, /^blob:/);
      run("run", "explorer", "--no-proof", "--out", place);
      assert.equal(await fresh.value("JSON.parse(element('explorer').textContent)"), readFileSync(join(place, "explorer.html"), "utf8"));
   } finally { await bare.close(); }
});
