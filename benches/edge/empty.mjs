// Floor J: what a JavaScript Worker costs that does nothing of its own.
export default {
  async fetch(_request, env) {
    console.log(env.LINE);
    return new Response(env.ANSWER, { headers: { "content-type": "application/json" } });
  },
};
