// The app without a network: its service worker, and the word that a newer version waits.
import { hasOwnReader } from "./camera.js";

export async function serveOffline(script, scope, fresh) {
  if (!navigator.serviceWorker) return;
  const had = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (had) location.reload(); });
  try {
    const registration = await navigator.serviceWorker.register(script, { scope, updateViaCache: "none" });
    if (registration.waiting && had) fresh();
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next?.addEventListener("statechange", () => { if (next.state === "installed" && had) fresh(); });
    });
    const { active } = await navigator.serviceWorker.ready;
    if (!await hasOwnReader()) active.postMessage("reader");
  } catch { /* without it the app needs a network to open; everything else works */ }
}
