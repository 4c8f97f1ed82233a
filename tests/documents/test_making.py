"""A row is claimed once, held for a time, and finished only by who holds it."""

import datetime
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from attendees.models import Attendee, Delegation
from conference import leases
from conference.models import User
from documents import making, requests, rows, storing
from documents.errors import PaperError
from documents.kinds import KINDS
from documents.kinds.badges import Badges
from documents.kinds.base import Content, Subject
from documents.models import Document, DocumentPart
from tests.disks import CannotMount, Disk, mounted, without_room
from tests.documents.conftest import Ask

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]
RUNNING, DONE, QUEUED = DocumentPart.State.RUNNING, DocumentPart.State.DONE, DocumentPart.State.QUEUED


def claim(part: DocumentPart) -> uuid.UUID | None:
    return leases.claim(making.open_parts(), part.pk, state=RUNNING)


def expire(part: DocumentPart) -> None:
    past = timezone.now() - datetime.timedelta(seconds=1)
    DocumentPart.objects.filter(pk=part.pk).update(lease_until=past)


def test_a_piece_is_claimed_once(ask: Ask) -> None:
    part = ask().parts.get()
    assert claim(part) is not None
    assert claim(part) is None


def test_a_piece_whose_worker_is_gone_is_claimed_again(ask: Ask) -> None:
    part = ask().parts.get()
    first = claim(part)
    expire(part)
    second = claim(part)
    assert second not in (None, first)
    part.refresh_from_db()
    assert (part.attempts, part.token) == (2, second)


def test_the_finish_of_an_overtaken_worker_is_refused(ask: Ask) -> None:
    part = ask().parts.get()
    zombie = claim(part)
    expire(part)
    claim(part)
    assert zombie is not None
    assert not leases.finish(DocumentPart.objects.all(), part.pk, zombie, state=DONE)
    part.refresh_from_db()
    assert part.state == RUNNING


def test_without_the_fence_the_zombie_would_win(ask: Ask) -> None:
    part = ask().parts.get()
    claim(part)
    expire(part)
    claim(part)
    DocumentPart.objects.filter(pk=part.pk).update(state=DONE)  # no token asked for
    part.refresh_from_db()
    assert part.state == DONE


def test_a_piece_that_fell_too_often_is_not_claimed(ask: Ask) -> None:
    part = ask().parts.get()
    DocumentPart.objects.update(attempts=leases.MOST_ATTEMPTS)
    assert claim(part) is None


def test_a_piece_told_to_wait_is_left_alone_until_its_time(ask: Ask) -> None:
    part = ask().parts.get()
    token = claim(part)
    assert token is not None
    with time_machine.travel(timezone.now(), tick=False):
        leases.put_back(DocumentPart.objects.all(), part.pk, token, 3, state=QUEUED)
        part.refresh_from_db()
        assert part.run_after is not None
        assert part.run_after - timezone.now() == datetime.timedelta(seconds=8)
        assert claim(part) is None
    DocumentPart.objects.update(run_after=timezone.now())
    assert claim(part) is not None


def test_a_message_that_comes_twice_makes_the_paper_once(ask: Ask, work: Work) -> None:
    document = work(ask())
    part = document.parts.get()
    before = (document.sha256, document.finished_at, part.attempts)
    making.make_part(part.pk)
    making.join_parts(document.pk)
    document.refresh_from_db()
    part.refresh_from_db()
    assert (document.sha256, document.finished_at, part.attempts) == before


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.usefixtures("issued")
def test_progress_counts_people(ask: Ask) -> None:
    document = ask("certificates")
    for part in document.parts.all()[:3]:
        making.make_part(part.pk)
    counted = Document.objects.with_progress().get(pk=document.pk)
    assert (counted.state, counted.done, counted.total) == (Document.State.RUNNING, 3, 4)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.usefixtures("issued")
def test_pieces_are_cleared_away_when_the_paper_is_ready(ask: Ask, work: Work) -> None:
    document = work(ask("certificates"))
    assert document.state == Document.State.READY
    assert not storing.path(storing.pieces_of(document.pk)).exists()
    assert [path.name for path in storing.path(storing.FINISHED).rglob("*.*")] == [f"{document.sha256}.pdf"]


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.usefixtures("issued")
def test_a_cancelled_paper_takes_no_piece_that_comes_late(ask: Ask, olga: User) -> None:
    document = ask("certificates")
    first, second, *_ = document.parts.all()
    making.make_part(first.pk)
    token = claim(second)
    assert token is not None
    assert document.cancel(by=olga)
    assert not leases.finish(DocumentPart.objects.all(), second.pk, token, state=DONE)
    making.make_part(second.pk)
    document.refresh_from_db()
    assert document.state == Document.State.CANCELLED
    assert sorted(document.parts.values_list("state", flat=True)) == ["cancelled"] * 3 + ["done"]
    assert not document.cancel(by=olga)


