"""The warnings of a plan: milliseconds as the plan grows, against comparing every two sessions.

Comparing every two is what one writes first; it asks the same questions of halls and people and has to find
clashes in the same sessions. The data is invented with a fixed seed, 300 people, three parts a session.
"""

from __future__ import annotations

import datetime
import itertools
import json
import math
import os
import random
import sys
from typing import TYPE_CHECKING

from bench import measure

if TYPE_CHECKING:
    from sessions.scheduling import Slot

SIZES, QUICK_SIZES = (250, 500, 1_000, 2_000), (100, 200)
PEOPLE, TIMES = 300, 7


def report(*, quick: bool) -> None:
    """Time the warnings at every size."""
    sizes = QUICK_SIZES if quick else SIZES
    measured = measure.run(["-m", "bench.plans", *map(str, sizes)], os.environ | {"DEBUG": "0"}).result
    rows = []
    for size, before in zip(sizes, (None, *sizes), strict=False):
        one = measured[str(size)]
        growth = "–"
        if before:
            grown = one["ms"] / measured[str(before)]["ms"]
            allowed = size * math.log(size) / (before * math.log(before))
            growth = f"{grown:.2f} / {allowed:.2f}"
        pairs = f"{one['pairs ms']:.0f}"
        rows.append(
            [size, f"{one['ms']:.1f}", one["found"], growth, pairs, f"{one['pairs ms'] / one['ms']:.0f}"]
        )
    head = ["sessions", "ms", "warnings", "growth / that of n log n", "ms, every two", "every two : this"]
    measure.table(f"Warnings of a plan, {PEOPLE} people (median of {TIMES})", head, rows)


def main(sizes: list[int]) -> None:
    """In the process of its own: make plans, look at them, print JSON."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from sessions import scheduling

    first = datetime.date(2024, 6, 6)
    found = {}
    for size in sizes:
        plan = _plan(size, first)
        last = plan[-1].day
        told = scheduling.warnings(plan, first, last)
        clashing = {one.keys[0] for one in told if one.kind in ("hall", "person")}
        assert clashing == _every_two(plan), "both ways find the same sessions"
        found[size] = {
            "ms": measure.median(lambda plan=plan, last=last: scheduling.warnings(plan, first, last), TIMES)
            * 1000,
            "pairs ms": measure.median(lambda plan=plan: _every_two(plan), 1) * 1000,
            "found": len(told),
        }
    print(json.dumps(found))


def _plan(size: int, first: datetime.date) -> list[Slot]:
    """Sixty sessions a day in ten halls, placed by a fixed die."""
    from sessions.scheduling import Part, Place, Slot

    dice = random.Random(size)
    halls = [Place(n, f"Phòng {n}", capacity=120, minutes_away=dice.randint(0, 6)) for n in range(10)]
    people = [Part(n, f"Người thứ {n}") for n in range(PEOPLE)]
    made = []
    for number in range(size):
        begins = datetime.datetime.combine(first, datetime.time(7)) + datetime.timedelta(
            minutes=5 * dice.randint(0, 130)
        )
        ends = begins + datetime.timedelta(minutes=5 * dice.randint(3, 18))
        day = first + datetime.timedelta(days=number // 60)
        parts = tuple(dice.sample(people, 3))
        made.append(
            Slot(number, f"Phiên {number}", day, begins.time(), ends.time(), dice.choice(halls), parts)
        )
    return made


def _every_two(plan: list[Slot]) -> set[object]:
    """The later session of every two that share a hall or a person at one time."""
    found = set()
    ordered = sorted(plan, key=lambda one: (one.begin, one.end, str(one.key)))
    for before, slot in itertools.combinations(ordered, 2):
        if slot.begin < before.end and (
            slot.place == before.place or {one.who for one in slot.parts} & {one.who for one in before.parts}
        ):
            found.add(slot.key)
    return found


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
