// The Worker as it is, on real local storage, with every storage call written down. GET /recorded gives and forgets them.
import { WorkerEntrypoint } from "cloudflare:workers";
import Service from "./index.js";

let calls = [];
let line = "";
const print = console.log;
console.log = (text) => {
  line = text;
  print(text);
};

class Database {
  constructor(real) {
    this.real = real;
  }
  prepare(sql) {
    const prepared = this.real.prepare(sql);
    return { bind: (...params) => ({ sql, params, bound: prepared.bind(...params) }) };
  }
  async batch(statements) {
    const results = await this.real.batch(statements.map(({ bound }) => bound));
    calls.push({ call: "batch", statements: statements.map(({ sql, params }, at) => ({ sql, params, result: results[at] })) });
    return results;
  }
}

const cache = (real) => ({
  ...Object.fromEntries(["getWithMetadata", "list"].map((name) => [name, (...given) => real[name](...given)])),
  async get(key, options) {
    const value = await real.get(key, options);
    calls.push({ call: "get", key, value });
    return value;
  },
  async put(key, value, options) {
    calls.push({ call: "put", key, value });
    return real.put(key, value, options);
  },
  async delete(key) {
    calls.push({ call: "delete", key });
    return real.delete(key);
  },
});

export default class extends WorkerEntrypoint {
  async fetch(request) {
    if (new URL(request.url).pathname === "/recorded") {
      const recorded = { calls, line };
      calls = [];
      return Response.json(recorded);
    }
    const { DB, CACHE, ...rest } = this.env;
    return new Service(this.ctx, { ...rest, DB: new Database(DB), CACHE: cache(CACHE) }).fetch(request);
  }
}
