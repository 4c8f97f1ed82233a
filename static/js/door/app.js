// The app of the door: opened, paired, a session chosen; then every code that comes is a scan. See docs/developers.md, "The door".
import { Away, face, Refused } from "./api.js";
import { Camera } from "./camera.js";
import { gather, give, giveFrames, listed, outcome, take } from "./carry.js";
import { resumed } from "./clock.js";
import { shortCode } from "./codes.js";
import { Day } from "./day.js";
import { nearest, pair, secretOf } from "./device.js";
import { clockOf, dayOf, shownDay } from "./hours.js";
import { listen } from "./keys.js";
import { search } from "./match.js";
import { Scanning } from "./scanning.js";
import { fill, make, Screen } from "./screen.js";
import { Sound } from "./sound.js";
import { openStore } from "./store.js";
import { Sync } from "./sync.js";
import { serveOffline } from "./worker.js";

const { slug, base, page, sw, wasm, icons } = document.body.dataset;
const words = JSON.parse(document.getElementById("door-words").textContent);
const PATIENCE = 1500; // ms that the app waits for a network when it opens
const $ = (selector) => document.querySelector(selector);
const on = (selector, event, act) => { for (const it of document.querySelectorAll(selector)) it.addEventListener(event, act); };
const sound = new Sound(), screen = new Screen(document, words, icons, sound);
let store, day, sync, scanning, camera, server = {};

begin();

async function begin() {
  serveOffline(sw, page, () => { $("[data-fresh]").hidden = false; });
  try { store = await openStore(slug); } catch { return screen.panel("storage"); }
  navigator.storage?.persist?.().catch(() => {});
  day = new Day(store);
  sync = new Sync({ base, slug, store, day });
  scanning = new Scanning({ store, sync, day, show: tell, changed: refresh });
  camera = new Camera($("[data-video]"), { wasm, found: (text) => (text.startsWith("HNF:") ? gathered(text) : hear(text)), closed: shut });
  const offered = secretInAddress();
  sync.pairing = await store.get("pairing") ?? null;
  sync.sentAt = await store.get("sent") ?? 0;
  sync.clock = resumed(await store.get("clock") ?? null, Date.now(), performance.now());
  sound.on = await store.get("sound") ?? true;
  await day.wake();
  wire();
  await tidy();
  if (offered) await offer(offered); else start();
  document.body.dataset.ready = "1";
}

// ── Pairing ──

// Taken out of the address at once: it stays in no history.
function secretInAddress() {
  const secret = location.hash.length > 1 ? location.hash : "";
  if (secret) history.replaceState(null, "", location.pathname);
  return secret;
}

async function offer(text) {
  const secret = secretOf(text);
  if (!secret) return ask(words.secret_shape);
  try {
    const { pairing, reply } = await pair(base, slug, store, secret);
    if (sync.pairing && sync.pairing.id !== pairing.id) await day.wipe();
    sync.pairing = pairing;
    await sync.measure(reply);
    await store.forget("chosen");
    start();
  } catch (error) {
    ask(error instanceof Away ? words.away : error instanceof Refused ? (error.code === "foreign" ? words.foreign : error.message) : words.storage, secret);
  }
}

// The page of a phone that is not paired, with what went wrong.
function ask(fault = "", secret = "") {
  screen.panel("pair");
  say("pairfault", fault);
  $("[data-secret]").value = secret;
}

const say = (name, text) => { screen.put(name, text); screen.place[name].hidden = !text; };

