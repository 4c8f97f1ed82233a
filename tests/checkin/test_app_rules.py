"""The rules of the app that need no phone, run where they live: in a browser, beside those of Python."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from attendees import badge_code, codes
from attendees.models import Attendee, Delegation
from conference.vietnamese import fold
from tests import browsers
from tests.conftest import MakeAttendee

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def page(live_server: LiveServer) -> Iterator[Page]:
    with browsers.new_context() as context:
        opened = context.new_page()
        opened.goto(f"{live_server.url}/x/door/")
        yield opened


def run(page: Page, module: str, body: str, told: Any = None) -> Any:
    """`body` of a function of `it` (the module) and `told`."""
    return page.evaluate(
        f"async (told) => {{ const it = await import('/static/js/door/{module}.js'); {body} }}", told
    )


def test_badges_codes_and_names_are_read_as_the_server_reads_them(
    page: Page, delegation: Delegation, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    draw = random.Random(5).choice
    right = [codes.new_code(draw) for _ in range(100)]
    wrong = [code[:4] + code[5] + code[4] + code[6:] for code in right]
    told = run(
        page,
        "codes",
        "return told.map((one) => it.shortCode(one).code ?? it.shortCode(one).fault)",
        right + wrong,
    )
    assert told == right + [code if code in right else "check" for code in wrong]

    person: Attendee = make_attendee(delegation)
    other = make_attendee(foreign_delegation)
    keys = badge_code.public_keys(person.conference)
    forged = badge_code.of(person)[:-1] + ("0" if badge_code.of(person)[-1] != "0" else "G")
    heard = [
        badge_code.of(person), badge_code.of(person).lower() + "\n", person.badge_token, person.code,
        badge_code.of(other), badge_code.of(person)[:60], "https://example.org/", "HN1", forged,
        badge_code.of(person)[:3] + other.badge_token + badge_code.of(person)[19:],
    ]  # fmt: skip
    kinds = run(
        page,
        "badge",
        "return Promise.all(told.heard.map(async (one) => (await it.read(one, told.keys)).kind))",
        {"heard": heard, "keys": keys},
    )
    assert kinds[:8] == [
        "signed", "signed", "token", "code", "foreign", "damaged", "damaged", "damaged",
    ]  # fmt: skip
    assert kinds[9] == "foreign"  # the signature of one badge on the token of another

    names = ["Nguyễn Thị Ánh Đức", "Ðoàn Văn Ðạt", "TRẦN-HÒA", "H'Hen Niê", "Lê  Hoà", "Đặng Ngọc"]
    assert run(page, "match", "return told.map(it.fold)", names) == [fold(name) for name in names]
    search = (
        "const people = told.names.map((name) => ({ name, folded: it.fold(name), "
        "words: it.fold(name).split(' ') })); "
        "return told.asked.map((text) => it.search(people, text).map((one) => one.name))"
    )
    asked = ["duc ng", "hoa", "nguyen nguyen", "zz", ""]
    found = run(page, "match", search, {"names": names, "asked": asked})
    assert found == [["Nguyễn Thị Ánh Đức"], ["TRẦN-HÒA", "Lê  Hoà"], [], [], []]


def test_the_clock_is_corrected_and_its_error_is_owned_up_to(page: Page) -> None:
    """Times in ms: the phone is 10 minutes slow, a question took 400 ms."""
    slow = "const clock = it.measured(700_000, 100_200, 5_000, 400); "

    def reading(wall: int, mono: int, slept: str = "false") -> tuple[int, int]:
        told = run(page, "clock", f"{slow} return it.reading(clock, {wall}, {mono}, {slept})")
        return told["offset_ms"], told["error_ms"]

    assert reading(100_200, 5_000) == (600_000, 200)
    assert reading(160_200, 65_000) == (600_000, 206)  # a quartz drifts
    assert reading(160_200 - DAY, 65_000) == (600_000 + DAY, 206)  # set back
    assert reading(160_200 + DAY, 65_000) == (600_000 - DAY, 206)  # set on
    assert reading(160_200 + DAY, 65_000, "true") == (600_000, DAY)  # or it slept: nobody knows
    resumed = f"{slow} const next = it.resumed(clock, 40_200, 10); return [next.offset, next.error]"
    assert run(page, "clock", resumed) == [600_000, 60_200]  # went back while the app was shut
    never = run(page, "clock", "return it.reading(null, 1, 1, false)")
    assert never == {"offset_ms": 0, "error_ms": DAY}


def test_days_and_hours_are_those_of_the_conference(page: Page) -> None:
    """Half past midnight in Vietnam."""

    def told(zone: str | None) -> list[str]:
        body = "it.reckonIn(told); const at = Date.parse('2024-06-06T17:30:00Z');"
        body += "return [it.dayOf(at), it.momentOf(at), it.clockOf(at, at), it.clockOf(at - 864e5, at)]"
        found: list[str] = run(page, "hours", body, zone)
        return found

    paris = ["2024-06-06", "2024-06-06 19:30", "19:30", "19:30, 05/6"]
    assert told(None) == ["2024-06-07", "2024-06-07 00:30", "00:30", "00:30, 06/6"]
    assert told("Europe/Paris") == paris
    assert told("Nowhere/Here") == paris  # what a browser does not know changes nothing
    days = ["2024-06-05", "2024-02-05", "2024-12-31"]
    shown = "return told.map((day) => [it.shownDay(day), it.shownDay(day, false)])"
    assert run(page, "hours", shown, days) == [
        ["05/6/2024", "05/6"], ["05/02/2024", "05/02"], ["31/12/2024", "31/12"],
    ]  # fmt: skip


def test_pictures_come_in_any_order_and_a_damaged_text_is_not_taken(page: Page) -> None:
    text = "".join(random.Random(7).choices("abcđêờ0123", k=4000))
    body = """
      const frames = await it.cut(told), all = new it.Gathering();
      for (const frame of [...frames].reverse()) { all.add(frame); all.add(frame); }
      all.add("HNF:1/0:0000:0"); all.add("HNF:9/2:0000:0"); all.add("https://example.org");
      const whole = all.isWhole ? await all.text() : null;
      const [one, two, ...rest] = frames;
      const broken = new it.Gathering();
      const other = one.slice(0, -1) + (one.endsWith("0") ? "1" : "0");
      for (const frame of [other, two, ...rest]) broken.add(frame);
      return [frames.length, whole === told, broken.isWhole, await broken.text()];
    """
    count, same, whole, broken = run(page, "frames", body, text)
    assert count > 2
    assert (same, whole, broken) == (True, True, "")


def test_what_the_volunteer_was_told_is_never_lost(page: Page) -> None:
    """Rows and answers → what becomes of the rows, and what has to be added."""
    body = """
      const row = (id, more) => ({ n: 1, id, session: "a", who: "a X", said: "", ...more });
      const one = (more, answer) => it.settled(row("1", more), { id: "1", ...answer });
      return [
        one({}, { answer: "welcome" }),
        one({ said: "welcome" }, { answer: "again" }),
        one({ told: "welcome" }, { answer: "again" }),
        one({ told: "welcome" }, { answer: "welcome" }),
        one({ told: "offline" }, { answer: "again" }),
        one({ said: "offline" }, { answer: "refused", error: "Không." }),
      ].map(({ change: { verdict, refused, entered = "" }, correction }) =>
        [verdict ?? refused, entered, correction?.said ?? ""]);
    """
    assert run(page, "queue", body) == [
        ["welcome", "a X", ""],
        ["again", "a X", ""],
        ["again", "a X", "welcome"],
        ["welcome", "a X", ""],
        ["again", "", ""],
        ["Không.", "", ""],
    ]
    assert run(page, "queue", "return [it.pause(0), it.pause(3), it.pause(9)]") == [2000, 16_000, 60_000]


def test_what_was_told_while_a_scan_was_under_way_is_added(page: Page) -> None:
    """Two ask for the same scan; the one that had read it before the volunteer was told is answered first."""
    answers = [{"id": str(number), "answer": "again"} for number in (1, 2)]
    page.route("**/api/scans/", lambda route: route.fulfill(json={"now": "", "answers": answers}))
    body = """
      const [{ openStore }, { Scanning }] = await Promise.all(
        ["store", "scanning"].map((name) => import(`/static/js/door/${name}.js`)));
      const store = await openStore("y"), sync = new it.Sync({ base: "/y/door/api/", slug: "y", store });
      sync.pairing = { id: 1, token: "T", sessions: [] };
      for (const id of ["1", "2"]) await store.append(1, 1, { id, session: "a", who: "a X", said: "" });
      const early = await store.waiting();
      const { fallBack } = Scanning.prototype;
      for (const row of await store.waiting()) await fallBack.call({ store }, row, "welcome");
      await sync.sendRows(early);
      return (await store.waiting()).map(({ sequence, said, id }) => [sequence, said, id.length]);
    """
    assert run(page, "sync", body) == [[3, "welcome", 36], [4, "welcome", 36]]


def test_an_old_page_does_not_end_the_pairing_of_a_newer_one(page: Page) -> None:
    """The code was scanned with the camera of the phone: a second page opened, the first still asks."""
    refusal = {"error": "Thu hồi.", "code": "revoked"}
    page.route("**/api/state/", lambda route: route.fulfill(status=401, json=refusal))
    body = """
      const [{ openStore }, { Day }] = await Promise.all(
        ["store", "day"].map((name) => import(`/static/js/door/${name}.js`)));
      const store = await openStore("y"), day = new Day(store);
      const sync = new it.Sync({ base: "/y/door/api/", slug: "y", store, day });
      sync.pairing = { id: 1, token: "old", sessions: [] };
      await store.set("pairing", { id: 1, token: "new", sessions: [] });
      await day.take({ people: [], present: {}, day: "2024-06-05", expires: "2024-06-06T03:00:00+07:00" });
      await sync.round();
      const after = [(await store.get("pairing")).token, sync.pairing.token, Boolean(await store.get("day"))];
      await sync.round();
      return [after, (await store.get("pairing")).token ?? "", Boolean(await store.get("day"))];
    """
    assert run(page, "sync", body) == [["new", "new", True], "", False]
