/* The list of tickets at work: choosing rows and what is done with them, rows that follow what others do, and the keys.
   A row is exchanged where it stands; the order changes only when the reader asks for it. */

const inbox = document.getElementById("inbox");
const form = document.getElementById("bulk");
const moved = document.getElementById("moved");
const LISTEN_FOR = 250; // Several changes of one moment are fetched together.
const MOST_AT_ONCE = 100;

const rows = () => [...inbox.querySelectorAll(".tk")];
const boxOf = (row) => row.querySelector(":scope > .box");
const chosen = () => rows().filter((row) => boxOf(row)?.checked);
const current = () => inbox.querySelector(".tk.cur");
const told = (words, n) => (words ?? "{n}").replace("{n}", n);

/* --- choosing --- */

let anchor = null;

function choose(row, on = !boxOf(row).checked) {
  boxOf(row).checked = on;
  anchor = row.dataset.number;
  showChosen();
}

function chooseUpTo(row) {
  const all = rows();
  const from = all.findIndex((one) => one.dataset.number === anchor);
  const to = all.indexOf(row);
  all.slice(Math.min(from < 0 ? to : from, to), Math.max(from, to) + 1).forEach((one) => (boxOf(one).checked = true));
  showChosen();
}

function showChosen() {
  const all = chosen();
  const count = form.querySelector("[data-bulk-count]");
  const words = all.length ? told(all.length === 1 ? count.dataset.one : count.dataset.many, all.length) : "";
  if (count.textContent !== words) count.textContent = words;
  const escalate = form.querySelector("[data-escalate]");
  escalate.hidden = all.length !== 1;
  if (all.length === 1) escalate.href = `${addressOf(all[0])}escalate/`;
  const into = form.elements.merge;
  // The newest choice is proposed; what somebody has put there himself stays.
  if (into && /^\d*$/.test(into.value)) into.value = all.at(-1)?.dataset.number ?? "";
  if (!all.length) closePops();
}

function clear() {
  rows().forEach((row) => (boxOf(row).checked = false));
  showChosen();
}

function closePops(except) {
  let closed = false;
  form.querySelectorAll("details[open]").forEach((pop) => {
    if (pop === except) return;
    pop.open = false;
    closed = true;
  });
  return closed;
}

/* --- rows that follow --- */

const changed = new Set();
const fresh = new Set();
let later;

const listed = () => inbox.querySelector("[data-rows-url]");

async function follow() {
  const head = listed();
  if (!head || !changed.size) return;
  const numbers = [...changed].slice(0, MOST_AT_ONCE);
  changed.clear();
  const address = new URL(head.dataset.rowsUrl, location.href);
  numbers.forEach((number) => address.searchParams.append("n", number));
  address.searchParams.set("seen", head.dataset.seen);
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || listed() !== head) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = new Map([...page.querySelectorAll(".tk")].map((row) => [row.dataset.number, row]));
  numbers.map(String).forEach((number) => exchange(number, found.get(number), head));
  showMoved();
}

function exchange(number, row, head) {
  const old = inbox.querySelector(`#ticket-${CSS.escape(number)}`);
  if (old && row) {
    const focused = old.contains(document.activeElement);
    const next = document.importNode(row, true);
    boxOf(next).checked = boxOf(old).checked;
    next.classList.toggle("cur", old.classList.contains("cur"));
    old.replaceWith(next);
    if (focused) next.querySelector(".s a").focus({ preventScroll: true });
  } else if (old) {
    old.classList.add("gone");
  } else if (row) {
    const last = rows().at(-1);
    if (!("more" in head.dataset) || !last || row.dataset.place < last.dataset.place) fresh.add(number);
  }
}

/* A row has moved where it is not in order with the row before it, or does not belong to the list any more. */
function showMoved() {
  const all = rows();
  const out = all.filter((row, at) => row.classList.contains("gone") || (at && row.dataset.place < all[at - 1].dataset.place));
  const words = [fresh.size ? told(moved.dataset.new, fresh.size) : "", out.length ? told(moved.dataset.moved, out.length) : ""];
  const text = words.filter(Boolean).join(" · ");
  const link = moved.querySelector("a");
  if (link.textContent !== text) link.textContent = text;
  moved.hidden = !text;
}

