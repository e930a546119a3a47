// What several people do with one another in the panel, each in a browser of their own: invite and accept, ask and approve,
// prove a domain, merge two organizations, end one. SCREENSHOTS=folder keeps a picture of each screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { PASSWORD, call, serve } from "../e2e/harness.mjs";
import { nameService } from "../e2e/name_service.mjs";
import { look, newcomer } from "./looking.mjs";
import { close, lookAtMail, mail, open, press, said, title, visitor as signedIn } from "./office.mjs";
import { launch, owner, signIn } from "./people.mjs";

const LIMIT = { timeout: 300_000 };
const LIVECHAT = "1887ed48fa338511da234a28cd8b750a";
const LIVECHAT_PAGE = "https://livechat.example/";

let server;
let service;
let browser;
let dns;
let acme;
before(async () => {
  dns = await nameService();
  server = await serve({ env: { DNS_URL: dns.url } });
  service = `http://localhost:${server.port}`;
  acme = await owner(server, "olga@example.com", "Acme");
  await enable(acme, "LiveChat");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  dns?.stop();
  await server?.stop();
});

async function api({ access_token: token }, method, path, json) {
  const answer = await call(server.url, method, path, { token, json });
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
}
const enable = (who, product) => api(who, "POST", "/v2/organizations/my/products", { product });
const member = (who, email, name) => api(who, "POST", "/v2/accounts", { email, name, roles: [], password: PASSWORD });
const sql = (statement, ...values) => server.rows(statement, ...values);
const visitor = (email, options) => signedIn(browser, service, email, options);
const rolesOf = (email, organization) =>
  sql(
    `SELECT role.product || '/' || role.role AS name FROM membership_role JOIN role USING (role_id) JOIN account USING (account_id)
     WHERE account.email = ? AND membership_role.organization_id = ? ORDER BY name`,
    email,
    organization,
  ).map(({ name }) => name).join();
const id = (who) => who.organization.organization_id;

test("one person invites, another accepts in a second browser by the link of the mail", LIMIT, async () => {
  const olga = await visitor("olga@example.com");
  await olga.goto(`${service}/panel/invitations`);
  await olga.getByLabel("Email").fill("ivy@example.com");
  await olga.getByLabel("Name").fill("Ivy Invited");
  await olga.getByLabel("As", { exact: true }).selectOption({ label: "LiveChat: Agent" });
  await press(olga, "Send invitation");
  await said(olga, "The invitation was sent.");

  const letter = await mail(server, "ivy@example.com", "");
  await lookAtMail(browser, letter, "mail-invitation");
  const ivy = await newcomer(browser);
  await ivy.goto(letter.url);
  await title(ivy, "Join Acme");
  await ivy.getByText("Agent", { exact: true }).waitFor();
  await look(ivy, "invitation");
  await ivy.goto(`${letter.url}&lang=pl`);
  await ivy.getByText("Konsultant", { exact: true }).waitFor();
  await look(ivy, "invitation-pl");
  await ivy.goto(letter.url);
  await ivy.getByLabel("Password").fill(PASSWORD);
  await ivy.locator("button.main").click();
  await title(ivy, "The invitation was accepted");
  await look(ivy, "invitation-accepted");
  assert.equal(rolesOf("ivy@example.com", id(acme)), "Accounts/member,LiveChat/normal");
  await olga.goto(`${service}/panel?q=ivy`);
  await olga.getByRole("link", { name: "Ivy Invited" }).waitFor();
  await close(ivy);
  await close(olga);
});

