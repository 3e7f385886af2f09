// A headless Chromium driven over its DevTools pipe: what the tests of pages need, without any package.
import {spawn} from "node:child_process";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

// The program, or null: tests then say that they were skipped.
export function findBrowser() {
   if (process.env.CHROMIUM) return existsSync(process.env.CHROMIUM) ? process.env.CHROMIUM : null;
   for (const folder of (process.env.PATH || "").split(":")) {
      for (const name of names) if (existsSync(join(folder, name))) return join(folder, name);
   }
   return null;
}

export class Browser {
   static async start(options = []) {
      const browser = new Browser();
      browser.profile = mkdtempSync(join(tmpdir(), "difkit-browser-"));
      browser.process = spawn(findBrowser(), [
         "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-extensions", "--disable-component-update", "--disable-background-networking", "--hide-scrollbars", ...options,
         "--user-data-dir=" + browser.profile, "about:blank",
      ], {stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"]});
      browser.pending = new Map();
      browser.listeners = new Map();
      browser.last = 0;
      let rest = Buffer.alloc(0);
      browser.process.stdio[4].on("data", (chunk) => {
         rest = Buffer.concat([rest, chunk]);
         for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1)) {
            browser.receive(JSON.parse(rest.subarray(0, end).toString()));
         }
      });
      return browser;
   }

   receive(message) {
      if (message.id) {
         const {resolve, reject} = this.pending.get(message.id);
         this.pending.delete(message.id);
         if (message.error) reject(new Error(message.error.message)); else resolve(message.result);
      } else if (this.listeners.has(message.sessionId)) {
         this.listeners.get(message.sessionId)(message);
      }
   }

   send(method, params = {}, sessionId = undefined) {
      const id = ++this.last;
      this.process.stdio[3].write(JSON.stringify({id, method, params, sessionId}) + "\0");
      return new Promise((resolve, reject) => this.pending.set(id, {resolve, reject}));
   }

   // A page of its own. `options`: width, height, scheme ("light" or "dark"), media, script (false: switched off).
   async open(url, options = {}) {
      const {targetId} = await this.send("Target.createTarget", {url: "about:blank"});
      const {sessionId} = await this.send("Target.attachToTarget", {targetId, flatten: true});
      const page = new Page(this, sessionId, targetId);
      for (const domain of ["Page", "Runtime", "Network", "Log"]) await page.send(domain + ".enable");
      await page.size(options.width || 1280, options.height || 900);
      await page.media(options.media || "screen", options.scheme || "light");
      if (options.script === false) await page.send("Emulation.setScriptExecutionDisabled", {value: true});
      await page.go(url);
      return page;
   }

   async close() {
      await this.send("Browser.close").catch(() => {});
      await new Promise((resolve) => this.process.exitCode === null ? this.process.on("exit", resolve) : resolve());
      rmSync(this.profile, {recursive: true, force: true, maxRetries: 5});
   }
}

class Page {
   constructor(browser, sessionId, targetId) {
      Object.assign(this, {browser, sessionId, targetId, problems: [], requests: [], loaded: null});
      browser.listeners.set(sessionId, (message) => this.receive(message));
   }

   receive({method, params}) {
      if (method === "Runtime.exceptionThrown") this.problems.push(params.exceptionDetails.exception?.description
         || params.exceptionDetails.text);
      if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) {
         this.problems.push("console." + params.type);
      }
      if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) {
         this.problems.push(params.entry.text);
      }
      if (method === "Network.requestWillBeSent" && !params.request.url.startsWith("data:")) {
         this.requests.push(params.request.url);
      }
      if (method === "Page.loadEventFired" && this.loaded) this.loaded();
   }

   send(method, params) { return this.browser.send(method, params, this.sessionId); }

   async go(url) {
      const loaded = new Promise((resolve) => { this.loaded = resolve; });
      await this.send("Page.navigate", {url});
      await loaded;
   }

   size(width, height) {
      return this.send("Emulation.setDeviceMetricsOverride", {width, height, deviceScaleFactor: 1, mobile: false});
   }

   media(media, scheme) {
      return this.send("Emulation.setEmulatedMedia",
         {media, features: [{name: "prefers-color-scheme", value: scheme}]});
   }

   // What an expression or a function gives in the page.
   async value(code, ...given) {
      const expression = typeof code === "function" ? `(${code})(${given.map((x) => JSON.stringify(x)).join(",")})` : code;
      const {result, exceptionDetails} = await this.send("Runtime.evaluate",
         {expression, returnByValue: true, awaitPromise: true});
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
      return result.value;
   }

   async press(key, code = key) {
      const text = key.length === 1 ? key : key === "Enter" ? "\r" : undefined;
      const codes = {Enter: 13, Escape: 27, Tab: 9, ArrowUp: 38, ArrowDown: 40, ArrowLeft: 37, ArrowRight: 39, " ": 32};
      const windowsVirtualKeyCode = codes[key] || key.toUpperCase().charCodeAt(0);
      await this.send("Input.dispatchKeyEvent", {type: text ? "keyDown" : "rawKeyDown", key, code, text,
         windowsVirtualKeyCode});
      await this.send("Input.dispatchKeyEvent", {type: "keyUp", key, code, windowsVirtualKeyCode});
   }

   async type(text) {
      await this.send("Input.insertText", {text});
   }

   async pdf(options = {}) {
      const {data} = await this.send("Page.printToPDF", {printBackground: true, ...options});
      return Buffer.from(data, "base64");
   }

   close() { return this.browser.send("Target.closeTarget", {targetId: this.targetId}); }
}
