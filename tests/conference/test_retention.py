"""What was held long enough goes, by the clock of the conference; a legal hold stops it."""

from __future__ import annotations

import datetime
import os
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees import answers, corrections, importing, questioning
from attendees.models import Attendee, Delegation, Draft, ImportBatch, Upload
from conference import journal, proving, retention, sealing, stored_files, storing
from conference.guests import Guest
from conference.models import Conference, JournalEntry, JournalSeal, User
from documents.models import CertificateDecision
from mailing.models import Message
from tests.attendees.lists import AN, file
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
PHONE, ADDRESS = "+84977318246", "chim.hoang.yen@lamdong.example"


@pytest.fixture
def person(media: Path, delegation: Delegation, make_attendee: MakeAttendee, olga: User) -> Attendee:
    """With something for every term."""
    person = make_attendee(
        delegation, phone=PHONE, email=ADDRESS, birth_year=1971, note="Ăn chay", position="Giám đốc",
        status="confirmed", extra={"phuong-tien": "Máy bay"},
    )  # fmt: skip
    name, sha256, size = storing.keep_bytes(b"%PDF- answer", "uploads", "pdf")
    Upload.objects.create(
        delegation=delegation, attendee=person, kind="answer", name="Vé.pdf", file=name, sha256=sha256,
        size=size, given_by="Dan", content_type="application/pdf",
    )  # fmt: skip
    Draft.objects.create(delegation=delegation, fields={"a": "b"}, saved_at=delegation.conference.now())
    importing.stage(delegation.conference, file(AN), by=olga)
    Message.objects.create(
        conference=delegation.conference, kind="notice", message_id="<1@hoinghi.example>", subject_name="An",
        to=[ADDRESS], values={"ten": "An"}, state="cancelled", error="Hủy",
    )  # fmt: skip
    CertificateDecision.objects.create(attendee=person, decision="attended", reason="Ốm", by_name="Olga")
    return person


def after(conference: Conference, days: int) -> Conference:
    """So many days after the last day."""
    noon = datetime.datetime.combine(conference.ends_on, datetime.time(12), conference.zone)
    conference.demo_now = noon + datetime.timedelta(days=days)
    conference.save()
    return conference


def gone(lines: list[Any]) -> set[str]:
    return {f"{one.rows.label}: {one.held.columns}" for one in lines}


LOGISTICS = {
    "attendees.Attendee: extra", "attendees.Draft: fields saved_by",
    "attendees.ImportBatch: file reading choices outcome", "attendees.Upload: name file sha256 given_by",
}  # fmt: skip


@pytest.mark.parametrize(("days", "expected"), [(90, set()), (91, LOGISTICS)])
def test_travel_and_lists_go_after_ninety_days(person: Attendee, days: int, expected: set[str]) -> None:
    assert gone(retention.forget(after(person.conference, days))) == expected


