// The site of `difkit docs` in Chromium, from file://: the search, and examples that run in their page.
import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, test} from "node:test";
import {Browser, findBrowser} from "./browser.mjs";
import {explorer} from "./picture.mjs";
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
   await page.go(await page.value("found.querySelector('a').href"));
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

test("the README's picture of the explorer is what it looks like", {skip}, async () => {
   const [old, now] = [readFileSync("scripts/guide/pictures/explorer.png").toString("base64"), await explorer(browser)];
   const page = await browser.open("about:blank");
   const differing = await page.value(async (...pictures) => {
      const pixels = await Promise.all(pictures.map(async (data) => {
         const image = new Image();
         image.src = "data:image/png;base64," + data;
         await image.decode();
         const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
         canvas.drawImage(image, 0, 0);
         return canvas.getImageData(0, 0, image.width, image.height);
      }));
      if (pixels[0].width !== pixels[1].width || pixels[0].height !== pixels[1].height) return 1;
      let count = 0;
      for (let i = 0; i < pixels[0].data.length; i += 4) count += Math.abs(pixels[0].data[i] - pixels[1].data[i]) > 48;
      return count / (pixels[0].data.length / 4);
   }, old, now);
   assert.ok(differing < 0.03, `${(differing * 100).toFixed(1)} % of it differ: .ci/pictures makes it anew`);
});
