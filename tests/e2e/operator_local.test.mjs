// What the pages say of this machine: the same SQL on the runtime's own SQLite, which allows less than SQLite does, and a copy
// of the folder as a backup.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Operator, rows } from "./cloudflare/operator.mjs";
import { fill, page } from "./cloudflare/pages.mjs";

const PAGES = ["audit-log", "restore", "rotate-secrets", "way-back"].map((name) => `docs/operations/${name}.md`);
const HERE = { "--remote": "--local --persist-to .wrangler/state" };

let operator;
before(async () => {
  operator = await Operator.start();
  await operator.run(fill("npx wrangler d1 migrations apply DB --remote", HERE));
});
after(() => operator.stop());

const command = page("docs/operations/README.md").find(({ shell }) => shell?.includes("query.sql")).shell;
const sql = (text) => {
  operator.write("query.sql", text);
  return operator.run(fill(command, HERE));
};
const organizations = async () => rows(await sql("SELECT count(*) AS n FROM organization"))[0].n;

test("every block of SQL is one that the runtime allows", async () => {
  const blocks = PAGES.flatMap(page).flatMap((step) => step.sql ?? []);
  const statements = blocks.join("\n").match(/;$/gm).length;
  assert.ok(statements > 20, `${statements}`);
  assert.match(await sql(blocks.join("\n")), new RegExp(`${statements} commands executed successfully`));
});

test("a copy of the folder is a backup, and copied back it is a restore", async () => {
  const [copy, back] = page("docs/operations/restore.md").find(({ heading, shell }) => heading === "On this machine" && shell).shell.split("\n");
  await sql("INSERT INTO organization (organization_id, created_at, updated_at) VALUES ('one', 1, 1)");
  await operator.run(copy);
  await sql("INSERT INTO organization (organization_id, created_at, updated_at) VALUES ('two', 1, 1)");
  assert.equal(await organizations(), 2);
  await operator.run(back);
  assert.equal(await organizations(), 1);
  assert.deepEqual(operator.cloud.asked, [], "nothing of this leaves the machine");
});
