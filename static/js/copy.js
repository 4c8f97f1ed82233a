// <button data-copy="#id" data-done="Đã sao chép" hidden>: shown with script, copies the text of that element.
export function copyText(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.querySelector(button.dataset.copy);
      await navigator.clipboard.writeText((source.value ?? source.innerText).trim());
      button.lastElementChild.textContent = button.dataset.done;
    });
  }
}
