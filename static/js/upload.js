/* Files dropped onto the composer, pasted into it or chosen go up at once, one after the other, and wait on the draft.
   What is too large is said before it is sent. Without script the chosen files go with the form. */

const form = () => document.querySelector("form#composer[data-draft]");
const input = (composer) => composer.querySelector("input[type=file][data-limit]");
const MEGABYTE = 1024 * 1024;

function complain(composer, words) {
  const line = composer.querySelector("#upload-error");
  line.textContent = words;
  line.hidden = !words;
}

/* Answers with the list of files, as HTML; rejects with a sentence. */
function post(url, data, progress) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () => (request.status === 200 ? done(request.responseText) : fail(new Error(request.status === 422 ? request.responseText : ""))));
    ["error", "abort", "timeout"].forEach((name) => request.addEventListener(name, () => fail(new Error(""))));
    request.send(data);
  });
}

function facts(composer, kind, more) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", composer.elements.csrfmiddlewaretoken.value);
  data.set("kind", kind);
  Object.entries(more).forEach(([name, value]) => data.set(name, value));
  return data;
}

const kindOf = (composer) => composer.querySelector("input[name=kind]:checked")?.value ?? "reply";

async function upload(files) {
  const composer = form();
  const field = input(composer);
  const kind = kindOf(composer);
  const place = composer.querySelector(`[data-files="${kind}"]`);
  const bar = composer.querySelector("#upload");
  complain(composer, "");
  for (const file of files) {
    if (file.size > Number(field.dataset.limit)) {
      complain(composer, field.dataset.tooLarge.replace("{}", file.name).replace("{limit}", Number(field.dataset.limit) / MEGABYTE));
      continue;
    }
    bar.value = 0;
    bar.hidden = false;
    try {
      place.innerHTML = await post(place.dataset.url, facts(composer, kind, { file }), (share) => {
        bar.value = share * 100;
      });
    } catch (error) {
      complain(composer, error.message || field.dataset.failed.replace("{}", file.name));
    }
    bar.hidden = true;
  }
}

/* While files are over the page the composer says where they go, and how large they may be. */
const zone = (on) => form()?.querySelector("[data-drop]")?.classList.toggle("dropping", on);

document.addEventListener("dragover", (event) => {
  if (!form() || !event.dataTransfer.types.includes("Files")) return;
  zone(true);
  if (form().contains(event.target)) event.preventDefault();
});
document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget ?? zone(false));
document.addEventListener("drop", (event) => {
  zone(false);
  if (!form()?.contains(event.target) || !event.dataTransfer.files.length) return;
  event.preventDefault();
  upload([...event.dataTransfer.files]);
});
document.addEventListener("paste", (event) => {
  if (!form()?.contains(event.target) || !event.clipboardData?.files.length) return;
  event.preventDefault();
  upload([...event.clipboardData.files]);
});
document.addEventListener("change", ({ target }) => {
  if (!form() || target !== input(form())) return;
  const files = [...target.files];
  target.value = "";
  upload(files);
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-remove]");
  const composer = form();
  if (!button || !composer?.contains(button)) return;
  event.preventDefault();
  const place = button.closest("[data-files]");
  try {
    place.innerHTML = await post(place.dataset.url, facts(composer, place.dataset.files, { remove: button.dataset.remove }), () => {});
  } catch (error) {
    complain(composer, error.message || input(composer).dataset.failed.replace("{}", ""));
  }
});
