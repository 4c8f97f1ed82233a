// The server, as a phone speaks with it: a token in a header, no cookie.
export class Away extends Error {} // no network, or nobody answers
export class Refused extends Error { // the server said no, with a code and a sentence
  constructor(status, { code = "", error = "" }) { super(error); this.status = status; this.code = code; }
}
const LONGEST = 20_000, LOOKED_FOR = 5_000; // ms; a face is of use while the person stands there

// → { answer, wall, mono, took }: the times of its arrival, and how long it took.
export async function ask(base, what, { token = "", body, longest = LONGEST } = {}) {
  const before = performance.now();
  let response, text;
  try {
    response = await fetch(`${base}${what}/`, {
      method: body === undefined ? "GET" : "POST",
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { ...(token && { Authorization: `Device ${token}` }), ...(body !== undefined && { "Content-Type": "application/json" }) },
      credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(longest),
    });
    text = await response.text();
  } catch { throw new Away(what); }
  const mono = performance.now(), wall = Date.now();
  let answer;
  try { answer = JSON.parse(text); } catch { throw new Away(what); } // a page of a proxy or of a captive network
  if (!response.ok && response.status >= 500) throw new Away(what);
  if (!response.ok) throw new Refused(response.status, answer);
  return { answer, wall, mono, took: mono - before };
}

// The photo of a person as something to draw; null where there is none, or no network. It is kept nowhere.
export async function face(base, code, token) {
  try {
    const response = await fetch(`${base}photo/${code}/`, {
      headers: { Authorization: `Device ${token}` }, credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(LOOKED_FOR),
    });
    return response.ok ? await createImageBitmap(await response.blob()) : null;
  } catch { return null; }
}
