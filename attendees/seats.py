"""The seats of a delegation in the official order: who takes each, which are open, which stay empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from attendees.models import Attendee, Category, Delegation, Quota


@dataclass(frozen=True)
class Seat:
    """One seat: a person, nobody yet, or nobody at all."""

    category: Category
    number: int
    of: int
    person: Attendee | None = None
    quota: Quota | None = None
    is_declined: bool = False
    is_first_open: bool = False
    is_head: bool = False
    chain: tuple[Attendee, ...] = ()  # who stood here before, the last one first

    @property
    def anchor(self) -> str:
        """The seat's place in the page."""
        return f"suat-{self.person.code if self.person else f'{self.category.slug}-{self.number}'}"

    @property
    def key(self) -> str:
        """Which form belongs to this seat."""
        if self.person is not None:
            return f"person:{self.person.code}"
        return f"nominate:{self.category.slug}" if self.is_first_open else ""

    @property
    def slot(self) -> str:
        """The component, numbered when it has several seats."""
        if self.of == 1:
            return self.category.name
        return _("%(category)s, suất %(number)s/%(of)s") % {
            "category": self.category.name,
            "number": self.number,
            "of": self.of,
        }

    @property
    def state(self) -> tuple[str, str, str]:
        """Kind of the tag, its icon and its word."""
        if self.is_declined:
            return "off", "cross", pgettext("state", "Không cử")
        if self.person is None:
            return "wait", "clock", _("Chưa cử người")
        if self.person.status == Attendee.Status.CONFIRMED:
            return "ok", "check", _("Đã xác nhận")
        if self.person.substitute_for_id:
            return "wait", "swap", _("Người thay, chờ xác nhận")
        return "wait", "clock", _("Chờ xác nhận")


@dataclass(frozen=True)
class Component:
    """One component of the delegation: its seats and how many are answered."""

    category: Category
    quota: Quota | None
    people: list[Attendee] = field(default_factory=list)
    before: dict[int, tuple[Attendee, ...]] = field(default_factory=dict)

    @property
    def seats(self) -> int:
        return self.quota.seats if self.quota else 0

    @property
    def declined(self) -> int:
        return self.quota.declined if self.quota else 0

    @property
    def open(self) -> int:
        return max(self.seats - self.declined - len(self.people), 0)

    @property
    def loose(self) -> int:
        """Seats that nobody takes, those left empty too."""
        return max(self.seats - len(self.people), 0)

    def rows(self, head_id: int | None) -> Iterator[Seat]:
        """People first, then open seats, then those left empty."""
        total = max(self.seats, len(self.people) + self.declined)
        for index in range(total):
            person = self.people[index] if index < len(self.people) else None
            yield Seat(
                category=self.category,
                number=index + 1,
                of=total,
                person=person,
                quota=self.quota,
                is_declined=index >= total - self.declined and person is None,
                is_first_open=index == len(self.people) and self.open > 0,
                is_head=person is not None and person.pk == head_id,
                chain=self.before.get(person.pk, ()) if person else (),
            )


def seat_chain(person: Attendee) -> list[Attendee]:
    """Everybody who held the seat of this person, the first one first."""
    first = person.seat_first_id or person.pk
    rows = Attendee.objects.filter(Q(pk=first) | Q(seat_first=first), delegation=person.delegation_id)
    return list(rows.order_by("pk"))


class Seats:
    """All seats of one delegation, read in two queries."""

    def __init__(self, delegation: Delegation) -> None:
        self.delegation = delegation
        people = delegation.attendees.select_related("category", "substitute_for").order_by("pk")
        self.people = list(people)
        self.quotas = list(delegation.quotas.select_related("category"))

    @cached_property
    def active(self) -> list[Attendee]:
        return [person for person in self.people if person.is_active]

    @cached_property
    def gone(self) -> list[Attendee]:
        """Who was on the list and does not come; those replaced stand beside their substitutes."""
        return [person for person in self.people if person.status == Attendee.Status.DECLINED]

    @cached_property
    def components(self) -> list[Component]:
        seated: dict[int, list[Attendee]] = defaultdict(list)
        # A substitute stands where the person replaced stood.
        for person in sorted(self.active, key=lambda person: (person.seat_first_id or person.pk, person.pk)):
            seated[person.category_id].append(person)
        quotas = {quota.category_id: quota for quota in self.quotas}
        categories = {person.category_id: person.category for person in self.active}
        categories |= {quota.category_id: quota.category for quota in self.quotas}
        in_order = sorted(categories.values(), key=lambda category: (category.position, category.pk))
        chains = {person.pk: self.chain(person) for person in self.active if person.substitute_for_id}
        return [Component(each, quotas.get(each.pk), seated[each.pk], chains) for each in in_order]

    def of(self, category: Category) -> Component:
        """What a component has here: nothing, where it was never given a seat."""
        return next((one for one in self.components if one.category == category), Component(category, None))

    def chain(self, person: Attendee) -> tuple[Attendee, ...]:
        """Who stood on the seat of the person before, the last one first."""
        known, before = {each.pk: each for each in self.people}, []
        while (earlier := known.get(person.substitute_for_id or 0)) is not None and earlier not in before:
            before.append(earlier)
            person = earlier
        return tuple(before)

    @cached_property
    def rows(self) -> list[Seat]:
        return [seat for part in self.components for seat in part.rows(self.delegation.head_id)]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def confirmed(self) -> int:
        return sum(person.status == Attendee.Status.CONFIRMED for person in self.active)

    @property
    def waiting(self) -> int:
        return len(self.active) - self.confirmed

    @property
    def empty(self) -> int:
        return sum(part.open for part in self.components)

    @property
    def declined(self) -> int:
        return sum(part.declined for part in self.components)

    @property
    def answered(self) -> int:
        """Seats that will have an answer once the list is sent."""
        return self.total - self.empty

    @property
    def is_settled(self) -> bool:
        """The answer was given as a whole, and nobody waits."""
        status = self.delegation.status
        if status == Delegation.Status.CONFIRMED:
            return bool(self.active) and not self.waiting
        return status == Delegation.Status.DECLINED and not self.active

    @property
    def summary(self) -> str:
        """ "1 đang thay, 1 chờ, 1 chưa cử": what is not confirmed."""
        nominated = Attendee.Status.NOMINATED
        replaced = sum(
            person.status == nominated and person.substitute_for_id is not None for person in self.active
        )
        counts = (
            (replaced, _("%d đang thay")),
            (self.waiting - replaced, _("%d chờ xác nhận")),
            (self.empty, _("%d chưa cử")),
            (self.declined, _("%d suất không cử")),
        )
        return ", ".join(words % count for count, words in counts if count)

    @property
    def shown(self) -> str:
        """What is on the screen, for the form that confirms it: code and version of each person."""
        return " ".join(f"{person.code}.{person.version}" for person in self.active)
