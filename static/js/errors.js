// After a failed post the summary takes the focus, so that it is read and its links are near.
export function focusErrors(root) {
  root.querySelector("[data-error-summary]")?.focus();
}
