// How long a keystroke in the explorer's search takes, from the event to the frame that shows what was found, with 5,000
// and 20,000 actions. Prints milliseconds; the mark is 100 on an idle machine.
import {mkdirSync} from "node:fs";
import {join} from "node:path";
import {Browser} from "../browser/browser.mjs";
import {address, folder, run} from "../browser/support.mjs";
import {writeFramework} from "../support/big.mjs";

const browser = await Browser.start();
for (const actions of [5000, 20000]) {
   const out = folder(), data = join(out, "data");
   mkdirSync(data);
   writeFramework(data, actions);
   run("run", "explorer", "--db", data, "--out", out);
   const page = await browser.open(address(join(out, "explorer.html")));
   const times = await page.value(async () => {
      const input = document.getElementById("search"), times = [];
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      await frame();
      for (const text of ["d", "da", "dat", "data", "data ", "data p", "data pr", "data pri", "data pr", "data", "da", "d", ""]) {
         const from = performance.now();
         input.value = text;
         input.dispatchEvent(new Event("input"));
         await frame();
         times.push(performance.now() - from);
      }
      return times;
   });
   console.log(`${actions} actions: ${times.map((time) => time.toFixed(0)).join(" ")} ms; longest `
      + `${Math.max(...times).toFixed(0)}, median ${times.sort((a, b) => a - b)[times.length >> 1].toFixed(0)}`);
   await page.close();
}
await browser.close();
