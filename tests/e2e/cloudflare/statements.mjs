// How D1's `query` call takes several statements apart. It does so by their text, before SQLite sees them, and is known to
// fail where SQLite alone would not. What is refused here is what was reported, on the side of refusing too much.
import { Refusal } from "./refusal.mjs";

const BLANK = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g;
const TRIGGER = /\bCREATE\s+(?:TEMP\s+|TEMPORARY\s+)?TRIGGER\b[\s\S]*?\bEND\s*;/gi;

/** The text from the next statement on. */
export const skipBlank = (sql) => sql.replace(BLANK, "");

/** Throws what D1 would answer to such a text. */
export function checkForQuery(sql) {
  const refuse = (message) => {
    throw new Refusal(400, 7500, message);
  };
  const comments = (sql.match(TOKEN) ?? []).filter((token) => /^(--|\/\*)/.test(token));
  // cloudflare/workers-sdk#3892, #4713: a semicolon or a quotation mark in a comment counts as one of a statement.
  const bad = comments.find((comment) => /[;'"`]/.test(comment));
  if (bad) refuse(`A prepared SQL statement must contain only one statement. (${bad})`);
  // #3012, #4767: a comment behind the last statement is taken for one.
  const bare = sql.replace(TOKEN, (token) => (comments.includes(token) ? "\0" : token.replaceAll(";", " ")));
  if (/;[^;]*\0[^;]*$/.test(bare) && /^[\s\0]*$/.test(bare.slice(bare.lastIndexOf(";") + 1))) {
    refuse("SQL code did not contain a statement.");
  }
  // #10998, #15314, #4326: a trigger's body is found by BEGIN in capitals, and ends at the first END.
  for (const [trigger] of bare.matchAll(TRIGGER)) {
    if (!/\sBEGIN\s/.test(trigger) || /\bCASE\b/i.test(trigger)) refuse("incomplete input: SQLITE_ERROR");
  }
  if (skipBlank(sql) === "") refuse("SQL code did not contain a statement.");
}
