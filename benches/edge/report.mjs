// From what was measured to docs/performance.md, docs/performance.json and the table on the screen.
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.floor(values.length * part)];
const median = (values) => quantile(values, 0.5);

/** Lines of the table: key in performance.json, words, group, what is divided by what, target, whose storage calls. */
const LINES = [
  ["info_hot_vs_R", "`/v2/info` hot / R", "info, hot", "ours", "R", [">=", 0.85], "info, hot"],
  ["info_hot_vs_S", "`/v2/info` hot / S", "info, hot", "ours", "S", [">=", 2], "info, hot"],
  ["info_hot_vs_J", "`/v2/info` hot / J", "info, hot", "ours", "J", undefined, "info, hot"],
  ["forged_vs_R", "forged token / R", "info, hot", "forged", "R", [">=", 0.9], "info, hot"],
  ["info_warm_vs_floor", "`/v2/info` warm / same calls", "info, warm", "ours", "floor", [">=", 0.8], "info, warm"],
  ["info_cold_vs_floor", "`/v2/info` cold / same calls", "info, cold", "ours", "floor", [">=", 0.8], "info, cold"],
  ["get_account_vs_floor", "get account / same calls", "get account", "ours", "floor", [">=", 0.8], "get account"],
  ["list_100_vs_floor", "list 100 accounts / same calls", "list 100", "ours", "floor", [">=", 0.8], "list 100"],
  ["create_account_vs_floor", "create account / same calls", "create account", "ours", "floor", [">=", 0.8], "create account"],
  ["refresh_vs_floor", "token refresh / same calls", "refresh", "ours", "floor", [">=", 0.8], "refresh"],
  ["exchange_vs_floor", "code exchange / same calls", "exchange", "ours", "floor", [">=", 0.8], "exchange"],
];

export function report({ results, loads, start, size, machine, stored, written }) {
  stored["info, warm"] = { batches: 0, statements: 0, rowsRead: 0, reads: 1, writes: 0 };
  const rows = [];
  const json = {};
  const row = (key, words, ratios, processor, target, calls) => {
    const [least, ratio, most] = [0.25, 0.5, 0.75].map((part) => quantile(ratios, part));
    const met = !target ? "" : (target[0] === ">=" ? ratio >= target[1] : ratio <= target[1]) ? "yes" : "**no**";
    const storage = calls ? `${calls.batches} D1 (${calls.statements} statements), ${calls.reads} KV read, ${calls.writes} KV write` : "";
    rows.push([words, ratio.toFixed(2), `${least.toFixed(2)}..${most.toFixed(2)}`, processor, target ? target.join(" ") : "", met, storage, calls ? String(calls.rowsRead) : ""]);
    json[key] = Number(ratio.toFixed(3));
  };
  for (const [key, words, group, one, other, target, calls] of LINES) {
    const seen = results[group];
    if (!seen) continue;
    const byProcessor = median(seen.map((round) => round[other].processor / round[one].processor));
    row(key, words, seen.map((round) => round[one].rate / round[other].rate), Number.isNaN(byProcessor) ? "" : byProcessor.toFixed(2), target, stored[calls]);
  }
  if (results["sign-in"]) {
    const ratios = results["sign-in"].map(({ ours, native }) => native.rate / ours.rate);
    row("signin_vs_native_argon2", "password sign-in, time / native Argon2id", ratios, "", ["<=", 2.5], stored["sign-in"]);
  }
  if (start) row("startup_vs_R", "start-up and first answer, time / R", start.map(({ ours, R }) => ours / R), "", ["<=", 3], stored["info, cold"]);
  const kilobytes = Number((size.gzip / 1000).toFixed(1));
  rows.push([`wasm, gzip -9 (raw ${(size.raw / 1000).toFixed(0)} KB)`, `${kilobytes} KB`, "", "", "<= 600 KB", kilobytes <= 600 ? "yes" : "**no**", "", ""]);
  json.gzip_kb = kilobytes;

  const head = ["line", "ratio", "spread", "by processor time", "target", "met", "storage calls of one request", "rows read"];
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  console.log(table);
  if (!written) return;
  writeFileSync("docs/performance.json", `${JSON.stringify(json, null, 2)}\n`);
  writeFileSync("docs/performance.md", page(table, { loads, machine, results, start, stored }));
}

