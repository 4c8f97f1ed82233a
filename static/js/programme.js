// [data-plan-grid]: drawn from the table below it: a column for each hall, a block for each session. A block is dragged, its
// lower edge resized; by keyboard: Enter, arrows, Enter. An act goes to the address of the table's form, then the page's
// moving part is asked for anew, so that what is shown is what was kept. Without script the table does all of it.
const STEP = 5, HOUR = 60, EDGE = 48; // minutes; pixels
const voice = document.querySelector("[data-plan-voice]");
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;
let grid, words, halls, from, to, moving, undo;

function draw() {
  grid = document.querySelector("[data-plan-grid]");
  if (!grid) return;
  words = grid.dataset;
  halls = [...document.querySelectorAll("[data-plan-halls] li")].map((item) => ({ key: item.dataset.hall, name: item.textContent }));
  const rows = [...document.querySelectorAll(".plan-row")].map(read);
  if (!rows.some((row) => row.hall === "") && halls.length > 1) halls.pop();
  from = Math.floor(Math.min(7 * HOUR, ...rows.map((row) => row.starts)) / HOUR) * HOUR;
  to = Math.ceil(Math.max(18 * HOUR, ...rows.map((row) => row.ends)) / HOUR) * HOUR;
  grid.replaceChildren(hours(), ...halls.map((hall) => column(hall, rows)));
  grid.tabIndex = 0; // scrolled by keyboard, also on a day without a session
  grid.setAttribute("role", "group");
  grid.setAttribute("aria-label", words.wordsGrid);
  grid.hidden = false;
}

function read(row) {
  const { code, hall, title, kind, people, level } = row.dataset;
  return { row, code, hall, title, kind, people, level, starts: minutes(row.dataset.starts), ends: minutes(row.dataset.ends) };
}

const minutes = (clock) => { const [hour, minute] = clock.split(":").map(Number); return hour * HOUR + minute; };
const clock = (time) => `${String(Math.floor(time / HOUR)).padStart(2, "0")}:${String(time % HOUR).padStart(2, "0")}`;
const steps = (time) => `calc(var(--step) * ${time / STEP})`;
const make = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });

function hours() {
  const side = make("div", "plan-grid__hours"), body = make("div", "plan-grid__body");
  side.append(make("div", "plan-grid__head"), body);
  body.style.height = steps(to - from);
  for (let hour = from; hour < to; hour += HOUR) {
    const mark = make("span", "plan-grid__hour", clock(hour));
    mark.style.top = steps(hour - from);
    body.append(mark);
  }
  return side;
}

function column(hall, rows) {
  const box = make("div", "plan-grid__hall"), body = make("div", "plan-grid__body");
  box.append(make("div", "plan-grid__head", hall.name), body);
  body.dataset.hall = hall.key;
  body.style.height = steps(to - from);
  const lanes = [];
  for (const one of rows.filter((row) => row.hall === hall.key)) {
    let lane = lanes.findIndex((end) => end <= one.starts);
    if (lane < 0) lane = lanes.push(0) - 1;
    lanes[lane] = one.ends;
    body.append(block(one, lane));
  }
  const width = 100 / Math.max(lanes.length, 1);
  for (const each of body.children) { each.style.left = `${each.dataset.lane * width}%`; each.style.width = `${width}%`; }
  if (words.writable) body.addEventListener("pointerdown", (event) => { if (event.target === body) sweep(event, body); });
  return box;
}

function block(one, lane) {
  const box = make("div", "plan-block");
  box.dataset.code = one.code;
  box.dataset.lane = lane;
  box.tabIndex = 0;
  box.setAttribute("role", "button");
  if (one.kind === "break") box.classList.add("is-break");
  if (one.level.includes("err")) box.classList.add("is-err"); else if (one.level) box.classList.add("is-wait");
  put(box, one);
  box.append(make("time", ""), make("b", "", one.title), make("span", "", one.people && ` · ${one.people}`));
  say(box, one);
  if (!words.writable) return box;
  box.append(make("span", "plan-block__end"));
  box.addEventListener("pointerdown", (event) => drag(event, box, one));
  box.addEventListener("keydown", (event) => press(event, box, one));
  box.addEventListener("blur", () => { if (moving?.box === box && !moving.pointer && !moving.carried) back(); });
  return box;
}

