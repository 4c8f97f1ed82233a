// <button data-copy="#id" data-done="Đã sao chép" hidden>: shown with script, copies the text of that element.
export function copyText(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).innerText.trim());
      button.lastElementChild.textContent = button.dataset.done;
    });
  }
}
