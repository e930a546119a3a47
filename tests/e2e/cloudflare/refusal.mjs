/** An answer of the API that is not success: status, Cloudflare's error code, message. */
export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
