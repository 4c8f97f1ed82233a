// A form is sent once: its buttons rest after the press, and wake when the page is shown again (back button), or
// where it still stands after ten seconds: the answer was a file, or none came. One that sends a file up rests on.
// A form that only downloads says data-many; a button that opens another page leaves its form awake.
const LONGEST = 10000;

export function guardForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[data-many]")) return;
    if (event.submitter?.formTarget === "_blank") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    // After the browser has read the name and value of the pressed button
    setTimeout(() => { if (!event.defaultPrevented) rest(form, true); else delete form.dataset.sent; });
    if (form.enctype !== "multipart/form-data") setTimeout(() => wake(form), LONGEST);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(wake));
}

function wake(form) {
  delete form.dataset.sent;
  rest(form, false);
}

function rest(form, on) {
  for (const button of form.elements) {
    if (button.type !== "submit") continue;
    if (on && !button.disabled) { button.disabled = true; button.dataset.resting = "1"; }
    if (!on && button.dataset.resting) { button.disabled = false; delete button.dataset.resting; }
  }
}
