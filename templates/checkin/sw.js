// Serves the app of the door below one conference without a network. All files of one version live and die together.
const VERSION = "{{ version }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const LATE = new Set([{% for file in late %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}]);
const page = new URL(self.registration.scope).pathname;
const family = `door:${page}:`, name = family + VERSION;
const files = new Set(FILES);

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", (event) => {
  if (event.data === "begin") self.skipWaiting();
  if (event.data === "reader") event.waitUntil(late());
});
self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname === page) event.respondWith(kept(request, page));
  else if (files.has(pathname) || LATE.has(pathname)) event.respondWith(kept(request, pathname));
});

async function keep() {
  const cache = await caches.open(name);
  await cache.addAll([new Request(page, { cache: "reload" }), ...FILES]);
  for (const file of LATE) { // of the version before, where it is the same
    const found = await caches.match(file);
    if (found) await cache.put(file, found);
  }
}

// Asked for with a network, so that it is there without one.
async function late() {
  const cache = await caches.open(name);
  for (const file of LATE) if (!await cache.match(file)) await cache.add(file);
}

async function begin() {
  for (const other of await caches.keys()) if (other.startsWith(family) && other !== name) await caches.delete(other);
  await self.clients.claim();
}

async function kept(request, path) {
  const cache = await caches.open(name);
  const found = await cache.match(path, { ignoreVary: true, ignoreSearch: true });
  if (found) return found;
  const response = await fetch(request);
  if (response.ok && LATE.has(path)) await cache.put(path, response.clone());
  return response;
}
