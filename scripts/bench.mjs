// bench: the Worker beside floors that do nothing of their own, in one run of miniflare; docs/performance.md and .json.
//   ROUNDS (40)  DURATION (0.25)  seconds of each target in each round  CONNECTIONS (8)
//   ONLY (all)  part of a group's name, for looking closely; nothing is written then
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { load, wire } from "../benches/edge/load.mjs";
import { report } from "../benches/edge/report.mjs";
import { record, replay, storage } from "../benches/edge/story.mjs";
import { accessTokens, forged } from "../benches/edge/tokens.mjs";
import { Failure, endOnSignals, fail, output, say, start, step, stop, toolRoot } from "./lib.mjs";
import { setup } from "./setup.mjs";

const number = (name, otherwise) => Number(process.env[name] || otherwise);
const rounds = number("ROUNDS", 40);
const seconds = number("DURATION", 0.25);
const connections = number("CONNECTIONS", 8);
const only = process.env.ONLY;

const OURS = "target/worker/release";
const floor = (name) => `target/worker/floor-${name}`;
const FLOORS = { R: floor("empty"), storage: floor("storage"), S: floor("stock") };
const config = /compatibility_date = "(.+?)"/.exec(readFileSync("wrangler.toml", "utf8"));
const secret = () => `0:${randomBytes(32).toString("base64url")}`;
const settings = {
  MASTER_SECRET: secret(),
  PASSWORD_PEPPER: secret(),
  REGION: "dal",
  LIMITS: "dev",
  AUTHORIZATION_CODE_TTL: "600", // longer than the run
};

async function main() {
  endOnSignals();
  await setup();
  await build();
  const { Miniflare, Log, LogLevel } = await import("miniflare");
  const miniflare = (options) => new Miniflare({ log: new Log(LogLevel.WARN), host: "127.0.0.1", port: 0, handleRuntimeStdio: drain, ...options });
  say("recording each operation on real local storage");
  const operations = await recording(miniflare);
  const results = await measured(miniflare, operations);
  const start = only ? undefined : await started(miniflare, operations);
  const wasm = readFileSync(join(OURS, "index_bg.wasm"));
  const size = { raw: wasm.length, gzip: gzipSync(wasm, { level: 9 }).length };
  const machine = { loads: [results.loads[0], loadavg()[0]], rounds, seconds, connections };
  const stored = Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, storage(operation)]));
  report({ ...results, start, size, machine, stored, written: !only });
  stop(0);
}

/** Nothing is printed of the Workers' log lines; they are read as fast as they come. */
function drain(stdout, stderr) {
  stdout.resume();
  stderr.pipe(process.stderr);
}

async function build() {
  await step("building the Worker", "scripts/build.sh", [], { env: { BUILD_PROFILE: "release", BUILD_DIR: OURS } });
  for (const [name, features] of [["empty", []], ["storage", ["--features", "storage"]], ["stock", ["--features", "stock"]]]) {
    const out = join(process.cwd(), floor(name));
    if (newer("benches/floors", join(out, "index_bg.wasm"))) continue;
    const bin = (tool) => join(process.cwd(), "node_modules/.bin", tool);
    const env = {
      CARGO_TARGET_DIR: join(process.cwd(), "target/floors"),
      WASM_BINDGEN_BIN: process.env.WASM_BINDGEN_BIN || join(toolRoot("wasm-bindgen-cli"), "bin/wasm-bindgen"),
      WASM_OPT_BIN: bin("wasm-opt"),
      ESBUILD_BIN: bin("esbuild"),
    };
    const program = join(toolRoot("worker-build"), "bin/worker-build");
    await step(`building floor ${name}`, program, ["benches/floors", "--release", "--out-dir", out, "--", "--locked", ...features], { env });
    // As build.sh does it.
    const built = join(out, "index_bg.wasm");
    await step(`stripping floor ${name}`, bin("wasm-opt"), ["--strip-debug", "--strip-producers", built, "-o", built]);
  }
  const options = ["--locked", "--release", "--manifest-path", "benches/hash/Cargo.toml", "--target-dir", "target/hash"];
  await step("building the native hash", "cargo", ["build", ...options]);
}

