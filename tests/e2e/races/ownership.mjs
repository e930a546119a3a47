// Who owns and who administers an organization: rows R1, R2, R3.
import assert from "node:assert/strict";
import { signUp, PASSWORD } from "../harness.mjs";
import { ADMINISTRATOR, MEMBER, OWNER } from "./stage.mjs";
import { AT_ONCE, by, entry, onlyOne, play, race, times, won } from "./play.mjs";

const transfer = (owner, heir, statuses, password) =>
  entry("transfer", statuses, by(owner, "POST", "/v2/organizations/my/ownership", { account_id: heir.account, password }));
const setRole = (person, account, role, statuses) =>
  entry("set role", statuses, by(person, "PUT", `/v2/accounts/${account}/roles`, { set_roles: [{ role_id: role }] }));
const remove = (person, account, statuses, label = "remove") =>
  entry(label, statuses, by(person, "DELETE", `/v2/accounts/${account}`));

/** The heir of the one transfer that won owns it, the founder administers it, and it is written down once. */
function handedOver(organization, founder, heir) {
  const { stage } = play;
  assert.equal(stage.ownerOf(organization), heir);
  assert.equal(stage.rolesOf(organization, founder), "Accounts/administrator");
  assert.equal(stage.audited(organization, "organization.transfer_ownership"), 1);
}

race("r1: ownership to ten administrators, each twice", async (run) => {
  const { id, owner, administrators } = play.stage.organization({ administrators: 10 });
  const heirs = [...administrators, ...administrators];
  const answers = await run(heirs.map((heir) => transfer(owner, heir, [200, 403])));
  const winner = onlyOne(won(answers));
  handedOver(id, owner.account, heirs[answers.indexOf(winner)].account);
});

race("r1: ownership to ten administrators, each twice, with the password", async (run, round) => {
  const { stage, server } = play;
  const { json, status, text } = await server.call("POST", "/v2/organizations", { json: signUp(`founder.${round}@races.example`) });
  assert.equal(status, 200, text);
  const organization = json.organization.organization_id;
  const owner = { token: json.access_token };
  const heirs = times(AT_ONCE / 2, () => {
    const [guest] = stage.organization({ administrators: 0, members: 1 }).members;
    const now = Date.now();
    stage.insert("membership", { organization_id: organization, account_id: guest.account, created_at: now, updated_at: now });
    stage.give(organization, guest.account, ADMINISTRATOR);
    return guest;
  });
  const all = [...heirs, ...heirs];
  // 409 to who was authorised before the winner's commit, 403 to who came after it: a former owner.
  const answers = await run(all.map((heir) => transfer(owner, heir, [200, 403, 409], PASSWORD)));
  const winner = onlyOne(won(answers));
  handedOver(organization, json.account_id, all[answers.indexOf(winner)].account);
});

race("r2: ownership to somebody who is removed, by others and by themselves", async (run) => {
  const { stage } = play;
  const { id, owner, administrators: [heir, other] } = stage.organization({ administrators: 2 });
  const answers = await run([
    ...times(5, () => transfer(owner, heir, [200, 403, 422])),
    ...times(5, () => remove(owner, heir.account, [200, 403, 404])),
    ...times(5, () => remove(other, heir.account, [200, 403, 404])),
    ...times(5, () => remove(heir, "me", [200, 401, 403], "leave")),
  ]);
  const { label } = onlyOne(won(answers));
  if (label === "transfer") return handedOver(id, owner.account, heir.account);
  assert.equal(stage.ownerOf(id), owner.account);
  assert.equal(stage.rolesOf(id, heir.account), "");
  assert.deepEqual([stage.audited(id, "account.delete"), stage.audited(id, "organization.transfer_ownership")], [1, 0]);
});

race("r3: the owner is deleted, demoted, suspended, or leaves", async (run) => {
  const { stage } = play;
  const { id, owner, administrators: [administrator] } = stage.organization();
  const refused = [403, 422];
  const answers = await run([
    ...times(4, () => remove(owner, "me", refused, "leave")),
    ...times(4, () => remove(administrator, owner.account, refused)),
    ...times(3, () => setRole(owner, "me", MEMBER, refused)),
    ...times(3, () => setRole(administrator, owner.account, MEMBER, refused)),
    ...times(3, () => setRole(administrator, administrator.account, OWNER, refused)),
    ...times(1, () => entry("take role", refused, by(owner, "PUT", "/v2/accounts/me/roles", { delete_roles: [{ role_id: OWNER }] }))),
    ...times(1, () => entry("end role", refused, by(owner, "DELETE", `/v2/roles/${OWNER}`))),
    ...times(1, () => entry("suspend", refused, by(administrator, "PUT", `/v2/accounts/${owner.account}/suspension`, { product: "Accounts", suspended: true }))),
  ]);
  assert.deepEqual(won(answers), []);
  assert.equal(stage.ownerOf(id), owner.account);
  assert.equal(stage.count("audit_log WHERE organization_id = ?", id), 0);
});

race("r3: the owner leaves while ownership moves", async (run) => {
  const { stage } = play;
  const { id, owner, administrators: [heir] } = stage.organization();
  const answers = await run([
    ...times(10, () => transfer(owner, heir, [200, 401, 403, 422])),
    ...times(5, () => remove(owner, "me", [200, 401, 403], "former owner leaves")),
    ...times(5, () => remove(heir, "me", [200, 401, 403], "heir leaves")),
  ]);
  const moved = won(answers, "transfer").length;
  assert.ok(moved <= 1, "transferred once at most");
  assert.equal(stage.ownerOf(id), moved ? heir.account : owner.account);
  assert.equal(stage.audited(id, "organization.transfer_ownership"), moved);
  assert.equal(stage.audited(id, "account.delete"), won(answers).length - moved);
});

race("two administrators demote each other", async (run) => {
  const { stage } = play;
  const { id, administrators: [one, other] } = stage.organization({ administrators: 2 });
  const answers = await run(times(AT_ONCE, (at) => {
    const [who, whom] = at % 2 ? [one, other] : [other, one];
    return { ...setRole(who, whom.account, MEMBER, [200, 403]), who };
  }));
  const winners = new Set(won(answers).map(({ entry: { who } }) => who.account));
  assert.equal(winners.size, 1, "one of the two");
  const [left] = winners;
  assert.deepEqual(
    [stage.rolesOf(id, left), stage.rolesOf(id, left === one.account ? other.account : one.account)],
    ["Accounts/administrator", "Accounts/member"],
  );
});
