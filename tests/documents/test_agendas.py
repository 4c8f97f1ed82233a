"""The programme by day for the desk, and in short for each delegation: from the database to the page."""

import datetime
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from documents import storing
from documents.errors import PaperError
from documents.kinds import KINDS
from documents.models import Document
from documents.requests import Scope, describe
from sessions.models import Hall, Participation, Session
from tests.conftest import MakeAttendee, make_delegation, publish
from tests.documents import reading, samples
from tests.documents.conftest import Ask
from tests.qr_reading import qr_codes
from tests.sessions.plans import speaks

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]
LONGEST = ((samples.TOPIC + " ") * 2)[:500].strip()


def made(document: Document) -> bytes:
    assert document.state == Document.State.READY, document.error
    return storing.path(document.file).read_bytes()


def plan(conference: Conference, halls: int, times: list[tuple[int, int]], title: str, **more: Any) -> None:
    """A session in each hall at each time, from minute to minute of the first day, two people in each."""
    rooms = Hall.objects.bulk_create(
        Hall(conference=conference, name=f"Phòng họp số {n + 1}", position=n) for n in range(halls)
    )
    given: dict[str, Any] = {"kind": "topic", "day": conference.starts_on, **more}
    sessions = Session.objects.bulk_create(
        Session(
            conference=conference, code=f"p{starts}-{place}", title=title, hall=room,
            starts=datetime.time(*divmod(starts, 60)), ends=datetime.time(*divmod(ends, 60)), **given,
        )
        for starts, ends in times
        for place, room in enumerate(rooms)
    )  # fmt: skip
    Participation.objects.bulk_create(
        Participation(
            session=one, full_name=name, title="Vụ trưởng", organisation_name=samples.LONG_ORGANISATION
        )
        for one in sessions
        for name in ("Trần Minh Quân", "Tôn Nữ Nguyễn Hoàng Phương Uyên")
    )


def in_halls(count: int, starts: int, length: int) -> list[tuple[int, int]]:
    return [(starts + n * length, starts + (n + 1) * length) for n in range(count)]


def outside(pdf: bytes, left: float, top: float, right: float, bottom: float) -> list[reading.Word]:
    return [
        word
        for word in reading.words(pdf)
        if word.left < left or word.right > right or word.top < top or word.bottom > bottom
    ]


# ── The day on one page ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("halls", "times"),
    [
        (1, in_halls(1, 480, 60)),
        (1, [(660, 665), (665, 905), (905, 910)]),
        (3, in_halls(4, 660, 90)),
        (6, in_halls(4, 660, 60)),
        (8, in_halls(7, 660, 45)),
    ],
)
@pytest.mark.parametrize("title", ["Trao đổi", LONGEST])
def test_a_day_is_one_landscape_page_and_nothing_leaves_its_place(
    ask: Ask, work: Work, conference: Conference, halls: int, times: list[tuple[int, int]], title: str
) -> None:
    plan(conference, halls, times, title)
    publish(conference)
    pdf = made(work(ask("agenda-grid")))
    [page] = PdfReader(BytesIO(pdf)).pages
    assert [round(float(side) * reading.MM) for side in page.mediabox[2:]] == [297, 210]
    assert outside(pdf, 11.9, 11, 285.1, 208) == []
    assert reading.overlaps(pdf) == []
    said = reading.letters(reading.text(pdf))
    assert said.count(reading.letters("Trần Minh Quân")) == halls * len(times)
    count = 2 * halls * len(times)
    is_whole = said.count(reading.letters(samples.LONG_ORGANISATION)) == count and "…" not in said
    assert ("Bảnrútgọn" not in said) == is_whole


