"""The plan at the desk: its forms work without script, and answer the grid in data."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from conference.models import Conference, User
from sessions import planning
from sessions.models import Hall, Session
from tests.conference.desk import same_count, signed_in, strict, text  # noqa: F401  (a fixture)
from tests.sessions.test_planning import SEVENTH, add, at, hours_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
PLAN = "/admin/programme/"
JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor in the way


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


def place(client: Client, session: Session, hours: str, hall: Hall | None, **more: Any) -> Any:
    """Sends the form of a row as the page shows it, with these hours."""
    starts, ends = hours.split("-")
    prefix, extra = f"p-{session.code}-", more.pop("extra", {})
    said = {"day": f"{session.day}", "starts": starts, "ends": ends, "hall": hall.pk if hall else "",
            "version": session.version, "knowing": ""} | more  # fmt: skip
    data = {f"{prefix}{name}": value for name, value in said.items()} | {"shown": f"{session.day}"} | extra
    return client.post(f"{PLAN}{session.code}/place/", data, **(JSON if more.get("json") else {}))


def new(hours: str, hall: Hall | None = None, **more: Any) -> dict[str, Any]:
    starts, ends = hours.split("-")
    said = {"title": "Chuyên đề thử", "kind": "topic", "day": "2024-06-06", "starts": starts, "ends": ends,
            "hall": hall.pk if hall else "", "once": "x1"} | more  # fmt: skip
    return {f"add-{name}": value for name, value in said.items()} | {"shown": "2024-06-06"}


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


def test_a_day_is_shown_with_its_sessions_and_all_warnings(
    as_olga: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    add(conference, olga, "8:00-9:00", hall, title="Khai mạc")
    planning.add(conference, at("8:00-9:00", hall, SEVENTH), by=olga, title="Ngày hai")
    planning.add(conference, at("8:30-9:00", hall, SEVENTH), by=olga, title="Chồng", knowing=["ngay-hai"])
    said = text(as_olga.get(PLAN))
    assert "Thứ Tư, 05/6/2024 0 phiên" in said
    assert "Thứ Sáu, 07/6/2024 2 phiên" in said
    assert "Khai mạc" in said
    assert "Hội trường lớn có hai phiên cùng lúc: “Chồng” (08:30–09:00)" in said
    there = text(as_olga.get(f"{PLAN}?day=2024-06-07"))
    assert "Ngày hai" in there
    assert "Khai mạc" not in there
    assert text(as_olga.get(f"{PLAN}?day=hom-qua")) == said


def test_onlookers_see_the_plan_and_no_forms(
    victor: User, olga: User, conference: Conference, hall: Hall
) -> None:
    session = add(conference, olga, "8:00-9:00", hall)
    client = signed_in(victor)
    body = client.get(PLAN).content.decode()
    assert "08:00–09:00" in body
    assert 'action="/admin/programme' not in body
    assert place(client, session, "10:00-11:00", hall).status_code == 403
    assert client.post(f"{PLAN}add/", new("8:00-9:00")).status_code == 403


def test_the_fragment_is_the_moving_part_alone(as_olga: Client, conference: Conference) -> None:
    body = as_olga.get(PLAN, headers={"X-Fragment": "plan"}).content.decode()
    assert body.lstrip().startswith('<div id="plan-live">')


def test_the_questions_do_not_grow_with_the_day(
    as_olga: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    hours = iter(range(6, 40))

    def grow() -> None:
        n = next(hours)
        made = add(conference, olga, f"{n // 2}:{n % 2 * 30:02}-{n // 2}:{n % 2 * 30 + 29}", hall)
        made.participations.create(full_name="Lê Thử Linh")

    counts = same_count(as_olga, PLAN, grow)
    assert len(set(counts)) == 1, counts


# ── Acts ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_moves_its_session_and_leads_to_its_new_day(
    as_olga: Client, conference: Conference, hall: Hall, room: Hall, olga: User
) -> None:
    session = add(conference, olga, "8:00-9:00", hall)
    response = place(as_olga, session, "10:00-11:15", room, day="2024-06-07")
    assert response.url == f"{PLAN}?day=2024-06-07#p-{session.code}"
    assert hours_of(session) == "10:00-11:15"
    assert (session.day, session.hall) == (SEVENTH, room)
    assert "Đã xếp lại “Phiên 8:00-9:00”." in text(as_olga.get(response.url))


@pytest.mark.parametrize(
    ("change", "sentence", "status"),
    [
        ({"starts": "11:00"}, "Giờ kết thúc phải sau giờ bắt đầu", 409),
        ({"starts": "25 giờ"}, "Chưa đọc được giờ này.", 200),
        ({"ends": ""}, "Chưa nhập mục này.", 200),
        ({"day": "2030-01-01"}, "Chọn", 200),
        ({"hall": "999"}, "Hội trường này không còn. Chọn hội trường khác.", 200),
    ],
)
def test_a_refusal_stands_in_the_row_and_changes_nothing(
    as_olga: Client,
    conference: Conference,
    hall: Hall,
    olga: User,
    change: dict[str, str],
    sentence: str,
    status: int,
) -> None:
    session = add(conference, olga, "8:00-9:00", hall)
    more = {f"p-{session.code}-{name}": value for name, value in change.items()}
    response = place(as_olga, session, "8:00-9:30", hall, extra=more)
    assert response.status_code == status
    assert hours_of(session) == "08:00-09:00"
    errors = response.context["rows"][0]["form"].errors
    told = [str(words) for found in errors.values() for words in found]
    assert len(told) == 1
    assert sentence in told[0]
    assert told[0] in text(response)


def test_an_overlap_is_offered_and_then_done(
    as_olga: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    standing, session = add(conference, olga, "8:00-9:00", hall), add(conference, olga, "9:00-10:00", hall)
    refused = place(as_olga, session, "8:30-9:30", hall)
    assert "Hội trường lớn đã có phiên lúc đó" in text(refused)
    body = refused.content.decode()
    assert f'name="p-{session.code}-knowing" value="{standing.code}"' in body
    assert 'name="overlap"' in body
    place(as_olga, session, "8:30-9:30", hall, knowing=standing.code)
    assert hours_of(session) == "09:00-10:00"  # named, but not pressed
    place(as_olga, session, "8:30-9:30", hall, knowing=standing.code, extra={"overlap": "1"})
    assert hours_of(session) == "08:30-09:30"


def test_who_moves_an_older_row_is_told_and_may_then_move(
    as_olga: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    shown = add(conference, olga, "8:00-9:00", hall)
    planning.place(shown, at("10:00-11:00", hall), by=olga)
    response = place(as_olga, shown, "14:00-15:00", hall)
    assert "Người khác vừa sửa phiên này." in text(response)
    assert hours_of(shown) == "10:00-11:00"
    assert response.context["rows"][0]["form"]["version"].value() == 2
    place(as_olga, shown, "14:00-15:00", hall)
    assert hours_of(shown) == "14:00-15:00"


def test_the_grid_is_answered_in_data(
    as_olga: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    standing, session = add(conference, olga, "8:00-9:00", hall), add(conference, olga, "9:00-10:00", hall)
    refused = place(as_olga, session, "8:30-9:30", hall, json=1)
    assert refused.status_code == 409
    assert refused.json()["knowing"] == standing.code
    assert refused.json()["errors"][0].startswith("Hội trường lớn đã có phiên lúc đó")
    done = place(as_olga, session, "9:30-10:30", hall, json=1)
    assert done.json()["said"] == "Đã xếp lại “Phiên 9:00-10:00”."


def test_one_press_adds_one_session(as_olga: Client, conference: Conference, hall: Hall) -> None:
    for _ in range(2):
        response = as_olga.post(f"{PLAN}add/", new("8:00-9:30", hall, number=1))
        assert response.url == f"{PLAN}?day=2024-06-06#them"
    session = conference.sessions.get()
    assert (session.title, session.number, session.hall, session.code) == (
        "Chuyên đề thử",
        1,
        hall,
        "chuyen-de-thu",
    )
    refused = as_olga.post(f"{PLAN}add/", new("8:30-9:00", hall, once="x2"))
    assert "Hội trường lớn đã có phiên lúc đó" in text(refused)
    assert conference.sessions.count() == 1
    again = as_olga.post(f"{PLAN}add/", new("9:30-10:00", hall, once="x2"))
    assert again.status_code == 302
    assert conference.sessions.count() == 2


def test_the_new_form_goes_on_where_the_day_ends(
    as_olga: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    assert as_olga.get(PLAN).context["add"]["starts"].value() == datetime.time(8)
    add(conference, olga, "8:00-9:10", hall)
    form = as_olga.get(PLAN).context["add"]
    assert (form["starts"].value(), form["ends"].value()) == (datetime.time(9, 10), datetime.time(9, 40))
    assert form["hall"].value() == hall.pk
    add(conference, olga, "23:00-23:50", hall)
    assert as_olga.get(PLAN).status_code == 200


def test_days_are_shifted_and_copied_by_forms(
    as_olga: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    session = add(conference, olga, "8:00-9:00", hall)
    said = {"shift-day": "2024-06-06", "shift-after": "8:00", "shift-minutes": "15", "shift-hall": ""}
    as_olga.post(f"{PLAN}shift/", said)
    assert hours_of(session) == "08:15-09:15"
    refused = as_olga.post(f"{PLAN}shift/", said | {"shift-minutes": "900"})
    assert "Nhập số phút từ 1 đến 720" in text(refused)
    done = as_olga.post(f"{PLAN}copy/", {"copy-source": "2024-06-06", "copy-target": "2024-06-07"})
    assert done.url == f"{PLAN}?day=2024-06-07"
    refused = as_olga.post(f"{PLAN}copy/", {"copy-source": "2024-06-06", "copy-target": "2024-06-07"})
    assert "Ngày 07/6/2024 đã có phiên. Chọn ngày còn trống." in text(refused)
    assert conference.sessions.count() == 2


def test_a_session_of_another_conference_is_not_found(
    as_olga: Client, foreign_delegation: Any, ada: User
) -> None:
    foreign = planning.add(foreign_delegation.conference, at("8:00-9:00"), by=ada, title="Của nơi khác")
    assert place(as_olga, foreign, "10:00-11:00", None).status_code == 404
    assert hours_of(foreign) == "08:00-09:00"


# ── The form of one session ───────────────────────────────────────────────────────────────────────


def test_the_long_form_refuses_a_taken_hall_too(
    as_olga: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    add(conference, olga, "8:00-9:00", hall)
    session = add(conference, olga, "9:00-10:00", hall)
    address = f"/admin/thematic/session/{session.pk}/change/"
    form = as_olga.get(address).context["adminform"].form
    data = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    data |= {"starts": "8:30", "ends": "9:30", "day": "06/6/2024", "overlap": ""}
    data |= {f"participations-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    refused = as_olga.post(address, data)
    assert "Hội trường lớn đã có phiên lúc đó" in text(refused)
    assert as_olga.post(address, data | {"overlap": "on"}).status_code == 302
    assert hours_of(session) == "08:30-09:30"
    assert session.version == 2
