// Who this phone is: paired by a secret, until it is revoked. The token stays in this browser's database; what signs the scans for
// another phone to carry cannot be read out of it.
import { ask, Refused } from "./api.js";
import { asStored, isSpelled, sha256 } from "./codes.js";
import { momentOf } from "./hours.js";

const SECRET = 32;

// The secret of an address or of a field, as it is stored; "" when it cannot be one.
export function secretOf(text) {
  const secret = asStored(text.slice(text.lastIndexOf("#") + 1));
  return secret.length === SECRET && isSpelled(secret) ? secret : "";
}

// Secret → what pair/ says, kept. Throws Away, Refused.
export async function pair(base, slug, store, secret) {
  const reply = await ask(base, "pair", { body: { secret } });
  const { token, now, ...known } = reply.answer;
  if (known.conference.slug !== slug) throw new Refused(403, { code: "foreign" });
  const raw = new TextEncoder().encode(await sha256(token));
  const mac = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  await store.set(`device:${known.id}`, { name: known.device, mac });
  const pairing = { ...known, token };
  await store.set("pairing", pairing);
  return { pairing, reply };
}

// The session that is on, or comes next; of a day that is over, the last.
export function nearest(sessions, at) {
  const moment = momentOf(at);
  return sessions.find(({ day, ends }) => `${day} ${ends}` > moment) ?? sessions.at(-1);
}
