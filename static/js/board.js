// #board-live: asks its own address every 10 s for the moving part alone, with the mark of what is shown; 304 means that
// nothing changed. Only rows that changed are replaced, so that place and focus stay. One sentence is spoken for a change.
// Rests while the page is hidden; asks less often while the server is away. Without script the page is as of its load.
const EVERY = 10000, LONGEST = 60000;
const live = document.getElementById("board-live");
const voice = document.querySelector("[data-board-voice]");
const note = document.querySelector("[data-board-note]");
const calm = note?.textContent;
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
    const response = await fetch(location.href, { headers: { "X-Fragment": "board", "If-None-Match": etag } });
    if (response.redirected || response.status === 403 || response.status === 404) return say("ended");
    if (response.status !== 304) {
      if (!response.ok) throw new Error(response.status);
      show(await response.text());
      etag = response.headers.get("ETag");
    }
    wait = EVERY;
    say("");
  } catch {
    wait = Math.min(wait * 2, LONGEST);
    say("lost");
  } finally {
    asking = false;
  }
  plan();
}

function say(state) {
  if (!note) return;
  note.textContent = state ? note.dataset[state] : calm;
  note.classList.toggle("is-lost", state !== "");
}

function show(html) {
  const box = document.createElement("template");
  box.innerHTML = html.trim();
  const fresh = box.content.querySelector("#board-live");
  if (!fresh) return;
  const parts = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
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
