// A form with [data-brought-back]: what was typed and sent, but not taken, stands in it again when its page comes back:
// after the sign-in, where that had ended, or from a page that says so, or when the network is there again. Kept in
// this tab alone and for the same account, from the press until another page of ours is shown. The note says what happened.
const KEY = "typed";
const ON_THE_WAY = /^\/(accounts|l)\//;  // the sign-in, or the link of a letter
const NEVER = ["csrfmiddlewaretoken"];
const NOT_KEPT = ["file", "password", "submit", "button"];
const MOST_ROWS = 50;

export function bringBack(root) {
  const note = root.querySelector("[data-brought-back]"), form = note?.closest("form");
  const who = root.querySelector("[data-account]")?.dataset.account ?? "";
  let kept = read();
  if (kept && ON_THE_WAY.test(location.pathname)) {
    kept.refused = true;
  } else if (!form || kept?.who !== who || kept.path !== location.pathname || (!kept.refused && isAnswered(root))) {
    kept = null;
  } else if (fill(form, kept.fields)) {
    note.hidden = false;
    form.dispatchEvent(new Event("input"));
  }
  write(kept);
  form?.addEventListener("submit", () => write({ who, path: location.pathname, fields: typed(form) }));
}

// Taken, or refused with reasons: then the page itself shows what became of it
function isAnswered(root) {
  return root.querySelector("[data-error-summary], .notice--ok") !== null;
}

function typed(form) {
  const secret = new Set([...form.elements].filter((field) => field.type === "password").map((field) => field.name));
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NEVER.includes(name) && !secret.has(name));
}

function fill(form, fields) {
  if (!hasAsManyRows(form, fields)) return false;
  let changed = false;
  for (const field of form.elements) {
    if (!field.name || NEVER.includes(field.name) || NOT_KEPT.includes(field.type)) continue;
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    const before = told(field);
    if (field.options) for (const option of field.options) option.selected = values.includes(option.value);
    else if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
    if (field.type === "hidden" || told(field) === before) continue;
    changed = true;
    if (field.closest("details")) field.closest("details").open = true;
  }
  return changed;
}

// Rows that belong to a row of the desk: as many as were typed; where they cannot be, none of the form comes back.
function hasAsManyRows(form, fields) {
  return fields.filter(([name]) => name.endsWith("-TOTAL_FORMS")).every(([name, number]) => {
    const total = form.elements.namedItem(name), prefix = name.replace("-TOTAL_FORMS", "");
    const more = form.querySelector(`[data-rows="${prefix}"] [data-rows-add]`);
    for (let n = MOST_ROWS; n && more && Number(total?.value) < Number(number); n--) more.click();
    return total?.value === number;
  });
}

function told(field) {
  if (field.options) return [...field.selectedOptions].map((option) => option.value).join("\n");
  return ["radio", "checkbox"].includes(field.type) ? field.checked : field.value;
}

function read() {
  try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; }
}

function write(kept) {
  try {
    if (kept) sessionStorage.setItem(KEY, JSON.stringify(kept));
    else sessionStorage.removeItem(KEY);
  } catch { /* too much, or not allowed: then nothing comes back */ }
}
