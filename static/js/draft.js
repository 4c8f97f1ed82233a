// <form data-draft-url>: what is typed is kept at the server a moment after the last key, and [data-draft-status] says so.
const PAUSE = 2500;

export function keepDraft(root) {
  const form = root.querySelector("form[data-draft-url]");
  if (!form) return;
  const status = root.querySelector("[data-draft-status]");
  let timer = 0, running = false, again = false;

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => { clearTimeout(timer); again = false; });

  async function save() {
    if (form.dataset.sent) return;
    if (running) { again = true; return; }
    running = true;
    try {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      const response = await fetch(form.dataset.draftUrl, { method: "POST", headers: { Accept: "application/json" }, body, redirect: "manual" });
      const said = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
      if (response.ok && said.version) form.elements.draft.value = said.version;
      tell(said.sentence || form.dataset.draftLost);
    } catch { tell(form.dataset.draftLost); }
    running = false;
    if (again) { again = false; save(); }
  }

  function tell(sentence) {
    if (sentence && status.textContent !== sentence) status.textContent = sentence;
  }
}
