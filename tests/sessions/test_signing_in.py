"""Signed sheets entered afterwards: what the paper says stays what the paper says."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees import answers
from attendees.models import Attendee, Delegation
from conference.models import JournalEntry, User
from sessions import attending, sheet_codes, signing_in
from sessions.models import Attendance, Report, Session, SignedSheet, SignUp, Source
from tests.attendees.test_races import at_once
from tests.conftest import MakeAttendee
from tests.sessions.choosing import crowd
from tests.sessions.plans import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(opening: Session, delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    return crowd(make_attendee, delegation, 3)


def said(person: Attendee) -> set[str]:
    return set(person.reports.values_list("source", flat=True))


def codes(*people: Attendee) -> list[str]:
    return [person.code for person in people]


# ── What each source says ─────────────────────────────────────────────────────────────────────────


def test_every_source_is_kept_and_the_presence_is_that_of_the_first(
    people: list[Attendee], opening: Session, greta: User
) -> None:
    attending.record(people[0], opening, by=greta)
    for source in Source:
        attending.record_all(people[:1], opening, by=greta, source=source)
    fact = Attendance.objects.get()
    assert (fact.source, fact.recorded_by) == ("desk", greta)
    assert said(people[0]) == set(Source.values)
    assert Report.objects.count() == len(Source.values)


def test_a_scan_that_was_earlier_and_came_later_puts_back_its_own_report(
    people: list[Attendee], opening: Session
) -> None:
    now = opening.conference.now()
    early = now.replace(minute=10)
    for at, source in ((now, Source.DESK), (now, Source.SCAN), (early, Source.SCAN)):
        attending.record_many(
            [Attendance(session=opening, attendee=people[0], at=at, source=source)]
        )  # fmt: skip
    times = dict(people[0].reports.values_list("source", "at"))
    assert times == {"desk": now, "scan": early}
    assert Attendance.objects.get().at == early


@pytest.mark.django_db(transaction=True)
def test_twelve_reports_of_two_sources_at_once_are_one_presence_and_two_reports(
    people: list[Attendee], opening: Session
) -> None:
    def report(number: int) -> None:
        source = (Source.SCAN, Source.SELF)[number % 2]
        attending.record(people[0], opening, by=None, source=source)

    assert at_once(report, 12) == {"done": 12}
    assert Attendance.objects.count() == 1
    assert said(people[0]) == {"scan", "self"}
    assert Report.objects.count() == 2


# ── Ticks ─────────────────────────────────────────────────────────────────────────────────────────


def test_ticks_are_signatures_also_of_who_was_scanned(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    attending.record(people[0], opening, by=None, source=Source.SCAN)
    signing_in.enter(delegation, codes(*people[:2]), opening, by=greta)
    assert [said(person) for person in people] == [{"scan", "paper"}, {"paper"}, set()]
    assert sorted(Attendance.objects.values_list("source", flat=True)) == ["paper", "scan"]
    lines = signing_in.listed(delegation, opening)
    assert [line.is_signed for line in lines] == [True, True, False]
    assert not SignedSheet.objects.exists()


def test_a_sheet_is_closed_when_the_count_on_the_paper_is_that_of_the_signatures(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    signing_in.enter(delegation, codes(people[0]), opening, by=greta)
    signing_in.enter(delegation, codes(people[1]), opening, by=greta, counted=2)
    sheet = SignedSheet.objects.get()
    assert (sheet.signatures, sheet.entered_by, sheet.at) == (2, greta, opening.conference.now())
    [count] = signing_in.counts(opening)
    assert (count.expected, count.signed, count.sheet, count.is_changed) == (3, 2, sheet, False)
    entry = JournalEntry.objects.filter(act="enter_sheet").latest("pk")
    assert entry.changes["signatures"] == [None, 2]


def test_another_count_closes_nothing_and_writes_nothing(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    with pytest.raises(ValidationError, match="đếm được 3 chữ ký, nhưng có 2 người"):
        signing_in.enter(delegation, codes(*people[:2]), opening, by=greta, counted=3)
    assert not Report.objects.exists()
    assert not Attendance.objects.exists()
    assert not JournalEntry.objects.filter(act="enter_sheet").exists()


def test_a_sheet_without_a_signature_is_closed_with_nought(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    signing_in.enter(delegation, [], opening, by=greta, counted=0)
    assert SignedSheet.objects.get().signatures == 0
    with pytest.raises(ValidationError, match="Chưa chọn ai"):
        signing_in.enter(delegation, [], opening, by=greta)


def test_a_signature_after_the_close_is_told_and_closing_again_counts_anew(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    signing_in.enter(delegation, codes(people[0]), opening, by=greta, counted=1)
    signing_in.enter(delegation, codes(people[1]), opening, by=greta)
    assert signing_in.counts(opening)[0].is_changed
    signing_in.enter(delegation, [], opening, by=greta, counted=2)
    assert SignedSheet.objects.get().signatures == 2


def test_people_online_are_told_by_organisers_alone(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User, olga: User
) -> None:
    with pytest.raises(PermissionDenied):
        signing_in.enter(delegation, codes(people[0]), opening, by=greta, source=Source.ONLINE)
    signing_in.enter(delegation, codes(people[0]), opening, by=olga, source=Source.ONLINE)
    assert said(people[0]) == {"online"}


def test_sheets_are_for_organisers_and_the_door(
    people: list[Attendee], delegation: Delegation, opening: Session, dan: User, victor: User
) -> None:
    for user in (dan, victor):
        with pytest.raises(PermissionDenied):
            signing_in.enter(delegation, codes(people[0]), opening, by=user)
        with pytest.raises(PermissionDenied):
            signing_in.enter_rows(opening.conference, ["KY"], by=user)


def test_where_people_sign_up_the_list_names_who_has_a_place_and_who_signed(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    opening.sign_up, opening.places = True, 5
    opening.save()
    SignUp.objects.create(attendee=people[0], code=opening.code, state="taken", made_by="Dan")
    signing_in.enter(delegation, codes(people[2]), opening, by=greta)
    lines = signing_in.listed(delegation, opening)
    assert [(line.person, line.is_signed) for line in lines] == [(people[0], False), (people[2], True)]


# ── Codes of rows ─────────────────────────────────────────────────────────────────────────────────


def kinds(opening: Session, texts: list[str], by: User) -> list[str]:
    return [one.kind for one in signing_in.enter_rows(opening.conference, texts, by=by)]


def test_rows_are_entered_one_after_the_other_each_with_an_answer(
    people: list[Attendee], opening: Session, greta: User
) -> None:
    texts = [sheet_codes.of_row(opening, person) for person in people[:2]]
    assert kinds(opening, texts, greta) == ["ok", "ok"]
    assert kinds(opening, [texts[1], "KY123", people[2].code], greta) == ["again", "err", "err"]
    assert [said(person) for person in people] == [{"paper"}, {"paper"}, set()]


def test_a_row_says_itself_of_which_session_it_is(
    people: list[Attendee], opening: Session, greta: User
) -> None:
    later = session(opening.conference, "chuyen-de-1", 9, 10, title="Chuyên đề")
    [one] = signing_in.enter_rows(opening.conference, [sheet_codes.of_row(later, people[0])], by=greta)
    assert (one.kind, one.session) == ("ok", later)
    assert Report.objects.get().session == later


def test_the_code_of_a_sheet_leads_to_the_list_of_the_delegation(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    [one] = signing_in.enter_rows(
        opening.conference, [sheet_codes.of_sheet(opening, delegation)], by=greta
    )  # fmt: skip
    assert (one.kind, one.delegation, one.session) == ("sheet", delegation, opening)
    assert not Report.objects.exists()


def test_rows_of_people_who_were_replaced_or_erased_are_refused_with_a_sentence(
    people: list[Attendee], opening: Session, greta: User, olga: User
) -> None:
    answers.replace(people[0], by=olga, full_name="Lê Thay Thế", version=people[0].version)
    texts = [sheet_codes.of_row(opening, person) for person in people[:2]]
    people[1].delete()
    found = signing_in.enter_rows(opening.conference, texts, by=greta)
    assert [one.kind for one in found] == ["err", "err"]
    assert "đã thay bằng Lê Thay Thế" in found[0].sentence
    assert "Không còn người mang mã này" in found[1].sentence
    assert not Report.objects.exists()


def test_a_sheet_of_another_conference_is_refused(
    people: list[Attendee], opening: Session, foreign_delegation: Delegation, greta: User
) -> None:
    foreign = session(foreign_delegation.conference, "khai-mac", 8, 9)
    [one] = signing_in.enter_rows(opening.conference, [sheet_codes.of_row(foreign, people[0])], by=greta)
    assert "thuộc hội nghị khác" in one.sentence
    assert not Report.objects.exists()


def test_the_questions_do_not_grow_with_rows_or_people(
    people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    texts = [sheet_codes.of_row(opening, person) for person in people]

    def asked(act: object) -> int:
        with CaptureQueriesContext(connection) as caught:
            act()  # type: ignore[operator]  # one of the calls below
        return len(caught)

    assert greta.roles  # read once a request
    one = asked(lambda: signing_in.enter_rows(opening.conference, texts[:1], by=greta))
    assert asked(lambda: signing_in.enter_rows(opening.conference, texts[1:], by=greta)) == one
    assert asked(lambda: signing_in.counts(opening)) == 4
    assert asked(lambda: signing_in.listed(delegation, opening)) == 2
