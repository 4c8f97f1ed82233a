// The clock of this phone against that of the server. Pure: times are handed in. `wall` is what the phone believes, `mono` a count
// of milliseconds that nobody sets; both in ms.
export const LARGEST_ERROR = 24 * 60 * 60 * 1000;
const DRIFT = 1e-4; // of a cheap quartz, generously
const SLACK = 250; // ms between two readings of one moment

// After an answer: `wall` and `mono` of its arrival, `took` ms for the question, `now` in it.
export function measured(now, wall, mono, took) {
  return { offset: Math.round(now - (wall - took / 2)), error: Math.ceil(took / 2), wall, mono };
}

// The better of two measurements: a new one, unless it took much longer and the old one is fresh.
export function better(old, fresh) {
  const stale = !old || fresh.mono - old.mono > 60_000;
  return stale || fresh.error <= 2 * old.error + 50 ? fresh : old;
}

// A measurement of an earlier page, taken over when this one opens: what the phone was set meanwhile is only seen where it went back.
export function resumed(clock, wall, mono) {
  if (!clock) return null;
  const since = wall - clock.wall;
  return { ...clock, error: clock.error + Math.ceil(since < 0 ? -since : since * DRIFT), wall, mono };
}

// What a scan says now: { offset_ms, error_ms }. A clock that was set is found by the other count; a phone that may have slept
// between (`slept`) has lost that count, so that only the error grows.
export function reading(clock, wall, mono, slept) {
  if (!clock) return { offset_ms: 0, error_ms: LARGEST_ERROR };
  let { offset, error } = clock;
  const counted = mono - clock.mono, jump = wall - clock.wall - counted;
  if (Math.abs(jump) > SLACK) {
    if (jump < 0 || !slept) offset -= jump; else error += jump;
  }
  error += Math.ceil(counted * DRIFT);
  return { offset_ms: Math.round(offset), error_ms: Math.min(Math.round(error), LARGEST_ERROR) };
}
