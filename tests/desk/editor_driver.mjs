// Drives the shipped editor for a test: one command a line in, what it sent and holds a line out.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const source = readFileSync(process.argv[2]).toString("base64");
const { Editor } = await import(`data:text/javascript;base64,${source}`);

class Store extends Map {
  get length() { return this.size; }
  key(at) { return [...this.keys()][at]; }
  getItem(name) { return this.get(name) ?? null; }
  setItem(name, words) { this.set(name, words); }
  removeItem(name) { this.delete(name); }
}

let store = new Store(), sent = [], views = {};
for await (const line of createInterface({ input: process.stdin })) {
  const { view, act, given = [] } = JSON.parse(line);
  if (act === "begin") [store, views] = [new Store(), {}];
  else if (act === "view") views[view] = new Editor(view, store, (request) => sent.push(request));
  else if (act === "close") delete views[view];
  else views[view][act](...given);
  const { record = null, dirty = false, shown = {} } = views[view] ?? {};
  console.log(JSON.stringify({ sent, record, dirty, shown, store: [...store] }));
  sent = [];
}
