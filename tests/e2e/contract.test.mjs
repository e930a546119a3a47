// The adapters' contract suite on real D1 and KV, and a panic: a build with the cargo feature `contract` serves them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "./harness.mjs";

let server;
before(async () => {
  server = await serve({ env: { BUILD_FEATURES: "contract", BUILD_DIR: "target/worker/contract" } });
});
after(() => server?.stop());

for (const port of ["database", "cache"]) {
  test(`${port} contract`, async (t) => {
    const { status, json, text } = await server.call("GET", `/contract/${port}`);
    assert.equal(status, 200, text);
    assert.ok(json.length > 0);
    for (const { name, ok, detail } of json) await t.test(`${port}: ${name}`, () => assert.ok(ok, detail));
  });
}

for (const when of ["panic", "late-panic"]) {
  test(`a ${when}: 5xx without detail, and the next request is answered`, async () => {
    const { status, text } = await server.call("GET", `/contract/${when}`);
    assert.ok(status >= 500, `${status}`);
    assert.doesNotMatch(text, /canary|\.rs\b/); // the local runtime adds a stack of its own JavaScript
    const next = await server.call("GET", "/health");
    assert.equal(next.status, 200, next.text);
  });
}

test("each answer has its own header fields, of however many kinds they are", async () => {
  const kinds = Array.from({ length: 150 }, (_, kind) => `${kind}`);
  for (const kind of [...kinds, ...kinds.toReversed(), "70", "6", "70"]) {
    const { status, headers, text } = await server.call("GET", `/contract/kinds/${kind}`);
    assert.deepEqual([status, headers.get("x-kind"), text], [200, kind, kind]);
  }
});