/** Whether `file` is newer than everything below `folder`. */
function newer(folder, file) {
  const time = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return readdirSync(folder, { recursive: true }).every((path) => time(join(folder, path)) < time(file));
}

const module = (path, type = "ESModule") => ({ type, path: path.split("/").at(-1), contents: readFileSync(path) });
const built = (folder) => [module(join(folder, "index.js")), module(join(folder, "index_bg.wasm"), "CompiledWasm")];

async function recording(miniflare) {
  const folder = mkdtempSync(join(tmpdir(), "global-accounts-bench-"));
  await step("a database", "wrangler", ["d1", "migrations", "apply", "DB", "--local", "--persist-to", folder]);
  const recorder = miniflare({
    d1Persist: join(folder, "v3/d1"),
    kvPersist: join(folder, "v3/kv"),
    modulesRoot: ".",
    modules: [module("benches/edge/recorder.mjs"), ...built(OURS)],
    compatibilityDate: config[1],
    bindings: settings,
    d1Databases: { DB: "DB" },
    kvNamespaces: { CACHE: "CACHE" },
  });
  const url = String(await recorder.ready).replace(/\/$/, "");
  const operations = await record(url);
  await recorder.dispose();
  rmSync(folder, { recursive: true, force: true });
  return operations;
}

/** Groups of targets that are measured beside each other, and the lines that compare them. */
function plan(operations) {
  const cold = operations["info, cold"];
  const cached = cold.calls.find(({ call }) => call === "put");
  const value = cached.value.replace(/"verified_at_ms":\d+/, '"verified_at_ms":NOW');
  const hot = operations["info, hot"];
  const warm = { ...hot, calls: [{ call: "get", key: cached.key }], line: hot.line.replace(/"kv":0/, '"kv":1') };
  const tokens = accessTokens(settings.MASTER_SECRET, settings.REGION, 20_000);
  const with_ = (request, token) => ({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
  const token = hot.request.headers.authorization.split(" ")[1];
  const ours = (operation, more = {}) => ({ worker: OURS, operation, bindings: settings, recorded: replay(operation), ...more });
  const empty = (name, operation) => ({ worker: FLOORS[name], operation, bindings: answer(operation) });
  const same = (operation, more) => ({
    worker: FLOORS.storage,
    operation: { ...operation, status: 200 },
    bindings: { ...answer(operation), CALLS: JSON.stringify(played(operation)) },
    recorded: replay(operation),
    ...more,
  });
  const many = (requests) => tokens.map((token) => with_(requests, token));
  const pair = (name, operation) => [name, { ours: ours(operation, { status: operation.status === 201 ? 200 : operation.status }), floor: same(operation) }];
  return Object.fromEntries([
    ["sign-in", { ours: ours(operations["sign-in"], { connections: 1, seconds: 1 }) }],
    [
      "info, hot",
      {
        ours: ours({ ...cold, request: hot.request }, { value }),
        forged: ours(hot, { requests: [with_(hot.request, forged(token))], status: 401 }),
        R: empty("R", hot),
        S: empty("S", hot),
        J: { script: "benches/edge/empty.mjs", operation: hot, bindings: answer(hot) },
      },
    ],
    ["info, warm", { ours: ours({ ...cold, request: hot.request }, { value, requests: many(hot.request) }), floor: same(warm, { value }) }],
    ["info, cold", { ours: ours(cold, { requests: many(hot.request) }), floor: same(cold) }],
    ...["get account", "list 100", "create account", "refresh", "exchange"].map((name) => pair(name, operations[name])),
  ].filter(([name]) => !only || name.includes(only)));
}

const answer = ({ length, line }) => ({ ANSWER: "x".repeat(length), LINE: line });
const played = ({ calls }) =>
  calls.map(({ call, key, value, statements }) =>
    statements ? { call, statements: statements.map(({ sql, params }) => ({ sql, params })) } : { call, key, ...(call === "put" && { value }) },
  );

async function measured(miniflare, operations) {
  const groups = plan(operations);
  const targets = Object.entries(groups).flatMap(([group, members]) => Object.entries(members).map(([name, target]) => Object.assign(target, { group, name })));
  const workers = [];
  for (const [at, target] of targets.entries()) {
    target.port = await freePort();
    const bound = { DB: { scriptName: "d1", bindings: { RECORDED: target.recorded ?? [] } }, CACHE: { scriptName: "kv", bindings: target.value ? { VALUE: target.value } : {} } };
    workers.push({
      name: `target${at}`,
      modulesRoot: ".",
      modules: target.script ? [module(target.script)] : built(target.worker),
      compatibilityDate: config[1],
      bindings: target.bindings,
      ...(target.recorded && { wrappedBindings: bound }),
      unsafeDirectSockets: [{ host: "127.0.0.1", port: target.port }],
    });
    target.wire = (target.requests ?? [target.operation.request]).map((request) => wire(request, target.port));
  }
  for (const name of ["d1", "kv"]) workers.push({ name, modulesRoot: ".", modules: [module(`benches/edge/${name}.mjs`)] });
  const all = miniflare({ workers });
  await all.ready;
  const pid = workerd();
  const run = (target, time) =>
    load({ port: target.port, requests: target.wire, status: target.status ?? target.operation.status, connections: target.connections ?? connections, seconds: time, pid });

  const loads = [loadavg()[0]];
  const results = Object.fromEntries(Object.keys(groups).map((group) => [group, []]));
  for (const [group, members] of Object.entries(groups)) {
    for (const target of Object.values(members)) await run(target, 1).catch((error) => { throw new Failure(`${group}, ${target.name}: ${error.message}`); });
  }
  for (let round = 0; round < rounds; round++) {
    if (round % 5 === 0) say(`round ${round + 1} of ${rounds}, load average ${loadavg()[0].toFixed(1)}`);
    for (const [group, members] of Object.entries(groups)) {
      const order = Object.values(members);
      if (round % 2) order.reverse();
      const seen = {};
      for (const target of order) {
        await run(target, 0.05);
        seen[target.name] = await run(target, target.seconds ?? seconds);
      }
      if (group === "sign-in") seen.native = { rate: 1000 / Number(await output("target/hash/release/hash")) };
      results[group].push(seen);
    }
  }
  await all.dispose();
  return { results, loads };
}

/** The first answer of a fresh isolate, alternating. */
async function started(miniflare, operations) {
  say("start-up");
  const cold = operations["info, cold"];
  const given = (env) => JSON.stringify({ compatibilityDate: config[1], env, headers: cold.request.headers });
  const text = (path) => readFileSync(path, "utf8");
  const start = miniflare({
    modulesRoot: ".",
    modules: [module("benches/edge/start.mjs")],
    compatibilityDate: config[1],
    workerLoaders: { LOADER: {} },
    bindings: {
      MAIN: text("benches/edge/started.mjs"),
      KV: text("benches/edge/kv.mjs"),
      D1: text("benches/edge/d1.mjs"),
      ours_JS: text(join(OURS, "index.js")),
      R_JS: text(join(FLOORS.R, "index.js")),
      ours_GIVEN: given({ ...settings, RECORDED: replay(cold) }),
      R_GIVEN: given({ ...answer(cold), RECORDED: [] }),
    },
    dataBlobBindings: { ours_WASM: join(OURS, "index_bg.wasm"), R_WASM: join(FLOORS.R, "index_bg.wasm") },
  });
  const url = await start.ready;
  const times = [];
  for (let round = 0; round < 3 * rounds + 1; round++) {
    const seen = {};
    for (const name of round % 2 ? ["R", "ours"] : ["ours", "R"]) {
      const response = await fetch(new URL(name, url));
      const answer = await response.text();
      if (!response.ok) throw new Failure(`start-up of ${name}: ${answer}`);
      seen[name] = Number(answer);
    }
    if (round) times.push(seen);
  }
  await start.dispose();
  return times;
}

/** The only process that miniflare has started now. */
function workerd() {
  try {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
    return children.find((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("workerd"));
  } catch {
    return undefined;
  }
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

main().catch(fail);
