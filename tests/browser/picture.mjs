// node picture.mjs [FILE.png]: takes the README's picture of the explorer, in Chromium. Its test compares a new one with that.
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {Browser} from "./browser.mjs";
import {address, folder, run} from "./support.mjs";

// The explorer with a word searched for, as PNG in base64.
export async function explorer(browser) {
   const out = folder();
   run("run", "explorer", "--out", out);
   const page = await browser.open(address(join(out, "explorer.html")), {width: 1000, height: 640});
   await page.value(`new Promise((done) => { const input = document.getElementById("search"); input.value = "digital";
      input.dispatchEvent(new Event("input")); requestAnimationFrame(() => requestAnimationFrame(done)); })`);
   const {data} = await page.send("Page.captureScreenshot", {format: "png"});
   await page.close();
   return data;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
   const browser = await Browser.start();
   writeFileSync(process.argv[2] || "scripts/guide/pictures/explorer.png", Buffer.from(await explorer(browser), "base64"));
   await browser.close();
}