@pytest.mark.parametrize("error", [PaperError("Tên dài quá."), ValueError("by accident")])
def test_an_overtaken_worker_does_not_end_the_paper_that_was_begun_again(
    ask: Ask, olga: User, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    document = ask()
    part = document.parts.get()
    taken = []

    class Slow(Badges):
        """While it is made the paper is stopped and begun again, and a second worker takes it."""

        chunk = None

        def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
            assert document.cancel(by=olga)
            assert requests.retry(document, by=olga)
            taken.append(claim(part))
            raise error

    DocumentPart.objects.update(attempts=LAST)
    monkeypatch.setitem(KINDS, "badges", Slow())
    making.make_part(part.pk)
    for row in (document, part):
        row.refresh_from_db()
    assert (document.state, document.error) == (Document.State.QUEUED, "")
    assert (part.state, part.token) == (RUNNING, taken[0])


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.usefixtures("issued")
def test_an_overtaken_worker_that_joins_does_not_end_it_either(ask: Ask, olga: User) -> None:
    document = ask("certificates")
    first = leases.claim(making.open_documents(), document.pk, state=Document.State.RUNNING)
    assert first is not None
    assert document.cancel(by=olga)
    assert requests.retry(document, by=olga)
    second = leases.claim(making.open_documents(), document.pk, state=Document.State.RUNNING)
    Document.objects.update(attempts=leases.MOST_ATTEMPTS)
    document.refresh_from_db()
    making._join_again(document, first, ValueError("by accident"))
    document.refresh_from_db()
    assert (document.state, document.token) == (Document.State.RUNNING, second)
    assert second is not None
    making._join_again(document, second, ValueError("by accident"))  # the control
    document.refresh_from_db()
    assert document.state == Document.State.FAILED


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.usefixtures("issued")
def test_a_retry_makes_only_what_is_missing(ask: Ask, work: Work, olga: User) -> None:
    document = ask("certificates")
    first = document.parts.all()[0]
    making.make_part(first.pk)
    document.cancel(by=olga)
    assert requests.retry(document, by=olga)
    assert work(document).state == Document.State.READY
    first.refresh_from_db()
    assert first.attempts == 1
    assert not requests.retry(document, by=olga)


def test_an_accident_puts_the_piece_back(ask: Ask, work: Work) -> None:
    document = ask()
    storing.path("").mkdir(parents=True)
    storing.path(storing.PIECES).write_text("a file stands where the folder should be")
    work(document)
    part = document.parts.get()
    assert (document.state, part.state, part.attempts) == (Document.State.RUNNING, QUEUED, 1)
    assert part.run_after is not None
    storing.path(storing.PIECES).unlink()
    DocumentPart.objects.update(run_after=None)
    assert work(document).state == Document.State.READY


@pytest.fixture
def disk(media: Path) -> Iterator[Disk]:
    """Files lie on a disk of their own."""
    try:
        with mounted(media) as found:
            yield found
    except CannotMount as reason:
        pytest.skip(f"no disk can be mounted here: {reason}")


LAST = leases.MOST_ATTEMPTS - 1


def test_a_full_disk_is_waited_for_and_no_attempt_counts(ask: Ask, work: Work, disk: Disk) -> None:
    document = ask()
    DocumentPart.objects.update(attempts=LAST)
    disk.fill()
    work(document)
    part = document.parts.get()
    assert (document.state, part.state, part.attempts) == (Document.State.RUNNING, QUEUED, LAST)
    assert part.run_after is not None
    disk.free()
    DocumentPart.objects.update(run_after=None)
    assert work(document).state == Document.State.READY


@pytest.mark.usefixtures("small_pieces")
def test_a_disk_that_is_full_when_pieces_are_joined_is_waited_for_too(
    ask: Ask, work: Work, disk: Disk
) -> None:
    document = ask()
    held = timezone.now() + leases.LEASE
    Document.objects.update(attempts=LAST, lease_until=held)  # so that nobody joins them yet
    work(document)
    disk.fill()
    Document.objects.update(lease_until=None)
    making.join_parts(document.pk)
    document.refresh_from_db()
    assert (document.state, document.file, document.attempts) == (Document.State.RUNNING, "", LAST)
    assert list(storing.path("").rglob("*.part")) == []
    disk.free()
    Document.objects.update(run_after=None)
    making.join_parts(document.pk)
    document.refresh_from_db()
    assert document.state == Document.State.READY


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.usefixtures("issued")
def test_a_full_disk_of_the_database_is_waited_for_and_no_attempt_counts(work: Work) -> None:
    document = Document.objects.get()  # the files that are kept, of what was issued
    document.parts.update(attempts=LAST)
    with connection.execute_wrapper(without_room("INSERT")):  # what is kept of a certificate that is made
        work(document)
    assert set(document.parts.values_list("state", "attempts")) == {(QUEUED, LAST)}
    assert not document.parts.filter(run_after=None).exists()
    document.parts.update(run_after=None)
    assert work(document).state == Document.State.READY


def test_the_last_attempt_of_another_accident_ends_the_paper(ask: Ask, work: Work, media: Path) -> None:
    """The control: what no room on the disk mends must not be tried for ever."""
    document = ask()
    media.mkdir()
    storing.path(storing.PIECES).write_text("a file stands where the folder should be")
    DocumentPart.objects.update(attempts=LAST)
    assert work(document).state == Document.State.FAILED


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.usefixtures("issued")
def test_pieces_lost_from_the_disk_are_made_again(ask: Ask, work: Work) -> None:
    document = ask("certificates")
    parts = list(document.parts.all())
    for part in parts[:-1]:
        making.make_part(part.pk)
    parts[0].refresh_from_db()
    storing.path(parts[0].file).unlink()
    making.make_part(parts[-1].pk)
    Document.objects.update(run_after=None)
    assert work(document).state == Document.State.READY
    assert document.pages == 4


def test_a_joined_file_is_whole_or_absent(ask: Ask, work: Work) -> None:
    work(ask())
    paths = list(storing.path("").rglob("*"))
    assert not [path for path in paths if path.suffix == ".part"]


# ── One who cannot be printed ─────────────────────────────────────────────────────────────────────

TOO_LONG = "Trung tâm Nghiên cứu Chính sách và Truyền thông đối ngoại các tỉnh, thành phố phía Nam " * 3


def called(person: Attendee, name: str) -> None:
    person.full_name = name
    person.save()


@pytest.mark.parametrize("each", [False, True])
def test_one_who_cannot_be_printed_is_named_and_the_others_come_out(
    ask: Ask, work: Work, people: list[Attendee], olga: User, each: bool
) -> None:
    called(people[1], "Nguyễn 😀 An")
    document = work(ask(each=each))
    assert (document.state, document.parts.get().attempts) == (Document.State.READY, 1)
    assert document.error.startswith("Thiếu 1 người: Chưa lập được giấy: phông chữ không có ký tự “😀”")
    [row] = rows.rows(rows.of(Document.objects.all()), olga)
    assert (row.kind, row.state_label) == ("part", "Xong, còn thiếu")
    assert document.error in row.sentence
    assert [act["label"] for act in row.acts][1:] == ["Làm lại"]


def test_a_paper_that_lacks_somebody_is_made_again_whole(
    ask: Ask, work: Work, people: list[Attendee], olga: User
) -> None:
    called(people[1], "Nguyễn 😀 An")
    document = work(ask(each=True))
    called(people[1], "Nguyễn Văn An")
    assert requests.retry(document, by=olga)
    assert work(document).state == Document.State.READY
    assert document.error == ""
    with zipfile.ZipFile(storing.path(document.file)) as archive:
        assert len(archive.namelist()) == len(people)
    assert not requests.retry(document, by=olga)


def test_a_text_without_end_is_named_with_whose_paper_it_is_on(
    ask: Ask, work: Work, people: list[Attendee]
) -> None:
    team = Delegation.objects.create(
        conference=people[0].conference, code="trung-tam", name=TOO_LONG[:200].strip(), position=99
    )
    Attendee.objects.filter(pk=people[1].pk).update(delegation=team)
    document = work(ask(each=True))
    assert document.state == Document.State.READY
    assert f"Chưa lập được giấy của {people[1].full_name}: “Trung tâm Nghiên cứu" in document.error


@pytest.mark.usefixtures("small_pieces")
def test_a_piece_of_which_nobody_can_be_printed_leaves_the_others_whole(
    ask: Ask, work: Work, people: list[Attendee]
) -> None:
    called(people[1], "Nguyễn 😀 An")
    document = work(ask(each=True))
    assert (document.state, document.error[:14]) == (Document.State.READY, "Thiếu 1 người:")
    with zipfile.ZipFile(storing.path(document.file)) as archive:
        assert len(archive.namelist()) == len(people) - 1


@pytest.mark.usefixtures("small_pieces")
def test_where_nobody_can_be_printed_the_paper_fails_and_can_be_begun_again(
    ask: Ask, work: Work, people: list[Attendee], olga: User
) -> None:
    for person in people:
        called(person, "Nguyễn 😀 An")
    document = work(ask(each=True))
    assert document.state == Document.State.FAILED
    assert document.error.startswith(f"Thiếu {len(people)} người:")
    assert document.error.count("😀") == 2  # the same reason once: the letter, and where it stands
    for person in people:
        called(person, "Nguyễn Văn An")
    assert requests.retry(document, by=olga)
    assert work(document).state == Document.State.READY
    assert document.error == ""
