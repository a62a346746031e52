/* What is said now is seen now, unless somebody has scrolled up to read what was said before: a [data-to-end] that
   stands at its end stays there, whatever comes into it and whatever takes its room. */

const NEAR = 80;
const leftEnd = new WeakSet(); // Boxes whose reader has scrolled up.

const toEnd = (box) => {
  if (!leftEnd.has(box)) box.scrollTop = box.scrollHeight;
};

const room = new ResizeObserver((boxes) => boxes.forEach(({ target }) => toEnd(target)));
const watch = () => document.querySelectorAll("[data-to-end]").forEach((box) => room.observe(box));

// A box that loses room, or unfolds something, does not scroll: only its reader does, and what is written here.
document.addEventListener(
  "scroll",
  ({ target: box }) => {
    if (!box.matches?.("[data-to-end]")) return;
    if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR) leftEnd.delete(box);
    else leftEnd.add(box);
  },
  { capture: true, passive: true },
);
document.addEventListener("htmx:afterSwap", ({ target }) => {
  watch();
  if (target.matches?.("[data-to-end]")) toEnd(target);
});
// A picture has come and needs its room.
document.addEventListener("load", ({ target }) => target.closest?.("[data-to-end]") && toEnd(target.closest("[data-to-end]")), true);
watch();
