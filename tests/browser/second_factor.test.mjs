// A person's second factor in Chromium: set up with the picture, asked for at the next sign-in, replaced by a recovery code.
// SCREENSHOTS=folder keeps a picture of each screen.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "../e2e/harness.mjs";
import { axe, launch, owner, patient, signIn } from "./people.mjs";

const LIMIT = { timeout: 240_000 };
const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };

let server;
let service;
let browser;
before(async () => {
  server = await serve();
  service = `http://localhost:${server.port}`;
  await owner(server, "olga@example.com", "Acme");
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

async function look(page, name) {
  await page.waitForLoadState("load");
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), size.width, `${name}: scrolls sideways`);
    if (process.env.SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.${size.width}.png`), fullPage: true });
    }
  }
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`), [], name);
}

const visitor = async () => {
  const page = await patient(await browser.newContext({ viewport: DESK })).newPage();
  page.setDefaultTimeout(30_000);
  return page;
};
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
  await page.getByLabel("Six-digit code").fill(code(key, Date.now() - 30_000));
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
  await page.getByTestId("second-step-code-input").fill(code(key));
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
});
