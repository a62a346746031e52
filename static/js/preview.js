/* The preview beside the composer's box follows what is typed: asked of the server, which makes the same text of it as
   the sending will. A button opens and closes it, from within the box Alt P. Without script the button sends the form
   and the page shows both. */

const WAIT = 300;
const KEPT = "escala:preview";

let asked = 0;
let shown = ""; // What the preview shows, or is about to.
let later;

const parts = () => {
  const button = document.querySelector("[data-preview]");
  const form = button?.closest("form");
  return form && { button, form, box: form.elements.body, panel: form.querySelector("#composer-preview") };
};

const isOpen = ({ button }) => button.getAttribute("aria-expanded") === "true";

/* Whether this reader likes it open; a browser that keeps nothing begins with it closed. */
function kept(open) {
  try {
    if (open === undefined) return localStorage.getItem(KEPT) === "1";
    localStorage.setItem(KEPT, open ? "1" : "");
  } catch {
    /* Not kept. */
  }
  return false;
}

async function follow(here) {
  const { form, panel, box, button } = here;
  const data = new FormData(form);
  data.delete("attachments");
  const text = JSON.stringify([data.get("kind"), box.value]);
  if (text === shown) return;
  shown = text;
  const mine = (asked += 1);
  try {
    const answer = await fetch(button.getAttribute("formaction"), { method: "POST", body: data, headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const html = await answer.text();
    if (mine !== asked) return; // More has been typed meanwhile.
    const page = new DOMParser().parseFromString(html, "text/html");
    panel.replaceChildren(...[...page.body.childNodes].map((part) => document.importNode(part, true)));
  } catch {
    if (mine !== asked) return;
    shown = "";
    panel.textContent = button.dataset.failed;
  }
}

function open(here, on) {
  here.button.setAttribute("aria-expanded", String(on));
  here.panel.hidden = !on;
  here.form.classList.toggle("previewed", on);
  clearTimeout(later);
  if (on) follow(here);
}

function soon() {
  const here = parts();
  if (!here || !isOpen(here)) return;
  clearTimeout(later);
  later = setTimeout(() => follow(here), WAIT);
}

function toggle(here) {
  open(here, !isOpen(here));
  kept(isOpen(here));
}

/* The page has come, or a new composer in the place of the old one: the state is said from here on. */
function begin() {
  const here = parts();
  if (!here || here.button.hasAttribute("aria-expanded")) return;
  here.button.type = "button";
  here.button.setAttribute("aria-controls", here.panel.id);
  here.panel.setAttribute("role", "region");
  here.panel.tabIndex = 0;
  shown = "";
  open(here, Boolean(here.panel.textContent.trim()) || kept());
}

document.addEventListener("click", ({ target }) => target.closest?.("[data-preview]") && parts() && toggle(parts()));
document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyP" || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  const here = parts();
  if (!here) return;
  event.preventDefault();
  toggle(here);
});
document.addEventListener("input", ({ target }) => target.id === "composer-body" && soon());
document.addEventListener("change", ({ target }) => target.name === "kind" && parts()?.form.contains(target) && soon());
document.addEventListener("htmx:afterSettle", begin);
begin();
