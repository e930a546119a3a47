// What happens before the measurement: one organization on real local storage, and each operation once, recorded.
import { createHash } from "node:crypto";

const PASSWORD = "BG0SaleEBL";
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // RFC 7636, appendix B
const REDIRECT_URI = "https://app.example.com/cb";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_BODY = { "content-type": "application/json" };

/** Each operation: its request, its answer, its storage calls with what came back, its log line. */
export async function record(url) {
  const operations = {};
  const send = async ({ method, path, headers, body }) => {
    const filled = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, value.replace("ORIGIN", url)]));
    const response = await fetch(url + path, { method, headers: filled, body: body || undefined, redirect: "manual" });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const recorded = async () => {
    await new Promise((later) => setTimeout(later, 100)); // what goes on after the answer
    return (await fetch(`${url}/recorded`)).json();
  };
  const expect = (answer, status) => {
    if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
    return answer;
  };
  const json = (method, path, token, value) => ({
    method,
    path,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(value && JSON_BODY) },
    body: value && JSON.stringify(value),
  });
  const operation = async (name, request, status = 200) => {
    await recorded();
    const answer = expect(await send(request), status);
    const { calls, line } = await recorded();
    operations[name] = { request, status, length: Buffer.byteLength(answer.text), calls, line };
    return answer;
  };

  const organization = { name: "Acme", company: { phone: "+48 123 456 789", website: "example.com" } };
  const signUp = json("POST", "/v2/organizations", undefined, { email: "john@example.com", password: PASSWORD, organization });
  const owner = JSON.parse(expect(await send(signUp), 200).text);
  const token = owner.access_token;
  for (let number = 0; number < 120; number++) {
    expect(await send(json("POST", "/v2/accounts", token, { email: `member${number}@example.com`, name: `Member ${number}` })), 201);
  }
  const client = { name: "Shop", type: "javascript_app", redirect_uri: REDIRECT_URI, scopes: ["accounts--my:ro", "organization--my:rw"] };
  const { client_id: clientId } = JSON.parse(expect(await send(json("POST", "/v2/clients", token, client)), 201).text);

  await operation("get account", json("GET", `/v2/accounts/${owner.account_id}`, token));
  await operation("list 100", json("GET", "/v2/accounts?limit=100", token));
  await operation("create account", json("POST", "/v2/accounts", token, { email: "new@example.com", name: "New" }), 201);

  const browser = {};
  const visit = async (request) => {
    const cookie = Object.entries(browser).map((pair) => pair.join("=")).join("; ");
    const answer = await send({ ...request, headers: { ...request.headers, ...(cookie && { cookie }) } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
      browser[name] = value;
    }
    return answer;
  };
  const field = (page) => page.text.match(/name="form" value="([^"]+)"/)?.[1];
  const submit = (path, fields) => ({ method: "POST", path, headers: { ...FORM, origin: "ORIGIN" }, body: String(new URLSearchParams(fields)) });
  const challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const asked = { client_id: clientId, response_type: "code", redirect_uri: REDIRECT_URI, code_challenge: challenge, code_challenge_method: "S256" };
  const form = field(expect(await visit({ method: "GET", path: `/?${new URLSearchParams(asked)}` }), 200));
  const credentials = submit("/signin", { form, email: "john@example.com", password: PASSWORD });
  credentials.headers.cookie = `__Host-browser=${browser["__Host-browser"]}`;
  await recorded();
  let answer = expect(await visit(credentials), 303);
  operations["sign-in"] = { request: credentials, status: 303, length: answer.text.length, ...(await recorded()) };

  while (!(answer.headers.get("location") ?? "").startsWith(REDIRECT_URI)) {
    const location = answer.headers.get("location");
    const consent = answer.text && submit("/consent", { form: field(answer), decision: "allow" });
    answer = await visit(location ? { method: "GET", path: location.replace(/^https?:\/\/[^/]+/, "") } : consent);
    if (answer.status >= 400) throw new Error(`${answer.status}: ${answer.text}`);
  }
  const code = new URL(answer.headers.get("location")).searchParams.get("code");
  const exchange = { grant_type: "authorization_code", client_id: clientId, code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER };
  const tokens = JSON.parse((await operation("exchange", json("POST", "/v2/token", undefined, exchange))).text);
  const refresh = { grant_type: "refresh_token", client_id: clientId, refresh_token: tokens.refresh_token };
  const refreshed = JSON.parse((await operation("refresh", json("POST", "/v2/token", undefined, refresh))).text);

  // What product front ends do all day: look up the token of an application.
  const look = json("GET", "/v2/info", refreshed.access_token);
  await operation("info, cold", look);
  await operation("info, hot", look);
  return operations;
}

/** Storage calls of an operation, and the rows that D1 read for it. */
export function storage({ calls }) {
  const count = (name) => calls.filter(({ call }) => call === name).length;
  const statements = calls.flatMap(({ statements = [] }) => statements);
  return {
    batches: count("batch"),
    statements: statements.length,
    rowsRead: statements.reduce((sum, { result }) => sum + (result.meta.rows_read ?? 0), 0),
    reads: count("get"),
    writes: count("put") + count("delete"),
  };
}

/** For the stand-in of D1: each statement's text with its results, in their order. */
export function replay({ calls }) {
  const results = new Map();
  for (const { statements = [] } of calls) {
    for (const { sql, result } of statements) results.set(sql, [...(results.get(sql) ?? []), result]);
  }
  return [...results];
}
