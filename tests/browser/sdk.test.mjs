// The vendor's own browser package, unchanged, in pages of an application on another origin.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { serve } from "../e2e/harness.mjs";
import { application, launch, launchWithThirdPartyCookies, owner, patient, signIn, site } from "./people.mjs";

const EMAIL = "sdk@example.com";
const LIMIT = { timeout: 60_000 };

let server;
let service;
let app;
let browser;
let client;
let second;
let john;
before(async () => {
  server = await serve();
  service = `http://localhost:${server.port}`;
  app = await site();
  john = await owner(server, EMAIL);
  const redirect_uri = `${app.local}/app,${app.foreign}/app`;
  client = (await application(server, john, { redirect_uri })).client_id;
  second = (await application(server, john, { redirect_uri, name: "Second" })).client_id;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  app?.close();
  await server?.stop();
});

/** A page of the application in a browser that nobody has used. */
async function visit(path = "/app", origin = app.local) {
  const context = patient(await browser.newContext());
  const page = await context.newPage();
  await page.goto(origin + path);
  return page;
}

const options = (more = {}) => ({ client_id: client, server_url: service, ...more });

/** Calls the package in the page. A rejection comes back as `error`. */
const sdk = (page, how, given) =>
  page.evaluate(
    async ([how, options]) => {
      const sdk = new window.SDK(options);
      if (how === "redirect") return void sdk.redirect().authorize();
      try {
        const data = await (how === "returned" ? sdk.redirect().authorizeData() : sdk[how]().authorize());
        return { data, transaction: sdk.verify(data) };
      } catch (error) {
        return { error: { ...error } };
      }
    },
    [how, given],
  );

const leaves = (page, given) => Promise.all([page.waitForURL(`${service}/**`), sdk(page, "redirect", given)]);
const returns = (page, path = "/app") => page.waitForURL((url) => url.origin === new URL(app.local).origin && url.pathname === path);
const form = (page) => page.getByTestId("login-submit-button").waitFor();

let known;
/** A page in a browser in which the person is signed in. */
async function signedIn(origin = app.local) {
  if (!known) {
    known = patient(await browser.newContext());
    const page = await known.newPage();
    await page.goto(`${service}/`);
    await signIn(page, EMAIL);
    await page.getByRole("link", { name: "Sign out" }).waitFor();
    await page.close();
  }
  const page = await known.newPage();
  await page.goto(`${origin}/app`);
  return page;
}

const leave = (page) => (page.context() === known ? page.close() : page.context().close());

/** What the page's own script can do with what it got. */
const ask = (page, method, path, { token, json }) =>
  page.evaluate(
    async ([url, method, token, json]) => {
      const headers = { Accept: "application/json", ...(json && { "Content-Type": "application/json" }), ...(token && { Authorization: `Bearer ${token}` }) };
      const response = await fetch(url, { method, headers, body: json && JSON.stringify(json) });
      return { status: response.status, json: await response.json() };
    },
    [service + path, method, token, json],
  );

async function works(page, access_token) {
  const me = await ask(page, "GET", "/v2/accounts/me", { token: access_token });
  assert.deepEqual([me.status, me.json.account_id], [200, john.account_id]);
}

async function exchanges(page, { data, transaction }) {
  assert.match(data.code, /^dal:[\w-]+$/);
  const json = {
    grant_type: "authorization_code",
    code: data.code,
    client_id: client,
    redirect_uri: `${app.local}/app`,
    code_verifier: transaction.code_verifier,
  };
  const { status, json: tokens } = await ask(page, "POST", "/v2/token", { json });
  assert.equal(status, 200, JSON.stringify(tokens));
  assert.ok(tokens.refresh_token);
  assert.deepEqual([typeof tokens.expires_in, tokens.token_type, tokens.scope], ["number", "Bearer", "accounts--my:rw"]);
  await works(page, tokens.access_token);
}

test("redirect, token: form, fragment, and the token works", LIMIT, async () => {
  const page = await visit("/app?cart=7");
  await leaves(page, options());
  await signIn(page, EMAIL);
  await returns(page);
  const fragment = new URL(page.url()).hash.slice(1);
  assert.match(fragment, /^access_token=dal%3A/);
  assert.equal(new URLSearchParams(fragment).get("scope"), "accounts--my:rw");
  const { data } = await sdk(page, "returned", options());
  assert.deepEqual([data.expires_in, data.token_type, data.scope], [28_800, "Bearer", "accounts--my:rw"]);
  assert.equal(new URL(page.url()).searchParams.get("cart"), "7", "the package restores the query");
  await works(page, data.access_token);
  await leave(page);
});