function put(box, { starts, ends }) {
  box.style.top = steps(starts - from);
  box.style.height = steps(ends - starts);
}

function say(box, { starts, ends, title, hall }) {
  const time = `${clock(starts)}–${clock(ends)}`, place = halls.find((one) => one.key === hall)?.name ?? "";
  box.querySelector("time").textContent = time;
  box.setAttribute("aria-label", [time, title, place, words.writable && words.wordsHint].filter(Boolean).join(", "));
  return `${time}, ${place}`;
}

// ── By hand: from where the pointer went down to where it is let go, in steps of five minutes ──

function drag(event, box, one) {
  if (event.button || event.pointerType === "touch") return;
  event.preventDefault();
  box.focus({ preventScroll: true });
  const step = box.getBoundingClientRect().height / ((one.ends - one.starts) / STEP);
  const longer = event.target.classList.contains("plan-block__end"), start = event.clientY + grid.scrollTop;
  let at = event;
  moving = { box, one, next: { ...one }, pointer: true };
  box.setPointerCapture(event.pointerId);
  const follow = (move) => {
    at = move;
    const delta = Math.round((move.clientY + grid.scrollTop - start) / step) * STEP;
    if (!longer) enter(document.elementsFromPoint(move.clientX, move.clientY).find((it) => it.matches?.(".plan-grid__body[data-hall]")));
    shape(longer ? { ends: one.ends + delta } : { starts: one.starts + delta, ends: one.ends + delta });
  };
  const rolling = setInterval(() => roll(at) && follow(at), 30);
  const end = (last) => {
    clearInterval(rolling);
    box.removeEventListener("pointermove", follow);
    if (last.type === "pointercancel") return back();
    drop();
  };
  box.addEventListener("pointermove", follow);
  box.addEventListener("pointerup", end, { once: true });
  box.addEventListener("pointercancel", end, { once: true });
}

// Near an edge the grid scrolls on, so that a morning can be carried into the evening.
function roll({ clientX, clientY }) {
  const box = grid.getBoundingClientRect(), side = (at, low, high) => (at > high - EDGE) - (at < low + EDGE);
  const [left, top] = [grid.scrollLeft, grid.scrollTop];
  grid.scrollBy(side(clientX, box.left + EDGE, box.right) * 8, side(clientY, Math.max(box.top, 0), Math.min(box.bottom, innerHeight)) * 8);
  return grid.scrollLeft !== left || grid.scrollTop !== top;
}

function enter(body) {
  if (!body || body.dataset.hall === moving.next.hall) return;
  moving.next.hall = body.dataset.hall;
  moving.carried = true; // to be moved in the page takes the focus away, and means nothing
  body.append(moving.box);
  moving.carried = false;
  moving.box.style.left = "0";
  moving.box.style.width = "100%";
}

function shape(change) {
  const next = { ...moving.next, ...change };
  if (next.starts < 0 || next.ends > 24 * HOUR - 1 || next.ends - next.starts < STEP) return;
  moving.next = next;
  moving.box.classList.add("is-moving");
  put(moving.box, next);
  voice.textContent = say(moving.box, next);
}

// A stretch of empty time, swept over, is proposed in the form of a new session.
function sweep(event, body) {
  const form = document.querySelector("[data-plan-add]");
  if (event.button || !form) return;
  const top = body.getBoundingClientRect().top, step = body.getBoundingClientRect().height / ((to - from) / STEP);
  const at = (y) => from + Math.max(0, Math.floor((y - top) / step)) * STEP;
  const first = at(event.clientY), ghost = make("div", "plan-ghost");
  let last = first + 6 * STEP;
  const show = () => { ghost.style.top = steps(first - from); ghost.style.height = steps(last - first); ghost.textContent = `${clock(first)}–${clock(last)}`; };
  body.append(ghost);
  show();
  body.setPointerCapture(event.pointerId);
  const follow = (move) => { last = Math.max(at(move.clientY), first) + STEP; show(); };
  body.addEventListener("pointermove", follow);
  body.addEventListener("pointerup", () => {
    body.removeEventListener("pointermove", follow);
    ghost.remove();
    const fields = form.elements;
    fields["add-starts"].value = clock(first);
    fields["add-ends"].value = clock(Math.min(last, 24 * HOUR - 1));
    fields["add-hall"].value = body.dataset.hall;
    fields["add-title"].focus();
  }, { once: true });
}

