/* Single keys, only while no field has the focus. A page names them where they act: data-key="e" on a link, button or
   radio (with Shift: "shift s"; two keys in a row: "g i"), data-key-name for the list behind "?". Lists move by j and k
   over [data-row], .tk or the cards of a board, whose lanes are h and l. Everything here speaks of the standard keys;
   what the reader has put in their place (data-own-keys) is turned into them at the door, and drawn on their caps. */

const PAIR_WITHIN = 1200;
const OWN = JSON.parse(document.body.dataset.ownKeys ?? "{}");
const STANDARD = Object.fromEntries(Object.entries(OWN).map(([standard, own]) => [own, standard]));
let first = "";
let firstAt = 0;

/* The standard key that is meant by what was pressed; nothing, where that key now stands elsewhere. */
const meant = (pressed) => STANDARD[pressed] ?? (pressed in OWN ? "" : pressed);
const capOf = (key) => (OWN[key] ?? key).replace(/^./, (letter) => letter.toLocaleUpperCase());

const inField = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=button])"));

const current = () => document.querySelector(".cur:is([data-row], .tk, .ecard)");
const rows = () => [...(current()?.closest(".lane") ?? document).querySelectorAll("[data-row], .tk, .ecard")];

function stand(next) {
  current()?.classList.remove("cur");
  next.classList.add("cur");
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  next.querySelector("a[href]")?.focus({ preventScroll: true });
  return true;
}

function move(step) {
  const all = rows();
  const at = all.indexOf(current());
  return all.length ? stand(all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))]) : false;
}

function moveLane(step) {
  const lanes = [...document.querySelectorAll(".lane:has(.ecard)")];
  const at = lanes.indexOf(current()?.closest(".lane"));
  const next = lanes[Math.min(lanes.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  return next ? stand(next.querySelector(".ecard")) : false;
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

/* A page without a search of its own has that of the rail. */
const jump = document.getElementById("jump");

function search() {
  jump?.click();
  return Boolean(jump);
}

function listKeys() {
  const dialog = document.getElementById("dialog");
  const names = new Map(jump ? [["/", jump.placeholder]] : []);
  document.querySelectorAll("[data-key]").forEach((element) => {
    const name = element.dataset.keyName || element.getAttribute("aria-label") || element.firstChild?.textContent || element.textContent;
    if (name?.trim()) names.set(element.dataset.key, name.trim());
  });
  document.querySelectorAll("[data-chord]").forEach((element) => names.set(element.dataset.chord, element.textContent.trim()));
  const list = document.createElement("dl");
  list.className = "keys-b";
  names.forEach((name, key) => {
    const pair = document.createElement("div");
    const term = document.createElement("dt");
    const isPair = key.startsWith("g ");
    key.split(" ").forEach((part) => {
      const cap = document.createElement("kbd");
      cap.textContent = isPair ? part.toUpperCase() : capOf(part);
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
  j: () => move(1) || byKey("j"),
  k: () => move(-1) || byKey("k"),
  h: () => moveLane(-1) || byKey("h"),
  l: () => moveLane(1) || byKey("l"),
  d: () => inCurrent("[data-decide]", (link) => link.click()) || byKey("d"),
  a: () => inCurrent("[data-acknowledge]", (button) => button.click()) || byKey("a"),
  x: () => inCurrent("input[type=checkbox]", (box) => box.click()),
  Enter: () => document.activeElement === document.body && inCurrent("a[href]", (link) => link.click()),
  "/": () => byKey("/") || search(),
  "?": listKeys,
};

/* A page may know better what a key means for it: it hears of every key, and takes those that it prevents. */
function asksPage(event, key) {
  const detail = { key, shift: event.shiftKey, target: event.target };
  return !document.dispatchEvent(new CustomEvent("escala:key", { detail, cancelable: true }));
}

function act(key, now, event) {
  const pair = first && now - firstAt < PAIR_WITHIN ? `${first} ${event.key.toLowerCase()}` : "";
  first = "";
  if (pair && byKey(pair)) return true;
  if (!key) return false;
  if (event.shiftKey && byKey(`shift ${key}`)) return true;
  if (asksPage(event, key)) return true;
  if (FIXED[key] ? FIXED[key]() : byKey(key)) return true;
  first = key;
  firstAt = now;
  return false;
}

// Somebody has come back to his list.
document.addEventListener("escala:stand", ({ detail }) => stand(detail));
// The palette has found something on the page itself.
document.addEventListener("escala:use", ({ detail }) => use(detail));

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && location.hash === "#rail") location.hash = "#main";
  if (inField(event.target) || document.querySelector("dialog[open]") || document.body.dataset.keys === "off") return;
  const key = event.key.length === 1 ? meant(event.key.toLowerCase()) : event.key;
  if (act(key, event.timeStamp, event)) event.preventDefault();
});

/* Escape leads out of a field to the page's keys, where nothing else has used it: no list, menu or dialog was open, and
   a search was empty already. Heard behind everybody else. */
window.addEventListener("keydown", (event) => {
  const { key, target, defaultPrevented, isComposing } = event;
  if (key !== "Escape" || defaultPrevented || isComposing || !inField(target) || document.querySelector("dialog[open]")) return;
  if (target.type === "search" && target.value) return;
  target.blur();
  current()?.querySelector("a[href]")?.focus({ preventScroll: true });
});

/* The caps on buttons and in the footer show the reader's own keys; those of two keys in a row stay. */
function relabel(part) {
  part.querySelectorAll("kbd:not([data-own])").forEach((cap) => {
    const key = cap.textContent.trim().toLowerCase();
    const [before, last] = key.startsWith("shift ") ? ["Shift ", key.slice(6)] : ["", key];
    if (last in OWN && cap.previousElementSibling?.textContent !== "G") cap.textContent = before + capOf(last);
    cap.dataset.own = "";
  });
}

if (Object.keys(OWN).length) {
  relabel(document);
  document.addEventListener("htmx:afterSettle", ({ detail }) => relabel(detail.target));
}

/* A board that is fetched again keeps the card on which the reader stands. */
let stood = "";
document.addEventListener("htmx:beforeSwap", () => {
  stood = document.querySelector(".ecard.cur a[href]")?.getAttribute("href") ?? "";
});
document.addEventListener("htmx:afterSwap", () => {
  const link = stood && document.querySelector(`.ecard a[href="${CSS.escape(stood)}"]`);
  if (!link || current()) return;
  link.closest(".ecard").classList.add("cur");
  if (document.activeElement === document.body) link.focus({ preventScroll: true });
});

// From a list: the reply or the note that the reader came for.
const kind = /^#(reply|note)$/.exec(location.hash)?.[1];
if (kind) {
  const choice = document.querySelector(`input[name=kind][value=${kind}]`);
  if (choice) use(choice);
  document.querySelector("textarea[name=body]")?.focus();
}
// In a room: what was said just now is rarely the last word.
if (/^#post-\d+$/.test(location.hash)) document.querySelector(".talk textarea[name=body]")?.focus({ preventScroll: true });