async function start(sentence = "") {
  if (!sync.pairing?.token) {
    const n = await store.count();
    $("[data-leftover]").hidden = !n && !(await store.carried()).length;
    ask(sync.pairing?.revoked && n ? fill(words.revoked_device, { n }) : sentence);
    return;
  }
  const chosen = await store.get("chosen"), { sessions } = sync.pairing;
  const session = sessions.find(({ code }) => code === chosen?.session);
  await Promise.race([sync.start(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  if (!sync.pairing.token) return;
  if (!session) return setUp();
  choose(session.code, chosen.direction, chosen.on);
  if (isOver(session)) return stay("setup");
  screen.panel("ready");
  const allowed = await navigator.permissions?.query({ name: "camera" }).catch(() => null); // not every browser tells
  if (allowed?.state === "granted" && document.body.dataset.panel === "ready") look();
}

// ── Session and direction ──

function setUp() {
  const { sessions } = sync.pairing, list = $("[data-sessions]");
  const chosen = scanning.session || nearest(sessions, scanning.now())?.code;
  list.replaceChildren(...sessions.map((one) => {
    const label = make("label", "pick"), input = Object.assign(make("input"), { type: "radio", name: "session", value: one.code, checked: one.code === chosen });
    const text = make("span"), time = make("small", "num", `${one.starts}–${one.ends}, ${shownDay(one.day, false)}`);
    text.append(time, make("b", "", one.title));
    label.append(input, text);
    return label;
  }));
  $(`[name="direction"][value="${scanning.direction}"]`).checked = true;
  say("setupfault", sessions.length ? "" : words.no_session);
  screen.panel("setup");
  list.querySelector("input:checked")?.scrollIntoView({ block: "nearest" });
}

// `chosenOn`: the day on which it was. What was chosen on another day, and lay before today, is not gone on with by itself.
function choose(session, direction, chosenOn = dayOf(scanning.now())) {
  Object.assign(scanning, { session, direction, chosenOn });
  store.set("chosen", { session, direction, on: chosenOn }).catch(() => {});
  refresh();
}

function isOver({ day: held }) {
  const today = dayOf(scanning.now());
  return held < today && scanning.chosenOn !== today;
}

// The session may be taken from this phone at the desk, or be of yesterday: then another is chosen before anybody is scanned.
function stay(panel = document.body.dataset.panel) {
  const { sessions } = sync.pairing ?? {}, session = sessions?.find(({ code }) => code === scanning.session);
  if (!sessions || !scanning.session || (session && !isOver(session))) return;
  scanning.session = "";
  store.forget("chosen").catch(() => {});
  if (!["ready", "answer", "code", "name", "setup"].includes(panel)) return;
  setUp();
  say("setupfault", session ? words.session_over : sessions.length ? words.session_taken : words.no_session);
}

async function scan() {
  const session = $('[name="session"]:checked')?.value;
  if (!session) return;
  choose(session, $('[name="direction"]:checked').value);
  await look();
}

const FAULTS = { NotAllowedError: "camera_denied", NotReadableError: "camera_busy" };
let wanted = false; // somebody wants to scan: where the camera failed or was taken away, it is tried again when the page is seen

async function look() {
  wanted = true;
  sound.wake();
  screen.panel("ready");
  if (camera.stream) return;
  say("camerafault", "");
  try {
    await camera.open();
    eye("on");
  } catch (error) {
    shut();
    say("camerafault", words[FAULTS[error?.name] ?? "camera_none"]);
  }
}

function shut() {
  eye("off");
  screen.put("look", words.camera_again);
}

const lookAgain = () => { if (wanted && !document.hidden && document.body.dataset.panel === "ready") look(); };

const eye = (state) => { $("[data-camera]").dataset.camera = state; };

// ── Codes ──

let last = null;
async function tell(told) {
  last = told;
  screen.answer(told);
  if (!screen.wantsFace(told) || !sync.up || !sync.pairing?.token) return;
  const picture = await face(base, told.person.code, sync.pairing.token);
  if (picture && last === told) screen.face(picture, told.person.name);
}

function hear(text, how) {
  if (!sync.pairing?.token || !scanning.session || ["pair", "setup"].includes(document.body.dataset.panel)) return;
  scanning.hear(text, how).catch(() => screen.answer({ kind: "notkept" }));
}

function typed(event) {
  event.preventDefault();
  const field = $("[data-code]"), { code, fault } = shortCode(field.value);
  say("codefault", fault ? words[fault] : "");
  field.setAttribute("aria-invalid", String(Boolean(fault)));
  if (fault) return field.focus();
  field.value = "";
  hear(code);
}

function find() {
  const text = $("[data-name]").value, found = search(day.people, text);
  $("[data-found]").replaceChildren(...found.map((one) => {
    const row = make("li"), button = Object.assign(make("button", "found"), { type: "button" });
    button.append(make("b", "", one.name), make("small", "", [one.title, one.delegation].filter(Boolean).join(", ")));
    button.addEventListener("click", () => hear(one.code));
    row.append(button);
    return row;
  }));
  screen.put("foundcount", !day.isThere ? words.search_no_list : !text.trim() ? "" : found.length ? fill(words.found_some, { n: found.length }) : words.found_none);
}

// ── What is shown all the time ──

async function refresh() {
  const { pairing } = sync, rows = await store.waiting().catch(() => []);
  const session = pairing?.sessions?.find(({ code }) => code === scanning.session);
  const here = rows.filter((row) => row.session === scanning.session && row.direction === "in" && row.who && (row.told || row.said) === "welcome").length;
  screen.put("device", pairing?.device ?? "");
  const held = session && session.day !== dayOf(scanning.now()) ? `, ${shownDay(session.day, false)}` : ""; // two days may have the same hours
  screen.put("session", session ? `${scanning.direction === "in" ? words.in : words.out_word} · ${session.starts}–${session.ends}${held}` : "");
  screen.put("title", session?.title ?? "");
  screen.put("count", session ? String(session.present + here) : "–");
  screen.network({ up: sync.up, waiting: rows.length, stuck: rows.length > 0 && Date.now() - Date.parse(rows[0].device_at) > 20_000 });
  if (document.body.dataset.panel === "device") about(rows.length);
  await parcels();
}

// Parcels of other phones: one that was refused is told wherever the volunteer is.
async function parcels() {
  const carried = await store.carried().catch(() => []), refused = carried.filter((one) => one.refused);
  $("[data-parcels]").hidden = !refused.length || document.body.dataset.panel === "device";
  screen.put("parcels", fill(words.carry_strip, { n: refused.length }));
  $("[data-carried]").hidden = !carried.length;
  if (shown.carried === (shown.carried = JSON.stringify(carried))) return; // a press on the way is not lost
  $("[data-carried-rows]").replaceChildren(...listed(carried, words, async (what, mac) => {
    await (what === "drop" ? store.deliver(mac) : store.resume(mac));
    say("delivered", "");
    sync.failures = 0;
    if (what === "again") await sync.run();
    refresh();
  }));
}
const shown = { carried: "" };

async function about(waiting) {
  const refused = await store.refused(), { pairing } = sync;
  screen.put("aboutdevice", pairing?.device ?? "");
  screen.put("aboutnet", sync.up ? words.net_up : words.net_down);
  screen.put("aboutwaiting", waiting ? fill(sync.up ? words.net_sending : words.net_waiting, { n: waiting }) : words.net_none);
  screen.put("aboutsent", sync.sentAt ? fill(words.synced, { time: clockOf(sync.sentAt + scanning.clock().offset_ms, scanning.now()) }) : words.synced_never);
  const until = day.expires && clockOf(day.expires, scanning.now());
  screen.put("aboutlist", day.isThere ? fill(words.list_of, { n: day.people.length, day: shownDay(day.day), time: until }) : words.list_none);
  $("[data-refused]").hidden = !refused.length;
  screen.put("refusedcount", fill(words.refused_some, { n: refused.length }));
  $("[data-refused-rows]").replaceChildren(...refused.map((row) => make("li", "", fill(words.refused_row, { n: row.sequence, time: clockOf(row.device_at), reason: row.refused }))));
  screen.put("sound", sound.on ? words.sound_on : words.sound_off);
}

// The list leaves when its time is over; with the last scan sent, what the server holds leaves too.
async function tidy() {
  const now = scanning.now();
  const isOver = day.isThere && (now > day.expires || (dayOf(now) > day.day && !await store.count()));
  if (!isOver) return;
  await day.wipe();
  await store.sweep();
}

async function revoked({ detail }) {
  wanted = false;
  camera.close();
  shut();
  await start(detail.message);
}

async function gathered(text) {
  if (!sync.pairing?.token) return;
  if (document.body.dataset.panel !== "carry") screen.panel("carry");
  const whole = await gather(text, (n, total) => say("gathered", fill(words.gathered, { n, total })));
  if (whole !== null) receive(whole);
}

async function receive(text) {
  say("carried", await take({ text, store, slug, sync, words }));
  refresh();
}

function wire() {
  listen(document, (text) => hear(text));
  document.addEventListener("pointerdown", () => sound.wake());
  on("[data-pair]", "submit", (event) => { event.preventDefault(); offer($("[data-secret]").value); });
  on("[data-setup]", "submit", (event) => { event.preventDefault(); scan(); });
  on("[data-typed]", "submit", typed);
  on("[data-named]", "submit", (event) => event.preventDefault());
  on("[data-name]", "input", find);
  on("[data-look]", "click", look);
  document.addEventListener("visibilitychange", lookAgain);
  on("[data-open]", "click", ({ currentTarget: { dataset } }) => open(dataset.open));
  on('[data-show="next"]', "click", () => (["unknown", "revoked"].includes(document.body.dataset.kind) ? open("code") : screen.panel("ready")));
  on('[data-show="insist"]', "click", () => hear(last.heard, { insisted: true }));
  on("[data-answer]", "click", () => screen.panel("ready"));
  on("[data-send]", "click", async () => { sync.failures = 0; await sync.run(); refresh(); });
  on("[data-retry]", "click", async () => { await store.retry(); await sync.run(); refresh(); });
  on("[data-export]", "click", async () => say("exported", await give(store, slug) ? "" : words.nothing));
  on("[data-frames]", "click", async () => say("exported", await giveFrames(store, slug, screen, words, fill) ? "" : words.nothing));
  on("[data-file]", "change", async ({ target }) => { for (const file of target.files) await receive(await file.text()); target.value = ""; });
  on("[data-sound]", "click", () => { sound.on = !sound.on; store.set("sound", sound.on).catch(() => {}); sound.wake(); refresh(); });
  on("[data-fresh] button", "click", async () => (await navigator.serviceWorker.getRegistration(page))?.waiting?.postMessage("begin"));
  sync.addEventListener("change", () => { refresh(); tidy(); stay(); });
  sync.addEventListener("revoked", revoked);
  sync.addEventListener("delivered", ({ detail }) => { say("delivered", outcome(words, detail.parcel, detail)); refresh(); });
  window.addEventListener("hashchange", () => { const offered = secretInAddress(); if (offered) offer(offered); });
  setInterval(() => { refresh(); tidy(); stay(); }, 10_000);
}

function open(name) {
  if (name === "setup") return setUp();
  if (name === "ready" && !(sync.pairing?.token && scanning.session)) return start();
  screen.panel(name);
  if (name === "device") refresh();
  if (name === "name") find();
  if (name === "carry") lookAtPictures();
}

// Pictures of another phone are read by the same camera.
function lookAtPictures() {
  for (const name of ["carried", "carryfault"]) say(name, "");
  if (!camera.stream) camera.open().then(() => eye("on"), () => say("carryfault", words.camera_none));
}
