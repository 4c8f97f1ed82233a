"""The page for a leader: one sheet, always; made and mailed once each morning, however often one looks."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from attendees.models import Attendee, Category, Delegation
from conference.models import Conference, User
from documents import attachments, briefing, morning_facts, storing
from documents.fitting import MM
from documents.layouts_morning import Columns, columns
from documents.models import Document, MorningLetter
from documents.requests import request_document
from mailing.errors import MailError, NotReady
from mailing.models import Mailing, Message, MessageTemplate, State
from sessions.models import Attendance, Hall, Participation, Session
from tests.conference.desk import queries, signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import VN, MakeAttendee, publish
from tests.documents import reading, samples
from tests.documents.conftest import Ask
from tests.journeys.pages import Page
from tests.patience import LONGEST

DESK = "/admin/morning/"
SEVEN = datetime.datetime(2024, 6, 6, 7, tzinfo=VN)
LEADER, OTHER = "thu-truong@hoinghi.example", "van-phong@hoinghi.example"
Work = Callable[[Document], Document]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor in the way


@pytest.fixture
def conference(conference: Conference) -> Conference:
    """At seven on its first day."""
    return at(conference, SEVEN)


def at(conference: Conference, moment: datetime.datetime) -> Conference:
    Conference.objects.filter(pk=conference.pk).update(demo_now=moment)
    conference.demo_now = moment
    return conference


@pytest.fixture
def asked(conference: Conference, olga: User) -> MorningLetter:
    return briefing.ask_for(conference, [LEADER, OTHER], without_approval=False, by=olga)


def made(document: Document) -> bytes:
    assert document.state == Document.State.READY, document.error
    return storing.path(document.file).read_bytes()


# ── What the page says ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def leader(conference: Conference, delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    chair = Category.objects.create(
        conference=conference, slug="chair", name="Chủ trì", short_name="Chủ trì", band="leader", position=9
    )
    return make_attendee(delegation, "Lê Chủ Trì", category=chair, position="Thứ trưởng", honorific="ong")


@pytest.mark.django_db
def test_it_tells_who_is_in_who_is_missing_and_what_is_next(
    ask: Ask, work: Work, people: list[Attendee], leader: Attendee, conference: Conference,
    delegation: Delegation, opening: Session,
) -> None:  # fmt: skip
    hall = Hall.objects.create(conference=conference, name="Hội trường lớn")
    Session.objects.filter(pk=opening.pk).update(hall=hall)
    Participation.objects.create(session=opening, full_name="Trần Thị Chủ", title="Cục trưởng", role="chair")
    publish(conference)
    Delegation.objects.filter(pk=delegation.pk).update(head=people[0])
    Attendance.objects.filter(attendee=people[0]).update(at=SEVEN - timedelta(minutes=10))
    pdf = made(work(ask("morning", day=conference.starts_on)))
    said = reading.letters(reading.text(pdf))
    for part in (
        "Lúc 07 giờ 00 phút, thứ Năm, ngày 06 tháng 6 năm 2024",
        "4/6 đại biểu đã đến", "4 đã vào phiên hôm nay", "1/1 trưởng đoàn đã đến", "1/2 đoàn đủ người",
        "08:00 - 09:00, 06/6/2024, Hội trường lớn", "Chủ trì: Cục trưởng Trần Thị Chủ",
        "Ông Lê Chủ Trì chưa đến Thứ trưởng",
        "Sở TTTT 4/5", "Chủ trì 0/1",
        "Lâm Đồng 3/5 Nguyễn Thị Thu Hương, 06:50",
        "Đoàn đủ người (1): Quảng Nam 1.",
    ):  # fmt: skip
        assert reading.letters(part) in said, part
    assert reading.letters("Giải lao") not in said
    assert len(PdfReader(storing.path(Document.objects.get().file)).pages) == 1
    assert reading.overlaps(pdf) == []


@pytest.mark.django_db
def test_before_anything_is_released_or_anybody_is_listed_it_says_so(
    conference: Conference, olga: User, work: Work
) -> None:
    said = reading.text(made(work(request_document("morning", conference, by=olga))))
    for part in (
        "Chương trình chưa được phát hành.",
        "Chưa có ai trong thành phần này.",
        "Chưa có đoàn nào có người trong danh sách.",
    ):
        assert part in said


@pytest.mark.django_db
def test_it_stays_one_page_with_every_delegation_missing_and_the_longest_names(
    conference: Conference, olga: User, work: Work, make_attendee: MakeAttendee, leader: Attendee,
) -> None:  # fmt: skip
    conference.title = samples.LONG_TITLE
    conference.save()
    for number in range(90):
        team = Delegation.objects.create(
            conference=conference, code=f"doan-{number}", name=samples.LONG_ORGANISATION, position=number
        )
        head = make_attendee(team, samples.LONG_NAME[:120], position=samples.LONG_POSITION[:200])
        Delegation.objects.filter(pk=team.pk).update(head=head)
        make_attendee(team, samples.LONG_NAME[:120], category=leader.category, honorific="ba")
    for code in "abcde":
        Session.objects.create(
            conference=conference, code=code, title=samples.TOPIC, day=conference.starts_on,
            starts=datetime.time(8), ends=datetime.time(9),
        )  # fmt: skip
    publish(conference)
    document = work(request_document("morning", conference, by=olga))
    pdf = made(document)
    assert document.pages == 1
    assert reading.overlaps(pdf) == []
    said = reading.text(pdf)
    assert "đoàn khác: xem trang Trực tiếp tại cửa." in said
    assert "và 2 phiên khác cùng giờ." in said
    assert "người khác." in said


@pytest.mark.django_db
def test_it_asks_the_same_however_many_come(
    conference: Conference, people: list[Attendee], delegation: Delegation, opening: Session,
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            morning_facts.read(conference, conference.starts_on)
        return len(caught)

    before = count()
    for number in range(20):
        Attendance.objects.create(session=opening, attendee=make_attendee(delegation, f"Người {number}"))
    assert count() == before <= 6


def test_rows_take_the_largest_type_and_the_rest_is_counted() -> None:
    rows = [(f"Đoàn {number}", "1/2") for number in range(40)]
    widths = (30 * MM, 10 * MM)

    def shown(laid: Columns) -> int:
        return sum(map(len, laid.columns))

    large, small = columns(rows, widths, 2, 150 * MM), columns(rows, widths, 2, 95 * MM)
    assert (shown(large), shown(small)) == (40, 40)
    assert large.columns[0][0].cells[0].size > small.columns[0][0].cells[0].size
    tight = columns(rows, widths, 2, 30 * MM)
    assert tight.left_out == 40 - shown(tight) > 0
    assert tight.height <= 30 * MM
    assert columns([], widths, 2, 30 * MM) == Columns()


# ── Each morning ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_at_seven_the_page_is_made_and_its_letters_wait(asked: MorningLetter, conference: Conference) -> None:
    briefing.sweep()
    briefing.sweep()
    document = Document.objects.get()
    assert (document.kind, document.day, document.requested_by) == ("morning", conference.starts_on, None)
    mailing = Mailing.objects.get()
    assert [one.to for one in mailing.messages.order_by("pk")] == [[LEADER], [OTHER]]
    assert {one.state for one in mailing.messages.all()} == {State.DRAFT}
    letter = mailing.messages.first()
    assert letter is not None
    assert letter.attachments == [["morning", document.pk]]
    assert "Đại biểu đã đến: 0/0" in letter.values["tom_tat"]


@pytest.mark.django_db
def test_who_approved_beforehand_finds_the_letters_on_their_way(conference: Conference, olga: User) -> None:
    briefing.ask_for(conference, [LEADER], without_approval=True, by=olga)
    briefing.sweep()
    message = Message.objects.get()
    assert (message.state, message.approved_by) == (State.APPROVED, None)
    acts = list(conference.journal.order_by("pk").values_list("act", "actor_name"))
    assert acts == [
        ("ask_morning", "Olga"),
        ("request-document", "Hệ thống"),
        ("draft_mail", "Hệ thống"),
        ("approve_mail", "Hệ thống"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "is_due"),
    [
        (SEVEN - timedelta(seconds=1), False),
        (SEVEN, True),
        (SEVEN + timedelta(hours=4, minutes=59), True),
        (SEVEN + timedelta(hours=5), False),
        (SEVEN - timedelta(days=1), False),
        (SEVEN + timedelta(days=1), True),
        (SEVEN + timedelta(days=2), False),
    ],
)
def test_it_comes_in_the_morning_of_a_day_of_the_conference(
    asked: MorningLetter, conference: Conference, moment: datetime.datetime, is_due: bool
) -> None:
    at(conference, moment)
    briefing.sweep()
    assert Document.objects.exists() == is_due


@pytest.mark.django_db
def test_seven_is_that_of_the_place(asked: MorningLetter, conference: Conference) -> None:
    Conference.objects.filter(pk=conference.pk).update(time_zone="Asia/Tokyo")
    at(conference, SEVEN - timedelta(hours=2))
    briefing.sweep()
    assert Document.objects.exists()


@pytest.mark.django_db
def test_every_day_has_its_own(asked: MorningLetter, conference: Conference) -> None:
    briefing.sweep()
    at(conference, SEVEN + timedelta(days=1))
    briefing.sweep()
    assert list(Document.objects.order_by("day").values_list("day", flat=True)) == [
        conference.starts_on, conference.ends_on
    ]  # fmt: skip
    assert Mailing.objects.count() == 2


@pytest.mark.django_db
def test_nobody_is_written_to_where_nobody_asked(conference: Conference, olga: User) -> None:
    briefing.sweep()
    briefing.ask_for(conference, [], without_approval=True, by=olga)
    briefing.sweep()
    assert not Document.objects.exists()
    assert not MorningLetter.objects.get().without_approval


@pytest.mark.django_db
def test_a_text_that_was_spoiled_costs_the_letters_and_not_the_page(
    asked: MorningLetter, conference: Conference
) -> None:
    MessageTemplate.objects.create(conference=conference, kind="morning", subject="x", body="{khong_co}")
    briefing.sweep()
    briefing.sweep()
    assert Document.objects.count() == 1
    assert not Mailing.objects.exists()


@pytest.mark.django_db
def test_a_round_without_mornings_costs_one_question(conference: Conference) -> None:
    with CaptureQueriesContext(connection) as caught:
        briefing.sweep()
    assert len(caught) == 1


@pytest.mark.django_db
def test_only_organisers_ask(conference: Conference, victor: User, greta: User, sam: User) -> None:
    for user in (victor, greta, sam):
        with pytest.raises(PermissionDenied):
            briefing.ask_for(conference, [LEADER], without_approval=True, by=user)


@pytest.mark.django_db
def test_the_letter_carries_the_page_as_it_was_made(asked: MorningLetter, work: Work) -> None:
    briefing.sweep()
    document = Document.objects.get()
    with pytest.raises(NotReady):
        attachments.morning(document.pk)
    pdf = made(work(document))
    name, content, content_type = attachments.morning(document.pk)
    assert (name, content, content_type) == ("Tình hình đại biểu 06-06-2024.pdf", pdf, "application/pdf")
    storing.path(document.file).unlink()
    with pytest.raises(MailError, match="không còn trong kho"):
        attachments.morning(document.pk)
    Document.objects.update(state=Document.State.FAILED, error="x")
    for pk in (document.pk, 999_999):
        with pytest.raises(MailError, match="chưa lập được"):
            attachments.morning(pk)


# ── Two sweepers in the same moment ───────────────────────────────────────────────────────────────


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """The control: the key of a paper may come twice."""
    table = Document._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
        [name] = [key for key, one in found.items() if one["columns"] == ["request_key"] and one["unique"]]
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    try:
        yield
    finally:
        Document.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE ("request_key")')


def both_at_once(asked: MorningLetter, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many papers two sweepers make who both find that there is none."""
    together, missing = threading.Barrier(2), QuerySet.exists
    waited = threading.local()

    def late(rows: QuerySet[Any]) -> bool:
        found = missing(rows)
        if rows.model is Document and not hasattr(waited, "once"):
            waited.once = True
            together.wait(LONGEST)
        return found

    monkeypatch.setattr(QuerySet, "exists", late)
    failed: list[BaseException] = []

    def round_() -> None:
        try:
            briefing.sweep()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=round_) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(QuerySet, "exists", missing)
    assert failed == []
    return Document.objects.count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_sweepers_make_one_page_and_one_batch(
    asked: MorningLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert both_at_once(asked, monkeypatch) == 1
    assert Mailing.objects.count() == 1
    assert Message.objects.count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_they_make_two(asked: MorningLetter, monkeypatch: pytest.MonkeyPatch) -> None:
    with without_the_constraint():
        assert both_at_once(asked, monkeypatch) == 2


# ── At the desk ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_the_desk_asks_for_letters_and_for_the_page(as_olga: Client, conference: Conference) -> None:
    assert "Chưa lập trang nào" in text(as_olga.get(DESK))
    sent = {"addresses": f" {LEADER}\r\n{OTHER}, {LEADER} ", "without_approval": "on"}
    page = as_olga.post(f"{DESK}letter/", sent, follow=True)
    assert "Đã lưu. Thư đi lúc 07:00 mỗi ngày của hội nghị." in text(page)
    setting = MorningLetter.objects.get()
    assert (setting.addresses, setting.without_approval) == ([LEADER, OTHER], True)
    told = conference.journal.get(act="ask_morning")
    assert told.changes == {"to": ["", f"{LEADER}, {OTHER}"], "without_approval": [False, True]}
    as_olga.post(f"{DESK}letter/", sent)
    assert conference.journal.filter(act="ask_morning").count() == 1
    key = as_olga.get(DESK).context["key"]
    for _ in range(2):
        page = as_olga.post(f"{DESK}print/", {"key": key}, follow=True)
    assert "Tình hình đại biểu · cả hội nghị, 06/6/2024" in text(page)
    assert Document.objects.count() == 1
    assert as_olga.post(f"{DESK}print/", {"key": "x"}).status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_letters_that_wait_or_left_stand_beside_their_page(as_olga: Client, asked: MorningLetter) -> None:
    briefing.sweep()
    assert "2 thư chờ duyệt" in text(as_olga.get(DESK))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("khong-phai-thu", "Địa chỉ “khong-phai-thu” không đúng."),
        ("\n".join(f"a{number}@hoinghi.example" for number in range(21)), "Nhiều nhất 20 địa chỉ."),
        ("x" * 5000, "4000"),
    ],
)
def test_a_wrong_address_is_told_at_the_field_and_stays(as_olga: Client, typed: str, said: str) -> None:
    page = as_olga.post(f"{DESK}letter/", {"addresses": typed})
    assert page.status_code == 200
    assert said in text(page)
    assert typed[:14] in text(page)
    assert not MorningLetter.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("strict")
