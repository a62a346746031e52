/* Tells the desk that a ticket is open in this tab, and whether somebody types in it; shows who else is there. */

const EVERY = 10000;
const STILL_WRITING = 8000;

const place = () => document.querySelector("#presence[data-beat]");
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
let writing = "";
let quiet = 0;

function facts(known) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", token());
  Object.entries(known).forEach(([name, value]) => data.set(name, value));
  return data;
}

async function beat() {
  const here = place();
  if (!here || document.hidden) return;
  try {
    const answer = await fetch(here.dataset.beat, { method: "POST", body: facts({ writing }) });
    if (!answer.ok || answer.redirected) return;
    const words = await answer.text();
    if (here.innerHTML.trim() !== words.trim()) here.innerHTML = words;
  } catch {
    // Without a link nobody knows who is there; the next beat tries again.
  }
}

function write(kind) {
  clearTimeout(quiet);
  if (kind) quiet = setTimeout(() => write(""), STILL_WRITING);
  if (kind === writing) return;
  writing = kind;
  beat();
}

function leave() {
  const here = place();
  if (here) navigator.sendBeacon(here.dataset.beat, facts({ left: "1" }));
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form#composer");
  if (form && target.name === "body") write(target.value ? form.querySelector("input[name=kind]:checked")?.value ?? "" : "");
});
document.addEventListener("htmx:beforeRequest", ({ target }) => target.id === "composer" && write(""));
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : beat()));
window.addEventListener("pagehide", leave);

beat();
setInterval(beat, EVERY);
