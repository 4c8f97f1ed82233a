"""S13: of a person who was erased nothing is left but what the law keeps, and everybody else is as they were.

Canary words stand in every column of every table that can tell of the person; then the whole database, every
column of every table, and every file are searched.
"""

from __future__ import annotations

import datetime
import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings, settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from attendees import answers, corrections, erasing, importing, links, questioning
from attendees.models import Attendee, Delegation, Draft, ImportBatch, Link, Upload
from conference import erased, journal, leases, proving, purpose_table, sealing, storing
from conference import erasing as tables
from conference.guests import Guest
from conference.models import Conference, JournalEntry, Membership, User
from conference.purposes import ERASED_NAME, Erasure, Held, Rows
from documents import erasing as paper_eraser
from documents import making
from documents import storing as papers
from documents.models import BadgePrint, CertificateDecision, CertificateFile, Document, DocumentPart
from documents.requests import Scope, request_document
from mailing import erasing as letter_eraser
from mailing import outbox, sending
from mailing.models import Message, State
from mailing.posting import Post
from sessions import enlisting, speaking
from sessions.models import Arrival, BusyTime, MaterialDownload, Participation, Session, SignUp
from tests.attendees.lists import file
from tests.conference.desk import signed_in, text, url
from tests.conftest import (
    MakeAttendee,
    make_categories,
    make_conference,
    make_delegation,
    make_user,
    member,
)
from tests.journeys.world import Side

pytestmark = pytest.mark.django_db

NAME, PHONE, ADDRESS = "Trịnh Bạch Yến Oanh", "+84977318246", "chim.hoang.yen@lamdong.example"
CANARY = "hoàng yến"  # beside the name, in every column of the person's own rows
WORDS = (NAME, "977318246", "977 318 246", "chim.hoang.yen", CANARY)
LATER = datetime.timedelta(days=20)
# Columns that hold a mark of the machine: what is written there is no text.
MARKS = {
    "sort_key", "search_key", "code", "badge_token", "former_badges", "nonce", "token_hash", "sha256", "file",
    "photo", "face", "notice_version", "full_number", "day", "counted", "secrets", "attachments", "condition",
}  # fmt: skip
FULL_TEXT = "SELECT to_jsonb(t) FROM {} t WHERE to_jsonb(t)::text ILIKE ANY(%s)"


@pytest.fixture(autouse=True)
def list_of_erased(settings: LazySettings, tmp_path: Path) -> Path:
    settings.ERASED_FILE, settings.HEADS_FILE = tmp_path / "erased.jsonl", tmp_path / "heads.jsonl"
    return tmp_path / "erased.jsonl"


def over(conference: Conference) -> None:
    """The conference is over by its own clock."""
    conference.demo_now = conference.now() + LATER
    conference.save()


