"""Of an account that was erased nothing is left but what it did, and everything of others stands as it was.

Canary words stand in every column that may name an account; then every column of every table, every kept
sign-in and every file is searched.
"""

# ruff: noqa: F811  (arguments are called like the fixtures that they take)
from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import LazySettings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as KeptSignIn
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendees import erasing
from attendees.models import Attendee, Delegation, Draft, Receipt
from conference import account_erasing, account_traces, erased, journal, proving, purpose_table, sealing
from conference.invitations import InvitationForm
from conference.models import Conference, JournalEntry, JournalSeal, Membership, User
from conference.purposes import ERASED_ACCOUNT, Held, Rows
from documents import storing as papers
from documents.batches import CertificateBatch, CertificateBatchLine
from documents.models import Document
from documents.mornings import MorningLetter
from mailing.models import Message
from sessions.models import Figure
from tests.conference.desk import signed_in, text, url
from tests.conference.test_sealing import sql
from tests.conftest import MakeAttendee, make_user
from tests.journeys.test_erasure import (  # noqa: F401  (fixtures)
    _write,
    conference,
    dan,
    delegation,
    everything,
    files_that_say,
    found,
    list_of_erased,
    made,
    olga,
    over,
    person,
)

pytestmark = pytest.mark.django_db

NAME, PHONE, ADDRESS = "Vũ Thị Hải Đường", "+84911222333", "hai.duong@hoinghi.example"
FORMER, FORMER_ADDRESS = "Vũ Thị Tường Vi", "tuong.vi@lamdong.example"
WORDS = (NAME, "911222333", "911 222 333", "hai.duong", FORMER, "tuong.vi")
# What the account alone has a part in: these rows go; of every other table each row stays.
OWN = {
    "account.EmailAddress", "conference.Membership", "mfa.Authenticator", "usersessions.UserSession",
    "sessions.Session", "attendees.Draft",
}  # fmt: skip


@pytest.fixture
def leaver(person: Attendee, ada: User) -> User:
    """Who organised and answered for a delegation of a conference that is over, named wherever one may be."""
    conference, delegation = person.conference, person.delegation
    leaver = make_user("hai.duong", NAME, phone=PHONE)
    Membership.objects.create(conference=conference, user=leaver, role=Membership.Role.ORGANISER)
    delegation.officers.add(leaver)
    EmailAddress.objects.create(user=leaver, email=ADDRESS, verified=True, primary=True)
    Authenticator.objects.create(user=leaver, type="totp", data={"secret": "x"})
    _acts(conference, delegation, leaver)
    _more_rows(conference, delegation, leaver)
    for rows in purpose_table.TABLE:
        for held in rows.held:
            for name in held.account_names:
                _write(rows.of_conference(conference), name, f"{NAME} {PHONE} {ADDRESS}")
    sealing.seal()
    return leaver


def _acts(conference: Conference, delegation: Delegation, leaver: User) -> None:
    with journal.coming_from("203.0.113.77"):
        journal.record(
            "edit", conference, by=leaver, conference=conference, changes={"venue": ["", "Hội trường Lớn"]}
        )
    told = {"officers": ["", NAME], f"thành viên “{NAME}: Ban Tổ chức”": ["", "thêm"], "to": ["", ADDRESS]}
    journal.record("invite", delegation, by=None, conference=conference, changes=told)
    renamed: dict[str, list[Any]] = {
        "full_name": [FORMER, NAME],
        "email": [FORMER_ADDRESS, ADDRESS],
        "phone": ["", PHONE],
    }
    renamed |= {"is_superuser": [False, True]}
    journal.record("edit", leaver, by=None, conference=None, changes=renamed)
    journal.record("open", conference, by=None, conference=conference, changes={"note": ["", FORMER]})


