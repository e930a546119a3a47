// A deployment without its secrets answers nothing, and its log says what to set.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { folder, serve, signUp } from "./harness.mjs";

let server;
before(async () => {
  const home = folder();
  writeFileSync(join(home, "dev.vars"), "");
  server = await serve({ home });
});
after(() => server?.stop());

for (const [method, path, json] of [
  ["GET", "/"],
  ["GET", "/health"],
  ["GET", "/v2/accounts/me"],
  ["POST", "/v2/organizations", signUp("nobody@example.com")],
]) {
  test(`${method} ${path}: 503 without detail`, async () => {
    const { status, headers, text } = await server.call(method, path, { json });
    assert.equal(status, 503);
    assert.ok(headers.get("retry-after"));
    assert.doesNotMatch(text, /SECRET|PEPPER/);
  });
}

test("the log names the secret to set", async () => {
  await server.output((line) => line.includes("MASTER_SECRET"));
});
