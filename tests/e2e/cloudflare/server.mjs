// A stand-in of the part of Cloudflare's API that the pages for operators use, on loopback. One account, one token. What it
// does not know it refuses, and what wrangler asks of anybody else ends up in `strays`.
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { Database } from "./database.mjs";
import { Refusal } from "./refusal.mjs";
import { Script } from "./script.mjs";

export async function cloudflare(folder) {
  const account = randomBytes(16).toString("hex");
  const token = randomBytes(20).toString("hex");
  const cloud = { account, token, scripts: new Map(), databases: [], namespaces: [], strays: [], asked: [] };
  const uploads = new Map();

  const script = (name) => cloud.scripts.get(name) ?? refuse(404, 10007, "This Worker does not exist on your account.");
  const database = (id) =>
    cloud.databases.find(({ uuid, name }) => id === uuid || id === name) ?? refuse(404, 7404, `The database ${id} could not be found`);
  const describe = ({ uuid, name }) => ({ uuid, name, version: "production" });

  const routes = [
    ["GET", "/workers/scripts/:script/secrets", ({ script: name }) => script(name).secretNames()],
    ["PUT", "/workers/scripts/:script/secrets", ({ script: name }, { json }) => script(name).change({ [json().name]: json().text })],
    ["DELETE", "/workers/scripts/:script/secrets/:secret", ({ script: name, secret }) => {
      if (!script(name).secrets.has(secret)) refuse(404, 10056, `Secret ${secret} not found`);
      return script(name).change({ [secret]: null });
    }],
    ["PATCH", "/workers/scripts/:script/secrets-bulk", ({ script: name }, { json }) =>
      script(name).change(Object.fromEntries(Object.entries(json().secrets).map(([key, secret]) => [key, secret?.text ?? null])))],

    ["GET", "/workers/subdomain", () => ({ subdomain: "example" })],
    ["GET", "/workers/services/:script", ({ script: name }) => script(name).service()],
    ["GET", "/workers/scripts/:script/settings", ({ script: name }) => script(name).settings()],
    ["PUT", "/workers/scripts/:script", async ({ script: name }, { form }) => {
      if (!cloud.scripts.has(name)) cloud.scripts.set(name, new Script(name));
      const { id } = await script(name).upload(await form(), bound);
      script(name).deploy(id, true);
      return { id: name, startup_time_ms: 1, deployment_id: id };
    }],
    ["PATCH", "/workers/scripts/:script/script-settings", ({ script: name }, { json }) => script(name) && json()],
    ["GET", "/workers/workers/:script", ({ script: name }) => ({ name, subdomain: script(name).subdomain })],
    ["POST", "/workers/scripts/:script/subdomain", ({ script: name }, { json }) => (script(name).subdomain = json())],
    ["PUT", "/workers/scripts/:script/schedules", ({ script: name }, { json }) => ({ schedules: (script(name).schedules = json()) })],
    ["POST", "/workers/scripts/:script/versions", async ({ script: name }, { form }) => script(name).describe(await script(name).upload(await form(), bound))],
    ["GET", "/workers/scripts/:script/versions/:version", ({ script: name, version }) => script(name).describe(script(name).find(version))],
    ["GET", "/workers/scripts/:script/deployments", ({ script: name }) => ({ deployments: script(name).deployments.toReversed() })],
    ["POST", "/workers/scripts/:script/deployments", ({ script: name }, { json, query }) => {
      const [{ version_id, percentage }, ...others] = json().versions;
      if (percentage !== 100 || others.length > 0) refuse(400, 10021, "one version for everybody, here");
      return script(name).deploy(version_id, query.get("force") === "true");
    }],

    ["GET", "/d1/database", () => cloud.databases.map(describe)],
    ["POST", "/d1/database", (_, { json }) => describe(create(json().name))],
    ["GET", "/d1/database/:database", ({ database: id }) => describe(database(id))],
    ["POST", "/d1/database/:database/query", ({ database: id }, { json }) => database(id).query(json().sql)],
    ["POST", "/d1/database/:database/import", ({ database: id }, { json }) => load(database(id), json())],
    ["GET", "/d1/database/:database/time_travel/bookmark", ({ database: id }, { query }) => ({ bookmark: database(id).bookmark(query.get("timestamp")) })],
    ["POST", "/d1/database/:database/time_travel/restore", ({ database: id }, { query }) => database(id).restore(query.get("bookmark"))],

    ["GET", "/storage/kv/namespaces", () => cloud.namespaces],
    ["POST", "/storage/kv/namespaces", (_, { json }) => {
      const namespace = { id: randomBytes(16).toString("hex"), title: json().title };
      cloud.namespaces.push(namespace);
      return namespace;
    }],
  ].map(([method, path, answer]) => [method, new RegExp(`^/accounts/${account}${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`), answer]);

  function create(name) {
    if (cloud.databases.some((other) => other.name === name)) refuse(400, 7502, "database already exists");
    cloud.databases.push(new Database(folder, name));
    return cloud.databases.at(-1);
  }

  /** What a Worker is bound to must exist. */
  function bound({ type, id, namespace_id }) {
    if (type === "d1") database(id);
    if (type === "kv_namespace" && !cloud.namespaces.some((namespace) => namespace.id === namespace_id)) refuse(400, 10041, "KV namespace not found");
  }

  /** `d1 execute --file`: ask where to, put the file there, have it executed whole. */
  function load(target, { action, etag, filename }) {
    if (action === "init") return { filename: `${etag}.sql`, upload_url: `${cloud.url}/upload/${etag}` };
    if (action !== "ingest" || filename !== `${etag}.sql` || !uploads.has(etag)) refuse(400, 7500, "nothing was uploaded");
    const queries = target.execute(uploads.get(etag)).length;
    const result = { num_queries: queries, final_bookmark: target.bookmark(null), meta: target.meta() };
    return { success: true, type: "import", status: "complete", messages: [], at_bookmark: result.final_bookmark, result };
  }

  async function answer(request, body) {
    const { pathname, searchParams: query } = new URL(request.url, cloud.url);
    const upload = pathname.match(/^\/upload\/(\w+)$/)?.[1];
    if (upload && request.method === "PUT") {
      if (createHash("md5").update(body).digest("hex") !== upload) refuse(400, 7500, "another file");
      uploads.set(upload, body.toString());
      return { etag: upload };
    }
    if (request.headers.authorization !== `Bearer ${token}`) refuse(403, 10000, "Authentication error");
    for (const [method, pattern, respond] of routes) {
      const found = method === request.method && pathname.match(pattern);
      if (!found) continue;
      const form = () => new Response(body, { headers: { "content-type": request.headers["content-type"] } }).formData();
      return { result: await respond(found.groups, { query, json: () => JSON.parse(body), form }) };
    }
    refuse(404, 7003, `No route for ${request.method} ${pathname}`);
  }

  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    (request.url.startsWith("/") ? cloud.asked : cloud.strays).push(`${request.method} ${request.url}`);
    try {
      const { result, etag } = await answer(request, body);
      if (etag) return response.setHeader("etag", `"${etag}"`).end();
      response.end(JSON.stringify({ success: true, errors: [], messages: [], result }));
    } catch (error) {
      const { status = 500, code = 10013, message } = error;
      response.writeHead(status).end(JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null }));
    }
  });
  // It is also the proxy of every other address.
  server.on("connect", (request, socket) => {
    cloud.strays.push(request.url);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cloud.url = `http://127.0.0.1:${server.address().port}`;
  cloud.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return cloud;
}

function refuse(status, code, message) {
  throw new Refusal(status, code, message);
}
