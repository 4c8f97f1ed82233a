// What the phone answers by itself, and how it reads the server's answer. Pure.
export const LEFT_TO_SERVER = new Set(["welcome", "offline"]); // with a network the server has the last word on these
const ENTERS = new Set(["welcome", "again"]);

// `badge`: what badge.js read. `person`: of the day's list, or undefined; `dead`: it was the badge of one who has a new one. `entered`: { since, where } if already in, as far as this
// phone knows. → { kind, person, since, where, head }; `head` tells why an unknown or unchecked badge is so.
export function decide({ badge, person, dead = false, direction, session, entered, insisted = false }) {
  if (badge.kind === "damaged" || badge.kind === "foreign") return { kind: "unknown", head: badge.kind };
  if (dead) return { kind: "revoked" };
  if (!person) return { kind: "offline", head: badge.kind === "signed" ? "genuine" : "offline" };
  if (person.status === "replaced" || person.status === "withdrawn") return { kind: person.status, person };
  if (direction === "out") return { kind: "out", person };
  if (person.elsewhere?.includes(session) && !insisted) return { kind: "elsewhere", person };
  return entered ? { kind: "again", person, ...entered } : { kind: "welcome", person };
}

// One answer of scans/ in the same shape; what the list knows more (who comes instead, the colour of the band) is kept.
export function told(answer, local) {
  const { answer: kind, since, where, name, title, organisation, delegation, category, seat, photo, band, holder } = answer;
  const found = name ? { ...local.person, name, title, organisation, delegation, category, seat, photo } : local.person;
  const person = found && { ...found, band: band ?? found.band, holder: holder ?? found.holder };
  return { kind, person, since, where, head: local.head };
}

export const lets = (kind) => ENTERS.has(kind);
export const isSame = (a, b) => a.kind === b.kind && a.since === b.since && a.where === b.where && a.person?.name === b.person?.name
  && (a.person?.seat ?? "") === (b.person?.seat ?? "");
