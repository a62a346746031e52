/* A field for a tag offers those that there are: data-tags is the address that completes searches. Without it one types. */

const WAIT = 120;
let timer = 0;

function listOf(field) {
  if (field.list) return field.list;
  const list = document.createElement("datalist");
  list.id = `${field.id}-known`;
  field.after(list);
  field.setAttribute("list", list.id);
  return list;
}

async function offer(field) {
  const typed = field.value.trim();
  const answer = await fetch(`${field.dataset.tags}?${new URLSearchParams({ q: `tag:${typed}` })}`).catch(() => null);
  if (!answer?.ok || answer.redirected || field.value.trim() !== typed) return;
  const { found } = await answer.json();
  const names = found.map(({ text }) => text.replace(/^"|"$/g, "")).filter((name) => name !== "none");
  listOf(field).replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
}

["focusin", "input"].forEach((name) =>
  document.addEventListener(name, ({ target }) => {
    if (!target.matches?.("input[data-tags]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => offer(target), WAIT);
  }),
);
