// Scans by hand: out as a file or as pictures, in from another phone.
import { Away, Refused } from "./api.js";
import { download, opened, parcels } from "./export.js";
import { cut, Gathering } from "./frames.js";

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

// A text of another phone: sent at once, or kept until there is a network. → a sentence.
export async function take({ text, store, slug, sync, words, fill }) {
  const { parcels: found, fault } = opened(text, slug);
  if (fault) return words[fault];
  const sentences = [];
  for (const parcel of found) {
    const device = parcel.device_name, all = JSON.parse(parcel.scans).length;
    try {
      const { answers } = await sync.ask("relay", { device: parcel.device, scans: parcel.scans, mac: parcel.mac });
      const refused = answers.filter(({ answer }) => answer === "refused").length;
      sentences.push(fill(refused ? words.carry_some : words.carry_done, { n: all - refused, device, refused }));
    } catch (error) {
      if (error instanceof Refused) { sentences.push(error.message); continue; }
      if (!(error instanceof Away)) throw error;
      await store.carry(parcel);
      sentences.push(fill(words.carry_kept, { n: all, device }));
    }
  }
  return sentences.join(" ");
}
