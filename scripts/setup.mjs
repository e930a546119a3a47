// Everything a fresh machine lacks, once: the Rust target, npm packages, compiled tools. Warm, it takes under a second.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure, cache, endOnSignals, fail, lock, output, root, step, stop, toolRoot, toolVersion, versions } from "./lib.mjs";

export async function setup({ forTests = false } = {}) {
  mkdirSync(cache, { recursive: true });
  const release = await lock(join(cache, "setup.lock"));
  try {
    sameVersions();
    await rust();
    await npm();
    await tool("worker-build", "about 4 minutes");
    await wasmBindgen();
    if (forTests) {
      await tool("cargo-machete", "about 1 minute");
      await tool("cargo-deny", "about 5 minutes");
      await chromium();
    }
  } finally {
    release();
  }
}

/** The tools must be exactly as new as the crates they serve; other combinations fail in obscure ways. */
function sameVersions() {
  const locked = readFileSync("Cargo.lock", "utf8");
  for (const [crate, key] of [["worker", "WORKER_BUILD"], ["wasm-bindgen", "WASM_BINDGEN_CLI"]]) {
    const version = locked.match(new RegExp(`^name = "${crate}"\\nversion = "(.+)"`, "m"))?.[1];
    if (version !== versions[key]) {
      throw new Failure(`versions.env has ${key}=${versions[key]}, but Cargo.lock has ${crate} ${version}: make them equal`);
    }
  }
}

async function rust() {
  const channel = readFileSync("rust-toolchain.toml", "utf8").match(/channel = "(.+)"/)[1];
  if (!(await output("rustc", "--version"))?.includes(` ${channel} `)) {
    await step(`rust ${channel}`, "rustup", ["toolchain", "install", channel, "--profile", "minimal"]);
  }
  const sysroot = await output("rustc", "--print", "sysroot");
  if (!existsSync(join(sysroot, "lib/rustlib/wasm32-unknown-unknown"))) {
    await step("rust target wasm32", "rustup", ["target", "add", "wasm32-unknown-unknown"]);
  }
  if (!existsSync(join(sysroot, "bin/cargo-clippy")) || !existsSync(join(sysroot, "bin/cargo-fmt"))) {
    await step("rust clippy and rustfmt", "rustup", ["component", "add", "clippy", "rustfmt"]);
  }
}

async function npm() {
  const wanted = createHash("sha256").update(readFileSync("package.json")).update(readFileSync("package-lock.json")).digest("hex");
  const stamp = join(root, "node_modules", ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await step("npm packages", "npm", ["ci", "--no-audit", "--no-fund"]);
  // npm's `node` package brings it; where install scripts are forbidden, the machine's own must do.
  const [major, minor] = (await output("node", "--version")).slice(1).split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 13)) {
    throw new Failure("npm did not install its node package. Allow install scripts (npm config set ignore-scripts false), or install Node 22.13 or newer");
  }
  writeFileSync(stamp, wanted);
}

async function wasmBindgen() {
  const preset = process.env.WASM_BINDGEN_BIN;
  const runner = preset && join(dirname(preset), "wasm-bindgen-test-runner");
  if (!runner || !existsSync(runner)) await tool("wasm-bindgen-cli", "about 3 minutes");
}

/** The runner of `cargo test --target wasm32-unknown-unknown`, beside wasm-bindgen. */
export function wasmTestRunner() {
  const preset = process.env.WASM_BINDGEN_BIN;
  const beside = preset && join(dirname(preset), "wasm-bindgen-test-runner");
  return beside && existsSync(beside) ? beside : join(toolRoot("wasm-bindgen-cli"), "bin/wasm-bindgen-test-runner");
}

async function tool(name, time) {
  const program = name === "wasm-bindgen-cli" ? "wasm-bindgen" : name;
  if (existsSync(join(toolRoot(name), "bin", program))) return;
  await step(
    `compiling ${name} ${toolVersion(name)}, once on this machine, ${time}`,
    "cargo",
    ["install", name, "--version", toolVersion(name), "--locked", "--root", toolRoot(name)],
    {
      // Compiled fast rather than to be fast.
      env: {
        CARGO_PROFILE_RELEASE_OPT_LEVEL: "1",
        CARGO_PROFILE_RELEASE_LTO: "off",
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
        CARGO_PROFILE_RELEASE_DEBUG: "0",
      },
    },
  );
}

/** Sets CHROMIUM for the browser suite. */
async function chromium() {
  process.env.CHROMIUM ||= (await installedChromium()) ?? "";
  if (process.env.CHROMIUM) return;
  if (process.getuid?.() === 0 && (await output("apt-get", "--version"))) {
    await step("package lists", "apt-get", ["update"]);
    await step("chromium", "apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env: { DEBIAN_FRONTEND: "noninteractive" } });
    process.env.CHROMIUM = (await installedChromium()) ?? "";
  }
  if (!process.env.CHROMIUM) {
    throw new Failure("missing: Chromium, for the browser suite. Install it: sudo apt-get install -y chromium, or set CHROMIUM to its path");
  }
}

async function installedChromium() {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const path = await output("sh", "-c", `command -v ${name}`);
    if (path) return path;
  }
}

if (process.argv[1] === import.meta.filename) {
  endOnSignals();
  setup().then(() => stop(0), fail);
}
