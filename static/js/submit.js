// A form is sent once: its buttons rest after the press, and wake when the page is shown again (back button).
// A form that downloads says data-many; a button that opens another page leaves its form awake.
export function guardForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[data-many]")) return;
    if (event.submitter?.formTarget === "_blank") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    // After the browser has read the name and value of the pressed button
    setTimeout(() => { if (!event.defaultPrevented) rest(form, true); else delete form.dataset.sent; });
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) { delete form.dataset.sent; rest(form, false); }
  });
}

function rest(form, on) {
  for (const button of form.elements) {
    if (button.type !== "submit") continue;
    if (on && !button.disabled) { button.disabled = true; button.dataset.resting = "1"; }
    if (!on && button.dataset.resting) { button.disabled = false; delete button.dataset.resting; }
  }
}
