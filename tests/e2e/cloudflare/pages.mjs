// What a page tells an operator to do, in its order: commands of the shell and blocks of SQL, with the heading they stand under.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** The steps of a page: `{ heading, shell }` or `{ heading, sql }`. Text that is no step is passed over. */
export function page(path) {
  const steps = [];
  let heading = "";
  let fence; // the language of an open block
  let block = [];
  const close = (kind) => {
    const text = unindent(block).join("\n").trim();
    if (text && kind) steps.push({ heading, [kind]: text });
    block = [];
  };
  for (const line of text(path).split("\n")) {
    const mark = line.match(/^```(\w*)$/);
    if (mark && fence === undefined) {
      close("shell");
      fence = mark[1];
    } else if (mark) {
      close({ sql: "sql", sh: "shell" }[fence]);
      fence = undefined;
    } else if (fence !== undefined || /^ {4}/.test(line)) {
      block.push(line);
    } else {
      close("shell");
      heading = line.match(/^#+ (.*)/)?.[1] ?? heading;
    }
  }
  return steps;
}

/** The commands that stand inside a sentence of a page. */
export const inline = (path) => [...text(path).matchAll(/`((?:npx|make) [^`]*)`/g)].map(([, command]) => command);

/** An example's values replaced by those at hand, as an operator would; each must be there. */
export function fill(example, values) {
  return Object.entries(values).reduce((filled, [from, to]) => {
    assert.ok(filled.includes(from), `${from} is not in: ${example}`);
    return filled.replaceAll(from, to);
  }, example);
}

const text = (path) => readFileSync(join(root, path), "utf8");

function unindent(lines) {
  const margin = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(margin));
}
