// catalogue COMMAND FILE [--remote] [--overwrite] [--state DIRECTORY]: products, roles, scopes and product clients as data.
//   check    reads the file and says everything that is wrong with it; asks no database
//   sql      prints what `apply` would execute
//   apply    compares the file with the database, says what is added and what differs, and loads it in one transaction
//   remove   takes the file's products away again; refused while an organization has one
// Without --remote the local database of `make dev` (STATE, .wrangler/state). docs/catalogue.md tells the whole story.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { STATE, check, compare, load, remove } from "./catalogue-file.mjs";

const here = process.cwd();
const { Failure, fail, start } = await import("./lib.mjs"); // moves to the root of the checkout
const COMMANDS = ["check", "sql", "apply", "remove"];

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { remote: { type: "boolean" }, overwrite: { type: "boolean" }, state: { type: "string" } },
  });
  const [command, path, ...rest] = positionals;
  if (!COMMANDS.includes(command) || !path || rest.length > 0) {
    throw new Failure(`usage: catalogue ${COMMANDS.join("|")} FILE [--remote] [--overwrite] [--state DIRECTORY]`);
  }
  const { file, problems } = check(readFileSync(resolve(here, path), "utf8"));
  refuse(problems);
  if (command === "check") return console.log(`${path}: ${file.products.length} product(s), nothing wrong`);
  if (command === "sql") return console.log(load(file, Date.now(), values.overwrite).join("\n"));

  const state = resolve(here, values.state ?? process.env.STATE ?? ".wrangler/state");
  const where = values.remote ? ["--remote"] : ["--local", "--persist-to", state];
  if (command === "remove") {
    const { enabled } = await read(where);
    const used = file.products.map(({ product }) => product).filter((product) => enabled.includes(product));
    refuse(used.map((product) => `product ${product}: organizations have it; disable it there first`));
    await execute(where, remove(file));
    return console.log(`removed: ${file.products.map(({ product }) => product).join(", ")}`);
  }
  const { additions, differences, problems: conflicts } = compare(file, await read(where));
  refuse(conflicts);
  for (const what of additions) console.log(`adds     ${what}`);
  for (const what of differences) console.log(`${values.overwrite ? "changes " : "keeps   "} ${what}`);
  if (differences.length > 0 && !values.overwrite) console.log("What is there stays; --overwrite makes it what the file says.");
  if (additions.length === 0 && !(values.overwrite && differences.length > 0)) return console.log("nothing to do");
  await execute(where, load(file, Date.now(), values.overwrite));
  console.log("loaded");
}

function refuse(problems) {
  if (problems.length > 0) throw new Failure(problems.map((problem) => `refused: ${problem}`).join("\n"));
}

async function read(where) {
  const [{ results }] = await wrangler([...where, "--command", STATE]);
  return JSON.parse(results[0].catalogue);
}

/** One file is one transaction, here and at the edge. */
async function execute(where, statements) {
  const folder = mkdtempSync(join(tmpdir(), "catalogue-"));
  try {
    const path = join(folder, "catalogue.sql");
    writeFileSync(path, statements.join("\n") + "\n");
    await wrangler([...where, "--file", path]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The JSON that wrangler prints, behind whatever it says first. */
async function wrangler(args) {
  const child = start("wrangler", ["d1", "execute", "DB", "--json", "--yes", ...args]);
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) child[stream].setEncoding("utf8").on("data", (data) => (said[stream] += data));
  const { code, error } = await child.ended;
  const failed = new Failure(`wrangler d1 execute failed: ${error ?? ""}${said.stdout}${said.stderr}`);
  if (code !== 0) throw failed;
  try {
    return JSON.parse(said.stdout.slice(said.stdout.search(/^\[/m)));
  } catch {
    throw failed;
  }
}

main().catch(fail);
