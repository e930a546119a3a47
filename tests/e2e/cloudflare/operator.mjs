// An operator at work: a checkout of one's own, a shell in it, and the pinned wrangler, which is led to the stand-in.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { folder } from "../harness.mjs";
import { Database } from "./database.mjs";
import { page } from "./pages.mjs";
import { Script } from "./script.mjs";
import { cloudflare } from "./server.mjs";

const root = resolve(import.meta.dirname, "../../..");
/** What a checkout needs for these pages. The build is replaced: what is deployed here is one line that names its version. */
const PARTS = ["wrangler.toml", "migrations", "Makefile", "package.json", "versions.env", "docs/catalogue",
  "scripts/catalogue.mjs", "scripts/catalogue-file.mjs", "scripts/lib.mjs"];
const BUILD = `mkdir -p build && echo "export default { fetch: () => new Response('$(cat version)') }" > build/index.js\n`;
/** Nothing of the person who runs the tests. */
const ALONE = 'export HOME="$TMPDIR"';
/** `npx` without the half second that it takes to find what is in the checkout. */
const NPX = 'npx() { command "$@"; }';
/** What needs a real account or the running service. */
const ELSEWHERE = /^(make setup|npx wrangler login|curl )/;

export class Operator {
  static async start() {
    const operator = new Operator();
    operator.home = folder();
    operator.checkout = join(operator.home, "checkout");
    for (const part of PARTS) cpSync(join(root, part), join(operator.checkout, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(operator.checkout, "node_modules"));
    operator.write("scripts/build.sh", BUILD, 0o755);
    operator.write("version", "1");
    mkdirSync(join(operator.home, "cloud"));
    operator.cloud = await cloudflare(join(operator.home, "cloud"));
    operator.shell = spawn("bash", ["-e", "-o", "pipefail"], { cwd: operator.checkout, env: operator.environment(), stdio: ["pipe", "pipe", "pipe"] });
    operator.ended = once(operator.shell, "close").then(() => false);
    operator.shell.stdin.on("error", () => {}).write(`${ALONE}\n${NPX}\n`);
    return operator;
  }

  /** The same with the service deployed, without a command. */
  static async deployed(secrets = {}) {
    const operator = await Operator.start();
    const { cloud } = operator;
    const database = new Database(join(operator.home, "cloud"), "global-accounts");
    database.execute("CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE, applied_at TEXT)");
    for (const name of readdirSync(join(root, "migrations")).sort()) {
      database.execute(operator.read(`migrations/${name}`));
      database.execute(`INSERT INTO d1_migrations (name) VALUES ('${name}')`);
    }
    cloud.databases.push(database);
    const script = new Script("global-accounts");
    cloud.scripts.set(script.name, script);
    script.change(secrets);
    return operator;
  }

  get database() {
    return this.cloud.databases[0];
  }

  get script() {
    return this.cloud.scripts.get("global-accounts");
  }

  get secrets() {
    return Object.fromEntries(this.script.secrets);
  }

  /** Rows of the database at the edge, seen from behind. */
  rows(sql) {
    return this.database.sqlite.prepare(sql).all().map((row) => ({ ...row }));
  }

  /** Of the surroundings only where programs are. Whoever else wrangler asks is the stand-in too, which refuses. */
  environment() {
    const { url, account, token } = this.cloud;
    return {
      PATH: join(this.checkout, "node_modules/.bin") + delimiter + process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: this.home,
      NODE_COMPILE_CACHE: join(root, ".wrangler/compiled"),
      XDG_CONFIG_HOME: this.home,
      TERM: "dumb",
      NO_COLOR: "1",
      CLOUDFLARE_API_BASE_URL: url,
      CLOUDFLARE_ACCOUNT_ID: account,
      CLOUDFLARE_API_TOKEN: token,
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true", // with the banner goes the question for a newer version
      WRANGLER_LOG_PATH: join(this.home, "logs"),
      npm_config_update_notifier: "false",
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
      NO_PROXY: "127.0.0.1,localhost",
    };
  }

  write(path, text, mode) {
    writeFileSync(join(this.checkout, path), text, { mode });
  }

  read(path) {
    return readFileSync(join(this.checkout, path), "utf8");
  }

  /** Runs a block as it is. Variables stay for the next; nobody answers questions; returns what was printed. */
  async run(block) {
    const mark = `done ${randomUUID()}\n`;
    let printed = "";
    const done = new Promise((found) => {
      const collect = (data) => {
        printed += data;
        if (printed.includes(mark)) found(true);
      };
      for (const stream of [this.shell.stdout, this.shell.stderr]) stream.setEncoding("utf8").removeAllListeners("data").on("data", collect);
    });
    this.shell.stdin.write(`{ ${block}\n} </dev/null\necho "${mark.trim()}"\n`);
    const succeeded = await Promise.race([done, this.ended, sleep(60_000, undefined, { ref: false })]);
    assert.ok(succeeded, `${block}\n${printed}`);
    return printed.replace(mark, "");
  }

  /** Runs a command in a terminal and answers `[question, answer]` in turn; returns what was to be seen. */
  async terminal(command, ...dialogue) {
    const program = ["-c", "import pty, sys; sys.exit(pty.spawn(['sh', '-c', sys.argv[1]]) >> 8)", `${ALONE}; ${command}`];
    const child = spawn("python3", program, { cwd: this.checkout, env: this.environment(), stdio: ["pipe", "pipe", "inherit"] });
    let seen = "";
    let read = 0; // what stands before has been answered
    for await (const data of child.stdout.setEncoding("utf8")) {
      seen += data;
      if (dialogue.length === 0 || !seen.includes(dialogue[0][0], read)) continue;
      read = seen.length;
      child.stdin.write(dialogue.shift()[1]);
    }
    child.stdin.end();
    assert.deepEqual(dialogue, [], seen);
    return seen;
  }

  /** The commands of a block one after the other, without those of elsewhere; what each printed. */
  async commands(block) {
    const printed = [];
    let command = "";
    for (const line of block.split("\n")) {
      command += command ? `\n${line}` : line;
      const goesOn = line.endsWith("\\") || command.split('"').length % 2 === 0; // in open quotation marks, too
      if (goesOn) continue;
      if (!ELSEWHERE.test(command)) printed.push(await this.run(command));
      command = "";
    }
    return printed;
  }

  /** A block of SQL, run as the first page says; the rows of its last statement. */
  async sql(text) {
    const { shell } = page("docs/operations/README.md").find((step) => step.shell?.includes("query.sql"));
    this.write("query.sql", `${text}\n`);
    return rows(await this.run(shell));
  }

  stop() {
    this.shell.stdin.end();
    this.cloud.stop();
  }
}

/** The rows that `d1 execute` printed: JSON where nobody looks on, behind what it says first. */
export function rows(printed) {
  return JSON.parse(printed.slice(printed.search(/^\[/m))).at(-1).results;
}
