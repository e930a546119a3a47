// Mail on workerd: what is sent becomes files that the console names; the links in them do what they say, once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PASSWORD, serve, signUp } from "./harness.mjs";
import { Visitor } from "./visitor.mjs";

const TIMES = 20;
const LIMIT = { timeout: 120_000 };
const NEW_PASSWORD = "another-one-7";

let server;
before(async () => {
  server = await serve();
});
after(() => server?.stop());

/** The files of the mails to an address, in the order in which the console named them. */
function mailsTo(address) {
  const found = [];
  let to;
  let subject;
  for (const line of server.lines) {
    to = line.match(/^To: (.*)$/)?.[1] ?? to;
    subject = line.match(/^Subject: (.*)$/)?.[1] ?? subject;
    const path = line.match(/^Text: (.*)$/)?.[1];
    if (path && to === address) found.push({ subject, path });
  }
  return found;
}

/** The text of the newest mail to an address whose subject begins like this. */
async function mail(address, beginning, limit = 20_000) {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(100)) {
    const hit = mailsTo(address).findLast(({ subject }) => subject.startsWith(beginning));
    if (hit) return readFileSync(hit.path, "utf8");
  }
  throw new Error(`no mail "${beginning}" to ${address}:\n${server.lines.slice(-40).join("\n")}`);
}

/** Path and token of the link in a mail. */
function link(text) {
  const url = new URL(text.match(/^http\S+\?token=\S+$/m)[0]);
  assert.equal(url.origin, `http://localhost:${server.port}`, "PUBLIC_URL, not the Host of the request");
  return { path: url.pathname + url.search, page: url.pathname, token: url.searchParams.get("token") };
}

const rows = (statement) => server.rows(statement);

test("make dev says where mails appear", () => {
  assert.ok(server.lines.some((line) => line.startsWith("mails: ")), server.lines.join("\n"));
});

test("sign up, read the mail, press the button: the address is proven", LIMIT, async () => {
  const visitor = new Visitor(server.url);
  const form = await visitor.get("/signup?lang=pl");
  const person = { email: "visitor@example.com", password: PASSWORD, name: "Łucja Żak" };
  assert.equal((await visitor.post("/signup?lang=pl", form, person)).status, 200);
  const text = await mail("visitor@example.com", "Potwierdź swój adres e-mail");
  assert.match(text, /^Dzień dobry, Łucja Żak!/);
  const { path, page, token } = link(text);
  const reader = new Visitor(server.url);
  const asked = await reader.get(path);
  const verified = () => rows("SELECT email_verified FROM account WHERE email_key = 'visitor@example.com'")[0].email_verified;
  assert.deepEqual([asked.status, verified()], [200, 0], "reading uses nothing up");
  assert.equal((await reader.post(page, asked, { token })).status, 200);
  assert.equal(verified(), 1);
  assert.equal((await reader.get(path)).status, 410);
  for (let tries = 0; tries < 50 && rows("SELECT 1 FROM outbox").length > 0; tries += 1) await sleep(100);
  assert.deepEqual(rows("SELECT * FROM outbox"), [], "what was sent is not kept");
});

test("forgot: the mail's link sets another password, and what was given before is dead", LIMIT, async () => {
  const email = "forgetful@example.com";
  const { json: owner } = await server.call("POST", "/v2/organizations", { json: signUp(email) });
  const works = async () => (await server.call("GET", "/v2/accounts/me", { token: owner.access_token })).status;
  assert.equal(await works(), 200);
  const visitor = new Visitor(server.url);
  const answers = [];
  for (const address of [email, "nobody@example.com"]) {
    const { status, text } = await visitor.post("/forgot", await visitor.get("/forgot"), { email: address });
    answers.push([status, text]);
  }
  assert.deepEqual(answers[0], answers[1], "known and unknown alike");
  const { path, page, token } = link(await mail(email, "Choose a new password"));
  const asked = await visitor.get(path);

  const pressed = await Promise.all(
    Array.from({ length: TIMES }, () => visitor.post(page, asked, { token, password: NEW_PASSWORD })),
  );
  const statuses = pressed.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 200).length, 1, `one of ${TIMES}: ${statuses}`);
  assert.equal(statuses.filter((status) => status === 410).length, TIMES - 1, `${statuses}`);
  assert.equal(rows("SELECT 1 FROM audit_log WHERE action = 'account.reset_password'").length, 1);

  assert.equal(await works(), 401);
  await mail(email, "Your password was set anew");
  const signIn = async (password) => {
    const browser = new Visitor(server.url);
    return (await browser.post("/signin", await browser.get("/signin"), { email, password })).status;
  };
  assert.deepEqual([await signIn(PASSWORD), await signIn(NEW_PASSWORD)], [401, 200]);
  assert.match(await mail(email, "Sign-in from a new device"), /Browser: /);
  assert.equal(mailsTo("nobody@example.com").length, 0);
});

test("no link and no address is in the Worker's own log", () => {
  const lines = server.logs().map((line) => JSON.stringify(line));
  assert.ok(lines.some((line) => line.includes('"event":"mail"')), lines.slice(-5).join("\n"));
  for (const line of lines) assert.ok(!line.includes("token=") && !line.includes("@example.com"), line);
});
