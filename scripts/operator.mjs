// operator COMMAND ...: the operator's key, and what is signed with it. Asks no network; docs/operations/way-back.md tells the
// whole story.
//   key FILE                  makes a key pair: the private key goes into FILE, the public one is printed
//   reset-second-factor       prints a signed command, to be presented once
//     --key FILE  --url PUBLIC_URL  --account ACCOUNT_ID  --organization ORGANIZATION_ID  [--hours 24]
//   show COMMAND              prints what a command says; whether it is genuine, the service will tell
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

const HEADER = Buffer.from('{"alg":"ES256","typ":"operator-command"}').toString("base64url");
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_HOURS = 7 * 24;

class Mistake extends Error {}

const demand = (fits, problem) => {
  if (!fits) throw new Mistake(problem);
};

/** `OPERATOR_PUBLIC_KEY`: the point of the key in its uncompressed form. */
function publicKey(key) {
  const { crv, x, y } = createPublicKey(key).export({ format: "jwk" });
  demand(crv === "P-256", "the key is not one that this script has made");
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]).toString("base64url");
}

function makeKey(path) {
  demand(path, "usage: operator key FILE");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(path, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  return `OPERATOR_PUBLIC_KEY="${publicKey(privateKey)}"`;
}

function resetSecondFactor({ key, url, account, organization, hours }) {
  demand(key && url, "--key and --url are needed");
  demand(/^https?:\/\/[^/]+$/.test(url), "--url must be the service's PUBLIC_URL, without a path");
  demand(UUID.test(account ?? ""), "--account must be an account_id");
  demand(UUID.test(organization ?? ""), "--organization must be an organization_id");
  const life = Number(hours);
  demand(life > 0 && life <= LONGEST_HOURS, `--hours must be 1 to ${LONGEST_HOURS}`);
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    aud: url,
    jti: randomUUID(),
    iat,
    exp: iat + life * 3600,
    kind: "reset_second_factor",
    account_id: account,
    organization_id: organization,
  };
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  const privateKey = createPrivateKey(readFileSync(key));
  publicKey(privateKey);
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

function show(command) {
  const [header, payload] = (command ?? "").split(".");
  demand(header === HEADER && payload, "that is no command of the operator");
  const { iat, exp, ...claims } = JSON.parse(Buffer.from(payload, "base64url"));
  const at = (seconds) => new Date(seconds * 1000).toISOString();
  return JSON.stringify({ ...claims, signed_at: at(iat), present_before: at(exp) }, null, 2);
}

try {
  const string = { type: "string" };
  const options = { key: string, url: string, account: string, organization: string, hours: { ...string, default: "24" } };
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const [command, argument, ...rest] = positionals;
  const commands = { key: () => makeKey(argument), "reset-second-factor": () => resetSecondFactor(values), show: () => show(argument) };
  demand(commands[command] && rest.length === 0, `usage: operator ${Object.keys(commands).join(" | ")}`);
  console.log(commands[command]());
} catch (error) {
  console.error(error instanceof Mistake ? error.message : String(error.message ?? error));
  process.exit(1);
}
