// The Worker's entry: what the runtime calls. It stands where worker-build would put its own, which makes an object, three
// proxies and a promise for each request and awaits the answer, whether or not there is something to wait for.

import * as wasm from "./index.js";

// Set by what catches a panic of the Rust side (crate `worker`): the instance is then in no state to go on.
const instance = wasm.__worker_init_state();

function usable() {
  if (!instance.criticalError) return;
  console.log("Reinitializing Wasm application");
  wasm.__wbg_reset_state();
  instance.criticalError = false;
  instance.instanceId++;
}

function spoilt(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  console.error("Critical", error);
  instance.criticalError = true;
}

// Whatever traps while nobody waits for it.
addEventListener("error", ({ error }) => spoilt(error));

/** A call into wasm, by a new instance if the last one was spoilt. */
function guarded(call) {
  return (...given) => {
    usable();
    try {
      return call(...given);
    } catch (error) {
      spoilt(error);
      throw error;
    }
  };
}

// The header fields that the service reads; the native tests let no other through to it.
const OF_API_READS = ["authorization"];
const OF_API_CHANGES = [
  "access-control-request-method",
  "authorization",
  "cf-connecting-ip",
  "content-length",
  "content-type",
  "user-agent",
];
const OF_ALL_ELSE = [
  ...OF_API_CHANGES,
  "accept-encoding",
  "accept-language",
  "cookie",
  "host",
  "if-none-match",
  "origin",
  "sec-fetch-dest",
  "sec-fetch-site",
  "sec-purpose",
];

/** Method, URL and header fields, one a line; none of them can hold a line break. A call of the API comes without its host. */
function head({ url, headers }, method, reading) {
  // What stands before a path holds two slashes.
  const path = url.indexOf("/", url.indexOf("//") + 2);
  const api = url.startsWith("/v2/", path);
  let text = method + "\n" + (api ? url.slice(path) : url);
  for (const name of api ? (reading ? OF_API_READS : OF_API_CHANGES) : OF_ALL_ELSE) {
    const value = headers.get(name);
    if (value !== null) text += "\n" + name + ":" + value;
  }
  return text;
}

// Largest body that is read before the service is asked; a test compares it with `src/http`.
const MAX_BODY_BYTES = 64 * 1024;

/** An answer that comes at once is passed on without a promise. */
function answer(head, body, stream, env, context) {
  const later = {};
  return wasm.fetch(head, body, stream, env, context, later) ?? new Promise((resolve) => (later.resolve = resolve));
}

function fetch(request, env, context) {
  const { method } = request;
  const reading = method === "GET" || method === "HEAD";
  const text = head(request, method, reading);
  if (reading) return answer(text, undefined, undefined, env, context);
  const length = request.headers.get("content-length");
  // A body that does not say that it is small stays a stream, which the service cuts off at its limit.
  const small = length !== null && Number(length) <= MAX_BODY_BYTES;
  if (!small) return answer(text, undefined, request.body ?? undefined, env, context);
  // `bytes()` does the same, more slowly.
  return request.arrayBuffer().then((body) => guarded(answer)(text, new Uint8Array(body), undefined, env, context));
}

export default { fetch: guarded(fetch), scheduled: guarded(wasm.scheduled) };
