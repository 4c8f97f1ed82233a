// #board-live: asks its own address every 10 s for the moving part alone, with the mark of what is shown; 304 means that
// nothing changed. Only rows that changed are replaced, so that place and focus stay. One sentence is spoken for a change.
// Rests while the page is hidden; asks less often while the server is away. Without script the page is as of its load.
import { Ended, fragment, parts, teller } from "./live.js";

const EVERY = 10000, LONGEST = 60000;
const live = document.getElementById("board-live");
const voice = document.querySelector("[data-board-voice]");
const say = teller(document.querySelector("[data-board-note]"));
let etag = live?.dataset.etag, wait = EVERY, timer = 0, asking = false;

if (live) {
  plan();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { clearTimeout(timer); ask(); } });
}
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

function plan() {
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

async function ask() {
  if (document.hidden || asking) return;
  asking = true;
  try {
    const fresh = await fragment("board", etag);
    if (fresh) {
      show(fresh.content);
      etag = fresh.etag;
    }
    wait = EVERY;
    say("");
  } catch (error) {
    if (error instanceof Ended) return say("ended");
    wait = Math.min(wait * 2, LONGEST);
    say("lost");
  } finally {
    asking = false;
  }
  plan();
}

function show(content) {
  const fresh = content.querySelector("#board-live");
  if (!fresh) return;
  const now = parts(live), next = parts(fresh);
  const same = now.size === next.size && [...next.keys()].every((key) => now.has(key));
  if (same) {
    for (const [key, part] of next) swap(now.get(key), part);
  } else {
    live.replaceChildren(...fresh.childNodes);
  }
  if (voice && fresh.dataset.announce !== live.dataset.announce) voice.textContent = fresh.dataset.announce;
  live.dataset.announce = fresh.dataset.announce;
}

function swap(old, part) {
  old.classList.remove("is-fresh");
  if (!old.className) old.removeAttribute("class");
  if (old.isEqualNode(part)) return;
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const place = held ? [...old.querySelectorAll("a")].indexOf(held) : -1;
  old.replaceWith(part);
  part.classList.add("is-fresh");
  if (place >= 0) (part.querySelectorAll("a")[place] || part.querySelector("a"))?.focus({ preventScroll: true });
}
