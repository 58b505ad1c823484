"use strict";
const field = document.getElementById("passphrase");
const form = document.getElementById("unlock");
const told = document.getElementById("told");
const inside = document.getElementById("inside");
const sealed = document.getElementById("sealed");
const IDLE = 15 * 60 * 1000;
let timer = 0;

function bytes(text) {
  return Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
}

async function open(passphrase) {
  const said = sealed.dataset;
  const words = new TextEncoder().encode(passphrase.trim().normalize("NFC"));
  const base = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(said.salt), iterations: Number(said.rounds) };
  const key = await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const lock = { name: "AES-GCM", iv: bytes(said.nonce), additionalData: new TextEncoder().encode(said.about) };
  return new TextDecoder().decode(await crypto.subtle.decrypt(lock, key, bytes(sealed.textContent)));
}

function close() {
  clearTimeout(timer);
  inside.replaceChildren();
  document.body.classList.remove("open");
  told.textContent = "";
  field.focus();
}

function stay() {
  clearTimeout(timer);
  if (document.body.classList.contains("open")) timer = setTimeout(close, IDLE);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  told.textContent = "Opening …";
  try {
    const text = await open(field.value);
    inside.innerHTML = text; // our own page, every word of it escaped; the policy above lets no script in it run
    document.body.classList.add("open");
    told.textContent = "";
    document.getElementById("close").addEventListener("click", close);
    document.getElementById("close").focus();
    scrollTo(0, 0);
    stay();
  } catch {
    told.textContent = "This passphrase does not open it, or the file was changed.";
    field.select();
  } finally {
    field.value = document.body.classList.contains("open") ? "" : field.value;
  }
});
for (const act of ["keydown", "pointerdown", "scroll"]) addEventListener(act, stay, { passive: true });
addEventListener("pagehide", close);
field.focus();
