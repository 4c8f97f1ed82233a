"""The board of 63 delegations by 7 components: queries and milliseconds, against counting cell by cell.

Counting cell by cell is what a page does that asks for each cell how many seats and people it has; it is
measured in the same process, on the same rows, and has to come to the same sum.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bench import measure

if TYPE_CHECKING:
    from attendees.board import Figures

SIZES, QUICK_SIZES = (323, 10_000), (100, 1_000)
TIMES = 15
WAYS = {
    "figures": "the figures of the board, as it was",
    "figures now": "the figures of the board, on the map of today",
    "cell by cell": "the same figures, counted cell by cell",
    "page": "the whole page",
    "page now": "the whole page, on the map of today",
    "part": "the moving part, when something changed",
    "nothing new": "the moving part, when nothing changed (304)",
    "workbook": "the workbook",
}


def report(*, quick: bool) -> None:
    """Time the board at every size of the conference."""
    sizes = QUICK_SIZES if quick else SIZES
    environment = os.environ | {"DEMO": "1", "DEBUG": "0"}
    measure.run(["manage.py", "prepare", "--files-only"], environment)
    measured = measure.run(["-m", "bench.board", *map(str, sizes)], environment).result
    rows = []
    for way, words in WAYS.items():
        figures = [measured[str(size)][way] for size in sizes]
        times = [f"{one['ms']:.1f}" for one in figures]
        ratio = f"{measured[str(sizes[-1])]['cell by cell']['ms'] / figures[-1]['ms']:.0f}"
        queries = " / ".join(str(one["queries"]) for one in figures)
        rows.append([words, *times, queries, ratio, f"{figures[-1]['bytes'] / 1024:.0f}"])
    head = ["what", *(f"ms with {size} people" for size in sizes), "queries", "cell by cell : this", "KiB"]
    cells = measured[str(sizes[-1])]["cells"]
    measure.table(f"The board on PostgreSQL: {cells} cells with seats (median of {TIMES})", head, rows)


def main(sizes: list[int]) -> None:
    """In the process of its own: load, ask, print JSON."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment

    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    print(json.dumps({size: _measured(size) for size in sizes}))


def _measured(size: int) -> dict[str, Any]:
    """A conference with so many people, and every way to ask for its figures."""
    from django.db import connection

    from attendees import board
    from conference.models import Conference, Membership, User
    from documents.demo.load import load

    Conference.objects.update(status=Conference.Status.ARCHIVED)
    conference = load(f"hoi-nghi-{size}", size, 0)
    user = User.objects.create(email=f"to-chuc-{size}@hoinghi.example", full_name="Ban Tổ chức")
    Membership.objects.create(conference=conference, user=user, role=Membership.Role.ORGANISER)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    arranged = board.arrange(board.read(conference), board.Wanted())
    counted = board.total(board.sums(arranged.places, arranged.columns))
    ask = _asker(user)
    etag = ask("/admin/board/", part=True).headers["ETag"]
    ways: dict[str, Callable[[], Any]] = {
        "figures": lambda: _figures(conference, board.Map.THEN),
        "figures now": lambda: _figures(conference, board.Map.NOW),
        "cell by cell": lambda: _cell_by_cell(conference),
        "page": lambda: ask("/admin/board/"),
        "page now": lambda: ask("/admin/board/?map=now"),
        "part": lambda: ask("/admin/board/", part=True),
        "nothing new": lambda: ask("/admin/board/", part=True, etag=etag),
        "workbook": lambda: ask("/admin/board/export/", post=True),
    }
    found = {way: _way(call, 2 if way == "cell by cell" else TIMES) for way, call in ways.items()}
    assert found["cell by cell"]["answer"] == counted, "both ways come to the same sum"
    assert found["nothing new"]["bytes"] == 0
    for one in found.values():
        del one["answer"]
    return found | {"cells": sum(f.seats > 0 for place in arranged.places for f in place.figures.values())}


def _figures(conference: Any, on: str) -> Figures:
    from attendees import board

    arranged = board.arrange(board.read(conference, on), board.Wanted())
    return board.total(board.sums(arranged.places, arranged.columns))


def _cell_by_cell(conference: Any) -> Figures:
    """Four questions for each cell, as a template would ask them."""
    from attendees.board import Figures
    from attendees.models import Delegation

    found = Figures()
    categories = list(conference.categories.all())
    for delegation in conference.delegations.of_units():
        refuses = delegation.status == Delegation.Status.DECLINED
        for category in categories:
            quota = delegation.quotas.filter(category=category).first()
            people = delegation.attendees.filter(category=category)
            seats = quota.seats if quota else 0
            found += Figures(
                seats,
                people.active().count(),
                people.confirmed().count(),
                seats if refuses else quota.declined if quota else 0,
                people.present().count(),
            )
    return found


def _asker(user: Any) -> Callable[..., Any]:
    from django.test import Client

    client = Client()
    client.force_login(user)

    def ask(address: str, *, part: bool = False, etag: str = "", post: bool = False) -> Any:
        headers = {"X-Fragment": "board"} if part else {}
        headers |= {"If-None-Match": etag} if etag else {}
        answer = client.post(address) if post else client.get(address, headers=headers)
        assert answer.status_code == (304 if etag else 200), (address, answer.status_code)
        return answer

    return ask


def _way(call: Callable[[], Any], times: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer = call()
    count = len(queries)  # now: the next request begins the list anew
    size = len(answer.content) if hasattr(answer, "content") else 0
    return {"ms": measure.median(call, times) * 1000, "queries": count, "bytes": size, "answer": answer}


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
