// Starts a Worker anew, in an isolate of its own each time, and tells in milliseconds how long its first answer took: the
// mean of several, because the clock here has whole milliseconds.
const TIMES = 4;
let number = 0;

export default {
  async fetch(request, env) {
    const name = new URL(request.url).pathname.slice(1);
    const given = JSON.parse(env[`${name}_GIVEN`]);
    const modules = {
      "main.js": env.MAIN,
      "index.js": env[`${name}_JS`],
      "index_bg.wasm": { wasm: env[`${name}_WASM`] },
      "kv.mjs": { js: env.KV },
      "d1.mjs": { js: env.D1 },
    };
    const load = () => ({ compatibilityDate: given.compatibilityDate, mainModule: "main.js", modules, env: given.env });
    const began = performance.now();
    for (let time = 0; time < TIMES; time++) {
      const worker = env.LOADER.get(`${name}${number++}`, load).getEntrypoint();
      const answer = await worker.fetch("http://localhost/v2/info", { headers: given.headers });
      const text = await answer.text();
      if (answer.status !== 200) return new Response(text, { status: 500 });
    }
    return new Response(String((performance.now() - began) / TIMES));
  },
};
