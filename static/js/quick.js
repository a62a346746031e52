/* Quick replies go in where the cursor stands; a placeholder that nothing could be filled in for is said below the box
   and holds the reply back. Between backticks braces are code. The server checks the same. */

const PLACEHOLDER = /\{([a-z_]{1,20}(?:\.[a-z_]{1,20})?)\}/g;
const CODE = /```[\s\S]*?```|`[^`\n]*`/g;

const composer = () => document.querySelector("form#composer[data-known]");

function unfilled(form) {
  const known = form.dataset.known.split(" ").concat(form.elements.next_update_by?.value ? "time" : []);
  const found = form.elements.body.value.replace(CODE, "").matchAll(PLACEHOLDER);
  return [...new Set([...found].filter((match) => !known.includes(match[1])).map((match) => match[0]))];
}

function look() {
  const form = composer();
  if (!form) return;
  const note = form.querySelector("input[name=kind]:checked")?.value === "note";
  const left = note ? [] : unfilled(form);
  const words = left.length ? form.dataset.unfilled.replace("{}", left.join(", ")) : "";
  const line = form.querySelector("#unfilled");
  form.elements.body.setCustomValidity(words);
  if (!line) return;
  const [before, after] = form.dataset.unfilled.split("{}");
  const marks = left.map((name) => {
    const mark = document.createElement("mark");
    mark.className = "ph";
    mark.textContent = name;
    return mark;
  });
  line.hidden = !left.length;
  line.querySelector("span").replaceChildren(before, ...marks.flatMap((mark, at) => (at ? [", ", mark] : [mark])), after);
}

function put(text) {
  const form = composer();
  if (!form) return false;
  const box = form.elements.body;
  const start = box.value.slice(0, box.selectionStart);
  const gap = start && !start.endsWith("\n") && !start.endsWith(" ") ? "\n\n" : "";
  box.focus();
  box.setRangeText(gap + text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-quick]");
  if (!button) return;
  const dialog = button.closest("dialog");
  if (dialog) dialog.close();
  if (put(button.dataset.quick)) event.preventDefault();
});

document.addEventListener("input", ({ target }) => {
  if (["composer-body", "next-update"].includes(target.id)) look();
  const list = target.dataset?.filter && document.getElementById(target.dataset.filter);
  if (!list) return;
  const wanted = target.value.trim().toLocaleLowerCase();
  [...list.children].forEach((row) => {
    row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
  });
  const none = document.getElementById(`${list.id}-none`);
  if (none) none.hidden = [...list.children].some((row) => !row.hidden);
});
// Enter in the search takes the first that is left.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.dataset?.filter) return;
  event.preventDefault();
  const list = document.getElementById(event.target.dataset.filter);
  [...list.querySelectorAll("li:not([hidden]) button")].at(0)?.click();
});
document.addEventListener("change", ({ target }) => target.name === "kind" && setTimeout(look));
document.addEventListener("htmx:afterSettle", look);
setTimeout(look);
