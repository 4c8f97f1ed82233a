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
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench import measure

ROWS, QUICK_ROWS = 5000, 500
TIMES, QUICK_TIMES = 3, 1
SHARE = 10  # the way by acts takes a minute: it is measured with a tenth of the rows
WAYS = ("naive", "whole", "acts", "preview", "take")
HEADINGS = (
    "STT", "Họ và tên", "Ông/Bà", "Năm sinh", "Chức vụ", "Đơn vị công tác", "Tỉnh, thành phố", "Thành phần",
    "Điện thoại", "Email",
)  # fmt: skip


class Spent(NamedTuple):
    """Seconds of the clock, and of CPU in Python: this process and the readers that it started."""

    wall: float
    cpu: float


def report(*, quick: bool) -> None:
    """Every way beside the others."""
    rows, times = (QUICK_ROWS, QUICK_TIMES) if quick else (ROWS, TIMES)
    size, runs = _run(rows, times)

    def spent(way: str, step: str, times: int = 1) -> Spent:
        pairs = zip(*(run.result[step] for run in runs[way]), strict=True)
        return Spent(*(statistics.median(part) * times for part in pairs))

    naive, whole, acts = spent("naive", "all"), spent("whole", "all"), spent("acts", "all", SHARE)
    preview, commit = spent("take", "preview"), spent("take", "commit")
    both = Spent(preview.wall + commit.wall, preview.cpu + commit.cpu)
    table = [
        [
            words,
            f"{taken.wall:.2f}",
            *(f"{one.wall / taken.wall:.1f}" for one in (naive, whole, acts)),
            f"{taken.cpu:.2f}",
            f"{naive.cpu / taken.cpu:.1f}",
            f"{_peak(runs[way]):.0f}",
        ]
        for words, taken, way in (
            ("naive: openpyxl, save() per row", naive, "naive"),
            ("whole: the same in one transaction", whole, "whole"),
            (f"acts: one act per row (from 1/{SHARE} of them)", acts, "acts"),
            ("ours, to the preview", preview, "preview"),
            ("ours, the commit", commit, "take"),
            ("ours, both", both, "take"),
        )
    ]
    title = f"Import of a workbook of {rows} rows ({size} KiB) on PostgreSQL (median of {times})"
    ratios = ["naive : this", "whole : this", "acts : this"]
    measure.table(title, ["way", "seconds", *ratios, "CPU s, Python", "naive : this", "peak MiB"], table)
    parts = ", ".join(f"{name} {spent('take', name).wall:.2f} s" for name in ("reading", "comparing"))
    alone = spent("naive", "reading").wall
    print(f"\nTo the preview: {parts}. openpyxl alone, to read the file: {alone:.2f} s.")


def _run(rows: int, times: int) -> tuple[int, dict[str, list[measure.Run]]]:
    """KiB of the workbook, and all ways by turns, so that a busy moment falls on each of them."""
    runs: dict[str, list[measure.Run]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="hn-bench-") as folder, _lasting():
        environment = os.environ | {"MEDIA_ROOT": folder}
        path = Path(folder, "list.xlsx")
        measure.run(["-m", "bench.imports", "write", str(path), str(rows)], environment)
        for _ in range(times):
            for way, found in runs.items():
                found.append(measure.run(["-m", "bench.imports", way, str(path), str(rows)], environment))
        return path.stat().st_size // 1024, runs


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


Taken = dict[str, Spent]


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


def _now() -> Spent:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Spent(time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used))


def _since(begun: Spent) -> Spent:
    now = _now()
    return Spent(now.wall - begun.wall, now.cpu - begun.cpu)


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


def _naive(conference: Any, path: Path) -> Taken:
    from attendees.models import Attendee

    category = conference.categories.get()
    begun = _now()
    people = list(_people(conference, path))
    read = _since(begun)
    for delegation, person in people:
        Attendee(conference=conference, delegation=delegation, category=category, **person).save()
    return {"reading": read, "all": _since(begun)}


def _whole(conference: Any, path: Path) -> Taken:
    from django.db import transaction

    begun = _now()
    with transaction.atomic():
        _naive(conference, path)
    return {"all": _since(begun)}


def _acts(conference: Any, path: Path) -> Taken:
    from attendees import answers

    category = conference.categories.get()
    people = list(_people(conference, path))
    begun = _now()
    for delegation, person in people[: len(people) // SHARE]:
        answers.nominate(delegation, category, by=None, **person)
    return {"all": _since(begun)}


def _preview(conference: Any, path: Path) -> Taken:
    return _looked_at(conference, path)[1]


def _looked_at(conference: Any, path: Path) -> tuple[Any, Taken]:
    from django.core.files import File

    from attendees import importing

    begun = _now()
    with path.open("rb") as file:
        batch = importing.stage(conference, File(file, path.name), by=None)
    reading, staged = _since(begun), _now()
    shown = importing.preview(batch, by=None)
    version = shown.version
    comparing, both = _since(staged), _since(begun)
    assert shown.is_ready, shown.refusal
    del shown
    return (batch, version), {"reading": reading, "comparing": comparing, "preview": both}


def _take(conference: Any, path: Path) -> Taken:
    from attendees import importing
    from attendees.models import Attendee

    (batch, version), taken = _looked_at(conference, path)
    begun = _now()
    importing.take(batch, by=None, version=version)
    taken["commit"] = _since(begun)
    assert Attendee.objects.count() == len(batch.reading["people"])
    return taken


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
