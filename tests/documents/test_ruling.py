"""Acts on the rule and on exceptions, and what issuing makes of them."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from documents import certificates, eligibility, issuing, ruling
from documents.batches import content_hash
from documents.kinds import KINDS
from documents.models import Certificate, CertificateDecision, CertificateRule
from documents.requests import Scope
from sessions.models import Attendance, Session, Slip
from tests.attendees.test_races import at_once
from tests.conftest import MakeAttendee
from tests.documents.conftest import Ask, give
from tests.documents.test_inviting import a_lock_is_waited_for
from tests.patience import LONGEST, until

RULE = {
    "must_come": True,
    "share": 0,
    "complete_share": None,
    "whole_feedback": False,
    "feedback_sessions": 0,
}
pytestmark = pytest.mark.django_db


def earners(conference: Conference) -> dict[str, str]:
    """Name → wording of whoever earns a certificate."""
    judged = eligibility.judge(conference, Attendee.objects.in_order())
    return {one.person.full_name: one.outcome.wording for one in judged if one.outcome.is_earned}


# ── The rule ──────────────────────────────────────────────────────────────────────────────────────


def test_a_conference_without_a_rule_asks_for_one_presence(
    conference: Conference, people: list[Attendee]
) -> None:
    Attendance.objects.filter(attendee=people[0]).delete()
    assert set(earners(conference)) == {one.full_name for one in people[1:]}
    assert not CertificateRule.objects.exists()


def test_a_presence_at_the_reception_is_one_but_no_slot(
    conference: Conference, people: list[Attendee], opening: Session, olga: User
) -> None:
    """The plan has two sessions that count, one after the other, and a break."""
    Attendance.objects.filter(attendee=people[0]).delete()
    pause = conference.sessions.get(code="giai-lao")
    Attendance.objects.create(session=pause, attendee=people[0])
    assert people[0].full_name in earners(conference)
    ruling.set_rule(conference, by=olga, **{**RULE, "share": 50})
    assert people[0].full_name not in earners(conference)
    assert people[1].full_name in earners(conference)
    ruling.set_rule(conference, by=olga, **{**RULE, "share": 51})
    assert earners(conference) == {}


def test_every_condition_reads_its_own_rows(
    conference: Conference, people: list[Attendee], opening: Session, olga: User
) -> None:
    first, second = people[:2]
    flag = conference.sessions.get(code="chao-co")
    ruling.set_rule(
        conference,
        by=olga,
        mandatory=[flag],
        categories=[conference.categories.get(slug="department")],
        **{**RULE, "whole_feedback": True, "feedback_sessions": 1, "complete_share": 100},
    )
    assert earners(conference) == {}
    for one in (first, second):
        Attendance.objects.create(session=flag, attendee=one)
        Slip.objects.create(attendee=one, session=opening, kind="feedback", on=conference.starts_on)
    Slip.objects.create(attendee=first, session=None, kind="feedback", on=conference.starts_on)
    Slip.objects.create(attendee=second, session=opening, kind="before", on=conference.starts_on)
    assert earners(conference) == {first.full_name: "completed"}
    Attendee.objects.update(category=conference.categories.get(slug="press"))
    assert earners(conference) == {}


def test_the_rule_is_journalled_in_words_and_only_when_it_changes(
    conference: Conference, olga: User, opening: Session
) -> None:
    for _press in range(2):
        ruling.set_rule(conference, by=olga, mandatory=[opening], **{**RULE, "share": 80})
    [entry] = JournalEntry.objects.filter(subject__startswith="documents.certificaterule")
    assert (entry.act, entry.changes) == (
        "edit", {"share": [0, 80], "mandatory": ["", "Phát biểu khai mạc"]},
    )  # fmt: skip


@pytest.mark.parametrize(
    "fields", [{"share": 101}, {"share": 80, "complete_share": 79}, {"complete_share": 0}]
)
def test_a_rule_that_contradicts_itself_is_refused(
    conference: Conference, olga: User, fields: dict[str, int]
) -> None:
    with pytest.raises(ValidationError):
        ruling.set_rule(conference, by=olga, **{**RULE, **fields})
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateRule.objects.create(conference=conference, **fields)


def test_a_rule_takes_only_what_is_of_the_conference(
    conference: Conference, olga: User, victor: User, foreign_delegation: Delegation
) -> None:
    foreign = foreign_delegation.conference.categories.all()
    with pytest.raises(ValidationError, match="hội nghị khác"):
        ruling.set_rule(conference, by=olga, categories=foreign, **RULE)
    with pytest.raises(PermissionDenied):
        ruling.set_rule(conference, by=victor, **RULE)


# ── Exceptions ────────────────────────────────────────────────────────────────────────────────────


def test_the_last_decision_stands_and_all_stay_written(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    Attendance.objects.all().delete()
    person = people[0]
    for decision, wording in (("attended", "attended"), ("completed", "completed"), ("withheld", "")):
        ruling.decide(person, decision, "Báo cáo viên, có văn bản", by=olga)
        assert eligibility.judge_one(person).outcome.wording == wording
    ruling.decide(person, "by-rule", "Đã đủ hồ sơ", by=olga)
    assert eligibility.judge_one(person).outcome.exemption is None
    assert person.certificate_decisions.count() == 4
    made = JournalEntry.objects.filter(act="except_certificate").order_by("pk")
    assert [one.changes["decision"] for one in made] == [
        ["", "attended"], ["attended", "completed"], ["completed", "withheld"], ["withheld", "by-rule"],
    ]  # fmt: skip
    assert {one.person_ref for one in made} == {person.pk}


def test_a_decision_is_never_changed(people: list[Attendee], olga: User) -> None:
    made = ruling.decide(people[0], "withheld", "Chờ xác minh", by=olga)
    with pytest.raises(TypeError):
        made.save()
    with pytest.raises(TypeError):
        CertificateDecision.objects.update(reason="khác")


def test_a_press_sent_twice_decides_once(people: list[Attendee], olga: User) -> None:
    for _press in range(2):
        ruling.decide(people[0], "withheld", "Chờ  xác minh ", after=0, by=olga)
    assert people[0].certificate_decisions.get().reason == "Chờ xác minh"


def test_who_decides_after_somebody_else_is_told(people: list[Attendee], olga: User, ada: User) -> None:
    ruling.decide(people[0], "withheld", "Chờ xác minh", after=0, by=olga)
    with pytest.raises(ValidationError, match="Người khác vừa ghi") as refused:
        ruling.decide(people[0], "attended", "Có văn bản", after=0, by=ada)
    assert refused.value.code == "stale"


@pytest.mark.parametrize(
    ("decision", "reason", "sentence"),
    [
        ("attended", "  ", "Ghi lý do."),
        ("attended", "x" * 301, "Lý do dài quá 300 ký tự."),
        ("nothing", "x", "Chọn một quyết định."),
        ("by-rule", "x", "không có ngoại lệ để bỏ"),
    ],
)
def test_a_decision_says_why_and_what(
    people: list[Attendee], olga: User, decision: str, reason: str, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        ruling.decide(people[0], decision, reason, by=olga)
    assert not CertificateDecision.objects.exists()


def test_nobody_gets_an_exception_who_does_not_come(people: list[Attendee], olga: User, victor: User) -> None:
    nominated = Attendee.objects.get(full_name="Trần Chưa Chắc")
    with pytest.raises(ValidationError, match="Xác nhận người này tham dự trước"):
        ruling.decide(nominated, "attended", "x", by=olga)
    with pytest.raises(PermissionDenied):
        ruling.decide(people[0], "attended", "x", by=victor)


# ── Issuing ───────────────────────────────────────────────────────────────────────────────────────


def test_a_certificate_keeps_its_wording_and_what_it_was_issued_under(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    ruling.set_rule(conference, by=olga, **{**RULE, "complete_share": 50})
    ruling.decide(people[0], "withheld", "Chờ xác minh", by=olga)
    given = give(conference, by=olga)
    assert {one.wording for one in given} == {"completed"}
    assert people[0].pk not in {one.attendee_id for one in given}
    assert given[0].grounds.splitlines() == [
        "Đã xác nhận tham dự.",
        "Có mặt ít nhất một lần.",
        "Ghi “hoàn thành” khi có mặt từ 50% số khung giờ.",
        "Có mặt 1 trên 2 khung giờ.",
    ]
    ruling.set_rule(conference, by=olga, **RULE)
    given[0].refresh_from_db()
    assert given[0].wording == "completed"
    assert certificates.replace(given[0], "Sửa họ tên", by=olga).wording == "attended"


def test_an_exception_is_issued_and_replaced_under_its_reason(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    Attendance.objects.all().delete()
    ruling.decide(people[0], "completed", "Báo cáo viên", by=olga)
    [given] = give(conference, by=olga)
    assert (given.attendee, given.wording) == (people[0], "completed")
    assert given.grounds.endswith("Ngoại lệ do Olga quyết định: Báo cáo viên")
    ruling.decide(people[0], "withheld", "Cấp nhầm", by=olga)
    with pytest.raises(ValidationError, match="giữ lại giấy"):
        certificates.replace(given, "Sửa họ tên", by=olga)
    given.refresh_from_db()
    assert given.state == Certificate.State.VALID


def test_the_paper_says_what_was_earned(
    conference: Conference, people: list[Attendee], olga: User, ask: Ask
) -> None:
    ruling.decide(people[0], "completed", "Báo cáo viên", by=olga)
    give(conference, by=olga)
    document = ask("certificates")
    subjects = [pk for part in document.parts.all() for pk in part.subjects]
    sheets = KINDS["certificates"].content(document, subjects).cards
    said = {sheet.name.lines[0]: sheet.did.lines[0] for sheet in sheets}
    assert said.pop("NGUYỄN THỊ THU HƯƠNG") == "đã hoàn thành"
    assert set(said.values()) == {"đã tham dự"}


def test_issuing_asks_as_many_questions_for_thirty_as_for_one(
    conference: Conference,
    delegation: Delegation,
    make_attendee: MakeAttendee,
    opening: Session,
    olga: User,
) -> None:
    ruling.set_rule(conference, by=olga, mandatory=[opening], **RULE)
    counts = []
    for size in (2, 1, 3, 30):
        made = [make_attendee(delegation, f"Người {size} {n}", status="confirmed") for n in range(size)]
        Attendance.objects.bulk_create(Attendance(session=opening, attendee=one) for one in made)
        with CaptureQueriesContext(connection) as caught:
            assert len(give(conference, by=olga)) == size
        counts.append(len(caught))
    assert len(set(counts[1:])) == 1, counts  # the first makes the series


@pytest.mark.django_db(transaction=True)
def test_a_rule_that_is_being_changed_is_waited_for(
    conference: Conference, people: list[Attendee], olga: User
) -> None:
    """Issued under the rule as it is afterwards: whoever issues waits for whoever changes."""
    ruling.set_rule(conference, by=olga, **RULE)
    batch = issuing.draft(conference, Scope(), by=olga)
    issuing.approve(batch, content_hash(batch.lines.all()), by=olga, paper_reference="Phiếu trình số 1")
    outcome: list[str] = []

    def issue() -> None:
        try:
            issuing.issue(batch, by=olga)
        except ValidationError as refusal:
            outcome.append(refusal.code)
        finally:
            connection.close()

    thread = threading.Thread(target=issue)
    with transaction.atomic():
        ruling.set_rule(conference, by=olga, **{**RULE, "share": 100})
        thread.start()
        until(a_lock_is_waited_for, "whoever issues to wait for the rule")
        assert outcome == []
    thread.join(LONGEST)
    assert outcome == ["nobody"]


@pytest.mark.django_db(transaction=True)
def test_twelve_decisions_at_once_are_one(conference: Conference, people: list[Attendee], olga: User) -> None:
    ruling.set_rule(conference, by=olga, **RULE)  # the row is there: its lock alone keeps order
    outcomes = at_once(lambda n: ruling.decide(people[0], "withheld", f"Lý do {n}", after=0, by=olga))
    assert outcomes == {"done": 1, "ValidationError": 11}
    assert CertificateDecision.objects.count() == 1
