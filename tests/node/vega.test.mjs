// What a chart's Vega-Lite specification draws is what its SVG shows: compiled with Vega-Lite and run by Vega, its marks
// are counted, their lengths summed, their order and their words compared with those of the picture.
import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {cpSync, existsSync, mkdirSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join, resolve} from "node:path";
import test from "node:test";
import {fileURLToPath, pathToFileURL} from "node:url";
import {folder, run} from "../browser/support.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(process.env.DIFKIT_NODE || "build/release/tests/node");

// The packages, fetched once beside what was built; a reason where they cannot be had.
function packages() {
   if (existsSync(join(modules, "node_modules/vega-lite/package.json"))) return null;
   mkdirSync(modules, {recursive: true});
   cpSync(join(here, "package.json"), join(modules, "package.json"));
   try {
      execFileSync("npm", ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"],
         {cwd: modules, stdio: "ignore", timeout: 300000});
      return null;
   } catch (error) {
      return "Vega-Lite is not installed and cannot be fetched by npm: " + error.message;
   }
}

const lacking = packages();

// The items of all marks of a view that are no axes, legends or titles: {type, items}.
function marks(view) {
   const found = [];
   (function walk(item, inside) {
      if (item.marktype === "group") {
         const guide = /axis|legend|title/.test(item.role || "");
         for (const group of item.items) for (const part of group.items) walk(part, inside || guide);
      } else if (!inside && item.role === "mark") {
         found.push({type: item.marktype, items: item.items});
      }
   })(view.scenegraph().root, false);
   return found;
}

async function draw(spec) {
   const load = (name) => import(pathToFileURL(createRequire(join(modules, "x.js")).resolve(name)).href);
   const vega = await load("vega"), lite = await load("vega-lite");
   const warnings = [];
   const logger = {warn(...words) { warnings.push(words.join(" ")); return this; }, info() { return this; },
      debug() { return this; }, error(...words) { warnings.push(words.join(" ")); return this; }, level() { return this; }};
   const view = new vega.View(vega.parse(lite.compile(spec, {logger}).spec), {renderer: "none", logger});
   await view.runAsync();
   return {marks: marks(view), warnings};
}

const items = (drawn, type) => drawn.marks.filter((mark) => mark.type === type).flatMap((mark) => mark.items);
const texts = (drawn) => items(drawn, "text").map((item) => String(item.text));

const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
   .replaceAll("&amp;", "&");

