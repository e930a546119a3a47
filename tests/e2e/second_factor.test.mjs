// The second factor on workerd, with pyotp as the person's application: enrolment, sign-in, and twenty at once (rows E5, M2,
// M3, R9).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PASSWORD, call, folder, serve, signUp } from "./harness.mjs";
import { Visitor } from "./visitor.mjs";

const TIMES = 20;
const LIMIT = { timeout: 180_000 };
const STEP = 30_000;

let server;
before(async () => {
  const home = folder();
  const secret = () => `0:${randomBytes(32).toString("base64url")}`;
  const settings = { MASTER_SECRET: secret(), PASSWORD_PEPPER: secret(), SIGN_INS_PER_HOUR: 1000, PASSWORD_ATTEMPTS: 1000 };
  writeFileSync(join(home, "dev.vars"), Object.entries(settings).map(([name, value]) => `${name}="${value}"\n`).join(""));
  server = await serve({ home, env: { LIMITS: "production" } });
});
after(() => server?.stop());

const sql = (statement, ...values) => server.rows(statement, ...values);

/** What pyotp shows for a link that an application scans, so many steps from now. */
function code(uri, steps = 0) {
  const show = "import pyotp, sys; print(pyotp.parse_uri(sys.argv[1]).at(int(sys.argv[2])))";
  const at = Math.floor(Date.now() / 1000) + 30 * steps;
  return execFileSync("scripts/python", ["-c", show, uri, String(at)], { encoding: "utf8" }).trim();
}

/** A moment in which the code will not change for a while. */
async function calm() {
  const left = STEP - (Date.now() % STEP);
  if (left < 12_000) await sleep(left + 500);
}

/** A person with an application: the account, the link in it, and the recovery codes. */
async function enrolled(email) {
  const { json: account } = await call(server.url, "POST", "/v2/organizations", { json: signUp(email) });
  const token = account.access_token;
  const begun = await call(server.url, "POST", "/v2/accounts/me/mfa/totp", { token, json: { password: PASSWORD } });
  assert.equal(begun.status, 200, begun.text);
  const { uri, secret } = begun.json;
  await calm();
  const confirmed = await call(server.url, "POST", "/v2/accounts/me/mfa/totp/confirm", { token, json: { code: code(uri, -1) } });
  assert.equal(confirmed.status, 200, confirmed.text);
  return { ...account, email, uri, secret, codes: confirmed.json.recovery_codes };
}

/** A browser at the second step, and its page. */
async function half(email) {
  const visitor = new Visitor(server.url);
  const page = await visitor.post("/signin", await visitor.get("/signin"), { email, password: PASSWORD });
  assert.match(page.text, /One more step/);
  const request = page.text.match(/name="request" value="([^"]+)"/)[1];
  return { visitor, page, request };
}

const whole = (account) =>
  sql("SELECT count(*) AS n FROM session WHERE account_id = ? AND cookie_digest IS NOT NULL AND mfa_pending = 0", account)[0].n;
const begun = (account) => sql("SELECT count(*) AS n FROM audit_log WHERE action = 'session.begin' AND actor_id = ?", account)[0].n;

test("M2 the codes of an application of somebody else's making are taken, and kept sealed", LIMIT, async () => {
  const ann = await enrolled("ann@example.com");
  const { visitor, page, request } = await half(ann.email);
  await calm();
  const answer = await visitor.post("/second-step", page, { request, code: code(ann.uri) });
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.text, /Your products/);
  assert.equal(whole(ann.account_id), 1);
  const [{ sealed_secret }] = sql("SELECT sealed_secret FROM totp WHERE account_id = ?", ann.account_id);
  assert.ok(!sealed_secret.includes(ann.secret));
});

test("R9 M2 the same code twenty times at once, in one sign-in and in twenty: one becomes whole", LIMIT, async () => {
  for (const sittings of [1, TIMES]) {
    const ben = await enrolled(`ben${sittings}@example.com`);
    const open = [];
    for (let at = 0; at < sittings; at += 1) open.push(await half(ben.email));
    const windows = sittings === 1 ? open[0].visitor.copies(TIMES).map((visitor) => ({ ...open[0], visitor })) : open;
    await calm();
    const right = code(ben.uri);
    const answers = await Promise.all(
      windows.map(({ visitor, page, request }) => visitor.post("/second-step", page, { request, code: right })),
    );
    const statuses = answers.map(({ status }) => status);
    assert.ok(statuses.every((status) => [200, 401, 429].includes(status)), String(statuses));
    assert.deepEqual([whole(ben.account_id), begun(ben.account_id)], [1, 1], String(statuses));
  }
});

test("R9 M3 the same recovery code twenty times at once: one becomes whole", LIMIT, async () => {
  const eve = await enrolled("eve@example.com");
  const open = [];
  for (let at = 0; at < TIMES; at += 1) open.push(await half(eve.email));
  await Promise.all(
    open.map(({ visitor, page, request }) => visitor.post("/second-step", page, { request, recovery_code: eve.codes[0] })),
  );
  assert.deepEqual([whole(eve.account_id), begun(eve.account_id)], [1, 1]);
  assert.equal(sql("SELECT count(*) AS n FROM recovery_code WHERE account_id = ? AND used_at IS NOT NULL", eve.account_id)[0].n, 1);
});

test("E5 twenty wrong codes at once: five are looked at, then the right one waits too", LIMIT, async () => {
  const max = await enrolled("max@example.com");
  const open = [];
  for (let at = 0; at < TIMES; at += 1) open.push(await half(max.email));
  await calm();
  const right = code(max.uri);
  const wrong = right === "000000" ? "000001" : "000000";
  const answers = await Promise.all(
    open.map(({ visitor, page, request }) => visitor.post("/second-step", page, { request, code: wrong })),
  );
  const statuses = answers.map(({ status }) => status);
  assert.deepEqual([401, 429].map((status) => statuses.filter((other) => other === status).length), [5, 15]);
  const { visitor, page, request } = await half(max.email);
  assert.equal((await visitor.post("/second-step", page, { request, code: right })).status, 429);
  assert.equal(whole(max.account_id), 0);
});
