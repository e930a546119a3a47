// What the pages say of this machine: the same SQL on the runtime's own SQLite, which allows less than SQLite does, and a copy
// of the folder as a backup.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Operator } from "./cloudflare/operator.mjs";
import { fill, page } from "./cloudflare/pages.mjs";
import { openDatabase } from "./harness.mjs";

const PAGES = ["audit-log", "restore", "rotate-secrets", "way-back"].map((name) => `docs/operations/${name}.md`);
const HERE = { "--remote": "--local --persist-to .wrangler/state" };

let operator;
before(async () => {
  operator = await Operator.start();
  await operator.run(fill("npx wrangler d1 migrations apply DB --remote", HERE));
});
after(() => operator.stop());

/** Does something with the database's own file, while no server runs. */
function inside(what) {
  const database = openDatabase(join(operator.checkout, ".wrangler/state"));
  try {
    return what(database);
  } finally {
    database.close();
  }
}
const add = (name) => inside((database) => database.exec(`INSERT INTO organization (organization_id, created_at, updated_at) VALUES ('${name}', 1, 1)`));
const names = () => inside((database) => database.prepare("SELECT organization_id AS name FROM organization").all().map(({ name }) => name));

test("every block of SQL is one that the runtime allows", async () => {
  const blocks = PAGES.flatMap(page).flatMap((step) => step.sql ?? []);
  const statements = blocks.join("\n").match(/;$/gm).length;
  assert.ok(statements > 20, `${statements}`);
  operator.write("query.sql", blocks.join("\n"));
  const command = page("docs/operations/README.md").find(({ shell }) => shell?.includes("query.sql")).shell;
  assert.match(await operator.run(fill(command, HERE)), new RegExp(`${statements} commands executed successfully`));
});

test("a copy of the folder is a backup, and copied back it is a restore", async () => {
  const [copy, back] = page("docs/operations/restore.md").find(({ heading, shell }) => heading === "On this machine" && shell).shell.split("\n");
  add("one");
  await operator.run(copy);
  add("two");
  assert.deepEqual(names(), ["one", "two"]);
  await operator.run(back);
  assert.deepEqual(names(), ["one"]);
  assert.deepEqual(operator.cloud.asked, [], "nothing of this leaves the machine");
});
