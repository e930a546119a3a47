// The Worker as it is, on real local storage, with every storage call written down. GET /recorded gives and forgets them.
import service from "./index.js";

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

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/recorded") {
      const recorded = { calls, line };
      calls = [];
      return Response.json(recorded);
    }
    return service.fetch(request, { ...env, DB: new Database(env.DB), CACHE: cache(env.CACHE) }, context);
  },
};