def test_files_of_a_delegation_go_as_those_of_people_and_its_letter_stays(
    delegation: Delegation, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    for kind in Upload.Kind:
        name, sha256, size = storing.keep_bytes(kind.encode(), "uploads", "pdf")
        delegation.uploads.create(
            kind=kind, name="Tệp.pdf", file=name, sha256=sha256, size=size, given_by="Dan",
            content_type="application/pdf",
        )  # fmt: skip
    assert retention.forget(after(delegation.conference, 90)) == []
    with django_capture_on_commit_callbacks(execute=True):
        lines = retention.forget(after(delegation.conference, 91))
    assert [(one.rows.label, one.count) for one in lines] == [("attendees.Upload", 1)]
    assert [one.kind for one in delegation.uploads.all()] == ["nomination"]
    assert [one.read_bytes() for one in media.rglob("*") if one.is_file()] == [b"nomination"]
    assert retention.forget(delegation.conference) == []


def test_contacts_go_after_twelve_months_and_the_record_stays(
    person: Attendee, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        retention.forget(after(person.conference, 366))
    person.refresh_from_db()
    assert (person.phone, person.email, person.birth_year, person.note) == ("", "", None, "")
    assert person.extra == {}
    assert (person.full_name, person.position) == ("Nguyễn Văn An", "Giám đốc")
    assert "977318246" not in person.search_key
    assert [str(one) for one in media.rglob("*") if one.is_file()] == []
    message = Message.objects.get()
    assert (message.to, message.values, message.subject_name, message.state) == ([], {}, "", "cancelled")
    assert CertificateDecision.objects.get().reason == retention.GONE
    assert ImportBatch.objects.get().state == ImportBatch.State.DROPPED


def test_the_journal_says_how_much_and_no_name(person: Attendee) -> None:
    retention.forget(after(person.conference, 366))
    entry = JournalEntry.objects.get(act="forget")
    assert entry.changes["Điện thoại, thư điện tử"] == [1, 0]
    assert "Nguyễn Văn An" not in str(entry.changes)


@pytest.fixture
def told(
    delegation: Delegation, make_attendee: MakeAttendee, olga: User, settings: Any, tmp_path: Path
) -> Conference:
    """Acts that write contacts, answers and notes into the journal; the last one is not sealed yet."""
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    conference = delegation.conference
    person = make_attendee(delegation, status="confirmed")
    answers.edit(person, by=olga, phone=PHONE, birth_year=1971, note="Ăn chay", position="Giám đốc")
    corrections.ask(person, {"email": ADDRESS}, "", by=Guest("Liên kết", link_id=1, attendee_id=person.pk))
    message = Message.objects.create(conference=conference, kind="notice", message_id="<1@hoinghi.example>")
    journal.record("send_mail", message, by=olga, conference=conference, changes={"to": ["", ADDRESS]})
    for subject in ("person", "delegation"):
        conference.questions.create(label=f"Chuyến bay {subject}", kind="text", subject=subject)
    sealing.seal(everything=True)
    questioning.answer(person, {"chuyen-bay-person": "VN 1573"}, by=olga)
    questioning.answer(delegation, {"chuyen-bay-delegation": "VN 1574"}, by=olga)
    return conference


def said(act: str) -> list[Any]:
    return list(JournalEntry.objects.filter(act=act).order_by("pk").values_list("changes", flat=True))


def test_of_a_change_the_journal_keeps_who_and_when_and_forgets_the_values(told: Conference) -> None:
    retention.forget(after(told, 366))
    gone = retention.GONE
    assert said("edit") == [
        {"phone": ["", gone], "birth_year": [None, gone], "note": ["", gone], "position": ["", "Giám đốc"]}
    ]
    assert said("ask_correction") == [{"email": ["", gone]}]
    assert said("send_mail") == [{"to": ["", gone]}]
    assert said("answer_questions") == [
        {f"Chuyến bay {subject}": ["", gone]} for subject in ("person", "delegation")
    ]
    edit = JournalEntry.objects.get(act="edit")
    assert (edit.actor_name, edit.subject_name) == ("Olga", "Nguyễn Văn An")
    sealing.seal(everything=True)
    proof = proving.prove()
    assert (proof.faults, proof.entries) == ([], JournalEntry.objects.count())
    assert retention.forget(told) == []


def test_answers_go_from_the_journal_after_ninety_days_and_contacts_later(told: Conference) -> None:
    retention.forget(after(told, 90))
    assert said("answer_questions")[0] == {"Chuyến bay person": ["", "VN 1573"]}
    lines = retention.forget(after(told, 91))
    assert said("answer_questions")[0] == {"Chuyến bay person": ["", retention.GONE]}
    assert said("edit")[0]["phone"] == ["", PHONE]
    assert [one.count for one in lines if one.rows.label == "conference.JournalEntry"] == [2]
    told.legal_hold = True
    told.save()
    retention.forget(after(told, 366))
    assert said("edit")[0]["phone"] == ["", PHONE]


def test_a_night_reads_what_those_before_have_not(told: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Any] = []
    strike = retention._struck

    def noted(pair: list[Any]) -> list[Any]:
        read.append(pair)
        return strike(pair)

    monkeypatch.setattr(retention, "_struck", noted)
    monkeypatch.setattr(sealing, "OVERLAP", 0)
    retention.preview(after(told, 91))
    retention.forget(Conference.objects.get(pk=told.pk))
    assert read == [["", "VN 1573"], ["", "VN 1574"]] * 2, "the preview is taken back"
    read.clear()
    retention.forget(Conference.objects.get(pk=told.pk))
    assert read == []
    person = Attendee.objects.get()
    questioning.answer(person, {"chuyen-bay-person": "VN 1575"}, by=None)
    told.refresh_from_db()
    retention.forget(told)
    assert [pair[1] for pair in read] == ["VN 1575"]
    retention.forget(after(told, 366))
    assert ["", PHONE] in read, "what is over its time since then is looked for from the beginning"
    assert said("edit")[0]["phone"] == ["", retention.GONE]


def test_many_entries_are_written_in_few_statements(told: Conference) -> None:
    """No two say the same, and a night has a minute for a conference."""
    person = Attendee.objects.get()
    retention.forget(after(told, 91))

    def asked(entries: int) -> int:
        journal.record_all(
            journal.entry(
                "answer_questions", person, by=None, conference=told, changes={f"Câu {n}": ["", f"VN {n}"]}
            )
            for n in range(entries)
        )
        sealing.seal(everything=True)
        with CaptureQueriesContext(connection) as captured:
            retention.forget(told)
        return len(captured)

    assert asked(5) == asked(200)
    assert proving.prove().faults == []
    assert not JournalEntry.objects.filter(act="answer_questions", changes__icontains="VN 1").exists()


def test_what_is_changed_after_a_night_took_values_out_is_found(told: Conference) -> None:
    retention.forget(after(told, 366))
    sealing.seal(everything=True)
    edit = JournalEntry.objects.get(act="edit")
    seal = JournalSeal.objects.get(entry=edit.pk)
    assert seal.withheld == JournalEntry.objects.get(act="forget", changes__has_key="withheld").pk
    edit.changes["position"] = ["", "Vụ trưởng"]
    with sealing._erasing():  # the guard of the database let past: the chain must tell
        JournalEntry._base_manager.filter(pk=edit.pk).update(changes=edit.changes)
        JournalSeal._base_manager.filter(pk=seal.pk).update(rest=sealing.personal(seal.salt, edit))
    assert len(proving.prove().faults) == 1


def test_the_second_night_finds_nothing(person: Attendee) -> None:
    conference = after(person.conference, 366)
    assert retention.forget(conference)
    assert retention.forget(conference) == []
    assert JournalEntry.objects.filter(act="forget").count() == 1


def test_a_legal_hold_keeps_everything(person: Attendee) -> None:
    conference = after(person.conference, 366)
    conference.legal_hold = True
    conference.save()
    assert retention.forget(conference) == []
    person.refresh_from_db()
    assert person.phone == PHONE


def test_a_dry_run_tells_the_same_and_changes_nothing(
    person: Attendee, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    conference = after(person.conference, 366)
    said = StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("retention", "--dry-run", "--conference", conference.slug, stdout=said)
    assert said.getvalue().endswith("Nothing was changed.\n")
    person.refresh_from_db()
    assert (person.phone, person.birth_year) == (PHONE, 1971)
    assert len([one for one in media.rglob("*") if one.is_file()]) == 2
    done = StringIO()
    call_command("retention", stdout=done)
    assert done.getvalue().splitlines()[:-1] == said.getvalue().splitlines()[:-1]
    with pytest.raises(CommandError, match="there is no conference"):
        call_command("retention", "--conference", "khac", stdout=done)


def test_a_paper_that_no_row_names_goes_after_a_day(media: Path, db: None) -> None:
    old, _sha256, _size = storing.keep_bytes(b"old", "documents", "pdf")
    new, _sha256, _size = storing.keep_bytes(b"new", "documents", "pdf")
    yesterday = time.time() - 25 * 60 * 60
    os.utime(storing.path(old), (yesterday, yesterday))
    assert stored_files.forget_unnamed() == 1
    assert [storing.path(one).exists() for one in (old, new)] == [False, True]
