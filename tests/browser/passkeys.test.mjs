// Passkeys in Chromium, with its virtual authenticator, on the real runtime: made, used to sign in, used as the second
// step, renamed, removed; in both languages. SCREENSHOTS=folder keeps a picture of each screen.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { PASSWORD, serve } from "../e2e/harness.mjs";
import { look, newcomer } from "./looking.mjs";
import { launch, owner, signIn } from "./people.mjs";

const LIMIT = { timeout: 300_000 };
let server;
let service;
let browser;
before(async () => {
  server = await serve();
  service = `http://localhost:${server.port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const WORDS = {
  en: {
    passkeys: "Passkeys",
    make: "Add a passkey",
    name: "Name of the passkey",
    device: "Add this device",
    made: "A passkey was added.",
    rename: "Rename: My phone",
    save: "Save the name",
    renamed: "The passkey has a new name.",
    remove: "Remove: Old phone",
    removed: "The passkey was removed.",
    signIn: "Sign in with a passkey",
    step: "Use a passkey",
    refused: "This passkey was not accepted.",
    failed: "The browser did not give us a passkey.",
    unsupported: "To add a passkey, you need a browser that knows passkeys",
  },
  pl: {
    passkeys: "Klucze dostępu",
    make: "Dodaj klucz dostępu",
    name: "Nazwa klucza",
    device: "Dodaj to urządzenie",
    made: "Klucz dostępu został dodany.",
    rename: "Zmień nazwę: My phone",
    save: "Zapisz nazwę",
    renamed: "Klucz dostępu ma nową nazwę.",
    remove: "Usuń: Old phone",
    removed: "Klucz dostępu został usunięty.",
    signIn: "Zaloguj się kluczem dostępu",
    step: "Użyj klucza dostępu",
    refused: "Ten klucz dostępu nie został przyjęty.",
    failed: "Przeglądarka nie przekazała nam klucza dostępu.",
    unsupported: "Aby dodać klucz dostępu, potrzebujesz przeglądarki",
  },
};

/** A browser with an authenticator whose user is verified. */
const visitor = (options = {}) => newcomer(browser, options);

async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    verifies: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    /** A passkey that the service has never seen. */
    async forget() {
      for (const { credentialId } of await this.credentials()) {
        await cdp.send("WebAuthn.removeCredential", { authenticatorId, credentialId });
      }
    },
  };
}

const button = (page, name) => page.getByRole("button", { name, exact: true });
const alert = (page) => page.locator("form[data-passkey] [aria-live]");
const isIn = (page, email) => page.getByText(email, { exact: true }).first().waitFor();

for (const [lang, words] of Object.entries(WORDS)) {
  test(`${lang}: made, signed in with, second step, renamed, removed`, LIMIT, async () => {
    const email = `ann.${lang}@example.com`;
    await owner(server, email, "Acme");
    const page = await visitor();
    const device = await authenticator(page);
    const at = (path) => `${service}${path}?lang=${lang}`;

    await page.goto(at("/"));
    await button(page, words.signIn).waitFor();
    await look(page, `sign-in.${lang}`);
    await signIn(page, email);
    await page.goto(at("/account"));
    await page.getByRole("heading", { name: words.passkeys, exact: true }).scrollIntoViewIfNeeded();
    await page.getByText(words.make, { exact: true }).click();
    await look(page, `account-new-passkey.${lang}`);
    await page.getByLabel(words.name, { exact: true }).fill("My phone");
    await button(page, words.device).click();
    await page.getByText(words.made).waitFor();
    assert.equal((await device.credentials()).length, 1);
    await look(page, `account-passkeys.${lang}`);

    // Signed out, and in again without a word about who it is.
    await page.goto(at("/signout"));
    await page.context().clearCookies();
    await page.goto(at("/"));
    await button(page, words.signIn).click();
    await page.waitForURL((url) => url.pathname !== "/");
    await page.goto(at("/account"));
    await isIn(page, email);

    // By password, the passkey is the second step.
    await page.context().clearCookies();
    await page.goto(at("/"));
    await signIn(page, email);
    await page.waitForURL((url) => url.pathname === "/second-step");
    await look(page, `second-step.${lang}`);
    await button(page, words.step).click();
    await page.waitForURL((url) => url.pathname !== "/second-step");
    await page.goto(at("/account"));
    await isIn(page, email);

    await page.getByText(words.rename, { exact: true }).click();
    await page.locator("details[open] input[name=passkey_name]").first().fill("Old phone");
    await button(page, words.save).click();
    await page.getByText(words.renamed).waitFor();
    await page.getByText(words.remove, { exact: true }).click();
    await look(page, `account-remove-passkey.${lang}`);
    await page.locator("details[open] .danger").click();
    await page.getByText(words.removed).waitFor();

    // The device still has it; the service does not know it any more.
    await page.context().clearCookies();
    await page.goto(at("/"));
    await button(page, words.signIn).click();
    await page.getByText(words.refused).first().waitFor();
    await look(page, `sign-in-refused.${lang}`);
    await device.forget();
    await button(page, words.signIn).click();
    await alert(page).getByText(words.failed).waitFor();
    await look(page, `sign-in-failed.${lang}`);
    await signIn(page, email, PASSWORD);
    await page.waitForURL((url) => url.pathname !== "/" && !url.pathname.startsWith("/signin"));
    assert.notEqual(new URL(page.url()).pathname, "/second-step", "no factor is left");
    await page.context().close();
  });
}

test("without JavaScript the page says what is needed, and shows no button that does nothing", LIMIT, async () => {
  await owner(server, "plain@example.com", "Acme");
  const page = await visitor({ javaScriptEnabled: false });
  await page.goto(service);
  assert.equal(await button(page, WORDS.en.signIn).isVisible(), false);
  await signIn(page, "plain@example.com");
  await page.goto(`${service}/account`);
  assert.equal(await page.getByText(WORDS.en.unsupported).isVisible(), true);
  assert.equal(await page.getByText(WORDS.en.make, { exact: true }).isVisible(), false);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, "account-no-script.png"), fullPage: true });
  await page.context().close();
});

test("a wrong password is told beside the form, and a user who is not verified makes no passkey", LIMIT, async () => {
  await owner(server, "bob@example.com", "Acme");
  const page = await visitor();
  const device = await authenticator(page);
  await page.goto(service);
  await signIn(page, "bob@example.com");
  await page.goto(`${service}/account`);
  await page.getByText(WORDS.en.make, { exact: true }).click();
  await page.getByLabel(WORDS.en.name, { exact: true }).fill("Key");
  await page.locator("#passkey_password").fill("not-the-password");
  await button(page, WORDS.en.device).click();
  await alert(page).getByText("This needs your present password").waitFor();
  await look(page, "account-passkey-wrong-password");
  await page.locator("#passkey_password").fill("");
  await device.verifies(false);
  await button(page, WORDS.en.device).click();
  await alert(page).getByText(WORDS.en.failed).waitFor();
  assert.equal((await device.credentials()).length, 0);
  await device.verifies(true);
  await page.locator("#passkey_password").fill(PASSWORD);
  await button(page, WORDS.en.device).click();
  await page.getByText(WORDS.en.made).waitFor();
  await page.context().close();
});
