/* Links with data-dialog open as a dialog over the page. What they lead to is a page of its own, so nothing is lost
   without script or when the fetch fails: the link is then simply followed. */

const dialog = document.getElementById("dialog");

async function open(link) {
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = page.querySelector(".dlg-x");
    if (!form) throw new Error("no dialog in the answer");
    dialog.classList.toggle("small", Boolean(page.querySelector(".dlg-page.small")));
    dialog.replaceChildren(document.importNode(form, true));
    window.htmx?.process(dialog);
    dialog.showModal();
    const first = dialog.querySelector("[autofocus], input:not([type=hidden], :disabled), textarea, select");
    const chosen = first?.type === "radio" && dialog.querySelector(`input[name="${CSS.escape(first.name)}"]:checked`);
    (chosen || first)?.focus();
  } catch {
    location.assign(link.href);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    open(link);
  }
  const closer = event.target.closest?.("[data-close]");
  if (event.target === dialog || (closer && dialog.contains(closer))) {
    event.preventDefault();
    dialog.close();
  }
});