def test_halls_stand_side_by_side_and_what_is_for_all_across_them(
    ask: Ask, work: Work, conference: Conference
) -> None:
    plan(conference, 3, in_halls(1, 840, 60), "Thảo luận")
    publish(conference)
    words = reading.words(made(work(ask("agenda-grid"))))
    heads = [word for word in words if word.text == "Phòng"]
    assert len({round(word.top) for word in heads}) == 1
    assert [word.text for word in words if word.text in ("1", "2", "3")][:3] == ["1", "2", "3"]
    groups = [word for word in words if word.text == "14:00–15:00"]
    assert [word.left for word in groups] == sorted(word.left for word in groups)
    [alone] = [word for word in words if word.text == "09:00–10:00"]
    assert alone.bottom < groups[0].top


def test_each_day_has_a_page_and_one_can_be_chosen(ask: Ask, work: Work, conference: Conference) -> None:
    for number in range(14):
        day = conference.starts_on + datetime.timedelta(number)
        plan_day = {"conference": conference, "code": f"n{number}", "title": f"Ngày thứ {number + 1}"}
        Session.objects.create(**plan_day, day=day, starts=datetime.time(13), ends=datetime.time(14))
    publish(conference)
    document = work(ask("agenda-grid"))
    assert (document.pages, document.total) == (14, 14)
    assert "Thứ Tư, ngày 19 tháng 6 năm 2024" in reading.text(made(document))
    chosen = work(ask("agenda-grid", day=conference.ends_on))
    assert chosen.pages == 1
    assert "Thứ Sáu, ngày 07 tháng 6 năm 2024" in reading.text(made(chosen))
    with pytest.raises(PaperError, match="Ngày 01/6/2024 không có phiên nào"):
        ask("agenda-grid", day=datetime.date(2024, 6, 1))


def test_kinds_are_named_beside_their_colours(ask: Ask, work: Work) -> None:
    said = reading.text(made(work(ask("agenda-grid"))))
    assert "Nghi lễ Giải lao, nghỉ Việc khác 07:00" in said
    assert "Chuyên đề" not in said, "of the kinds only those that the page holds"


def test_more_at_once_than_a_page_can_show_is_a_sentence(
    ask: Ask, work: Work, conference: Conference
) -> None:
    plan(conference, 14, [(840, 900)], "Nhóm")
    publish(conference)
    document = work(ask("agenda-grid"))
    assert document.error.startswith("Ngày 06/6/2024 có quá nhiều phiên cùng lúc")


def test_it_is_for_the_desk(ask: Ask, dan: User, delegation: Delegation) -> None:
    with pytest.raises(PermissionDenied):
        ask("agenda-grid", by=dan, delegations=[delegation])


# ── In short for a delegation ─────────────────────────────────────────────────────────────────────


def test_its_people_are_marked_in_the_sessions_in_which_they_have_a_part(
    ask: Ask,
    work: Work,
    conference: Conference,
    people: list[Attendee],
    delegation: Delegation,
    opening: Session,
) -> None:
    speaks(people[0], opening)
    speaks(people[3], opening, "chair")
    publish(conference)
    Delegation.objects.filter(pk=delegation.pk).update(
        head=people[1], contact_name="Lê Thị Đầu Mối", contact_phone="+84912345678"
    )
    pdf = made(work(ask("agenda-delegation", delegations=[delegation])))
    said = reading.text(pdf)
    for part in (
        "Đoàn đại biểu tỉnh Lâm Đồng", "Lê Thị Đầu Mối, 0912 345 678", "► Phát biểu khai mạc",
        "Nguyễn Thị Thu Hương (Báo cáo viên)", "Báo cáo viên, 08:00, 06/6", "Trưởng đoàn",
        "Đại biểu của Đoàn (04 người)", "Chờ xác nhận", "Phiên bản 3", "Chào cờ",
    ):  # fmt: skip
        assert reading.letters(part) in reading.letters(said), part
    assert said.count("►") == 2, "the note and the one session"
    assert "Đặng Văn Sơn" not in said, "of another delegation"
    [code] = qr_codes(reading.picture(pdf))
    assert code.text == "http://127.0.0.1:8000/da-lat-2024/programme/versions/3/"


