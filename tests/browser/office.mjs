// What the suites of the panel share: somebody at a browser of their own, how a page is looked at, the mails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fits, newcomer } from "./looking.mjs";
import { signIn } from "./people.mjs";

/** A browser of its own, signed in. */
export async function visitor(browser, service, email, options = {}) {
  const page = await newcomer(browser, options);
  await page.goto(`${service}/signin`);
  await signIn(page, email);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForURL((url) => !url.pathname.startsWith("/signin"));
  return page;
}

/** A mail as a client that shows HTML does: it fits, and needs nothing from anywhere. */
export async function lookAtMail(browser, { html }, name) {
  const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
  const page = await context.newPage();
  await page.setContent(readFileSync(html, "utf8"));
  await fits(page, name);
  await context.close();
}

export const title = (page, text) => page.getByRole("heading", { level: 1, name: text }).waitFor();
export const press = (page, name) => page.getByRole("button", { name, exact: typeof name === "string" }).click();
/** Opens what asks before it acts. */
export const open = (page, name) => page.locator("summary", { hasText: name }).first().click();
export const said = (page, text) => page.getByRole("status").filter({ hasText: text }).waitFor();
export const close = (page) => page.context().close();

/** The newest mail to an address whose subject begins like this: its text and its first link, and the file of its HTML. */
export async function mail(server, address, beginning, limit = 20_000) {
  for (const end = Date.now() + limit; Date.now() < end; await sleep(100)) {
    let [to, subject, found] = [];
    for (const line of server.lines) {
      to = line.match(/^To: (.*)$/)?.[1] ?? to;
      subject = line.match(/^Subject: (.*)$/)?.[1] ?? subject;
      const [, kind, path] = line.match(/^(Text|HTML): (.*)$/) ?? [];
      if (path && to === address && subject?.startsWith(beginning)) found = { ...found, [kind]: path };
    }
    if (found?.Text) {
      const text = readFileSync(found.Text, "utf8");
      return { text, url: text.match(/^http\S+$/m)?.[0], html: found.HTML };
    }
  }
  throw new Error(`no mail "${beginning}" to ${address}:\n${server.lines.slice(-40).join("\n")}`);
}
