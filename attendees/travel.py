"""How people come, sleep and eat: a ready set of questions, and what their answers add up to."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from attendees.models import Attendee, Question
from conference import journal
from conference.journal import Actor
from conference.models import Conference

Kind = Question.Kind
DAYS_BEFORE, HOUR = 3, datetime.time(17)  # when the hotels want to know

ARRIVAL_DAY, ARRIVAL_TIME, VEHICLE, NUMBER = "arrival-day", "arrival-time", "vehicle", "trip-number"
RETURN_DAY, ROOM, SHARING, DIET = "return-day", "room", "room-with", "diet"
MOMENTS = {ARRIVAL_DAY: Kind.DATE, RETURN_DAY: Kind.DATE, ARRIVAL_TIME: Kind.TIME}
WORDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.CHOICES)
# Written in Vietnamese whatever the language of the organiser: the people who answer read Vietnamese.
READY: tuple[dict[str, Any], ...] = (
    {"slug": ARRIVAL_DAY, "label": "Ngày đến", "kind": Kind.DATE, "is_required": True},
    {"slug": ARRIVAL_TIME, "label": "Giờ đến dự kiến", "kind": Kind.TIME},
    {
        "slug": VEHICLE,
        "label": "Phương tiện",
        "kind": Kind.CHOICE,
        "choices": ["Máy bay", "Tàu hỏa", "Ô tô của cơ quan", "Xe khách", "Tự túc"],
        "is_required": True,
    },
    {
        "slug": NUMBER,
        "label": "Số hiệu chuyến",
        "kind": Kind.TEXT,
        "help_text": "Ghi số hiệu chuyến bay hoặc chuyến tàu, ví dụ VN 1234. Đi ô tô thì để trống.",
    },
    {"slug": RETURN_DAY, "label": "Ngày về", "kind": Kind.DATE},
    {
        "slug": ROOM,
        "label": "Phòng nghỉ",
        "kind": Kind.CHOICE,
        "choices": ["Phòng đơn", "Ghép hai người", "Không cần phòng"],
    },
    {
        "slug": SHARING,
        "label": "Ghép phòng với",
        "kind": Kind.TEXT,
        "help_text": "Ghi họ tên và đơn vị của người muốn ở cùng, nếu có.",
    },
    {
        "slug": DIET,
        "label": "Chế độ ăn",
        "kind": Kind.CHOICES,
        "choices": ["Ăn chay", "Không thịt lợn", "Không thịt bò", "Không hải sản", "Ít muối, ít đường"],
        "help_text": "Chỉ dùng để đặt suất ăn; danh sách đặt suất ăn không ghi tên.",
        "is_sensitive": True,
    },
)


def fits(slug: str, kind: str) -> bool:
    """Is what answers a question of this kind what that ready question asks? Organisers change kinds."""
    return kind == MOMENTS[slug] if slug in MOMENTS else kind in WORDS


@transaction.atomic
def ask(conference: Conference, *, by: Actor | None) -> list[Question]:
    """Puts the ready questions to every person, after those that are asked already. Returns the new ones."""
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    known = dict(conference.questions.values_list("slug", "position"))
    first = max(known.values(), default=0) + 1
    made = [
        Question(
            conference=conference,
            subject=Question.Subject.PERSON,
            topic=Question.Topic.TRAVEL,
            position=position,
            answer_by=deadline(conference),
            **each,
        )
        for position, each in enumerate(READY, start=first)
        if each["slug"] not in known
    ]
    for question in made:
        question.full_clean()
        question.save()
        journal.record("add", question, by=by, conference=conference)
    return made


def deadline(conference: Conference) -> datetime.datetime | None:
    """17:00 three days before the opening; None, the general deadline, where that one is later."""
    day = conference.starts_on - datetime.timedelta(days=DAYS_BEFORE)
    moment = datetime.datetime.combine(day, HOUR, conference.zone)
    return moment if moment > conference.confirm_by else None


# ── What the answers add up to ────────────────────────────────────────────────────────────────────


class Traveller(NamedTuple):
    """One person on the way."""

    person: Attendee
    at: datetime.time | None
    vehicle: str
    number: str


class Share(NamedTuple):
    """How many chose something."""

    word: str
    people: int


@dataclass
class Overview:
    """Who arrives when; rooms and diets in numbers, diets never with names."""

    total: int = 0
    unanswered: int = 0  # no day of arrival yet
    arrivals: list[tuple[datetime.date, list[tuple[str, list[Traveller]]]]] = field(default_factory=list)
    returns: list[tuple[datetime.date, int]] = field(default_factory=list)
    rooms: list[Share] = field(default_factory=list)
    sharing: list[tuple[Attendee, str]] = field(default_factory=list)
    diets: list[Share] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return self.total - self.unanswered


def is_asked(conference: Conference) -> bool:
    return conference.questions.filter(topic=Question.Topic.TRAVEL).exists()


def overview(conference: Conference) -> Overview:
    """Sums over everybody who holds a seat. Two queries."""
    asked = [slug for slug, kind in conference.questions.values_list("slug", "kind") if fits(slug, kind)]
    people = list(conference.attendees.active().select_related("delegation__unit").order_by("sort_key", "pk"))
    said = {one.pk: {slug: one.extra[slug] for slug in asked if one.extra.get(slug)} for one in people}
    arrivals: dict[datetime.date, list[Traveller]] = {}
    for person in people:
        if day := _day(said[person.pk].get(ARRIVAL_DAY)):
            arrivals.setdefault(day, []).append(_traveller(person, said[person.pk]))
    returns = Counter(day for one in said.values() if (day := _day(one.get(RETURN_DAY))))
    return Overview(
        total=len(people),
        unanswered=len(people) - sum(map(len, arrivals.values())),
        arrivals=[(day, _by_vehicle(arrivals[day])) for day in sorted(arrivals)],
        returns=sorted(returns.items()),
        rooms=_shares(said.values(), ROOM),
        sharing=[(one, mate) for one in people if (mate := _words(said[one.pk].get(SHARING)))],
        diets=_shares(said.values(), DIET),
    )


def _traveller(person: Attendee, said: dict[str, Any]) -> Traveller:
    at = said.get(ARRIVAL_TIME)
    return Traveller(
        person,
        datetime.time.fromisoformat(at) if at else None,
        _words(said.get(VEHICLE)) or _("Chưa rõ phương tiện"),
        _words(said.get(NUMBER)),
    )


def _by_vehicle(travellers: list[Traveller]) -> list[tuple[str, list[Traveller]]]:
    """In the order of the hours; who has said no hour comes last."""
    in_order = sorted(travellers, key=lambda one: (one.vehicle, one.at is None, one.at, one.person.sort_key))
    return [(vehicle, list(group)) for vehicle, group in groupby(in_order, key=lambda one: one.vehicle)]


def _shares(said: Iterable[dict[str, Any]], slug: str) -> list[Share]:
    words = Counter(word for one in said for word in _listed(one.get(slug)))
    return [Share(word, count) for word, count in words.most_common()]


def _words(value: Any) -> str:
    return ", ".join(_listed(value))


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _day(value: Any) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None
