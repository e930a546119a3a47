// The pages that people see, on the real runtime: every step at a desk and on a phone, looked at by axe-core.
// SCREENSHOTS=folder keeps a picture of each.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PASSWORD, call, serve, signUp } from "../e2e/harness.mjs";
import { PHONE, fits, look, newcomer } from "./looking.mjs";
import { application, launch, owner, signIn, site } from "./people.mjs";

const LIMIT = { timeout: 90_000 };
const LIVECHAT = "1887ed48fa338511da234a28cd8b750a";
const LIVECHAT_PAGE = "https://livechat.example/";

let server;
let service;
let app;
let browser;
let shop;
let acme;
let client;
before(async () => {
  server = await serve();
  service = `http://localhost:${server.port}`;
  app = await site();
  shop = await owner(server, "owner@shop.example", "Shop Inc");
  acme = await owner(server, "olga@example.com", "Acme");
  const redirect_uri = `${app.local}/app`;
  client = await application(server, shop, {
    name: "Shop assistant",
    visibility: "public",
    redirect_uri,
    scopes: [
      { scope: "accounts--my:rw", required: true },
      { scope: "accounts.roles--all:ro", required: false },
      { scope: "organization--my:rw", required: false },
    ],
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  app?.close();
  await server?.stop();
});

/** A browser that nobody has used, at a desk. */
const visitor = (options = {}) => newcomer(browser, options);

const authorize = (more = {}) =>
  `${service}/?${new URLSearchParams({ response_type: "token", client_id: client.client_id, redirect_uri: `${app.local}/app`, ...more })}`;
const title = (page, text) => page.getByRole("heading", { level: 1, name: text }).waitFor();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const returned = async (page, start = `${app.local}/app#access_token=`) => {
  await page.waitForURL((url) => url.href.startsWith(start));
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get("access_token");
};
const close = (page) => page.context().close();
const sql = (statement, ...values) => server.rows(statement, ...values);

/** A member of an organization, made by its owner. */
async function member({ access_token: token }, email) {
  const json = { email, password: PASSWORD, name: "Max Member" };
  const answer = await call(server.url, "POST", "/v2/accounts", { token, json });
  assert.equal(answer.status, 201, answer.text);
  return { ...answer.json, email };
}

async function enable({ access_token: token }, product) {
  const answer = await call(server.url, "POST", "/v2/organizations/my/products", { token, json: { product } });
  assert.equal(answer.status, 200, answer.text);
}

test("sign-up, with what is wrong named first; consent refused, then given", LIMIT, async () => {
  const page = await visitor();
  await page.goto(authorize());
  await look(page, "sign-in");
  await page.getByRole("link", { name: "Create one" }).click();
  await title(page, "Create your account");
  await look(page, "sign-up");
  await page.getByLabel("Email").fill(acme.email);
  await page.getByLabel("Password").fill("password123");
  await page.getByLabel("Your name").fill("Nora New");
  await page.getByLabel("Organization").fill("New and Sons");
  await press(page, "Create account");
  await page.getByRole("alert").waitFor();
  await look(page, "sign-up-problem");
  assert.equal(await page.getByLabel("Your name").inputValue(), "Nora New", "what was written stays");
  assert.equal(await page.getByLabel("Password").inputValue(), "");
  await page.getByLabel("Password").fill(PASSWORD);
  await press(page, "Create account");
  await page.getByText("There is already an account").first().waitFor();
  await fits(page, "sign-up-taken");
  await page.getByLabel("Email").fill("nora@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await press(page, "Create account");

  await title(page, "Allow Shop assistant access to your account?");
  await look(page, "consent");
  await press(page, "Don’t allow");
  await title(page, "Access was not given");
  await look(page, "consent-refused");
  assert.ok(page.url().startsWith(service), "nobody is sent back");
  assert.deepEqual(sql("SELECT * FROM consent"), []);
  assert.deepEqual(sql("SELECT * FROM access_token WHERE client_id = ?", client.client_id), []);

  await page.goto(authorize());
  await title(page, "Allow Shop assistant access to your account?");
  await press(page, "Allow");
  const token = await returned(page);
  const me = await call(server.url, "GET", "/v2/accounts/me", { token });
  assert.deepEqual([me.json?.email, me.json?.name], ["nora@example.com", "Nora New"]);

  await page.goto(authorize());
  await returned(page);
  await page.goto(authorize({ prompt: "consent" }));
  await title(page, "Allow Shop assistant access to your account?");
  await close(page);
});

test("a wrong password keeps the address and says no more than it must", LIMIT, async () => {
  const page = await visitor();
  const seen = [];
  for (const email of [acme.email, "nobody@example.com"]) {
    await page.goto(`${service}/signin`);
    await signIn(page, email, "not the password");
    await page.getByRole("alert").waitFor();
    seen.push((await page.getByRole("main").textContent()).replaceAll(/\s+/g, " "));
    assert.equal(await page.getByTestId("login-email-input").inputValue(), email);
    assert.equal(await page.getByTestId("login-password-input").inputValue(), "");
  }
  assert.equal(seen[0], seen[1], "known and unknown addresses look the same");
  await look(page, "sign-in-wrong");
  assert.equal(await page.getByRole("alert").evaluate((summary) => summary === document.activeElement), true, "the summary is focused");
  await signIn(page, acme.email);
  await title(page, "Your products");
  await look(page, "products-none");
  await close(page);
});

test("a person in two organizations chooses; one of them lacks the product, and its owner activates it", LIMIT, async () => {
  const carol = await owner(server, "carol@example.com", "Carol's Crafts");
  const json = { organization: { ...signUp("").organization, name: "Second Street Books" } };
  const second = await call(server.url, "POST", "/v2/organizations", { token: carol.access_token, json });
  assert.equal(second.status, 200, second.text);
  await enable(second.json, "LiveChat");
  await enable(second.json, "HelpDesk");

  const page = await visitor();
  const livechat = authorize({ client_id: LIVECHAT, redirect_uri: LIVECHAT_PAGE });
  await page.goto(livechat);
  await signIn(page, carol.email);
  await title(page, "Choose an organization");
  await look(page, "choose");
  await page.getByRole("button", { name: "Carol's Crafts" }).click();
  await title(page, "LiveChat is not activated");
  await look(page, "product-not-activated");
  await press(page, "Use another organization");
  await title(page, "Choose an organization");
  await page.getByRole("button", { name: "Second Street Books" }).click();
  await returned(page, `${LIVECHAT_PAGE}#access_token=`);

  await page.goto(livechat);
  await title(page, "Choose an organization");
  assert.match(await page.getByRole("main").getByRole("button").first().innerText(), /Second Street Books/, "the last choice is first");
  await page.getByRole("button", { name: "Carol's Crafts" }).click();
  await press(page, "Activate");
  const token = await returned(page, `${LIVECHAT_PAGE}#access_token=`);
  const info = await call(server.url, "GET", "/v2/info", { token });
  assert.equal(info.json.organization_id, carol.organization.organization_id);

  await page.goto(`${service}/`);
  await title(page, "Your products");
  await look(page, "products");
  await page.getByRole("link", { name: "LiveChat" }).click();
  await page.waitForURL(LIVECHAT_PAGE);
  await close(page);
});

test("a member without a role in the product asks for access, once; without the product there is nothing to ask", LIMIT, async () => {
  const max = await member(acme, "max@example.com");
  const page = await visitor();
  const livechat = authorize({ client_id: LIVECHAT, redirect_uri: LIVECHAT_PAGE });
  await page.goto(livechat);
  await signIn(page, max.email);
  await title(page, "LiveChat is not activated");
  assert.equal(await page.getByRole("button", { name: "Activate" }).count(), 0);
  await fits(page, "product-not-activated-member");

  await enable(acme, "LiveChat");
  await page.goto(livechat);
  await title(page, "You have no access to LiveChat yet");
  await look(page, "access");
  await press(page, "Request access");
  await title(page, "Your request was sent");
  await look(page, "access-sent");
  await page.goto(livechat);
  await press(page, "Request access");
  await title(page, "Your request is waiting");
  await fits(page, "access-waiting");
  const requests = sql("SELECT kind, state, product FROM invitation WHERE account_id = ?", max.account_id);
  assert.deepEqual(requests.map((row) => ({ ...row })), [{ kind: "request", state: "pending", product: "LiveChat" }]);
  assert.deepEqual(sql("SELECT * FROM access_token WHERE client_id = ?  AND account_id = ?", LIVECHAT, max.account_id), []);
  await close(page);
});

test("account page: name, personal token, applications, another session, password", LIMIT, async () => {
  const dora = await owner(server, "dora@example.com", "Dora and Daughters");
  const [page, other] = [await visitor(), await visitor()];
  for (const each of [page, other]) {
    await each.goto(`${service}/account`);
    await signIn(each, dora.email);
    await each.getByRole("link", { name: "Sign out", exact: true }).waitFor();
  }
  await other.goto(authorize());
  await press(other, "Allow");
  const token = await returned(other);
  await page.goto(`${service}/account`);
  await title(page, "Your account");
  await look(page, "account");

  await page.getByLabel("Name", { exact: true }).fill("Dora Dee");
  await press(page, "Save");
  await page.getByText("Your profile was saved.").waitFor();
  assert.equal(await page.locator(".person .who").innerText(), "Dora Dee");

  await page.locator("summary", { hasText: "New token" }).click();
  await press(page, "Create token");
  await page.getByLabel("What is it for?").fill("nightly report");
  await press(page, "Create token");
  await page.getByRole("alert").waitFor();
  await look(page, "account-problem");
  await page.locator("input[name=scope][value='accounts--my:rw']").check();
  await press(page, "Create token");
  await page.getByText("Token “nightly report” was created").waitFor();
  await look(page, "account-token");
  const [user, value] = [await page.getByLabel("User name").inputValue(), await page.getByLabel("Token", { exact: true }).inputValue()];
  const authorization = `Basic ${Buffer.from(`${user}:${value}`).toString("base64")}`;
  const me = await call(server.url, "GET", "/v2/accounts/me", { headers: { authorization } });
  assert.deepEqual([me.status, me.json.name], [200, "Dora Dee"]);
  await page.goto(`${service}/account`);
  assert.doesNotMatch(await page.content(), new RegExp(value.slice(4)), "shown once");

  const works = async () => (await call(server.url, "GET", "/v2/accounts/me", { token })).status;
  assert.equal(await works(), 200);
  await page.locator("summary", { hasText: "Withdraw access: Shop assistant" }).click();
  await fits(page, "account-withdraw");
  await press(page, "Withdraw access");
  await page.getByText("The access was withdrawn.").waitFor();
  assert.equal(await works(), 401);

  const sessions = page.locator("section", { has: page.getByRole("heading", { name: "Active sessions" }) });
  const another = sessions.locator("li", { hasText: "Chrom" }).filter({ hasNotText: "This browser" });
  await another.getByRole("button").first().click();
  await page.getByText("The session was ended.").waitFor();
  await other.goto(`${service}/account`);
  await other.getByTestId("login-submit-button").waitFor();

  const current = page.getByRole("region", { name: "Password", exact: true }).getByLabel("Current password");
  await current.fill("not the password");
  await page.getByLabel("New password").fill("correct horse battery");
  await press(page, "Change password");
  await page.getByRole("alert").waitFor();
  await current.fill(PASSWORD);
  await page.getByLabel("New password").fill("correct horse battery");
  await press(page, "Change password");
  await page.getByText("Your password was changed.").waitFor();
  await fits(page, "account-password");
  await page.goto(`${service}/account`);
  await title(page, "Your account");
  await signIn(other, dora.email);
  await other.getByRole("alert").waitFor();
  await signIn(other, dora.email, "correct horse battery");
  await title(other, "Your products");
  await other.locator(".person .chip").click();
  await title(other, "Your account");
  await Promise.all([page, other].map(close));
});

test("signing out: at once by a link of ours, after a question by anybody else's", LIMIT, async () => {
  const page = await visitor();
  await page.goto(`${service}/signin`);
  await signIn(page, acme.email);
  await title(page, "Your products");
  // Another application's page leads here.
  await page.goto(`${app.foreign}/app`);
  await page.evaluate((url) => void (location.href = url), `${service}/signout`);
  await title(page, "Sign out?");
  await look(page, "sign-out");
  await page.getByRole("link", { name: "Cancel" }).click();
  await title(page, "Your account");
  await page.getByRole("link", { name: "Sign out", exact: true }).click();
  await title(page, "You are signed out");
  await look(page, "signed-out");
  await page.getByRole("link", { name: "Sign in again" }).click();
  await page.getByTestId("login-submit-button").waitFor();
  await close(page);
});

test("a form that was answered before changes nothing", LIMIT, async () => {
  const page = await visitor();
  await page.goto(authorize());
  await signIn(page, acme.email);
  await title(page, "Allow Shop assistant access to your account?");
  const again = await page.context().newPage();
  again.noise = [];
  await again.goto(page.url());
  await press(page, "Allow");
  await returned(page);
  const before = sql("SELECT count(*) AS n FROM access_token")[0].n;
  await press(again, "Allow");
  await title(again, "This page is out of date");
  await look(again, "stale");
  assert.equal(sql("SELECT count(*) AS n FROM access_token")[0].n, before);
  await close(page);
});

test("too many attempts: when to come back", LIMIT, async () => {
  const page = await visitor();
  await page.goto(`${service}/signin`);
  await signIn(page, "guessed@example.com", "not the password");
  await page.getByRole("alert").waitFor();
  sql("UPDATE throttle SET hits = hits + 1000000");
  await signIn(page, "guessed@example.com", "not the password");
  await title(page, "Too many attempts");
  await look(page, "throttled");
  sql("DELETE FROM throttle");
  await close(page);
});

test("errors of an application are pages of the service", LIMIT, async () => {
  const page = await visitor();
  const sent = app.requests.length;
  await page.goto(authorize({ client_id: "0".repeat(32) }));
  await fits(page, "error-unknown-client");
  await page.goto(authorize({ redirect_uri: "https://evil.example/<script>alert(1)</script>" }));
  await look(page, "error-redirect-uri");
  assert.deepEqual(app.requests.slice(sent), []);
  await close(page);
});

test("without JavaScript: sign-in by redirect, and a popup that says it can be closed", LIMIT, async () => {
  const page = await visitor({ javaScriptEnabled: false });
  await page.goto(authorize());
  await signIn(page, shop.email);
  await returned(page);
  await page.goto(authorize({ flow: "button" }));
  await title(page, "You can close this window");
  await page.screenshot(process.env.SCREENSHOTS ? { path: join(process.env.SCREENSHOTS, "message.1280.png") } : {});
  await page.setViewportSize(PHONE);
  await page.screenshot(process.env.SCREENSHOTS ? { path: join(process.env.SCREENSHOTS, "message.390.png") } : {});
  await close(page);
});

test("by keyboard alone: sign-in, choice of an answer, account", LIMIT, async () => {
  const page = await visitor();
  const focused = () => page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.textContent.trim());
  await page.goto(authorize());
  assert.equal(await focused(), "login-email-input");
  await page.keyboard.type("nobody@example.com");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "login-password-input");
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await page.goto(authorize({ email: acme.email, prompt: "consent" }));
  assert.equal(await focused(), "login-password-input", "the address is known");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "login-submit-button");
  await page.keyboard.press("Enter");
  await title(page, "Allow Shop assistant access to your account?");
  const order = [];
  for (let at = 0; at < 8 && order.at(-1) !== "Allow"; at += 1) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  assert.equal(order[0], "Skip to the content");
  assert.deepEqual(order.slice(-2), ["Don’t allow", "Allow"]);
  await page.keyboard.press("Enter");
  await returned(page);
  await close(page);
});
