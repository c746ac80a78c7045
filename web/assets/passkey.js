// Passkeys: asks the browser and sends what it answers. Without it, passwords and codes work as before.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (it) => it.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const sent = (address, fields) => fetch(address, { method: "POST", body: new URLSearchParams(fields), credentials: "same-origin" });

async function answered(form, asked) {
  const challenge = bytes(asked.challenge);
  if (form.dataset.passkey === "use") {
    const key = await navigator.credentials.get({ publicKey: { challenge, rpId: asked.site, userVerification: "required" } });
    return { id: key.id, client_data: text(key.response.clientDataJSON), authenticator_data: text(key.response.authenticatorData), signature: text(key.response.signature) };
  }
  const user = { id: new TextEncoder().encode(asked.user), name: asked.login, displayName: asked.login };
  const key = await navigator.credentials.create({ publicKey: {
    challenge, user, rp: { id: asked.site, name: form.dataset.site },
    pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: asked.known.map((id) => ({ type: "public-key", id: bytes(id) })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" }, attestation: "none",
  } });
  return { id: key.id, client_data: text(key.response.clientDataJSON), authenticator_data: text(key.response.getAuthenticatorData()), public_key: text(key.response.getPublicKey()), algorithm: key.response.getPublicKeyAlgorithm() };
}

async function run(form) {
  const fault = form.querySelector("[data-fault]");
  const fields = Object.fromEntries(new FormData(form));
  try {
    fault.hidden = true;
    const question = await sent(form.dataset.question, { csrf: fields.csrf });
    // Proving again who one is comes first.
    if (question.redirected) { location.assign(question.url); return; }
    if (!question.ok) throw new Error(String(question.status));
    const asked = await question.json();
    const answer = await sent(form.action, { ...fields, token: asked.token, ...(await answered(form, asked)) });
    if (!answer.ok) throw new Error(String(answer.status));
    location.assign(answer.url);
  } catch {
    fault.hidden = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); run(form); });
  }
}
