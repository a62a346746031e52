/* Search or jump to: Ctrl K opens a box over the page that finds tickets, people, places and what can be done on this
   page (WAI-ARIA combobox with a list box). Without script the form in the rail leads to a page that finds the rest. */

const opener = document.querySelector("form[data-palette]");
const WAIT = 120;
let dialog;
let later;
let asked = 0;
let answered = null; // The text whose findings stand in the list.
let wanted = false; // Enter was pressed before its findings had come.
let deeds = []; // What is on the page, as its options name it by their place.

function made() {
  const box = document.createElement("dialog");
  box.className = "dlg palette";
  box.setAttribute("aria-label", opener.dataset.paletteTitle);
  const field = document.createElement("label");
  field.className = "query";
  field.append(opener.querySelector("svg").cloneNode(true));
  const input = document.createElement("input");
  Object.entries({
    type: "text",
    role: "combobox",
    maxlength: "300",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: opener.querySelector("input").placeholder,
    "aria-label": opener.dataset.paletteTitle,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": "goals",
  }).forEach(([name, value]) => input.setAttribute(name, value));
  field.append(input);
  const list = document.createElement("div");
  list.id = "goals";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", opener.dataset.paletteTitle);
  box.append(field, list);
  document.body.append(box);
  input.addEventListener("input", () => {
    wanted = false;
    clearTimeout(later);
    later = setTimeout(find, WAIT);
  });
  input.addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option?.dataset.press) press(event, option);
    if (option?.dataset.deed) {
      dialog.close();
      document.dispatchEvent(new CustomEvent("escala:use", { detail: deeds[option.dataset.deed] }));
    }
  });
  box.addEventListener("click", (event) => event.target === box && box.close());
  return box;
}

const input = () => dialog.querySelector("input");
const options = () => [...dialog.querySelectorAll("[role=option]:not([aria-disabled])")];
const marked = () => dialog.querySelector("[role=option][aria-selected=true]");

function mark(option) {
  options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
  if (option) input().setAttribute("aria-activedescendant", option.id);
  else input().removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

const nameOf = (element) => (element.dataset.keyName || element.textContent).replace(/\s+/g, " ").trim();

/* What has a key on this page and what its menu holds, where every word that was typed is in its name or beside it;
   all of a ticket's where nothing has been typed. */
function here(text) {
  const parts = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const menu = document.querySelector(".menu-x");
  deeds = [];
  if (!parts.length && !menu) return [];
  const known = [...document.querySelectorAll("#main [data-key]:not(.menu-x > summary), .menu-x .pop-b a")].filter((one) => one.checkVisibility() || menu?.contains(one));
  const says = (one) => `${nameOf(one)} ${one.dataset.words ?? ""}`.toLocaleLowerCase();
  deeds = known.filter((one) => !one.closest(".pager") && parts.every((part) => says(one).includes(part)));
  if (!deeds.length) return [];
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", opener.dataset.paletteHere);
  const title = document.createElement("p");
  title.setAttribute("aria-hidden", "true");
  title.textContent = opener.dataset.paletteHere;
  const options = deeds.map((one, place) => {
    const option = document.createElement("a");
    Object.entries({ role: "option", id: `deed-${place}`, tabindex: "-1", "aria-selected": "false", "data-deed": place }).forEach(([name, value]) => option.setAttribute(name, value));
    const words = document.createElement("span");
    words.textContent = nameOf(one)[0].toLocaleUpperCase() + nameOf(one).slice(1);
    const picture = one.querySelector("svg");
    option.append(...(picture ? [picture.cloneNode(true)] : []), words);
    return option;
  });
  group.append(title, ...options);
  return [group];
}

async function find() {
  const number = (asked += 1);
  const text = input().value;
  const address = new URL(opener.dataset.palette, location.href);
  address.searchParams.set("q", text);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  const words = answer?.ok && !answer.redirected ? await answer.text() : null;
  if (number !== asked) return; // A later question has been asked meanwhile.
  answered = text;
  if (words === null) return showLost();
  const page = new DOMParser().parseFromString(words, "text/html");
  const found = [...page.body.children].map((part) => document.importNode(part, true));
  const own = here(text);
  // Before a word is typed Enter goes somewhere and does nothing.
  const parts = text.trim() ? [...own, ...(own.length ? found.filter((part) => !part.matches(".none")) : found)] : [...found, ...own];
  dialog.querySelector("#goals").replaceChildren(...parts);
  mark(options()[0]);
  if (wanted) marked()?.click();
}

function showLost() {
  const line = document.createElement("p");
  line.className = "none";
  line.setAttribute("role", "alert");
  line.textContent = opener.dataset.paletteLost;
  dialog.querySelector("#goals").replaceChildren(line);
  mark(null);
}

function press(event, option) {
  event.preventDefault();
  dialog.close();
  document.querySelector(option.dataset.press)?.click();
}

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function onKey(event) {
  if (event.key in STEPS) {
    event.preventDefault();
    const all = options();
    if (all.length) mark(all[(all.indexOf(marked()) + STEPS[event.key] + all.length) % all.length]);
  }
  if (event.key === "Enter") {
    event.preventDefault();
    if (answered === input().value) marked()?.click();
    else {
      wanted = true;
      clearTimeout(later);
      find();
    }
  }
}

function open() {
  dialog ??= made();
  if (dialog.open) return;
  input().value = opener.querySelector("input").value;
  answered = null;
  wanted = false;
  dialog.querySelector("#goals").replaceChildren();
  dialog.showModal();
  input().select();
  find();
}

if (opener) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  opener.querySelector("input").addEventListener("click", open);
}
