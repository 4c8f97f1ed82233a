"""Batches of certificates: approved as seen, issued in one act, once, with a number each and no gap."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from attendees.models import Attendee
from conference.models import Conference, JournalEntry, Membership, User
from documents import certificates, issuing, ruling, storing
from documents.batches import CertificateBatch, CertificateBatchLine, content_hash
from documents.models import Certificate, CertificateFile, Document, NumberSeries
from documents.requests import Scope
from sessions.models import Attendance
from tests.attendees.test_races import at_once, meeting
from tests.conftest import member
from tests.documents.conftest import give
from tests.patience import LONGEST

REFERENCE = "Phiếu trình số 12/PTr ngày 07/6/2024"
State = CertificateBatch.State


@pytest.fixture
def signer(conference: Conference) -> User:
    return member(conference, "son", "Sơn", Membership.Role.SIGNER)


def seen(batch: CertificateBatch) -> str:
    return content_hash(batch.lines.all())


def approved(conference: Conference, olga: User, *people: Attendee) -> CertificateBatch:
    """A batch that only waits for being issued."""
    batch = issuing.draft(conference, Scope(attendees=people), by=olga)
    return issuing.approve(batch, seen(batch), by=olga, paper_reference=REFERENCE)


# ── Draft ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_draft_holds_who_earns_one_and_what_it_will_say(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    Attendance.objects.filter(attendee=people[0]).delete()
    with translation.override("en"):  # what is kept is in Vietnamese, whoever presses
        batch = issuing.draft(conference, Scope(), by=olga)
    assert (batch.ordinal, batch.state, batch.scope) == (1, State.DRAFT, "Cả hội nghị")
    assert JournalEntry.objects.get(act="draft-certificates").subject_name == "Đợt 1"
    assert [line.attendee for line in batch.lines.all()] == [people[3], people[2], people[1]]
    line = batch.lines.get(attendee=people[1])
    assert (line.full_name, line.honorific, line.title, line.wording) == (
        "Hà Trung Thọ", "ba", "Phó Giám đốc", "attended",
    )  # fmt: skip
    assert not Certificate.objects.exists()
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db
def test_the_same_press_drafts_once_and_a_person_waits_in_one_batch(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    key = uuid.uuid4()
    one = issuing.draft(conference, Scope(delegations=[people[0].delegation]), by=olga, key=key)
    assert issuing.draft(conference, Scope(), by=olga, key=key) == one
    assert one.lines.count() == 3
    assert issuing.draft(conference, Scope(), by=olga).lines.get().attendee == people[3]
    with pytest.raises(ValidationError, match="4 người đang ở một đợt chưa cấp"):
        issuing.draft(conference, Scope(), by=olga)


@pytest.mark.django_db
def test_only_organisers_draft_and_issue(
    conference: Conference, people: list[Attendee], olga: User, signer: User, victor: User, dan: User
) -> None:
    batch = approved(conference, olga)
    for by in (signer, victor, dan):
        with pytest.raises(PermissionDenied):
            issuing.draft(conference, Scope(), by=by)
        with pytest.raises(PermissionDenied):
            issuing.issue(batch, by=by)
    for by in (victor, dan):
        with pytest.raises(PermissionDenied):
            issuing.approve(batch, seen(batch), by=by, paper_reference=REFERENCE)
        with pytest.raises(PermissionDenied):
            issuing.withdraw(batch, "Sai", by=by)


# ── Approve ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_signer_approves_and_an_organiser_only_with_the_paper(
    conference: Conference, people: list[Attendee], olga: User, signer: User
) -> None:
    first = issuing.draft(conference, Scope(attendees=people[:1]), by=olga)
    second = issuing.draft(conference, Scope(attendees=people[1:]), by=olga)
    with pytest.raises(ValidationError, match="phiếu trình"):
        issuing.approve(first, seen(first), by=olga)
    assert issuing.approve(first, seen(first), by=signer).paper_reference == ""
    assert issuing.approve(second, seen(second), by=olga, paper_reference=REFERENCE).approved_by == olga
    told = dict(JournalEntry.objects.filter(act__startswith="approve-").values_list("act", "actor_name"))
    assert told == {"approve-certificates": "Sơn", "approve-certificates-on-paper": "Olga"}


@pytest.mark.django_db
def test_only_what_was_seen_is_approved(
    conference: Conference, people: list[Attendee], olga: User, signer: User
) -> None:
    batch = issuing.draft(conference, Scope(), by=olga)
    shown = seen(batch)
    CertificateBatchLine.objects.filter(batch=batch, attendee=people[0]).update(title="Giám đốc")
    with pytest.raises(ValidationError) as stale:
        issuing.approve(batch, shown, by=signer)
    assert stale.value.code == "stale"
    issuing.approve(batch, seen(batch), by=signer)
    CertificateBatchLine.objects.filter(batch=batch, attendee=people[0]).update(title="Bộ trưởng")
    with pytest.raises(ValidationError, match="chưa được duyệt"):
        issuing.issue(batch, by=olga)


@pytest.mark.django_db
def test_the_database_issues_nothing_that_was_not_approved(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    batch = issuing.draft(conference, Scope(), by=olga)
    with pytest.raises(ValidationError, match="chưa được duyệt"):
        issuing.issue(batch, by=olga)
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateBatch.objects.update(
            state=State.ISSUED, issued_at=conference.now(), issue_key=uuid.uuid4()
        )


@pytest.mark.django_db
def test_a_batch_that_was_taken_back_is_not_issued_and_frees_its_people(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    batch = approved(conference, olga)
    with pytest.raises(ValidationError, match="lý do"):
        issuing.withdraw(batch, " ", by=olga)
    issuing.withdraw(batch, "Trình lại sau khi sửa chức vụ", by=olga)
    with pytest.raises(ValidationError, match="đã rút"):
        issuing.issue(batch, by=olga)
    assert len(give(conference, by=olga)) == 4


# ── Issue ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_batch_is_issued_once_whoever_presses(
    conference: Conference, people: list[Attendee], olga: User, ada: User
) -> None:
    batch = approved(conference, olga)
    issuing.issue(batch, by=olga)
    again = issuing.issue(batch, by=ada)
    assert (again.state, again.issued_by) == (State.ISSUED, olga)
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert Document.objects.get(kind="certificate-files").request_key == again.issue_key
    assert JournalEntry.objects.filter(act="issue-certificates").count() == 1


@pytest.mark.django_db
def test_who_has_changed_since_is_left_out_by_name_and_the_others_come_out(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    batch = approved(conference, olga)
    Attendance.objects.filter(attendee=people[0]).delete()
    people[1].full_name = "Hà Trung Thọ Đúng"
    people[1].save()
    ruling.decide(people[2], "completed", "Báo cáo viên", by=olga)
    with translation.override("en"):
        issuing.issue(batch, by=olga)
    assert Certificate.objects.get().attendee == people[3]
    assert issuing.left_out(batch) == [
        "Nguyễn Thị Thu Hương: Chưa có lượt có mặt nào. Cần có mặt ít nhất một lần. "
        "Nếu có dự mà chưa ghi, bổ sung theo danh sách ký.",
        "H' Linh Niê Kđăm: Khi duyệt ghi “Tham dự”, nay là “Hoàn thành”.",
        "Hà Trung Thọ: Thông tin đã sửa sau khi duyệt: họ và tên.",
    ]
    assert [one.number for one in give(conference, by=olga)] == [2, 3]


@pytest.mark.django_db
def test_where_nobody_is_left_nothing_is_issued_and_no_number_taken(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    batch = approved(conference, olga)
    Attendance.objects.all().delete()
    with pytest.raises(ValidationError, match="Không còn ai"):
        issuing.issue(batch, by=olga)
    batch.refresh_from_db()
    assert batch.state == State.APPROVED
    assert not NumberSeries.objects.filter(last__gt=0).exists()


@pytest.mark.django_db
def test_each_file_is_kept_once_and_known_by_its_hash(
    conference: Conference, people: list[Attendee], olga: User, work: Callable[[Document], Document]
) -> None:
    batch = issuing.issue(approved(conference, olga), by=olga)
    document = work(Document.objects.get(request_key=batch.issue_key))
    assert document.state == Document.State.READY
    files = CertificateFile.objects.all()
    assert {one.certificate_id for one in files} == set(Certificate.objects.values_list("pk", flat=True))
    assert {one.kind for one in files} == {CertificateFile.Kind.COPY}
    assert all(storing.path(one.file).stat().st_size == one.size for one in files)
    assert all(one.file.startswith("certificates/") and one.sha256 in one.file for one in files)
    document.parts.update(state="queued", token=None, lease_until=None)
    Document.objects.update(state=Document.State.QUEUED)
    work(document)
    assert CertificateFile.objects.count() == 4, "made again, written down once"


@pytest.mark.django_db
def test_a_replacement_has_a_file_and_a_reason_and_the_old_one_ends(
    conference: Conference, issued: list[Certificate], olga: User, work: Callable[[Document], Document]
) -> None:
    with pytest.raises(ValidationError, match="lý do cấp lại"):
        certificates.replace(issued[0], " ", by=olga)
    fresh = certificates.replace(issued[0], "Sửa họ tên", by=olga)
    assert (issued[0].state, issued[0].reason, issued[0].replaced_by) == ("replaced", "Sửa họ tên", fresh)
    assert fresh.full_number == "0005/GCN-BTTTT"
    work(Document.objects.order_by("pk").last())
    assert CertificateFile.objects.get().certificate == fresh


# ── At the same moment ────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_twelve_presses_at_once_issue_one_batch_once(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    batch = approved(conference, olga)
    assert at_once(lambda _n: issuing.issue(batch, by=olga)) == {"done": 12}
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert Document.objects.filter(kind="certificate-files").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_presses_collide(
    conference: Conference, people: list[Attendee], olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: the constraints still hold, but presses are refused."""
    batch, all_have_looked = approved(conference, olga), meeting()

    def unheld(one: CertificateBatch) -> CertificateBatch:
        found = CertificateBatch.objects.select_related("conference").get(pk=one.pk)
        all_have_looked()
        return found

    monkeypatch.setattr(issuing, "hold", unheld)
    outcomes = at_once(lambda _n: issuing.issue(batch, by=olga))
    assert outcomes["done"] < 12
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_drafts_at_once_never_hold_a_person_twice(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    def act(number: int) -> None:
        scope = Scope(attendees=people[:3] if number % 2 else people[1:])
        batch = issuing.draft(conference, scope, by=olga)
        issuing.approve(batch, seen(batch), by=olga, paper_reference=REFERENCE)
        issuing.issue(batch, by=olga)

    outcomes = at_once(act)
    assert set(outcomes) == {"done", "ValidationError"}
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert Certificate.objects.valid().values("attendee").distinct().count() == 4


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_rule_drafts_collide(
    conference: Conference, people: list[Attendee], olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the constraint refuses a second open line of a person."""
    all_have_looked = meeting()

    def unheld(one: Conference) -> ruling.CertificateRule | None:
        found = one.certificate_rules.first()
        all_have_looked()
        return found

    monkeypatch.setattr(issuing.ruling, "held", unheld)
    ruling.CertificateRule.objects.create(conference=conference)
    assert at_once(lambda _n: issuing.draft(conference, Scope(), by=olga))["IntegrityError"]
    assert CertificateBatchLine.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_issuing_and_revoking_at_once_leave_one_answer_for_each(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    batch = approved(conference, olga)

    def act(number: int) -> None:
        if number % 2:
            issuing.issue(batch, by=olga)
        else:
            for one in Certificate.objects.valid().filter(attendee=people[0]).select_related("series"):
                certificates.revoke(one, "Cấp nhầm", by=olga)

    outcomes = at_once(act)
    assert outcomes["done"] >= 6
    assert set(outcomes) <= {"done", "ValidationError"}  # revoked by another a moment ago
    assert Certificate.objects.filter(attendee=people[0]).count() == 1
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.fixture
def certificate(conference: Conference, people: list[Attendee], olga: User) -> Certificate:
    issuing.issue(approved(conference, olga), by=olga)
    return Certificate.objects.select_related("series__conference").get(attendee=people[0])


@pytest.mark.django_db(transaction=True)
def test_of_twelve_revocations_at_once_one_is_done_and_told(certificate: Certificate, olga: User) -> None:
    outcomes = at_once(lambda n: certificates.revoke(again(certificate), f"Lý do {n}", by=olga))
    assert outcomes == {"done": 1, "ValidationError": 11}
    assert certificate.series.conference.journal.filter(act="revoke").count() == 1


@pytest.mark.django_db(transaction=True)
def test_looking_before_revoking_lets_them_all_through(
    certificate: Certificate, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who looks first and writes then says twelve times that it was they who revoked."""
    everybody_looked = threading.Barrier(12)

    def naively(one: Certificate, state: str, *, reason: str) -> None:
        assert again(one).state == Certificate.State.VALID
        everybody_looked.wait(LONGEST)
        Certificate.objects.filter(pk=one.pk).update(state=state, ended_at=timezone.now(), reason=reason)

    monkeypatch.setattr(certificates, "_end", naively)
    assert at_once(lambda n: certificates.revoke(again(certificate), f"Lý do {n}", by=olga)) == {"done": 12}
    assert certificate.series.conference.journal.filter(act="revoke").count() == 12


def again(certificate: Certificate) -> Certificate:
    return Certificate.objects.select_related("series__conference").get(pk=certificate.pk)
