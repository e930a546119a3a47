// Records what Chromium's virtual authenticator returns, as fixtures of the native suites: tests/native/fixtures/passkeys.json.
// Usage: CHROMIUM=/usr/bin/chromium node scripts/record-passkeys.mjs
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { launch } from "../tests/browser/people.mjs";

const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>"));
await once(server.listen(0, "127.0.0.1"), "listening");
const { port } = server.address();
const browser = await launch();

/** One passkey with one authenticator: its registration, then as many assertions as wanted. */
async function record({ host = "localhost", device = {}, create = {}, get = {}, assertions = 1 }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...device,
    },
  });
  const origin = `http://${host}:${port}`;
  await page.goto(origin);
  const recorded = await page.evaluate(
    async ({ create, get, assertions, id }) => {
      const json = (credential) => credential.toJSON();
      const random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
      const registration = await navigator.credentials.create({
        publicKey: {
          rp: { id, name: "Global Accounts" },
          user: { id: new Uint8Array(16).fill(7), name: "ann@example.com", displayName: "Ann" },
          challenge: random(32),
          pubKeyCredParams: [{ type: "public-key", alg: -7 }],
          authenticatorSelection: { residentKey: "required", userVerification: "required" },
          attestation: "none",
          ...create,
        },
      });
      const used = [];
      for (let at = 0; at < assertions; at += 1) {
        const allowCredentials = [{ type: "public-key", id: registration.rawId }];
        const publicKey = { rpId: id, challenge: random(32), allowCredentials, userVerification: "required", ...get };
        used.push(json(await navigator.credentials.get({ publicKey })));
      }
      return { registration: json(registration), assertions: used };
    },
    { create, get, assertions, id: host },
  );
  await context.close();
  return { origin, ...recorded };
}

const relaxed = { authenticatorSelection: { residentKey: "discouraged", userVerification: "discouraged" } };
const recorded = {
  browser: `Chromium ${browser.version()}`,
  plain: await record({ assertions: 2 }),
  backed_up: await record({ device: { defaultBackupEligibility: true, defaultBackupState: true } }),
  direct_attestation: await record({ create: { attestation: "direct" } }),
  extensions: await record({
    device: { hasCredBlob: true, ctap2Version: "ctap2_1" },
    create: { extensions: { credentialProtectionPolicy: "userVerificationRequired" } },
  }),
  user_not_verified: await record({
    device: { hasUserVerification: false },
    create: relaxed,
    get: { userVerification: "discouraged" },
  }),
  rs256: await record({ create: { pubKeyCredParams: [{ type: "public-key", alg: -257 }] } }),
  other_relying_party: await record({ host: "other.localhost" }),
};
await browser.close();
server.close();
const path = join(import.meta.dirname, "../tests/native/fixtures/passkeys.json");
writeFileSync(path, JSON.stringify(recorded, null, 2) + "\n");
