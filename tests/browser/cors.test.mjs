// A product's page on another origin calls the API from a real browser.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { serve, signUp } from "../e2e/harness.mjs";

let server;
let pages;
let browser;
let page;
let token;
before(async () => {
  server = await serve();
  const { json } = await server.call("POST", "/v2/organizations", { json: signUp("browser@example.com") });
  token = json.access_token;

  pages = createServer((_, response) => response.setHeader("content-type", "text/html").end("<title>product</title>"));
  await once(pages.listen(0, "127.0.0.1"), "listening");
  // A container's root has no user namespaces for Chromium's sandbox; the only page it opens is ours.
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${pages.address().port}/`);
});
after(async () => {
  await browser?.close();
  pages?.close();
  await server?.stop();
});

/** fetch() inside the page; what the page's script could read. */
const fromPage = (method, path, headers = {}, body) =>
  page.evaluate(
    async ([url, init]) => {
      try {
        const response = await fetch(url, init);
        return { status: response.status, json: await response.json().catch(() => null) };
      } catch (error) {
        return { blocked: String(error) };
      }
    },
    [server.url + path, { method, headers, body }],
  );

test("an answer is readable", async () => {
  const { status, json } = await fromPage("GET", "/v2/info", { Authorization: `Bearer ${token}` });
  assert.equal(status, 200);
  assert.ok(json.account_id);
});

test("errors are readable: 401, 404, 405, 422", async () => {
  const type = { "Content-Type": "application/json" };
  for (const [expected, ...call] of [
    [401, "GET", "/v2/info", { Authorization: "Bearer dal:AAAA" }],
    [404, "GET", "/v2/nowhere"],
    [405, "DELETE", "/v2/info"],
    [422, "POST", "/v2/organizations", type, '{"email":5}'],
  ]) {
    const answer = await fromPage(...call);
    assert.equal(answer.status, expected, JSON.stringify(answer));
    assert.ok(answer.json.request_id);
  }
});

test("preflight lets every method and both headers through", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const answer = await fromPage(method, "/v2/nowhere", headers, "{}");
    assert.equal(answer.status, 404, `${method}: ${JSON.stringify(answer)}`);
  }
});
