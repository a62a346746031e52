/* When the customer hears from us again: a few usual times beside the field, counted in the reader's zone from the
   server's instant, and the time said on the button. Without script there is the field alone. */

const MINUTE = 60000;
const FIVE = 5 * MINUTE;
const zone = document.body.dataset.zone || undefined;
const offset = document.body.dataset.now ? Date.parse(document.body.dataset.now) - Date.now() : 0;

const field = () => document.getElementById("next-update");

function parts(moment) {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const found = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return { day: `${found.year}-${found.month}-${found.day}`, time: `${found.hour}:${found.minute}` };
}

/* As the field holds it: the next five minutes that are full after so many, or tomorrow morning. */
function moment(choice) {
  const now = Date.now() + offset;
  if (choice === "tomorrow") return `${parts(now + 24 * 60 * MINUTE).day}T09:00`;
  const { day, time } = parts(Math.ceil((now + Number(choice) * MINUTE) / FIVE) * FIVE);
  return `${day}T${time}`;
}

function say() {
  const words = document.querySelector("[data-promise-words]");
  if (!words) return;
  const [day, time] = field().value.split("T");
  const weekday = () => new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(Date.parse(`${day}T00:00Z`));
  words.textContent = time ? (day === parts(Date.now() + offset).day ? time : `${weekday()} ${time}`) : "";
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-promise]");
  const open = document.querySelector("#promise[open]");
  if (button) {
    field().value = button.dataset.promise && moment(button.dataset.promise);
    field().dispatchEvent(new Event("input", { bubbles: true }));
    document.getElementById("promise").open = false;
    document.getElementById("composer-body")?.focus();
  } else if (open && !open.contains(target)) open.open = false;
});
document.addEventListener("input", ({ target }) => target === field() && say());
document.addEventListener("keydown", (event) => {
  const open = event.target.closest?.("#promise[open]");
  if (!open || !["Escape", "Enter"].includes(event.key) || (event.key === "Enter" && event.target !== field()) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open.open = false;
  if (event.key === "Enter") document.getElementById("composer-body")?.focus();
  else open.querySelector("summary").focus();
});
document.addEventListener("toggle", ({ target }) => target.id === "promise" && target.open && field().focus(), true);
