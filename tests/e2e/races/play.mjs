// A race: many calls at once, many rounds, and after each what must be true. RACE_ROUNDS (3) rounds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { holdInvariants } from "./invariants.mjs";

export const AT_ONCE = 20;
const ROUNDS = Number(process.env.RACE_ROUNDS || 3);
const LIMIT = { timeout: 120_000 + ROUNDS * 60_000 };

/** Set by the suite before the first race. */
export const play = { stage: undefined, server: undefined };

/** One call of the race: `label` is what is counted, `statuses` are all that it may be answered with. */
export const entry = (label, statuses, send) => ({ label, statuses, send });

/** So many of the same. */
export const times = (number, make) => Array.from({ length: number }, (_, at) => make(at));

/** A call by a person with an access token. */
export const by = (person, method, path, json) => () => play.server.call(method, path, { token: person.token, json });

/**
 * `round(run, number)` sets the scene, gives its calls to `run`, which makes them all at once and gives their answers, and
 * looks at what has become of it. After each round everything in the database is looked at.
 */
export function race(name, round) {
  test(`${name}, ${AT_ONCE} at once, ${ROUNDS} rounds`, LIMIT, async (t) => {
    const tally = new Map();
    let calls = 0;
    for (let number = 0; number < ROUNDS; number += 1) {
      const run = async (entries) => {
        assert.equal(entries.length, AT_ONCE, "as many as the name says");
        calls += entries.length;
        return rush(entries, number, tally);
      };
      try {
        await round(run, number);
        holdInvariants(play.stage);
      } catch (error) {
        error.message = `round ${number + 1}: ${error.message}`;
        throw error;
      }
    }
    t.diagnostic(`${ROUNDS} rounds, ${calls} calls: ${[...tally].sort().map(([what, count]) => `${what} ${count}`).join(", ")}`);
  });
}

/** Milliseconds between two starts, round by round: a call without a body overtakes one with a body, so that at once alone
 *  the same call would always win. */
const APART = [12, 0, 6];

/** Starts in another order every round. The answers come in the order of `entries`. */
async function rush(entries, round, tally) {
  const started = new Array(entries.length);
  for (const at of shuffled(entries.length, round)) {
    started[at] = entries[at].send();
    const apart = APART[round % APART.length];
    if (apart) await sleep(apart);
  }
  const answers = await Promise.all(started);
  return answers.map((answer, at) => {
    const { label, statuses } = entries[at];
    const key = `${label} ${answer.status}`;
    tally.set(key, (tally.get(key) ?? 0) + 1);
    assert.ok(statuses.includes(answer.status), `${label} was answered with ${answer.status}: ${answer.text}`);
    return { ...answer, label, entry: entries[at] };
  });
}

/** Numbers below `length`; the same order for the same round, so that a failure can be looked at again. */
function shuffled(length, round) {
  const order = Array.from({ length }, (_, at) => at);
  let state = (round + 1) * 2654435761;
  for (let at = length - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (at + 1)); // its low digits repeat soon
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

/** The answers that succeeded, of one label or of all. */
export const won = (answers, label) =>
  answers.filter((answer) => answer.status < 300 && (label === undefined || answer.label === label));

/** Exactly one of these succeeded; gives it. */
export function onlyOne(answers, what = "one winner") {
  assert.equal(answers.length, 1, `${what}: ${answers.map(({ label, status }) => `${label} ${status}`)}`);
  return answers[0];
}

/** What a credential is answered with now. */
export const alive = async (token) => (await play.server.call("GET", "/v2/accounts/me", { token })).status;
