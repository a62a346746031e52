/* Alerts to a browser that is closed: asks it for a subscription and hands that to the form, which is an ordinary one.
   Hidden where the browser cannot do it. */

const form = document.querySelector("[data-push-key]");

function bytes(key) {
  const text = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  const registration = await navigator.serviceWorker.register(form.dataset.pushWorker, { scope: "/" });
  await navigator.serviceWorker.ready;
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.pushKey) });
}

if (form && "serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const field = form.elements.subscription;
    if (field.value) return;
    event.preventDefault();
    try {
      field.value = JSON.stringify(await subscribe());
      form.requestSubmit();
    } catch {
      const words = form.querySelector("[data-push-words]");
      words.textContent = words.dataset.denied;
    }
  });
}