test("redirect, token: a state comes back and is verified", LIMIT, async () => {
  const page = await signedIn();
  const given = options({ state: "a b&c=ü#/%" });
  await sdk(page, "redirect", given);
  await page.waitForURL(/access_token/);
  const { data, transaction } = await sdk(page, "returned", given);
  assert.equal(data.state, given.state);
  assert.equal(transaction.state, given.state);
  await leave(page);
});

test("redirect, code: PKCE S256 as the package makes it, exchanged by the page", LIMIT, async () => {
  const page = await visit();
  const given = options({ response_type: "code" });
  await leaves(page, given);
  const asked = new URL(page.url()).searchParams;
  await signIn(page, EMAIL);
  await returns(page);
  const returned = await sdk(page, "returned", given);
  const standard = createHash("sha256").update(returned.transaction.code_verifier).digest("base64url");
  assert.equal(asked.get("code_challenge_method") ?? "S256", "S256");
  assert.notEqual(asked.get("code_challenge"), standard, "this is the package's own form");
  await exchanges(page, returned);
  await leave(page);
});

test("redirect, code: PKCE plain", LIMIT, async () => {
  const page = await visit();
  const given = options({ response_type: "code", pkce: { enabled: true, code_verifier_length: 128, code_challange_method: "plain" } });
  await leaves(page, given);
  await signIn(page, EMAIL);
  await returns(page);
  await exchanges(page, await sdk(page, "returned", given));
  await leave(page);
});

test("redirect, manual: the form is shown to who is signed in, with the address filled in", LIMIT, async () => {
  const page = await signedIn();
  await leaves(page, options({ popup_flow: "manual", email_hint: EMAIL }));
  await form(page);
  assert.equal(await page.getByTestId("login-email-input").inputValue(), EMAIL);
  await signIn(page, EMAIL);
  await returns(page);
  await leave(page);
});

for (const response_type of ["token", "code"]) {
  test(`popup, ${response_type}: form, sign-in, message, and the window closes itself`, LIMIT, async () => {
    const page = await visit();
    const opened = page.waitForEvent("popup");
    const answer = sdk(page, "popup", options({ response_type }));
    const popup = await opened;
    await popup.getByTestId("login-submit-button").waitFor();
    const closed = popup.waitForEvent("close");
    await signIn(popup, EMAIL);
    const { data, transaction, error } = await answer;
    assert.equal(error, undefined, JSON.stringify(error));
    await closed;
    if (response_type === "code") await exchanges(page, { data, transaction });
    else await tokenOf(page, data);
    await leave(page);
  });

  test(`popup, ${response_type}, with a session: no form`, LIMIT, async () => {
    const page = await signedIn();
    const closed = page.waitForEvent("popup").then((popup) => popup.isClosed() || popup.waitForEvent("close"));
    const { data, transaction, error } = await sdk(page, "popup", options({ response_type }));
    assert.equal(error, undefined, JSON.stringify(error));
    await closed;
    if (response_type === "code") await exchanges(page, { data, transaction });
    else await tokenOf(page, data);
    await leave(page);
  });

  test(`iframe, ${response_type}, same site, with a session`, LIMIT, async () => {
    const page = await signedIn();
    const { data, transaction, error } = await sdk(page, "iframe", options({ response_type }));
    assert.equal(error, undefined, JSON.stringify(error));
    if (response_type === "code") await exchanges(page, { data, transaction });
    else await tokenOf(page, data);
    await leave(page);
  });
}

async function tokenOf(page, data) {
  assert.deepEqual([Number(data.expires_in), data.token_type, data.scope ?? data.scopes], [28_800, "Bearer", "accounts--my:rw"]);
  assert.deepEqual([data.account_id, data.organization_id, data.client_id], [john.account_id, john.organization.organization_id, client]);
  await works(page, data.access_token);
}

test("iframe, without a session: unauthorized, and never a form", LIMIT, async () => {
  const page = await visit();
  const frames = [];
  page.on("response", (response) => response.url().startsWith(service) && frames.push(response));
  const { error } = await sdk(page, "iframe", options());
  assert.equal(error.identity_exception, "unauthorized");
  assert.equal(frames.length > 0, true);
  assert.equal(await frames[0].headerValue("content-security-policy").then((csp) => csp.includes(`frame-ancestors ${app.local}`)), true);
  assert.doesNotMatch(await frames[0].text(), /password/i);
  await leave(page);
});

