"""The ledger of badges: what has to be printed anew, and who took a delegation's badges away."""

from __future__ import annotations

import datetime
import re
import uuid
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees import codes, erasing
from attendees.models import Attendee, Delegation
from conference import retention
from conference.models import Conference, JournalEntry, User
from conference.purposes import ERASED_NAME
from documents import badging, storing
from documents.errors import PaperError
from documents.models import BadgeHandover, BadgePrint, Document
from tests.conference.desk import signed_in, text
from tests.conftest import MakeAttendee
from tests.documents import reading
from tests.documents.conftest import Ask

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]
DESK = "/admin/badges/"


@pytest.fixture(autouse=True)
def demo(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # no second factor in the way


def subjects(document: Document) -> list[int]:
    return [
        subject[1] for part in document.parts.all() for subject in part.subjects if subject[0] == "person"
    ]


def test_a_run_writes_down_every_badge_and_the_next_prints_only_what_changed(
    ask: Ask, people: list[Attendee], make_attendee: MakeAttendee
) -> None:
    first = ask("badges")
    assert BadgePrint.objects.filter(document=first).count() == 4
    with pytest.raises(PaperError, match="Không có thẻ nào mới"):
        ask("badges", since=first)
    people[0].full_name = "Nguyễn Thị Thu Hường"
    people[0].save()
    late = make_attendee(people[3].delegation, "Lê Đến Muộn", status=Attendee.Status.CONFIRMED)
    second = ask("badges", since=first)
    assert sorted(subjects(second)) == sorted([people[0].pk, late.pk])
    with pytest.raises(PaperError):
        ask("badges", since=second)
    assert len(subjects(ask("badges", since=first))) == 2  # batch 2 got lost: again what changed since 1


def test_a_run_is_completed_on_the_paper_it_was_printed_on(
    ask: Ask, people: list[Attendee], olga: User
) -> None:
    run = ask("badges-label", attendees=people[:2])
    asked = {"since": run.pk, "key": str(uuid.uuid4()), "anyway": "1"}
    signed_in(olga).post(f"{DESK}print/", asked)
    rest = badging.runs(run.conference)[1]
    assert (rest.kind, sorted(subjects(rest))) == ("badges-label", sorted(one.pk for one in people[2:]))
    assert not badging.due(people, badging.printed(run.conference))


def test_a_reprinted_code_counts_as_a_change(ask: Ask, people: list[Attendee]) -> None:
    first = ask("badges")
    Attendee.objects.filter(pk=people[1].pk).update(badge_token="0123456789ABCDEF")
    assert subjects(ask("badges", since=first)) == [people[1].pk]


def test_a_run_that_was_stopped_or_failed_printed_nothing(
    ask: Ask, people: list[Attendee], olga: User
) -> None:
    first, second = ask("badges", attendees=people[:1]), ask("badges")
    second.cancel(by=olga)
    third = ask("badges", since=first)
    assert sorted(subjects(third)) == sorted(person.pk for person in people[1:])
    assert badging.runs(first.conference) == [first, third]


def test_who_is_erased_or_forgotten_leaves_the_badges_of_the_others_printed(
    ask: Ask, work: Work, people: list[Attendee], olga: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    run = work(ask("badges"))
    gone = people[0]
    conference = run.conference
    conference.demo_now = conference.now() + datetime.timedelta(days=20)
    conference.save()
    erasing.erase(gone, by=olga)
    run.refresh_from_db()
    assert (run.state, run.file) == (Document.State.CANCELLED, "")

    def others() -> tuple[list[Document], int]:
        return badging.runs(conference), sum(one.due for one in badging.ledger(conference))

    assert others() == ([run], 0)
    run.retry(by=olga)
    run.cancel(by=olga)
    assert others() == ([run], 0)
    assert run.retry(by=olga)
    assert work(run).state == Document.State.READY
    conference.demo_now = conference.now() + datetime.timedelta(days=400)
    conference.save()
    retention.forget(conference)
    run.refresh_from_db()
    assert (run.state, run.file) == (Document.State.CANCELLED, "")
    assert badging.runs(conference) == [run]


def test_the_ledger_counts_by_delegation_with_as_many_queries_for_any_number(
    ask: Ask, people: list[Attendee], make_attendee: MakeAttendee, conference: Conference
) -> None:
    ask("badges")
    people[0].position = "Giám đốc"
    people[0].save()

    def counted() -> tuple[list[tuple[str, int, int, int]], int]:
        with CaptureQueriesContext(connection) as captured:
            found = badging.ledger(conference)
        return [(one.delegation.code, one.total, one.fresh, one.changed) for one in found], len(captured)

    before, queries = counted()
    assert before == [("quang-nam", 1, 0, 0), ("lam-dong", 3, 0, 1)]
    for number in range(5):
        make_attendee(people[3].delegation, f"Người Mới {number}", status=Attendee.Status.CONFIRMED)
    after, same = counted()
    assert after[0] == ("quang-nam", 6, 5, 0)
    assert same == queries == 3


@pytest.mark.parametrize("each", [False, True])
def test_a_reprint_gives_an_erased_person_no_badge(
    each: bool,
    ask: Ask,
    work: Work,
    people: list[Attendee],
    olga: User,
    settings: LazySettings,
    tmp_path: Path,
) -> None:
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    gone, *others = people
    run = work(ask("badges", each=each))
    conference = gone.conference
    conference.demo_now = conference.now() + datetime.timedelta(days=20)
    conference.save()
    erasing.erase(gone, by=olga)
    run.refresh_from_db()
    assert run.retry(by=olga)
    assert work(run).state == "ready"
    assert "Thiếu 1 người" in run.error
    with storing.opened(run.file) as file:
        pdfs = _unpacked(file) if each else [file.read()]
    said = "".join(map(reading.text, pdfs))
    assert codes.group(gone.code) not in said
    assert all(codes.group(one.code) in said for one in others)
    cards = re.findall(r"\d+ thẻ", said)
    assert sorted(cards) == ([] if each else ["1 thẻ", "2 thẻ"]), "the card before them counts who is there"


def test_who_stands_between_two_erased_people_gets_a_badge(
    ask: Ask, work: Work, olga: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    run = work(ask("badges", each=True))
    [first, *_between, last] = [pk for _kind, pk in run.parts.get().subjects]
    Conference.objects.update(demo_now=run.conference.now() + datetime.timedelta(days=20))
    for pk in (first, last):
        erasing.erase(Attendee.objects.get(pk=pk), by=olga)
    run.refresh_from_db()
    assert run.retry(by=olga)
    assert (work(run).state, run.error.partition(":")[0]) == ("ready", "Thiếu 2 người")


def test_of_a_delegation_whose_only_person_was_erased_nothing_is_left(
    ask: Ask, work: Work, people: list[Attendee], olga: User, settings: LazySettings, tmp_path: Path,
) -> None:  # fmt: skip
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    run = work(ask("badges", delegations=[people[3].delegation]))
    whole = work(ask("badges"))
    Conference.objects.update(demo_now=people[0].conference.now() + datetime.timedelta(days=20))
    erasing.erase(Attendee.objects.get(pk=people[3].pk), by=olga)
    for document in (run, whole):
        document.refresh_from_db()
        assert document.retry(by=olga)
        work(document)
    assert run.state == "failed"
    assert "đã xóa dữ liệu cá nhân" in run.error
    said = reading.text(storing.path(whole.file).read_bytes())
    assert re.findall(r"\d+ thẻ", said) == ["3 thẻ"]


@pytest.mark.parametrize(
    "kind",
    ["name-tents", "seat-cards", "meal-tickets", "personal-invitation", "attendee-list", "agenda-delegation"],
)
def test_no_kind_gives_an_erased_person_a_line(
    kind: str, ask: Ask, work: Work, people: list[Attendee], olga: User, settings: LazySettings,
    tmp_path: Path,
) -> None:  # fmt: skip
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    gone, *others = people
    Delegation.objects.filter(pk=gone.delegation_id).update(head=gone)
    document = work(ask(kind))
    assert _named(document, people) == people
    Conference.objects.update(demo_now=gone.conference.now() + datetime.timedelta(days=20))
    erasing.erase(Attendee.objects.get(pk=gone.pk), by=olga)
    document.refresh_from_db()
    assert document.retry(by=olga)
    assert work(document).state == "ready", document.error
    erased = Attendee.objects.get(pk=gone.pk)
    assert erased.full_name == ERASED_NAME
    assert _named(document, [*people, erased]) == others


def _named(document: Document, people: Iterable[Attendee]) -> list[Attendee]:
    """Who of them stands on the paper, in capitals or not."""
    said = reading.letters(reading.text(storing.path(document.file).read_bytes())).lower()
    return [one for one in people if reading.letters(one.full_name).lower() in said]


def _unpacked(file: BinaryIO) -> list[bytes]:
    with zipfile.ZipFile(file) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_a_press_writes_one_line_and_says_what_is_wrong(
    people: list[Attendee], delegation: Delegation, olga: User, dan: User
) -> None:
    key = uuid.uuid4()
    assert badging.hand_over(delegation, 3, " Trần  Văn Bình ", key=key, by=olga)
    assert not badging.hand_over(delegation, 3, "Trần Văn Bình", key=key, by=olga)
    [line] = BadgeHandover.objects.all()
    assert (line.cards, line.received_by, line.by_name) == (3, "Trần Văn Bình", "Olga")
    for cards, name in ((0, "A"), (4, "A"), (1, "  ")):
        with pytest.raises(ValidationError):
            badging.hand_over(delegation, cards, name, key=uuid.uuid4(), by=olga)
    with pytest.raises(PermissionDenied):
        badging.hand_over(delegation, 1, "A", key=uuid.uuid4(), by=dan)
    badging.take_back(line, by=olga)
    assert not BadgeHandover.objects.exists()
    acts = JournalEntry.objects.filter(act__in=("hand_over_badges", "take_back_badges"))
    assert acts.count() == 2


def test_the_page_prints_what_changed_and_takes_handovers(
    ask: Ask, people: list[Attendee], delegation: Delegation, olga: User
) -> None:
    client = signed_in(olga)
    assert "Chưa in đợt thẻ nào" in text(client.get(DESK))
    key = uuid.uuid4()
    for _ in range(2):
        client.post(f"{DESK}print/", {"key": str(key), "anyway": "1"})  # they have no organisation
    run = Document.objects.get(kind="badges")
    page = text(client.get(DESK))
    assert "Đợt 1" in page
    assert "In thẻ mới, đã đổi kể từ đợt 1" in page
    answer = client.post(f"{DESK}print/", {"since": run.pk, "key": str(uuid.uuid4())}, follow=True)
    assert "Không có thẻ nào mới hoặc đã đổi" in text(answer)
    Attendee.objects.filter(pk=people[0].pk).update(full_name="Nguyễn Thị Thu")
    again = {"since": run.pk, "key": str(uuid.uuid4()), "anyway": "1"}
    assert "Thẻ đại biểu · thẻ mới, đã đổi" in text(client.post(f"{DESK}print/", again, follow=True))
    assert "Đợt in này không còn" in text(client.post(f"{DESK}print/", {"since": "x"}, follow=True))
    form = {"cards": "2", "received_by": "Trần Văn Bình", "key": str(uuid.uuid4())}
    assert client.post(f"{DESK}lam-dong/", form).status_code == 302
    shown = text(client.get(f"{DESK}lam-dong/"))
    assert "Trần Văn Bình" in shown
    wrong = client.post(f"{DESK}lam-dong/", {**form, "cards": "77", "key": str(uuid.uuid4())})
    assert wrong.status_code == 200
    assert "từ 1 đến 3" in text(wrong)
    form["cards"] = "1"
    client.post(f"{DESK}quang-nam/", {**form, "key": str(uuid.uuid4())})
    client.get(DESK)  # takes the message away
    waiting = text(client.get(f"{DESK}?show=waiting"))
    assert ("Tỉnh Lâm Đồng" in waiting, "Tỉnh Quảng Nam" in waiting) == (True, False)
    line = BadgeHandover.objects.get(delegation=delegation)
    client.post(f"{DESK}lines/{line.pk}/strike/")
    assert not delegation.badge_handovers.exists()
