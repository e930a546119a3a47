// Starts the service as a user does, with `make`, on a free port with data of its own, and speaks HTTP to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";

const root = resolve(import.meta.dirname, "../..");

/** A folder that lives as long as the test file. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), "global-accounts-e2e-"));
  process.on("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/**
 * `make dev` (or another target) in `home`, which keeps STATE and the secrets between starts. `env` overrides settings.
 * Returns once the ready line is out.
 */
export async function serve({ target = "dev", home = folder(), env = {} } = {}) {
  const port = await freePort();
  const state = join(home, "state");
  const variables = { ...process.env, PORT: port, STATE: state, DEV_VARS: join(home, "dev.vars"), ...env };
  // What the surrounding `make test` and `node --test` tell their children is not for this one.
  for (const name of ["MAKEFLAGS", "MAKELEVEL", "MFLAGS", "NODE_TEST_CONTEXT"]) delete variables[name];
  // The same process group as this test: ending the suite ends the server.
  const make = spawn("make", [target], { cwd: root, env: variables, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(make, "exit");

  const lines = [];
  const waiting = new Set();
  for (const stream of [make.stdout, make.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (data) => {
      const parts = (rest + data).split("\n");
      rest = parts.pop();
      lines.push(...parts);
      for (const look of waiting) look();
    });
  }

  /** The first output line for which `find` returns something, now or within `limit` milliseconds. */
  const output = (find, limit = 5000) =>
    new Promise((found, missed) => {
      const timer = setTimeout(() => {
        waiting.delete(look);
        missed(new Error(`nothing of this kind was printed:\n${lines.slice(-50).join("\n")}`));
      }, limit);
      const look = () => {
        const hit = lines.map(find).find(Boolean);
        if (!hit) return;
        clearTimeout(timer);
        waiting.delete(look);
        found(hit);
      };
      waiting.add(look);
      look();
    });

  const url = `http://127.0.0.1:${port}`;
  const server = {
    url,
    port,
    state,
    home,
    lines,
    call: (method, path, options) => call(url, method, path, options),
    /** Reads or writes the database behind the service's back. */
    rows(statement, ...values) {
      const database = openDatabase(state);
      try {
        database.exec("PRAGMA busy_timeout = 10000");
        return database.prepare(statement).all(...values);
      } finally {
        database.close();
      }
    },
    /** The Worker's own log lines so far. */
    logs: () => lines.map(logLine).filter(Boolean),
    log: (requestId) => output((line) => logLine(line)?.request_id === requestId && logLine(line)),
    output,
    /** SIGTERM to make alone: it must end everything below it. */
    async stop() {
      if (make.exitCode !== null || make.signalCode !== null) return;
      make.kill("SIGTERM");
      await ended;
    },
  };

  await Promise.race([
    output((line) => line === `ready ${url}`, 20 * 60_000),
    ended.then(([code]) => {
      throw new Error(`make ${target} ended with code ${code}:\n${lines.slice(-80).join("\n")}`);
    }),
  ]);
  return server;
}

function logLine(line) {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * One HTTP call. `json` is sent as JSON, `body` as it is; the answer's JSON, if it is any, is in `json`. On a connection of
 * its own: a kept one may be closed by the server in the moment in which it is used again.
 */
export async function call(url, method, path, { token, json, body = json && JSON.stringify(json), headers = {} } = {}) {
  const response = await fetch(url + path, {
    method,
    redirect: "manual",
    body,
    headers: {
      connection: "close",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  const text = await response.text();
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Not JSON.
  }
  return { status: response.status, headers: response.headers, text, json: parsed };
}

export const PASSWORD = "BG0SaleEBL";

/** The body of the README's first call. */
export const signUp = (email) => ({
  email,
  password: PASSWORD,
  organization: { name: "Acme", company: { phone: "+48 123 456 789", website: "example.com" } },
});

/** The local D1 database of a STATE folder, opened directly. */
export function openDatabase(state) {
  const path = join(state, "v3/d1/miniflare-D1DatabaseObject");
  const files = existsSync(path) ? readdirSync(path).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name)) : [];
  if (files.length !== 1) throw new Error(`${files.length} databases in ${path}`);
  return new DatabaseSync(join(path, files[0]));
}

/** Every file below a folder. */
export const filesBelow = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
