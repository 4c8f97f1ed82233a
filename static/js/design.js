// <form data-design="address">: what is typed is drawn again a moment after the last change. Without it "Xem thử" does.
const PAUSE = 600;
const form = document.querySelector("form[data-design]");
const shown = form.querySelector("[data-design-shown]");
const status = form.querySelector("[data-design-status]");
const sent = new Map(); // file field → the file that the server has kept already
let timer = 0, running = null;

form.addEventListener("input", later);
form.addEventListener("change", later);
form.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="look"]');
  if (!button) return;
  event.preventDefault();
  if (button.value === "other") form.elements.seed.value = Math.floor(Math.random() * 1_000_000);
  draw();
});
form.addEventListener("submit", () => clearTimeout(timer));
draw();

function later() {
  clearTimeout(timer);
  timer = setTimeout(draw, PAUSE);
}

async function draw() {
  clearTimeout(timer);
  running?.abort();
  const mine = running = new AbortController();
  const body = new FormData(form);
  const files = [...form.querySelectorAll('input[type="file"]')].map((field) => [field, field.files[0]]);
  for (const [field, file] of files) if (!file || sent.get(field) === file) body.delete(field.name);
  say(form.dataset.designBusy);
  shown.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.dataset.design, { method: "POST", body, redirect: "manual", signal: mine.signal });
    if (!response.ok) throw new Error(response.status);
    shown.innerHTML = await response.text();
    const taken = !shown.querySelector('[role="alert"]');
    if (taken) for (const [field, file] of files) if (file) sent.set(field, file);
    say("");
  } catch {
    if (mine === running) say(form.dataset.designLost);
  }
  if (mine === running) shown.removeAttribute("aria-busy");
}

function say(sentence) {
  if (status.textContent !== sentence) status.textContent = sentence;
}
