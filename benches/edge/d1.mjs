// A D1 database in the isolate's memory. It answers each statement with what RECORDED has under its text, whatever is
// bound to it; the same text twice in a batch with the first and the second. The name of the class is what `worker` asks.
class Prepared {
  constructor(sql, params) {
    this.sql = sql;
    this.params = params;
  }
  bind(...params) {
    return new Prepared(this.sql, params);
  }
}

class D1Database {
  constructor({ RECORDED }) {
    this.recorded = new Map(RECORDED);
  }
  prepare(sql) {
    return new Prepared(sql, []);
  }
  async batch(statements) {
    const seen = new Map();
    return statements.map(({ sql }) => {
      const at = seen.get(sql) ?? 0;
      seen.set(sql, at + 1);
      const result = this.recorded.get(sql)?.[at];
      if (!result) throw new Error(`not recorded: ${sql}`);
      return result;
    });
  }
}

export default (env) => new D1Database(env);
