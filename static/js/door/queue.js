// What becomes of scans that wait. Pure: rows in, changes out.
export const BATCH = 500;
const FIRST = 2000, LONGEST = 60_000;
const SENT = ["id", "sequence", "session", "direction", "heard", "device_at", "offset_ms", "error_ms", "said"];

// A row as scans/ takes it.
export function spoken(row) {
  const told = Object.fromEntries(SENT.map((name) => [name, row[name]]));
  return row.insisted ? { ...told, insisted: true } : told;
}

// A row and its answer → { change, correction? }. A scan sent without what was said, because the phone waited for the server and then
// could not any longer, is answered later: if the volunteer was told to let in and the server says otherwise, that is a scan to be
// added.
export function settled(row, answer) {
  if (answer.answer === "refused") return { change: { waiting: undefined, refused: answer.error } };
  const change = { waiting: undefined, refused: undefined, verdict: answer.answer, entered: undefined };
  if (["welcome", "again"].includes(row.told || row.said || answer.answer)) change.entered = row.who;
  return row.told === "welcome" && answer.answer !== "welcome" ? { change, correction: anew(row) } : { change };
}

// The same scan, with what the volunteer was told; the log shall hold it.
const anew = ({ n, sequence, told, verdict, ...scan }) => ({ ...scan, id: crypto.randomUUID(), said: told });

// The sequence begins at the seconds since 2024, so that a phone paired anew never says a number twice.
export const firstSequence = (...times) => Math.max(1, Math.floor((Math.min(Math.max(...times), Date.UTC(2080)) - Date.UTC(2024)) / 1000));

export const pause = (failures) => Math.min(FIRST * 2 ** failures, LONGEST);
