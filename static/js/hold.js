/* A part of the page that is fetched again because somebody else changed something waits while the reader is at work in
   it: a menu is open, a field has the focus or holds words that are not sent yet. It is fetched as soon as he is not. */

const held = new Set();

const changed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.matches(":focus");
  return field.value !== field.defaultValue;
};

const isInUse = (part) =>
  Boolean(part.querySelector("details.pop[open]")) ||
  [...part.querySelectorAll("input:not([type=hidden]), textarea, select")].some((field) => field.matches(":focus") || changed(field));

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target, requestConfig } = detail;
  if (!requestConfig?.triggeringEvent?.type.startsWith("escala:") || !isInUse(target)) return;
  detail.shouldSwap = false;
  held.add(target);
});

// What is swapped by its id beside the target has nobody who fetches it alone: it follows with the page's next round.
// Buttons that a hand has reached by Tab (data-hold="focus") are not taken from under it.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const { hold } = detail.target.dataset;
  if (hold === undefined) return;
  if (isInUse(detail.target) || (hold === "focus" && detail.target.contains(document.activeElement))) detail.shouldSwap = false;
});

function release() {
  held.forEach((part) => {
    if (part.isConnected && isInUse(part)) return;
    held.delete(part);
    if (part.isConnected) window.htmx.ajax("GET", part.getAttribute("hx-get"), { source: part, target: part });
  });
}

["focusout", "toggle", "input"].forEach((name) => document.addEventListener(name, () => held.size && setTimeout(release), true));
