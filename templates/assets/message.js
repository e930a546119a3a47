// Hands the answer to the window that asked, and to the exact origin that the service names.
const { origin, target, message } = document.getElementById("message").dataset;
const framed = window.parent !== window;
const receiver = target === "parent" || (target === "any" && framed) ? window.parent : window.opener;
if (receiver && receiver !== window) {
  receiver.postMessage(JSON.parse(message), origin);
  if (receiver === window.opener) window.close();
}
