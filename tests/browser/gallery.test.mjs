// Every page as the native suite left it in target/tmp/gallery: accessible, at home on a phone, and silent in the console.
// English in light colours, Polish in dark ones. SCREENSHOTS=folder keeps a picture of each in all four ways.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { inaccessible } from "./looking.mjs";
import { launch } from "./people.mjs";

const folder = join(process.env.CARGO_TARGET_DIR ?? "target", "tmp/gallery");
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'";
// One grey point.
const PICTURE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==", "base64");
const types = { css: "text/css", js: "text/javascript", html: "text/html" };
const names = readdirSync(folder).filter((name) => name.endsWith(".html"));
// Pages that differ in a word only are looked at once.
const alike = /^(account_(?!bare|problems|profile_saved|token_created)|error_(?!unknown|invalid_redirect_uri)|sign_in_(?!plain|wrong)|message_some|panel_done_(?!roles_saved|role_deleted))/;
const distinct = names.filter((name) => !alike.test(name));

let server;
let browser;
let origin;
before(async () => {
  server = createServer((request, response) => {
    const name = decodeURIComponent(request.url.split("?")[0]);
    if (name.startsWith("/avatars/")) return response.writeHead(200, { "content-type": "image/png" }).end(PICTURE);
    try {
      const body = name === "/empty" ? "<title>empty</title>" : readFileSync(join(folder, name));
      const type = types[name.split(".").pop()] ?? "text/html";
      const headers = name === "/empty" ? {} : { "content-security-policy": policy };
      response.writeHead(200, { "content-type": `${type}; charset=utf-8`, ...headers }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

test("the gallery is there", () => assert.ok(names.length > 100, `${folder}: run cargo test --test native pages::`));

for (const [language, colorScheme] of [["en", "light"], ["pl", "dark"]]) {
  test(`axe-core finds nothing: ${language}, ${colorScheme}`, async () => {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
    const noise = [];
    page.on("console", (message) => noise.push(message.text()));
    page.on("pageerror", (error) => noise.push(String(error)));
    for (const name of distinct.filter((name) => name.endsWith(`.${language}.html`))) {
      await page.goto(`${origin}/${name}`);
      assert.deepEqual([await inaccessible(page), noise], [[], []], name);
    }
    await page.close();
  });
}

test("no page is wider than a phone", async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  for (const name of distinct) {
    await page.goto(`${origin}/${name}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, name);
  }
  await page.close();
});

const posted = (name) => readFileSync(join(folder, name), "utf8").replace("https://app.example.com\"", `${origin}"`);

test("the message page tells its opener and closes itself", { timeout: 20_000 }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await context.route("**/message_none.en.html", (route) => route.fulfill({ body: posted("message_none.en.html"), contentType: "text/html" }));
  await page.goto(`${origin}/empty`);
  const [popup, message] = await Promise.all([
    page.waitForEvent("popup"),
    page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener("message", ({ data, origin }) => resolve({ data, origin }));
          open("/message_none.en.html");
        }),
    ),
  ]);
  assert.deepEqual(message, { data: { data: { state: "</script>" } }, origin });
  if (!popup.isClosed()) await popup.waitForEvent("close");
  await context.close();
});

test("the message page tells the page that holds it, and nobody of another origin", { timeout: 20_000 }, async () => {
  const page = await browser.newPage();
  const heard = () =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener("message", ({ data }) => resolve(data));
          const frame = document.body.appendChild(document.createElement("iframe"));
          frame.src = "/message_sometrue.en.html";
          frame.onload = () => setTimeout(() => resolve("silence"), 500);
        }),
    );
  await page.goto(`${origin}/empty`);
  assert.equal(await heard(), "silence", "its message is for https://app.example.com");
  await page.route("**/message_sometrue.en.html", (route) => route.fulfill({ body: posted("message_sometrue.en.html"), contentType: "text/html" }));
  await page.goto(`${origin}/empty`);
  assert.deepEqual(await heard(), { data: { state: "</script>" } });
  await page.close();
});

async function screenshots() {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: width === 390 ? 844 : 860 } });
      for (const name of distinct) {
        await page.goto(`${origin}/${name}`);
        const path = join(process.env.SCREENSHOTS, `${name.replace(".html", "")}.${width}.${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
      }
      await page.close();
    }
  }
}

if (process.env.SCREENSHOTS) test("screenshots", screenshots);
