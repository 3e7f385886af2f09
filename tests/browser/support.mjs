// What the tests of pages share: the program, its data by SQL, and what every page must be.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

export const difkit = process.env.DIFKIT || "build/release/difkit";

export function run(...given) {
   return execFileSync(difkit, given, {encoding: "utf8", maxBuffer: 1 << 28});
}

// Rows of a query, by column name.
export function sql(query) {
   return JSON.parse(run("sql", query, "--format", "json"));
}

export function count(condition) {
   return sql(`SELECT count(*) AS n FROM action WHERE ${condition}`)[0].n;
}

// A folder for what a test makes; gone when the process ends. Its name is not one of those that difkit sweeps (difkit-pages-WORD).
export function folder() {
   const path = mkdtempSync(join(tmpdir(), "tests-of-pages-"));
   process.on("exit", () => rmSync(path, {recursive: true, force: true}));
   return path;
}

export function address(path, fragment = "") { return pathToFileURL(path).href + fragment; }

// No error, no warning, and no request but for the page itself (and for what it holds: a blob is no request of the network).
export function assertQuiet(page) {
   const requests = page.requests.filter((url) => !url.startsWith("blob:"));
   assert.deepEqual(page.problems, []);
   assert.deepEqual(requests.filter((url) => !url.startsWith("file:")), []);
   assert.equal(new Set(requests.map((url) => url.replace(/#.*/, ""))).size, 1);
}

// Nothing is wider than the window (what may be wider scrolls in a frame of its own).
export async function assertNarrow(page) {
   const [wanted, given] = await page.value("[document.documentElement.scrollWidth, innerWidth]");
   assert.ok(wanted <= given, `the page is ${wanted} pixels wide in a window of ${given}`);
}

// Texts whose contrast with what is behind them is below 4.5 (3 for large ones), as WCAG 2 asks.
export function faint(page, selector) {
   return page.value((selector) => {
      const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
      function parse(colour) {
         canvas.clearRect(0, 0, 1, 1);
         canvas.fillStyle = colour;
         canvas.fillRect(0, 0, 1, 1);
         const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
         return {r, g, b, a};
      }
      function luminance({r, g, b}) {
         const [x, y, z] = [r, g, b].map((c) => {
            c /= 255;
            return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
         });
         return 0.2126 * x + 0.7152 * y + 0.0722 * z;
      }
      function ground(element) {
         for (let e = element; e; e = e.parentElement) {
            const colour = parse(getComputedStyle(e).backgroundColor);
            if (colour.a > 200) return colour;
         }
         return {r: 255, g: 255, b: 255};
      }
      const found = [];
      for (const element of document.querySelectorAll(selector)) {
         if (!element.textContent.trim() || !element.offsetParent) continue;
         const style = getComputedStyle(element);
         const [a, b] = [luminance(parse(style.color)), luminance(ground(element))];
         const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
         if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) {
            found.push(`${element.tagName} ${element.className} "${element.textContent.trim().slice(0, 20)}" ${contrast}`);
         }
      }
      return found.slice(0, 5);
   }, selector);
}