test("iframe, another site, third-party cookies allowed: signed in", LIMIT, async () => {
  const context = await launchWithThirdPartyCookies();
  try {
    const page = await context.newPage();
    await page.goto(`${service}/`);
    await signIn(page, EMAIL);
    await page.getByRole("link", { name: "Sign out" }).waitFor();
    await page.goto(`${app.foreign}/app`);
    const { data, error } = await sdk(page, "iframe", options());
    assert.equal(error, undefined, JSON.stringify(error));
    await tokenOf(page, data);
  } finally {
    await context.close();
  }
});

test("iframe, another site, third-party cookies blocked: unauthorized", LIMIT, async () => {
  const page = await signedIn(app.foreign);
  const { error } = await sdk(page, "iframe", options());
  assert.equal(error.identity_exception, "unauthorized");
  await leave(page);
});

test("popup from another site, third-party cookies blocked: a window of its own has its session", LIMIT, async () => {
  const page = await signedIn(app.foreign);
  const { data, error } = await sdk(page, "popup", options());
  assert.equal(error, undefined, JSON.stringify(error));
  await tokenOf(page, data);
  await leave(page);
});

test("another organization's application: the iframe is told nothing before consent, the popup asks for it", LIMIT, async () => {
  const eve = await owner(server, "eve@example.com", "Elsewhere");
  const wanted = { name: "Visitor", visibility: "public", redirect_uri: `${app.local}/app` };
  const given = options({ client_id: (await application(server, eve, wanted)).client_id });
  const page = await signedIn();
  assert.equal((await sdk(page, "iframe", given)).error?.identity_exception, "unauthorized");

  const [refused] = await Promise.all([sdk(page, "popup", given), answers(page, "Don’t allow")]);
  assert.equal(refused.error?.oauth_exception, "access_denied", JSON.stringify(refused));
  assert.equal((await sdk(page, "iframe", given)).error?.identity_exception, "unauthorized", "no is no");

  const [allowed] = await Promise.all([sdk(page, "popup", given), answers(page, "Allow")]);
  await works(page, allowed.data?.access_token);
  await works(page, (await sdk(page, "iframe", given)).data?.access_token);
  await leave(page);
});

/** Presses a button of the popup, which then closes itself. */
async function answers(page, name) {
  const popup = await page.waitForEvent("popup");
  const closed = popup.waitForEvent("close");
  await popup.getByRole("button", { name, exact: true }).click();
  await closed;
}

test("an unknown client: an error page, no redirect", LIMIT, async () => {
  const page = await visit();
  await refuses(page, options({ client_id: "0".repeat(32) }), "unauthorized_client");
});

test("an origin that is not registered: an error page, no redirect", LIMIT, async () => {
  for (const redirect_uri of ["https://evil.example/app", `${app.local}/other`, `${app.local.replace(/\d+$/, "1")}/app`]) {
    const page = await signedIn();
    await refuses(page, options({ redirect_uri }), "redirect_uri");
  }
});

/** Stays at the service, with a page that names the problem. */
async function refuses(page, given, why) {
  const before = app.requests.length;
  await leaves(page, given);
  await page.getByText(why).first().waitFor({ state: "attached" });
  assert.equal(new URL(page.url()).origin, service);
  assert.deepEqual(app.requests.slice(before), [], "nobody was sent back");
  assert.equal(await page.getByTestId("login-submit-button").count(), 0);
  await leave(page);
}

test("an iframe for an origin that is not registered: nobody is told anything", LIMIT, async () => {
  const page = await signedIn();
  const answer = await sdk(page, "iframe", options({ redirect_uri: `${app.local}/other` }));
  assert.equal(answer.data, undefined, JSON.stringify(answer));
  await leave(page);
});

test("a second application signs in without a form; after sign-out the form is back", LIMIT, async () => {
  const page = await visit();
  await leaves(page, options());
  await signIn(page, EMAIL);
  await returns(page);
  const first = (await sdk(page, "returned", options())).data.access_token;
  await page.goto(`${app.local}/app`);
  await sdk(page, "redirect", options({ client_id: second }));
  await page.waitForURL(/access_token/);
  const { data } = await sdk(page, "returned", options({ client_id: second }));
  await works(page, data.access_token);

  await page.goto(`${service}/signout`);
  await page.goto(`${app.local}/app`);
  for (const token of [first, data.access_token]) {
    assert.equal((await ask(page, "GET", "/v2/accounts/me", { token })).status, 401, "its tokens ended with it");
  }
  await leaves(page, options({ client_id: second }));
  await form(page);
  await leave(page);
});
