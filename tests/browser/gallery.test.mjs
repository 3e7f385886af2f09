// Charts of hard data (tests/gallery) as Chromium draws them with the fonts of the machine: no text overlaps another or
// leaves its picture, none is faint in light or dark; the gallery on paper cuts no picture.
import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";

import {Browser, findBrowser} from "./browser.mjs";
import {address, assertNarrow, assertQuiet, faint, folder, run} from "./support.mjs";

const skip = findBrowser() ? false : "no Chromium on this machine";

// What is wrong with the texts of the pictures on a page.
function flaws() {
   const found = [];
   for (const picture of document.querySelectorAll("svg.dk-chart")) {
      const frame = picture.getBoundingClientRect(), name = picture.querySelector("title").textContent;
      const boxes = [...picture.querySelectorAll("text")].map((text) => {
         const box = text.getBoundingClientRect();
         // The box of a line is taller than its letters: what counts is from capitals to descenders.
         const high = text.getAttribute("transform") ? 0 : Number(text.getAttribute("font-size")) * 0.62;
         const middle = (box.top + box.bottom) / 2;
         return {text: text.lastChild.textContent, left: box.left, right: box.right,
            top: high ? middle - high / 2 : box.top, bottom: high ? middle + high / 2 : box.bottom,
            turned: !high};
      });
      boxes.forEach((a, i) => {
         if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1) {
            found.push(`${name}: "${a.text}" leaves the picture`);
         }
         for (const b of boxes.slice(0, i)) {
            // Turned lines stand close: their boxes, too, are wider than the letters.
            const cut = a.turned && b.turned ? Math.min(a.right - a.left, b.right - b.left) * 0.22 : 1;
            if (a.left < b.right - cut && b.left < a.right - cut && a.top < b.bottom - 1 && b.top < a.bottom - 1) {
               found.push(`${name}: "${a.text}" overlaps "${b.text}"`);
            }
         }
      });
   }
   return {found, texts: document.querySelectorAll("svg.dk-chart text").length,
      pictures: document.querySelectorAll("svg.dk-chart").length};
}

describe("charts of hard data", {skip, timeout: 900000}, () => {
   let browser, out, charts;

   before(async () => {
      out = folder();
      run("run", "tests/gallery/write.lua", "--widths", "0", "--widths", "360", "--widths", "1100", "--out", out);
      charts = JSON.parse(readFileSync(join(out, "charts.json"), "utf8"));
      browser = await Browser.start();
   });

   after(async () => { if (browser) await browser.close(); });

   it("keep their texts apart and inside, at three widths", async () => {
      let texts = 0, pictures = 0;
      const found = [];
      for (const width of [0, 1, 2]) {
         const path = join(out, `width-${width}.html`);
         writeFileSync(path, "<!doctype html><meta charset=utf-8><title>x</title><link rel=icon href='data:,'>"
            + charts.map((one) => "<div>" + readFileSync(join(out, one.pictures[width]), "utf8") + "</div>").join("\n"));
         const page = await browser.open(address(path), {width: 1280});
         const result = await page.value(flaws);
         found.push(...result.found.map((flaw) => `width ${width}: ${flaw}`));
         texts += result.texts;
         pictures += result.pictures;
         await page.close();
      }
      assert.deepEqual(found, []);
      assert.ok(pictures >= 200, `${pictures} pictures`);
      assert.ok(texts >= 4000, `${texts} texts`);
   });

   it("can be read in light and in the dark, and on a phone", async () => {
      for (const scheme of ["light", "dark"]) {
         const page = await browser.open(address(join(out, "gallery.html")), {scheme, width: 390});
         assertQuiet(page);
         await assertNarrow(page);
         assert.deepEqual(await faint(page, "figcaption, footer, h1, summary, .sideways"), []);
         // The frame of a picture that is wider than a phone says so, can be focused, and is focused by the Tab key.
         const frames = await page.value(() => [...document.querySelectorAll(".chart .scroll")].map((frame) => ({
            tab: frame.tabIndex, more: frame.classList.contains("more"), hidden: frame.scrollWidth - frame.clientWidth,
            said: frame.previousElementSibling && frame.previousElementSibling.className === "sideways",
         })));
         assert.ok(frames.some((frame) => frame.hidden > 1));
         for (const frame of frames) {
            assert.equal(frame.tab, 0);
            assert.equal(frame.more, frame.hidden > 1);
            if (frame.hidden > 1) assert.ok(frame.said);
         }
         await page.close();
      }
   });

   it("have their values in words beside them", async () => {
      const page = await browser.open(address(join(out, "gallery.html")));
      const lists = await page.value(() => [...document.querySelectorAll("figure.chart")].map((figure) =>
         figure.querySelectorAll(".values li").length));
      charts.forEach((one, i) => assert.equal(lists[i], one.rows.length, one.name));
      await page.close();
   });

   it("stand whole on a page of paper each, and darker than a third of grey, with backgrounds off", async () => {
      const page = await browser.open(address(join(out, "gallery.html")), {width: 720, height: 1000, media: "print", scheme: "dark"});
      // In the height that a page has between its margins (A4, 16 mm at the sides) every picture finds room.
      const high = await page.value(() => [...document.querySelectorAll("svg.dk-chart")].map((picture) => {
         const box = picture.getBoundingClientRect();
         return box.height;
      }));
      for (const height of high) assert.ok(height <= (297 - 38) / 25.4 * 96, `${height}`);
      const colours = await page.value(() => [...document.querySelectorAll("h1, figcaption, footer")].map((part) =>
         getComputedStyle(part).color));
      for (const colour of colours) assert.match(colour, /^rgb\((\d|[0-9]\d), /, colour);
      await page.close();
   });
});
