// Scans by hand: out as a file or as pictures, in from another phone.
import { Away, Refused } from "./api.js";
import { download, opened, parcels } from "./export.js";
import { cut, Gathering } from "./frames.js";
import { fill, make } from "./screen.js";

const EVERY = 160; // ms a picture stands
const gathering = new Gathering();
let turning = 0;

// Files of what was not sent; how many.
export async function give(store, slug) {
  const made = await parcels(store, slug);
  made.forEach((parcel, at) => {
    const part = made.length > 1 ? `-${at + 1}` : "";
    download(`${slug}-${parcel.device_name.replace(/[^\p{L}\p{N}]+/gu, "-")}${part}.json`, JSON.stringify(parcel));
  });
  return made.length;
}

// The same as pictures that follow each other on the screen, for the camera of another phone.
export async function giveFrames(store, slug, screen, words, fill) {
  const made = await parcels(store, slug);
  if (!made.length) return 0;
  const frames = await cut(JSON.stringify(made)), { encode } = await import("../../uqr/index.mjs");
  const canvas = document.querySelector("[data-picture]"), total = frames.length;
  screen.panel("frames");
  screen.put("framesnote", fill(words.frames_note, { total }));
  clearInterval(turning);
  let at = 0;
  const turn = () => {
    if (canvas.closest("[hidden]")) return clearInterval(turning);
    draw(canvas, encode(frames[at], { ecc: "L", border: 4 }).data);
    screen.put("frame", fill(words.frame_of, { n: at + 1, total }));
    at = (at + 1) % total;
  };
  turning = setInterval(turn, EVERY);
  turn();
  return made.length;
}

function draw(canvas, rows) {
  const cell = Math.max(1, Math.floor(1000 / rows.length)), on = canvas.getContext("2d");
  canvas.width = canvas.height = rows.length * cell;
  on.fillStyle = "#fff";
  on.fillRect(0, 0, canvas.width, canvas.height);
  on.fillStyle = "#000";
  rows.forEach((row, y) => row.forEach((dark, x) => { if (dark) on.fillRect(x * cell, y * cell, cell, cell); }));
}

// A picture that was seen; the whole text once it is there, else null.
export async function gather(frame, progress) {
  const got = gathering.add(frame);
  if (got) progress(got.have, got.total);
  if (!got || !gathering.isWhole) return null;
  const text = await gathering.text();
  gathering.clear();
  return text;
}

const counted = ({ scans }) => { try { return JSON.parse(scans).length; } catch { return 0; } };

// What became of a parcel, in a sentence.
export function outcome(words, parcel, { answers, refused }) {
  const device = parcel.device_name, left = answers.filter(({ answer }) => answer === "refused").length;
  if (refused) return fill(words.carry_refused, { n: counted(parcel), device, reason: refused });
  return fill(left ? words.carry_some : words.carry_done, { n: answers.length - left, device, refused: left });
}

// The parcels that this phone carries, each with what can be done: `act(what, mac)`.
export function listed(parcels, words, act) {
  return parcels.map((parcel) => {
    const row = make("li"), { refused, mac, device_name: device } = parcel, n = counted(parcel);
    row.append(make("p", "", refused ? fill(words.carry_refused, { n, device, reason: refused }) : fill(words.carry_waits, { n, device })));
    for (const what of refused ? ["again", "drop"] : []) {
      const button = Object.assign(make("button", "btn", words[`carry_${what}`]), { type: "button" });
      button.addEventListener("click", () => {
        if (what === "drop" && !button.dataset.sure) { button.dataset.sure = "1"; button.textContent = words.carry_sure; } else act(what, mac);
      });
      row.append(button);
    }
    return row;
  });
}

// A text of another phone: kept, then sent at once; what cannot be sent now waits for a network. → a sentence.
export async function take({ text, store, slug, sync, words }) {
  const { parcels: found, fault } = opened(text, slug);
  if (fault) return words[fault];
  const sentences = [];
  for (const parcel of found) {
    try { await store.carry(parcel); } catch { return words.notkept_what; }
    try {
      sentences.push(outcome(words, parcel, await sync.hand(parcel)));
    } catch (error) {
      if (!(error instanceof Away) && !(error instanceof Refused)) throw error;
      sentences.push(fill(words.carry_kept, { n: counted(parcel), device: parcel.device_name }));
      if (error.status === 401) await sync.revoked(error);
    }
  }
  return sentences.join(" ");
}
