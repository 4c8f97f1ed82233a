"""A throw-away PostgreSQL and Redis for the tests, started before Django reads its settings.

Loaded with `-p tests.servers`. Both listen on unix sockets in a temporary folder only, and are gone with the
run, also after `kill -9`. Without them the run fails: tests never fall back to something else.
"""

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from tests.patience import LONGEST

PREFIX = "hn-tests-"
PR_SET_PDEATHSIG = 1
LONGEST_SOCKET_PATH = 107  # bytes; the kernel's limit
DATABASE = "DATABASE_URL"
NOT_INHERITED = (
    "ALLOWED_HOSTS", "DEBUG", "DEMO", "EMAIL_URL", "FILES_URL", "LEDGERS_DIR", "MEDIA_ROOT", "PORT",
    "TRUSTED_PROXY_COUNT",
)  # fmt: skip
FOLDER = "HOI_NGHI_TEST_FOLDER"  # set by the process that starts them, read by those that join

_libc = ctypes.CDLL(None)
_running: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """The first thing pytest calls, long before settings are read."""
    start()


def start() -> None:
    """Start the servers, or join those of a process above, and point the environment at them."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if FOLDER not in os.environ:
        _start()
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    folder = Path(os.environ[FOLDER])
    own = folder / f"data-{number}"
    own.mkdir(exist_ok=True)
    os.environ |= {
        DATABASE: address("postgres"),
        "REDIS_URL": f"redis+socket://{folder}/redis.sock?virtual_host={number}",
        "DATA_DIR": str(own),
        "SECRET_KEY": "a key for tests only, long enough for every check of its length",
        "SITE_URL": "http://127.0.0.1:8000",
        "LOG_LEVEL": "WARNING",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # playwright keeps a loop running in the thread of the test
    }
    for name in NOT_INHERITED:
        os.environ.pop(name, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    stop()


def stop() -> None:
    """End the servers of this process and remove their folder."""
    while _running:
        process, end = _running.pop()
        process.send_signal(end)
        try:
            process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if not _running:
            shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def address(database: str) -> str:
    """Of one of the databases on this PostgreSQL."""
    return f"postgres://{database_account() or ''}@/{database}?host={os.environ[FOLDER]}"


def forget_messages() -> None:
    """What was told to workers of this process, and none has taken."""
    number = int(os.environ["REDIS_URL"].partition("virtual_host=")[2])
    with Redis(unix_socket_path=str(Path(os.environ[FOLDER], "redis.sock")), db=number) as client:
        client.delete("celery")  # as Celery calls a queue that was given no name


def _start() -> None:
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    if len(os.fsencode(folder / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH:
        raise pytest.UsageError(f"{folder} is too long for a socket: set TMPDIR to a shorter folder.")
    os.environ[FOLDER] = str(folder)
    atexit.register(stop)
    try:
        _start_postgres(folder)
        _start_redis(folder)
    except (OSError, subprocess.CalledProcessError, TimeoutError) as error:
        detail = getattr(error, "stderr", b"") or b""
        stop()
        raise pytest.UsageError(f"No test without PostgreSQL and Redis: {error} {detail.decode()}") from error


def _start_postgres(folder: Path) -> None:
    account = database_account()
    cluster = folder / "postgres"
    cluster.mkdir(mode=0o700)
    if account:
        shutil.chown(cluster, account)
        shutil.chown(folder, account)
    owner = account or pwd.getpwuid(os.getuid()).pw_name
    encoding = ("-E", "UTF8", "--locale=C.UTF-8")
    subprocess.run(
        [binary("initdb"), "-D", cluster, "-U", owner, "-A", "trust", "--no-sync", *encoding],
        check=True,
        capture_output=True,
        user=account,
        cwd=folder,
    )
    fast = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=150")
    options = [word for setting in ("listen_addresses=", *fast) for word in ("-c", setting)]
    arguments = [binary("postgres"), "-D", str(cluster), "-k", str(folder), *options]
    _launch(arguments, folder, signal.SIGQUIT, account)
    ready = [binary("pg_isready"), "-q", "-h", str(folder), "-d", "postgres"]
    _wait(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL")


def _start_redis(folder: Path) -> None:
    socket = folder / "redis.sock"
    nothing_saved = ("--save", "", "--appendonly", "no")
    arguments = [binary("redis-server"), "--port", "0", "--unixsocket", str(socket), *nothing_saved]
    _launch(arguments, folder, signal.SIGTERM)
    _wait(socket.exists, "Redis")


def _launch(arguments: list[str], folder: Path, end: signal.Signals, account: str | None = None) -> None:
    """Start a server that dies with this process; its words go to a file in the folder."""
    with (folder / f"{Path(arguments[0]).name}.log").open("wb") as log:
        process = subprocess.Popen(
            arguments,
            stdout=log,
            stderr=log,
            user=account,
            start_new_session=True,  # Ctrl-C reaches pytest, which then ends the servers in order
            preexec_fn=lambda: _libc.prctl(PR_SET_PDEATHSIG, end),
            cwd=folder,
        )
    _running.append((process, end))


def _wait(ready: Callable[[], bool], name: str) -> None:
    deadline = time.monotonic() + LONGEST
    while not ready():
        if time.monotonic() > deadline or _running[-1][0].poll() is not None:
            raise TimeoutError(f"{name} did not start.")
        time.sleep(0.02)


def binary(name: str) -> str:
    """The path of a server's program: on the PATH or where Debian keeps PostgreSQL."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = str(debian[0]) if debian else shutil.which(name)
    if not found:
        raise FileNotFoundError(f"{name} is not installed.")
    return found


def database_account() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as its own user."""
    return "postgres" if os.geteuid() == 0 else None


def _sweep() -> None:
    """Remove the folders of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).split("-")[0]
        if not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)
