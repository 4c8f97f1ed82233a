// The codes on badges, as attendees/codes.py reads them. Pure.
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SHORT = 8, FIELD = 0b100101; // x⁵ + x² + 1 over GF(2)
const READ_AS = { O: "0", I: "1", L: "1" };

// What a reader of codes types: capitals, without blanks and lines.
export const asRead = (text) => text.replace(/\s+/g, "").toUpperCase();

// What people do to a code is undone: lower case, spaces, dashes, O for 0, I or L for 1.
export const asStored = (text) => text.replace(/[ \t\r\n\u00a0\-\u2010\u2011\u2013\u2014.]/g, "").toUpperCase().replace(/[OIL]/g, (it) => READ_AS[it]);

export const isSpelled = (text) => [...text].every((one) => ALPHABET.includes(one));

const double = (element) => (element << 1) ^ (element >= ALPHABET.length / 2 ? FIELD : 0);
const value = (code) => [...code].reduce((total, one) => double(total) ^ ALPHABET.indexOf(one), 0);

// A typed short code → { code }, or { fault: "length" | "alphabet" | "check" }.
export function shortCode(text) {
  const code = asStored(text);
  if (code.length !== SHORT) return { fault: "length" };
  if (!isSpelled(code)) return { fault: "alphabet" };
  return value(code) ? { fault: "check" } : { code };
}

// Five bits a character; bits that fill no byte fall away.
export function bytesOf(text) {
  const bytes = new Uint8Array(Math.floor(text.length * 5 / 8));
  let bits = 0, held = 0, at = 0;
  for (const one of text) {
    held = (held << 5 | ALPHABET.indexOf(one)) & 0xfff;
    bits += 5;
    if (bits >= 8) { bits -= 8; bytes[at++] = held >> bits & 0xff; }
  }
  return bytes;
}

export function spelled(bytes) {
  let text = "", bits = 0, held = 0;
  for (const byte of bytes) {
    held = (held << 8 | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) { bits -= 5; text += ALPHABET[held >> bits & 31]; }
  }
  return bits ? text + ALPHABET[held << 5 - bits & 31] : text;
}

export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
export const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