@pytest.fixture(scope="module")
def made(shared_rows: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody of whom every table has something to tell, in every column; the folder of the files."""
    folder = tmp_path_factory.mktemp("made")
    conference, dan = make_conference("da-lat-2024"), make_user("dan", "Dan")
    make_categories(conference)
    olga = member(conference, "olga", "Olga", Membership.Role.ORGANISER)
    delegation = make_delegation(conference, "lam-dong")
    delegation.officers.add(dan)
    with override_settings(MEDIA_ROOT=folder / "media", HEADS_FILE=folder / "heads.jsonl"):
        person = Attendee.objects.create(
            category=conference.categories.get(slug="department"),
            conference=conference, delegation=delegation,
            full_name=NAME, phone=PHONE, email=ADDRESS, position=CANARY, status="confirmed", birth_year=1971,
        )  # fmt: skip
        Side(conference, delegation, person, person.category).furnish()
        _more_rows(person, olga)
        _canaries(person)
        sealing.seal()
    return folder


@pytest.fixture
def conference(made: Path, media: Path, list_of_erased: Path, db: None) -> Conference:
    """With a copy of its files."""
    shutil.copytree(made / "media", media)
    shutil.copy(made / "heads.jsonl", settings.HEADS_FILE)
    return Conference.objects.get(slug="da-lat-2024")


@pytest.fixture
def delegation(conference: Conference) -> Delegation:
    return conference.delegations.get(code="lam-dong")


@pytest.fixture
def olga(conference: Conference) -> User:
    return User.objects.get(full_name="Olga")


@pytest.fixture
def dan(conference: Conference) -> User:
    return User.objects.get(full_name="Dan")


@pytest.fixture
def person(conference: Conference) -> Attendee:
    over(conference)
    return Attendee.objects.select_related("conference", "delegation").get(full_name=NAME)


def _more_rows(person: Attendee, olga: User) -> None:
    """Rows that the world of the journeys has none of."""
    conference, delegation = person.conference, person.delegation
    session = conference.sessions.get()
    links.make(person, Link.Purpose.PERSON, by=olga)
    bearer = Guest(f"Liên kết của {NAME}", link_id=1, attendee_id=person.pk)
    corrections.ask(person, {"position": "Giám đốc"}, f"Tôi là {NAME}", by=bearer)
    name, sha256, size = storing.keep_bytes(f"{NAME} {CANARY}".encode(), "uploads", "pdf")
    Upload.objects.create(
        delegation=delegation, attendee=person, kind="answer", name=f"{NAME}.pdf", file=name, sha256=sha256,
        size=size, given_by=NAME, content_type="application/pdf",
    )  # fmt: skip
    Draft.objects.create(
        delegation=delegation, fields={"a": NAME, "b": CANARY}, saved_at=conference.now(), saved_by="Dan"
    )
    batch = importing.stage(conference, file((1, NAME, 1971, CANARY)), by=olga)
    ImportBatch.objects.filter(pk=batch.pk).update(state="taken", outcome={"made": [[person.pk, 1]]})
    importing.stage(conference, file((1, NAME, 1972, CANARY)), by=olga)
    profile = person.speaker_profile
    picture, _sha256, _size = storing.keep_bytes(f"{CANARY} photo".encode(), "speakers", "jpg")
    profile.proposed = {"photo": picture}
    profile.save()
    BusyTime.objects.create(
        profile=profile, day=conference.starts_on, starts=datetime.time(8), ends=datetime.time(9)
    )
    SignUp.objects.create(attendee=person, code=session.code, state="taken", made_by=NAME)
    Arrival.objects.create(
        delegation=delegation, session=session, people=1, kits=1, taken_by=person, taken_by_name=NAME,
        note=f"Giao {NAME}", request_key=uuid.uuid4(),
    )  # fmt: skip
    version = session.materials.get().versions.get()
    MaterialDownload.objects.create(version=version, attendee=person, name=NAME)
    session.materials.update(offered_by=person)
    _papers(person)


def _papers(person: Attendee) -> None:
    """A paper with its file, pieces on the disk, the file of a certificate; a letter; scans."""
    conference = person.conference
    content = f"{NAME} {CANARY}".encode()
    name, sha256, size = papers.keep_bytes(content + b"1", papers.FINISHED, "pdf")
    paper = Document.objects.create(
        conference=conference, kind="attendee-list", state="ready", file=name, sha256=sha256, size=size
    )
    piece, _sha256, _size = papers.keep_bytes(content + b"2", papers.pieces_of(paper.pk), "pdf")
    DocumentPart.objects.create(document=paper, index=0, state="done", file=piece, left_out=[NAME])
    certificate = person.certificates.get()
    name, sha256, size = storing.keep_bytes(content + b"3", "certificates", "pdf")
    CertificateFile.objects.create(certificate=certificate, kind="copy", file=name, sha256=sha256, size=size)
    BadgePrint.objects.create(document=paper, attendee=person, face="f" * 64)
    CertificateDecision.objects.create(
        attendee=person, decision="attended", reason=f"{NAME} {CANARY}", by_name="Olga"
    )
    device = conference.devices.get()
    device.scans.create(
        id=uuid.uuid4(), sequence=1, session=conference.sessions.get(), direction="in", heard=CANARY,
        attendee=person, device_at=conference.now(), offset_ms=0, error_ms=0, at=conference.now(),
        received_at=conference.now(), verdict="welcome",
    )  # fmt: skip
    Message.objects.create(
        conference=conference, kind="notice", subject_ref=f"attendees.attendee:{person.pk}",
        message_id=f"<{uuid.uuid4()}@hoinghi.example>", subject_name=NAME, to=[ADDRESS],
    ).tries.create(said=f"550 {ADDRESS}")  # fmt: skip
    [other] = conference.messages.exclude(subject_ref=f"attendees.attendee:{person.pk}")[:1]
    other.tries.create(said=f"550 {ADDRESS}")


def _canaries(person: Attendee) -> None:
    """Every text and object in rows of the person gets the name and the canary; other texts the name."""
    for rows in purpose_table.TABLE:
        if rows.label.startswith("conference.") or not rows.conference or rows.label == "attendees.Attendee":
            continue
        own = rows.of_person(person) if rows.person else rows.of_conference(person.conference)
        for held in rows.held:
            is_own = rows.person and held.erasure != Erasure.STRUCK
            words = f"{NAME} {PHONE} {ADDRESS}" + (f" {CANARY}" if is_own else "")
            for name in set(held.names) - MARKS:
                _write(own, name, words)
    mail = Message.objects.filter(subject_ref=f"attendees.attendee:{person.pk}")
    mail.update(to=[ADDRESS], subject_template=CANARY, body_template=CANARY, values={"a": CANARY})
    told = {name: [None, f"{NAME} {CANARY}"] for name in ("full_name", "phone")}
    journal.record("edit", person, by=None, conference=person.conference, changes=told)
    journal.record(
        "edit", person.conference, by=None, conference=person.conference, changes={"a": ["", NAME]}
    )
    told_of = {"extra": {"an": CANARY}, "note": CANARY, "seat_note": CANARY, "decline_reason": CANARY}
    Attendee.objects.filter(pk=person.pk).update(**told_of, replaced_by_name=NAME)


def _write(rows: models.QuerySet[Any], name: str, words: str) -> None:
    field = rows.model._meta.get_field(name)
    if isinstance(field, models.JSONField):
        for one in rows:
            value = getattr(one, name)
            more = {**value, "canary": words} if isinstance(value, dict) else [*value, words]
            rows.filter(pk=one.pk).update(**{name: more})
    elif not field.unique:
        rows.update(**{name: words[: getattr(field, "max_length", None)]})


def found(words: tuple[str, ...] = WORDS) -> set[str]:
    """Every column of every table that says one of the words."""
    columns = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                FULL_TEXT.format(connection.ops.quote_name(table)), [[f"%{one}%" for one in words]]
            )
            for (row,) in cursor.fetchall():
                values = json.loads(row) if isinstance(row, str) else row
                for name, value in values.items():
                    text = json.dumps(value, ensure_ascii=False).casefold()
                    if any(one.casefold() in text for one in words):
                        columns.add(f"{table}.{name}")
    return columns


def files_that_say(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder)) for path in sorted(folder.rglob("*"))
        if path.is_file() and any(one.encode() in path.read_bytes() for one in (NAME, CANARY))
    ]  # fmt: skip


def legal() -> set[str]:
    """What the table keeps, as columns of the database."""
    return {
        f"{rows.model._meta.db_table}.{name}"
        for rows in purpose_table.TABLE
        for held in rows.held
        if held.erasure == Erasure.KEPT
        for name in held.names
    }


def test_of_an_erased_person_only_what_the_law_keeps_is_left(
    person: Attendee, olga: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    before = found()
    assert len(before) > 50
    assert len(files_that_say(media)) == 5
    assert len(list((media / "lists").rglob("*.xlsx"))) == 2
    with django_capture_on_commit_callbacks(execute=True):
        outcome = erasing.erase(person, by=olga)
    assert outcome is not None
    assert found() - legal() == set()
    assert found(("chim.hoang.yen", "977318246")) <= legal()
    assert files_that_say(media) == []
    assert list((media / "lists").rglob("*.xlsx")) == []
    person.refresh_from_db()
    assert (person.full_name, person.status, person.phone) == (ERASED_NAME, "confirmed", "")
    assert person.attendances.count() == 1
    certificate = person.certificates.get()
    assert (certificate.state, certificate.full_name[: len(NAME)]) == ("valid", NAME)
    sealing.seal()
    assert proving.prove().faults == []


def _without_line(held: Held, patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """A line of the table does nothing."""
    take, strike = tables.Erasing._take, tables.Erasing.strike

    def taken(self: tables.Erasing, own: models.QuerySet[Any], rows: Rows, one: Held) -> None:
        if one is not held:
            take(self, own, rows, one)

    def struck(self: tables.Erasing, rows: Rows, one: Held) -> None:
        if one is not held:
            strike(self, rows, one)

    patch.setattr(tables.Erasing, "_take", taken)
    patch.setattr(tables.Erasing, "strike", struck)


def taken_out() -> Iterator[tuple[str, Callable[[pytest.MonkeyPatch, LazySettings], None]]]:
    """Every single eraser, and how to do without it."""
    for name in ("attendees.erasing_lists", "mailing.erasing", "documents.erasing"):

        def without_room(patch: pytest.MonkeyPatch, settings: LazySettings, name: str = name) -> None:
            settings.ERASERS = [one for one in settings.ERASERS if one != name]

        yield name, without_room
    for rows in purpose_table.TABLE:
        for held in rows.held:
            if held.erasure not in (Erasure.KEPT, Erasure.OWN, Erasure.SEALED) and set(held.names) - MARKS:
                yield f"{rows.label}: {held.columns}", partial(_without_line, held)

    def without_journal(patch: pytest.MonkeyPatch, settings: LazySettings) -> None:
        patch.setattr(sealing, "erase", lambda *given, **more: None)

    yield "the journal", without_journal


def test_the_control_without_any_one_eraser_the_search_finds_it(
    person: Attendee, olga: User, settings: LazySettings
) -> None:
    unseen, told_by_nothing = [], {"attendees.Attendee: birth_year", "thematic.BusyTime: day"}
    everything = list(settings.ERASERS)
    for what, without in taken_out():
        with pytest.MonkeyPatch.context() as patch, transaction.atomic():
            without(patch, settings)
            with suppress(IntegrityError):  # with a contact the database itself refuses: nothing is erased
                erasing.erase(person, by=olga)
            if not found() - legal():
                unseen.append(what)
            transaction.set_rollback(True)
        settings.ERASERS = everything
    assert set(unseen) - told_by_nothing == set()


def test_the_control_without_its_room_a_proposed_picture_stays(
    person: Attendee,
    olga: User,
    media: Path,
    settings: LazySettings,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.ERASERS = [one for one in settings.ERASERS if one != "sessions.erasing"]
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(person, by=olga)
    assert [name.split("/")[0] for name in files_that_say(media)] == ["speakers"]


def test_everybody_else_is_as_they_were(
    person: Attendee, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee,
    olga: User,
) -> None:  # fmt: skip
    """Also who bears the same name, and who shares an office's address."""
    namesake = make_attendee(other_delegation, NAME, phone="+84905000111", note="của người khác")
    mate = make_attendee(delegation, "Lê Văn Khác", email=ADDRESS, position="Chuyên viên")
    for one in (namesake, mate):
        journal.record("edit", one, by=olga, conference=one.conference, changes={"note": ["", "ghi chú"]})
    before = _told_of(namesake, mate)
    erasing.erase(person, by=olga)
    assert _told_of(namesake, mate) == before


def _told_of(*people: Attendee) -> list[Any]:
    keys = [one.pk for one in people]
    return [
        list(Attendee.objects.filter(pk__in=keys).order_by("pk").values()),
        list(JournalEntry.objects.filter(person_ref__in=keys).order_by("pk").values()),
    ]


# ── Before, after, and twice ──────────────────────────────────────────────────────────────────────


def everything() -> dict[str, list[Any]]:
    """Every row of every table."""
    return {
        model._meta.label: list(models.QuerySet(model).order_by("pk").values()) for model in apps.get_models()
    }


def test_a_preview_tells_exactly_and_changes_nothing(
    person: Attendee, olga: User, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    before, files = everything(), files_that_say(media)
    with django_capture_on_commit_callbacks(execute=True):
        shown = erasing.preview(person)
    assert everything() == before
    assert files_that_say(media) == files
    assert not erased.path().exists()
    assert erasing.erase(person, by=olga) == shown
    assert {one.held.erasure for one in shown.stays} == {Erasure.KEPT}
    assert "documents.Certificate" in [one.rows.label for one in shown.stays]


def test_a_second_erasing_does_nothing(person: Attendee, olga: User) -> None:
    erasing.erase(person, by=olga)
    entries = JournalEntry.objects.count()
    assert erasing.erase(person, by=olga) is None
    assert JournalEntry.objects.count() == entries


def test_only_organisers_erase(person: Attendee, dan: User, victor: User, sam: User) -> None:
    for user in (dan, victor, sam):
        with pytest.raises(PermissionDenied):
            erasing.erase(person, by=user)


def test_who_still_comes_gives_up_the_seat_first(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee, olga: User
) -> None:
    coming = make_attendee(delegation, status="confirmed")
    with pytest.raises(ValidationError, match="còn giữ suất"):
        erasing.erase(coming, by=olga)
    answers.decline_person(coming, "Đề nghị xóa", by=olga)
    assert erasing.erase(coming, by=olga)


def test_under_legal_hold_nobody_is_erased(person: Attendee, olga: User) -> None:
    Conference.objects.filter(pk=person.conference_id).update(legal_hold=True)
    with pytest.raises(ValidationError, match="giữ nguyên dữ liệu"):
        erasing.erase(person, by=olga)


def _by_link(person: Attendee) -> Guest:
    return Guest(f"Liên kết của {NAME}", link_id=1, attendee_id=person.pk)


def _part(person: Attendee) -> Participation:
    return person.participations.get()


TEXTS = {"title": CANARY, "organisation_name": CANARY, "biography": CANARY}
WRITERS: dict[str, Callable[[Attendee, User], object]] = {
    "edit": lambda one, olga: answers.edit(one, by=olga, full_name=NAME),
    "answer a question": lambda one, olga: questioning.answer(one, {"an": CANARY}, by=olga),
    "ask for a correction": lambda one, olga: corrections.ask(one, {}, NAME, by=_by_link(one)),
    "ask for an erasing": lambda one, olga: corrections.ask_erasure(one, NAME, by=_by_link(one)),
    "propose a profile": lambda one, olga: speaking.propose(one, TEXTS, by=_by_link(one)),
    "tell what is needed": lambda one, olga: speaking.tell(one, CANARY, (), by=_by_link(one)),
    "say no to a part": lambda one, olga: speaking.answer(_part(one), "declined", CANARY, by=olga),
    "be tied to a part": lambda one, olga: enlisting.join(_part(one), one, by=olga),
}


@pytest.mark.parametrize("act", WRITERS)
def test_nothing_is_written_of_an_erased_person(act: str, person: Attendee, olga: User) -> None:
    erasing.erase(person, by=olga)
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        WRITERS[act](person, olga)
    assert refusal.value.code == "erased"
    assert everything() == before


def test_the_command_says_what_goes_and_what_stays(person: Attendee) -> None:
    said = StringIO()
    call_command("erase_person", person.code, "--dry-run", stdout=said)
    assert "stays  documents.Certificate" in said.getvalue()
    assert said.getvalue().endswith("Nothing was changed.\n")
    assert Attendee.objects.get(pk=person.pk).erased_at is None
    call_command("erase_person", str(person.pk), stdout=said)
    assert said.getvalue().endswith("Done.\n")
    assert NAME not in said.getvalue()
    call_command("erase_person", f" {person.code[:4]}-{person.code[4:]} ".lower(), stdout=said)
    assert "was erased before" in said.getvalue()
    for slip in ("KHONGCOAI", "²"):
        with pytest.raises(CommandError, match="nobody has the code"):
            call_command("erase_person", slip, stdout=said)


DESK = (
    "attendees.Attendee", "attendees.Correction", "attendees.Delegation", "attendees.ImportBatch",
    "conference.JournalEntry", "documents.Certificate", "documents.Document", "mailing.Mailing",
    "mailing.Message", "thematic.Attendance", "thematic.Material", "thematic.Participation",
)  # fmt: skip


def test_every_page_of_what_is_left_opens(
    person: Attendee, olga: User, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DEMO = True  # no second factor
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(person, by=olga)
    client, certificate = signed_in(olga), person.certificates.get()
    for label in DESK:
        model = apps.get_model(label)
        assert client.get(url(model)).status_code == 200, label
        for pk in models.QuerySet(model).values_list("pk", flat=True):
            page = client.get(url(model, "change", pk))
            assert page.status_code in (200, 302), (label, pk)  # a list that was dropped leads on
    shown = text(client.get(reverse("documents:verify", args=(certificate.code,))))
    assert "Giấy chứng nhận có giá trị" in shown
    assert certificate.full_number in shown


# ── Papers ────────────────────────────────────────────────────────────────────────────────────────


def test_a_paper_made_afterwards_does_not_say_the_name(
    person: Attendee, delegation: Delegation, make_attendee: MakeAttendee, olga: User
) -> None:
    other = make_attendee(delegation, "Lê Văn Khác", status="confirmed")
    scope = Scope(delegations=[delegation])
    before = request_document("attendee-list", person.conference, by=olga, scope=scope)
    assert set(before.parts.get().subjects) == {other.pk, person.pk}
    erasing.erase(person, by=olga)
    after = request_document("attendee-list", person.conference, by=olga, scope=scope)
    assert after.parts.get().subjects == [other.pk]
    for paper in (before, after):
        paper.refresh_from_db()
        assert paper.is_moving


def test_a_worker_that_had_the_name_in_its_hands_throws_its_piece_away(
    person: Attendee, delegation: Delegation, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its control: without the new fence the piece with the name would stand."""
    for is_fenced in (True, False):
        with transaction.atomic():
            paper = request_document(
                "attendee-list", person.conference, by=olga, scope=Scope(delegations=[delegation])
            )
            _erase_meanwhile(person, olga, monkeypatch, is_fenced)
            making.make_part(paper.parts.get().pk)
            assert paper.parts.get().state == ("queued" if is_fenced else "done")
            monkeypatch.undo()
            transaction.set_rollback(True)


def _erase_meanwhile(person: Attendee, olga: User, patch: pytest.MonkeyPatch, is_fenced: bool) -> None:
    """The person is erased while a worker has the piece ready and has not written it down."""
    finish = making._finish
    fresh = DocumentPart.FRESH if is_fenced else {}

    def late(*given: Any) -> bool:
        patch.setattr(DocumentPart, "FRESH", fresh)
        erasing.erase(person, by=olga)
        return finish(*given)

    patch.setattr(making, "_finish", late)


def test_a_letter_to_two_that_is_being_sent_is_waited_for(
    person: Attendee, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its control: else the worker writes the address down again once the server has answered."""
    for is_waited_for in (True, False):
        with transaction.atomic():
            letter = Message.objects.create(
                conference=person.conference, kind="notice", subject_ref="attendees.delegation:1",
                to=[ADDRESS, "van.phong@lamdong.example"], message_id=f"<{uuid.uuid4()}@hoinghi.example>",
                state="approved", approved_at=timezone.now(),
            )  # fmt: skip
            if not is_waited_for:
                monkeypatch.setattr(letter_eraser, "_idle", _looked_past)
            refused = _erase_while_sending(letter, person, olga, monkeypatch)
            assert refused == (["busy"] if is_waited_for else [])
            if is_waited_for:
                erasing.erase(person, by=olga)
            back = set() if is_waited_for else {"mailing_message.reached"}
            assert found() - legal() == back
            monkeypatch.undo()
            transaction.set_rollback(True)


def _looked_past(one: Message, erasing: tables.Erasing) -> Message:
    """As if nobody had it."""
    one.state = State.APPROVED
    return one


def _erase_while_sending(
    letter: Message, person: Attendee, olga: User, patch: pytest.MonkeyPatch
) -> list[str | None]:
    """The person is erased between the server's yes and the note of it; why it was refused."""
    refused: list[str | None] = []

    def late(message: Message, token: uuid.UUID, post: Post) -> sending.End:
        try:
            erasing.erase(person, by=olga)
        except ValidationError as refusal:
            refused.append(refusal.code)
        return sending._sent({"reached": message.to}, "")

    patch.setattr(sending, "_end_of", late)
    sending.send_one(letter.pk, Post())
    return refused


@pytest.mark.parametrize("is_looked_at_again", [True, False])
def test_what_was_begun_while_the_person_was_erased_keeps_no_name(
    is_looked_at_again: bool,
    person: Attendee,
    olga: User,
    media: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """A paper and a letter that come after the look and before the commit, and the control."""
    take_name = erasing._take_name
    written: list[Any] = []

    def late(one: Attendee) -> None:
        written.extend(_begun_meanwhile(one))
        take_name(one)

    monkeypatch.setattr(erasing, "_take_name", late)
    if not is_looked_at_again:
        monkeypatch.setattr(tables.Erasing, "_begun_meanwhile", lambda *given: None)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(person, by=olga)
    [paper, letter] = written
    paper.refresh_from_db()
    letter.refresh_from_db()
    if is_looked_at_again:
        assert (paper.state, paper.file, files_that_say(media)) == ("cancelled", "", [])
        assert (letter.state, letter.token, letter.values) == ("approved", None, {"ten": ERASED_NAME})
        assert found() - legal() == set()
    else:
        assert files_that_say(media) == [paper.file]
        assert found() - legal() == {"mailing_message.to", "mailing_message.values"}


def _begun_meanwhile(person: Attendee) -> tuple[Document, Message]:
    """A paper that is ready at once, and a letter to two that a worker has taken.

    The paper was asked for a minute before, by a transaction that took so long or a clock that is behind.
    """
    name, sha256, size = papers.keep_bytes(f"{NAME} late".encode(), papers.FINISHED, "pdf")
    paper = Document.objects.create(
        conference=person.conference, kind="attendee-list", state="ready", file=name, sha256=sha256,
        size=size, requested_at=timezone.now() - datetime.timedelta(minutes=1),
    )  # fmt: skip
    letter = Message.objects.create(
        conference=person.conference, kind="notice", subject_ref="attendees.delegation:1",
        to=[ADDRESS, "van.phong@lamdong.example"], message_id=f"<{uuid.uuid4()}@hoinghi.example>",
        values={"ten": NAME}, state="sending", approved_at=timezone.now(), token=uuid.uuid4(),
        lease_until=timezone.now() + leases.LEASE,
    )  # fmt: skip
    return paper, letter


# ── A restored backup ─────────────────────────────────────────────────────────────────────────────


def test_what_a_backup_brings_back_is_taken_out_again(
    person: Attendee,
    olga: User,
    list_of_erased: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    backup = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(person, by=olga)
    transaction.savepoint_rollback(backup)
    assert NAME not in list_of_erased.read_text()
    said = StringIO()
    call_command("after_restore", stdout=said)
    assert f"person {person.code}: erased since the backup" in said.getvalue()
    assert Attendee.objects.get(pk=person.pk).full_name == NAME
    call_command("after_restore", "--apply", stdout=said)
    assert found() - legal() == set()
    again = StringIO()
    call_command("after_restore", stdout=again)
    assert "erased since" not in again.getvalue()


def test_work_that_was_going_on_in_the_backup_holds_nothing_up(person: Attendee, olga: User) -> None:
    """With its control: where workers live it is waited for."""
    paper, letter = _under_way(person)
    with pytest.raises(ValidationError, match="Đang"):
        erasing.erase(person, by=olga)
    with pytest.raises(ValidationError, match="Đang lập tệp giấy chứng nhận"):
        paper_eraser._unmake(paper, tables.Erasing(person, erasing.mentions_of(person)[0]))
    erased.note(person.code, person.status)
    call_command("after_restore", "--apply", "--erase", person.code, stdout=StringIO())
    assert found() - legal() == set()
    assert outbox.holds(None)
    part = paper.parts.get()
    assert (part.state, part.token, part.file) == ("queued", None, "")
    letter.refresh_from_db()
    assert (letter.state, letter.token, letter.to) == ("cancelled", None, [])


def _under_way(person: Attendee) -> tuple[Document, Message]:
    """A worker makes the files of certificates, another sends a letter to the person."""
    worker = {"token": uuid.uuid4(), "lease_until": timezone.now() + leases.LEASE, "attempts": 1}
    paper = Document.objects.create(
        conference=person.conference, kind="certificate-files", state="running", each=True,
        subject_ids=[person.certificates.get().pk],
    )  # fmt: skip
    DocumentPart.objects.create(
        document=paper, index=0, state="running", subjects=paper.subject_ids, **worker
    )
    [letter] = Message.objects.filter(subject_ref=f"attendees.attendee:{person.pk}", kind="notice")[:1]
    Message.objects.filter(pk=letter.pk).update(state="sending", approved_at=timezone.now(), **worker)
    return paper, letter


def test_who_cannot_be_erased_again_keeps_nobody_else(
    person: Attendee, delegation: Delegation, make_attendee: MakeAttendee, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mail is held and the others are erased; the command fails and says who is left."""
    other = make_attendee(delegation, "Lê Văn Khác", status="declined")
    for one in (other, person):
        erased.note(one.code, one.status)
    again = erasing.erase_again

    def faulty(one: Attendee, status: str) -> erasing.Outcome:
        if one.pk == other.pk:
            raise OSError("no room")
        return again(one, status)

    monkeypatch.setattr(erasing, "erase_again", faulty)
    chosen = [option for one in (other, person) for option in ("--erase", one.code)]
    with pytest.raises(ExceptionGroup) as fault:
        call_command("after_restore", "--apply", *chosen, stdout=StringIO())
    assert fault.value.exceptions[0].__notes__ == [f"while erasing {other.code} again"]
    assert outbox.holds(None)
    assert found() - legal() == set()


def test_an_erasing_that_did_not_come_through_waits_for_a_person(person: Attendee, olga: User) -> None:
    with transaction.atomic():
        erasing.erase(person, by=olga)
        transaction.set_rollback(True)  # the power went
    said = StringIO()
    call_command("after_restore", "--apply", stdout=said)
    assert f"NOT erased: {person.code}" in said.getvalue()
    assert Attendee.objects.get(pk=person.pk).erased_at is None
    call_command("after_restore", "--apply", "--erase", person.code, stdout=said)
    assert Attendee.objects.get(pk=person.pk).full_name == ERASED_NAME


def test_where_the_list_cannot_be_written_nobody_is_erased(
    person: Attendee, olga: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ERASED_FILE = tmp_path / "nowhere" / "erased.jsonl"
    with pytest.raises(OSError, match="nowhere"):
        erasing.erase(person, by=olga)
    assert Session.objects.exists()
    person.refresh_from_db()
    assert (person.full_name, person.erased_at) == (NAME, None)
