// Scans leave the phone: in batches, again and again until the server says that it has them. Of several open pages one sends.
import { ask, Away, Refused } from "./api.js";
import { better, measured } from "./clock.js";
import { parcel } from "./export.js";
import { reckonIn } from "./hours.js";
import { BATCH, pause, settled, spoken } from "./queue.js";

const EVERY = 30_000, LIST_EVERY = 5 * 60_000;
const WHOLE = new Set([401, 409, 429]); // statuses that say something of the moment or of the device, not of the scans
const PARTS = new Set(["field", "json", "too-large", "too-many"]); // codes that say something of some of them

export class Sync extends EventTarget {
  constructor({ base, slug, store, day }) {
    super();
    Object.assign(this, { base, slug, store, day, up: navigator.onLine, failures: 0, sentAt: 0, listAt: -Infinity, pairing: null, clock: null });
  }

  get pairing() { return this.known; }
  set pairing(known) {
    this.known = known;
    reckonIn(known?.conference?.zone);
  }

  start() {
    const soon = () => { this.failures = 0; this.run(); };
    window.addEventListener("online", soon);
    window.addEventListener("offline", () => this.heard(false));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.run(); });
    setInterval(() => this.run(), EVERY);
    return this.run();
  }

  // Whether the server is there; everybody who shows it is told.
  heard(up) {
    this.up = up;
    this.dispatchEvent(new Event("change"));
  }

  async ask(what, body) {
    const { token } = this.pairing;
    const reply = await ask(this.base, what, { token, body }).catch((error) => { throw Object.assign(error, { token }); });
    await this.measure(reply);
    return reply.answer;
  }

  async measure({ answer, wall, mono, took }) {
    const now = Date.parse(answer.now);
    if (Number.isNaN(now)) return;
    const clock = better(this.clock, measured(now, wall, mono, took));
    if (clock === this.clock) return;
    this.clock = clock;
    await this.store.set("clock", clock);
  }

  run() {
    if (!this.pairing?.token || this.running) return this.running;
    const round = () => this.round();
    const locked = navigator.locks ? navigator.locks.request(`door:${this.slug}`, { ifAvailable: true }, (lock) => lock && round()) : round();
    this.running = locked.finally(() => { this.running = null; });
    return this.running;
  }

  async round() {
    clearTimeout(this.later);
    try {
      await this.send();
      await this.deliver();
      await this.look();
      this.failures = 0;
      this.heard(true);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return this.revoked(error);
      if (!(error instanceof Away) && !(error instanceof Refused)) console.error(error); // of ours: tried again all the same
      this.lost(error instanceof Away);
    }
  }

  // Tried again soon, then less and less often.
  lost(isAway) {
    this.heard(!isAway);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.run(), pause(this.failures++));
  }

  // Everything that waits. Scans of another pairing of this phone go as another phone would carry them.
  async send() {
    for (;;) {
      const rows = await this.store.waiting(BATCH);
      if (!rows.length) return;
      const { device } = rows[0];
      await this.sendRows(rows.filter((row) => row.device === device));
      this.heard(true);
    }
  }

  // Rows of one device → their answers, after they were marked. One that spoils its batch is found and marked alone.
  async sendRows(rows) {
    let answers;
    try {
      ({ answers } = rows[0].device === this.pairing.id
        ? await this.ask("scans", { scans: rows.map(spoken) })
        : await this.ask("relay", relayed(await parcel(this.store, this.slug, rows[0].device, rows))));
    } catch (error) {
      if (!(error instanceof Refused) || WHOLE.has(error.status)) throw error;
      if (rows.length > 1 && PARTS.has(error.code)) return [...await this.sendRows(rows.slice(0, rows.length / 2)), ...await this.sendRows(rows.slice(rows.length / 2))];
      answers = rows.map(({ id }) => ({ id, answer: "refused", error: error.message }));
    }
    const by = new Map(answers.map((one) => [one.id, one]));
    // As the row is now: while it was under way the volunteer may have been told something.
    const answered = rows.filter(({ id }) => by.has(id)).map(({ n }) => n);
    this.count(await this.store.settle(answered, (row) => settled(row, by.get(row.id))), answers);
    this.sentAt = Date.now();
    this.store.set("sent", this.sentAt).catch(() => {}); // told again when the app is opened again
    return answers;
  }

  // Until state/ is asked again, the counts of the sessions grow by who was welcome.
  count(rows, answers) {
    const welcome = new Set(answers.filter(({ answer }) => answer === "welcome").map(({ id }) => id));
    for (const row of rows) {
      const session = welcome.has(row.id) && this.pairing.sessions.find(({ code }) => code === row.session);
      if (session) session.present += 1;
    }
  }

  // What other phones gave to carry; what was refused waits for a person.
  async deliver() {
    for (const kept of await this.store.carried()) {
      if (!kept.refused) this.dispatchEvent(new CustomEvent("delivered", { detail: { parcel: kept, ...await this.hand(kept) } }));
    }
  }

  // One such parcel → { answers, refused }: gone from here once the server has it, kept with the reason where it was refused.
  async hand(kept) {
    let answers = [], refused = "";
    try {
      ({ answers } = await this.ask("relay", relayed(kept)));
    } catch (error) {
      if (!(error instanceof Refused) || WHOLE.has(error.status)) throw error;
      refused = error.message;
    }
    await (refused ? this.store.carry({ ...kept, refused }) : this.store.deliver(kept.mac));
    return { answers, refused };
  }

  // Sessions and counts; the day's list when it is old.
  async look() {
    const { now, ...known } = await this.ask("state");
    await this.learn(known);
    if (this.day.isThere && performance.now() - this.listAt < LIST_EVERY) return;
    this.listAt = performance.now();
    const list = await this.ask("day").catch((error) => { if (error.code !== "over") throw error; });
    if (list) await this.day.take(list);
  }

  // Its name and sessions may have been changed at the desk; the list tells of the sessions.
  async learn(known) {
    const codes = ({ sessions }) => sessions.map(({ code }) => code).join();
    if (known.device !== this.pairing.device) await this.store.rename(known.id, known.device);
    if (codes(known) !== codes(this.pairing)) this.listAt = -Infinity;
    this.pairing = { ...this.pairing, ...known };
    await this.store.set("pairing", this.pairing);
  }

  // The device opens nothing any more: token and list go, scans that were not sent stay. Unless it was paired anew meanwhile, here or in
  // another page of this phone: then only the old token is dead.
  async revoked(error) {
    const kept = await this.store.get("pairing");
    if (kept?.token && kept.token !== error.token) {
      this.pairing = kept;
      return this.lost(false);
    }
    const { token, ...known } = this.pairing;
    this.pairing = { ...known, revoked: true };
    await this.store.set("pairing", this.pairing);
    await this.day.wipe();
    this.dispatchEvent(new CustomEvent("revoked", { detail: error }));
  }
}

const relayed = ({ device, scans, mac }) => ({ device, scans, mac });
