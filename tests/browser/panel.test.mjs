// The panel of an organization on the real runtime: people find, change and give away what is theirs, at a desk and on a
// phone, looked at by axe-core. SCREENSHOTS=folder keeps a picture of each screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, call, serve } from "../e2e/harness.mjs";
import { look, newcomer } from "./looking.mjs";
import { close, open, press, said, title, visitor as signedIn } from "./office.mjs";
import { launch, owner, signIn } from "./people.mjs";

const LIMIT = { timeout: 300_000 };

let server;
let service;
let browser;
let acme;
let ada;
before(async () => {
  server = await serve();
  service = `http://localhost:${server.port}`;
  acme = await owner(server, "olga@example.com", "Acme");
  await enable("LiveChat");
  ada = await member("ada@example.com", "Ada Lovelace", [{ product: "Accounts", role: "administrator" }]);
  await member("grace@example.com", "Grace Hopper", []);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function api(method, path, json) {
  const answer = await call(server.url, method, path, { token: acme.access_token, json });
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
}
const enable = (product) => api("POST", "/v2/organizations/my/products", { product });
const member = (email, name, roles) => api("POST", "/v2/accounts", { email, name, roles, password: PASSWORD });

const visitor = (email, options) => signedIn(browser, service, email, options);
const section = (page, name) => page.getByRole("navigation", { name: "Sections of the panel" }).getByRole("link", { name }).click();
const sql = (statement, ...values) => server.rows(statement, ...values);
const rolesOf = (id) =>
  sql("SELECT role.product || '/' || role.role AS name FROM membership_role JOIN role USING (role_id) WHERE account_id = ? ORDER BY name", id)
    .map(({ name }) => name)
    .join();

test("from one's own page to the panel and back; somebody is found and given a role", LIMIT, async () => {
  const page = await visitor("olga@example.com");
  await page.goto(`${service}/account`);
  await page.getByRole("link", { name: "Organization panel" }).click();
  await title(page, "People");
  await look(page, "panel-people");
  await page.getByLabel("Find a person").fill("hop");
  await press(page, "Search");
  assert.equal(await page.getByRole("rowheader").count(), 1);
  await page.getByRole("link", { name: "Grace Hopper" }).click();
  await title(page, "Grace Hopper");
  await look(page, "panel-person");

  await page.getByLabel("LiveChat").selectOption({ label: "Agent" });
  await press(page, "Save roles");
  await said(page, "The roles were saved.");
  const [{ account_id: grace }] = sql("SELECT account_id FROM account WHERE email = 'grace@example.com'");
  assert.equal(rolesOf(grace), "Accounts/member,LiveChat/normal");
  await look(page, "panel-person-saved");

  await open(page, "Suspend: Accounts");
  await press(page, "Suspend");
  await said(page, "The person was suspended.");
  const refused = await newcomer(browser);
  await refused.goto(`${service}/signin`);
  await signIn(refused, "grace@example.com");
  await refused.getByRole("alert").getByText("This account may not sign in here. Ask an administrator of your organization.").waitFor();
  await close(refused);
  await press(page, /^End suspension ?: Accounts/);
  await said(page, "The suspension was ended.");
  await page.getByRole("link", { name: "Your account", exact: true }).last().click();
  await title(page, "Your account");
  await close(page);
});

test("the same by keyboard alone, and without scripts", LIMIT, async () => {
  const page = await visitor("olga@example.com", { javaScriptEnabled: false });
  await page.goto(`${service}/panel/products`);
  const enableIt = page.getByRole("button", { name: /^Enable ?: ChatBot/ });
  await enableIt.focus();
  await page.keyboard.press("Enter");
  await said(page, "The product was enabled.");
  assert.equal(sql("SELECT count(*) AS n FROM organization_product WHERE product = 'ChatBot'")[0].n, 1);
  const summary = page.locator("summary", { hasText: "Disable: ChatBot" });
  await summary.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await said(page, "The product was disabled.");
  assert.equal(sql("SELECT count(*) AS n FROM organization_product WHERE product = 'ChatBot'")[0].n, 0);
  await close(page);
});

test("products, and a role with picked scopes", LIMIT, async () => {
  const page = await visitor("olga@example.com");
  await page.goto(`${service}/panel/products`);
  await look(page, "panel-products");
  await section(page, "Roles");
  await open(page, "New role");
  await page.getByLabel("Name").fill("Night shift");
  await press(page, "Create role");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "Night shift", "what was written stays");
  await look(page, "panel-role-problem");
  await page.getByLabel("accounts--all:ro").check();
  await press(page, "Create role");
  await said(page, "The role was created.");
  await look(page, "panel-role");
  await section(page, "Roles");
  await look(page, "panel-roles");
  await close(page);
});

test("an application with its secret, details and the audit log", LIMIT, async () => {
  const page = await visitor("olga@example.com");
  await page.goto(`${service}/panel/applications`);
  await look(page, "panel-applications-none");
  await page.getByLabel("Name").fill("Shop");
  await page.getByLabel("Redirect addresses").fill("https://shop.example.com/callback\nhttp://localhost:3000");
  await page.getByRole("checkbox", { name: /accounts--my:ro/ }).first().check();
  await press(page, "Register");
  await said(page, "The application is registered");
  const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue();
  assert.ok(secret.length > 30);
  await look(page, "panel-application-new");
  const id = await page.getByLabel("Client ID").inputValue();
  await page.goto(`${service}/panel/applications/${id}`);
  assert.ok(!(await page.content()).includes(secret), "shown once");
  await page.getByLabel("For whom").selectOption({ label: "Everybody, with consent" });
  await press(page, "Save changes");
  await said(page, "The application was saved.");
  assert.equal(sql("SELECT visibility FROM client WHERE client_id = ?", id)[0].visibility, "public");
  await open(page, "Delete application");
  await press(page, "Delete application");
  await said(page, "The application was deleted.");

  await section(page, "Organization");
  await page.getByLabel("Website").fill("javascript:alert(1)");
  await press(page, "Save changes");
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Website").fill("acme.example");
  await press(page, "Save changes");
  await said(page, "The details were saved.");
  await look(page, "panel-organization");

  await section(page, "Audit log");
  await look(page, "panel-audit-log");
  await page.getByLabel("What").selectOption({ label: "Application deleted" });
  await press(page, "Apply");
  assert.equal(await page.getByRole("rowheader").count(), 1);
  assert.match(await page.getByRole("rowheader").innerText(), /Application deleted/);
  await close(page);
});

test("a member sees and changes nothing; a foreign organization sees nothing", LIMIT, async () => {
  const page = await visitor("grace@example.com");
  await page.goto(`${service}/panel`);
  await title(page, "People");
  await page.getByRole("link", { name: "Ada Lovelace" }).click();
  await title(page, "Ada Lovelace");
  assert.equal(await page.locator("form").count(), 0);
  await look(page, "panel-person-seen");
  await page.goto(`${service}/panel/audit_log`);
  await title(page, "This is not open to you");
  await look(page, "panel-refused");
  await close(page);

  await owner(server, "other@example.com", "Other");
  const stranger = await visitor("other@example.com");
  await stranger.goto(`${service}/panel/people/${ada.account_id}`);
  await title(stranger, "There is nothing here");
  await close(stranger);
});

test("a form is sent once, and says that it is on its way", LIMIT, async () => {
  const page = await visitor("olga@example.com");
  await page.goto(`${service}/panel/organization`);
  // What the script does while the answer is on its way: here it never comes.
  await page.evaluate(() => addEventListener("submit", (event) => event.preventDefault(), { capture: true }));
  const button = page.getByRole("button", { name: "Save changes" });
  await button.click();
  await page.waitForFunction(() => document.getElementById("busy").textContent === "Working on it…");
  await page.waitForFunction(() => document.querySelector("form[method=post] button").disabled);
  await close(page);
});

test("somebody is invited and the invitation is taken back; one that waits is approved", LIMIT, async () => {
  const page = await visitor("olga@example.com");
  await page.goto(`${service}/panel/invitations`);
  await look(page, "panel-invitations-none");
  await page.getByLabel("Email").fill("ivy@example.com");
  await page.getByLabel("Name").fill("Ivy Invited");
  await page.getByLabel("As", { exact: true }).selectOption({ label: "LiveChat: Agent" });
  await press(page, "Send invitation");
  await said(page, "The invitation was sent.");
  await look(page, "panel-invitations-sent");

  const wanted = { email: "grace@example.com", product: "LiveChat" };
  await api("PUT", `/v2/accounts/${sql("SELECT account_id FROM account WHERE email = 'grace@example.com'")[0].account_id}/roles`, {
    delete_roles: [{ product: "LiveChat", role: "normal" }],
  });
  await api("POST", "/v2/accounts/invitations", wanted);
  await page.reload();
  await look(page, "panel-invitations-waiting");
  await page.getByLabel(/^Role ?: grace@example.com, LiveChat/).selectOption({ label: "Administrator" });
  await press(page, /^Approve ?: grace@example.com, LiveChat/);
  await said(page, "It was approved.");
  const [{ account_id: grace }] = sql("SELECT account_id FROM account WHERE email = 'grace@example.com'");
  assert.equal(rolesOf(grace), "Accounts/member,LiveChat/administrator");
  await open(page, "Take back: ivy@example.com, LiveChat");
  await press(page, "Take back");
  await said(page, "It was declined.");
  await close(page);
});

test("ownership moves after a proof, and the former owner is an administrator", LIMIT, async () => {
  const page = await visitor("olga@example.com");
  await page.goto(`${service}/panel/people/${ada.account_id}`);
  await open(page, "Make this person the owner");
  await page.getByLabel("Your own password").fill("not-my-password");
  await press(page, "Make this person the owner");
  await page.getByRole("alert").waitFor();
  await look(page, "panel-ownership-problem");
  await page.getByLabel("Your own password").fill(PASSWORD);
  await press(page, "Make this person the owner");
  await said(page, "The organization has a new owner.");
  assert.equal(rolesOf(ada.account_id), "Accounts/owner");
  assert.match(rolesOf(acme.account_id), /^Accounts\/administrator/);
  await look(page, "panel-person-owner");
  await page.goto(`${service}/panel/organization`);
  await page.getByText("Only the owner can change these.").waitFor();
  await close(page);
});
