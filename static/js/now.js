// [data-now-live]: asks its own address every 20 s for the moving part alone. While the server is away the last answer stays,
// and a line says so: a screen in a hall never shows the error page of a browser.
// data-now-turns: so many seconds until what it shows is over (a code that changes); then it asks at once.
// data-now-door: by the sign-in of somebody at the door; a page that has [data-now-ended] says so when that is over.
import { fragment } from "./live.js";

const EVERY = 20000;
const lost = document.querySelector("[data-now-lost]"), ended = document.querySelector("[data-now-ended]");

let turn;

setInterval(renew, EVERY);
awaitTurn();
document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });

async function renew() {
  if (document.hidden) return;
  try {
    const { content } = await fragment("now");
    const live = document.querySelector("[data-now-live]"), fresh = content.querySelector("[data-now-live]");
    if (!live.isEqualNode(fresh)) live.replaceWith(fresh);
    awaitTurn();
    lost.hidden = true;
    if (ended) ended.hidden = fresh.hasAttribute("data-now-door");
  } catch {
    lost.hidden = false;
  }
}

function awaitTurn() {
  const seconds = document.querySelector("[data-now-turns]")?.dataset.nowTurns;
  clearTimeout(turn);
  if (seconds) turn = setTimeout(renew, seconds * 1000 + 300);
}