def test_a_delegation_without_a_part_is_told_so(ask: Ask, work: Work, delegation: Delegation) -> None:
    said = reading.text(made(work(ask("agenda-delegation", delegations=[delegation]))))
    assert "Chưa có phiên nào do đại biểu của Đoàn thực hiện" in said
    assert "►" not in said


def test_the_contacts_of_focal_points_are_not_for_onlookers(
    ask: Ask, delegation: Delegation, olga: User, victor: User
) -> None:
    document = ask("agenda-delegation", delegations=[delegation])
    assert list(Document.objects.visible_to(olga)) == [document]
    assert list(Document.objects.visible_to(victor)) == []


def test_officers_have_that_of_the_own_delegation_only(
    ask: Ask, work: Work, dan: User, delegation: Delegation, other_delegation: Delegation
) -> None:
    document = work(ask("agenda-delegation", by=dan, delegations=[delegation]))
    assert "Quảng Nam" not in reading.text(made(document))
    assert list(Document.objects.visible_to(dan)) == [document]
    with pytest.raises(PermissionDenied):
        ask("agenda-delegation", by=dan, delegations=[other_delegation])


def test_people_chosen_by_name_stand_for_their_delegations(
    ask: Ask, people: list[Attendee], delegation: Delegation, other_delegation: Delegation
) -> None:
    third = make_delegation(delegation.conference, "ha-noi")
    document = ask("agenda-delegation", attendees=[people[0], people[3]])
    [part] = document.parts.all()
    assert part.subjects == [other_delegation.pk, delegation.pk]
    assert third.pk not in part.subjects


def test_who_sends_nobody_gets_none(ask: Ask, delegation: Delegation, other_delegation: Delegation) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(status="declined")
    assert [part.subjects for part in ask("agenda-delegation").parts.all()] == [[other_delegation.pk]]
    with pytest.raises(PaperError, match="đều không cử đại biểu"):
        ask("agenda-delegation", delegations=[delegation])


def test_all_delegations_ask_no_more_of_the_database_than_one(
    conference: Conference, people: list[Attendee], make_attendee: MakeAttendee
) -> None:
    kind = KINDS["agenda-delegation"]

    def queries() -> int:
        document = describe(kind.slug, conference, by=None, scope=Scope())
        subjects = kind.subjects(document)
        with CaptureQueriesContext(connection) as asked:
            assert len(kind.content(document, subjects).files) == len(subjects)
        return len(asked)

    conference.delegations.exclude(code="lam-dong").update(status="declined")
    one = queries()
    conference.delegations.update(status="confirmed")
    for slug in ("ha-noi", "ha-giang", "cao-bang", "bac-kan"):
        other = make_delegation(conference, slug)
        speaks(make_attendee(other, f"Người {slug}"), conference.sessions.get(code="khai-mac"))
    publish(conference)
    assert queries() == one <= 7


def test_pages_are_numbered_within_each_delegation_and_long_programmes_stay_in_place(
    ask: Ask, work: Work, conference: Conference, people: list[Attendee]
) -> None:
    plan(conference, 1, in_halls(30, 600, 15), f"{LONGEST[:300]} {samples.GIANT_WORD}"[:500])
    speaks(people[0], conference.sessions.get(code="p600-0"))
    publish(conference)
    document = work(ask("agenda-delegation"))
    pdf = made(document)
    assert outside(pdf, 19.9, 8, 195.1, 292) == []
    assert reading.overlaps(pdf) == []
    words = reading.words(pdf)
    top = {
        page: [w.text for w in words if w.page == page and w.bottom < 15]
        for page in range(1, document.pages + 1)
    }
    first = [page for page, found in top.items() if not found]
    assert len(first) == 2, "each begins without a number"
    assert top[first[1] + 1][-2:] == ["trang", "2"]
    assert top[2] == ["Đoàn", "đại", "biểu", "tỉnh", "Quảng", "Nam", "·", "trang", "2"]
