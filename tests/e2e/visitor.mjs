// A person at a browser without a window: keeps cookies, sends forms, follows redirects as far as the service goes.
import { PASSWORD } from "./harness.mjs";

export class Visitor {
  #cookies = new Map();

  constructor(url) {
    this.url = url;
  }

  /** What the service answers, after its own redirects; `location` when it leads to an application. */
  async get(path) {
    return this.#send("GET", path);
  }

  /** Sends the form of `page` with these fields. */
  async post(path, page, fields) {
    const form = page.text.match(/name="form" value="([^"]+)"/)?.[1];
    if (!form) throw new Error(`no form:\n${page.text}`);
    return this.#send("POST", path, new URLSearchParams({ form, ...fields }));
  }

  /** From an authorization request to the address of the application, through the form where there is one. */
  async authorize(parameters, email, password = PASSWORD) {
    let page = await this.get(`/?${new URLSearchParams(parameters)}`);
    if (!page.location) page = await this.post("/signin", page, { email, password });
    if (!page.location) throw new Error(`${page.status}: ${page.text}`);
    return new URL(page.location);
  }

  /** So many windows of the same browser: each has its cookies as they are now. */
  copies(number) {
    return Array.from({ length: number }, () => {
      const copy = new Visitor(this.url);
      copy.#cookies = new Map(this.#cookies);
      return copy;
    });
  }

  async #send(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      body,
      redirect: "manual",
      headers: { connection: "close", cookie: [...this.#cookies].map((pair) => pair.join("=")).join("; "), ...(body && { origin: this.url }) },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (/Max-Age=0/i.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get("location");
    if (location?.startsWith("/")) return this.#send("GET", location);
    return { status: response.status, headers: response.headers, text, location };
  }
}