function page(table, { machine, results, start }) {
  const rate = (group, name) => Math.round(median(results[group].map((round) => round[name].rate)));
  const time = (name) => median(start.map((round) => round[name])).toFixed(1);
  const signIn = (name) => (1000 / median(results["sign-in"].map((round) => round[name].rate))).toFixed(0);
  return `# Performance

Written by \`make bench\` on ${new Date().toISOString().slice(0, 10)}. Machine: ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GB, shared with other work; load average ${machine.loads.map((load) => load.toFixed(1)).join(" at the beginning, ")} at the end, the benchmark's own two processes among it. Absolute numbers drift by a factor of two here; read the ratios.

Repeat it: \`make bench\`. \`ROUNDS=${machine.rounds} DURATION=${machine.seconds} CONNECTIONS=${machine.connections}\` is what this page used; \`ONLY=hot make bench\` measures one group and writes nothing. The pure paths natively: \`cargo bench --bench native\`.

${table}

Medians: hot ${rate("info, hot", "ours")}/s, R ${rate("info, hot", "R")}/s, S ${rate("info, hot", "S")}/s, J ${rate("info, hot", "J")}/s; sign-in ${signIn("ours")} ms, native hash ${signIn("native")} ms; start-up ${time("ours")} ms, R ${time("R")} ms.

## What is compared

Release builds in one run of miniflare, each Worker on a direct socket, ${machine.connections} keep-alive connections (sign-in: one), ${machine.rounds} rounds of ${machine.seconds} s each (sign-in: 1 s), the targets of a line one after the other in each round and in the opposite order in the next. A ratio is taken per round; the table has the median and, as spread, the quartiles. Rounds are many and short because this machine is now faster, now slower by half for seconds at a time. *By processor time* is the same ratio by what the runtime's process used per answer: it hardly depends on what else the machine does.

- **R**: an empty Rust Worker. As many fixed bytes as \`/v2/info\` answers, with \`content-type\` alone, through the raw response constructor.
- **S**: \`worker\` and axum as a new project has them: one route, the default conversions.
- **J**: an empty JavaScript Worker.
- **same calls**: R after the very storage calls that the operation made: the same statements with the same values, asked for as the bindings of \`worker\` do it, each prepared and bound by itself; the answer of D1 crosses into the Worker as text and is not looked at. It answers as many bytes as the operation.
- Each floor writes one log line, the service's own for that operation.

Before the measurement each operation runs once on real local D1 and KV, and its storage calls are written down with what came back: that is where the storage columns come from. In the measurement D1 and KV are objects in the isolate's memory that answer with what was written down, so that the local simulators' cost does not hide the Worker's. The Worker is the built one, unchanged. *Warm* and *cold* go round 20,000 tokens, more than an isolate remembers.

The sign-in is the whole \`POST /signin\`: two round trips, one Argon2id hash, one session; what it is compared with is one hash by the same code and parameters natively. Start-up is a new isolate for every request, four of which make one measurement, because the runtime's clock has whole milliseconds: compile, instantiate, read the configuration, derive the keys, build the router, and one cold \`/v2/info\`, against the same of R.

## What was done, and what remains

What a change brought is told of both versions side by side in one run. A ratio of one and the same build moves by up to 0.1 from run to run: a line near its target may meet it in one and miss it in the next. Another machine says nothing about a change: the list of one and the same commit was 0.29 on one and 0.37 on the next.

1. **The border to JavaScript** cost more than the work behind it: each header field crossed by itself, in both directions, and an abort signal with it. Request and answer cross once each, and the \`Headers\` of an answer are made once per kind of answer.
2. **Inside wasm**: axum's path table is called directly, without the boxed services around it; the first step of the key that opens a sealed refresh token is made once; scopes are told apart more cheaply.
3. **Management calls**: what leaves a mail is known by its statement's first words instead of by a search through each; D1's answer crosses as one line a statement, read once; roles of a member come by position; the scopes that would do are written straight into their text.
4. **Before any work is done**: worker-build's entry makes an object, three proxies and a promise for each request, and a promise that wasm waits for costs two closures and a microtask. The service has its own entry (\`src/edge/entry.js\`) and waits by number (\`src/edge/wait.rs\`); a batch crosses as one text, in which the text of a statement travels once per isolate; the randomness of a hundred request ids is drawn at once; a read of the API brings one header field across.
5. **The first request of an isolate**: routes are no longer grouped by comparing each with each, and sixty settings cross as one text. Header fields that are known cross as a number, the clock is read once while a task is polled, and work after an answer runs as a task of our own. Hot 8 % more answers, cold 7, list 5 to 8, warm, refresh and exchange 3, a start-up 5 % shorter.
6. **Instructions counted instead of profiles**: half of what *get account* did of its own was taking apart the caller's scopes, of which a call asks for two or none; they stay one text (\`ScopeList\`). A body is read by \`arrayBuffer()\`; a change brings six header fields across instead of fifteen; wasm uses vectors of 128 bits. *Create account* 7 to 11 % more answers, exchange 6, sign-in 10.
7. **What the database does**: granted and held scopes are compared within one text each; roles are put in order in Rust instead of by a sorter for each member; the products of an organization are looked up once a list. Rows read of *get account* 159 to 78, of *create account* 167 to 100, of a list 734 to 570. An identifier, or a column of JSON, is read where it stands instead of copied first (list 4 to 8 % more answers), and an answer of the API has two header fields fewer, which cannot be told apart from none.

- **Hot and forged.** What happens outside wasm costs less than in R by now. The rest is the work itself: a fifth of the time in wasm is cryptography (tag, digest, opening the sealed refresh token), a tenth JSON of answer and log line, the rest URI, header map, route and five header fields against one. The refresh token could be kept open in the isolate's memory, which would bring hot to where forged is; it stays sealed for whoever holds the access token. Compiled for speed throughout, measured side by side, only the list of accounts came nearer (by 0.09 of its floor), with a wasm that was a fifth larger: small won, because an isolate starts more often than it is busy.
- **2 S** is the line above once more: S makes between 0.4 and 0.5 of R here, so that 2 S lies between 0.85 R and R.
- **Warm and cold** ask storage more cheaply than their floor does, which pays for the check of the token.
- **Management calls.** The floor lets the answer of D1 pass as text, and reads no request body. The service reads each row into typed values, works out what the caller may see, and writes another JSON; no step of it stands out any more. A list would come near its floor only if SQL wrote the answer's JSON, and with it what a caller may see of an account: that stays in one place, in Rust. Against a real D1, whose round trip is some milliseconds, this is a few per cent of the call.
- **Size.** Pages, mails, merges, passkeys, second factors and personal data are all in it; the code of their handlers, 3,800 functions without one that stands out, is most of it. \`opt-level = "z"\` would take 8 % off, and make forged tokens and management calls slower by some per cent. \`wasm-opt\` makes one function of a function and its only caller; forbidden to, it leaves 8 % less after gzip, but twice as many functions, and an isolate starts no sooner. What compresses badly is small: the API's description (40 KB) and the tables of Unicode.
- **Start-up** follows from the size. R with 3.6 MB more in a section that nobody reads takes half as long again; checking and instantiating the code costs somewhat more than that; the rest is the first request, in which each function is compiled when it is first called.

What happens when there are more accounts is in [growth.md](growth.md).

## What the numbers do not say

- The stand-ins take no time and no network: a real D1 batch takes milliseconds, beside which these differences vanish.
- The load generator and the runtime share the machine with other work.
- Start-up compiles the module anew, which the platform does once per location.
- R sends one header field. The service sends five, three of them for browsers, and reads the request.
`;
}