// Elements of a picture that carry a value: those with a tip.
function elements(svg) {
   const list = [];
   for (const [, name, given, tip] of svg.matchAll(/<(rect|circle|path|polyline)\b([^>]*)><title>([^<]*)<\/title>/g)) {
      const attributes = Object.fromEntries([...given.matchAll(/([\w-]+)="([^"]*)"/g)].map((found) => found.slice(1)));
      list.push({name, tip: plain(tip), ...attributes});
   }
   return list;
}

const sum = (list) => list.reduce((total, one) => total + one, 0);
const near = (a, b, what) => assert.ok(Math.abs(a - b) <= 1e-2 + 2e-3 * Math.abs(b), `${what}: ${a} and ${b}`);

// Lengths in one are those in the other, times one factor.
function assertAlike(lengths, others, what) {
   assert.equal(lengths.length, others.length, what);
   const a = [...lengths].sort((x, y) => x - y), b = [...others].sort((x, y) => x - y);
   const factor = sum(a) / sum(b);
   a.forEach((length, i) => { if (length > 3) near(length, b[i] * factor, what); });
}

function place(element) {
   if (element.name === "circle") return [Number(element.cx), Number(element.cy)];
   if (element.name === "rect") {
      return [Number(element.x) + element.width / 2, Number(element.y) + element.height / 2];
   }
   const corners = [...element.d.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map((found) => [Number(found[1]), Number(found[2])]);
   const middle = (i) => (Math.min(...corners.map((c) => c[i])) + Math.max(...corners.map((c) => c[i]))) / 2;
   // Of a triangle the point lies three fifths of the way from its tip to its base (chart/scene.lua).
   if (corners.length === 3) return [middle(0), corners[0][1] + 0.6 * (corners[1][1] - corners[0][1])];
   return [middle(0), middle(1)];
}

// Red, green and blue of "#rrggbb" or "rgb(r, g, b)".
function channels(colour) {
   if (colour[0] === "#") return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
   return colour.match(/[\d.]+/g).slice(0, 3).map(Number);
}

const ways = {
   bars(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name === "rect" && !/: 0$/.test(one.tip)), bars = items(drawn, "rect")
         .filter((one) => one.width > 0);
      const wide = own.filter((one) => Number(one.width) > 0.76);
      assertAlike(wide.map((one) => Number(one.width)), bars.map((one) => one.width).filter((width) => width > 0.5), what);
      // They begin where those of the picture do.
      if (wide.length === bars.length && wide.length > 1) {
         const begins = (list) => list.map((one) => one - Math.min(...list));
         const own_begins = begins(wide.map((one) => Number(one.x))), others = begins(bars.map((one) => one.x));
         if (sum(own_begins) > 1 || sum(others) > 1) assertAlike(own_begins, others, what + ", where bars begin");
      }
      const order = (list, y) => [...list].sort((a, b) => y(a) - y(b) || 0);
      if (!what.includes("signed") && wide.length === bars.length) {
         const of = (tip) => tip.replace(/: [^:]*$/, "");
         assert.deepEqual(order(wide, (one) => Number(one.y) * 1e4 + Number(one.x)).map((one) => of(one.tip)),
            order(bars, (one) => one.y * 1e4 + one.x).map((one) => `${one.datum.label}, ${one.datum.series}`), what);
      }
      const missing = [...svg.matchAll(/>no value</g)].length;
      assert.equal(texts(drawn).filter((text) => text === "no value").length, missing, what);
   },
   dots(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name === "circle"), symbols = items(drawn, "symbol");
      assert.equal(symbols.length, own.length, what);
      assert.deepEqual([...symbols].sort((a, b) => a.y - b.y).map((one) => one.datum.label),
         [...own].sort((a, b) => a.cy - b.cy).map((one) => one.tip.replace(/: [^:]*$/, "")), what);
      const xs = own.map((one) => Number(one.cx)), others = symbols.map((one) => one.x);
      assertAlike(xs.map((x) => x - Math.min(...xs)), others.map((x) => x - Math.min(...others)), what);
   },
   lines(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name !== "polyline");
      const points = items(drawn, "symbol");
      if (points.length > 0 && !what.includes("thirty")) assert.equal(points.length, own.length, what);
   },
   scatter(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name !== "polyline"), points = items(drawn, "symbol");
      assert.equal(points.length, own.length, what);
      for (const axis of [0, 1]) {
         const places = own.map((one) => place(one)[axis]), others = points.map((one) => axis ? one.y : one.x);
         const span = (list) => Math.max(...list) - Math.min(...list);
         const scaled = (list) => list.map((one) => 300 * (one - Math.min(...list)) / (span(list) || 1));
         if (span(places) > 20) assertAlike(scaled(places), scaled(others), what);
      }
   },
   strip(svg, drawn, what) {
      assert.equal(items(drawn, "symbol").length, elements(svg).filter((one) => one.name === "circle").length, what);
   },
   heatmap(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name === "rect");
      const cells = items(drawn, "rect");
      assert.equal(cells.length, own.length, what);
      const missing = own.filter((one) => (one.fill || "").startsWith("url("));
      assert.equal(cells.filter((one) => one.fill === "#f6f8fa").length, missing.length, what);
      // The same colours, but for rounding.
      const fills = new Map(own.map((one) => [one.tip.replace(/: [^:]*$/, ""), one.fill]));
      for (const cell of cells) {
         const fill = fills.get(`${cell.datum.row}, ${cell.datum.column}`);
         assert.ok(fill, what);
         if (fill.startsWith("url(")) assert.equal(cell.fill, "#f6f8fa", what);
         else channels(fill).forEach((value, i) => assert.ok(Math.abs(value - channels(cell.fill)[i]) <= 3,
            `${what}: ${fill} and ${cell.fill}`));
      }
   },
   bump(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name !== "polyline"), points = items(drawn, "symbol")
         .filter((one) => one.datum.rank !== null);
      assert.equal(points.length, own.length, what);
      assert.equal(new Set(points.map((one) => Math.round(one.y))).size,
         new Set(own.map((one) => Math.round(place(one)[1] / 13))).size, what);
   },
   correlation(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name === "rect");
      assert.equal(items(drawn, "rect").length, own.length, what);
   },
   tilemap(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name === "rect");
      assert.equal(items(drawn, "rect").length, own.length, what);
   },
   icicle(svg, drawn, what) {
      const own = elements(svg).filter((one) => one.name === "rect");
      assertAlike(own.map((one) => Number(one.height) + 2), items(drawn, "rect").map((one) => Math.abs(one.height)), what);
   },
};

function compare(one, svg, drawn) {
   assert.deepEqual(drawn.warnings, []);
   // Nothing is called "undefined", "null" or "NaN".
   for (const text of texts(drawn)) assert.doesNotMatch(text, /undefined|null|NaN/);
   if (one.rows.length === 0) return;
   ways[one.kind](svg, drawn, one.name);
   // Words of the marks stand in the picture, too.
   const said = plain(svg);
   for (const item of items(drawn, "text")) {
      const shown = item.datum && item.datum.shown;
      if (shown !== undefined) assert.ok(said.includes(shown), shown);
   }
}

test("specifications compile and draw what the pictures show", {skip: lacking || false, timeout: 600000}, async () => {
   const out = folder();
   run("run", "tests/gallery/write.lua", "--out", out);
   const charts = JSON.parse(readFileSync(join(out, "charts.json"), "utf8"));
   assert.ok(charts.length >= 90);
   const met = new Set(), faults = [];
   for (const one of charts) {
      try {
         const svg = readFileSync(join(out, one.pictures[0]), "utf8");
         compare(one, svg, await draw(JSON.parse(readFileSync(join(out, one.spec), "utf8"))));
         if (one.rows.length > 0) met.add(one.kind);
      } catch (error) {
         faults.push(`${one.name}: ${error.message}`);
      }
   }
   assert.deepEqual(faults, []);
   assert.deepEqual([...met].sort(), Object.keys(ways).sort());
});