function settled(before) {
  fresh.clear();
  moved.hidden = true;
  before.forEach((number) => {
    const row = inbox.querySelector(`#ticket-${CSS.escape(number)}`);
    if (row) boxOf(row).checked = true;
  });
  const head = listed();
  if (head) {
    const link = moved.querySelector("a");
    link.setAttribute("href", head.dataset.listUrl);
    link.setAttribute("hx-get", head.dataset.listUrl);
    window.htmx?.process(link);
    form.elements.next.value = head.dataset.listUrl;
  }
  showChosen();
}

/* --- keys --- */

function go(address, dialog) {
  const link = document.createElement("a");
  link.href = address;
  link.hidden = true;
  if (dialog) link.dataset.dialog = "";
  document.body.append(link);
  link.click();
  link.remove();
}

// With the list from which it is opened behind it; what is done with the ticket itself needs no list.
const hrefOf = (row) => row.querySelector(".s a").getAttribute("href");
const addressOf = (row) => hrefOf(row).replace(/[?#].*$/, "");

function why(row) {
  const line = row.querySelector(".why");
  if (line) line.hidden = !line.hidden;
}

const ROW_KEYS = {
  x: (row, shift) => (shift ? chooseUpTo(row) : choose(row)),
  " ": (row) => go(`${addressOf(row)}peek/`, true),
  w: why,
  e: (row) => go(`${addressOf(row)}escalate/`, true),
  r: (row) => go(`${hrefOf(row)}#reply`),
  n: (row) => go(`${hrefOf(row)}#note`),
};
// These open a part of the bar, which is there as soon as something is chosen.
const BAR_KEYS = ["a", "s", "l", ";", "m"];

function onKey(event) {
  const { key, shift, target } = event.detail;
  const row = current() ?? chosen()[0];
  if (key === "Escape") {
    if (!closePops() && chosen().length) clear();
    return event.preventDefault();
  }
  if (!row || (key === " " && target.closest("button, summary, input"))) return undefined;
  if (BAR_KEYS.includes(key) && !chosen().length) choose(row, true);
  if (!(key in ROW_KEYS)) return undefined;
  ROW_KEYS[key](row, shift);
  return event.preventDefault();
}

/* In the bar, Enter in a field is the button that stands below the field, and Escape closes its part. */
function onBarKey(event) {
  const field = event.target.closest("select, input");
  if (event.key === "Enter" && field) {
    event.preventDefault();
    const after = [...field.parentElement.querySelectorAll("button")];
    const button = after.find((one) => field.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    form.requestSubmit(button);
  }
  if (event.key === "Escape" && closePops()) {
    event.stopPropagation();
    current()?.querySelector(".s a")?.focus();
  }
}

if (inbox && form && moved) {
  let before = [];
  inbox.addEventListener("change", (event) => {
    if (event.target.matches(".box")) showChosen();
  });
  inbox.addEventListener("click", (event) => {
    const row = event.target.matches(".box") && event.target.closest(".tk");
    if (!row) return;
    if (event.shiftKey) chooseUpTo(row);
    else anchor = row.dataset.number;
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
  });
  form.addEventListener("keydown", onBarKey);
  form.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.open) return;
      closePops(event.target);
      event.target.querySelector("select, input")?.focus();
    },
    true,
  );
  const all = form.querySelector("[data-select-all]");
  all.hidden = false;
  all.addEventListener("click", () => {
    rows().forEach((row) => (boxOf(row).checked = true));
    showChosen();
  });
  document.addEventListener("escala:key", onKey);
  document.body.addEventListener("escala:tickets", ({ detail }) => {
    detail.tickets.forEach((number) => changed.add(number));
    clearTimeout(later);
    later = setTimeout(follow, LISTEN_FOR);
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === inbox) before = chosen().map((row) => row.dataset.number);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === inbox) settled(before);
  });
  showChosen();
}
