// A framework of many actions, made up, as a YAML file: for the explorer's tests and its benchmark.
import {writeFileSync} from "node:fs";

const nouns = ["trade", "customs", "data", "payment", "identity", "consumer", "skills", "standards", "broadband", "logistics",
   "privacy", "cybersecurity", "enterprise", "signature", "dispute", "competition", "innovation", "statistics"];
const verbs = ["Develop", "Adopt", "Review", "Harmonise", "Ratify", "Conduct", "Promote", "Establish"];

export function writeFramework(path, actions, topics = 60) {
   const lines = ["framework: {id: big, title: A framework of many actions}", "areas:"];
   for (let a = 1; a <= 6; a++) {
      lines.push(`  - id: A${a}`, `    number: ${a}`, `    title: Area ${a}`, "    topics:");
      for (let t = a; t <= topics; t += 6) lines.push(`      - {id: topic-${t}, title: Topic ${t}}`);
   }
   writeFileSync(path + "/framework.yaml", lines.join("\n") + "\n");
   let seed = 1;
   const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
   for (let d = 1; d <= 5; d++) {
      const list = [`document: {id: D${d}, title: Document ${d}}`, "actions:"];
      for (let t = 1; t <= topics; t++) {
         list.push(`  topic-${t}:`);
         for (let i = t + (d - 1) * topics, n = 1; i <= actions; i += 5 * topics, n++) {
            const words = Array.from({length: 14}, () => nouns[random(nouns.length)]).join(" ");
            list.push(`    - {id: D${d}.T${t}.${n}, text: "${verbs[random(verbs.length)]} ${words}."}`);
         }
      }
      writeFileSync(`${path}/d${d}.yaml`, list.join("\n") + "\n");
   }
}
