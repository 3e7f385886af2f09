// The site of `difkit docs` in Chromium, from file://: the search, and examples that run in their page.
import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Browser, findBrowser} from "./browser.mjs";
import {address, assertNarrow, faint, folder, run} from "./support.mjs";

const skip = findBrowser() ? false : "no Chromium here";
const site = folder();
let browser;
const until = (page, condition) => page.value(
   `new Promise((done) => { const look = () => (${condition}) ? done(true) : setTimeout(look, 20); look(); })`);

before(async () => {
   if (skip) return;
   run("docs", "-o", site);
   browser = await Browser.start();
});
after(async () => { if (browser) await browser.close(); });

test("finds a function by its name, and leads to its section", {skip}, async () => {
   const page = await browser.open(address(join(site, "index.html")));
   await page.value("search.focus()");
   await page.type("count_distinct");
   await until(page, "found.querySelector('a')");
   assert.match(await page.value("found.querySelector('a').href"), /reference-query\.html#querycount_distinct/);
   await page.value("found.querySelector('a').click()");
   await until(page, "document.querySelector(':target')");
   assert.match(await page.value("document.querySelector(':target').textContent"), /count_distinct/);
   assert.deepEqual(page.problems, []);
   assert.deepEqual(page.requests.filter((url) => !url.startsWith("file:")), []);
});

test("reads well on a narrow screen, light and dark", {skip}, async () => {
   for (const scheme of ["light", "dark"]) {
      const page = await browser.open(address(join(site, "example-charts.html")), {width: 390, scheme});
      await assertNarrow(page);
      assert.deepEqual(await faint(page, "main *, header *"), []);
   }
});

test("runs an example in its page with the bytes of the program, and a piece of the reference",
   {skip: skip || (existsSync("build/wasm/difkit-engine.js") ? false : "the engine is not built (.ci/wasm)")}, async () => {
      const page = await browser.open(address(join(site, "example-deadlines.html")));
      await page.value("document.querySelector('textarea + button').click()");
      await until(page, "document.querySelector('textarea + button').disabled === false");
      assert.equal(await page.value("document.querySelector('textarea + button + pre').textContent"),
         run("run", "examples/deadlines.lua"));
      assert.deepEqual(page.problems, []);
      assert.deepEqual(page.requests.filter((url) => !/^(file|blob):/.test(url)), []);
      const reference = await browser.open(address(join(site, "reference-query.html")));
      await reference.value("document.querySelector('textarea').value = 'print(db:from \"action\":count())'");
      await reference.value("document.querySelector('textarea + button').click()");
      await until(reference, "document.querySelector('textarea + button').disabled === false");
      assert.equal(await reference.value("document.querySelector('textarea + button + pre').textContent"), "244\n");
   });
