// The entry of a Worker that start.mjs starts: the built one, with the stand-ins for its storage.
import service from "./index.js";
import d1 from "./d1.mjs";
import kv from "./kv.mjs";

// worker-build's own entry, which the floors have, is a class; the service's is an object.
const call = (request, env, context) =>
  typeof service === "function" ? new service(context, env).fetch(request) : service.fetch(request, env, context);

export default {
  fetch(request, { RECORDED, ...env }, context) {
    return call(request, { ...env, DB: d1({ RECORDED }), CACHE: kv({}) }, context);
  },
};
