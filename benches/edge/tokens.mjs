// Access tokens as src/oauth/envelope.rs mints them: many different ones, for isolates that shall not remember them.
import { createHmac, hkdfSync, randomBytes } from "node:crypto";

const VERSION = 1;
const ACCESS = 0;

/** `secret` is MASTER_SECRET; the tokens expire in a day. */
export function accessTokens(secret, region, number) {
  const [id, text] = secret.split(":");
  const key = Buffer.from(hkdfSync("sha256", Buffer.from(text, "base64url"), "", "global-accounts v1 access", 64));
  const expiry = Buffer.alloc(5);
  expiry.writeUIntBE(Math.floor(Date.now() / 1000) + 86_400, 0, 5);
  return Array.from({ length: number }, () => {
    const head = Buffer.concat([Buffer.from([(VERSION << 6) | (ACCESS << 2) | Number(id)]), randomBytes(16), expiry]);
    const tag = createHmac("sha256", key).update(`${region}:`).update(head).digest().subarray(0, 16);
    return `${region}:${Buffer.concat([head, tag]).toString("base64url")}`;
  });
}

/** The same token with another tag. */
export const forged = (token) => token.slice(0, -2) + (token.at(-2) === "A" ? "B" : "A") + token.at(-1);
