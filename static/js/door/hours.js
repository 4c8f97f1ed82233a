// Days and hours as the conference counts them: in its zone once the server has said it, in Vietnam's until then.
const DAY = 24 * 60 * 60 * 1000;
let by = formats("Asia/Ho_Chi_Minh");

function formats(timeZone) {
  const format = (language, options) => new Intl.DateTimeFormat(language, { timeZone, ...options });
  return {
    day: format("sv-SE"), moment: format("sv-SE", { dateStyle: "short", timeStyle: "short" }),
    hour: format("vi-VN", { hour: "2-digit", minute: "2-digit" }),
  };
}

export function reckonIn(zone) {
  try { if (zone) by = formats(zone); } catch { /* this browser does not know the zone */ }
}

export const dayOf = (at) => by.day.format(at); // "2024-06-05"
export const momentOf = (at) => by.moment.format(at); // "2024-06-05 07:42"

// "07:42"; of another day "07:42, 05/6".
export function clockOf(moment, now = Date.now()) {
  const at = new Date(moment), hour = by.hour.format(at);
  return date(at) === date(now) || Math.abs(now - at) < DAY / 4 ? hour : `${hour}, ${date(at)}`;
}

// "2024-06-05" → "05/6/2024", or "05/6" without its year: January and February alone have two figures.
export function shownDay(day, withYear = true) {
  const [year, month, date] = day.split("-"), short = `${date}/${Number(month) < 3 ? month : Number(month)}`;
  return withYear ? `${short}/${year}` : short;
}

const date = (at) => shownDay(dayOf(at), false);
