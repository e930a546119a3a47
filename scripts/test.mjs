// test [long | fuzz]: every suite one after the other, going on after a failure; closes with "N passed, N failed".
// A lint counts as one test. A test that is skipped, ignored or left to do counts as failed: nothing is skipped silently.
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { endOnSignals, fail, root, say, start, stop, stopping, toolRoot } from "./lib.mjs";
import { setup, wasmTestRunner } from "./setup.mjs";

const WASM = ["--target", "wasm32-unknown-unknown"];
/** The three builds that the suites serve, in the folders where `serve` and the contract suite look for them. */
const worker = {
  dev: { BUILD_PROFILE: "dev", BUILD_DIR: "build" },
  contract: { BUILD_PROFILE: "dev", BUILD_DIR: "target/worker/contract", BUILD_FEATURES: "contract" },
  release: { BUILD_PROFILE: "release", BUILD_DIR: "target/worker/release" },
};
const results = [];

async function everything() {
  await setup({ forTests: true });
  const fromTool = (name) => join(toolRoot(name), "bin", name);

  await suite("format", "cargo", ["fmt", "--check"]);
  for (const name of ["floors", "hash"]) {
    await suite(`format of benches/${name}`, "cargo", ["fmt", "--check", "--manifest-path", `benches/${name}/Cargo.toml`]);
  }
  await suite("clippy, native", "cargo", ["clippy", "--locked", "--all-targets", "--", "-D", "warnings"]);
  await suite("clippy, wasm", "cargo", ["clippy", "--locked", ...WASM, "--lib", "--test", "wasm", "--all-features", "--", "-D", "warnings"]);
  await suite("documentation", "cargo", ["doc", "--locked", "--no-deps"], { env: { RUSTDOCFLAGS: "-D warnings" } });
  await suite("unused dependencies", fromTool("cargo-machete"), []);
  await suite("licenses, sources, duplicates", fromTool("cargo-deny"), ["--offline", "check", "-D", "warnings", "bans", "licenses", "sources"]);

  await suite("API description", "scripts/python", ["scripts/lint-openapi.py"]);

  const references = resolve("target/insta-references.txt");
  rmSync(references, { force: true });
  await suite("native", "cargo", ["test", "--locked", "--no-fail-fast"], {
    env: { INSTA_UPDATE: "no", INSTA_SNAPSHOT_REFERENCES_FILE: references },
    count: countCargo,
  });
  check("snapshots", staleSnapshots(references));
  await suite("wasm", "cargo", ["test", "--locked", ...WASM, "--test", "wasm"], {
    env: { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: wasmTestRunner() },
    count: countCargo,
  });

  // Before the suites that serve them, so that the time is seen where it is spent.
  await suite("worker, development build", "scripts/build.sh", [], { env: worker.dev });
  await suite("worker, contract build", "scripts/build.sh", [], { env: worker.contract });
  await suite("worker, release build", "scripts/build.sh", [], { env: worker.release });
  await suite("e2e", "node", nodeTests("tests/e2e"), { count: countNode });
  // The same seed every time: a change is judged by what it changed; `make fuzz` looks for what nobody has seen yet.
  const calls = { FUZZ_SEED: process.env.FUZZ_SEED || "1", FUZZ_SECONDS: process.env.FUZZ_SECONDS || "120" };
  await suite("random calls", "node", ["tests/fuzz/run.mjs"], { env: calls, count: countPlain });
  await suite("browser", "node", nodeTests("tests/browser"), { count: countNode });
  await suite("deploy --dry-run", "wrangler", ["deploy", "--dry-run", "--outdir", "target/worker/deploy"]);
}

/** Random calls for longer than a test may take. */
async function fuzz() {
  await setup({ forTests: true });
  process.env.FUZZ_SECONDS ||= "1800";
  await suite("random calls", "node", ["tests/fuzz/run.mjs"], { count: countPlain });
}

