"""After a restored backup no number is given again, and what was ended stays ended."""

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction

from attendees import erasing
from attendees.models import Attendee, Delegation
from conference import account_erasing, erased
from conference.models import Conference, JournalEntry, User
from documents import certificates, examining, letters, marks, restoring
from documents.models import Certificate, CertificateRule, NumberSeries
from mailing import outbox
from tests.conftest import MakeAttendee
from tests.documents.conftest import give

pytestmark = pytest.mark.django_db
SINCE = 50


@pytest.fixture(autouse=True)
def mark(settings: LazySettings, tmp_path: Path) -> Path:
    settings.NUMBERS_FILE = tmp_path / "numbers.jsonl"
    return tmp_path / "numbers.jsonl"


@pytest.fixture
def restored(
    conference: Conference,
    people: list[Attendee],
    delegation: Delegation,
    olga: User,
    make_attendee: MakeAttendee,
    django_capture_on_commit_callbacks: Any,
) -> dict[str, set[str]]:
    """Two certificates in the backup; 50 more, a letter, a replacement, a revocation; then restored."""
    CertificateRule.objects.create(conference=conference, must_come=False)
    kept = give(conference, people[:2], by=olga)
    backup = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        more = [make_attendee(delegation, f"Người {n}", status="confirmed") for n in range(SINCE)]
        since = give(conference, more, by=olga)
        fresh = certificates.replace(kept[0], "Sửa họ tên", by=olga)
        certificates.revoke(kept[1], "Cấp nhầm", by=olga)
        [letter] = letters.issue(conference, "giay-moi", [delegation], by=olga)
    numbers = {one.full_number for one in (*kept, *since, fresh)}
    transaction.savepoint_rollback(backup)
    return {"numbers": numbers, "letters": {letter.full_number}}  # fmt: skip


def run(*options: str) -> str:
    said = StringIO()
    call_command("after_restore", *options, stdout=said)
    return said.getvalue()


def test_no_number_is_given_again_and_endings_hold(
    conference: Conference, people: list[Attendee], delegation: Delegation, olga: User,
    restored: dict[str, set[str]],
) -> None:  # fmt: skip
    run("--apply")
    again = give(conference, people[2:], by=olga)
    assert [one.number for one in again] == [54, 55]
    assert not {one.full_number for one in again} & restored["numbers"]
    [letter] = letters.issue(conference, "giay-moi", [delegation], by=olga)
    assert letter.full_number not in restored["letters"]
    assert dict(Certificate.objects.order_by("number").values_list("number", "state")[:2]) == {
        1: "replaced",
        2: "revoked",
    }
    assert JournalEntry.objects.filter(act="continue_series", actor_name="Hệ thống").count() == 2


def test_nobody_goes_back_by_hand_to_numbers_that_stand_on_lost_letters(
    conference: Conference, delegation: Delegation, olga: User, restored: Any
) -> None:
    """The list shows no letter at all: the one that went out is not in this database."""
    run("--apply")
    assert not conference.letters.exists()
    with pytest.raises(ValidationError, match="Số 1 đã cấp"):
        letters.issue(conference, "giay-moi", [delegation], by=olga, first=1)
    assert NumberSeries.objects.get(kind="giay-moi").last == 1
    [letter] = letters.issue(conference, "giay-moi", [delegation], by=olga, first=2)
    assert letter.number == 2


def test_without_it_numbers_would_be_given_again(
    conference: Conference, people: list[Attendee], olga: User, restored: dict[str, set[str]]
) -> None:
    """The control of the test above."""
    assert {one.full_number for one in give(conference, people[2:], by=olga)} <= restored["numbers"]


def test_it_says_what_it_would_do_and_does_it_once(conference: Conference, restored: Any) -> None:
    said = run()
    assert "certificate 2024: counter 2 -> 53" in said
    assert "Nothing was changed" in said
    assert NumberSeries.objects.get(kind="certificate").last == 2
    assert not outbox.holds(None)
    run("--apply")
    assert [hold.reason for hold in outbox.holds(None)] == [restoring.REASON]
    entries = JournalEntry.objects.count()
    said = run("--apply")
    assert "counter" not in said
    assert JournalEntry.objects.count() == entries


