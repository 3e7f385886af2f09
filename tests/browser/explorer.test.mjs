// The explorer in a real browser: quiet, quick, small; its counts are those of SQL; keyboard, print, phone, no script.
import assert from "node:assert/strict";
import {mkdirSync, statSync} from "node:fs";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";

import {Browser, findBrowser} from "./browser.mjs";
import {address, assertNarrow, assertQuiet, count, faint, folder, run, sql} from "./support.mjs";
import {writeFramework} from "../support/big.mjs";

const skip = findBrowser() ? false : "no Chromium on this machine";

const shown = () => [...document.querySelectorAll(".actions > li")].filter((li) => li.offsetParent).length;

function search(text) {
   const input = document.getElementById("search");
   input.value = text;
   input.dispatchEvent(new Event("input"));
   return [...document.querySelectorAll(".actions > li")].filter((li) => li.offsetParent).length;
}

describe("the explorer", {skip}, () => {
   let browser, page, path;

   before(async () => {
      const out = folder();
      run("run", "explorer", "--out", out);
      path = join(out, "explorer.html");
      browser = await Browser.start();
      page = await browser.open(address(path));
   });

   after(async () => { if (browser) await browser.close(); });

   it("is one file below 400 KB", () => {
      assert.ok(statSync(path).size < 400 * 1024);
   });

   it("loads without an error or a request, and says how soon it is interactive", async (test) => {
      // The quickest of several loads: what the page takes, not what else the machine does.
      const times = [];
      for (let i = 0; i < 8; i++) {
         const fresh = await browser.open(address(path));
         assertQuiet(fresh);
         times.push(await fresh.value("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"));
         await fresh.close();
      }
      test.diagnostic(`interactive after ${Math.min(...times)} ms (mark: 200 ms)`);
   });

   it("shows every action", async () => {
      assert.equal(await page.value(shown), count("1"));
      assert.equal(await page.value("document.getElementById('count').textContent"), `${count("1")} of ${count("1")} actions`);
   });

   it("finds what SQL finds", async () => {
      const words = ["msme", "trade", "e-commerce", "cyber", "ASEAN", "payment", "2025", "survey", "(ATIGA)", "zzz", "'", "%"];
      for (const word of words) {
         const like = word.toLowerCase().replaceAll("'", "''").replace(/[%_]/g, "\\$&");
         const expected = count(`lower(text) LIKE '%${like}%' ESCAPE '\\' OR lower(id) LIKE '%${like}%' ESCAPE '\\'`);
         assert.equal(await page.value(search, word), expected, word);
      }
      assert.equal(await page.value(search, "digital trade"),
         count("lower(text) LIKE '%digital%' AND lower(text) LIKE '%trade%'"));
      assert.equal(await page.value(search, '"digital trade"'), count("lower(text) LIKE '%digital trade%'"));
      assert.equal(await page.value(search, "BSBR.TF.1"), 1);
      assert.equal(await page.value(search, ""), count("1"));
   });

   it("filters by the matrix as SQL does", async () => {
      const cells = await page.value(() => [...document.querySelectorAll(".matrix td a")].map((a) => ({
         d: a.dataset.d, t: a.dataset.t, n: Number(a.textContent)})));
      assert.ok(cells.length > 77);
      for (const cell of cells) {
         const expected = count(`(document_id = '${cell.d}' OR '${cell.d}' = '') AND (topic_id = '${cell.t}' OR '${cell.t}' = '')`);
         assert.equal(cell.n, expected);
      }
      for (const cell of cells.filter((_, i) => i % 9 === 0)) {
         const found = await page.value((d, t) => {
            document.querySelector(`.matrix td a[data-d="${d}"][data-t="${t}"]`).click();
            const n = [...document.querySelectorAll(".actions > li")].filter((li) => li.offsetParent);
            const fits = n.every((li) => (!d || li.dataset.d === d) && (!t || li.dataset.t === t));
            document.querySelector(`.matrix td a[data-d="${d}"][data-t="${t}"]`).click();
            return fits ? n.length : "others are shown";
         }, cell.d, cell.t);
         assert.equal(found, cell.n);
      }
      await page.value("document.getElementById('clear').click()");
   });

   it("counts in the matrix what the search found", async () => {
      await page.value(search, "msme");
      for (const row of sql("SELECT document_id AS d, topic_id AS t, count(*) AS n FROM action"
         + " WHERE lower(text) LIKE '%msme%' GROUP BY 1, 2")) {
         assert.equal(await page.value((d, t) => document.querySelector(
            `.matrix td a[data-d="${d}"][data-t="${t}"]`).textContent, row.d, row.t), String(row.n));
      }
      assert.equal(await page.value("location.hash"), "#q=msme");
      await page.value("document.getElementById('clear').click()");
   });

   it("leads to an action by its address, even one that a filter hides", async () => {
      const direct = await browser.open(address(path, "#BSBR.BA.1"));
      const state = () => {
         const box = document.getElementById("BSBR.BA.1").getBoundingClientRect();
         return document.querySelector(":target").id === "BSBR.BA.1" && box.top >= 0 && box.bottom <= innerHeight;
      };
      assert.equal(await direct.value(state), true);
      await direct.value(search, "cyber");
      await direct.value("location.hash = '#BSBR.BA.1'");
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(await direct.value(state), true);
      assertQuiet(direct);
      await direct.close();
   });

   it("opens with the filter that an address names", async () => {
      const direct = await browser.open(address(path, "#q=msme&d=ACRF"));
      assert.equal(await direct.value(shown), count("lower(text) LIKE '%msme%' AND document_id = 'ACRF'"));
      await direct.close();
   });

   it("links actions to one another, both ways", async () => {
      // A pair that was looked at and has nothing in common is no link.
      for (const link of sql("SELECT source_id, target_id FROM link WHERE relation <> 'none' OR kind IS NOT NULL")) {
         for (const [from, to] of [[link.source_id, link.target_id], [link.target_id, link.source_id]]) {
            assert.ok(await page.value((from, to) => [...document.getElementById(from).querySelectorAll(".aside a")]
               .some((a) => a.getAttribute("href") === "#" + to), from, to), `${from} to ${to}`);
         }
      }
      const broken = await page.value(() => [...document.querySelectorAll('a[href^="#"]')]
         .filter((a) => !document.getElementById(decodeURIComponent(a.getAttribute("href").slice(1)))).length);
      assert.equal(broken, 0);
   });

   it("writes abbreviations out on hover, and in a list", async () => {
      const [row] = sql("SELECT expansion FROM abbreviation WHERE term = 'ATIGA'");
      const titles = await page.value(() => [...document.querySelectorAll(".words abbr")]
         .filter((abbr) => abbr.textContent === "ATIGA").map((abbr) => abbr.title));
      assert.ok(titles.length > 0);
      for (const title of titles) assert.equal(title, row.expansion);
      assert.equal(await page.value("document.querySelectorAll('.glossary dt').length"),
         sql("SELECT count(*) AS n FROM abbreviation")[0].n);
   });

   it("changes no word of an action", async () => {
      const texts = await page.value(() => Object.fromEntries([...document.querySelectorAll(".actions > li")]
         .map((li) => [li.id, li.querySelector(".words").textContent])));
      for (const row of sql("SELECT id, text FROM action")) assert.equal(texts[row.id], row.text);
   });

   it("is reached by the keyboard", async () => {
      await page.value("document.activeElement.blur()");
      await page.press("/", "Slash");
      assert.equal(await page.value("document.activeElement.id"), "search");
      await page.type("cyber");
      assert.equal(await page.value(shown), count("lower(text) LIKE '%cyber%'"));
      await page.press("Escape");
      assert.equal(await page.value(shown), count("1"));
      await page.press("Tab");
      await page.press("Tab");
      const place = () => {
         const a = document.activeElement;
         return [a.dataset.d, a.dataset.t].join("/");
      };
      assert.equal(await page.value(place), "DIFAP/");
      await page.press("ArrowDown");
      assert.equal(await page.value(place), "DIFAP/trade-facilitation");
      await page.press("ArrowRight");
      assert.equal(await page.value(place), "ACRF/trade-facilitation");
      await page.press("Enter");
      assert.equal(await page.value(shown), count("document_id = 'ACRF' AND topic_id = 'trade-facilitation'"));
      assert.equal(await page.value("document.activeElement.getAttribute('aria-pressed')"), "true");
      assert.notEqual(await page.value("getComputedStyle(document.activeElement).outlineStyle"), "none");
      await page.press("Escape");
   });

   it("can be read in light and in the dark", async () => {
      for (const scheme of ["light", "dark"]) {
         const look = await browser.open(address(path), {scheme});
         assert.deepEqual(await faint(look, "a, p, td, th, dt, dd, h1, h2, h3, span, label, summary, abbr, footer"), []);
         await look.close();
      }
   });

   it("fits a phone", async () => {
      const phone = await browser.open(address(path), {width: 360, height: 740});
      await assertNarrow(phone);
      assert.ok(await phone.value("document.querySelector('.actions > li').getBoundingClientRect().top < innerHeight"));
      await phone.value("document.getElementById('matrix').open = true");
      await assertNarrow(phone);
      assertQuiet(phone);
      await phone.close();
   });

   it("prints sanely: every action shown, the matrix, no controls", async () => {
      const print = await browser.open(address(path), {width: 720, height: 1000, media: "print", scheme: "dark"});
      assert.equal(await print.value(shown), count("1"));
      assert.equal(await print.value("document.getElementById('search').offsetParent"), null);
      assert.equal(await print.value("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
      await assertNarrow(print);
      const pdf = await print.pdf({paperWidth: 8.27, paperHeight: 11.69});
      const pages = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) || []).length;
      assert.ok(pages >= 8 && pages <= 40, `${pages} pages`);
      await print.close();
   });

   it("is whole without its script", async () => {
      const plain = await browser.open(address(path, "#BSBR.BA.1"), {script: false});
      await plain.send("Emulation.setScriptExecutionDisabled", {value: false});
      assert.equal(await plain.value(shown), count("1"));
      assert.equal(await plain.value("document.getElementById('search').offsetParent"), null);
      assert.equal(await plain.value("document.querySelector('.matrix td a').getAttribute('href')"), "#trade-facilitation");
      await plain.close();
   });
});

