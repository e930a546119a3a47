// A person's second factor in Chromium: set up with the picture, asked for at the next sign-in, replaced by a recovery code.
// SCREENSHOTS=folder keeps a picture of each screen.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PASSWORD, call, serve } from "../e2e/harness.mjs";
import { look, newcomer } from "./looking.mjs";
import { launch, owner, signIn } from "./people.mjs";

const LIMIT = { timeout: 300_000 };
let server;
let service;
let browser;
before(async () => {
  server = await serve();
  service = `http://localhost:${server.port}`;
  const { access_token: token } = await owner(server, "olga@example.com", "Acme");
  const json = { email: "grace@example.com", name: "Grace Hopper", roles: [], password: PASSWORD };
  const { status, text } = await call(server.url, "POST", "/v2/accounts", { token, json });
  assert.equal(status, 201, text);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** RFC 6238 from the key on the page. */
function code(key, at = Date.now()) {
  const bits = [...key].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** The code that an application shows, in a step of which none was used: good for half a minute at least. */
const used = new Map();
async function fresh(key) {
  const step = () => Math.floor(Date.now() / 30_000);
  while (used.get(key) === step()) await sleep(500);
  used.set(key, step());
  return code(key);
}

const visitor = () => newcomer(browser);
const title = (page, text) => page.getByRole("heading", { level: 1, name: text }).waitFor();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

test("M2 M3 set up with the picture, sign out, sign in with a code, then with a recovery code", LIMIT, async () => {
  const page = await visitor();
  await page.goto(`${service}/signin`);
  await signIn(page, "olga@example.com");
  await title(page, "Your products");
  await page.goto(`${service}/account`);
  await page.getByText("Set up an authenticator app").click();
  await press(page, "Continue");
  const picture = page.locator(".qr svg");
  await picture.waitFor();
  const { width } = await picture.boundingBox();
  assert.ok(width >= 190, `a camera can read it: ${width}`);
  const key = (await page.locator(".key code").innerText()).replaceAll(" ", "");
  await look(page, "second_factor_enrolment");
  await page.getByLabel("Six-digit code").fill(await fresh(key));
  await press(page, "Turn on two-step sign-in");
  await page.locator(".recovery").waitFor();
  const codes = await page.locator(".recovery code").allInnerTexts();
  assert.equal(codes.length, 10);
  await look(page, "second_factor_codes");

  await page.goto(`${service}/signout`);
  await page.getByRole("button", { name: "Sign out" }).click().catch(() => {});
  await page.goto(`${service}/signin`);
  await signIn(page, "olga@example.com");
  await title(page, "One more step");
  await look(page, "second_step");
  await page.goto(`${service}/account`);
  await title(page, "One more step");
  const input = page.getByTestId("second-step-code-input");
  assert.deepEqual([await input.getAttribute("autocomplete"), await input.getAttribute("inputmode")], ["one-time-code", "numeric"]);
  await input.fill("000000");
  await page.getByTestId("second-step-submit-button").click();
  await page.getByRole("alert").waitFor();
  await look(page, "second_step_wrong");
  await page.getByTestId("second-step-code-input").fill(await fresh(key));
  await page.getByTestId("second-step-submit-button").click();
  await title(page, "Your products");

  const other = await visitor();
  await other.goto(`${service}/signin`);
  await signIn(other, "olga@example.com");
  await title(other, "One more step");
  await other.getByText("Use a recovery code instead").click();
  await other.getByLabel("Recovery code", { exact: true }).fill(codes[4].toLowerCase());
  await press(other, "Continue with the recovery code");
  await title(other, "Your products");
  await other.goto(`${service}/account?lang=pl`);
  await other.getByText("Pozostałe kody odzyskiwania: 9").waitFor();
  await look(other, "second_factor_on");

  // M6: the owner demands it of everybody, and who has none is led to it and then on.
  await page.goto(`${service}/panel/organization`);
  await look(page, "panel_second_factor");
  await page.getByLabel("Demand it of every member from").fill(new Date().toISOString().slice(0, 10));
  await press(page, "Demand two-step sign-in");
  await page.getByRole("status").filter({ hasText: "demanded of every member" }).waitFor();
  await look(page, "panel_second_factor_demanded");

  const grace = await visitor();
  await grace.goto(`${service}/signin`);
  await signIn(grace, "grace@example.com");
  await title(grace, "Turn on two-step sign-in");
  await look(grace, "second_factor_demanded");
  await press(grace, "Set up an authenticator app");
  const own = (await grace.locator(".key code").innerText()).replaceAll(" ", "");
  await grace.getByLabel("Six-digit code").fill(await fresh(own));
  await press(grace, "Turn on two-step sign-in");
  await grace.locator(".recovery code").first().waitFor();
  await look(grace, "second_factor_demanded_codes");

  await press(page, "Stop demanding it");
  await page.getByRole("status").filter({ hasText: "no longer demanded" }).waitFor();
});