def test_who_saves_the_addresses_second_sees_those_of_the_other(
    as_olga: Client, conference: Conference, olga: User
) -> None:
    page, address = reverse("admin:morning"), reverse("admin:morning_letter")
    form = next(one for one in Page(page, as_olga.get(page).content.decode()).forms if one.action == address)
    briefing.ask_for(conference, [OTHER], without_approval=True, by=olga)
    answer = as_olga.post(address, {**form.filled(), "addresses": LEADER})
    assert answer.status_code == 409
    assert f"Người khác vừa đổi ô này thành “{OTHER} (gửi ngay)”" in text(answer)
    assert MorningLetter.objects.get().addresses == [OTHER]

    forms = Page(page, answer.content.decode()).forms
    again = next(one for one in forms if one.action == address).filled()
    assert str(again["addresses"]).strip() == LEADER, "what was typed stays"
    assert as_olga.post(address, again).status_code == 302, "and saving again decides"
    assert MorningLetter.objects.get().addresses == [LEADER]
    assert as_olga.post(address, again).status_code == 302, "the same press twice is no conflict"


def test_viewers_read_the_pages_and_no_address(victor: User, asked: MorningLetter) -> None:
    client = signed_in(victor)
    page = text(client.get(DESK))
    assert "2 địa chỉ nhận thư: chờ duyệt" in page
    assert LEADER not in client.get(DESK).content.decode()
    assert client.post(f"{DESK}letter/", {"addresses": LEADER}).status_code == 403
    assert client.post(f"{DESK}print/").status_code == 403


@pytest.mark.django_db
def test_the_desk_asks_the_same_however_many_pages(
    as_olga: Client, asked: MorningLetter, conference: Conference
) -> None:
    briefing.sweep()
    before = queries(as_olga, DESK)
    at(conference, SEVEN + timedelta(days=1))
    briefing.sweep()
    assert queries(as_olga, DESK) == before
