// data-progress-url="…": asks every 3 s how far a paper is. The answer is JSON
// {state, done, total, sentence, html?}; with html the whole element is replaced. Spoken at most every 10 s.
// data-progress-reload: a cell of a list, of which the whole row changes in the end: the page is loaded anew then, unless rows are ticked.
// data-progress-anew="…": figures of the same page that the paper changes; taken from that address when it is made.
// A page without script shows the state of its last load.
const EVERY = 3000, SPEAK = 10000, LONGEST = 30000;
const MOVING = new Set(["queued", "running"]);

export function followProgress(root) {
  const all = root.querySelectorAll("[data-progress-url]");
  if (!all.length) return;
  const voice = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  voice.setAttribute("role", "status");
  document.body.append(voice);
  let spoken = 0;
  const say = (text, now) => {
    if (!now && Date.now() - spoken < SPEAK) return;
    spoken = Date.now();
    voice.textContent = text;
  };
  all.forEach((element) => follow(element, say, EVERY));
}

function follow(element, say, wait) {
  setTimeout(async () => {
    if (!element.isConnected) return;
    if (document.hidden) return follow(element, say, EVERY);
    let answer;
    try {
      const response = await fetch(element.dataset.progressUrl, { headers: { Accept: "application/json" } });
      if (response.status === 404 || response.status === 403 || response.redirected) return;
      answer = await response.json();
    } catch {
      return follow(element, say, Math.min(wait * 2, LONGEST)); // network or server away: ask less often
    }
    const moving = MOVING.has(answer.state);
    const fresh = show(element, answer);
    if (answer.sentence) say(answer.sentence, !moving);
    if (moving) follow(fresh, say, EVERY);
    else if (!("progressReload" in fresh.dataset)) anew();
    else if (!document.querySelector("[name=_selected_action]:checked")) location.reload();
  }, wait);
}

function show(element, answer) {
  if (answer.html && !("progressReload" in element.dataset)) {
    const held = element.contains(document.activeElement) ? document.activeElement.textContent : null;
    const box = document.createElement("template");
    box.innerHTML = answer.html.trim();
    const fresh = box.content.firstElementChild;
    element.replaceWith(fresh);
    if (held !== null) {
      const again = [...fresh.querySelectorAll("a, button")].find((act) => act.textContent === held);
      if (again) again.focus(); else { fresh.tabIndex = -1; fresh.focus(); }
    }
    return fresh;
  }
  const bar = element.querySelector("progress");
  if (bar) { bar.max = answer.total || 1; bar.value = answer.done || 0; }
  const sentence = element.querySelector("[data-progress-sentence]");
  if (sentence) sentence.textContent = answer.sentence || "";
  return element;
}

async function anew() {
  const old = document.querySelector("[data-progress-anew]");
  if (!old) return;
  try {
    const response = await fetch(old.dataset.progressAnew);
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-progress-anew]");
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  } catch {
    // the figures stay as they were shown
  }
}
