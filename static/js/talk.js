/* What is said now is seen now, unless somebody has scrolled up to read what was said before. */

const NEAR = 80;
let atEnd = true;

const isTalk = (event) => event.target.id === "talk";

document.addEventListener("htmx:beforeSwap", (event) => {
  const box = event.target;
  if (isTalk(event)) atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (isTalk(event) && atEnd) event.target.scrollTop = event.target.scrollHeight;
});
