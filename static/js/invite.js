// The page that invites: how many are chosen, and which number each would get. Without it "Xem lại số" does.
const form = document.querySelector("form[data-invite]");
const boxes = [...form.querySelectorAll('input[name="delegation"]')];
const count = form.querySelector("[data-invite-count]");
const kinds = [...form.querySelectorAll('input[name="kinds"]')];
const firsts = [...form.querySelectorAll("[data-pattern]")];

function show() {
  const chosen = boxes.filter((box) => box.checked);
  count.textContent = count.dataset.inviteCount.replace("{n}", chosen.length);
  firsts.forEach((field, index) => {
    let next = Number.parseInt(field.value, 10);
    for (const box of boxes) {
      const cell = box.closest("tr").querySelector(`[data-number="${index}"]`);
      if ("has" in cell.dataset) continue;
      const given = box.checked && kinds[index].checked && next > 0;
      const mark = document.createElement("span");
      mark.className = given ? "invite__new" : "";
      mark.textContent = given ? field.dataset.pattern.replace("{n}", String(next++).padStart(2, "0")) : "–";
      cell.replaceChildren(mark);
    }
  });
}

function choose(checked) {
  for (const box of boxes) box.checked = checked;
  show();
}

for (const part of form.querySelectorAll("[data-needs-script]")) part.hidden = false;
count.hidden = false;
form.addEventListener("input", show);
form.querySelector("[data-invite-all]").addEventListener("click", () => choose(true));
form.querySelector("[data-invite-none]").addEventListener("click", () => choose(false));
window.addEventListener("pageshow", show);
show();
