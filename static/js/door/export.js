// Scans that leave by hand: one parcel of a device, signed with what only this phone and the server know.
import { hex } from "./codes.js";
import { spoken } from "./queue.js";

export const FORM = "hoi-nghi-scans-1";
const MOST = 1500; // scans a parcel: below the longest body that the server reads

// Rows of one device → the object that relay/ takes and a file holds.
export async function parcel(store, slug, device, rows) {
  const { name, mac: key } = await store.get(`device:${device}`);
  const scans = JSON.stringify(rows.map(spoken));
  const mac = hex(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${slug}\n${device}\n${scans}`)));
  return { form: FORM, conference: slug, device, device_name: name, scans, mac };
}

// Everything that the server does not hold, as few parcels as can be; and what other phones gave, as they gave it.
export async function parcels(store, slug) {
  const rows = [...await store.waiting(), ...await store.refused()].sort((a, b) => a.n - b.n), made = [];
  for (const device of new Set(rows.map((row) => row.device))) {
    const own = rows.filter((row) => row.device === device);
    for (let at = 0; at < own.length; at += MOST) made.push(await parcel(store, slug, device, own.slice(at, at + MOST)));
  }
  return [...made, ...(await store.carried()).map(({ refused, ...parcel }) => parcel)];
}

// A text, as a file in the downloads.
export function download(name, text) {
  const link = document.createElement("a"), url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(link, { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

// Text of a file, or of pictures → its parcels, or an error word.
export function opened(text, slug) {
  let found;
  try { found = JSON.parse(text); } catch { return { fault: "carry_broken" }; }
  const list = Array.isArray(found) ? found : [found];
  const right = (one) => one?.form === FORM && [one.scans, one.mac, one.conference, one.device_name].every((it) => typeof it === "string") && "device" in one;
  if (!list.length || !list.every(right)) return { fault: "carry_broken" };
  if (list.some((one) => one.conference !== slug)) return { fault: "carry_foreign" };
  return { parcels: list };
}
