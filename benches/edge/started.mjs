// The entry of a Worker that start.mjs starts: the built one, with the stand-ins for its storage.
import { WorkerEntrypoint } from "cloudflare:workers";
import Service from "./index.js";
import d1 from "./d1.mjs";
import kv from "./kv.mjs";

export default class extends WorkerEntrypoint {
  async fetch(request) {
    const { RECORDED, ...rest } = this.env;
    return new Service(this.ctx, { ...rest, DB: d1({ RECORDED }), CACHE: kv({}) }).fetch(request);
  }
}
