"""The public page of a programme of 60 sessions in 3 halls, as a crowd of telephones reads it.

A real gunicorn on PostgreSQL, started as `serve` starts it, is asked by wrk over loopback. On two cores wrk
and PostgreSQL take their share: the figures are for comparing rows of one table, and no more. With
PRETALX_PYTHON, the Python of an environment with pretalx and gunicorn, the same programme is asked for there.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench import measure, setup

SESSIONS, HALLS = 60, 3
SLUG = "hoi-nghi-tai"
SECONDS, QUICK_SECONDS = 10, 2
ROUNDS = 3
CROWD = 16  # connections kept open
# wrk prints no 95th percentile by itself.
SCRIPT = """
done = function(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format('{"rps": %f, "p50": %f, "p95": %f, "bad": %d}\\n',
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, bad))
end
"""


class Way(NamedTuple):
    """A page, and what serves it: the arguments of gunicorn, the environment and the Python that has it."""

    name: str
    path: str
    environment: dict[str, str]
    application: str = "conference.wsgi:application"
    python: str = sys.executable


def report(*, quick: bool) -> None:
    """Requests per second and latencies, each way in turn, several rounds."""
    if not shutil.which("wrk"):
        print("\nNo wrk here: the page under load is not measured (package wrk).")
        return
    seconds = QUICK_SECONDS if quick else SECONDS
    ways = [*_ours(), *_pretalx()]
    found: dict[str, list[dict[str, float]]] = {way.name: [] for way in ways}
    with tempfile.TemporaryDirectory(prefix="hn-wrk-") as folder:
        script = Path(folder) / "figures.lua"
        script.write_text(SCRIPT)
        for _ in range(1 if quick else ROUNDS):
            for way in ways:
                with served(way) as address:
                    found[way.name].append(_load(address + way.path, script, seconds))
    _table(found)


def _ours() -> list[Way]:
    environment = os.environ | {"DEBUG": "0", "DEMO": "0", "ALLOWED_HOSTS": "127.0.0.1"}
    measure.run(["manage.py", "prepare", "--files-only"], environment)
    environment["DATABASE_URL"] = measure.run(["-m", "bench.agenda"], environment).result
    bare = environment | {"DJANGO_SETTINGS_MODULE": "bench.uncached"}
    return [
        Way("the whole page, nothing kept", f"/{SLUG}/", bare),
        Way("the whole page", f"/{SLUG}/", environment),
        Way("schedule.json", f"/{SLUG}/programme/schedule.json", environment),
    ]


def _pretalx() -> list[Way]:
    """Its page with the programme in it, and what its page with script fetches instead."""
    python = os.environ.get("PRETALX_PYTHON")
    if not python:
        return []
    here = urlsplit(os.environ["DATABASE_URL"])
    folder, owner = here.query.removeprefix("host="), here.username or ""
    subprocess.run(["createdb", "-h", folder, "-U", owner, "pretalx"], check=True)
    environment = os.environ | {
        "PRETALX_DB_TYPE": "postgresql", "PRETALX_DB_NAME": "pretalx", "PRETALX_DB_USER": owner,
        "PRETALX_DB_HOST": folder, "PRETALX_SITE_URL": "http://127.0.0.1", "PRETALX_FILESYSTEM_DATA": folder,
        "DJANGO_SETTINGS_MODULE": "pretalx.settings",
    }  # fmt: skip
    for words in (["-m", "pretalx", "migrate"], [str(measure.ROOT / "bench" / "pretalx_agenda.py")]):
        subprocess.run([python, *words], check=True, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    paths = {
        "without script": "/bench/schedule/nojs",
        "the data of it": "/bench/schedule/widgets/schedule.json",
    }
    return [
        Way(f"pretalx, {name}", path, environment, "pretalx.wsgi:application", python)
        for name, path in paths.items()
    ]


def _table(found: dict[str, list[dict[str, float]]]) -> None:
    base = _middle(next(iter(found.values())), "rps")
    rows = [
        [name, *(f"{_middle(rounds, key):.0f}" for key in ("rps", "p50", "p95")),
         f"{_middle(rounds, 'rps') / base:.1f}", int(sum(one["bad"] for one in rounds))]
        for name, rounds in found.items()
    ]  # fmt: skip
    head = ["page", "requests/s", "p50 ms", "p95 ms", "times the first", "errors"]
    measure.table(f"Public page, {SESSIONS} sessions, {HALLS} halls, {CROWD} connections", head, rows)


def _middle(rounds: list[dict[str, float]], key: str) -> float:
    ordered = sorted(one[key] for one in rounds)
    return ordered[len(ordered) // 2]


def _load(address: str, script: Path, seconds: int) -> dict[str, float]:
    """One run of wrk, after a few requests that warm every process up."""
    for _ in range(CROWD):
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address
            answer.read()
    command = ["wrk", "-t1", f"-c{CROWD}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), address]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


@contextlib.contextmanager
def served(way: Way, workers: int = 2) -> Iterator[str]:
    """The web process as `serve` starts it, with so many workers of four threads; gives its address."""
    from conference.supervisor import commands

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = commands(bind=f"127.0.0.1:{port}", web=workers, worker=1)["web"]
    words[words.index("conference.wsgi:application")] = way.application
    process = subprocess.Popen([way.python, *words], cwd=measure.ROOT, env=way.environment)
    try:
        setup.wait(f"http://127.0.0.1:{port}{way.path}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def main() -> None:
    """In a process of its own: makes the conference, and tells in which database."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "conference.settings"
    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases

    setup_databases(verbosity=0, interactive=False)
    _plan()
    here = urlsplit(os.environ["DATABASE_URL"])
    print(json.dumps(here._replace(path=f"/{settings.DATABASES['default']['NAME']}").geturl()))


def _plan() -> None:
    """Sixty sessions over two days: ten at a time of day in each of three halls, two parts each; released."""
    from documents.demo.load import load_uninvited
    from sessions import release
    from sessions.models import Hall, Participation, Session

    conference = load_uninvited(SLUG)
    conference.sessions.all().delete()
    halls = [
        Hall.objects.create(conference=conference, name=f"Phòng {n}", capacity=100) for n in range(HALLS)
    ]
    for n in range(SESSIONS):
        hall, rest = n % HALLS, n // HALLS
        day, place = rest % 2, rest // 2
        starts = datetime.time(7 + place)
        session = Session.objects.create(
            conference=conference, code=f"p-{n}", kind=Session.Kind.TOPIC, number=n + 1, hall=halls[hall],
            title=f"Chuyên đề {n + 1}: hướng dẫn truyền thông quảng bá hình ảnh quốc gia, địa phương",
            day=conference.starts_on + datetime.timedelta(days=day),
            starts=starts, ends=starts.replace(minute=50),
        )  # fmt: skip
        for role in (Participation.Role.CHAIR, Participation.Role.SPEAKER):
            Participation.objects.create(
                session=session, role=role, full_name=f"Nguyễn Văn {n}", title="Phó Cục trưởng",
                organisation_name="Cục Thông tin đối ngoại",
            )  # fmt: skip
    release.release(conference, by=None, tell=False)


if __name__ == "__main__":
    main()