// ── By keyboard: Enter takes up, arrows move, Enter puts down, Escape leaves it where it was ──

function press(event, box, one) {
  const held = moving?.box === box;
  const arrows = { ArrowUp: [-STEP, 0], ArrowDown: [STEP, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    if (held) return drop();
    moving = { box, one, next: { ...one } };
    box.classList.add("is-moving");
    voice.textContent = words.wordsMove;
  } else if (held && event.key === "Escape") {
    back();
  } else if (held && arrows[event.key]) {
    event.preventDefault();
    const [delta, side] = arrows[event.key], { starts, ends, hall } = moving.next;
    if (side) {
      const place = halls[halls.findIndex((it) => it.key === hall) + side];
      if (place) enter(grid.querySelector(`[data-hall="${place.key}"]`));
      box.focus();
      shape({});
    } else {
      shape(event.shiftKey ? { ends: ends + delta } : { starts: starts + delta, ends: ends + delta });
    }
    box.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function back() {
  const code = moving?.box.dataset.code;
  moving = null;
  draw();
  focus(code);
  voice.textContent = words.wordsBack;
}

async function drop() {
  const { one, next } = moving;
  moving = null;
  if (one.starts === next.starts && one.ends === next.ends && one.hall === next.hall) { draw(); return focus(one.code); }
  await send(one, next, "");
}

async function send(one, next, knowing) {
  const prefix = `p-${one.code}-`, form = new FormData();
  const said = { day: one.row.dataset.day, starts: clock(next.starts), ends: clock(next.ends), hall: next.hall, version: one.row.dataset.version, knowing };
  for (const [name, value] of Object.entries(said)) form.set(prefix + name, value);
  if (knowing) form.set("overlap", "1");
  try {
    const response = await fetch(one.row.dataset.placeUrl, { method: "POST", body: form, headers: { Accept: "application/json", "X-CSRFToken": token() } });
    const answer = await response.json();
    await renew();
    focus(one.code);
    if (!response.ok) return ask(answer.errors.join(" "), answer.knowing && (() => send(read(row(one.code)), next, answer.knowing)));
    voice.textContent = `${words.wordsPut} ${clock(next.starts)}–${clock(next.ends)}`;
    undo = () => { undo = null; send(read(row(one.code)), one, ""); };
    strip("status", voice.textContent, [[words.wordsUndo, undo]]);
  } catch {
    draw();
    ask(words.wordsLost);
  }
}

const row = (code) => document.querySelector(`.plan-row[data-code="${code}"]`);
const focus = (code) => grid.querySelector(`[data-code="${code}"]`)?.focus({ preventScroll: true });

async function renew() {
  const left = grid.scrollLeft, top = grid.scrollTop;
  const response = await fetch(location.href, { headers: { "X-Fragment": "plan" } });
  if (!response.ok) throw new Error(response.status);
  const box = document.createElement("template");
  box.innerHTML = (await response.text()).trim();
  document.getElementById("plan-live").replaceWith(box.content.firstElementChild);
  document.querySelector(".plan-asks")?.remove();
  draw();
  grid.scrollTo(left, top);
}

// What was refused, beside what can be done about it.
function ask(sentence, overlap) {
  strip("alert", sentence, [...(overlap ? [[words.wordsOverlap, overlap]] : []), [words.wordsBack, () => {}]]);
}

// A sentence below the grid, and buttons that end it.
function strip(role, sentence, acts) {
  document.querySelector(".plan-asks")?.remove();
  const box = make("div", "plan-asks"), text = make("p", "", sentence);
  box.setAttribute("role", role);
  box.append(text);
  for (const [label, act] of acts) {
    const it = Object.assign(make("button", "btn", label), { type: "button" });
    it.addEventListener("click", () => { box.remove(); act(); });
    box.append(it);
  }
  grid.after(box);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && undo && grid.contains(event.target)) { event.preventDefault(); undo(); }
});

draw();
