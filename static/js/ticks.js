// The list of a delegation: one press ticks everybody, the bar counts, the field of kits proposes the number.
const boxes = [...document.querySelectorAll('.ticks input[type="checkbox"]')];
const kits = document.querySelector("[data-ticked]");
const count = document.querySelector("[data-tick-count]");

function tell() {
  const number = boxes.filter((box) => box.checked).length;
  if (kits) kits.placeholder = number ? String(number) : "";
  if (count) { count.hidden = false; count.textContent = count.dataset.tickCount.replace("{n}", number); }
}

document.querySelector("[data-tick-all]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
  tell();
});
document.querySelector(".ticks")?.addEventListener("change", tell);
window.addEventListener("pageshow", tell);