describe("the explorer of 5,000 actions", {skip, timeout: 300000}, () => {
   it("touches no more of its page at a keystroke than what it shows, and counts all", async () => {
      const out = folder(), data = join(out, "data");
      mkdirSync(data);
      writeFramework(data, 5000);
      run("run", "explorer", "--db", data, "--out", out);
      const browser = await Browser.start();
      const page = await browser.open(address(join(out, "explorer.html")));
      const steps = await page.value(async () => {
         const input = document.getElementById("search"), list = document.getElementById("list"), steps = [];
         const all = [...document.querySelectorAll(".actions > li")].map((li) =>
            (li.querySelector(".words").textContent + "\n" + li.id).toLowerCase());
         let changes = 0;
         const observer = new MutationObserver((records) => { changes += records.length; });
         observer.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
         for (const text of ["d", "da", "dat", "data", "data p", "data pr", "data", "zzz", "d", ""]) {
            changes = 0;
            input.value = text;
            input.dispatchEvent(new Event("input"));
            await new Promise((resolve) => setTimeout(resolve));
            changes += observer.takeRecords().length;
            const ranges = window.Highlight && CSS.highlights.get("found");
            steps.push({text, changes, ranges: ranges ? ranges.size : 0, said: document.getElementById("count").textContent,
               shown: [...document.querySelectorAll(".actions > li")].filter((li) => li.offsetParent).length,
               fits: all.filter((words) => text.split(" ").every((word) => words.includes(word))).length});
         }
         document.getElementById("search").value = "data";
         document.getElementById("search").dispatchEvent(new Event("input"));
         document.getElementById("more").click();
         steps.push({text: "all", shown: [...document.querySelectorAll(".actions > li")].filter((li) => li.offsetParent).length,
            fits: all.filter((words) => words.includes("data")).length});
         return steps;
      });
      const last = steps.pop();
      assert.equal(last.shown, last.fits);
      for (const step of steps) {
         assert.equal(step.said, `${step.fits} of 5000 actions`, step.text);
         assert.equal(step.shown, step.text ? Math.min(step.fits, 300) : 5000, step.text);
         // 300 shown, at most as many hidden, the topics (some 84 actions each), the cells of the matrix.
         assert.ok(step.changes <= 2000, `${step.text}: ${step.changes} changes`);
         assert.ok(step.ranges <= 300 * 20, `${step.text}: ${step.ranges} ranges`);
      }
      await page.close();
      await browser.close();
   });
});
