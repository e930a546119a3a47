// Organizations that end, by deletion or by becoming part of another: row R12.
import assert from "node:assert/strict";
import { holdGone } from "./invariants.mjs";
import { AT_ONCE, alive, by, entry, onlyOne, play, race, times, won } from "./play.mjs";

race("r12: an organization is deleted while people join and tokens are given", async (run, round) => {
  const { stage, server } = play;
  const { id, owner, administrators: [administrator], members } = stage.organization({ members: 4 });
  const joiners = times(4, () => stage.organization().owner);
  stage.domain(id, "races.example");
  const client = stage.application(joiners[0].organization);
  const refresh = members.map((member) => stage.refreshToken(client, member));
  const wish = { name: "script", scope: "accounts--my:ro" };
  const answers = await run([
    ...times(4, () => entry("delete", [200, 401], by(owner, "DELETE", "/v2/organizations/my", { organization_id: id }))),
    ...times(4, (at) => entry("create", [201, 401], by(owner, "POST", "/v2/accounts", { email: `late.${round}.${at}@races.example` }))),
    ...joiners.map((joiner) => entry("join", [200, 404], by(joiner, "POST", `/v2/organizations/${id}/join`))),
    ...times(4, () => entry("personal token", [201, 401], by(administrator, "POST", "/v2/personal_token", wish))),
    ...refresh.map((refresh_token) => entry("refresh", [200, 401], () =>
      server.call("POST", "/v2/token", { json: { grant_type: "refresh_token", client_id: client, refresh_token } }))),
  ]);
  onlyOne(won(answers, "delete"));
  assert.equal(stage.audited(id, "organization.delete"), 1);
  holdGone(stage, id);
  const given = [owner, administrator, ...members].map(({ token }) => token);
  given.push(...won(answers, "refresh").map(({ json }) => json.access_token));
  for (const token of given) assert.equal(await alive(token), 401);
  for (const { json } of won(answers, "personal token")) {
    const authorization = `Basic ${Buffer.from(`${administrator.account}:${json.personal_token}`).toString("base64")}`;
    assert.equal((await server.call("GET", "/v2/accounts/me", { headers: { authorization } })).status, 401);
  }
  for (const refresh_token of [...refresh, ...won(answers, "refresh").map(({ json }) => json.refresh_token)]) {
    const again = await server.call("POST", "/v2/token", { json: { grant_type: "refresh_token", client_id: client, refresh_token } });
    assert.equal(again.status, 401, again.text);
  }
  assert.equal(stage.count("account WHERE email_key LIKE ?", `late.${round}.%`), 0, "who was created at that moment is gone");
  for (const { token, account } of joiners) {
    assert.deepEqual([await alive(token), stage.count("membership WHERE account_id = ?", account)], [200, 1]);
  }
});

/** Two organizations, and a merge of the second into the first that waits for its owner. */
async function asked() {
  const [a, b] = [play.stage.organization({ products: ["LiveChat"] }), play.stage.organization({ products: ["HelpDesk"] })];
  const wish = { source_organization_id: b.id };
  const { status, json, text } = await by(a.owner, "POST", "/v2/organizations/my/merges", wish)();
  assert.equal(status, 201, text);
  return { a, b, path: `/v2/organizations/${a.id}/merges/${json.merge_id}` };
}

/** B is part of A and nothing is left of it; or it is as it was. */
async function settled({ a, b }, merged) {
  const { stage } = play;
  assert.equal(stage.ownerOf(a.id), a.owner.account);
  assert.equal(stage.audited(a.id, "organization.merge"), Number(merged));
  const people = [b.owner, ...b.administrators, ...b.members];
  const roles = people.map(({ account }) => stage.rolesOf(a.id, account));
  assert.deepEqual(await Promise.all(people.map(({ token }) => alive(token))), people.map(() => (merged ? 401 : 200)));
  if (!merged) return assert.deepEqual(roles, ["", "", ""]);
  holdGone(stage, b.id);
  assert.deepEqual(roles, ["Accounts/administrator", "Accounts/administrator", "Accounts/member"]);
}

race("r12: one merge approved", async (run) => {
  const scene = await asked();
  const answers = await run(times(AT_ONCE, () => entry("approve", [200, 401], by(scene.b.owner, "POST", `${scene.path}/approve`, {}))));
  onlyOne(won(answers));
  await settled(scene, true);
});

race("r12: a merge is approved and withdrawn", async (run, round) => {
  const scene = await asked();
  const withdrawer = round % 2 ? scene.a.owner : scene.b.owner;
  const answers = await run([
    ...times(AT_ONCE / 2, () => entry("approve", [200, 401, 409], by(scene.b.owner, "POST", `${scene.path}/approve`, {}))),
    ...times(AT_ONCE / 2, () => entry("withdraw", [200, 401, 409], by(withdrawer, "DELETE", scene.path))),
  ]);
  const { label } = onlyOne(won(answers));
  const state = play.stage.value("SELECT state FROM organization_merge WHERE organization_id = ?", scene.a.id);
  assert.equal(state, label === "approve" ? "done" : round % 2 ? "withdrawn" : "refused");
  await settled(scene, label === "approve");
});

race("r1, r12: a merge is approved while its source is handed over or deleted", async (run) => {
  const { stage } = play;
  const scene = await asked();
  const { a, b, path } = scene;
  const heir = (organization) => ({ account_id: organization.administrators[0].account });
  const hand = (organization) => by(organization.owner, "POST", "/v2/organizations/my/ownership", heir(organization));
  const answers = await run([
    ...times(8, () => entry("approve", [200, 401, 403, 404, 409], by(b.owner, "POST", `${path}/approve`, {}))),
    ...times(6, () => entry("hand over b", [200, 401, 403, 422], hand(b))),
    ...times(6, () => entry("delete b", [200, 401, 403], by(b.owner, "DELETE", "/v2/organizations/my", { organization_id: b.id }))),
  ]);
  const [approved, handed, deleted] = ["approve", "hand over b", "delete b"].map((label) => won(answers, label).length);
  assert.ok(approved + deleted <= 1 && approved + handed + deleted >= 1, `${[approved, handed, deleted]}`);
  assert.ok(handed <= 1);
  assert.equal(stage.ownerOf(a.id), a.owner.account);
  if (approved) return settled(scene, true);
  if (deleted) return holdGone(stage, b.id);
  assert.equal(stage.ownerOf(b.id), b.administrators[0].account);
});