def told_of_numbers() -> list[bool]:
    return [one.is_serious for one in examining.numbers() if "numbers up to" in one.says]


def test_the_doctor_tells_a_failed_transaction_from_a_restored_database(
    conference: Conference, delegation: Delegation, olga: User
) -> None:
    """The number that it took is given next, and then nothing is told of any more."""
    with suppress(ZeroDivisionError), transaction.atomic():
        letters.issue(conference, "giay-moi", [delegation], by=olga)
        1 / 0  # noqa: B018 - something fails after the number was taken
    assert told_of_numbers() == [False]
    assert "counter 0 -> 1; 1-1 may stand on papers" in run()
    [letter] = letters.issue(conference, "giay-moi", [delegation], by=olga)
    assert (letter.number, told_of_numbers()) == (1, [])


def test_the_doctor_names_numbers_that_a_restored_database_lacks(restored: Any) -> None:
    assert told_of_numbers() == [True, True]  # certificates and letters
    assert "may stand" not in run()


def test_the_doctor_names_who_a_restored_backup_brought_back(
    people: list[Attendee], olga: User, ada: User, sam: User, settings: LazySettings, tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.ERASED_FILE = tmp_path / "erased.jsonl"
    Attendee.objects.filter(pk=people[0].pk).update(status="declined")
    backup = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(people[0], by=olga)
        account_erasing.erase(sam, by=ada)
    assert list(examining.numbers()) == []
    transaction.savepoint_rollback(backup)
    [fault] = examining.numbers()
    assert (fault.is_serious, fault.says) == (True, "2 people and accounts that were erased are here again.")


def test_the_doctor_warns_of_what_was_only_begun(conference: Conference, issued: list[Certificate]) -> None:
    marks.ended(issued[0].code, "revoked")
    erased.note(issued[1].attendee.code)
    told = [(one.is_serious, one.says) for one in examining.numbers()]
    assert told == [
        (False, "The ending of 1 certificates was begun, and nobody wrote that it came through."),
        (False, "The erasing of 1 people and accounts was begun, and nobody wrote that it came through."),
    ]


def test_an_ending_that_nobody_saw_come_through_waits_for_a_person(
    conference: Conference, issued: list[Certificate], mark: Path
) -> None:
    marks.ended(issued[0].code, "revoked")  # and then the machine died
    assert f"NOT ended: {issued[0].code}" in run("--apply")
    issued[0].refresh_from_db()
    assert issued[0].state == "valid"
    run("--apply", "--end", issued[0].code)
    issued[0].refresh_from_db()
    assert issued[0].state == "revoked"


@pytest.mark.parametrize("option", ["--end", "--erase"])
def test_a_code_that_no_mark_names_is_told_and_nothing_is_done(
    issued: list[Certificate], mark: Path, option: str
) -> None:
    """A slip of the pen: “Done.” left a certificate valid, or a person in the database."""
    marks.ended(issued[0].code, "revoked")
    erased.note(issued[1].attendee.code)
    with pytest.raises(CommandError, match="No mark names 0123456789ABCDEF: look at the code"):
        run("--apply", option, "0123456789ABCDEF")
    assert not outbox.holds(None)


def test_a_broken_line_is_passed_over_and_nothing_follows_it_on_the_same(
    conference: Conference, mark: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mark.write_text('{"number": 7, "confer')
    marks.number_taken(conference.slug, "certificate", 2024, 9)
    assert [one["number"] for one in marks.read()] == [9]
    assert "cannot be read" in caplog.text
    assert json.loads(mark.read_text().splitlines()[-1])["number"] == 9


def test_where_the_mark_cannot_be_written_nothing_is_issued(
    conference: Conference, people: list[Attendee], olga: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.NUMBERS_FILE = tmp_path / "no" / "folder" / "numbers.jsonl"
    with pytest.raises(ValidationError, match="sổ theo dõi số"):
        give(conference, people, by=olga)
    assert not Certificate.objects.exists()
