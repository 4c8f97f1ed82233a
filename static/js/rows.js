// [data-rows]: a keyboard scanner ends each code with Enter. Finished lines go to the server at once and the answers stand below,
// newest first; what was refused is told with its code, what could not be sent stays in the field. Without this script the button sends all.
const form = document.querySelector("[data-rows]"), field = form?.querySelector("textarea"), answers = document.querySelector("[data-rows-answers]");
const waiting = [];
let sending = false;

form?.addEventListener("submit", (event) => { event.preventDefault(); take(true); });
field?.addEventListener("input", () => take(false));
field?.focus();

function take(all) {
  const lines = field.value.split(/\r?\n/), rest = all ? "" : lines.pop();
  const told = lines.map((line) => line.trim()).filter(Boolean);
  if (!told.length) return;
  waiting.push(...told);
  field.value = rest;
  field.focus();
  send();
}

async function send() {
  if (sending || !waiting.length) return;
  sending = true;
  const batch = waiting.splice(0, 100), data = new FormData(form);
  data.set("rows", batch.join("\n"));
  try {
    const response = await fetch(form.action, { method: "POST", body: data, headers: { "X-Fragment": "rows" } });
    // A sign-in that ended answers with the page to sign in again, and has counted nothing.
    if (!response.ok || response.redirected) throw new Error(response.status);
    const box = document.createElement("template");
    box.innerHTML = (await response.text()).trim();
    answers.prepend(box.content);
    sending = false;
    send();
  } catch {
    field.value = [...batch, ...waiting.splice(0), field.value].join("\n");
    const line = document.createElement("p");
    line.className = "answer answer--err";
    line.textContent = form.dataset.rowsLost;
    answers.prepend(line);
    sending = false;
  }
}
