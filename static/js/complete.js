/* Completion of a text field by a list from the server (WAI-ARIA combobox): data-complete="address", asked with the
   text and the place of the caret. Up and down choose, Enter or Tab take, Escape closes. Without it the field is a field. */

const WAIT = 120;

function attach(field) {
  const list = document.createElement("ul");
  list.id = `${field.name}-completions`;
  list.className = "completions";
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", field.dataset.completeName ?? "");
  field.closest("label, .query, .field").after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  let found = [];
  let chosen = -1;
  let timer = 0;
  let asked = 0;

  const close = () => {
    found = [];
    chosen = -1;
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) field.setAttribute("aria-activedescendant", list.children[index].id);
    else field.removeAttribute("aria-activedescendant");
  };

  const take = ({ text, start, end }) => {
    const rest = field.value.slice(end);
    // A key wants its value next, a value wants a blank.
    const gap = text.endsWith(":") || rest.startsWith(" ") ? "" : " ";
    field.value = field.value.slice(0, start) + text + gap + rest;
    const caret = start + text.length + gap.length;
    field.setSelectionRange(caret, caret);
    close();
    if (text.endsWith(":")) ask();
  };

  const show = (answers) => {
    found = answers;
    if (!found.length) {
      close();
      return;
    }
    list.replaceChildren(
      ...found.map((one, at) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${at}`;
        item.role = "option";
        item.textContent = one.text;
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(one);
        });
        return item;
      }),
    );
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    choose(-1);
  };

  async function ask() {
    const mine = (asked += 1);
    try {
      const given = new URLSearchParams({ q: field.value, at: field.selectionStart ?? field.value.length });
      const answer = await fetch(`${field.dataset.complete}?${given}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const { found: answers } = await answer.json();
      if (mine === asked && document.activeElement === field) show(answers);
    } catch {
      close();
    }
  }

  const KEYS = {
    ArrowDown: () => choose((chosen + 1) % found.length),
    ArrowUp: () => choose(chosen <= 0 ? found.length - 1 : chosen - 1),
    Enter: () => take(found[chosen]),
    Tab: () => take(found[Math.max(0, chosen)]),
    Escape: close,
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden || !KEYS[event.key] || (event.key === "Enter" && chosen < 0)) return;
    event.preventDefault();
    event.stopPropagation();
    KEYS[event.key]();
  });
}

document.querySelectorAll("input[data-complete]").forEach(attach);
