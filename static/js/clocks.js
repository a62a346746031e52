/* Moves the figures of clocks once a minute, once a second in the last one. Nothing moves while the link is down:
   a time that cannot be trusted is said to be old. The server's instant counts, not the reader's watch. */

const LOST_AFTER = 20000;
const ENGINE_LATE_AFTER = 30;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

const body = document.body;
const hasLink = Boolean(body.dataset.live);
let offset = body.dataset.now ? Date.parse(body.dataset.now) - Date.now() : 0;
let lastHeard = Date.now();
let engineLag = null; // How old the engine's last round was when it was told of; between two beats nothing is known.

const serverNow = () => Date.now() + offset;

/* The server's own wording, in the reader's language: 40s, 12m, 1h 05m, 3d 0h. */
const forms = body.dataset.lengths ? JSON.parse(body.dataset.lengths) : {};

function said(form, figures) {
  return (forms[form] ?? "").replace(/{(\w)}/g, (_gap, name) => figures[name]);
}

function short(length) {
  const seconds = Math.floor(Math.abs(length) / SECOND);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds < 60) return said("seconds", { n: seconds });
  if (minutes < 60) return said("minutes", { n: minutes });
  if (hours < 24) return said("hours", { h: hours, m: String(minutes % 60).padStart(2, "0") });
  return said("days", { d: Math.floor(hours / 24), h: hours % 24 });
}

function show(chip, now) {
  const left = Date.parse(chip.dataset.due) - now;
  const figure = chip.querySelector("b");
  const text = (left >= 0 ? chip.dataset.left : chip.dataset.over).replace("{}", short(left));
  if (figure.textContent !== text) figure.textContent = text;
  if (left >= 0 || chip.classList.contains("sla-breach")) return;
  chip.classList.remove("sla-ok", "sla-warn");
  chip.classList.add("sla-breach");
  const icon = chip.querySelector("use");
  icon?.setAttribute("href", icon.getAttribute("href").replace(/#.*/, "#alert-octagon"));
  const bar = chip.querySelector("progress");
  if (bar) bar.value = 100;
}

function showEngine() {
  const line = document.querySelector("[data-engine]");
  if (!line || engineLag === null) return;
  const late = engineLag / SECOND > Number(line.dataset.lateAfter || ENGINE_LATE_AFTER);
  const figure = line.querySelector("[data-engine-age]");
  if (figure) figure.textContent = engineLag < MINUTE ? said("since", { n: Math.max(0, Math.round(engineLag / SECOND)) }) : short(engineLag);
  line.classList.toggle("late", late);
  line.querySelector(".dot")?.classList.toggle("breach", late);
  line.querySelector(".dot")?.classList.toggle("ok", !late);
  const banner = document.getElementById("engine-late");
  if (banner) banner.hidden = !late;
}

function showLink() {
  const lost = hasLink && Date.now() - lastHeard > LOST_AFTER;
  body.classList.toggle("stale", lost);
  const banner = document.getElementById("lost");
  // Who is signed out has been told why nothing moves.
  const told = lost && document.getElementById("signed-out")?.hidden !== false;
  if (banner && banner.hidden === told) {
    banner.hidden = !told;
    const at = banner.querySelector("[data-lost-at]");
    if (lost && at) at.textContent = asRead(lastHeard + offset);
  }
  return lost;
}

/* In the reader's zone, which need not be that of the machine before him. */
function asRead(moment) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium", hour12: false, timeZone: body.dataset.zone || undefined }).format(moment);
}

function tick() {
  if (showLink()) return;
  const now = serverNow();
  document.querySelectorAll("[data-due]").forEach((chip) => show(chip, now));
  showEngine();
}

body.addEventListener("escala:link", ({ detail }) => {
  if (!detail.up) return;
  lastHeard = Date.now();
  if (detail.now) offset = Date.parse(detail.now) - Date.now();
  if (detail.now && detail.engine) engineLag = Date.parse(detail.now) - Date.parse(detail.engine);
});
// A tab that slept has heard nothing: give the link a moment before it is called lost.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) lastHeard = Math.max(lastHeard, Date.now() - LOST_AFTER / 2);
});

// Text changes only where the wording does, so a second's rhythm moves figures once a minute until the last one.
tick();
setInterval(tick, SECOND);
