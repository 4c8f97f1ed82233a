// <input data-filter="#table" data-filter-count="{n}/{all} đoàn"> hides the rows that do not hold what is typed; marks and capitals do not matter.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

export function filterRows(root) {
  for (const input of root.querySelectorAll("[data-filter]")) {
    const rows = [...document.querySelectorAll(`${input.dataset.filter} tbody tr`)].map((row) => [row, fold(row.textContent)]);
    const note = Object.assign(document.createElement("p"), { className: "caption" });
    note.setAttribute("role", "status");
    (input.closest(".field") || input).after(note);
    (input.closest("[hidden]") || input).hidden = false;
    input.addEventListener("input", () => {
      const wanted = fold(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !wanted.every((word) => text.includes(word));
        if (!row.hidden) shown += 1;
      }
      note.textContent = wanted.length ? input.dataset.filterCount.replace("{n}", shown).replace("{all}", rows.length) : "";
    });
  }
}
