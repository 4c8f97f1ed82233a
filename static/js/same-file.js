// Compares a PDF on this device with what was handed out: the file is hashed here and goes nowhere.
const field = document.querySelector("[data-hash]");
const picker = document.querySelector("[data-file]");
const answer = document.querySelector("[data-same]");
const LARGEST = 20 * 1024 * 1024;

function say(words) {
  answer.textContent = words;
  answer.hidden = false;
}

async function hashed(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function compare() {
  const file = picker.files[0];
  if (!file) return;
  if (file.size > LARGEST) return say(answer.dataset.large);
  try {
    field.value = await hashed(file);
  } catch {
    return say(answer.dataset.broken);
  }
  const known = JSON.parse(answer.dataset.known);
  return say(known[field.value] ?? answer.dataset.other);
}

// Without a secure address browsers hash nothing: then the field for the hash is the way.
if (picker && globalThis.crypto?.subtle) {
  picker.closest("[hidden]").hidden = false;
  picker.addEventListener("change", compare);
}
