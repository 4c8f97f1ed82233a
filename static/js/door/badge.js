// What the QR of a badge says, checked without a network: "HN1" and the token with its signature (attendees/badge_code.py).
import { verifyAsync } from "../../noble/index.js";
import { asRead, bytesOf, fromHex, isSpelled, shortCode, spelled } from "./codes.js";

const SIGNED = "HN1", TOKEN = 16, TOKEN_BYTES = 10, PAYLOAD = 119;

// A read text → { kind, token?, code? }. Kinds: signed (rightly) · token (an old badge, unsigned) · code (short) · foreign
// (signed by another conference, or by nobody) · damaged (no badge of any kind). `keys`: public keys in hexadecimal.
export async function read(text, keys) {
  const heard = asRead(text);
  if (heard.startsWith(SIGNED) && heard.length > TOKEN) return signed(heard.slice(SIGNED.length), keys);
  if (heard.length === TOKEN && isSpelled(heard)) return { kind: "token", token: heard };
  const { code } = shortCode(text);
  return code ? { kind: "code", code } : { kind: "damaged" };
}

async function signed(payload, keys) {
  if (payload.length !== PAYLOAD || !isSpelled(payload)) return { kind: "damaged" };
  const bytes = bytesOf(payload), token = spelled(bytes.slice(0, TOKEN_BYTES)), signature = bytes.slice(TOKEN_BYTES);
  const said = new TextEncoder().encode(`${SIGNED}:${token}`);
  for (const key of keys) {
    if (await verifyAsync(signature, said, fromHex(key)).catch(() => false)) return { kind: "signed", token };
  }
  return { kind: "foreign" };
}
