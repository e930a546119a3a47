// Credentials as the service mints them (src/oauth/envelope.rs, keys.rs, mail_link.rs), from the secret of a local server:
// a race needs twenty people who are signed in, not twenty sign-ins.
import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const NUMBERS = { access: 0, refresh: 1, personal: 3, invite: 7 };
const REGION = "dal";
const VERSION = 1 << 6;

export const digest = (id) => createHash("sha256").update(id).digest("base64url");

export class Mint {
  #secret;
  #keyId;

  /** `home` is where a server of the harness keeps its secrets. */
  constructor(home) {
    const [, keyId, secret] = readFileSync(join(home, "dev.vars"), "utf8").match(/^MASTER_SECRET="(\d):([\w-]+)"$/m);
    this.#keyId = Number(keyId);
    this.#secret = Buffer.from(secret, "base64url");
  }

  /** Text for the bearer, digest for the row. */
  token(kind, expiresAt, id = randomBytes(16)) {
    const expiry = Buffer.alloc(8);
    expiry.writeBigUInt64BE(BigInt(Math.floor(expiresAt / 1000)));
    const head = Buffer.concat([Buffer.of(VERSION | (NUMBERS[kind] << 2) | this.#keyId), id, expiry.subarray(3)]);
    const tag = this.#mac(kind).update(`${REGION}:`).update(head).digest().subarray(0, 16);
    const body = Buffer.concat([head, tag]).toString("base64url");
    return { text: kind === "refresh" ? body : `${REGION}:${body}`, digest: digest(id) };
  }

  /** The token of the link in an invitation's mail. */
  invitation({ mail_token_id, expires_at }) {
    const row = Buffer.from(mail_token_id.replaceAll("-", ""), "hex");
    const id = this.#mac("mail link").update("invite:").update(row).digest().subarray(0, 16);
    return this.token("invite", expires_at, id);
  }

  #mac(purpose) {
    const key = hkdfSync("sha256", this.#secret, "", `global-accounts v1 ${purpose}`, 64);
    return createHmac("sha256", Buffer.from(key));
  }
}
