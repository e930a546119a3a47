// Who belongs to an organization, with which roles and products: rows R4, R9, R10.
import assert from "node:assert/strict";
import { PASSWORD, signUp } from "../harness.mjs";
import { Visitor } from "../visitor.mjs";
import { ADMINISTRATOR, MEMBER } from "./stage.mjs";
import { AT_ONCE, alive, by, entry, onlyOne, play, race, times, won } from "./play.mjs";

const create = (person, json, statuses) => entry("create", statuses, by(person, "POST", "/v2/accounts", json));
const give = (person, account, role, statuses) =>
  entry("give role", statuses, by(person, "PUT", `/v2/accounts/${account}/roles`, { set_roles: [{ role_id: role }] }));

async function done(promise, expected) {
  const { status, text, json } = await promise;
  assert.equal(status, expected, text);
  return json;
}

const invite = (owner, email) =>
  done(by(owner, "POST", "/v2/accounts/invitations", { email, name: "Ewa", product: "LiveChat", role: "normal" })(), 201);

race("r4: one address created here, elsewhere, by sign-up and by an invitation", async (run, round) => {
  const { stage, server } = play;
  const [here, elsewhere] = [stage.organization({ products: ["LiveChat"] }), stage.organization()];
  const email = `newcomer.${round}@races.example`;
  const link = stage.link((await invite(here.owner, email)).invitation_id);
  const guests = await Promise.all(times(2, async () => {
    const visitor = new Visitor(server.url);
    return { visitor, page: await visitor.get(link.path) };
  }));
  const answers = await run([
    ...times(10, () => create(here.owner, { email }, [200, 201, 409])),
    ...times(5, () => create(elsewhere.owner, { email: email.toUpperCase() }, [200, 201, 409])),
    ...times(3, () => entry("sign up", [200, 409], () => server.call("POST", "/v2/organizations", { json: signUp(email) }))),
    // The page that is seen afterwards, whatever it says.
    ...guests.map(({ visitor, page }) => entry("accept", [200, 409], () =>
      visitor.post("/invitation/signup", page, { token: link.token, name: "Ewa", password: PASSWORD }))),
  ]);
  const account = stage.value("SELECT account_id FROM account WHERE email_key = ?", email);
  const accepted = stage.audited(here.id, "invitation.accept");
  const made = answers.filter(({ status }) => status === 201).length + won(answers, "sign up").length + accepted;
  assert.deepEqual([stage.count("account WHERE email_key = ?", email), made], [1, 1], "one account, made once");
  assert.equal(stage.count("membership WHERE account_id = ?", account), 1);
  const written = stage.count("audit_log WHERE target_id = ? AND action = 'account.create'", account);
  assert.equal(written, answers.filter(({ status }) => status === 201).length);
});

race("r9: one invitation accepted", async (run, round) => {
  const { stage, server } = play;
  const { id, owner } = stage.organization({ products: ["LiveChat"] });
  const email = `guest.${round}@races.example`;
  const { account_id } = await done(server.call("POST", "/v2/organizations", { json: signUp(email) }), 200);
  const { invitation_id } = await invite(owner, email);
  const { path, token } = stage.link(invitation_id);
  const visitor = new Visitor(server.url);
  const signedIn = await visitor.post("/invitation/signin", await visitor.get(path), { token, password: PASSWORD });
  assert.equal(signedIn.status, 200, signedIn.text);
  await run(times(AT_ONCE, () => entry("accept", [200, 409], () =>
    visitor.post("/invitation", signedIn, { token, decision: "accept" }))));
  assert.equal(stage.rolesOf(id, account_id), "Accounts/member,LiveChat/normal");
  assert.equal(stage.audited(id, "invitation.accept"), 1);
  assert.equal(stage.value("SELECT state FROM invitation WHERE invitation_id = ?", invitation_id), "accepted");
});

