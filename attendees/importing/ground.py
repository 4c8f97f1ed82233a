"""What the database says now about those whom a list may concern. Read once, with the same few queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count

from attendees import privacy
from attendees.holding import free_seats
from attendees.importing.components import Components
from attendees.importing.places import Places
from attendees.models import Attendee, Category, Delegation, ImportBatch, Quota
from conference import vietnamese
from conference.journal import Actor


class Known(NamedTuple):
    """A person on a list, with what tells people of one name apart."""

    pk: int
    code: str
    full_name: str
    birth_year: int | None
    organisation_name: str
    phone: str
    email: str
    delegation_id: int
    status: str


class Ground:
    """One delegation, or for organisers every delegation of the conference.

    Officers and guests are told nothing of other delegations: their ground ends at their own.
    """

    def __init__(self, batch: ImportBatch, by: Actor | None) -> None:
        self.conference, self.by = batch.conference, by
        self.sees_all = by is None or self.conference.is_run_by(by)
        rows = self.conference.delegations.select_related("unit", "head")
        rows = rows if self.sees_all else rows.filter(pk__in=[batch.delegation_id])
        self.delegations = {one.pk: one for one in rows}
        for one in self.delegations.values():
            one.conference = self.conference
        self.delegation = self.delegations[batch.delegation_id] if batch.delegation_id else None
        self.places = Places(self.conference, self.delegations.values())

    @cached_property
    def is_own(self) -> bool:
        """Does the list come from the delegation itself? Then nothing of its people is masked."""
        return bool(self.delegation and self.by and privacy.is_own(self.delegation, self.by))

    # ── Seats ─────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def categories(self) -> dict[int, Category]:
        rows = self.conference.categories.select_related("organisation_kind")
        return {one.pk: one for one in rows}

    @cached_property
    def quotas(self) -> dict[tuple[int, int], Quota]:
        rows = Quota.objects.filter(delegation__in=self.delegations)
        return {(one.delegation_id, one.category_id): one for one in rows}

    @cached_property
    def taken(self) -> Counter[tuple[int, int]]:
        rows = Attendee.objects.filter(delegation__in=self.delegations).active().order_by()
        counted = rows.values_list("delegation", "category").annotate(Count("pk"))
        return Counter({(delegation, category): count for delegation, category, count in counted})

    @cached_property
    def _components(self) -> dict[int, Components]:
        seats: dict[int, list[Category]] = defaultdict(list)
        for category in self.categories.values():
            for key in self.delegations:
                if (key, category.pk) in self.quotas:
                    seats[key].append(category)
        return {key: Components(one, seats[key]) for key, one in self.delegations.items()}

    def components(self, delegation: Delegation) -> Components:
        return self._components[delegation.pk]

    def free(self, delegation: Delegation, category: Category) -> int:
        key = (delegation.pk, category.pk)
        return free_seats(self.quotas.get(key), self.taken[key])

    # ── People ────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def known(self) -> list[Known]:
        rows = Attendee.objects.filter(delegation__in=self.delegations).order_by("pk")
        return [Known(*values) for values in rows.values_list(*Known._fields)]

    @cached_property
    def by_code(self) -> dict[str, Known]:
        return {one.code: one for one in self.known}

    @cached_property
    def by_name(self) -> dict[str, list[Known]]:
        return _grouped((vietnamese.fold(one.full_name), one) for one in self.known)

    @cached_property
    def by_phone(self) -> dict[str, list[Known]]:
        active = Attendee.ACTIVE
        return _grouped((one.phone, one) for one in self.known if one.phone and one.status in active)

    def people(self, keys: Iterable[int]) -> dict[int, Attendee]:
        """Whole rows, with the delegation and the category that are known here."""
        found: dict[int, Attendee] = Attendee.objects.select_related("substitute").in_bulk(list(keys))
        for one in found.values():
            one.conference, one.delegation = self.conference, self.delegations[one.delegation_id]
            one.category = self.categories[one.category_id]
        return found

    def certified(self, keys: Iterable[int]) -> set[int]:
        """Who holds a certificate: asked upwards by the name of the relation."""
        rows = Attendee.objects.filter(pk__in=list(keys), certificates__state="valid")
        return set(rows.values_list("pk", flat=True))


def _grouped(pairs: Iterable[tuple[str, Known]]) -> dict[str, list[Known]]:
    groups: dict[str, list[Known]] = defaultdict(list)
    for key, one in pairs:
        groups[key].append(one)
    return groups
