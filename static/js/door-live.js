// #door-live: asks its own address every 20 s for the moving part alone. Only parts that changed are swapped; one that holds
// the focus waits for its turn, and what was unfolded stays so. Rests while the page is hidden. Without script: as of its load.
import { Ended, fragment, parts, teller } from "./live.js";

const EVERY = 20000;
const live = document.getElementById("door-live");
const note = document.querySelector("[data-door-note]");
const say = teller(note);

if (live) {
  if (note) note.hidden = false;
  setInterval(renew, EVERY);
  document.addEventListener("visibilitychange", renew);
}

async function renew() {
  if (document.hidden) return;
  try {
    const { content } = await fragment("door");
    show(content.getElementById("door-live"));
    say("");
  } catch (error) {
    say(error instanceof Ended ? "ended" : "lost");
  }
}

function show(fresh) {
  if (!fresh) return;
  const now = parts(live), next = parts(fresh);
  if (now.size !== next.size) {
    if (!live.contains(document.activeElement)) live.replaceChildren(...fresh.childNodes);
    return;
  }
  for (const [key, part] of next) swap(now.get(key), part);
}

function swap(old, part) {
  if (!old || old.contains(document.activeElement)) return;
  for (const one of old.querySelectorAll("details[open][id]")) {
    const same = part.querySelector(`#${CSS.escape(one.id)}`);
    if (same) same.open = true;
  }
  for (const one of part.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    one.value = old.querySelector("[name=csrfmiddlewaretoken]")?.value ?? one.value;
  }
  if (!old.isEqualNode(part)) old.replaceWith(part);
}
