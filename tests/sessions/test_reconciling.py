"""The sources beside each other, the day as their union, and the figure that is frozen."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from attendees.models import Attendee, Delegation
from checkin.models import Device, Scan
from conference.models import JournalEntry, User
from sessions import attending, freezing, reconciling, signing_in
from sessions.models import Figure, Session, Source
from sessions.reconciling import Difference
from tests.attendees.test_races import at_once, meeting
from tests.conftest import MakeAttendee
from tests.sessions.choosing import crowd
from tests.sessions.plans import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(opening: Session, delegation: Delegation, make_attendee: MakeAttendee) -> list[Attendee]:
    return crowd(make_attendee, delegation, 5)


def see(opening: Session, source: str, *people: Attendee) -> None:
    attending.record_all(people, opening, by=None, source=source)


def close(opening: Session, delegation: Delegation, by: User, counted: int) -> None:
    signing_in.enter(delegation, [], opening, by=by, counted=counted)


def differing(opening: Session) -> dict[str, list[int]]:
    return reconciling.look(opening).differences


# ── Beside each other ─────────────────────────────────────────────────────────────────────────────


def test_totals_count_each_source_and_everybody_once(people: list[Attendee], opening: Session) -> None:
    see(opening, Source.SCAN, *people[:3])
    see(opening, Source.PAPER, *people[1:4])
    picture = reconciling.look(opening)
    assert picture.totals == {"desk": 0, "scan": 3, "head": 0, "paper": 3, "self": 0, "online": 0}
    assert picture.present == [one.pk for one in people[:4]]


def test_who_signed_and_was_not_seen_is_told_once_anybody_was_seen(
    people: list[Attendee], opening: Session
) -> None:
    see(opening, Source.PAPER, people[0])
    assert differing(opening) == {}  # a session without scanners has nothing to compare
    see(opening, Source.SCAN, people[1])
    assert differing(opening) == {Difference.SIGNED_ONLY: [people[0].pk]}
    see(opening, Source.HEAD, people[0])
    assert differing(opening) == {}


def test_who_was_seen_and_has_not_signed_is_told_once_the_sheet_is_entered(
    people: list[Attendee], opening: Session, delegation: Delegation, greta: User
) -> None:
    see(opening, Source.SCAN, *people[:2])
    see(opening, Source.PAPER, people[0])
    assert differing(opening) == {}
    close(opening, delegation, greta, 1)
    assert differing(opening) == {Difference.UNSIGNED: [people[1].pk]}


def test_online_and_in_the_hall_do_not_go_together(people: list[Attendee], opening: Session) -> None:
    see(opening, Source.ONLINE, people[0], people[1])
    see(opening, Source.SELF, people[0])
    assert differing(opening) == {Difference.BOTH: [people[0].pk]}


def test_who_went_out_and_never_came_in_is_told(people: list[Attendee], opening: Session) -> None:
    device = Device.objects.create(conference=opening.conference, name="Cửa A")
    now = timezone.now()
    for number, person in enumerate(people[:2]):
        Scan.objects.create(
            id=uuid.uuid4(), device=device, sequence=number, session=opening, direction="out", heard="x",
            attendee=person, device_at=now, offset_ms=0, error_ms=0, at=now, received_at=now, verdict="out",
        )  # fmt: skip
    see(opening, Source.SCAN, people[0])
    assert differing(opening) == {Difference.LEFT: [people[1].pk]}


def test_who_was_there_and_is_on_no_seat_any_more_is_told(people: list[Attendee], opening: Session) -> None:
    see(opening, Source.SCAN, people[0])
    Attendee.objects.filter(pk=people[0].pk).update(status=Attendee.Status.DECLINED)
    assert differing(opening) == {Difference.GONE: [people[0].pk]}


def test_delegations_stand_in_their_order_with_their_figures(
    people: list[Attendee], opening: Session, delegation: Delegation, other_delegation: Delegation,
    make_attendee: MakeAttendee, greta: User,
) -> None:  # fmt: skip
    make_attendee(other_delegation, "Vũ Thị Xa")
    see(opening, Source.SCAN, *people[:2])
    close(opening, delegation, greta, 0)
    first, second = reconciling.teams(reconciling.look(opening))
    assert (first.delegation, first.expected, first.present, first.is_entered) == (
        other_delegation, 1, 0, False,
    )  # fmt: skip
    assert (second.delegation, second.expected, second.present) == (delegation, 5, 2)
    assert (second.counts, second.is_entered, second.differences) == ([0, 2, 0, 0, 0, 0], True, 2)


def test_a_day_is_the_union_of_its_sessions(people: list[Attendee], opening: Session) -> None:
    topic = session(opening.conference, "chuyen-de-1", 9, 10)
    tomorrow = opening.conference.ends_on
    other = session(opening.conference, "chuyen-de-2", 9, 10, day=tomorrow)
    see(opening, Source.SCAN, *people[:2])
    see(topic, Source.PAPER, *people[1:3])
    see(other, Source.SELF, people[0])
    days = reconciling.days(opening.conference)
    assert [(one.day, one.people) for one in days] == [(opening.day, 3), (tomorrow, 1)]
    assert [(row.session, row.present) for row in days[0].rows] == [(opening, 2), (topic, 2)]


def test_the_questions_do_not_grow(
    people: list[Attendee], opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as one:
            reconciling.look(opening)
        with CaptureQueriesContext(connection) as all_days:
            reconciling.days(opening.conference)
        return len(one), len(all_days)

    few = asked()
    more = crowd(make_attendee, delegation, 6)
    see(opening, Source.SCAN, *more)
    see(session(opening.conference, "chuyen-de-1", 9, 10), Source.PAPER, *more)
    assert asked() == few == (4, 5)


# ── Frozen ────────────────────────────────────────────────────────────────────────────────────────


def freeze(opening: Session, by: User, sources: list[str] | None = None, reason: str = "Đã khớp") -> Figure:
    seen = freezing.seal(opening, reconciling.look(opening))
    return freezing.freeze(opening, sources or Source.values, reason, seen=seen, by=by)


def test_later_reports_do_not_change_the_figure_and_are_told(
    people: list[Attendee], opening: Session, olga: User
) -> None:
    see(opening, Source.SCAN, *people[:3])
    figure = freeze(opening, olga)
    assert (figure.people, figure.number, figure.counts["scan"]) == (3, 1, 3)
    assert (figure.frozen_by_name, figure.at) == ("Olga", opening.conference.now())
    assert not reconciling.since(figure, reconciling.look(opening))
    see(opening, Source.PAPER, people[4])
    people[0].delete()
    gone = figure.counted[0]
    figure.refresh_from_db()
    assert figure.people == 3
    told = reconciling.since(figure, reconciling.look(opening))
    assert (told.come, told.gone) == ([people[4].pk], [gone])


def test_only_the_chosen_sources_count(people: list[Attendee], opening: Session, olga: User) -> None:
    see(opening, Source.SCAN, *people[:3])
    see(opening, Source.PAPER, *people[2:])
    figure = freeze(opening, olga, ["paper"])
    assert (figure.people, figure.sources) == (3, ["paper"])
    assert (figure.counts["scan"], figure.counts["paper"]) == (3, 3)


def test_another_figure_is_another_row_with_its_own_reason(
    people: list[Attendee], opening: Session, olga: User
) -> None:
    see(opening, Source.SCAN, people[0])
    first = freeze(opening, olga)
    see(opening, Source.SCAN, people[1])
    second = freeze(opening, olga, reason="Bổ sung một người")
    assert (first.people, second.people, second.number) == (1, 2, 2)
    assert freezing.latest(opening) == second
    said = [(one.changes["people"], one.changes["reason"][1]) for one in journalled()]
    assert said == [([None, 1], "Đã khớp"), ([1, 2], "Bổ sung một người")]


def journalled() -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(act="freeze").order_by("pk"))


def test_the_same_press_twice_is_one_figure(people: list[Attendee], opening: Session, olga: User) -> None:
    see(opening, Source.SCAN, people[0])
    seen = freezing.seal(opening, reconciling.look(opening))
    with translation.override("en"):
        made = [freezing.freeze(opening, ["scan"], "Khớp", seen=seen, by=olga) for _ in range(2)]
    assert made[0] == made[1]
    (entry,) = journalled()
    assert entry.changes["sources"] == ["", "Quét thẻ"], "kept in one language"


def test_what_nobody_has_seen_is_not_frozen(people: list[Attendee], opening: Session, olga: User) -> None:
    seen = freezing.seal(opening, reconciling.look(opening))
    see(opening, Source.SCAN, people[0])
    with pytest.raises(freezing.Stale):
        freezing.freeze(opening, ["scan"], "Khớp", seen=seen, by=olga)
    assert not Figure.objects.exists()


def test_a_reason_and_a_source_are_needed_and_the_right(
    people: list[Attendee], opening: Session, olga: User, greta: User, victor: User
) -> None:
    for sources, reason, words in ((["scan"], " \n", "Ghi lý do"), ([], "Khớp", "Chọn ít nhất một nguồn")):
        with pytest.raises(ValidationError, match=words):
            freezing.freeze(opening, sources, reason, seen="", by=olga)
    for user in (greta, victor):
        with pytest.raises(PermissionDenied):
            freeze(opening, user)


def test_a_figure_is_never_changed_and_never_taken_back(
    people: list[Attendee], opening: Session, olga: User
) -> None:
    figure = freeze(opening, olga)
    for act in (figure.save, figure.delete, Figure.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        Figure.objects.update(people=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(
            session=opening, number=1, people=0, sources=[], counts={}, counted=[], reason="Khác"
        )


@pytest.mark.django_db(transaction=True)
def test_six_organisers_at_once_freeze_one_figure(
    people: list[Attendee], opening: Session, olga: User
) -> None:
    see(opening, Source.SCAN, *people[:2])
    seen = freezing.seal(opening, reconciling.look(opening))

    def act(number: int) -> None:
        freezing.freeze(opening, ["scan"], f"Lý do {number}", seen=seen, by=olga)

    assert at_once(act, 6) == {"done": 1, "Stale": 5}
    assert Figure.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_constraint_alone_stands_between_them(
    people: list[Attendee], opening: Session, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the row held, several pass the question, and people get errors, not sentences."""
    see(opening, Source.SCAN, *people[:2])
    seen = freezing.seal(opening, reconciling.look(opening))
    queryset = type(Session.objects.all())
    monkeypatch.setattr(queryset, "select_for_update", lambda self, **_more: self.all())
    write, all_have_looked = freezing._write, meeting(6)

    def write_late(*given: Any, **more: Any) -> Figure:
        all_have_looked()
        return write(*given, **more)

    monkeypatch.setattr(freezing, "_write", write_late)

    def act(number: int) -> None:
        freezing.freeze(opening, ["scan"], f"Lý do {number}", seen=seen, by=olga)

    outcomes = at_once(act, 6)
    assert outcomes["IntegrityError"] > 0
    assert Figure.objects.count() == 1


def test_the_seal_is_of_exactly_this_picture(people: list[Attendee], opening: Session) -> None:
    seals = []
    for person in people[:3]:
        seals.append(reconciling.look(opening).seal)
        see(opening, Source.SCAN, person)
    see(opening, Source.PAPER, people[0])
    seals.append(reconciling.look(opening).seal)
    assert len(set(seals)) == 4
