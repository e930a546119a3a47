// Serves a release build with data of its own and lets random calls loose on it: see run.py, which prints the outcome.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { serve } from "../e2e/harness.mjs";
import { nameService } from "../e2e/name_service.mjs";

const dns = await nameService();
const server = await serve({ target: "serve-release", env: { DNS_URL: dns.url } });
const run = spawn("scripts/python", ["tests/fuzz/run.py", server.url], { stdio: "inherit" });
const [code] = await once(run, "exit");
await server.stop();
dns.stop();
process.exit(code ?? 1);
