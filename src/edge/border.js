// The border between JavaScript and wasm. Each step across costs about as much as what is done on either side, so a
// request's head crosses as one text, and so do an answer's and what a batch of statements gave.

// The header fields that the service reads; a test compares them with `src/http`.
const ALWAYS = ["authorization", "cf-connecting-ip", "user-agent"];
const UNLESS_READING_THE_API = [
  "accept-encoding",
  "accept-language",
  "cookie",
  "if-none-match",
  "sec-fetch-dest",
  "sec-fetch-site",
  "sec-purpose",
];
const UNLESS_READING = ["access-control-request-method", "content-length", "content-type", "host", "origin"];

/** Whether the path begins with the API's version. What stands before a path holds two slashes. */
const isOfTheApi = (url) => url.startsWith("/v2/", url.indexOf("/", url.indexOf("//") + 2));

/** Method, URL and header fields, one a line; none of them can hold a line break. */
export function head({ method, url, headers }) {
  let text = method + "\n" + url;
  const add = (name) => {
    const value = headers.get(name);
    if (value !== null) text += "\n" + name + ":" + value;
  };
  ALWAYS.forEach(add);
  const reading = method === "GET" || method === "HEAD";
  if (!reading || !isOfTheApi(url)) UNLESS_READING_THE_API.forEach(add);
  if (!reading) UNLESS_READING.forEach(add);
  return text;
}

// Most answers of a route have the same header fields, and making these is half the cost of a response.
const MOST_KEPT = 64;
const kept = new Map();

/** `fields` as a line each. With `keep` they are remembered: not for what differs from answer to answer. */
export function respond(status, fields, keep, body, encoded) {
  let headers = kept.get(fields);
  if (!headers) {
    headers = new Headers();
    for (const line of fields.split("\n")) {
      const colon = line.indexOf(":");
      headers.append(line.slice(0, colon), line.slice(colon + 1));
    }
    if (keep) {
      if (kept.size === MOST_KEPT) kept.clear();
      kept.set(fields, headers);
    }
  }
  // What comes from wasm is a window on its memory. Some statuses allow no content, not even an empty one.
  const content = body.length ? body.slice() : null;
  return new Response(content, encoded ? { status, headers, encodeBody: "manual" } : { status, headers });
}

const utf8 = new TextEncoder();

/** Runs prepared statements. A line for each: rows changed, rows read, and its rows as JSON, in which no line breaks. */
export async function batch(database, statements) {
  const line = ({ results, meta }) => `${meta.changes ?? 0} ${meta.rows_read ?? 0} ${JSON.stringify(results ?? [])}`;
  return utf8.encode((await database.batch(statements)).map(line).join("\n"));
}