def _more_rows(conference: Conference, delegation: Delegation, leaver: User) -> None:
    MorningLetter.objects.create(conference=conference, addresses=[ADDRESS, "khac@hoinghi.example"])
    Figure.objects.create(
        session=conference.sessions.get(), number=1, people=1, sources=[], counts={}, counted=[],
        reason="Chốt", frozen_by=leaver, frozen_by_name=NAME,
    )  # fmt: skip
    Draft.objects.filter(delegation=delegation).update(saved_by=NAME)
    Receipt.objects.filter(delegation=delegation).update(sent_by=NAME)
    for to in ([ADDRESS], [ADDRESS, "van.phong@lamdong.example"]):
        Message.objects.create(
            conference=conference, kind="notice", subject_ref=f"attendees.delegation:{delegation.pk}",
            subject_name="Tỉnh Lâm Đồng", to=to, recipient_name=NAME, values={"ten": NAME},
            message_id=f"<{uuid.uuid4()}@hoinghi.example>",
        ).tries.create(said=f"550 {ADDRESS}")  # fmt: skip
    name, sha256, size = papers.keep_bytes(f"{NAME} sent it".encode(), papers.FINISHED, "pdf")
    Document.objects.create(
        conference=conference, kind="receipt", delegation=delegation, state="ready", file=name,
        sha256=sha256, size=size, requested_by=leaver,
    )  # fmt: skip


def says(folder: Path) -> list[str]:
    return [one.name for one in folder.rglob("*") if one.is_file() and NAME.encode() in one.read_bytes()]


def counts() -> dict[str, int]:
    return {one._meta.label: models.QuerySet(one).count() for one in apps.get_models()}


