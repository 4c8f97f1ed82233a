"""A small conference with people who are there, for papers."""

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from attendees.models import Attendee, Delegation, Receipt
from conference.models import Conference, User
from documents import issuing, making, previewing
from documents.batches import content_hash
from documents.kinds import KINDS
from documents.models import Certificate, Document, DocumentPart
from documents.requests import Scope, request_document
from sessions.models import Attendance, Session
from tests.conftest import MakeAttendee, publish
from tests.patience import LONGEST

NAMES = ("Nguyễn Thị Thu Hương", "Hà Trung Thọ", "H' Linh Niê Kđăm")
SCOPES = ("delegations", "attendees", "day", "subjects", "since")
Ask = Callable[..., Document]


@pytest.fixture(autouse=True)
def _media_of_its_own(media: Path) -> None:
    """Every test here may keep files."""


@pytest.fixture(autouse=True)
def _patient_with_previews(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loaded machine may take longer to draw one than a person would wait."""
    monkeypatch.setattr(previewing, "PATIENCE", LONGEST)


@pytest.fixture
def opening(conference: Conference) -> Session:
    day, clock = conference.starts_on, datetime.time
    for code, kind, title, start in (
        ("chao-co", "ceremony", "Chào cờ", 7),
        ("giai-lao", "break", "Giải lao", 9),
    ):
        Session.objects.create(
            conference=conference,
            code=code,
            kind=kind,
            title=title,
            day=day,
            starts=clock(start),
            ends=clock(start + 1),
        )
    publish(conference)
    opening = Session.objects.create(
        conference=conference,
        code="khai-mac",
        title="Phát biểu khai mạc",
        day=day,
        starts=clock(8),
        ends=clock(9),
    )
    publish(conference)
    return opening


def give(
    conference: Conference, people: Iterable[Attendee] | None = None, *, by: User | None = None
) -> list[Certificate]:
    """A batch drafted, approved on paper and issued: of these people, or of everybody who earns one.

    Returns the new ones, in their order.
    """
    scope = Scope(attendees=list(people) if people is not None else ())
    batch = issuing.draft(conference, scope, by=by)
    seen = content_hash(batch.lines.all())
    issuing.approve(batch, seen, by=by, paper_reference="Phiếu trình số 12/PTr ngày 07/6/2024")
    return list(issuing.issue(batch, by=by).certificates.order_by("number"))


def make_receipt(delegation: Delegation, number: int = 1, **content: Any) -> Receipt:
    """What a delegation sent, written down as `attendees.receipts` does."""
    seats = [{"category": "Báo, Đài tỉnh", "seats": 1, "declined": 1, "reason": "Trùng lịch công tác"}]
    listed = [
        {
            "code": one.code, "name": one.addressed, "title": one.title, "organisation": "Sở TTTT",
            "category": one.category.name, "status": one.status, "replaces": "", "head": False,
        }
        for one in delegation.attendees.confirmed().select_related("category")
    ]  # fmt: skip
    return Receipt.objects.create(
        delegation=delegation,
        number=number,
        sent_at=delegation.conference.now(),
        sent_by="Dan",
        content={"status": "confirmed", "reason": "", "people": listed, "seats": seats, **content},
        sha256="0123456789abcdef" * 4,
    )


@pytest.fixture
def people(
    opening: Session, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> list[Attendee]:
    """Three confirmed people of Lâm Đồng and one of Quảng Nam, all seen; one more is only nominated."""
    confirmed = {"status": Attendee.Status.CONFIRMED, "position": "Phó Giám đốc", "honorific": "ba"}
    found = [make_attendee(delegation, name, **confirmed) for name in NAMES]
    found.append(make_attendee(other_delegation, "Đặng Văn Sơn", **confirmed))
    make_attendee(delegation, "Trần Chưa Chắc")
    for one in (delegation, other_delegation):
        make_receipt(one)
    Attendance.objects.bulk_create(Attendance(session=opening, attendee=person) for person in found)
    return found


@pytest.fixture
def ask(conference: Conference, people: list[Attendee], olga: User) -> Ask:
    """`ask("badges")` asks as the organiser; `delegations=`, `attendees=`, `each=`, `by=`, `key=`."""

    def request(kind: str = "badges", by: User | None = None, **more: Any) -> Document:
        scope = Scope(**{name: more.pop(name) for name in SCOPES if name in more})
        return request_document(kind, conference, by=by or olga, scope=scope, **more)

    return request


@pytest.fixture
def issued(conference: Conference, people: list[Attendee], olga: User) -> list[Certificate]:
    """Certificates of the four who were there."""
    return give(conference, by=olga)


@pytest.fixture
def work() -> Callable[[Document], Document]:
    """Do what a worker would do with all the pieces that wait."""

    def make(document: Document) -> Document:
        for part in document.parts.filter(state=DocumentPart.State.QUEUED):
            making.make_part(part.pk)
        document.refresh_from_db()
        return document

    return make


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person to a piece, so that four people make a large run."""
    for kind in KINDS.values():
        if kind.chunk:
            monkeypatch.setattr(type(kind), "chunk", 1)
