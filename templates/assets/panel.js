// Says that a form is on its way, and sends it once. Without this script it is sent all the same.
const busy = document.getElementById("busy");
const buttons = (form, disabled) => form.querySelectorAll("button").forEach((button) => (button.disabled = disabled));
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    busy.textContent = busy.dataset.text;
    event.submitter?.classList.add("waiting");
    setTimeout(() => buttons(form, true)); // a disabled button would not send its value
  });
}
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  busy.textContent = "";
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    buttons(form, false);
  }
});
