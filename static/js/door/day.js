// The list of one conference day: encrypted where it is kept, with a key that cannot be taken out of this browser; readable in
// memory only, while the app is open.
import { sha256 } from "./codes.js";
import { fold } from "./match.js";

export class Day {
  constructor(store) { this.store = store; this.clear(); }

  clear() { this.people = []; this.byToken = new Map(); this.byCode = new Map(); this.dead = new Set(); this.present = {}; this.day = ""; this.expires = 0; }

  get isThere() { return this.people.length > 0 || this.day !== ""; }

  // What day/ said is kept, and read.
  async take(list) {
    const key = await this.store.get("dayKey") ?? await this.makeKey();
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(list)));
    await this.store.set("day", { iv, data });
    this.read(list);
  }

  async makeKey() {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await this.store.set("dayKey", key);
    return key;
  }

  // From the disk, when the app opens. What cannot be read is as good as absent.
  async wake() {
    const [key, kept] = [await this.store.get("dayKey"), await this.store.get("day")];
    if (!key || !kept) return;
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, key, kept.data);
      this.read(JSON.parse(new TextDecoder().decode(plain)));
    } catch { await this.wipe(); }
  }

  read({ people, present, day, expires }) {
    this.clear();
    this.people = people.map((one) => { const folded = fold(one.name); return { ...one, folded, words: folded.split(" ") }; });
    for (const one of this.people) {
      this.byToken.set(one.token, one);
      this.byCode.set(one.code, one);
      for (const former of one.former ?? []) this.dead.add(former);
    }
    [this.present, this.day, this.expires] = [present ?? {}, day, Date.parse(expires)];
  }

  async wipe() {
    this.clear();
    await this.store.forget("day", "dayKey");
  }

  // Whose badge it is, or undefined.
  async person({ token, code }) {
    if (code) return this.byCode.get(code);
    return token && this.byToken.get(await sha256(token));
  }

  // Was it the badge of somebody who has a new one?
  async isDead({ token }) {
    return Boolean(token && this.dead.size) && this.dead.has(await sha256(token));
  }

  // Since when, and where, the person is in a session, as the server knew it: { since, where } or undefined.
  entered(session, code) {
    const [since, where] = this.present[session]?.[code] ?? [];
    return since && { since, where };
  }
}
