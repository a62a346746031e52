/* A new thing that is being written and is nowhere a draft (form[data-kept], by the key of its writer) stays in this tab:
   found again when the page is left and come back to. Gone when it is sent, cancelled or signed out of, and with the tab.
   Sent is what a page of the desk answers that comes straight from the form; after a lost connection, or the sign-in page
   in between, it was not. */

const PREFIX = "escala:typed:";
const FIELDS = "input:not([type=hidden], [type=file], [type=password]), textarea, select";

const pageOf = (address) => `:${address.pathname}${address.search}`;
const keyOf = (form) => `${PREFIX}${form.dataset.kept}${pageOf(location)}`;
const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.name);
const isTicked = (field) => ["checkbox", "radio"].includes(field.type);

/* A browser may forbid its storage; then a page that is left is left. */
const kept = {
  keys: () => { try { return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; } },
  get: (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
  set: (key, entry) => { try { sessionStorage.setItem(key, JSON.stringify(entry)); } catch { /* nothing to be done */ } },
  drop: (key) => { try { sessionStorage.removeItem(key); } catch { /* nothing to be done */ } },
};

function keep(form, sent = false) {
  const fields = fieldsOf(form).map((field) => [field.name, field.value, isTicked(field) && field.checked]);
  kept.set(keyOf(form), { fields, sent });
}

function bringBack(form) {
  const entry = kept.get(keyOf(form));
  if (!entry) return;
  const waiting = [...entry.fields];
  let changed = false;
  fieldsOf(form).forEach((field) => {
    const at = waiting.findIndex(([name, value]) => name === field.name && (!isTicked(field) || value === field.value));
    if (at < 0) return;
    const [[, value, ticked]] = waiting.splice(at, 1);
    if (isTicked(field) ? field.checked === ticked : field.value === value) return;
    if (isTicked(field)) field.checked = ticked;
    else field.value = value;
    changed = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const note = form.querySelector("[data-kept-again]");
  if (note) note.hidden = !changed;
}

const isRefused = (form) => Boolean(form.querySelector("[aria-invalid=true], .errors"));
const hasComeBack = () => ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);

function settle() {
  const answers = "live" in document.body.dataset && !hasComeBack() && document.referrer;
  const from = answers && pageOf(new URL(document.referrer));
  kept.keys().forEach((key) => {
    const entry = kept.get(key);
    if (!entry?.sent) return;
    if (from && key.endsWith(from)) kept.drop(key);
    else kept.set(key, { ...entry, sent: false });
  });
}

settle();
document.querySelectorAll("form[data-kept]").forEach((form) => (isRefused(form) ? keep(form) : bringBack(form)));
["input", "change"].forEach((name) =>
  document.addEventListener(name, ({ target }) => {
    const form = target.closest?.("form[data-kept]");
    if (form) keep(form);
  }),
);
document.addEventListener("submit", ({ target }) => {
  if (target.matches("form[data-kept]")) keep(target, true);
  if (target.matches("form[data-signs-out]")) kept.keys().forEach(kept.drop);
});
document.addEventListener("click", ({ target }) => {
  const form = target.closest?.("[data-forget]")?.closest("form[data-kept]");
  if (form) kept.drop(keyOf(form));
});
