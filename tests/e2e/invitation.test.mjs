// An invitation on workerd: from the call to the membership, by the link in the mail; and many who decide at once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PASSWORD, serve, signUp } from "./harness.mjs";
import { Visitor } from "./visitor.mjs";

const TIMES = 20;
const LIMIT = { timeout: 120_000 };
const PATH = "/v2/accounts/invitations";

let server;
let owner;
before(async () => {
  server = await serve();
  owner = (await server.call("POST", "/v2/organizations", { json: signUp("owner@example.com") })).json;
  const { status } = await call("POST", "/v2/organizations/my/products", { product: "LiveChat" });
  assert.equal(status, 200);
});
after(() => server?.stop());

const call = (method, path, json) => server.call(method, path, { token: owner.access_token, json });

/** Path and token of the link in the newest mail to an address. */
async function linkTo(address, limit = 20_000) {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(100)) {
    let to;
    let path;
    for (const line of server.lines) {
      to = line.match(/^To: (.*)$/)?.[1] ?? to;
      if (to === address) path = line.match(/^Text: (.*)$/)?.[1] ?? path;
    }
    const url = path && readFileSync(path, "utf8").match(/^http\S+\/invitation\?token=\S+$/m)?.[0];
    if (url) return { path: new URL(url).pathname + new URL(url).search, token: new URL(url).searchParams.get("token") };
  }
  throw new Error(`no mail to ${address}:\n${server.lines.slice(-40).join("\n")}`);
}

const rows = (statement) => server.rows(statement);

const rolesOf = (email) =>
  rows(`SELECT product || '/' || role.role AS name FROM account JOIN membership_role USING (account_id)
    JOIN role USING (role_id, product) WHERE email_key = '${email}' AND membership_role.organization_id = '${owner.organization.organization_id}'
    ORDER BY name`).map(({ name }) => name);

async function invite(email) {
  const body = { email, name: "Guest", product: "LiveChat" };
  const { status, json } = await call("POST", PATH, body);
  assert.deepEqual([status, Object.keys(json)], [201, ["invitation_id"]]);
  const again = await call("POST", PATH, body);
  assert.deepEqual([again.status, again.json], [200, json]);
  return json.invitation_id;
}

test("from the call to the membership: invite, approve, follow the link, sign up", LIMIT, async () => {
  const email = "guest@example.com";
  const id = await invite(email);
  const approved = await call("PUT", `${PATH}/${id}`, { role: "normal" });
  assert.deepEqual([approved.status, approved.json], [200, { account_id: null }]);
  const { path, token } = await linkTo(email);
  const visitor = new Visitor(server.url);
  const page = await visitor.get(path);
  assert.deepEqual([page.status, rolesOf(email)], [200, []], "reading uses nothing up");
  const done = await visitor.post("/invitation/signup", page, { token, name: "Ewa", password: PASSWORD });
  assert.match(done.text, /The invitation was accepted/);
  assert.deepEqual(rolesOf(email), ["Accounts/member", "LiveChat/normal"]);
  assert.equal(rows(`SELECT email_verified FROM account WHERE email_key = '${email}'`)[0].email_verified, 1);
  const launch = await visitor.get("/");
  assert.match(launch.text, /Your products/);
  assert.match((await new Visitor(server.url).get(path)).text, /The invitation was accepted/);
  assert.equal((await call("DELETE", `${PATH}/${id}`)).status, 404);
});

test(`R9: ${TIMES} at once accept one invitation: one membership`, LIMIT, async () => {
  const email = "crowd@example.com";
  await server.call("POST", "/v2/organizations", { json: signUp(email) });
  const id = await invite(email);
  assert.equal((await call("PUT", `${PATH}/${id}`, { role: "administrator" })).status, 200);
  const { path, token } = await linkTo(email);
  const visitor = new Visitor(server.url);
  const page = await visitor.post("/invitation/signin", await visitor.get(path), { token, password: PASSWORD });
  const cookies = visitor.copies(TIMES);
  const answers = await Promise.all(cookies.map((copy) => copy.post("/invitation", page, { token, decision: "accept" })));
  assert.ok(answers.every(({ status }) => status === 200), answers.map(({ status }) => status).join(" "));
  assert.deepEqual(rolesOf(email), ["Accounts/member", "LiveChat/administrator"]);
  const accepted = rows(`SELECT count(*) AS n FROM audit_log WHERE action = 'invitation.accept' AND target_id = '${id}'`);
  assert.equal(accepted[0].n, 1, "written down once");
});

test(`R4: ${TIMES} at once sign up by one link: one account`, LIMIT, async () => {
  const email = "twins@example.com";
  const id = await invite(email);
  assert.equal((await call("PUT", `${PATH}/${id}`, { role: "normal" })).status, 200);
  const { path, token } = await linkTo(email);
  const visitors = await Promise.all(
    Array.from({ length: TIMES }, async () => {
      const visitor = new Visitor(server.url);
      return { visitor, page: await visitor.get(path) };
    }),
  );
  const form = { token, name: "Ewa", password: PASSWORD };
  await Promise.all(visitors.map(({ visitor, page }) => visitor.post("/invitation/signup", page, form)));
  assert.equal(rows(`SELECT count(*) AS n FROM account WHERE email_key = '${email}'`)[0].n, 1);
  assert.deepEqual(rolesOf(email), ["Accounts/member", "LiveChat/normal"]);
  assert.equal(rows(`SELECT count(*) AS n FROM session JOIN account USING (account_id) WHERE email_key = '${email}'`)[0].n, 1);
});

test("approving against declining: one decision, and a link only where it stands", LIMIT, async () => {
  for (let round = 0; round < 10; round += 1) {
    const id = await invite(`round${round}@example.com`);
    const [approved, declined] = await Promise.all([
      call("PUT", `${PATH}/${id}`, { role: "normal" }),
      call("DELETE", `${PATH}/${id}`),
    ]);
    const state = rows(`SELECT state FROM invitation WHERE invitation_id = '${id}'`)[0].state;
    assert.deepEqual([declined.status, state], [204, "declined"]);
    assert.ok([200, 409].includes(approved.status), approved.text);
    assert.equal(rows(`SELECT count(*) AS n FROM audit_log WHERE target_id = '${id}' AND action = 'invitation.approve'`)[0].n, Number(approved.status === 200));
  }
  assert.deepEqual(rows("SELECT * FROM pragma_foreign_key_check"), []);
});
