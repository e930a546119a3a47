// Passkeys. A form with data-passkey is sent twice: first to data-options, by this script, which then asks the browser for a
// passkey; then as any form, with what the browser returned. What a browser without passkeys sees instead is in the page.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

const withBytes = (descriptors = []) => descriptors.map((descriptor) => ({ ...descriptor, id: bytes(descriptor.id) }));

async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  };
  const { id, type, response } = await navigator.credentials.create({ publicKey });
  return {
    id,
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function get(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  };
  const { id, type, response } = await navigator.credentials.get({ publicKey });
  return {
    id,
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: text(response.userHandle),
    },
  };
}

async function send(form) {
  const told = form.querySelector("[aria-live]");
  const button = form.querySelector("button");
  told.hidden = true;
  button.disabled = true;
  try {
    const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    // What is refused before the form is read is a page for people, as after too many attempts.
    const options = await answer.json().catch(() => ({ problem: form.dataset.refused }));
    if (options.problem) throw new Error(options.problem);
    const credential = await (form.dataset.passkey === "create" ? create(options) : get(options)).catch(() => {
      throw new Error();
    });
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    told.textContent = (error.constructor === Error && error.message) || form.dataset.failed;
    told.hidden = false;
    button.disabled = false;
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  for (const present of document.querySelectorAll("[data-passkey-present]")) present.hidden = false;
  for (const missing of document.querySelectorAll("[data-passkey-missing]")) missing.hidden = true;
}
