// The server of `make serve-release`: miniflare with a direct socket, on the same Worker, settings and data as wrangler.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Log, LogLevel, Miniflare } from "miniflare";
import { unstable_readConfig as readConfig } from "wrangler";

const { port, state, secrets, settings, folder } = JSON.parse(process.argv[2]);
const config = readConfig({ config: "wrangler.toml" }, { hideWarnings: true });
const secretValues = Object.fromEntries(
  [...readFileSync(secrets, "utf8").matchAll(/^(\w+)\s*=\s*"?([^"\n]*)"?$/gm)].map(([, name, value]) => [name, value]),
);

const miniflare = new Miniflare({
  log: new Log(LogLevel.WARN),
  host: "127.0.0.1",
  port: 0, // its own proxy, unused
  d1Persist: join(state, "v3/d1"), // wrangler's folders
  kvPersist: join(state, "v3/kv"),
  workers: [
    {
      name: config.name,
      rootPath: folder,
      modulesRoot: ".",
      modules: [
        { type: "ESModule", path: "index.js" },
        { type: "CompiledWasm", path: "index_bg.wasm" },
      ],
      compatibilityDate: config.compatibility_date,
      compatibilityFlags: config.compatibility_flags,
      bindings: { ...config.vars, ...settings, ...secretValues },
      // Without an id wrangler stores local data under the name of the binding.
      d1Databases: Object.fromEntries(config.d1_databases.map((d1) => [d1.binding, d1.database_id ?? d1.binding])),
      kvNamespaces: Object.fromEntries(config.kv_namespaces.map((kv) => [kv.binding, kv.id ?? kv.binding])),
      ratelimits: Object.fromEntries(config.ratelimits.map(({ name, namespace_id, simple }) => [name, { namespace_id, simple }])),
      email: { send_email: config.send_email.map(({ name }) => ({ name })) },
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
    },
  ],
});
await miniflare.ready;
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => miniflare.dispose().finally(() => process.exit(0)));
