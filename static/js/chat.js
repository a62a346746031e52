/* The chat's frame. Live by the desk's own stream, and by asking where that cannot be had; tells the desk that the chat
   is before somebody's eyes, and what is being typed; speaks with the button of the site that shows it:
   to it {escala: "close" | "news" | "seen"}, from it {escala: "open" | "shut"}. */

const HERE_EVERY = 15000;
const ASK_EVERY = 10000;
const QUIET = 2000;

const main = document.querySelector("main[data-live]");
const framed = window.parent !== window;
let open = true;
let typing = 0;
let kept = "";

const tellSite = (what) => framed && window.parent.postMessage({ escala: what }, "*");
const isSeen = () => open && !document.hidden;
const field = () => document.querySelector("form textarea[name=body]");
const log = () => document.getElementById("log");
const shown = () => Math.max(0, ...[...document.querySelectorAll("[data-pk]")].map((one) => Number(one.dataset.pk)));

function facts(known) {
  const data = new FormData();
  Object.entries({ quiet: "1", ...known }).forEach(([name, value]) => data.set(name, value));
  return data;
}

function sayTimes() {
  document.querySelectorAll("main time[datetime]:not([data-told])").forEach((one) => {
    const at = new Date(one.dateTime);
    const today = at.toDateString() === new Date().toDateString();
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const parts = today ? clock : { day: "numeric", month: "short", ...clock };
    one.textContent = new Intl.DateTimeFormat(document.documentElement.lang, parts).format(at);
    one.dataset.told = "";
  });
}

function toEnd() {
  sayTimes();
  window.scrollTo(0, document.body.scrollHeight);
}

async function beHere() {
  if (!isSeen()) return;
  try {
    const answer = await fetch(main.dataset.here, { method: "POST", body: facts({ shown: shown() }) });
    if (answer.status === 404) location.assign(document.body.dataset.home);
  } catch {
    // Without a link nobody is here; what is answered goes by mail.
  }
}

async function refresh() {
  try {
    const answer = await fetch("?part=log");
    if (answer.status === 404) return location.assign(document.body.dataset.home);
    if (!answer.ok) return;
    const before = shown();
    log().innerHTML = await answer.text();
    sayTimes();
    if (shown() === before) return;
    toEnd();
    if (isSeen()) beHere();
    else tellSite("news");
  } catch {
    // The next news tries again.
  }
}

async function keepDraft() {
  const body = field()?.value ?? "";
  if (body === kept) return;
  try {
    const answer = await fetch(main.dataset.draft, { method: "POST", body: facts({ body }) });
    if (answer.ok) kept = body;
  } catch {
    // Typed on, it is tried again.
  }
}

async function send(event) {
  const form = event.target;
  if (form.id !== "say") return;
  event.preventDefault();
  const data = new FormData(form);
  data.set("quiet", "1");
  const button = form.querySelector("button[type=submit]");
  if (button.disabled) return;
  button.disabled = true;
  clearTimeout(typing);
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.status === 404) return location.assign(document.body.dataset.home);
    if (!answer.ok && answer.status !== 422) throw new Error(answer.statusText);
    main.innerHTML = await answer.text();
    if (answer.ok) kept = "";
    toEnd();
    (main.querySelector("[aria-invalid=true]") ?? field())?.focus();
  } catch {
    // Nothing is lost: the words stand where they were typed.
    button.disabled = false;
  }
}

function listen() {
  if (!("EventSource" in window)) return setInterval(refresh, ASK_EVERY);
  const source = new EventSource(main.dataset.live);
  let asking = 0;
  source.addEventListener("hello", () => {
    clearInterval(asking);
    asking = 0;
    refresh();
  });
  source.addEventListener("change", refresh);
  source.addEventListener("error", () => {
    asking ||= setInterval(refresh, ASK_EVERY);
  });
  return source;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") tellSite("close");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest?.("form")?.requestSubmit();
});
window.addEventListener("message", ({ source, data }) => {
  if (source !== window.parent || !data || !("escala" in data)) return;
  open = data.escala === "open";
  if (!open) return;
  document.querySelector("input:not([type=hidden]), textarea")?.focus();
  if (main) beHere();
});

/* Before the first word nobody has asked for anything, so what is typed stays in this tab: found again when the page is
   left and come back to, gone with the tab, and told to the desk only by its own button. */
function keepBeginning(form) {
  const words = form.elements.body;
  const known = beginning();
  if (!words.value && known) words.value = known;
  words.addEventListener("input", () => beginning(words.value));
}

function beginning(words) {
  const name = `escala-chat:${document.body.dataset.home}`;
  try {
    if (words) sessionStorage.setItem(name, words);
    else if (words === "") sessionStorage.removeItem(name);
    return sessionStorage.getItem(name) ?? "";
  } catch {
    // A browser that lets a foreign frame keep nothing.
    return "";
  }
}

document.documentElement.classList.add("scripted");
sayTimes();
document.querySelectorAll("form[data-begin]").forEach(keepBeginning);
if (main) {
  beginning("");
  kept = field()?.value ?? "";
  document.addEventListener("submit", send);
  document.addEventListener("input", ({ target }) => {
    if (target.name !== "body") return;
    clearTimeout(typing);
    typing = setTimeout(keepDraft, QUIET);
  });
  document.addEventListener("visibilitychange", beHere);
  window.addEventListener("pagehide", () => {
    const body = field()?.value ?? "";
    if (body !== kept) navigator.sendBeacon(main.dataset.draft, facts({ body }));
  });
  toEnd();
  beHere();
  setInterval(beHere, HERE_EVERY);
  listen();
}
