// What the desk gains with script; without it everything works too.
chooseRows();
addRows();

// Lists: how many rows are chosen, the whole page at once, the whole list at once.
function chooseRows() {
  for (const form of document.querySelectorAll("form[data-choices]")) {
    const bar = form.querySelector("[data-choices-bar]");
    if (!bar) continue;
    const boxes = [...form.querySelectorAll('input[name="_selected_action"]')];
    const page = form.querySelector("[data-choices-page]");
    const count = bar.querySelector("[data-choices-count]");
    const across = bar.querySelector("[data-choices-across]");
    const all = bar.querySelector("[data-choices-all]");
    const show = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      for (const box of boxes) box.closest("tr").classList.toggle("is-selected", box.checked);
      page.querySelector("input").checked = chosen === boxes.length;
      bar.hidden = chosen === 0;
      if (all) all.hidden = chosen !== boxes.length || across.value === "1";
      const number = across.value === "1" ? all.dataset.choicesTotal : chosen;
      count.textContent = count.dataset.choicesCount.replace("{n}", number);
    };
    page.hidden = false;
    count.setAttribute("role", "status");
    page.addEventListener("change", (event) => {
      for (const box of boxes) box.checked = event.target.checked;
      across.value = "0";
      show();
    });
    for (const box of boxes) box.addEventListener("change", () => { across.value = "0"; show(); });
    if (all) all.addEventListener("click", () => { across.value = "1"; show(); });
    window.addEventListener("pageshow", show);
    show();
  }
}

// Rows that belong to a row: the empty one is copied under the next number.
function addRows() {
  for (const group of document.querySelectorAll("[data-rows]")) {
    const button = group.querySelector("[data-rows-add]");
    const empty = group.querySelector(".empty-form");
    const total = document.getElementById(`id_${group.dataset.rows}-TOTAL_FORMS`);
    if (!button || !empty || !total) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const row = empty.cloneNode(true);
      const number = total.value;
      row.classList.remove("empty-form");
      for (const node of [row, ...row.querySelectorAll("*")]) {
        for (const name of ["id", "name", "for", "aria-describedby"]) {
          const value = node.getAttribute(name);
          if (value) node.setAttribute(name, value.replace("__prefix__", number).replace(/-empty$/, `-${number}`));
        }
      }
      empty.before(row);
      total.value = Number(number) + 1;
      row.querySelector("select, input:not([type=hidden]), textarea")?.focus();
    });
  }
}
