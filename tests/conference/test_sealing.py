"""Whatever is done to the journal behind its back is found, and erasing a person leaves the chain whole."""

import datetime
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from conference import appending, journal, proving, sealing
from conference.models import Conference, JournalEntry, JournalSeal, User
from tests.conftest import make_conference
from tests.patience import LONGEST

MANY = 10_000
NAME = "Trịnh Bạch Yến Oanh"


@pytest.fixture(autouse=True)
def heads(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where heads are written down, for a process that has just begun and knows of none."""
    monkeypatch.setitem(sealing._written_down, "all", False)
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    return tmp_path / "heads.jsonl"


def write(conference: Conference | None, count: int, by: User | None = None) -> None:
    subject = conference or Conference.objects.all()[0]
    journal.record_all(
        journal.entry("edit", subject, by=by, conference=conference, changes={"title": [n, n + 1]})
        for n in range(count)
    )


@contextmanager
def unguarded() -> Iterator[None]:
    """The triggers of the journal are taken away, as only the owner of the tables can."""
    tables = ("conference_journalentry", "conference_journalseal")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come is not altered
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER journal_guard")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER journal_guard")


def sql(statement: str, *values: Any) -> None:
    """As somebody does who owns the tables and knows nothing of our guards."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def guarded_sql(statement: str) -> None:
    """With the guard where it is."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


# ── Ten thousand entries, one hand ────────────────────────────────────────────────────────────────


def _swap(first: int, second: int) -> None:
    sql("UPDATE conference_journalseal SET sequence = -1 WHERE sequence = %s", first)
    sql("UPDATE conference_journalseal SET sequence = %s WHERE sequence = %s", first, second)
    sql("UPDATE conference_journalseal SET sequence = %s WHERE sequence = -1", second)


def _swap_contents(first: int, second: int) -> None:
    one, two = JournalEntry.objects.get(pk=_entry(first)), JournalEntry.objects.get(pk=_entry(second))
    for here, there in ((one, two), (two, one)):
        sql(
            "UPDATE conference_journalentry SET changes = %s WHERE id = %s",
            json.dumps(there.changes),
            here.pk,
        )


def _entry(sequence: int) -> int:
    return JournalSeal.objects.get(sequence=sequence).entry


def _cut(sequence: int) -> None:
    sql("DELETE FROM conference_journalentry WHERE id >= %s", _entry(sequence))
    sql("DELETE FROM conference_journalseal WHERE sequence >= %s", sequence)


def _forge() -> None:
    """Remove an entry in the middle and chain everything anew, as the sealer would."""
    sql("DELETE FROM conference_journalentry WHERE id = %s", _entry(5000))
    sql("DELETE FROM conference_journalseal")
    heads = Path(str(sealing.path()))
    kept = heads.read_bytes()
    sealing.seal()
    heads.write_bytes(kept)


def _set(column: str, value: str, sequence: int) -> None:
    sql(f"UPDATE conference_journalentry SET {column} = {value} WHERE id = %s", _entry(sequence))  # noqa: S608 - ours


def _remove(sequence: int) -> None:
    sql("DELETE FROM conference_journalentry WHERE id = %s", _entry(sequence))


def _remove_with_seal(sequence: int) -> None:
    _remove(sequence)
    sql("DELETE FROM conference_journalseal WHERE sequence = %s", sequence)


def _call_erased(sequence: int) -> None:
    sql("UPDATE conference_journalseal SET salt = '', erasure = entry WHERE sequence = %s", sequence)


def _reseal(sequence: int) -> None:
    """Change an entry, and its own seal with it: only the seals behind it hold what was there."""
    _set("changes", "'{}'", sequence)
    before, one = (JournalSeal.objects.get(sequence=number) for number in (sequence - 1, sequence))
    entry = JournalEntry.objects.get(pk=one.entry)
    one.personal = sealing.personal(one.salt, entry)
    head = sealing.next_head(before.head, one, entry)
    sql(
        "UPDATE conference_journalseal SET personal = %s, head = %s WHERE sequence = %s",
        one.personal, head, sequence,
    )  # fmt: skip


# What somebody does, and a fault that must be found (a pattern).
HANDS: list[tuple[Callable[[], None], str]] = [
    (lambda: _set("changes", "'{}'", 5000), "5000: entry .* was changed"),
    (lambda: _set("actor_name", "'Mai'", 1), "1: entry .* was changed"),
    (lambda: _set("act", "'open'", MANY), "10000: entry .* was changed"),
    (lambda: _set("at", "at - interval '1 microsecond'", 7), "7: entry .* was changed"),
    (lambda: _set("actor_id", "NULL", 7), "7: entry .* another account"),
    (lambda: _set("conference_id", "NULL", 7), "7: entry .* another conference"),
    (lambda: _reseal(5000), "5001: entry .* was changed or moved"),
    (lambda: _remove(5000), "5000: entry .* was removed"),
    (lambda: _remove_with_seal(5000), "5001: 1 seals before it are gone"),
    (lambda: _swap(100, 200), "100: entry .* was changed or moved"),
    (lambda: _swap_contents(100, 200), "100: entry .* was changed"),
    (lambda: _cut(MANY - 2), "9997: 3 entries after it were written down and are gone"),
    (lambda: _cut(1), "0: 10000 entries after it were written down and are gone"),
    (_forge, "9999: 1 entries after it were written down and are gone"),
    (lambda: _call_erased(9), "9: entry .* was erased, and written anew"),
]


@pytest.mark.django_db
def test_of_ten_thousand_entries_no_hand_goes_unseen(conference: Conference, olga: User, heads: Path) -> None:
    write(conference, MANY, by=olga)
    assert sealing.seal() == MANY
    proof = proving.prove()
    assert (proof.entries, proof.chains, proof.faults, proof.notes) == (MANY, 1, [], [])
    for hand, says in HANDS:
        kept = heads.read_bytes()
        with transaction.atomic():
            hand()
            faults = proving.prove().faults
            transaction.set_rollback(True)
        heads.write_bytes(kept)
        assert any(re.search(says, fault) for fault in faults), (says, faults[:3])
    assert proving.prove().faults == []


@pytest.mark.django_db
def test_the_control_without_the_file_a_cut_tail_and_a_chain_made_anew_are_not_seen(
    conference: Conference, heads: Path
) -> None:
    write(conference, 10)
    sealing.seal()
    before = heads.read_bytes()
    write(conference, 10)
    sealing.seal()
    _cut(18)
    heads.write_bytes(before)
    assert proving.prove().faults == []
    heads.unlink()
    [fault] = proving.prove().faults
    assert fault.endswith("is missing: a tail that was cut cannot be seen")


@pytest.mark.django_db
@pytest.mark.parametrize("known", [True, False])
def test_heads_that_could_not_be_written_down_are_written_with_the_next_round(
    conference: Conference, heads: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    """Otherwise the last act of a chain that rests could be cut off for ever.

    Who knows that all heads are `known` to the file does not read it, and seals before it fails.
    """
    monkeypatch.setitem(sealing._written_down, "all", known)
    write(conference, 3)
    heads.mkdir()  # no file can be written there, nor read
    with pytest.raises(OSError, match=heads.name):
        sealing.seal()
    heads.rmdir()
    sealed = JournalSeal.objects.count()
    assert sealed == (3 if known else 0)
    assert sealing.seal() == 3 - sealed
    assert [line["sequence"] for line in appending.entries(heads)] == [3]
    assert sealing.seal() == 0
    assert len(heads.read_text().splitlines()) == 1, "once"
    _cut(2)
    assert len(proving.prove().faults) == 1


@pytest.mark.django_db
def test_the_command_tells_and_ends_with_a_fault(conference: Conference) -> None:
    write(conference, 3)
    write(None, 2)
    said = StringIO()
    call_command("journal", "seal", stdout=said)
    call_command("journal", "verify", stdout=said)
    assert said.getvalue().splitlines() == ["5 entries sealed", "5 entries in 2 chains, 0 of them erased"]
    sql("UPDATE conference_journalentry SET origin = '10.0.0.1'")
    with pytest.raises(CommandError, match="da-lat-2024, 1: entry"):
        call_command("journal", "verify", stdout=said)


@pytest.mark.django_db
def test_heads_that_cannot_be_read_are_told_in_a_sentence(conference: Conference, heads: Path) -> None:
    write(conference, 1)
    heads.mkdir()  # nobody can read it, root neither
    for act in ("seal", "verify"):
        with pytest.raises(CommandError, match=r"Is a directory: .*manage\.py doctor tells more"):
            call_command("journal", act, stdout=StringIO())


@pytest.mark.django_db
def test_a_head_kept_elsewhere_shows_a_chain_made_anew_together_with_its_file(
    conference: Conference, heads: Path
) -> None:
    write(conference, 20)
    sealing.seal()
    kept = [sealing.mark(conference.pk), sealing.mark(sealing.NONE)]
    write(conference, 1)
    sealing.seal()
    call_command("journal", "verify", "--head", *kept, stdout=StringIO())
    for hand in (lambda: _set("changes", "'{}'", 7), lambda: _remove(7), lambda: _cut(18)):
        hand()
        sql("DELETE FROM conference_journalseal")
        heads.unlink()
        sealing.seal()
        assert proving.prove().faults == [], "the control: all of it fits together"
        with pytest.raises(CommandError, match=r"another than was written down|are gone"):
            call_command("journal", "verify", "--head", *kept, stdout=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "3/1204", f"3/1204/{'G' * 64}", f"x/1/{'0' * 64}"])
def test_what_is_no_head_is_refused(typed: str) -> None:
    with pytest.raises(CommandError, match=r"--head: .* all 64 signs, as the letter has it"):
        call_command("journal", "verify", "--head", typed)


# ── What may happen ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_accounts_and_conferences_may_go(conference: Conference, sam: User) -> None:
    other = make_conference("khac")
    write(other, 2, by=sam)
    write(conference, 2, by=sam)
    sealing.seal()
    sam.delete()
    other.delete()
    proof = proving.prove()
    assert (proof.entries, proof.faults) == (4, [])


@pytest.mark.django_db
def test_who_is_erased_leaves_the_chain_whole_and_nothing_to_guess(
    conference: Conference, olga: User
) -> None:
    told = {"full_name": ["", NAME]}
    journal.record("edit", conference, by=None, conference=conference, changes=told)
    write(conference, 5, by=olga)
    sealing.seal()
    journal.record("edit", conference, by=None, conference=conference, changes=told)
    about = JournalEntry.objects.filter(changes__icontains="Oanh")
    reason = sealing.erase(about, conference, by=olga, conference=conference)
    assert (reason.act, reason.subject_name, reason.changes) == ("erase", "•••", {"entries": [None, 1]})
    sealing.seal()
    proof = proving.prove()
    assert (proof.entries, proof.erased, proof.faults) == (8, 1, [])
    assert "Oanh" not in str([*JournalEntry.objects.values(), *JournalSeal.objects.values()])
    erased = JournalSeal.objects.get(sequence=1)
    gone = JournalEntry(actor_name="Hệ thống", subject_name=str(conference), changes=told)
    assert (erased.salt, sealing.personal("", gone) == erased.personal) == ("", False)


@pytest.mark.django_db
def test_nothing_is_taken_out_under_the_name_of_an_erasing(conference: Conference, olga: User) -> None:
    write(conference, 5, by=olga)
    sealing.seal()
    one = JournalEntry.objects.filter(pk=_entry(1))
    reason = sealing.erase(one, conference, by=olga, conference=conference)
    sealing.seal()
    assert proving.prove().faults == []
    sql("UPDATE conference_journalseal SET salt = '', erasure = %s WHERE sequence = 2", reason.pk)
    with unguarded():
        models.QuerySet(JournalEntry).filter(pk=_entry(2)).update(**sealing.BLANK)
    assert proving.prove().faults == [f"entry {reason.pk} tells of 1 erased entries, 2 name it"]
    sql("UPDATE conference_journalseal SET erasure = entry WHERE sequence = 2")
    assert proving.prove().faults == [f"entry {_entry(2)} tells of 0 erased entries, 1 name it"]


@pytest.mark.django_db
def test_an_entry_that_was_written_in_afterwards_is_told(conference: Conference) -> None:
    write(conference, 1)
    late = journal.entry("open", conference, by=None, conference=conference)
    late.at -= datetime.timedelta(days=1)
    late.save()
    sealing.seal()
    proof = proving.prove()
    assert proof.faults == []
    assert proof.notes == ["1 entries were sealed more than an hour after the moment that they tell"]


@pytest.mark.django_db
@pytest.mark.parametrize("before", [5, 0])
def test_a_restored_database_goes_on_and_says_so(conference: Conference, before: int) -> None:
    write(conference, before)
    sealing.seal()
    backup = transaction.savepoint()
    write(conference, 3)
    sealing.seal()
    transaction.savepoint_rollback(backup)
    gone = "3 entries after it were written down and are gone"
    assert proving.prove().faults == [f"{conference.slug}, {before}: {gone}"]
    sealing.note_restored()
    write(conference, 2)
    sealing.seal()
    proof = proving.prove()
    assert proof.faults == []
    assert [note.partition(" on ")[0] for note in proof.notes] == [f"{conference.slug}: restored"]


@pytest.mark.django_db
def test_a_seal_is_neither_removed_nor_an_entry_changed_by_the_program(conference: Conference) -> None:
    write(conference, 1)
    sealing.seal()
    with pytest.raises(TypeError):
        JournalSeal.objects.all().delete()
    with pytest.raises(TypeError):
        JournalSeal.objects.get().delete()


# ── The database itself ───────────────────────────────────────────────────────────────────────────

AROUND = [
    "UPDATE conference_journalentry SET changes = '{}'",
    "UPDATE conference_journalentry SET actor_name = '•••', subject_name = '•••'",  # as erasing would
    "UPDATE conference_journalentry SET at = at - interval '1 microsecond'",
    "UPDATE conference_journalentry SET id = id + 1000",
    "UPDATE conference_journalentry SET actor_id = (SELECT max(id) FROM conference_user)",
    "DELETE FROM conference_journalentry",
    "UPDATE conference_journalseal SET salt = '', erasure = entry",
    "UPDATE conference_journalseal SET sequence = -sequence",
    "DELETE FROM conference_journalseal",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", AROUND)
def test_around_our_code_nothing_is_changed_either(
    conference: Conference, olga: User, mai: User, statement: str
) -> None:
    write(conference, 3, by=olga)
    sealing.seal()
    told = list(JournalEntry.objects.order_by("pk").values())
    with pytest.raises(IntegrityError, match=r"is never (changed|removed)"), transaction.atomic():
        guarded_sql(statement)
    assert list(JournalEntry.objects.order_by("pk").values()) == told
    sql(statement)
    assert proving.prove().faults != [], "the control: without the trigger it is done, and only found later"


@pytest.mark.django_db
def test_erasing_opens_only_what_tells_of_people_and_only_for_itself(
    conference: Conference, olga: User
) -> None:
    write(conference, 3, by=olga)
    sealing.seal()
    first, *_rest = JournalEntry.objects.order_by("pk")
    sealing.erase(JournalEntry.objects.filter(pk=first.pk), conference, by=olga, conference=conference)
    entries = models.QuerySet(JournalEntry)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        entries.update(**sealing.BLANK)  # in the same transaction, after the act
    for told in ({"act": "open"}, {"person_ref": 1}, {"conference": None, "request_id": "x"}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), sealing._erasing():
            entries.update(**told)
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic(), sealing._erasing():
        guarded_sql("DELETE FROM conference_journalentry")
    assert proving.prove().faults == []


# ── Many at once ──────────────────────────────────────────────────────────────────────────────────


def in_threads(*acts: Callable[[], None]) -> list[BaseException]:
    """Run them together; what they raised."""
    raised: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except IntegrityError as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_the_chain_holds_under_parallel_acts_rollbacks_and_sealers(conference: Conference) -> None:
    over = threading.Event()

    def acts() -> None:
        for number in range(25):
            with transaction.atomic():
                write(conference, 3)
                transaction.set_rollback(number % 5 == 0)

    def seals() -> None:
        while not over.is_set():
            sealing.seal()

    def all_acts() -> None:
        try:
            assert in_threads(*[acts] * 6) == []
        finally:
            over.set()

    assert in_threads(all_acts, seals, seals) == []
    sealing.seal()
    proof = proving.prove()
    assert (proof.entries, proof.faults) == (6 * 20 * 3, [])
    assert not sealing.unsealed().exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_commits_late_is_sealed_late(conference: Conference) -> None:
    begun, sealed = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            write(conference, 1)
            begun.set()
            sealed.wait(LONGEST)

    def early() -> None:
        begun.wait(LONGEST)
        write(conference, 1)
        sealing.seal()
        sealed.set()

    assert in_threads(late, early) == []
    sealing.seal()
    first, second = JournalSeal.objects.order_by("sequence").values_list("entry", flat=True)
    assert first > second
    assert proving.prove().faults == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_held", [True, False])
def test_two_sealers_take_turns(
    conference: Conference, monkeypatch: pytest.MonkeyPatch, is_held: bool
) -> None:
    """With its control: without the lock both chain the same entries, and the constraint stops one."""
    write(conference, 1)
    meeting = threading.Barrier(2, timeout=1 if is_held else LONGEST)
    sealed = sealing._sealed

    def met(*given: Any) -> JournalSeal:
        with suppress(threading.BrokenBarrierError):  # nobody else came so far: the lock holds them
            meeting.wait()
        return sealed(*given)

    monkeypatch.setattr(sealing, "_sealed", met)
    if not is_held:
        monkeypatch.setattr(sealing, "_hold_sealer", lambda: None)
    raised = in_threads(lambda: sealing.seal() and None, lambda: sealing.seal() and None)
    assert len(raised) == (0 if is_held else 1)
    assert JournalSeal.objects.count() == 1
