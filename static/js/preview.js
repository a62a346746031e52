/* Write and preview are two tabs over the composer's box (WAI-ARIA tabs): the preview is asked of the server each time
   it is opened, with the text as it stands. Without script its button sends the form and the page shows both. */

const tabs = () => document.querySelector("[data-tabs]");

const parts = () => {
  const line = tabs();
  const form = line?.closest("form");
  return line && { line, form, box: form.elements.body, panel: form.querySelector("#composer-preview"), all: [...line.querySelectorAll("[data-tab]")] };
};

function select({ all, box, panel }, name) {
  all.forEach((tab) => {
    const on = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
  });
  box.hidden = name === "preview";
  panel.hidden = name !== "preview";
}

async function preview(here) {
  const { form, panel, box } = here;
  const button = here.all.find((tab) => tab.dataset.tab === "preview");
  // No jump: what follows the box stays where it is.
  panel.style.minHeight = `${box.offsetHeight || panel.offsetHeight}px`;
  select(here, "preview");
  panel.replaceChildren();
  const data = new FormData(form);
  data.delete("attachments");
  try {
    const answer = await fetch(button.getAttribute("formaction"), { method: "POST", body: data, headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    panel.innerHTML = await answer.text();
  } catch {
    panel.textContent = here.line.dataset.failed;
  }
}

function write(here, focus = true) {
  select(here, "write");
  if (focus) here.box.focus();
}

/* Roles come with the script: without it one tab is a button that sends the form, and the other is not there. */
function begin() {
  const here = parts();
  if (!here || here.line.role === "tablist") return;
  here.line.role = "tablist";
  here.all.forEach((tab) => {
    tab.role = "tab";
    tab.hidden = false;
    tab.setAttribute("aria-controls", tab.dataset.tab === "preview" ? here.panel.id : here.box.id);
  });
  here.panel.role = "tabpanel";
  here.panel.tabIndex = 0;
  select(here, here.panel.textContent.trim() ? "preview" : "write");
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest?.("[data-tab]");
  const here = tab && parts();
  if (!here) return;
  event.preventDefault();
  if (tab.dataset.tab === "preview") preview(here);
  else write(here);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[data-tab]");
  if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const here = parts();
  const other = here.all.find((one) => one !== tab);
  if (other.dataset.tab === "preview") preview(here);
  else write(here, false);
  other.focus();
});
// The text is about to be changed or was refused: it is shown again.
document.addEventListener("invalid", ({ target }) => target.id === "composer-body" && parts() && write(parts()), true);
document.addEventListener("input", ({ target }) => target.id === "composer-body" && target.hidden && parts() && write(parts(), false));
document.addEventListener("change", ({ target }) => target.name === "kind" && parts()?.form.contains(target) && write(parts(), false));
document.addEventListener("htmx:afterSettle", begin);
begin();
