// How the browser suites look at a page: at a desk and on a phone, with axe-core. SCREENSHOTS=folder keeps a picture of each.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { patient } from "./people.mjs";

export const DESK = { width: 1280, height: 860 };
export const PHONE = { width: 390, height: 844 };
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// A browser notes every answer that is an error, a test that is faster than autofocus, and that it would like RS256 too (why
// there is ES256 alone, ARCHITECTURE.md says). The pages themselves say nothing.
const BROWSERS = /^(Failed to load resource|Autofocus processing was blocked|publicKey\.pubKeyCredParams is missing)/;

/** A page of a browser that nobody has used, which keeps in `noise` what its console says. */
export async function newcomer(browser, options = {}) {
  const context = patient(await browser.newContext({ viewport: DESK, ...options }));
  // The products of the catalogue live at addresses that do not exist.
  await context.route("https://*.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>product</title>" }));
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.noise = [];
  page.on("console", (message) => page.noise.push(message.text()));
  page.on("pageerror", (error) => page.noise.push(String(error)));
  return page;
}

/** The width only, of a page that differs from one that was looked at in a few words. */
export async function fits(page, name) {
  await page.waitForLoadState("load");
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= size.width, `${name}: scrolls sideways`);
    if (process.env.SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.${size.width}.png`), fullPage: true });
    }
  }
}

/** What axe-core finds, one line each. */
export async function inaccessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** The page as it is: accessible, silent, and not wider than the window. */
export async function look(page, name) {
  await fits(page, name);
  assert.deepEqual(await inaccessible(page), [], name);
  assert.deepEqual(page.noise.filter((line) => !BROWSERS.test(line)), [], name);
}
