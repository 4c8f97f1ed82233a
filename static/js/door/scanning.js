// One scan from the code to the answer: read, judged by the phone, kept, told, and left to the server where it is there.
import { Away, Refused } from "./api.js";
import { decide, isSame, LEFT_TO_SERVER, lets, told } from "./answer.js";
import { read } from "./badge.js";
import { reading } from "./clock.js";
import { firstSequence } from "./queue.js";

const LONGEST_HEARD = 200, PATIENCE = 1500, NOTICED = 250; // characters; ms that a person at the door waits for the server, and until that shows
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A text as the server takes it: no control characters, no halves of letters, not longer than a scan holds.
export const plain = (text) => text.replace(/[\p{Cc}\p{Cs}]/gu, "").trim().slice(0, LONGEST_HEARD);

export class Scanning {
  // `show(answer, turn)`: what the volunteer learns; `changed()`: counts moved.
  constructor({ store, sync, day, show, changed }) {
    Object.assign(this, { store, sync, day, show, changed, session: "", direction: "in", slept: false, turn: 0 });
    document.addEventListener("visibilitychange", () => { this.slept ||= document.hidden; });
  }

  // The moment by the server's clock, as well as it is known.
  now() { return Date.now() + this.clock().offset_ms; }

  clock() {
    if (this.sync.clock !== this.known) { this.known = this.sync.clock; this.slept = document.hidden; }
    return reading(this.sync.clock, Date.now(), performance.now(), this.slept);
  }

  async hear(text, { insisted = false } = {}) {
    const heard = plain(text), turn = ++this.turn, began = performance.now();
    if (!heard || !this.session) return;
    const { pairing } = this.sync, { session, direction } = this;
    const badge = await read(heard, pairing.keys ?? []), person = await this.day.person(badge), dead = !person && await this.day.isDead(badge);
    const who = person && `${session} ${person.code}`;
    const local = decide({ badge, person, dead, direction, session, insisted, entered: person && await this.entered(session, who, person) });
    const waits = this.sync.up && pairing.token && LEFT_TO_SERVER.has(local.kind);
    const row = await this.keep({ session, direction, heard, insisted, who: direction === "in" ? who : undefined, said: waits ? "" : local.kind });
    if (!row) return this.tell({ kind: "notkept", person }, turn, heard, began);
    const enters = direction === "in" && lets(local.kind);
    if (!waits) this.tell({ ...local, at: this.now() }, turn, heard, began);
    if (enters) this.changed();
    if (this.sync.up && pairing.token) await this.consult(row, local, { turn, heard, waits, began });
  }

  // This phone's own word first, then that of the list.
  async entered(session, who, person) {
    const row = await this.store.entered(who);
    if (!row) return this.day.entered(session, person.code);
    return { since: new Date(Date.parse(row.device_at) + row.offset_ms).toISOString(), where: this.sync.pairing.device };
  }

  // null where the phone could not keep it: then nothing is pretended.
  async keep({ who, ...scan }) {
    const at = Date.now(), row = { ...scan, ...this.clock(), id: crypto.randomUUID(), device_at: new Date(at).toISOString(), who };
    if (who && lets(scan.said)) row.entered = who;
    if (!row.insisted) delete row.insisted;
    if (!who) delete row.who;
    try { return await this.store.append(this.sync.pairing.id, firstSequence(at, at + row.offset_ms), row); } catch { return null; }
  }

  // The server's answer in the place of the phone's, if it comes while the person stands there.
  async consult(row, local, { turn, heard, waits, began }) {
    const asked = this.sync.sendRows([row]).then(([answer]) => answer, (error) => this.missed(error));
    const asking = setTimeout(() => waits && this.tell({ ...local, kind: "asking" }, turn, heard, began), NOTICED);
    const answer = await Promise.race([asked, wait(PATIENCE)]);
    clearTimeout(asking);
    if (!answer && waits) {
      const late = await this.fallBack(row, local.kind);
      if (!late) this.tell({ ...local, at: this.now() }, turn, heard, began);
    }
    const final = answer ?? await asked;
    if (final?.answer === "refused") this.tell({ kind: "refused", person: local.person, note: final.error }, turn, heard, began);
    else if (final) this.correct(told(final, local), local, waits, { turn, heard, began });
    this.changed();
  }

  correct(said, local, waits, { turn, heard, began }) {
    if (waits || !isSame(said, { ...local, since: said.since, where: said.where })) this.tell({ ...said, at: this.now() }, turn, heard, began);
  }

  missed(error) {
    if (error instanceof Refused && error.status === 401) this.sync.revoked(error);
    else this.sync.lost(error instanceof Away);
    return null;
  }

  // The phone has to say something: that is noted beside the scan, which may be on its way already and stays as it is.
  async fallBack(row, kind) {
    const change = { told: kind, ...(lets(kind) && row.who ? { entered: row.who } : {}) };
    const [kept] = await this.store.settle([row.n], () => ({ change }));
    return kept ? "" : (await this.store.scan(row.n))?.verdict;
  }

  tell(answer, turn, heard, began) {
    if (turn !== this.turn) return;
    this.show({ ...answer, heard });
    performance.measure(`door:${answer.kind}`, { start: began });
  }
}
