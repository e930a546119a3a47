// A load generator: keep-alive connections, the next request as soon as an answer is read whole.
import { connect } from "node:net";
import { readFileSync } from "node:fs";

/** One request as it goes over the wire. */
export function wire({ method, path, headers = {}, body = "" }, port) {
  const origin = `127.0.0.1:${port}`;
  const fields = { host: origin, ...headers, ...(body && { "content-length": Buffer.byteLength(body) }) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${String(value).replace("ORIGIN", `http://${origin}`)}`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Answers per second and processor time of `pid` per answer, in microseconds. Every answer must have this status. */
export async function load({ port, requests, status, connections, seconds, pid }) {
  let next = 0;
  let answers = 0;
  let last;
  let running = true;
  const one = () =>
    new Promise((done, failed) => {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true });
      let rest = "";
      const send = () => socket.write(requests[next++ % requests.length]);
      socket.setEncoding("latin1");
      socket.on("connect", send);
      socket.on("error", failed);
      socket.on("close", () => (running ? failed(new Error(`port ${port} closed the connection`)) : done()));
      socket.on("data", (data) => {
        rest += data;
        const end = whole(rest);
        if (end < 0) return;
        if (rest.slice(9, 12) !== String(status)) {
          running = false;
          failed(new Error(`port ${port}: ${rest.slice(0, 2000)}`));
          return socket.destroy();
        }
        rest = rest.slice(end);
        answers++;
        if (running) last = performance.now();
        if (running) send();
        else socket.end(done);
      });
    });
  const before = processorTime(pid);
  const began = performance.now();
  const all = Promise.all(Array.from({ length: connections }, one));
  const over = new Promise((later) => setTimeout(later, seconds * 1000));
  await Promise.race([over, all]);
  // Up to the last answer: of what takes long, a part of one would be lost at the end.
  const elapsed = (last - began) / 1000;
  const counted = answers;
  const used = processorTime(pid) - before;
  running = false;
  await all;
  return { rate: counted / elapsed, processor: used / counted };
}

/** Where the first answer of `text` ends; -1 while it is not whole. */
function whole(text) {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return -1;
  const fields = text.slice(0, head).toLowerCase();
  const length = fields.match(/\r\ncontent-length: (\d+)/);
  if (length) {
    const end = head + 4 + Number(length[1]);
    return text.length >= end ? end : -1;
  }
  if (fields.includes("\r\ntransfer-encoding: chunked")) {
    const last = text.indexOf("\r\n0\r\n\r\n", head + 2);
    return last < 0 ? -1 : last + 7;
  }
  return head + 4;
}

/** Microseconds of processor time that a process has used; NaN where /proc is not there. */
function processorTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return NaN;
  }
}
