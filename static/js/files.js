/* Files that are chosen in a form (input[type=file][data-most-bytes]) and are too large, or too many, are said before
   anything is sent, and hold the form back until others are chosen. The words and the limits stand on the field. */

const FIELD = "input[type=file][data-most-bytes]";

function whatIsWrong(field) {
  const { mostBytes, mostFiles, tooLarge, tooMany } = field.dataset;
  const files = [...field.files];
  if (files.length > Number(mostFiles)) return tooMany;
  const large = files.find((file) => file.size > Number(mostBytes));
  return large ? tooLarge.replace("{name}", () => large.name) : "";
}

function say(field, words) {
  const line = field.parentElement.querySelector(".form-error") ?? document.createElement("p");
  line.className = "form-error";
  line.textContent = words;
  line.hidden = !words;
  field.after(line);
  field.setAttribute("aria-invalid", String(Boolean(words)));
  field.setCustomValidity(words);
  if (words) field.reportValidity();
}

document.addEventListener("change", ({ target }) => {
  if (target.matches?.(FIELD)) say(target, whatIsWrong(target));
});

// A field that is folded away could not say why its form is held back.
document.addEventListener("invalid", ({ target }) => {
  const folded = target.matches?.(FIELD) && target.closest("details");
  if (folded) folded.open = true;
}, true);
