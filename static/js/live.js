// A part of a page that is kept fresh: asked for alone at the page's own address, and swapped piece by piece.

// The page is no longer for whoever looks at it.
export class Ended extends Error {}

// → { content, etag }, or null where nothing has changed since `etag`. Throws Ended, or what fetch throws where the server is away.
export async function fragment(name, etag) {
  const headers = { "X-Fragment": name, ...(etag ? { "If-None-Match": etag } : {}) };
  const response = await fetch(location.href, { headers, cache: "no-store" });
  if (response.redirected || response.status === 403 || response.status === 404) throw new Ended();
  if (response.status === 304) return null;
  if (!response.ok) throw new Error(response.status);
  const box = document.createElement("template");
  box.innerHTML = (await response.text()).trim();
  return { content: box.content, etag: response.headers.get("ETag") };
}

// Its pieces by name.
export const parts = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));

// → say(state): the sentence for "lost" or "ended" in the note's data, the one of the page for "".
export function teller(note) {
  const calm = note?.textContent;
  return (state) => {
    if (!note) return;
    note.textContent = state ? note.dataset[state] : calm;
    note.classList.toggle("is-lost", state !== "");
  };
}
