/* A field that wants a ticket finds it by words or number (WAI-ARIA combobox): data-find="address", asked with what is
   typed, and data-find-among, the name of the ticked boxes that are offered first. Up and down choose, Enter takes,
   Escape closes the list and only then the dialog. Without script it is a field for a number. */

const WAIT = 120;
const open = new WeakMap();

function made(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}-found`;
  list.className = "found";
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", field.labels?.[0]?.textContent ?? "");
  field.after(list);
  Object.entries({ role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" }).forEach(([name, value]) => field.setAttribute(name, value));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[data-value]");
    if (option) take(field, option);
  });
  const state = { list, asked: 0, timer: 0, typed: false };
  open.set(field, state);
  return state;
}

const options = ({ list }) => [...list.querySelectorAll("[data-value]")];
const marked = ({ list }) => list.querySelector("[aria-selected=true]");

function close(field) {
  const state = open.get(field);
  clearTimeout(state.timer);
  state.asked += 1; // An answer that is still on its way comes too late.
  state.list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function mark(field, option) {
  const state = open.get(field);
  options(state).forEach((one) => one.setAttribute("aria-selected", String(one === option)));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

/* What is chosen by a button of the same form is not meant any more. */
function take(field, option) {
  field.value = option.dataset.value;
  open.get(field).typed = false;
  field.form?.querySelectorAll("input[type=radio][name=pick]").forEach((radio) => (radio.checked = false));
  close(field);
  field.focus();
}

async function ask(field) {
  const state = open.get(field);
  const mine = (state.asked += 1);
  const address = new URL(field.dataset.find, location.href);
  const text = state.typed ? field.value : "";
  address.searchParams.set("q", text);
  const { findAmong } = field.dataset;
  if (findAmong) document.querySelectorAll(`input[name="${CSS.escape(findAmong)}"]:checked`).forEach((box) => address.searchParams.append("among", box.value));
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== state.asked || document.activeElement !== field) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== state.asked) return;
  state.list.replaceChildren(...[...page.body.children].map((part) => document.importNode(part, true)));
  state.list.hidden = false;
  field.setAttribute("aria-expanded", "true");
  mark(field, text.trim() ? options(state)[0] : null);
}

function step(field, by) {
  const state = open.get(field);
  const all = options(state);
  if (all.length) mark(field, all[(all.indexOf(marked(state)) + by + all.length + (by < 0 && !marked(state) ? 1 : 0)) % all.length]);
}

const KEYS = {
  ArrowDown: (field) => step(field, 1),
  ArrowUp: (field) => step(field, -1),
  Enter: (field) => take(field, marked(open.get(field))),
  Escape: close,
};

const wanted = (target) => (target.matches?.("input[data-find]") ? target : null);

document.addEventListener("focusin", ({ target }) => {
  const field = wanted(target);
  if (!field) return;
  if (!open.has(field)) made(field);
  field.select();
  // Where likely tickets stand above it as buttons, they are not offered a second time.
  if (!field.form?.querySelector("input[type=radio][name=pick]")) ask(field);
});
document.addEventListener("input", ({ target }) => {
  const field = wanted(target);
  if (!field) return;
  const state = open.get(field) ?? made(field);
  state.typed = true;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => ask(field), WAIT);
});
/* Closing moves what stands below the field: whoever presses a button there has let go of it before. */
let pressed = false;
let left = null;
function leave(field) {
  if (field && field !== document.activeElement) close(field);
  left = null;
}
document.addEventListener("pointerdown", () => (pressed = true), true);
["pointerup", "pointercancel"].forEach((name) =>
  document.addEventListener(
    name,
    () => {
      pressed = false;
      setTimeout(() => leave(left));
    },
    true,
  ),
);
document.addEventListener("focusout", ({ target }) => {
  if (!wanted(target) || !open.has(target)) return;
  if (pressed) left = target;
  else close(target);
});
// Before the dialog and the page's keys hear of it.
document.addEventListener(
  "keydown",
  (event) => {
    const field = wanted(event.target);
    const state = field && open.get(field);
    if (!state || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (state.list.hidden) {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      ask(field);
      return;
    }
    if (!KEYS[event.key] || (event.key === "Enter" && !marked(state))) return;
    event.preventDefault();
    event.stopPropagation();
    KEYS[event.key](field);
  },
  true,
);
document.addEventListener("change", ({ target }) => {
  if (target.name !== "pick" || target.type !== "radio") return;
  const field = target.form?.querySelector("input[data-find]");
  if (field) field.value = "";
});
