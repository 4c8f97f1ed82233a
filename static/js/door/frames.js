// A text as a row of pictures for the camera of another phone, and back: HNF:<n>/<total>:<id>:<chunk>. Pure but for the deflating.
import { ALPHABET, bytesOf, isSpelled, spelled } from "./codes.js";

const CHUNK = 700, MOST = 5000; // characters a picture; pictures
const FRAME = /^HNF:(\d{1,4})\/(\d{1,4}):([0-9A-Z]{4}):([0-9A-Z]+)$/;

const through = async (bytes, stream) => new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

export async function cut(text) {
  const body = spelled(await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw")));
  const total = Math.ceil(body.length / CHUNK), id = mark(body);
  return Array.from({ length: total }, (_, at) => `HNF:${at + 1}/${total}:${id}:${body.slice(at * CHUNK, (at + 1) * CHUNK)}`);
}

// Four characters that tell one text from another, and a whole one from a damaged one.
function mark(body) {
  let sum = 0x811c9dc5;
  for (let at = 0; at < body.length; at++) sum = Math.imul(sum ^ body.charCodeAt(at), 0x01000193) >>> 0;
  return [15, 10, 5, 0].map((shift) => ALPHABET[sum >>> shift & 31]).join("");
}

// Takes pictures in any order and any number of times.
export class Gathering {
  constructor() { this.clear(); }

  clear() { this.id = ""; this.total = 0; this.chunks = new Map(); }

  // → { have, total } or null, where it is none of ours. A picture of another text begins anew.
  add(frame) {
    const [, n, total, id, chunk] = FRAME.exec(frame) ?? [];
    if (!id || !isSpelled(chunk) || +n < 1 || +n > +total || +total > MOST) return null;
    if (id !== this.id || +total !== this.total) { this.clear(); [this.id, this.total] = [id, +total]; }
    this.chunks.set(+n, chunk);
    return { have: this.chunks.size, total: this.total };
  }

  get isWhole() { return this.total > 0 && this.chunks.size === this.total; }

  // The text, or "" where what came together is not what was cut.
  async text() {
    const body = Array.from({ length: this.total }, (_, at) => this.chunks.get(at + 1)).join("");
    if (mark(body) !== this.id) return "";
    try { return new TextDecoder().decode(await through(bytesOf(body), new DecompressionStream("deflate-raw"))); } catch { return ""; }
  }
}
