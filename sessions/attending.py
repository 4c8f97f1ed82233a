"""Who is there: the fact is written once, however often and from wherever it is reported."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction

from attendees import badge_code, codes
from attendees.models import Attendee
from conference import vietnamese
from conference.models import Conference, Membership, User
from sessions.models import Attendance, Report, Session

LONGEST_LIST = 20
MOST_READ = 200
NO_MATCH = 3
RECEIVERS = ("administrator", Membership.Role.ORGANISER, Membership.Role.DOOR)


class Kind(StrEnum):
    """What the door says."""

    WELCOME = "ok"
    AGAIN = "again"
    REPLACED = "swap"
    WITHDRAWN = "stop"
    EXPECTED = ""  # on the list, not seen yet


class Answer(NamedTuple):
    """One person at the door of one session."""

    kind: Kind
    attendee: Attendee
    attendance: Attendance | None = None
    report: int | None = None  # what whoever looks may take back, see `retracting.offered`

    @property
    def holder(self) -> Attendee | None:
        """Who comes instead of one who was replaced; also where the substitute was replaced in turn."""
        person = self.attendee
        while person.status == Attendee.Status.REPLACED:
            if not hasattr(person, "substitute"):
                return None
            person = person.substitute
        return person if person != self.attendee else None


def may_record(conference: Conference, user: User) -> bool:
    """Organisers and the people at the door."""
    return conference.role_of(user) in RECEIVERS


@transaction.atomic
def record(
    attendee: Attendee, session: Session, *, by: User | None, source: str = Attendance.Source.DESK
) -> Answer:
    """Writes that the person is there; the first report counts, later ones only learn of it.

    What each source says is kept beside it (`Report`), also where another had said it before.

    Who was replaced or does not come is not written down; the person is held until the transaction ends.
    Raises ValueError when person and session belong to two conferences, PermissionDenied when `by` does not
    keep a door of this one.
    """
    _require_right([attendee], session, by)
    hold([attendee.pk])
    current = people_of(session.conference).get(pk=attendee.pk)
    if not current.is_active:
        return look(current, None)
    first = {"recorded_by": by, "source": source, "at": session.conference.now()}
    attendance, made = Attendance.objects.get_or_create(session=session, attendee=current, defaults=first)
    Report.objects.bulk_create(
        [Report(session=session, attendee=current, **first)], ignore_conflicts=True
    )  # fmt: skip
    return Answer(Kind.WELCOME if made else Kind.AGAIN, current, attendance)


@transaction.atomic
def record_all(
    people: Iterable[Attendee],
    session: Session,
    *,
    by: User | None,
    source: str = Attendance.Source.DESK,
) -> list[Answer]:
    """`record` for many at once, by the same rules and with the same errors; the answers in their order.

    The people are held until the transaction ends: nobody is replaced in between. However many they are,
    it costs the same number of queries.
    """
    wanted = list(people)
    _require_right(wanted, session, by)
    keys = [person.pk for person in wanted]
    hold(keys)
    current = people_of(session.conference).in_bulk(keys)
    now = session.conference.now()
    facts = [
        Attendance(session=session, attendee=one, at=now, recorded_by=by, source=source)
        for one in current.values()
        if one.is_active
    ]
    made = record_many(facts)
    seen = {row.attendee_id: row for row in session.attendances.filter(attendee__in=keys)}
    answers = [look(current[pk], seen.get(pk)) for pk in keys if pk in current]
    return [
        answer._replace(kind=Kind.WELCOME) if (session.pk, answer.attendee.pk) in made else answer
        for answer in answers
    ]


def hold(keys: list[int]) -> None:
    """Nobody is replaced until the transaction ends. What is read of the people is read afterwards: what was
    read while waiting would not know a new substitute.

    Not against rows that point at them, or two doors would wait for each other.
    """
    held = Attendee.objects.select_for_update(no_key=True)
    list(held.filter(pk__in=keys).order_by("pk").values_list("pk"))


def _require_right(people: Iterable[Attendee], session: Session, by: User | None) -> None:
    if any(person.conference_id != session.conference_id for person in people):
        raise ValueError("The person belongs to another conference than the session.")
    if by is not None and not may_record(session.conference, by):
        raise PermissionDenied


def record_many(facts: list[Attendance]) -> set[tuple[int, int]]:
    """Writes many facts at once, inside a transaction: (session, person) of those not there before.

    One fact for each person and session; people who take a seat, as `look` tells. The first report counts;
    one that was earlier and came later puts the time back. The constraint decides between two doors. Rows are
    written in one order, and only then held, in the same: two batches never wait for each other.
    """
    told = {(one.session_id, one.attendee_id): one for one in facts}
    made = _insert(told)
    Report.objects.bulk_create([_said(told[pair]) for pair in sorted(told)], ignore_conflicts=True)
    if later := {pair: told[pair] for pair in told.keys() - made}:
        sessions, people = {one[0] for one in later}, {one[1] for one in later}
        said = Report.objects.filter(session__in=sessions, attendee__in=people)
        sources = {one.source for one in later.values()}
        while later:
            held = _put_back(_about(later), later)
            # What is missing was taken back after it had been read, by who did not know of this report yet.
            later = {pair: later[pair] for pair in later.keys() - held}
            made |= (again := _insert(later))
            later = {pair: later[pair] for pair in later.keys() - again}
        _put_back(said.filter(source__in=sources), told)
    return made


def _insert(facts: dict[tuple[int, int], Attendance]) -> set[tuple[int, int]]:
    """Writes those that are not there, in their order; gives which."""
    waiting = dict(facts)
    while waiting:
        for row in _about(waiting):
            waiting.pop((row.session_id, row.attendee_id), None)
        try:
            with transaction.atomic():
                Attendance.objects.bulk_create([waiting[pair] for pair in sorted(waiting)])
            break
        except IntegrityError:  # another door was faster: who is there now is read again
            continue
    return set(waiting)


def _said(fact: Attendance) -> Report:
    """What the source of a fact says, whoever was first."""
    return Report(
        session_id=fact.session_id, attendee_id=fact.attendee_id, source=fact.source, at=fact.at,
        recorded_by_id=fact.recorded_by_id,
    )  # fmt: skip


def _about(facts: Iterable[tuple[int, int]]) -> models.QuerySet[Attendance]:
    pairs = list(facts)
    sessions, people = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return Attendance.objects.filter(session__in=sessions, attendee__in=people)


def _put_back(rows: models.QuerySet[Any], told: dict[tuple[int, int], Attendance]) -> set[tuple[int, int]]:
    """The time of a presence, or of what a source says of it, that was seen earlier than it was written.

    Holds the rows; gives of whom there is one.
    """
    earlier, held = [], set()
    for row in rows.order_by("session", "attendee", "source").select_for_update():
        held.add(pair := (row.session_id, row.attendee_id))
        fact = told.get(pair)
        is_its = fact is not None and (rows.model is Attendance or fact.source == row.source)
        if fact is not None and is_its and fact.at < row.at:
            row.at = fact.at
            earlier.append(row)
    if earlier:
        rows.model._default_manager.bulk_update(earlier, ["at"])
    return held


def look(attendee: Attendee, attendance: Attendance | None) -> Answer:
    """What the door would say, without writing anything."""
    if attendee.status == Attendee.Status.REPLACED:
        return Answer(Kind.REPLACED, attendee)
    if not attendee.is_active:
        return Answer(Kind.WITHDRAWN, attendee)
    return Answer(Kind.AGAIN if attendance else Kind.EXPECTED, attendee, attendance)


def default_session(conference: Conference) -> Session | None:
    """The session that runs now, else the next one, else the last: breaks are not attended."""
    now = conference.now()
    sessions = conference.sessions.exclude(kind=Session.Kind.BREAK)
    today = models.Q(day=now.date(), ends__gte=now.time())
    ahead = sessions.filter(today | models.Q(day__gt=now.date())).in_order().first()
    return ahead or sessions.in_order().last()


def find(conference: Conference, session: Session | None, text: str) -> list[Answer]:
    """People by the code on their badge, or by every word of name, unit, position or delegation.

    Phones and addresses are not searched: the door has no business with them.
    """
    people = people_of(conference)
    found = list(people.filter(_as_code(text)))
    if not found and (words := vietnamese.fold(text).split()):
        for word in words:
            in_either = models.Q(search_key__contains=word) | models.Q(delegation__code__contains=word)
            people = people.filter(in_either)
        ranked = [(_rank(person, words), person) for person in people.order_by("sort_key", "pk")[:MOST_READ]]
        found = [person for rank, person in sorted(ranked, key=lambda pair: pair[0]) if rank < NO_MATCH]
    found = found[:LONGEST_LIST]
    seen = {}
    if session is not None:
        seen = {row.attendee_id: row for row in session.attendances.filter(attendee__in=found)}
    return [look(person, seen.get(person.pk)) for person in found]


def people_of(conference: Conference) -> models.QuerySet[Attendee]:
    """Everybody on the list, with what the door may see and who comes instead."""
    # A seat may have changed hands several times; more than three times is read one by one.
    chain = "substitute__substitute__substitute"
    return conference.attendees.select_related("delegation", "category", chain)


def looks_like_a_code(text: str) -> bool:
    """Was a code typed, rather than a name? For text that finds nobody; one code in twenty has no digit."""
    return bool(set(text) & set("0123456789")) and len("".join(text.split())) >= codes.CODE_LENGTH


def is_badge_of(person: Attendee, text: str) -> bool:
    """Was the code of this person's badge typed, or read from its QR?"""
    if badge_code.token(text) == person.badge_token:
        return True
    try:
        return codes.normalise_code(text) == person.code
    except ValueError:
        return False


def _as_code(text: str) -> models.Q:
    """The typed code or the token in the QR; finds nobody when the text is neither."""
    read = badge_code.token(text)
    token = models.Q(badge_token=read) if read else models.Q(pk__in=())
    try:
        return token | models.Q(code=codes.normalise_code(text))
    except ValueError:
        return token


def _rank(person: Attendee, words: list[str]) -> int:
    """0: in the name, together; 1: together; 2: apart, each at the start of a word; else no match.

    Only what the door may see counts.
    """
    visible = (person.full_name, person.title, person.organisation_name, person.delegation.name, person.code)
    name, text = (f" {vietnamese.fold(part)}" for part in (person.full_name, " ".join(visible)))
    phrase = f" {' '.join(words)}"
    if phrase in name:
        return 0
    if phrase in text:
        return 1
    return 2 if all(f" {word}" in text for word in words) else NO_MATCH
