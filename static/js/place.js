/* Whoever comes back to a list stands where he was: on the ticket from which he comes, at the height at which he left.
   Where that ticket is gone by now, on the one that has taken its place. Kept for this tab alone. */

const KEPT = "escala:place";
const list = document.getElementById("inbox");
const ticket = /^\/tickets\/(\d+)\//.exec(location.pathname)?.[1];

const rows = () => [...list.querySelectorAll(".tk")];
// What was done to many tickets is said by the address, and is no other list.
const nameOf = () => {
  const asked = new URLSearchParams(location.search);
  asked.delete("act");
  return String(asked);
};

function kept(place) {
  try {
    if (place) sessionStorage.setItem(KEPT, JSON.stringify(place));
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null; // A browser may forbid its storage.
  }
}

const hasCome = () =>
  ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type) ||
  new URLSearchParams(location.search).has("act") ||
  /^\/tickets\/\d+\//.test(document.referrer && new URL(document.referrer).pathname);

function leave() {
  const all = rows();
  const row = list.querySelector(".tk:has(> .box:checked)") ?? list.querySelector(".tk.cur");
  kept({ list: nameOf(), number: row?.dataset.number ?? "", at: all.indexOf(row), top: list.scrollTop });
}

function comeBack() {
  const place = kept();
  if (!place?.number || place.list !== nameOf() || !hasCome()) return;
  const all = rows();
  const row = all.find((one) => one.dataset.number === place.number) ?? all[Math.min(Math.max(0, place.at), all.length - 1)];
  if (!row) return;
  list.scrollTop = place.top;
  document.dispatchEvent(new CustomEvent("escala:stand", { detail: row }));
}

if (list) {
  comeBack();
  window.addEventListener("pagehide", leave);
} else if (ticket && kept()) kept({ ...kept(), number: ticket });