race("r10: a role ends while it is given", async (run, round) => {
  const { stage } = play;
  const { id, owner, members } = stage.organization({ members: 12, products: ["LiveChat"] });
  const wish = { product: "LiveChat", role: "night shift", scope: "accounts--my:ro" };
  const { role_id } = await done(by(owner, "POST", "/v2/roles", wish)(), 201);
  const answers = await run([
    ...members.map(({ account }) => give(owner, account, role_id, [200, 404])),
    ...times(4, (at) => create(owner, { email: `night.${round}.${at}@races.example`, roles: [{ role_id }] }, [201, 422])),
    ...times(4, () => entry("end role", [200, 404], by(owner, "DELETE", `/v2/roles/${role_id}`))),
  ]);
  onlyOne(won(answers, "end role"));
  assert.equal(stage.audited(id, "role.delete"), 1);
  const left = ["role", "role_scope", "membership_role", "invitation"];
  assert.deepEqual(left.filter((table) => stage.count(`${table} WHERE role_id = ?`, role_id) > 0), []);
  for (const [at, { token }] of members.entries()) {
    assert.equal(await alive(token), answers[at].status === 200 ? 401 : 200, "who had it has no live token");
  }
});

race("r10: a product ends while its roles are given", async (run) => {
  const { stage } = play;
  const { id, owner, members } = stage.organization({ members: 8, products: ["LiveChat"] });
  const role = stage.value("SELECT role_id FROM role WHERE product = 'LiveChat' AND role = 'normal'");
  const guests = times(8, (at) => `livechat.${members[at].account}@races.example`);
  const answers = await run([
    ...members.map(({ account }) => give(owner, account, role, [200, 422])),
    ...guests.map((email) => create(owner, { email, roles: [{ role_id: role }] }, [201, 422])),
    ...times(4, () => entry("disable", [200, 404], by(owner, "DELETE", "/v2/organizations/my/products/LiveChat"))),
  ]);
  onlyOne(won(answers, "disable"));
  assert.equal(stage.audited(id, "product.disable"), 1);
  assert.equal(stage.count("membership_role WHERE organization_id = ? AND product = 'LiveChat'", id), 0);
});

race("r10: a member is removed while roles are set", async (run) => {
  const { stage } = play;
  const { id, owner, administrators: [administrator], members: [member] } = stage.organization();
  const answers = await run([
    ...times(8, () => entry("remove", [200, 404], by(owner, "DELETE", `/v2/accounts/${member.account}`))),
    ...times(12, (at) => give(administrator, member.account, at % 2 ? ADMINISTRATOR : MEMBER, [200, 404])),
  ]);
  onlyOne(won(answers, "remove"));
  assert.deepEqual([stage.rolesOf(id, member.account), stage.count("account WHERE account_id = ?", member.account)], ["", 0]);
  assert.deepEqual([stage.audited(id, "account.delete"), await alive(member.token)], [1, 401]);
});

race("one product enabled by two people", async (run) => {
  const { stage } = play;
  const { id, owner, administrators: [administrator] } = stage.organization();
  const answers = await run(times(AT_ONCE, (at) => entry("enable", [200, 409],
    by(at % 2 ? owner : administrator, "POST", "/v2/organizations/my/products", { product: "HelpDesk" }))));
  onlyOne(won(answers));
  assert.equal(stage.count("organization_product WHERE organization_id = ?", id), 1);
  assert.equal(stage.rolesOf(id, owner.account), "Accounts/owner,HelpDesk/administrator");
  assert.equal(stage.audited(id, "product.enable"), 1);
});

race("one domain added by two people", async (run) => {
  const { stage } = play;
  const { id, owner, administrators: [administrator] } = stage.organization();
  const answers = await run(times(AT_ONCE, (at) => entry("add", [201, 409],
    by(at % 2 ? owner : administrator, "POST", "/v2/organizations/my/domains", { domain: at % 3 ? "acme.example" : "ACME.example" }))));
  onlyOne(won(answers));
  assert.equal(stage.count("organization_domain WHERE organization_id = ?", id), 1);
  assert.equal(stage.audited(id, "domain.add"), 1);
});
