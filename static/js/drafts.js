/* What is typed in a ticket's composer is kept: on the server 800 ms after the last key, and in this browser from the
   first key until the server has it. A reply and a note are two drafts. Nothing typed is lost with the connection. */

const PAUSE = 800;
const AGAIN_AFTER = 5000;

const composer = () => document.querySelector("form#composer[data-draft]");
const kindOf = (form) => form.querySelector("input[name=kind]:checked")?.value ?? "reply";
const keyOf = (form, kind) => `escala:draft:${form.dataset.user}:${form.dataset.ticket}:${kind}`;

/* A browser may forbid its storage; then the server alone keeps the text. */
const local = {
  get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, text) => { try { localStorage.setItem(key, text); } catch { /* nothing to be done */ } },
  drop: (key) => { try { localStorage.removeItem(key); } catch { /* nothing to be done */ } },
};

let timer = 0;
let running = null; // The save that is on its way.
let kind = "";

function say(form, words) {
  const state = form.querySelector("#draft-state");
  if (state && state.textContent !== words) state.textContent = words;
}

function plan(form, wait = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(() => save(form), wait);
}

async function save(form) {
  clearTimeout(timer);
  timer = 0;
  if (!form.isConnected) return;
  const of = kindOf(form);
  const key = keyOf(form, of);
  const body = form.elements.body.value;
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("kind", of);
  data.set("body", body);
  data.set("seen", form.elements.seen.value);
  data.set("next_update_by", of === "reply" ? form.elements.next_update_by?.value ?? "" : "");
  running?.abort();
  const mine = new AbortController();
  running = mine;
  say(form, form.dataset.saving);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: data, signal: mine.signal });
    if (answer.redirected || answer.status === 403) document.body.dispatchEvent(new CustomEvent("escala:signed-out"));
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const { saved } = await answer.json();
    if (local.get(key) === body) local.drop(key);
    say(form, saved ? form.dataset.saved.replace("{}", saved) : "");
  } catch {
    if (mine.signal.aborted) return;
    local.set(key, body);
    say(form, form.dataset.lost);
    plan(form, AGAIN_AFTER);
  }
}

/* Each kind has its own text; the one that is not in the box waits beside it. */
function turn(form) {
  const to = kindOf(form);
  if (to === kind) return;
  const box = form.elements.body;
  const waiting = form.querySelector(`textarea[data-kept="${to}"]`);
  const text = waiting?.value ?? "";
  if (waiting) {
    waiting.dataset.kept = kind;
    waiting.value = box.value;
  }
  box.value = text;
  kind = to;
  say(form, "");
}

/* What this browser still holds is newer than what the server has: it could not be handed over. */
function restore(form) {
  const now = kindOf(form);
  [form.elements.body, ...form.querySelectorAll("textarea[data-kept]")].forEach((box) => {
    const key = keyOf(form, box.dataset.kept ?? now);
    const text = local.get(key);
    if (text === null) return;
    if (text === box.value) local.drop(key);
    else {
      box.value = text;
      if (!box.dataset.kept) plan(form, 0);
    }
  });
}

function begin() {
  const form = composer();
  if (!form || form.dataset.begun) return;
  form.dataset.begun = "1";
  kind = kindOf(form);
  restore(form);
}

document.addEventListener("input", ({ target }) => {
  const form = composer();
  if (form && target === form.elements.next_update_by) plan(form);
  if (!form || target !== form.elements.body) return;
  local.set(keyOf(form, kindOf(form)), target.value);
  plan(form);
});

document.addEventListener("change", ({ target }) => {
  const form = composer();
  if (form && target.name === "kind" && form.contains(target)) {
    // The box still holds the text of the kind that was left.
    local.set(keyOf(form, kind), form.elements.body.value);
    clearTimeout(timer);
    timer = 0;
    leave(form, kind, form.elements.body.value);
    turn(form);
  }
});

/* Saves the text of the kind that was left, by a request of its own: the next save is about the other one. */
function leave(form, of, body) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("kind", of);
  data.set("body", body);
  data.set("seen", form.elements.seen.value);
  data.set("next_update_by", of === "reply" ? form.elements.next_update_by?.value ?? "" : "");
  fetch(form.dataset.draft, { method: "POST", body: data, keepalive: true })
    .then((answer) => answer.ok && local.get(keyOf(form, of)) === body && local.drop(keyOf(form, of)))
    .catch(() => {});
}

// Its own text must not be saved behind a reply that has just been sent.
document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target !== composer()) return;
  clearTimeout(timer);
  timer = 0;
  running?.abort();
  local.set(keyOf(target, kindOf(target)), target.elements.body.value);
});

// Told before the answer takes the form's place: what was sent is no draft any more.
document.addEventListener("htmx:beforeOnLoad", ({ target, detail }) => {
  if (target === composer() && detail.xhr.status < 300) local.drop(keyOf(target, kindOf(target)));
});

// Nobody answered, or only a proxy did.
["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) =>
  document.addEventListener(name, ({ target, detail }) => {
    if (target !== composer() || [409, 422].includes(detail.xhr?.status)) return;
    say(target, detail.xhr?.status === 401 ? target.dataset.lost : target.dataset.unsent);
    plan(target, AGAIN_AFTER);
  }),
);

function again() {
  const form = composer();
  if (form && local.get(keyOf(form, kindOf(form))) !== null && !timer) plan(form, 0);
}
window.addEventListener("online", again);

// The conversation has moved on while nothing was being written: whoever begins now has read it.
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const form = composer();
  const newest = detail.target.querySelector?.("[data-newest]")?.dataset.newest;
  if (form && newest && !form.elements.body.value.trim()) form.elements.seen.value = newest;
});
document.addEventListener("htmx:afterSettle", begin);
begin();
