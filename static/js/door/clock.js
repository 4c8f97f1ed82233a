// The clock of this phone against that of the server. Pure: times are handed in. `wall` is what the phone believes, `mono` a count
// of milliseconds that nobody sets; both in ms.
export const LARGEST_ERROR = 24 * 60 * 60 * 1000;
const DRIFT = 1e-4; // of a cheap quartz, generously
const SLACK = 250; // ms between two readings of one moment

// After an answer: `wall` and `mono` of its arrival, `took` ms for the question, `now` in it.
export function measured(now, wall, mono, took, life) {
  return { offset: Math.round(now - (wall - took / 2)), error: Math.ceil(took / 2), wall, mono, life };
}

// The better of two measurements: a new one, unless it took much longer and the old one is fresh.
export function better(old, fresh) {
  const stale = !old || old.life !== fresh.life || fresh.mono - old.mono > 60_000;
  return stale || fresh.error <= 2 * old.error + 50 ? fresh : old;
}

// What a scan says now: { offset_ms, error_ms }. A clock that was set is found by the other count; a phone that may have slept
// between (`slept`) has lost that count, so that only the error grows.
export function reading(clock, wall, mono, life, slept) {
  if (!clock) return { offset_ms: 0, error_ms: LARGEST_ERROR };
  let { offset, error } = clock;
  const since = wall - clock.wall, same = clock.life === life;
  const jump = same ? since - (mono - clock.mono) : Math.min(since, 0);
  if (Math.abs(jump) > SLACK) {
    if (same && (jump < 0 || !slept)) offset -= jump; else error += Math.abs(jump);
  }
  error += Math.ceil((same ? mono - clock.mono : Math.max(since, 0)) * DRIFT);
  return { offset_ms: Math.round(offset), error_ms: Math.min(Math.round(error), LARGEST_ERROR) };
}
