/* "@" and a few letters offer colleagues where the caret stands: in an internal note those who see the ticket, in a
   room those who read it. A box with data-people="Anna Lindqvist|…" has it. While the list is open the box is a
   combobox (WAI-ARIA): arrows choose, Enter or Tab takes, Escape closes; otherwise it is a plain box. */

const MOST = 6;
const BEGUN = /(?:^|[^\p{L}\p{N}.@_-])@([\p{L}\p{N}._-]{0,30})$/u;
const GAP = 4;
// What decides where a letter stands in a box; a copy of the box with the same shows where the caret is.
const SHAPE = ["boxSizing", "width", "borderWidth", "borderStyle", "padding", "font", "letterSpacing", "lineHeight", "tabSize", "textIndent", "fontFeatureSettings"];

const list = document.createElement("ul");
list.id = "mention-list";
list.className = "mention-list";
list.role = "listbox";
list.hidden = true;

let box = null; // The box whose list is open.
let chosen = 0;

const at = (field) => field.value.slice(0, field.selectionStart).lastIndexOf("@");
const isOff = (field) => Boolean(field.form?.querySelector("input[name=kind]:checked:not([value=note])"));

function close() {
  if (!box) return;
  ["role", "aria-expanded", "aria-controls", "aria-haspopup", "aria-autocomplete", "aria-activedescendant"].forEach((name) => box.removeAttribute(name));
  list.hidden = true;
  list.replaceChildren();
  box = null;
}

function mark(index) {
  chosen = index;
  [...list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === chosen)));
  box.setAttribute("aria-activedescendant", list.children[chosen].id);
}

function found(field) {
  const begun = !isOff(field) && BEGUN.exec(field.value.slice(0, field.selectionStart));
  if (!begun) return [];
  const wanted = begun[1].toLocaleLowerCase().replaceAll(".", " ");
  const names = field.dataset.people.split("|").filter(Boolean);
  return names.filter((name) => [name, ...name.split(" ")].some((part) => part.toLocaleLowerCase().startsWith(wanted))).slice(0, MOST);
}

/* Where the "@" stands on the screen. */
function place(field) {
  const copy = document.createElement("div");
  const look = getComputedStyle(field);
  SHAPE.forEach((name) => { copy.style[name] = look[name]; });
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", top: "0", left: "0" });
  const sign = document.createElement("span");
  sign.textContent = "@";
  copy.append(field.value.slice(0, at(field)), sign);
  document.body.append(copy);
  const inside = { left: sign.offsetLeft, top: sign.offsetTop, height: sign.offsetHeight };
  copy.remove();
  const frame = field.getBoundingClientRect();
  const top = Math.max(frame.top, Math.min(frame.bottom - inside.height, frame.top + inside.top - field.scrollTop));
  return { left: frame.left + inside.left, top, bottom: top + inside.height };
}

/* Under the caret; above it where there is no room. */
function putList(field) {
  const caret = place(field);
  const { offsetHeight: high, offsetWidth: wide } = list;
  const below = caret.bottom + GAP + high <= window.innerHeight;
  list.style.top = `${below ? caret.bottom + GAP : Math.max(GAP, caret.top - GAP - high)}px`;
  list.style.left = `${Math.max(GAP, Math.min(caret.left, window.innerWidth - wide - GAP))}px`;
}

function offer(field) {
  const names = found(field);
  if (!names.length) return close();
  if (box !== field) close();
  list.replaceChildren(...names.map((name, index) => {
    const row = document.createElement("li");
    row.id = `mention-${index}`;
    row.role = "option";
    row.textContent = name;
    return row;
  }));
  list.setAttribute("aria-label", field.dataset.peopleTitle ?? "");
  box = field;
  if (list.previousElementSibling !== field) field.after(list);
  Object.entries({ role: "combobox", "aria-expanded": "true", "aria-controls": list.id, "aria-haspopup": "listbox", "aria-autocomplete": "list" }).forEach(([name, value]) => field.setAttribute(name, value));
  list.hidden = false;
  putList(field);
  return mark(0);
}

function take(name) {
  const field = box;
  field.setRangeText(`@${name} `, at(field), field.selectionStart, "end");
  close();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const KEYS = {
  ArrowDown: () => mark((chosen + 1) % list.children.length),
  ArrowUp: () => mark((chosen - 1 + list.children.length) % list.children.length),
  Enter: () => take(list.children[chosen].textContent),
  Tab: () => take(list.children[chosen].textContent),
  Escape: close,
};

document.addEventListener("input", ({ target }) => target.matches?.("textarea[data-people]") && offer(target));
document.addEventListener("keydown", (event) => {
  if (!box || event.target !== box || !KEYS[event.key] || event.ctrlKey || event.metaKey || event.isComposing) return;
  KEYS[event.key]();
  event.preventDefault();
});
document.addEventListener("mousedown", (event) => {
  const row = box && event.target.closest?.("#mention-list li");
  if (!row) return;
  event.preventDefault();
  take(row.textContent);
});
// The caret has gone elsewhere without typing.
document.addEventListener("selectionchange", () => box && document.activeElement === box && !found(box).length && close());
document.addEventListener("focusout", ({ target }) => target === box && close());
window.addEventListener("resize", close);
document.addEventListener("scroll", ({ target }) => box && target !== list && close(), true);
