// What the volunteer sees and hears. Colour, sign and words say the same.
import { clockOf } from "./hours.js";

const LOOK = { // kind: tone, icon
  asking: ["wait", "clock"], welcome: ["ok", "check"], again: ["again", "again"], out: ["out", "out"], replaced: ["swap", "swap"], withdrawn: ["swap", "cross"],
  elsewhere: ["else", "pin"], unknown: ["stop", "bang"], revoked: ["stop", "cross"], offline: ["ask", "ask"], notkept: ["stop", "trash"],
  refused: ["ask", "bang"],
};
const BRIEF = new Set(["replaced", "elsewhere", "notkept"]); // what to do comes first
const RETYPED = new Set(["unknown", "revoked"]);
const BANDED = new Set(["welcome", "again", "out", "elsewhere"]);
const SEATED = new Set(["welcome", "again"]); // told where to sit

export const make = (tag, className = "", text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export class Screen {
  constructor(root, words, icons, sound) {
    Object.assign(this, { root, words, icons, sound, body: root.body });
    this.box = root.querySelector("[data-answer]");
    this.place = Object.fromEntries([...root.querySelectorAll("[data-show]")].map((it) => [it.dataset.show, it]));
  }

  icon(name, className = "icon") {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), use = document.createElementNS(svg.namespaceURI, "use");
    const shape = name.startsWith("c-") ? name : `i-${name}`;
    svg.setAttribute("class", className);
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${this.icons}#${shape}`);
    svg.append(use);
    return svg;
  }

  // One panel at a time; the answer is one of them.
  panel(name) {
    this.body.dataset.panel = name;
    if (name !== "answer") { delete this.body.dataset.tone; delete this.body.dataset.kind; this.box.replaceChildren(); }
    for (const panel of this.root.querySelectorAll("[data-panel-of]")) panel.hidden = panel.dataset.panelOf !== name;
    const shown = this.root.querySelector(`[data-panel-of="${name}"]`);
    (shown?.querySelector("[autofocus]") ?? shown?.querySelector("h2"))?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  answer(told) {
    const { words } = this, [tone, icon] = LOOK[told.kind] ?? LOOK.unknown, { person } = told;
    const sign = make("p", "answer__sign"), parts = [sign];
    sign.append(this.icon(icon), make("span", "", this.sign(told)));
    const isLost = told.kind === "notkept";
    parts.push(make("h2", "", isLost ? words.notkept_head : person?.name ?? this.head(told)));
    if (isLost && person) parts.push(make("p", "answer__unit", person.name));
    else if (person?.delegation) parts.push(make("p", "answer__unit", person.delegation));
    if (person?.seat && SEATED.has(told.kind)) parts.push(make("p", "answer__seat", fill(words.seat, { seat: person.seat })));
    const post = person && !BRIEF.has(told.kind) && [person.title, person.organisation].filter(Boolean).join(", ");
    if (post) parts.push(make("p", "", post));
    const next = this.next(told);
    if (next) parts.push(next);
    if (person?.category && BANDED.has(told.kind)) parts.push(this.band(person));
    this.panel("answer");
    this.box.replaceChildren(...parts);
    this.body.dataset.tone = tone;
    this.body.dataset.kind = told.kind;
    this.place.insist.hidden = told.kind !== "elsewhere";
    this.place.next.textContent = RETYPED.has(told.kind) ? words.retype : words.next;
    this.sound.play(tone);
  }

  wantsFace({ kind, person }) { return Boolean(person?.photo && person.code) && SEATED.has(kind); }

  // Beside what is said already; drawn, so that no address of it stands in the page.
  face(picture, name) {
    const canvas = Object.assign(make("canvas", "answer__face"), { width: picture.width, height: picture.height });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", fill(this.words.face, { name }));
    canvas.getContext("2d").drawImage(picture, 0, 0);
    this.box.querySelector(".answer__sign")?.after(canvas);
  }

  sign({ kind, since, at }) {
    if (kind !== "again") return this.words[kind] ?? this.words.unknown;
    return since ? fill(this.words.again, { time: clockOf(since, at) }) : this.words.again_unknown;
  }

  head({ kind, head }) {
    const { words } = this;
    if (kind === "unknown") return head === "damaged" ? words.damaged_head : words.unknown_head;
    if (kind === "offline") return head === "genuine" ? words.genuine_head : words.offline_head;
    return words[`${kind}_head`] ?? "";
  }

  // What follows for the person at the door: an order in a box, or a plain line.
  next({ kind, since, where, at, person, note }) {
    const { words } = this, line = (text) => make("p", "", text);
    const box = (title, text) => { const it = make("div", "answer__box"); it.append(make("b", "", title), make("span", "", text)); return it; };
    switch (kind) {
      case "again": return line(where ? fill(words.again_where, { where }) : words.again_what);
      case "out": return line(fill(words.out_what, { time: clockOf(since ?? at, at) }));
      case "replaced": return box(person?.holder ? fill(words.replaced_by, { name: person.holder }) : words.not_in, words.replaced_what);
      case "notkept": return box(words.notkept_do, words.notkept_what);
      case "elsewhere": return box(where ? fill(words.elsewhere_where, { where }) : words.not_in, words.elsewhere_what);
      case "refused": return box(words.refused_do, note);
      case "offline": return line(words.offline_what);
      case "welcome": case "asking": return null;
      default: return box(words.not_in, words[`${kind}_what`] ?? "");
    }
  }

  band({ band = "service", category }) {
    const it = make("div", `band band--${band}`);
    it.append(this.icon(`c-${band}`, ""), make("span", "", category));
    return it;
  }

  put(name, text) { if (this.place[name] && this.place[name].textContent !== text) this.place[name].textContent = text; }

  // The strip: only where something is not as it should be.
  network({ up, waiting, stuck }) {
    const { words } = this, n = waiting, strip = this.place.strip;
    strip.hidden = up && !stuck;
    this.body.dataset.net = up ? "up" : "down";
    if (strip.hidden) return;
    this.put("net", up ? fill(words.net_stuck, { n }) : words.net_down);
    this.put("netmore", up ? "" : n ? fill(words.net_waiting, { n }) : words.net_none);
  }
}
