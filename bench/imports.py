"""A workbook of 5 000 people: seconds and peak memory to the preview and to the commit, and other ways.

Naive is the same file through openpyxl as it comes and one `save()` per row: no rule asked, nothing shown,
nothing recorded, nothing to take back; once with a commit per row, as such scripts are, once in a single
transaction. By acts is one nomination per row as a person would type it, which asks every rule and records
every act. Each figure is of a process of its own, on a PostgreSQL whose commits reach the disk, as they do
outside of tests.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import measure

ROWS, QUICK_ROWS = 5000, 500
TIMES, QUICK_TIMES = 3, 1
SHARE = 10  # the way by acts takes a minute: it is measured with a tenth of the rows
WAYS = ("naive", "whole", "acts", "preview", "take")
HEADINGS = (
    "STT", "Họ và tên", "Ông/Bà", "Năm sinh", "Chức vụ", "Đơn vị công tác", "Tỉnh, thành phố", "Thành phần",
    "Điện thoại", "Email",
)  # fmt: skip


def report(*, quick: bool) -> None:
    """All ways by turns, so that a busy moment falls on each of them."""
    rows, times = (QUICK_ROWS, QUICK_TIMES) if quick else (ROWS, TIMES)
    runs: dict[str, list[measure.Run]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="hn-bench-") as folder, _lasting():
        environment = os.environ | {"MEDIA_ROOT": folder}
        path = Path(folder, "list.xlsx")
        measure.run(["-m", "bench.imports", "write", str(path), str(rows)], environment)
        size = path.stat().st_size // 1024
        for _ in range(times):
            for way, found in runs.items():
                found.append(measure.run(["-m", "bench.imports", way, str(path), str(rows)], environment))

    def seconds(way: str, step: str) -> float:
        return statistics.median(run.result[step] for run in runs[way])

    naive, whole, acts = seconds("naive", "all"), seconds("whole", "all"), seconds("acts", "all") * SHARE
    preview, commit = seconds("take", "preview"), seconds("take", "commit")
    ways = (
        ("naive: openpyxl, save() per row", naive, "naive"),
        ("whole: the same in one transaction", whole, "whole"),
        (f"by acts, one per row (from 1/{SHARE} of them)", acts, "acts"),
        ("ours, to the preview", preview, "preview"),
        ("ours, the commit", commit, "take"),
        ("ours, both", preview + commit, "take"),
    )
    table = [
        [
            words,
            f"{taken:.2f}",
            *(f"{one / taken:.1f}" for one in (naive, whole, acts)),
            f"{_peak(runs[way]):.0f}",
        ]
        for words, taken, way in ways
    ]
    title = f"Import of a workbook of {rows} rows ({size} KiB) on PostgreSQL (median of {times})"
    measure.table(title, ["way", "seconds", "naive : this", "whole : this", "acts : this", "peak MiB"], table)
    steps = ", ".join(f"{name} {seconds('take', name):.2f} s" for name in ("reading", "comparing"))
    print(
        f"\nTo the preview: {steps}. openpyxl alone, to read the file: {seconds('naive', 'reading'):.2f} s."
    )


def _peak(runs: list[measure.Run]) -> float:
    return statistics.median(run.peak for run in runs)


@contextmanager
def _lasting() -> Iterator[None]:
    """The server of the tests forgets at a power cut, which makes every commit cheap: not here."""
    import psycopg2

    server = os.environ["DATABASE_URL"]  # postgres://user@/postgres?host=folder
    user = server.removeprefix("postgres://").partition("@")[0] or None
    connection = psycopg2.connect(host=server.partition("host=")[2], dbname="postgres", user=user)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for change in ("SET {} = on", "RESET {}"):
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                cursor.execute("ALTER SYSTEM " + change.format(setting))
            cursor.execute("SELECT pg_reload_conf()")
            if change.startswith("SET"):
                yield
    connection.close()


# ── In the process that is measured ───────────────────────────────────────────────────────────────


def main(way: str, path: Path, rows: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    if way == "write":
        path.write_bytes(_workbook(rows))
        return
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    conference = _conference(rows)
    ways = {"naive": _naive, "whole": _whole, "acts": _acts, "preview": _preview, "take": _take}
    print(json.dumps(ways[way](conference, path)))
    teardown_databases(databases, verbosity=0)


def _units() -> list[Any]:
    from conference import units

    day = datetime.date(2024, 6, 6)
    return [unit for unit in units.units() if unit.unit_set == "63" and unit.is_valid_on(day)]


def _workbook(rows: int) -> bytes:
    """Invented people of 63 units, in one sheet."""
    import openpyxl

    from documents.demo import names

    rng, places, seen = names.seeded("bench"), _units(), set()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(HEADINGS)
    while len(seen) < rows:
        unit = places[len(seen) % len(places)]
        name, born = names.draw(rng, region="", female_share=0.4), rng.randint(1962, 1998)
        if (name.full_name, born, unit.code) in seen:
            continue
        number = len(seen) + 1
        seen.add((name.full_name, born, unit.code))
        sheet.append([
            number, name.full_name, "Ông", born, "Phó Trưởng phòng Thông tin - Báo chí - Xuất bản",
            f"Sở Thông tin và Truyền thông {unit.full_name}", unit.name, "Sở TTTT",
            f"09{12000000 + number * 7:08d}", f"db{number}@so.example",
        ])  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _conference(rows: int) -> Any:
    """63 delegations with as many seats as the list needs."""
    from attendees import answers
    from attendees.models import Category, Quota
    from tests.conftest import make_conference

    conference = make_conference("hoi-nghi")
    Category.objects.create(
        conference=conference, slug="department", name="Lãnh đạo Sở Thông tin và Truyền thông",
        short_name="Sở TTTT", default_seats=1,
    )  # fmt: skip
    answers.invite_units(conference, by=None)
    Quota.objects.update(seats=rows // 60 + 20)
    return conference


def _people(conference: Any, path: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Delegation and fields of every row, by openpyxl as it comes."""
    import openpyxl

    places = {one.unit.name: one for one in conference.delegations.select_related("unit", "conference")}
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    rows = sheet.iter_rows(min_row=2, values_only=True)
    for _number, name, _sex, born, position, body, place, _part, phone, email in rows:
        person = {"full_name": name, "honorific": "ong", "birth_year": born, "position": position}
        contact = {"organisation_name": body, "phone": f"+84{phone[1:]}", "email": email}
        yield places[place], person | contact


