// What the scripts share: where things are, steps with visible progress, child processes that end with us, a lock.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
process.chdir(root);

/** Versions of the tools that cargo compiles, from versions.env. */
export const versions = Object.fromEntries(
  [...readFileSync("versions.env", "utf8").matchAll(/^(\w+)=(.+)$/gm)].map(([, name, version]) => [name, version]),
);

/** Compiled tools live outside the checkout, by version, so that every checkout shares them. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "global-accounts");
export const toolVersion = (tool) => versions[tool.toUpperCase().replaceAll("-", "_")];
export const toolRoot = (tool) => join(cache, "tools", `${tool}-${toolVersion(tool)}`);

// The pinned Node and npm tools come first: wrangler needs a newer Node than this script does.
process.env.PATH = join(root, "node_modules", ".bin") + delimiter + process.env.PATH;
process.env.WRANGLER_SEND_METRICS = "false";
process.env.WRANGLER_LOG_PATH = join(root, ".wrangler/logs");
process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false"; // no look-up of Request.cf, which the Worker does not read
process.env.CI ||= "1"; // nobody answers questions

const started = Date.now();
const seconds = (since) => `${Math.round((Date.now() - since) / 1000)}s`;
export const say = (text) => console.log(`[${seconds(started).padStart(5)}] ${text}`);

/** An expected failure: shown without a stack. */
export class Failure extends Error {}

export function fail(error) {
  console.error(error instanceof Failure ? error.message : error);
  stop(1);
}

const children = new Set();

/** Starts a process in a group of its own, so that ending it ends everything it started. */
export function start(command, args, { env = {}, stdio = ["ignore", "pipe", "pipe"] } = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio, detached: true });
  child.ended = new Promise((done) => {
    child.once("error", (error) => done({ code: 127, error: error.message }));
    child.once("close", (code, signal) => done({ code: code ?? 1, signal }));
  });
  children.add(child);
  child.ended.then(() => children.delete(child));
  return child;
}

function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has ended already.
  }
}

/** Ends a process with its whole group; by force after five seconds. */
export async function end(child) {
  signal(child, "SIGTERM");
  const force = setTimeout(() => signal(child, "SIGKILL"), 5000);
  await child.ended;
  clearTimeout(force);
  signal(child, "SIGKILL"); // whatever outlived its leader
}

let ending;
/** Ends every child, then this process. The first caller's code counts. */
export function stop(code) {
  ending ??= Promise.all([...children].map(end)).then(() => process.exit(code));
  return ending;
}
export const stopping = () => ending !== undefined;

/** Ctrl-C and SIGTERM end everything that was started. `code` is the exit code, by default the usual 128 + signal. */
export function endOnSignals(code) {
  process.on("SIGINT", () => stop(code ?? 130));
  process.on("SIGTERM", () => stop(code ?? 143));
  process.on("SIGHUP", () => stop(code ?? 129));
  // Under make: when make is killed outright, nobody else would tell us.
  const parent = process.ppid;
  if (process.env.MAKELEVEL) setInterval(() => process.ppid === parent || stop(1), 1000).unref();
}

/** Runs one command of the set-up: its output goes to a log, a line shows every 20 s that it lives, a failure is shown. */
export async function step(title, command, args, options) {
  const began = Date.now();
  mkdirSync(".wrangler/logs", { recursive: true });
  const path = `.wrangler/logs/${title.split(",")[0].replace(/[^a-z0-9.]+/gi, "-")}-${process.pid}.log`;
  const log = createWriteStream(path);
  say(title);
  const child = start(command, args, options);
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      log.write(data);
      tail = (tail + data).slice(-4000);
    });
  }
  const alive = setInterval(() => {
    const last = tail.trim().split("\n").at(-1).trim();
    say(`  ${title}: ${seconds(began)} so far${last && `, at "${last.slice(0, 90)}"`}`);
  }, 20_000);
  const { code, error } = await child.ended;
  clearInterval(alive);
  log.end();
  if (ending) await ending;
  if (code !== 0) throw new Failure(`${tail}${error ?? ""}\n${title}: failed with code ${code}; everything it printed: ${path}`);
  rmSync(path, { force: true });
}

/** Output of a short command, or undefined when it fails. */
export async function output(command, ...args) {
  const child = start(command, args, { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  const { code } = await child.ended;
  return code === 0 ? text.trim() : undefined;
}

/** One holder at a time, across processes; the kernel lets go when the holder dies. Returns the release. */
export async function lock(path) {
  const holder = spawn("python3", ["-c", HOLD, path], { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const waiting = setTimeout(() => say("waiting for a set-up that runs elsewhere"), 1000);
  const waitingStill = setInterval(() => say("  still waiting for the other set-up"), 20_000);
  const [first] = await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]);
  clearTimeout(waiting);
  clearInterval(waitingStill);
  if (!String(first).startsWith("held")) throw new Failure(`cannot lock ${path}`);
  return () => holder.stdin.end();
}
const HOLD = `
import fcntl, sys
held = open(sys.argv[1], "w")
fcntl.flock(held, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
`;
