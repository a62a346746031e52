/* In an internal note, "@" and a few letters offer the colleagues who see the ticket: arrows choose, Enter or Tab takes. */

const MOST = 6;
const BEGUN = /(?:^|[^\p{L}\p{N}.@_-])@([\p{L}\p{N}._-]{0,30})$/u;

let chosen = 0;

const parts = () => {
  const form = document.querySelector("form#composer[data-people]");
  return form && { form, box: form.elements.body, list: form.querySelector("#mention-list") };
};

function close({ box, list }) {
  list.hidden = true;
  list.replaceChildren();
  box.removeAttribute("aria-activedescendant");
}

function mark({ box, list }) {
  [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  box.setAttribute("aria-activedescendant", `mention-${chosen}`);
}

function offer(here) {
  const { form, box, list } = here;
  const begun = form.querySelector("input[name=kind]:checked")?.value === "note" && BEGUN.exec(box.value.slice(0, box.selectionStart));
  const wanted = begun ? begun[1].toLocaleLowerCase().replaceAll(".", " ") : "";
  const names = begun ? form.dataset.people.split("|").filter((name) => name && name.toLocaleLowerCase().split(" ").concat(name.toLocaleLowerCase()).some((part) => part.startsWith(wanted))) : [];
  if (!names.length) return close(here);
  chosen = 0;
  list.replaceChildren(...names.slice(0, MOST).map((name, at) => {
    const row = document.createElement("li");
    row.id = `mention-${at}`;
    row.role = "option";
    row.textContent = name;
    return row;
  }));
  list.hidden = false;
  box.setAttribute("aria-controls", "mention-list");
  return mark(here);
}

function take(here, name) {
  const { box } = here;
  const at = box.value.slice(0, box.selectionStart).lastIndexOf("@");
  box.setRangeText(`@${name} `, at, box.selectionStart, "end");
  close(here);
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", ({ target }) => {
  const here = parts();
  if (here?.list && target === here.box) offer(here);
});

document.addEventListener("keydown", (event) => {
  const here = parts();
  if (!here?.list || here.list.hidden || event.target !== here.box || event.ctrlKey || event.isComposing) return;
  const rows = [...here.list.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    chosen = (chosen + step + rows.length) % rows.length;
    mark(here);
  } else if (event.key === "Enter" || event.key === "Tab") take(here, rows[chosen].textContent);
  else if (event.key === "Escape") close(here);
  else return;
  event.preventDefault();
});

document.addEventListener("mousedown", (event) => {
  const row = event.target.closest?.("#mention-list li");
  if (!row) return;
  event.preventDefault();
  take(parts(), row.textContent);
});
document.addEventListener("focusout", ({ target }) => {
  const here = parts();
  if (here?.list && target === here.box) close(here);
});