/** Suites behind a cargo feature, each in tests/<name>: too long for every change. */
async function only(name) {
  await setup();
  if (!existsSync(`tests/${name}/main.rs`)) {
    say(`there is no ${name} suite yet: it would be tests/${name}/main.rs, behind the cargo feature "${name}"`);
    return;
  }
  await suite(name, "cargo", ["test", "--locked", "--release", "--features", name, "--test", name, "--", "--test-threads=1", "--nocapture"], { count: countCargo });
  if (name === "long") await races();
}

/** The races of the e2e suite, in more rounds than a test of every change may take. */
async function races() {
  await suite("worker, development build", "scripts/build.sh", [], { env: worker.dev });
  const env = { RACE_ROUNDS: process.env.RACE_ROUNDS || "50" };
  await suite("races", "node", nodeTests("tests/e2e", "races.test.mjs"), { env, count: countNode });
}

function nodeTests(folder, which = ".test.mjs") {
  const files = readdirSync(folder).filter((file) => file.endsWith(which)).sort();
  return ["--disable-warning=ExperimentalWarning", "--test", "--test-reporter=spec", "--test-concurrency=1", ...files.map((file) => join(folder, file))];
}

/** Runs one suite with its output shown; `count` reads passed and failed from the output, a lint is one of either. */
async function suite(name, command, args, { env = {}, count } = {}) {
  const began = Date.now();
  say(`== ${name}`);
  const child = start(command, args, { env: { ...env, CARGO_TERM_COLOR: "never", NO_COLOR: "1", FORCE_COLOR: undefined } });
  let text = "";
  let silent = Date.now();
  for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
    from.on("data", (data) => {
      text += data;
      silent = Date.now();
      to.write(data);
    });
  }
  const alive = setInterval(() => {
    if (Date.now() - silent >= 20_000) say(`  ${name}: still running`);
  }, 20_000);
  const { code, error } = await child.ended;
  clearInterval(alive);
  if (stopping()) await stop();
  if (error) console.error(error);

  let { passed, failed } = count ? count(text) : { passed: code === 0 ? 1 : 0, failed: 0 };
  if (code !== 0 && failed === 0) failed = 1; // it did not compile, or died
  if (passed + failed === 0) failed = 1; // a suite without a test is not a suite
  record(name, passed, failed, began);
}

function check(name, problems) {
  for (const problem of problems) console.error(problem);
  record(name, problems.length ? 0 : 1, problems.length, Date.now());
}

function record(name, passed, failed, began) {
  results.push({ name, passed, failed, seconds: Math.round((Date.now() - began) / 1000) });
  say(`== ${name}: ${passed} passed, ${failed} failed`);
}

function countCargo(text) {
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed, ignored] of text.matchAll(/^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed) + Number(ignored);
  }
  return counts;
}

/** The last line "N passed, N failed" of a runner of our own. */
function countPlain(text) {
  const [, passed, failed] = [...text.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 0) };
}

function countNode(text) {
  const number = (what) => Number(text.match(new RegExp(`^ℹ ${what} (\\d+)$`, "m"))?.[1] ?? 0);
  return { passed: number("pass"), failed: number("fail") + number("cancelled") + number("skipped") + number("todo") };
}

/** Snapshots that no test looked at, and new ones that nobody reviewed. */
function staleSnapshots(references) {
  const seen = new Set(existsSync(references) ? readFileSync(references, "utf8").split("\n").map((path) => resolve(path)) : []);
  return ["src", "tests"]
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(root, folder, file)))
    .filter((file) => /\.snap(\.new)?$|\.pending-snap$/.test(file) && !(file.endsWith(".snap") && seen.has(file)))
    .map((file) => (file.endsWith(".snap") ? `stale snapshot, no test uses it: ${file}` : `snapshot not reviewed: ${file}`));
}

async function main() {
  endOnSignals();
  const part = process.argv[2];
  await (part === "fuzz" ? fuzz() : part ? only(part) : everything());
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  console.log();
  for (const { name, passed, failed, seconds } of results) {
    console.log(`${name.padEnd(32)}${String(passed).padStart(6)} passed${String(failed).padStart(6)} failed${String(seconds).padStart(7)} s`);
  }
  console.log(`${total("passed")} passed, ${total("failed")} failed`);
  stop(total("failed") ? 1 : 0);
}

main().catch(fail);
