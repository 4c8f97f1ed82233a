"""A real installation in a folder of its own: web, worker, beat and sweeper as they run outside of tests."""

import fcntl
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests.patience import LONGEST, until
from tests.servers import DATABASE, FOLDER, address, binary

ROOT = Path(__file__).resolve().parent.parent
# SQLite and the file broker, unless a test says otherwise; and nobody has to tell Python to write at once.
NOT_INHERITED = {DATABASE, "REDIS_URL", "DJANGO_ALLOW_ASYNC_UNSAFE", "PYTHONUNBUFFERED"}
EMPTY = "template1"  # a database to copy, as `migrated()` is


def free_port() -> int:
    """One where nobody listens; below those that the kernel gives away by itself before it is taken."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of an installation whose data lie in `folder`."""
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    port = str(free_port())
    own = {"DATA_DIR": str(folder), "PORT": port, "SITE_URL": f"http://127.0.0.1:{port}", "LOG_LEVEL": "INFO"}
    return inherited | own | more


def manage(env: dict[str, str], *arguments: str) -> str:
    """Run manage.py to its end; what it printed."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def migrate(env: dict[str, str]) -> None:
    """All tables, in an empty database."""
    for command in ("migrate", "createcachetable"):
        manage(env, command, "--verbosity", "0")


# ── What every installation begins with: slow to make, so once in a run, and then copied ──


def _once(name: str, make: Callable[[Path], object]) -> Path:
    """A folder as `make` leaves it; of all processes of a run the first one makes it."""
    made = Path(os.environ[FOLDER], name)
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            part = made.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(part)
            part.rename(made)
    return made


def prepared(folder: Path) -> None:
    """The folder as `manage.py prepare` leaves an empty one, with its tables in SQLite."""
    made = _once("prepared", lambda part: manage(environment(part), "prepare"))
    shutil.copytree(made, folder, dirs_exist_ok=True)


def migrated() -> str:
    """The name of a database on the tests' PostgreSQL as `manage.py migrate` leaves an empty one."""
    return _migrated().name


def tables() -> Path:
    """The same as a file for `psql`. Nobody may stay connected to a database that others copy."""
    return _migrated() / "tables.sql"


def name_of_tables(tree: Path) -> str:
    """For the migrations: a tree that has others, as a mutant of the schema, makes tables of its own."""
    migrations = b"".join(path.read_bytes() for path in sorted(tree.glob("*/migrations/*.py")))
    return f"migrated_{hashlib.sha256(migrations).hexdigest()[:12]}"


def _migrated() -> Path:
    name = name_of_tables(ROOT)

    def make(part: Path) -> None:
        say(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        migrate(environment(part, **{DATABASE: address(name)}))
        dump = [binary("pg_dump"), "--no-owner", "-f", str(part / "tables.sql"), address(name)]
        subprocess.run(dump, check=True)

    return _once(name, make)


@contextmanager
def own_database(name: str, template: str = EMPTY) -> Iterator[str]:
    """A copy of another database on the tests' PostgreSQL; its address."""
    gone = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    say(gone, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield address(name)
    finally:
        say(gone)


def say(*statements: str) -> None:
    """To the tests' PostgreSQL, about its databases."""
    with closing(psycopg2.connect(address("postgres"))) as link, link.cursor() as cursor:
        link.autocommit = True
        for statement in statements:
            cursor.execute(statement)


@dataclass
class Served:
    """A running installation: where it answers, its supervisor, and what it has printed."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_healthy(self) -> None:
        until(self._is_healthy, lambda: f"no healthy answer from {self.address}:\n{self.log.read_text()}")

    def _is_healthy(self) -> bool:
        assert self.process.poll() is None, f"it ended:\n{self.log.read_text()}"
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)
        return False


@contextmanager
def serving(folder: Path, env: dict[str, str]) -> Iterator[Served]:
    """`manage.py serve`, in a folder that was prepared, until the block ends."""
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=env, stdout=output, stderr=output
        )
    served = Served(env["SITE_URL"], process, log)
    try:
        served.wait_until_healthy()
        yield served
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)  # SIGINT is ignored below a shell's background
        process.wait(LONGEST)


def processes_of(folder: Path) -> dict[int, str]:
    """Living processes whose environment names the folder, with their command lines; this one left out."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if f"DATA_DIR={folder}\0".encode() in (entry / "environ").read_bytes():
                found[int(entry.name)] = (
                    (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
                )
        except (OSError, ProcessLookupError):
            continue
    return found
