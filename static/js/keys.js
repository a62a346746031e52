/* Single keys, only while no field has the focus. A page names them where they act: data-key="e" on a link, button or
   radio (two keys in a row: "g i"), data-key-name for the list behind "?". Lists move by j and k over [data-row] or .tk. */

const PAIR_WITHIN = 1200;
let first = "";
let firstAt = 0;

const inField = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button])"));

const rows = () => [...document.querySelectorAll("[data-row], .tk")];

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.classList.contains("cur"));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  all[at]?.classList.remove("cur");
  next.classList.add("cur");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a[href]")?.focus({ preventScroll: true });
  return true;
}

function inCurrent(selector, act) {
  const found = document.querySelector(`.cur ${selector}`);
  if (found) act(found);
  return Boolean(found);
}

function use(element) {
  if (element.matches("input[type=radio]")) {
    element.checked = true;
    element.dispatchEvent(new Event("change", { bubbles: true }));
    element.form?.querySelector("textarea:enabled:not([hidden])")?.focus();
  } else {
    element.focus();
    if (!element.matches("input, textarea, select")) element.click();
    // A browser tells of an opened part a moment later: the next key must find its field, not the summary, in focus.
    const part = element.matches("summary") && element.parentElement;
    const menu = part?.open && part.querySelector(".pop-b");
    if (menu) menu.querySelector("a, button, select, input:not([type=hidden])")?.focus();
    else if (part?.open) part.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  }
  return true;
}

function byKey(key) {
  const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return element ? use(element) : false;
}

function listKeys() {
  const dialog = document.getElementById("dialog");
  const names = new Map();
  document.querySelectorAll("[data-key]").forEach((element) => {
    const name = element.dataset.keyName || element.getAttribute("aria-label") || element.firstChild?.textContent || element.textContent;
    if (name?.trim()) names.set(element.dataset.key, name.trim());
  });
  const list = document.createElement("dl");
  list.className = "keys-b";
  names.forEach((name, key) => {
    const pair = document.createElement("div");
    const term = document.createElement("dt");
    key.split(" ").forEach((part) => {
      const cap = document.createElement("kbd");
      cap.textContent = part[0].toUpperCase() + part.slice(1);
      term.append(cap, " ");
    });
    const meaning = document.createElement("dd");
    meaning.textContent = name;
    pair.append(term, meaning);
    list.append(pair);
  });
  const heading = document.createElement("h1");
  heading.id = "dialog-title";
  heading.textContent = document.body.dataset.keysTitle ?? "";
  const head = document.createElement("header");
  head.className = "dlg-h";
  const space = document.createElement("span");
  space.className = "sp";
  const escape = document.createElement("kbd");
  escape.textContent = "Esc";
  head.append(heading, space, escape);
  const frame = document.createElement("div");
  frame.className = "dlg-b";
  frame.append(list);
  dialog.classList.add("small");
  dialog.replaceChildren(head, frame);
  dialog.showModal();
  return true;
}

const FIXED = {
  j: () => move(1),
  k: () => move(-1),
  x: () => inCurrent("input[type=checkbox]", (box) => box.click()),
  Enter: () => document.activeElement === document.body && inCurrent("a[href]", (link) => link.click()),
  "/": () => byKey("/"),
  "?": listKeys,
};

/* A page may know better what a key means for it: it hears of every key, and takes those that it prevents. */
function asksPage(event, key) {
  const detail = { key, shift: event.shiftKey, target: event.target };
  return !document.dispatchEvent(new CustomEvent("escala:key", { detail, cancelable: true }));
}

function act(key, now, event) {
  const pair = first && now - firstAt < PAIR_WITHIN ? `${first} ${key}` : "";
  first = "";
  if (pair && byKey(pair)) return true;
  if (asksPage(event, key)) return true;
  if (FIXED[key] ? FIXED[key]() : byKey(key)) return true;
  first = key;
  firstAt = now;
  return false;
}

// The palette has found something on the page itself.
document.addEventListener("escala:use", ({ detail }) => use(detail));

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && location.hash === "#rail") location.hash = "#main";
  if (inField(event.target) || document.querySelector("dialog[open]") || document.body.dataset.keys === "off") return;
  if (act(event.key.length === 1 ? event.key.toLowerCase() : event.key, event.timeStamp, event)) event.preventDefault();
});

// From a list: the reply or the note that the reader came for.
const kind = /^#(reply|note)$/.exec(location.hash)?.[1];
if (kind) {
  const choice = document.querySelector(`input[name=kind][value=${kind}]`);
  if (choice) use(choice);
  document.querySelector("textarea[name=body]")?.focus();
}