test("a member asks for access to a product; the owner approves, and the member gets in", LIMIT, async () => {
  await member(acme, "grace@example.com", "Grace Hopper");
  const grace = await newcomer(browser);
  const livechat = `${service}/?${new URLSearchParams({ response_type: "token", client_id: LIVECHAT, redirect_uri: LIVECHAT_PAGE })}`;
  await grace.goto(livechat);
  await signIn(grace, "grace@example.com");
  await title(grace, "You have no access to LiveChat yet");
  await press(grace, "Request access");
  await title(grace, "Your request was sent");

  const letter = await mail(server, "olga@example.com", "Somebody asks for access");
  await lookAtMail(browser, letter, "mail-access-request");
  const olga = await visitor("olga@example.com");
  await olga.goto(letter.url);
  await title(olga, "Invitations");
  await olga.getByText("Asks for access").waitFor();
  await olga.getByLabel(/^Role ?: grace@example.com, LiveChat/).selectOption({ label: "Agent" });
  await press(olga, /^Approve ?: grace@example.com, LiveChat/);
  await said(olga, "It was approved.");
  assert.equal(rolesOf("grace@example.com", id(acme)), "Accounts/member,LiveChat/normal");
  await mail(server, "grace@example.com", "You have access");
  // Where she is sent, without asking for that page: it is on no machine.
  let way = livechat;
  for (let step = 0; step < 5 && way.startsWith(service); step += 1) {
    const answer = await grace.context().request.get(way, { maxRedirects: 0 });
    way = new URL(answer.headers().location, way).href;
  }
  assert.ok(way.startsWith(`${LIVECHAT_PAGE}#access_token=`), way.split("#")[0]);
  await close(grace);
  await close(olga);
});

test("a domain is added, looked for, and confirmed by the mail to its postmaster", LIMIT, async () => {
  const page = await visitor("olga@example.com");
  await page.goto(`${service}/panel/organization`);
  await page.getByLabel("Who may invite").selectOption({ label: "Only who may approve" });
  await press(page, "Save changes");
  await said(page, "The details were saved.");
  assert.equal(sql("SELECT invitation_mode AS mode FROM organization WHERE organization_id = ?", id(acme))[0].mode, "strict");
  await look(page, "panel-organization");
  await page.getByRole("link", { name: /^Email domains/ }).click();
  await title(page, "Email domains");
  await look(page, "panel-domains-none");
  await page.getByRole("textbox", { name: "Domain" }).fill("gmail.com");
  await press(page, "Add a domain");
  await page.getByRole("alert").getByText("Everybody can have an address").waitFor();
  await page.getByRole("textbox", { name: "Domain" }).fill("Acme.example");
  await press(page, "Add a domain");
  await said(page, "The domain was added.");
  await press(page, /^Check the record now/);
  await page.getByRole("alert").getByText("The record is not there").waitFor();
  await look(page, "panel-domains-problem");
  dns.answer = (response) => response.writeHead(502).end();
  await press(page, /^Check the record now/);
  await page.getByRole("alert").getByText("The name service did not answer").waitFor();
  await press(page, "Send a mail to postmaster@acme.example");
  await said(page, "The mail is on its way.");

  const letter = await mail(server, "postmaster@acme.example", "");
  await lookAtMail(browser, letter, "mail-domain");
  const postmaster = await newcomer(browser, { javaScriptEnabled: false });
  await postmaster.goto(letter.url);
  await title(postmaster, "Confirm a domain");
  await press(postmaster, "Confirm the domain");
  await title(postmaster, "The domain is confirmed");
  await close(postmaster);
  await page.reload();
  await page.getByText("confirmed", { exact: true }).waitFor();
  await look(page, "panel-domains");
  await close(page);
});