def _naive(conference: Any, path: Path) -> dict[str, float]:
    from attendees.models import Attendee

    category = conference.categories.get()
    begun = time.perf_counter()
    people = list(_people(conference, path))
    read = time.perf_counter()
    for delegation, person in people:
        Attendee(conference=conference, delegation=delegation, category=category, **person).save()
    return {"reading": read - begun, "all": time.perf_counter() - begun}


def _whole(conference: Any, path: Path) -> dict[str, float]:
    from django.db import transaction

    begun = time.perf_counter()
    with transaction.atomic():
        _naive(conference, path)
    return {"all": time.perf_counter() - begun}


def _acts(conference: Any, path: Path) -> dict[str, float]:
    from attendees import answers

    category = conference.categories.get()
    people = list(_people(conference, path))
    begun = time.perf_counter()
    for delegation, person in people[: len(people) // SHARE]:
        answers.nominate(delegation, category, by=None, **person)
    return {"all": time.perf_counter() - begun}


def _preview(conference: Any, path: Path) -> dict[str, float]:
    return _looked_at(conference, path)[1]


def _looked_at(conference: Any, path: Path) -> tuple[Any, dict[str, float]]:
    from django.core.files import File

    from attendees import importing

    begun = time.perf_counter()
    with path.open("rb") as file:
        batch = importing.stage(conference, File(file, path.name), by=None)
    staged = time.perf_counter()
    shown = importing.preview(batch, by=None)
    version = shown.version
    seen = time.perf_counter()
    assert shown.is_ready, shown.refusal
    del shown
    return (batch, version), {"reading": staged - begun, "comparing": seen - staged, "preview": seen - begun}


def _take(conference: Any, path: Path) -> dict[str, float]:
    from attendees import importing
    from attendees.models import Attendee

    (batch, version), taken = _looked_at(conference, path)
    begun = time.perf_counter()
    importing.take(batch, by=None, version=version)
    taken["commit"] = time.perf_counter() - begun
    assert Attendee.objects.count() == len(batch.reading["people"])
    return taken


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
