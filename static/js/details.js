/* What the reader has unfolded stays unfolded when that part of the page is fetched again: details with an id. */

const unfolded = new Set();

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches?.("details[id]")) return;
    if (target.open) unfolded.add(target.id);
    else unfolded.delete(target.id);
  },
  true,
);

document.addEventListener("htmx:afterSettle", () => {
  unfolded.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
});
