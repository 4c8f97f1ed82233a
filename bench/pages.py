"""Pages in a database of 1, 10 and 100 conferences: milliseconds and queries, in a process of its own."""

from __future__ import annotations

import json
import os
import sys

from bench import measure

PEOPLE = 323
TIMES = 15


def report(*, quick: bool) -> None:
    """Time the pages of an organiser and of an officer at every size of the database."""
    sizes = (1, 3, 10) if quick else (1, 10, 100)
    environment = os.environ | {"DEMO": "1", "DEBUG": "0"}
    measure.run(["manage.py", "prepare", "--files-only"], environment)
    measured = measure.run(["-m", "bench.pages", *map(str, sizes)], environment).result
    rows = []
    for page in measured[str(sizes[0])]["pages"]:
        figures = [measured[str(size)]["pages"][page] for size in sizes]
        times = [f"{figure['ms']:.1f}" for figure in figures]
        ratio = f"{figures[-1]['ms'] / figures[0]['ms']:.2f}"
        rows.append([page, *times, ratio, " / ".join(str(figure["queries"]) for figure in figures)])
    heads = [f"ms at {size}" for size in sizes]
    title = f"Pages on PostgreSQL, by number of conferences with {PEOPLE} people each (median of {TIMES})"
    measure.table(title, ["page", *heads, f"{sizes[-1]} : {sizes[0]}", "queries"], rows)
    loaded = " / ".join(f"{measured[str(size)]['seconds']:.1f} s" for size in sizes)
    print(f"\nLoading the conferences of each step took {loaded}.")


def main(sizes: list[int]) -> None:
    """In the process of its own: load, ask, print JSON."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment

    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    print(json.dumps({size: _measured(size) for size in sizes}))


def _measured(size: int) -> dict[str, object]:
    """Fill up to `size` conferences, then time every page."""
    import time

    from django.db import connection

    from conference.models import Conference
    from documents.demo.load import load

    begun = time.perf_counter()
    for number in range(Conference.objects.count(), size):
        load(f"hoi-nghi-{number}", PEOPLE, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "pages": {name: _page(name, *where) for name, where in _pages().items()}}


def _pages() -> dict[str, tuple[object, str]]:
    """Page → who asks for which address."""
    from conference.models import Conference, Membership, User

    conference = Conference.objects.get(slug="hoi-nghi-0")
    organiser, is_new = User.objects.get_or_create(email="to-chuc@hoinghi.example", full_name="Ban Tổ chức")
    officer, _ = User.objects.get_or_create(email="dau-moi@hoinghi.example", full_name="Đầu mối")
    if is_new:
        Membership.objects.create(conference=conference, user=organiser, role=Membership.Role.ORGANISER)
        conference.delegations.get(code="quang-nam").officers.add(officer)
    return {
        "desk": (organiser, "/admin/"),
        "list of people": (organiser, "/admin/attendees/attendee/"),
        "search in it": (organiser, "/admin/attendees/attendee/?q=nguyen+thi"),
        "list of delegations": (organiser, "/admin/attendees/delegation/"),
        "delegation of an officer": (officer, "/hoi-nghi-0/delegations/quang-nam/"),
        "public page": (None, "/hoi-nghi-0/"),
    }


def _page(name: str, user: object, address: str) -> dict[str, float]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    if user is not None:
        client.force_login(user)  # type: ignore[arg-type]
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, (name, address, answer.status_code)
    count = len(queries)  # now: the next request begins the list anew
    return {"ms": measure.median(lambda: client.get(address), TIMES) * 1000, "queries": count}


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