test("two owners in two browsers merge their organizations", LIMIT, async () => {
  const beta = await owner(server, "bob@beta.example", "Beta");
  await enable(beta, "LiveChat");
  await enable(beta, "HelpDesk");
  await member(beta, "mia@beta.example", "Mia Member");
  sql("UPDATE account SET email_verified = 1");

  const bob = await visitor("bob@beta.example");
  await bob.goto(`${service}/panel/organization`);
  const shown = await bob.locator("dl.facts code").first().innerText();
  assert.equal(shown, id(beta), "the owner of the other organization finds its id");

  const olga = await visitor("olga@example.com");
  await olga.goto(`${service}/panel/organization`);
  await olga.getByRole("link", { name: /^Merge organizations/ }).click();
  await title(olga, "Merge organizations");
  await olga.getByLabel("ID of the other organization").fill(id(acme));
  await press(olga, "Ask for the merge");
  await olga.getByRole("alert").getByText("This is the ID of this organization").waitFor();
  await look(olga, "panel-merges-problem");
  await olga.getByLabel("ID of the other organization").fill(shown);
  await olga.getByLabel("LiveChat").selectOption({ label: "The other organization’s takes its place" });
  await olga.getByLabel("Your own password").fill(PASSWORD);
  await press(olga, "Ask for the merge");
  await said(olga, "The merge was asked for.");
  assert.equal(await olga.getByRole("button", { name: "Approve the merge" }).count(), 0);
  await look(olga, "panel-merge-asked");

  const letter = await mail(server, "bob@beta.example", "Organizations are to be merged");
  await lookAtMail(browser, letter, "mail-merge");
  await bob.goto(letter.url);
  await title(bob, "Merge organizations");
  await bob.getByRole("link", { name: /^Look at it/ }).click();
  await title(bob, "Merge");
  await bob.getByText("Mia Member").waitFor();
  await look(bob, "panel-merge-to-decide");
  await bob.getByLabel("Your own password").fill("not-my-password");
  await press(bob, "Approve the merge");
  await bob.getByRole("alert").getByText("This is not your password").waitFor();
  assert.equal(sql("SELECT count(*) AS n FROM organization WHERE organization_id = ?", id(beta))[0].n, 1);
  await bob.getByLabel("Your own password").fill(PASSWORD);
  await bob.getByRole("button", { name: "Approve the merge" }).focus();
  await bob.keyboard.press("Enter");
  await title(bob, "The organizations are one now");
  await look(bob, "panel-merged");
  assert.equal(sql("SELECT count(*) AS n FROM organization WHERE organization_id = ?", id(beta))[0].n, 0);
  assert.equal(rolesOf("bob@beta.example", id(acme)), "Accounts/administrator,HelpDesk/administrator,LiveChat/administrator");
  assert.equal(rolesOf("mia@beta.example", id(acme)), "Accounts/member");
  assert.equal(rolesOf("olga@example.com", id(acme)).split(",")[0], "Accounts/owner");
  await bob.getByRole("link", { name: "Continue" }).click();
  await title(bob, "Your products");
  await bob.goto(`${service}/panel`);
  await bob.getByText("Acme", { exact: true }).waitFor();
  await bob.getByRole("link", { name: "Mia Member" }).waitFor();

  await olga.goto(`${service}/panel/merges`);
  await olga.getByText("Done", { exact: true }).waitFor();
  await look(olga, "panel-merges-done");
  await close(bob);
  await close(olga);
});

test("an organization ends after its id was repeated", LIMIT, async () => {
  const gone = await owner(server, "gil@gone.example", "Gone");
  const page = await visitor("gil@gone.example");
  await page.goto(`${service}/panel/organization`);
  await open(page, "Delete the organization");
  await page.getByLabel("Repeat the organization’s ID").fill("Gone");
  await press(page, "Delete the organization");
  await page.getByRole("alert").getByText("This is not the ID").waitFor();
  await look(page, "panel-organization-end");
  await page.getByLabel("Repeat the organization’s ID").fill(id(gone));
  await press(page, "Delete the organization");
  await title(page, "The organization is deleted");
  await look(page, "panel-organization-deleted");
  assert.equal(sql("SELECT count(*) AS n FROM organization WHERE organization_id = ?", id(gone))[0].n, 0);
  await page.getByRole("link", { name: "Continue" }).click();
  await page.getByLabel("Password").waitFor();
  await close(page);
});

test("a picture is uploaded, seen and removed", LIMIT, async () => {
  const page = await visitor("olga@example.com");
  await page.goto(`${service}/account`);
  const file = (buffer) => ({ name: "me.png", mimeType: "image/png", buffer });
  await page.getByLabel("Choose a picture").setInputFiles(file(Buffer.from("no picture")));
  await press(page, "Upload");
  await page.getByRole("alert").getByText("This is no PNG or JPEG picture.").waitFor();
  await page.getByLabel("Choose a picture").setInputFiles(file(png(64)));
  await press(page, "Upload");
  await said(page, "Your picture was saved.");
  const seen = page.getByRole("img", { name: "Your picture" });
  await seen.waitFor();
  assert.equal(await seen.evaluate((image) => image.decode().then(() => image.naturalWidth)), 64);
  await look(page, "account-picture");
  await press(page, "Remove the picture");
  await said(page, "Your picture was removed.");
  assert.equal(await seen.count(), 0);
  await close(page);
});

/** A grey square. */
function png(side) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.from([0, 0, 0, side, 0, 0, 0, side, 8, 0, 0, 0, 0]);
  const rows = Buffer.alloc(side * (side + 1), 0x80);
  for (let row = 0; row < side; row += 1) rows[row * (side + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
