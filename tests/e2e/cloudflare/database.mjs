// A D1 database of the stand-in: a real SQLite file, and a copy of it for every state that it has had.
import { createHash, randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Refusal } from "./refusal.mjs";
import { checkForQuery, skipBlank } from "./statements.mjs";

/** What D1 does not let a caller say. */
const FORBIDDEN = /^(BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|ATTACH|DETACH|VACUUM)\b/i;
const LONGEST_STATEMENT = 100_000;
/** A bookmark holds for 30 days. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

export class Database {
  uuid = randomUUID();
  /** Every state: its bookmark, since when, and the copy of the file. */
  states = [];

  constructor(folder, name) {
    this.name = name;
    this.folder = join(folder, this.uuid);
    mkdirSync(this.folder);
    this.path = join(this.folder, "live.sqlite");
    this.open();
    this.keep();
  }

  open() {
    this.sqlite = new DatabaseSync(this.path, { enableForeignKeyConstraints: true });
  }

  /** The statements of one call, as one transaction; the result of each in D1's form. */
  query(sql) {
    checkForQuery(sql);
    return this.execute(sql);
  }

  execute(sql) {
    const before = this.version();
    const results = [];
    this.sqlite.exec("BEGIN");
    try {
      for (let rest = skipBlank(sql); rest; ) {
        if (FORBIDDEN.test(rest)) throw new Error(`not authorized: ${rest.match(FORBIDDEN)[1]}`);
        const statement = this.sqlite.prepare(rest);
        const text = statement.sourceSQL;
        if (Buffer.byteLength(text) > LONGEST_STATEMENT) throw new Error("statement too long: SQLITE_TOOBIG");
        results.push({ results: statement.all(), success: true, meta: this.meta() });
        rest = skipBlank(rest.slice(text.length));
      }
      this.sqlite.exec("COMMIT");
    } catch (error) {
      if (this.sqlite.isTransaction) this.sqlite.exec("ROLLBACK");
      throw new Refusal(400, 7500, error.message);
    }
    if (this.version() !== before) this.keep();
    return results;
  }

  meta() {
    return { duration: 0, rows_read: 0, rows_written: 0, size_after: statSync(this.path).size };
  }

  /** Another after every change of rows or of the schema. */
  version() {
    const { changes } = this.sqlite.prepare("SELECT total_changes() AS changes").get();
    return `${changes} ${this.sqlite.prepare("PRAGMA schema_version").get().schema_version}`;
  }

  /** Remembers the present state. */
  keep() {
    const number = this.states.length.toString(16).padStart(8, "0");
    const digest = createHash("md5").update(`${this.uuid} ${number}`).digest("hex");
    const bookmark = `${number}-ffffffff-00004c6d-${digest}`;
    copyFileSync(this.path, join(this.folder, bookmark));
    this.states.push({ bookmark, since: Date.now() });
  }

  /** The bookmark of now, or of a moment (ISO 8601). */
  bookmark(timestamp) {
    if (timestamp === null) return this.states.at(-1).bookmark;
    const moment = Date.parse(timestamp);
    const state = moment >= Date.now() - KEPT_MS && this.states.findLast(({ since }) => since <= moment);
    if (!state) throw new Refusal(400, 7501, `there is no bookmark of ${timestamp}`);
    return state.bookmark;
  }

  /** Puts the whole database back. What it replaces stays a state of its own. */
  restore(bookmark) {
    if (!this.states.some((state) => state.bookmark === bookmark)) throw new Refusal(400, 7501, `there is no bookmark ${bookmark}`);
    const previous = this.bookmark(null);
    this.sqlite.close();
    copyFileSync(join(this.folder, bookmark), this.path);
    this.open();
    this.keep();
    return { bookmark: this.bookmark(null), previous_bookmark: previous, message: "restored" };
  }
}
