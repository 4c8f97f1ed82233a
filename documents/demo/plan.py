"""Which delegation sends how many people, in which state: the shape, before anybody has a name.

Some delegations are named, so that every state can be shown and pointed at; the others are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from attendees.models import Attendee, Delegation
from conference.models import Unit
from documents.demo import components
from documents.demo.components import Component

HOST = "lam-dong"
WAITING = ("lai-chau", "ha-nam", "bac-lieu")
DECLINED = ("bac-kan", "hau-giang")
PARTIAL = ("quang-nam", "son-la", "quang-binh", "phu-yen", "tra-vinh", "hai-duong")
# Every officer's work can be tried here: four people, two of them unconfirmed, and free seats.
TRIAL = "quang-nam"
TRIAL_COMPONENTS = ("department", "propaganda", "foreign-information", "police")
FEWEST, MOST = 20, 20_000

NOMINATED, CONFIRMED = Attendee.Status.NOMINATED, Attendee.Status.CONFIRMED


@dataclass
class Place:
    """A seat that is taken."""

    component: Component
    status: str = CONFIRMED


@dataclass
class Draft:
    """A delegation to be: its unit (none for the centre), state, seats by component, and who takes them."""

    code: str
    unit: Unit | None
    state: str = Delegation.Status.CONFIRMED
    seats: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def free(self, slug: str) -> int:
        taken = sum(place.component.slug == slug for place in self.places)
        return self.seats.get(slug, 0) - taken


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to `weights`; the largest remainders get what is left over."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def plan(units: Sequence[Unit], people: int, rng: Random) -> list[Draft]:
    """The delegations of the units, in their order, then those of the centre; `people` are counted in all."""
    factor = -(-people // components.FULL_HOUSE)
    targets = dict(
        zip(components.COUNTED, share(people, [c.attending for c in components.COUNTED]), strict=True)
    )
    drafts = [_invited(unit, factor) for unit in units]
    _fill(drafts, targets, rng)
    for draft in drafts:
        _settle(draft, rng)
    for component in components.BESIDE:
        targets[component] = max(1, round(component.attending * people / components.FULL_HOUSE))
    return drafts + _centre(targets)


def _invited(unit: Unit, factor: int) -> Draft:
    """A province with its seats; the host has more."""
    draft = Draft(unit.slug, unit)
    for component in components.PROVINCIAL:
        if unit.has_border_guard or not component.needs_border_guard:
            draft.seats[component.slug] = factor * (1 + (component.host if unit.slug == HOST else 0))
    states = {Delegation.Status.WAITING: WAITING, Delegation.Status.DECLINED: DECLINED}
    states[Delegation.Status.ANSWERING] = PARTIAL
    for state, slugs in states.items():
        if unit.slug in slugs:
            draft.state = state
    return draft


def _fill(drafts: list[Draft], targets: dict[Component, int], rng: Random) -> None:
    """Take seats until every component has its number: nobody without people first, then the keen ones."""
    silent = (Delegation.Status.WAITING, Delegation.Status.DECLINED)
    answering = [draft for draft in drafts if draft.state not in silent]
    keenness = {draft.code: rng.random() for draft in answering}
    by_slug = {component.slug: component for component in components.PROVINCIAL}
    for draft in answering:
        if draft.code == TRIAL:
            draft.places = [Place(by_slug[slug]) for slug in TRIAL_COMPONENTS if draft.seats.get(slug)]
    for component in sorted(components.PROVINCIAL, key=lambda c: -c.attending):
        taken = sum(place.component is component for draft in answering for place in draft.places)
        seats = [
            (bool(draft.places) and draft.code != HOST, -keenness[draft.code] - rng.random(), i)
            for i, draft in enumerate(answering)
            if draft.code != TRIAL
            for _ in range(draft.free(component.slug))
        ]
        for _, _, i in sorted(seats)[: max(0, targets[component] - taken)]:
            answering[i].places.append(Place(component))


def _settle(draft: Draft, rng: Random) -> None:
    """Make state and people agree: partial answers hold unconfirmed people, and nobody confirms nobody."""
    if not draft.places and draft.state != Delegation.Status.DECLINED:
        draft.state = Delegation.Status.WAITING
    if draft.state == Delegation.Status.ANSWERING:
        open_answers = max(1, len(draft.places) // 2)
        for place in rng.sample(draft.places, open_answers):
            place.status = NOMINATED


def _centre(targets: dict[Component, int]) -> list[Draft]:
    drafts = {code: Draft(code, None) for code in components.CENTRAL_DELEGATIONS}
    for component in components.CENTRAL + components.BESIDE:
        draft = drafts[component.delegation]
        draft.seats[component.slug] = targets[component]
        draft.places += [Place(component) for _ in range(targets[component])]
    return list(drafts.values())
