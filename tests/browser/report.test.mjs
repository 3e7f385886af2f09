// Reports in a real browser: quiet, readable without a script, in the dark, on a phone and on paper; tables sort and
// filter; the texts of charts, drawn with the fonts of the machine, neither overlap nor leave their picture.
import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";

import {Browser, findBrowser} from "./browser.mjs";
import {address, assertNarrow, assertQuiet, faint, folder, run, sql} from "./support.mjs";

const skip = findBrowser() ? false : "no Chromium on this machine";

describe("a report", {skip}, () => {
   let browser, page, path;

   before(async () => {
      const out = folder();
      run("run", "tests/browser/sample.lua", "--out", out);
      path = join(out, "sample.html");
      browser = await Browser.start();
      page = await browser.open(address(path));
   });

   after(async () => { if (browser) await browser.close(); });

   it("loads without an error or a request", () => assertQuiet(page));

   it("runs nothing that stands in its texts", async () => {
      assert.equal(await page.value("document.title"), "A report for the tests");
      assert.equal(await page.value("document.querySelectorAll('main a[href^=javascript]').length"), 0);
   });

   it("is held to its own script by its policy", async () => {
      const guarded = await browser.open(address(path));
      await guarded.value(() => {
         const script = document.createElement("script");
         script.textContent = "window.intruder = true";
         document.body.appendChild(script);
         const picture = document.createElement("img");
         picture.src = "https://intruder.example/x.png";
         document.body.appendChild(picture);
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(await guarded.value("window.intruder"), undefined);
      assert.ok(guarded.problems.some((text) => /Content Security Policy/.test(text)));
      await guarded.close();
   });

   it("sorts its tables by a heading, down and up, missing values last", async () => {
      const column = (n) => [...document.querySelectorAll("#table-1 tbody tr")].map((row) => row.cells[n].textContent);
      const press = (n) => document.querySelectorAll("#table-1 thead th")[n].querySelector("button").click();
      const lines = sql("SELECT line FROM action WHERE document_id = 'BSBR' ORDER BY line").map((row) => String(row.line));
      await page.value(press, 3);
      assert.deepEqual(await page.value(column, 3), lines);
      assert.equal(await page.value("document.querySelectorAll('#table-1 th')[3].getAttribute('aria-sort')"), "ascending");
      await page.value(press, 3);
      assert.deepEqual(await page.value(column, 3), lines.toReversed ? lines.toReversed() : [...lines].reverse());
      await page.value(press, 0);
      const ids = await page.value(column, 0);
      assert.equal(ids.length, lines.length);
   });

   it("filters its tables as SQL does", async () => {
      for (const word of ["trade", "digital", "zzz", "e-commerce"]) {
         const shown = await page.value((word) => {
            const input = document.querySelector("#table-1 .tools input");
            input.value = word;
            input.dispatchEvent(new Event("input"));
            return [...document.querySelectorAll("#table-1 tbody tr")].filter((row) => row.offsetParent).length;
         }, word);
         const [{n}] = sql(`SELECT count(*) AS n FROM action WHERE document_id = 'BSBR'
            AND lower(id || ' ' || topic_id || ' ' || text || ' ' || line) LIKE '%${word}%'`);
         assert.equal(shown, n, word);
      }
   });

   it("keeps the texts of charts apart and inside, as drawn", async () => {
      for (const scheme of ["light", "dark"]) {
         const look = await browser.open(address(path), {scheme});
         const flaws = await look.value(() => {
            const flaws = [];
            for (const picture of document.querySelectorAll("svg.dk-chart")) {
               const frame = picture.getBoundingClientRect();
               const boxes = [...picture.querySelectorAll("text")].map((text) => {
                  const box = text.getBoundingClientRect(), inner = text.getBBox();
                  // The box of a line is taller than its letters: what counts is from capitals to descenders.
                  const cut = Math.min(inner.height, 40) * 0.14 * (box.width > box.height || !text.getAttribute("transform") ? 1 : 0);
                  return {text: text.lastChild.textContent, left: box.left, right: box.right, top: box.top + cut,
                     bottom: box.bottom - cut};
               });
               boxes.forEach((a, i) => {
                  if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1
                     || a.bottom > frame.bottom + 1) flaws.push(`"${a.text}" leaves the picture`);
                  for (const b of boxes.slice(0, i)) {
                     if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) {
                        flaws.push(`"${a.text}" overlaps "${b.text}"`);
                     }
                  }
               });
            }
            return flaws;
         });
         assert.deepEqual(flaws, []);
         await look.close();
      }
   });

   it("can be read in light and in the dark", async () => {
      for (const scheme of ["light", "dark"]) {
         const look = await browser.open(address(path), {scheme});
         assert.deepEqual(await faint(look, "a, p, td, th, dt, dd, h1, h2, h3, figcaption, footer, li, label, button"), []);
         await look.close();
      }
   });

   it("leads from a mark to its note and back", async () => {
      assert.equal(await page.value("document.querySelector('#mark-1 a').hash"), "#note-1");
      assert.equal(await page.value("document.querySelector('#note-1 a').hash"), "#mark-1");
      assert.match(await page.value("document.querySelector('#note-1').textContent"), /DIFAP\.TF\.1.*source line 32/);
   });

   it("fits a phone, charts and tables scrolling in frames of their own", async () => {
      const phone = await browser.open(address(path), {width: 360, height: 740});
      await assertNarrow(phone);
      assertQuiet(phone);
      await phone.close();
   });

   it("prints sanely", async () => {
      const print = await browser.open(address(path), {width: 720, height: 1000, media: "print", scheme: "dark"});
      assert.equal(await print.value("document.querySelector('.tools').offsetParent"), null);
      assert.equal(await print.value("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
      await assertNarrow(print);
      const pdf = await print.pdf({paperWidth: 8.27, paperHeight: 11.69});
      const pages = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) || []).length;
      assert.ok(pages >= 5 && pages <= 30, `${pages} pages`);
      await print.close();
   });

   it("is whole without its script", async () => {
      const plain = await browser.open(address(path), {script: false});
      await plain.send("Emulation.setScriptExecutionDisabled", {value: false});
      const rows = await plain.value(() => [...document.querySelectorAll("tbody tr")].filter((row) => row.offsetParent).length);
      const [{n}] = sql("SELECT count(*) AS n FROM action WHERE document_id = 'BSBR'");
      assert.equal(rows, n + 10);
      await plain.close();
   });

   it("keeps totals last when a table is sorted or filtered, and folds what is long until somebody asks", async () => {
      const out = folder(), script = join(out, "long.lua");
      writeFileSync(script, `local difkit = require "difkit"
         local rows = {}
         for i = 1, 30 do rows[i] = {"row " .. i, (i * 7) % 31} end
         local r = difkit.report "Long"
         r:table(difkit.table({"name", "n"}, rows):total_row(), {fold = 10})
         assert(r:write "long.html")`);
      run("run", script, "--out", out);
      const look = await browser.open(address(join(out, "long.html")));
      const state = () => {
         const rows = [...document.querySelectorAll("#table-1 tbody tr")], button = document.querySelector(".unfold");
         return {last: rows[rows.length - 1].cells[0].textContent, shown: rows.filter((row) => row.offsetParent).length,
            button: button.offsetParent ? button.textContent : null, bold: getComputedStyle(rows[rows.length - 1].cells[0]).fontWeight,
            count: document.querySelector("#table-1 .count").textContent};
      };
      assert.deepEqual(await look.value(state), {last: "Total", shown: 11, button: "Show the other 20", bold: "700", count: ""});
      await look.value("document.querySelectorAll('#table-1 thead button')[1].click()");
      assert.deepEqual(await look.value(state), {last: "Total", shown: 31, button: null, bold: "700", count: ""});
      await look.value(() => {
         const input = document.querySelector("#table-1 .tools input");
         input.value = "row 1";
         input.dispatchEvent(new Event("input", {bubbles: true}));
      });
      const found = await look.value(state);
      assert.equal(found.last, "Total");
      const fits = Array.from({length: 30}, (_, i) => `row ${i + 1}${(i + 1) * 7 % 31}`).filter((text) => text.includes("1"));
      assert.equal(found.count, `${fits.length} of 30 rows`);
      await look.close();
      const print = await browser.open(address(join(out, "long.html")), {media: "print"});
      assert.equal((await print.value(state)).shown, 31);
      await print.close();
   });
});
