"""Official letters to 63 delegations: processor time, against one plain call of the engine for each.

Naive means: the same page, style, fonts and pictures, parsed and loaded anew for each letter. Both ways write
the same letters in turn, several times, in one process; the figures are medians of those rounds.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
from collections.abc import Callable
from typing import Any

from bench import measure

LETTERS, ROUNDS = 63, 3
QUICK_LETTERS, QUICK_ROUNDS = 12, 1
KINDS = ("invitation", "nomination-request")
WAYS = {
    "naive": "naive: one `write_pdf` for each",
    "alone": "ours, one file each (mail and ZIP)",
    "joined": "ours, one file to print",
}


def report(*, quick: bool) -> None:
    """Time both kinds of letters, every way."""
    count, rounds = (QUICK_LETTERS, QUICK_ROUNDS) if quick else (LETTERS, ROUNDS)
    environment = os.environ | {"DEMO": "1", "DEBUG": "0"}
    figures = measure.run(["-m", "bench.letters", str(count), str(rounds)], environment).result
    rows = []
    for kind in KINDS:
        naive = figures[kind]["naive"]["cpu"]
        for way, words in WAYS.items():
            one = figures[kind][way]
            rows.append(
                [f"{kind}, {words}", f"{one['cpu'] * 1000 / count:.0f}", f"{naive / one['cpu']:.2f}",
                 f"{one['cpu']:.1f}", one["pages"], one["size"] // 1024]
            )  # fmt: skip
    head = ["letters", "CPU ms each", "naive : this", "CPU s in all", "pages", "KiB"]
    measure.table(f"{count} letters on PostgreSQL (median of {rounds})", head, rows)
    print(f"\nNumbering and wording all {2 * count} letters took {figures['issued']:.2f} CPU s.")


# ── In the process that is measured ───────────────────────────────────────────────────────────────


def main(count: int, rounds: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment

    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    from documents import letters, pdf
    from documents.demo.load import load_uninvited
    from documents.models import Letter

    assert pdf  # loaded before anything is measured
    conference = load_uninvited("hoi-nghi")
    delegations = list(conference.delegations.order_by("position"))[:count]
    begun = _cpu()
    for kind in Letter.Kind.values:
        letters.issue(conference, kind, delegations, by=None)
    figures: dict[str, Any] = {"issued": _cpu() - begun}
    for kind in KINDS:
        figures[kind] = _measured(kind, conference, [one.pk for one in delegations], rounds)
    print(json.dumps(figures))


def _measured(kind: str, conference: Any, subjects: list[int], rounds: int) -> dict[str, Any]:
    from documents.requests import Scope, describe

    document = describe(kind, conference, by=None, scope=Scope(), each=True)
    ways: dict[str, Callable[..., tuple[int, int]]] = {"naive": _naive, "alone": _alone, "joined": _joined}
    taken: dict[str, list[float]] = {way: [] for way in ways}
    made = {}
    for make in ways.values():
        make(document, subjects[:1])
    for _round in range(rounds):
        for way, make in ways.items():
            begun = _cpu()
            made[way] = make(document, subjects)
            taken[way].append(_cpu() - begun)
    return {
        way: {"cpu": statistics.median(taken[way]), "pages": made[way][0], "size": made[way][1]}
        for way in ways
    }


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _naive(document: Any, subjects: list[int]) -> tuple[int, int]:
    from bench import naive
    from documents.kinds import KINDS

    kind, pages, size = KINDS[document.kind], 0, 0
    for subject in subjects:
        content = kind.content(document, [subject])
        page = naive.page(document, content, {})
        laid = naive.laid_out(page, content.images, kind.stylesheets)
        pages, size = pages + len(laid.pages), size + len(laid.write_pdf())
    return pages, size


def _alone(document: Any, subjects: list[int]) -> tuple[int, int]:
    from documents import producing

    files = [next(producing.each(document, [subject]))[1] for subject in subjects]
    return sum(file.pages for file in files), sum(len(file.pdf) for file in files)


def _joined(document: Any, subjects: list[int]) -> tuple[int, int]:
    from documents import producing

    size = producing.KINDS[document.kind].chunk or len(subjects)
    made = [producing.together(document, subjects[at : at + size]) for at in range(0, len(subjects), size)]
    return sum(one.pages for one in made), sum(len(one.pdf) for one in made)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
