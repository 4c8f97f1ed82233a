"""What becomes of papers and batches once somebody on them is erased, or the time of a conference is over."""

import datetime
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.db import OperationalError

from attendees import erasing
from attendees.models import Attendee
from conference import proving, retention, sealing
from conference.models import Conference, JournalEntry, User
from documents import issuing, making, requests
from documents.batches import CertificateBatch, content_hash
from documents.models import Certificate, Document
from documents.requests import Scope
from tests.conference.test_sealing import in_threads
from tests.documents.conftest import Ask
from tests.patience import LONGEST

Work = Callable[[Document], Document]
State = Document.State
pytestmark = pytest.mark.django_db


def later(conference: Conference, days: int) -> None:
    conference.demo_now = conference.now() + datetime.timedelta(days=days)
    conference.save()


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("how", [State.READY, State.CANCELLED, State.RUNNING])
def test_a_paper_that_went_in_time_is_made_again_with_everybody(
    ask: Ask, work: Work, conference: Conference, olga: User, how: str
) -> None:
    document = ask("badges")
    making.make_part(document.parts.all()[0].pk)
    if how == State.READY:
        work(document)
    elif how == State.CANCELLED:
        document.cancel(by=olga)
    document.refresh_from_db()
    assert document.state == how
    later(conference, 400)
    retention.forget(conference)
    if how != State.RUNNING:  # that one goes in another night
        document.refresh_from_db()
        assert (document.state, document.file) == (State.CANCELLED, "")
        assert requests.retry(document, by=olga)
    assert work(document).state == State.READY
    assert (document.error, document.pages) == ("", document.parts.count())


def approved(conference: Conference, olga: User) -> CertificateBatch:
    batch = issuing.draft(conference, Scope(), by=olga)
    seen = content_hash(batch.lines.all())
    return issuing.approve(batch, seen, by=olga, paper_reference="Phiếu trình số 12/PTr")


def test_who_is_erased_gets_none_of_an_approved_batch_and_the_others_get_theirs(
    conference: Conference, people: list[Attendee], olga: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ERASED_FILE, settings.HEADS_FILE = tmp_path / "erased.jsonl", tmp_path / "heads.jsonl"
    batch = approved(conference, olga)
    later(conference, 20)
    erasing.erase(people[0], by=olga)
    batch.refresh_from_db()
    assert batch.approved_hash == content_hash(batch.lines.all())
    [told] = JournalEntry.objects.filter(act="edit", subject=f"documents.certificatebatch:{batch.pk}")
    assert told.changes["hash"][1] == batch.approved_hash
    issued = issuing.issue(batch, by=olga)
    assert {one.attendee_id for one in Certificate.objects.all()} == {one.pk for one in people[1:]}
    assert issuing.left_out(issued) == ["Đại biểu đã xóa dữ liệu: Đã xóa dữ liệu cá nhân."]
    sealing.seal(everything=True)
    assert proving.prove().faults == []


def test_a_batch_that_was_changed_behind_its_approval_is_not_approved_by_an_erasing(
    conference: Conference, people: list[Attendee], olga: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    batch = approved(conference, olga)
    before = batch.approved_hash
    batch.lines.filter(attendee=people[1]).update(title="Bộ trưởng")
    later(conference, 20)
    erasing.erase(people[0], by=olga)
    batch.refresh_from_db()
    assert batch.approved_hash == before


def held_alone(person: Attendee) -> Attendee:
    """Only the person."""
    return (
        Attendee.objects.select_for_update(of=("self",))
        .select_related("conference", "delegation")
        .get(pk=person.pk)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_in_order", [True, False])
def test_who_issues_and_who_erases_do_not_wait_for_each_other(
    conference: Conference, people: list[Attendee], olga: User, settings: LazySettings, tmp_path: Path,
    is_in_order: bool, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """With its control: where the erasing holds the person alone, the database breaks one of them off."""
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    batch = approved(conference, olga)
    later(conference, 20)
    meeting = threading.Barrier(2, timeout=1 if is_in_order else LONGEST)
    broken: list[str] = []

    def met(verb: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **more: Any) -> Any:
            with suppress(threading.BrokenBarrierError):  # the other waits before it has got anything
                meeting.wait()
            return verb(*given, **more)

        return wrapped

    def run(verb: Callable[[], object]) -> None:
        try:
            verb()
        except (OperationalError, ValidationError) as error:
            broken.append(str(error))

    monkeypatch.setattr(issuing, "_sort_out", met(issuing._sort_out))
    monkeypatch.setattr(erasing, "_take_out", met(erasing._take_out))
    if not is_in_order:
        monkeypatch.setattr(erasing, "_held", held_alone)
    acts = (partial(issuing.issue, batch, by=olga), partial(erasing.erase, people[0], by=olga))
    assert in_threads(*(partial(run, act) for act in acts)) == []
    assert any("deadlock" in one for one in broken) is not is_in_order
    if is_in_order:  # who comes second waits: the batch without them, or an erasing while files are made
        is_erased = Attendee.objects.get(pk=people[0].pk).erased_at is not None
        assert (Certificate.objects.count(), len(broken)) == ((3, 0) if is_erased else (4, 1))
