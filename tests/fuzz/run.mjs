// Serves a release build with data of its own and lets random calls loose on it: see run.py, which prints the outcome.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { serve } from "../e2e/harness.mjs";

const server = await serve({ target: "serve-release" });
const run = spawn("scripts/python", ["tests/fuzz/run.py", server.url], { stdio: "inherit" });
const [code] = await once(run, "exit");
await server.stop();
process.exit(code ?? 1);