def test_nothing_names_an_erased_account_and_what_it_did_stays(
    leaver: User, ada: User, media: Path, django_capture_on_commit_callbacks: Any, caplog: Any
) -> None:
    client = signed_in(leaver)
    assert client.get("/start/").status_code in (200, 302)
    about_to = SessionStore()
    about_to["account_login"] = {"email": ADDRESS}
    about_to.save()
    before, rows = found(WORDS), counts()
    assert len(before) > 35
    assert len(says(media)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        outcome = account_erasing.erase(leaver, by=ada, reason=f"{NAME} ({ADDRESS}) đã nghỉ việc")
    assert outcome is not None
    assert found(WORDS) == set()
    assert says(media) == []
    assert not any(word in caplog.text for word in WORDS)
    after = counts()
    assert {label for label in rows if after[label] < rows[label]} <= OWN
    gone = User.objects.get(pk=leaver.pk)
    assert (gone.full_name, gone.phone, gone.is_active) == (ERASED_ACCOUNT, "", False)
    assert gone.email.endswith(".invalid")
    assert not gone.has_usable_password()
    assert [gone.memberships.count(), gone.delegations.count()] == [0, 0]  # type: ignore[attr-defined]  # of a room above
    own: tuple[Any, ...] = (EmailAddress, Authenticator, UserSession)
    assert not any(one.objects.filter(user=gone).exists() for one in own)
    keys = (client.cookies["session"].value, about_to.session_key)
    assert not KeptSignIn.objects.filter(pk__in=keys).exists()
    act = JournalEntry.objects.get(actor=gone, act="edit")
    assert (act.actor_name, act.origin) == (ERASED_ACCOUNT, "")
    assert act.changes == {"venue": ["", "Hội trường Lớn"]}
    reason = JournalEntry.objects.get(act="erase_account")
    assert reason.changes == {"reason": [None, f"{ERASED_ACCOUNT} () đã nghỉ việc"]}
    sealing.seal()
    assert proving.prove().faults == []


def test_the_grounds_of_what_was_not_approved_name_nobody_and_those_of_records_are_told(
    leaver: User,
    ada: User,
    person: Attendee,
) -> None:
    now = timezone.now()
    approved = {"approved_at": now, "approved_hash": "a" * 64}
    states: dict[str, dict[str, Any]] = {
        "draft": {},
        "withdrawn": {"reason": "Nhầm"},
        "approved": approved,
        "issued": {**approved, "issued_at": now, "issue_key": uuid.uuid4()},
    }
    for number, (state, more) in enumerate(states.items(), start=900):
        batch = CertificateBatch.objects.create(
            conference=person.conference, ordinal=number, state=state, draft_key=uuid.uuid4(), **more
        )
        batch.lines.create(
            attendee=person, position=1, is_open=False, full_name="An", wording="attended",
            grounds=f"Có mặt 8 trên 9 khung giờ.\nNgoại lệ do {NAME} quyết định: Ốm",
        )  # fmt: skip
    outcome = account_erasing.erase(leaver, by=ada)
    assert outcome is not None
    lines = CertificateBatchLine.objects.filter(batch__ordinal__gte=900)
    assert {one.batch.state for one in lines if NAME in one.grounds} == {"approved", "issued"}
    assert all(one.grounds.startswith("Có mặt 8 trên 9") for one in lines)
    label = "documents.CertificateBatchLine"
    assert [one.count for one in outcome.goes if one.label == label] == [2]
    assert [one.count for one in outcome.stays if one.label == label] == [2]


def test_who_is_erased_is_signed_out_at_once(leaver: User, ada: User, settings: LazySettings) -> None:
    settings.DEMO = True  # no second factor
    client = signed_in(leaver)
    assert client.get(reverse("admin:index")).status_code == 200
    account_erasing.erase(leaver, by=ada)
    assert "login" in client.get(reverse("admin:index"))["Location"]
    again = Client().post("/accounts/login/", {"login": ADDRESS, "password": "mat-khau-de-thu-nghiem"})
    assert again.status_code == 200  # the form, with its sentence


def lines() -> Iterator[tuple[str, Held]]:
    for rows in purpose_table.TABLE:
        for held in rows.held:
            if held.accounts:
                yield f"{rows.label}: {held.accounts}", held


def test_the_control_without_any_one_line_the_search_finds_it(
    leaver: User, ada: User, settings: LazySettings, media: Path
) -> None:
    unseen = []
    for what, held in lines():
        with pytest.MonkeyPatch.context() as patch, transaction.atomic():
            _without(held, patch)
            account_erasing.erase(leaver, by=ada)
            if not found(WORDS):
                unseen.append(what)
            transaction.set_rollback(True)
    rooms = list(settings.ACCOUNT_ERASERS)
    for room in rooms[:2]:  # of the papers only files tell: below
        settings.ACCOUNT_ERASERS = [one for one in rooms if one != room]
        with transaction.atomic():
            account_erasing.erase(leaver, by=ada)
            if not found(WORDS):
                unseen.append(room)
            transaction.set_rollback(True)
    assert unseen == []


def test_the_control_without_the_journal_it_keeps_the_name(
    leaver: User, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "withhold", lambda *given, **more: None)
    account_erasing.erase(leaver, by=ada)
    columns = ("actor_name", "subject_name", "changes")
    assert found(WORDS) == {f"conference_journalentry.{one}" for one in columns}


def _without(held: Held, patch: pytest.MonkeyPatch) -> None:
    """A line of the table does nothing."""
    strike = account_traces.Traces._strike

    def struck(self: account_traces.Traces, rows: Rows, one: Held) -> None:
        if one is not held:
            strike(self, rows, one)

    patch.setattr(account_traces.Traces, "_strike", struck)


def test_the_control_without_its_room_a_paper_keeps_the_name(
    leaver: User, ada: User, media: Path, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ACCOUNT_ERASERS = settings.ACCOUNT_ERASERS[:2]
    with django_capture_on_commit_callbacks(execute=True):
        account_erasing.erase(leaver, by=ada)
    assert len(says(media)) == 1


def test_a_browser_keeps_its_sign_in_only_where_nobody_looks(
    leaver: User, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the search in kept sign-ins: what they hold is no plain text in the table."""
    client = signed_in(leaver)
    monkeypatch.setattr(account_erasing, "_sign_out", lambda *given: None)
    account_erasing.erase(leaver, by=ada)
    assert KeptSignIn.objects.filter(pk=client.session.session_key).exists()


# ── Others ────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_else_leads_to_an_account_but_its_own_rows_and_acts_that_outlive_it() -> None:
    """A new key to the account that would take its row along is thought of here first."""
    cascades, outlive = set(), set()
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            label = relation.related_model._meta.label
            (cascades if relation.on_delete is models.CASCADE else outlive).add(label)
            assert relation.on_delete in (models.CASCADE, models.SET_NULL), label
    through = {"conference.User_groups", "conference.User_user_permissions", "attendees.Delegation_officers"}
    assert cascades - through == OWN - {"sessions.Session", "attendees.Draft"} | {"admin.LogEntry"}
    assert "documents.Document" in outlive


def test_namesakes_and_their_acts_stay_as_they_are(
    leaver: User, ada: User, conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    """Another account and an attendee of the same name; what cannot be told apart is counted, and left."""
    make_user("khac", NAME)
    attendee = make_attendee(delegation, NAME, phone="+84905000111")
    mine = Figure.objects.get()
    other = journal.record("edit", attendee, by=None, conference=conference, changes={"note": ["", "x"]})
    outcome = account_erasing.erase(leaver, by=ada)
    assert outcome is not None
    assert outcome.unsure > 0
    attendee.refresh_from_db()
    assert (attendee.full_name, attendee.phone) == (NAME, "+84905000111")
    assert JournalEntry.objects.get(pk=other.pk).subject_name == NAME
    assert Figure.objects.get(pk=mine.pk).frozen_by_name == ERASED_ACCOUNT  # its number says whose it is
    assert JournalEntry.objects.filter(actor=leaver).exclude(actor_name=ERASED_ACCOUNT).count() == 0


def test_an_account_called_like_an_office_strikes_no_office(conference: Conference, ada: User) -> None:
    office = make_user("van-phong", "Ban Tổ chức")
    letter = Message.objects.create(
        conference=conference, kind="notice", subject_name="Tỉnh Lâm Đồng", to=["so@lamdong.example"],
        body_template="Ban Tổ chức trân trọng kính mời.", message_id="<1@hoinghi.example>",
    )  # fmt: skip
    account_erasing.erase(office, by=ada)
    letter.refresh_from_db()
    assert letter.body_template == "Ban Tổ chức trân trọng kính mời."


# ── Who, and when not ─────────────────────────────────────────────────────────────────────────────


def test_only_an_administrator_erases_and_never_oneself(
    leaver: User, ada: User, olga: User, dan: User
) -> None:
    for user in (olga, dan, leaver):
        with pytest.raises(PermissionDenied):
            account_erasing.erase(leaver, by=user)
    with pytest.raises(ValidationError, match="Không tự xóa tài khoản của mình") as refusal:
        account_erasing.erase(ada, by=ada)
    assert refusal.value.code == "own"


def test_the_last_administrator_stays(ada: User) -> None:
    with pytest.raises(ValidationError, match="quản trị viên cuối cùng"):
        account_erasing.erase(ada, by=None)
    off = User.objects.create_superuser("off@hoinghi.example", full_name="Tắt", is_active=False)
    with pytest.raises(ValidationError, match="quản trị viên cuối cùng"):
        account_erasing.erase(ada, by=None)
    User.objects.filter(pk=off.pk).update(is_active=True)
    assert account_erasing.erase(ada, by=off)


def test_a_part_that_goes_on_is_handed_over_first(
    conference: Conference, delegation: Delegation, olga: User, dan: User, ada: User
) -> None:
    for user, part in ((olga, "Ban Tổ chức"), (dan, "đầu mối đoàn")):
        with pytest.raises(ValidationError, match=part) as refusal:
            account_erasing.erase(user, by=ada)
        assert refusal.value.code == "active"
        assert str(conference) in refusal.value.messages[0]
    over(conference)
    assert account_erasing.erase(dan, by=ada)
    assert list(delegation.officers.all()) == []


def test_under_legal_hold_nothing_is_taken_out_anywhere(leaver: User, ada: User) -> None:
    """Also where the account has no part any more and only a letter names it."""
    Conference.objects.update(legal_hold=True)
    for is_member in (True, False):
        if not is_member:
            leaver.memberships.all().delete()
            leaver.delegations.clear()  # type: ignore[attr-defined]  # of a room above
        before = everything()
        with pytest.raises(ValidationError, match="giữ nguyên dữ liệu"), transaction.atomic():
            account_erasing.erase(leaver, by=ada)
        assert everything() == before


def test_a_preview_tells_exactly_and_changes_nothing(leaver: User, ada: User, media: Path) -> None:
    before = everything()
    shown = account_erasing.preview(leaver)
    assert everything() == before
    assert len(says(media)) == 1
    assert not erased.path().exists()
    assert account_erasing.erase(leaver, by=ada) == shown
    labels = {one.label for one in shown.goes}
    assert {"conference.User", "conference.Membership", "mailing.Message", "attendees.Draft"} <= labels
    assert {"conference.JournalEntry", "documents.Document"} <= {one.label for one in shown.stays}


def test_what_the_law_keeps_is_told_and_left(leaver: User, ada: User, person: Attendee) -> None:
    models.QuerySet(type(person.conference)).filter(pk=person.conference_id).update(signer_name=NAME)
    outcome = account_erasing.erase(leaver, by=ada)
    assert outcome is not None
    assert "conference.Conference" in [one.label for one in outcome.stays]
    assert found(WORDS) == {"conference_conference.signer_name"}


def test_a_second_erasing_does_nothing_and_the_shell_is_nobody(leaver: User, ada: User) -> None:
    account_erasing.erase(leaver, by=ada)
    entries = JournalEntry.objects.count()
    assert account_erasing.erase(leaver, by=ada) is None
    assert JournalEntry.objects.count() == entries
    for more in ({"is_active": True}, {"is_superuser": True}, {"phone": PHONE}):
        with pytest.raises(IntegrityError, match="user_erased_is_nobody"), transaction.atomic():
            User.objects.filter(pk=leaver.pk).update(**more)
    shell = User.objects.get(pk=leaver.pk)
    invited = {"email": shell.email, "full_name": "X", "part": "door"}
    form = InvitationForm(Conference.objects.all()[0], invited)
    assert "email" in form.errors


def test_what_is_written_meanwhile_keeps_no_name(
    leaver: User, ada: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """With its control: an act that was going on when we looked."""
    empty = account_erasing._empty
    conference = Conference.objects.get(slug="da-lat-2024")

    def late(account: User, outcome: account_erasing.Outcome) -> None:
        empty(account, outcome)
        as_seen = User(pk=account.pk, full_name=NAME, email=ADDRESS)
        journal.record("open", conference, by=as_seen, conference=conference)
        Delegation.objects.filter(conference=conference).update(contact_name=NAME)

    monkeypatch.setattr(account_erasing, "_empty", late)
    for is_looked_at_again in (False, True):
        with transaction.atomic():
            with django_capture_on_commit_callbacks(execute=is_looked_at_again):
                account_erasing.erase(leaver, by=ada)
            back = {"conference_journalentry.actor_name", "attendees_delegation.contact_name"}
            assert found(WORDS) == (set() if is_looked_at_again else back)
            transaction.set_rollback(True)


# ── The journal ───────────────────────────────────────────────────────────────────────────────────


def test_what_is_left_of_an_entry_is_sealed_anew_and_every_hand_is_found(leaver: User, ada: User) -> None:
    account_erasing.erase(leaver, by=ada)
    sealing.seal()
    assert proving.prove().faults == []
    entry = JournalEntry.objects.get(actor=leaver, act="edit")
    seal = JournalSeal.objects.get(entry=entry.pk)
    because = JournalEntry.objects.get(act="erase")
    gone = JournalEntry(actor_name=NAME, origin="203.0.113.77", subject_name=entry.subject_name)
    gone.changes = entry.changes
    assert sealing.personal(seal.salt, gone) != seal.personal, "who knows what stood there cannot tell"
    for hand, fault in _hands(entry, seal, because):
        with transaction.atomic():
            hand()
            assert any(fault in one for one in proving.prove().faults), fault
            transaction.set_rollback(True)


def _hands(
    entry: JournalEntry, seal: JournalSeal, because: JournalEntry
) -> Iterator[tuple[Callable[[], None], str]]:
    changed = "UPDATE conference_journalentry SET changes = '{}' WHERE id = %s"
    forged = JournalEntry.objects.get(pk=entry.pk)
    forged.changes = {}
    rest = sealing.personal(seal.salt, forged)

    def with_its_seal() -> None:
        sql(changed, entry.pk)
        sql("UPDATE conference_journalseal SET rest = %s WHERE id = %s", rest, seal.pk)

    def with_a_reason_of_its_own() -> None:
        with_its_seal()
        sql("UPDATE conference_journalseal SET withheld = %s WHERE id = %s", entry.pk, seal.pk)

    other = JournalSeal.objects.filter(withheld=None, erasure=None).first()
    assert other is not None

    def another_under_its_name() -> None:
        told = JournalEntry.objects.get(pk=other.entry)
        told.changes = {}
        sql(changed, told.pk)
        sql(
            "UPDATE conference_journalseal SET rest = %s, withheld = %s WHERE id = %s",
            sealing.personal(other.salt, told), because.pk, other.pk,
        )  # fmt: skip

    yield lambda: sql(changed, entry.pk), "was changed"
    yield with_its_seal, "tells otherwise of the"
    yield with_a_reason_of_its_own, "tells otherwise of the"
    yield another_under_its_name, "tells otherwise of the"
    yield lambda: sql(changed, because.pk), "was changed"


def test_an_entry_that_loses_two_accounts_or_a_person_too_stays_provable(
    leaver: User,
    ada: User,
    person: Attendee,
) -> None:
    second = make_user("kim.ngan", "Hoàng Kim Ngân")
    told = {"officers": ["", "Hoàng Kim Ngân"]}
    conference, noted = person.conference, {"note": ["", "x"]}
    both = journal.record("invite", person.delegation, by=leaver, conference=conference, changes=told)
    about = journal.record("edit", person, by=leaver, conference=conference, changes=noted)
    sealing.seal()
    account_erasing.erase(leaver, by=ada)
    assert JournalEntry.objects.get(pk=both.pk).changes == told
    account_erasing.erase(second, by=ada)
    assert JournalEntry.objects.get(pk=both.pk).changes == {}
    erasing.erase(person, by=ada)
    assert JournalEntry.objects.get(pk=about.pk).changes == {}
    sealing.seal()
    proof = proving.prove()
    assert proof.faults == []
    assert proof.erased >= 2


def test_an_administrator_who_erased_others_is_erased_too(leaver: User, ada: User) -> None:
    """The acts that prove what went keep their figures."""
    eve = User.objects.create_superuser("eve@hoinghi.example", full_name="Eve Nguyễn")
    account_erasing.erase(leaver, by=eve, reason="Nghỉ việc")
    sealing.seal()
    account_erasing.erase(eve, by=ada)
    sealing.seal()
    assert proving.prove().faults == []
    assert not JournalEntry.objects.filter(actor_name__contains="Eve").exists()


# ── The command, the desk, a restored backup ──────────────────────────────────────────────────────


def test_the_command_says_what_goes_and_what_stays(leaver: User) -> None:
    said = StringIO()
    call_command("erase_account", ADDRESS.upper(), "--dry-run", stdout=said)
    assert "goes   conference.Membership" in said.getvalue()
    assert "stays  conference.JournalEntry" in said.getvalue()
    assert said.getvalue().endswith("Nothing was changed.\n")
    assert User.objects.get(pk=leaver.pk).email == ADDRESS
    call_command("erase_account", ADDRESS, stdout=said)
    assert said.getvalue().endswith("Done.\n")
    assert not any(word in said.getvalue() for word in WORDS)
    with pytest.raises(CommandError, match="no account with this address"):
        call_command("erase_account", ADDRESS, stdout=said)


def test_the_command_refuses_in_words(delegation: Delegation, dan: User, ada: User) -> None:
    for address in (dan.email, ada.email):
        with pytest.raises(CommandError, match="first"):
            call_command("erase_account", address, "--dry-run", stdout=StringIO())


@pytest.fixture
def page(leaver: User, settings: LazySettings) -> str:
    settings.DEMO = True  # no second factor
    return reverse("admin:account_erase", args=(leaver.pk,))


def test_the_desk_shows_then_erases_with_a_reason_and_a_proof(page: str, leaver: User, ada: User) -> None:
    client = signed_in(ada)
    said = text(client.get(page))
    assert said.index("Họ tên, thư điện tử") < said.index("Giữ lại") < said.index("Nhật ký việc đã làm")
    assert page in client.get(url(User, "change", leaver.pk)).content.decode()
    late = signed_in(ada, ago=3600).post(page, {"reason": "Nghỉ việc"})
    assert reverse("account_reauthenticate") in late["Location"]
    client.post(page, {})
    assert User.objects.get(pk=leaver.pk).erased_at is None
    assert "Đã xóa tài khoản." in text(client.post(page, {"reason": "Nghỉ việc"}, follow=True))
    assert "Không lấy lại được" in text(client.get(page))
    assert JournalEntry.objects.get(act="erase_account").actor == ada
    assert ERASED_ACCOUNT not in text(client.get(url(User)))
    shell = client.get(url(User, "change", leaver.pk))
    assert shell.status_code == 200
    assert 'name="email"' not in shell.content.decode()
    assert "Nghỉ việc" in text(client.get(url(JournalEntry)))


def test_others_do_not_come_here(page: str, olga: User, dan: User, leaver: User) -> None:
    for user in (olga, dan, leaver):
        for method in ("get", "post"):
            assert getattr(signed_in(user), method)(page).status_code == 403
    assert User.objects.get(pk=leaver.pk).erased_at is None


def test_the_desk_says_why_not(page: str, ada: User) -> None:
    client, own = signed_in(ada), reverse("admin:account_erase", args=(ada.pk,))
    assert "Không tự xóa tài khoản của mình" in text(client.get(own))
    assert "Không tự xóa" in text(client.post(own, {"reason": "x"}, follow=True))
    assert client.get(reverse("admin:account_erase", args=("9" * 30,))).status_code == 404


def test_where_the_list_cannot_be_written_no_account_is_erased(
    page: str, leaver: User, ada: User, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ERASED_FILE = tmp_path / "nowhere" / "erased.jsonl"
    assert "nên chưa xóa" in text(signed_in(ada).post(page, {"reason": "x"}, follow=True))
    assert User.objects.get(pk=leaver.pk).erased_at is None


def test_an_account_that_a_backup_brings_back_is_erased_again(
    leaver: User,
    ada: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    code = account_erasing.code_of(leaver)
    backup = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        account_erasing.erase(leaver, by=ada)
    transaction.savepoint_rollback(backup)
    assert not any(word in erased.path().read_text() for word in WORDS)
    said = StringIO()
    call_command("after_restore", stdout=said)
    assert f"{code}: erased since the backup" in said.getvalue()
    assert User.objects.get(pk=leaver.pk).email == ADDRESS
    call_command("after_restore", "--apply", stdout=said)
    assert found(WORDS) == set()
    again = StringIO()
    call_command("after_restore", stdout=again)
    assert "erased since" not in again.getvalue()


def test_a_number_that_was_given_again_is_another_account(leaver: User, ada: User) -> None:
    erased.note(account_erasing.code_of(leaver))
    User.objects.filter(pk=leaver.pk).update(date_joined="2026-11-01T08:00:00Z")
    code = account_erasing.code_of(leaver)
    call_command("after_restore", "--apply", "--erase", code, stdout=StringIO())
    assert User.objects.get(pk=leaver.pk).email == ADDRESS
