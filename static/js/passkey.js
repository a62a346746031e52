/* Passkeys: the browser's ceremony between a form and its sending. A form says which one by data-passkey:
   create (options in data-options), get (the same), login (options are fetched). Hidden where the browser knows none. */

const bytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function forCreation({ publicKey }, alone) {
  const user = { ...publicKey.user, id: bytes(publicKey.user.id) };
  const wanted = { ...publicKey.authenticatorSelection };
  wanted.residentKey = alone ? "required" : "discouraged";
  wanted.requireResidentKey = alone;
  if (alone) wanted.userVerification = "required";
  const excludeCredentials = named(publicKey.excludeCredentials);
  return { publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), user, excludeCredentials, authenticatorSelection: wanted } };
}

function forUse({ publicKey }) {
  return { publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: named(publicKey.allowCredentials) } };
}

function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

const CEREMONIES = {
  create: (form) => navigator.credentials.create(forCreation(JSON.parse(form.dataset.options), form.elements.passwordless?.checked ?? false)),
  get: (form) => navigator.credentials.get(forUse(JSON.parse(form.dataset.options))),
  login: async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return navigator.credentials.get(forUse((await answer.json()).request_options));
  },
};

async function begin(form) {
  const words = form.querySelector("[data-passkey-words]");
  words.hidden = true;
  try {
    form.elements.credential.value = told(await CEREMONIES[form.dataset.passkey](form));
    form.requestSubmit();
  } catch {
    words.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey-missing]").forEach((words) => (words.hidden = true));
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      begin(form);
    });
  });
}
