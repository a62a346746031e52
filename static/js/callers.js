/* A ticket for a caller: a person chosen from the list, by click or by arrows, fills name and address, and keeps what
   else was typed. Without script the link opens the form anew with both filled in. */

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const here = event.target.closest?.("[data-caller] input, a[data-caller-email]");
  if (!here || !(event.key in STEPS)) return;
  const stops = [document.querySelector("[data-caller] input"), ...document.querySelectorAll("a[data-caller-email]")];
  const at = Math.max(0, stops.indexOf(here));
  event.preventDefault();
  stops[Math.min(stops.length - 1, Math.max(0, at + STEPS[event.key]))].focus();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-caller-email]");
  const fields = document.querySelector("[data-caller]");
  if (!link || !fields || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  fields.querySelector("[name=name]").value = link.dataset.callerName;
  const email = fields.querySelector("[name=email]");
  email.value = link.dataset.callerEmail;
  // The fields ask what is open of this person.
  email.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById("id_subject")?.focus();
});
