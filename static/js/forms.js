/* A form is sent once: its button keeps its width and says so. Ctrl+Enter sends the form that has the focus.
   After a refusal the focus is on the first field that is wrong. Toasts go after a while, errors stay. */

const TOAST_FOR = 6000;
const STILL_AFTER = 8000;
const words = new WeakMap();

const submitOf = (form, event) =>
  event?.submitter ?? form.querySelector("button[type=submit], button:not([type])") ?? document.querySelector(`button[form="${form.id}"]`);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = submitOf(form, event);
  if (!button) return;
  // After this turn, since a disabled button would not be part of what is sent.
  setTimeout(() => {
    const width = button.getBoundingClientRect().width;
    words.set(button, [...button.childNodes]);
    button.style.minWidth = `${width}px`;
    if (form.dataset.busy) button.textContent = form.dataset.busy;
    button.disabled = true;
  });
  setTimeout(() => release(form), STILL_AFTER);
});

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button:disabled").forEach((button) => {
    if (!words.has(button)) return;
    button.replaceChildren(...words.get(button));
    button.disabled = false;
    words.delete(button);
  });
}

// Back from the next page: the form is as it was before it was sent.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (!form || form.method === "get") return;
  event.preventDefault();
  const buttons = [...form.querySelectorAll("button[type=submit], button:not([type])")].filter((button) => button.offsetParent);
  const seen = buttons.find((button) => button.matches(".btn-primary")) ?? buttons[0];
  form.requestSubmit(seen && !seen.disabled ? seen : undefined);
});

/* A page, or a part of it that has just been put in: what is wrong has the focus, what was said goes by itself. */
function arrive(part) {
  const wrong = part.querySelector("[aria-invalid=true]") ?? part.querySelector(".errors");
  wrong?.focus();
  part.querySelectorAll(".toasts .toast-x:not(.breach)").forEach((toast) => setTimeout(() => toast.remove(), TOAST_FOR));
  // The conversation is read from its newest message.
  part.querySelectorAll("[data-to-end]").forEach((box) => {
    box.scrollTop = box.scrollHeight;
  });
}

arrive(document);
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target.id === "main") arrive(document);
});
