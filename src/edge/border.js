// The border between JavaScript and wasm. Each step across costs about as much as what is done on either side, so a
// request's head crosses as one text (entry.js), and so do an answer's, a batch of statements and what it gave.

function headersOf(fields) {
  const headers = new Headers();
  for (const line of fields.split("\n")) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1));
  }
  return headers;
}

/**
 * Most answers of a route have the same header fields, and making these is half the cost of a response: `fields`, a line
 * each, are kept under `number`. Without `fields`, those kept under it are meant; without `number`, they are this answer's
 * alone.
 */
export function respond(status, fields, kept, number, body, encoded) {
  const headers = fields === undefined ? kept[number] : headersOf(fields);
  if (number !== undefined) kept[number] = headers;
  // What comes from wasm is a window on its memory. Some statuses allow no content, not even an empty one.
  const content = body.length ? body.slice() : null;
  return new Response(content, encoded ? { status, headers, encodeBody: "manual" } : { status, headers });
}

/** What of `env` is text, as one JSON object: variables and secrets, but no binding. */
export const settings = (env) => JSON.stringify(Object.fromEntries(Object.entries(env).filter(([, value]) => typeof value === "string")));

const utf8 = new TextEncoder();
const bytes = (text) => utf8.encode(text);

/** Settles `number` (wait.rs) with what `ask` gives, as `read` makes it bytes; nothing stays nothing. */
async function answer(number, settle, ask, read) {
  let value, error;
  try {
    const given = await ask();
    value = given == null ? undefined : read(given);
  } catch (thrown) {
    // The engine's own words are in the error's cause; its message adds a prefix.
    error = String(thrown?.cause?.message ?? thrown?.message ?? thrown);
  }
  try {
    settle(number, value, error);
  } catch (panicked) {
    reportError(panicked); // seen by entry.js
  }
}

// Texts of statements by where they stand in the program: each crosses once.
const texts = new Map();

/**
 * Runs statements, each `[place, values, text]`, with the text at its place's first use only. A value in brackets is the
 * place of bytes among `blobs`. Gives a line for each: rows changed, rows read, and its rows as JSON, in which no line breaks.
 */
export function batch({ DB }, statements, blobs, number, settle) {
  const ask = () => {
    if (!DB) throw new Error("no binding DB");
    const prepared = ([place, values, text]) => {
      if (text !== undefined) texts.set(place, text);
      return DB.prepare(texts.get(place)).bind(...values.map((value) => (Array.isArray(value) ? blobs[value[0]] : value)));
    };
    return DB.batch(JSON.parse(statements).map(prepared));
  };
  const line = ({ results, meta }) => `${meta.changes ?? 0} ${meta.rows_read ?? 0} ${JSON.stringify(results ?? [])}`;
  answer(number, settle, ask, (results) => bytes(results.map(line).join("\n")));
}

export function cacheGet({ CACHE }, key, cacheTtl, number, settle) {
  answer(number, settle, () => CACHE.get(key, { type: "text", cacheTtl }), bytes);
}

export function cachePut({ CACHE }, key, value, expirationTtl, number, settle) {
  answer(number, settle, () => CACHE.put(key, value, { expirationTtl }));
}

export function cacheDelete({ CACHE }, key, number, settle) {
  answer(number, settle, () => CACHE.delete(key));
}

/** Settles once the present call has returned. The request is not over before what this gives is resolved. */
export function afterAnswer(context, number, settle) {
  const later = {};
  context.waitUntil(new Promise((resolve) => (later.resolve = resolve)));
  queueMicrotask(() => settle(number));
  return later;
}

/** Settles after so many milliseconds. Gives what ends it before. */
export const startTimer = (milliseconds, number, settle) => setTimeout(settle, milliseconds, number);
export const endTimer = (timer) => clearTimeout(timer);
