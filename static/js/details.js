/* What the reader has unfolded stays unfolded when that part of the page is fetched again: details with an id.
   A small menu (details.pop) closes by Escape, which leads back to what opened it, by a click beside it, and when
   another one opens. The bar for many tickets sees to its own (inbox.js). */

const POP = "details:is(.pop, .me-menu)[open]:not(#bulk *)";
const unfolded = new Set();

const pops = () => [...document.querySelectorAll(POP)];

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.open && target.matches?.(POP)) pops().forEach((pop) => (pop.open = pop === target || pop.contains(target)));
    if (!target.matches?.("details[id]")) return;
    if (target.open) unfolded.add(target.id);
    else unfolded.delete(target.id);
  },
  true,
);

document.addEventListener("htmx:afterSettle", () => {
  unfolded.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
});

// What was chosen in a menu opens over the page: the menu is done.
document.addEventListener("click", ({ target }) => {
  const chosen = target.closest?.("a[data-dialog]");
  pops().forEach((pop) => {
    if (pop.contains(target) && !chosen) return;
    // The dialog gives the focus back to what had it.
    if (pop.contains(target)) pop.querySelector("summary").focus();
    pop.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const pop = pops().at(-1);
  if (!pop) return;
  event.preventDefault();
  const inside = pop.contains(document.activeElement);
  pop.open = false;
  if (inside) pop.querySelector("summary").focus();
});
