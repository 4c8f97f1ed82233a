"""Bring what a checkout needs onto the machine: system packages, Python packages, fonts.

Standard library only, because nothing else is installed yet. Every step leaves a stamp and is skipped while
the stamp is true. What cannot work is said in one sentence before anything is changed.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PRODUCTION, WITH_S3, DEVELOPMENT = "requirements.txt", "requirements-s3.txt", "requirements-dev.txt"
HOST = "127.0.0.1"

# What WeasyPrint loads, by the Debian package that holds it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
PROGRAMS = {"node": "nodejs", "npm": "npm"}
TEST_PROGRAMS = {
    "initdb": "postgresql",
    "redis-server": "redis-server",
    "chromium-headless-shell": "chromium-headless-shell",  # the engine without the windows around it
    "pdftotext": "poppler-utils",
}


TRACE = (" ", "\t", "Traceback", "During handling", "The above exception")


class Trouble(Exception):
    """A reason to stop, as a sentence for the person at the keyboard."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


# ── What must be true before anything is changed ──────────────────────────────────────────────────


def loads(library: str) -> bool:
    """Whether the dynamic linker finds the library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def finds(program: str) -> bool:
    """Whether the program is on the PATH, or where Debian keeps PostgreSQL's."""
    return bool(shutil.which(program) or list(Path("/usr/lib/postgresql").glob(f"*/bin/{program}")))


def missing_packages(
    programs: Mapping[str, str],
    loads: Callable[[str], bool] = loads,
    finds: Callable[[str], bool] = finds,
    has_venv: bool = importlib.util.find_spec("ensurepip") is not None,
) -> list[str]:
    """Names of the Debian packages without which the next steps would fail."""
    packages = [package for library, package in LIBRARIES.items() if not loads(library)]
    packages += [package for program, package in programs.items() if not finds(program)]
    return packages if has_venv else [*packages, "python3-venv"]


def install_lines(packages: list[str]) -> list[str]:
    """The two commands that install them."""
    return [
        "apt-get update",
        f"apt-get install -y --no-install-recommends {shlex.join(packages)}",
    ]


def require_system(programs: Mapping[str, str]) -> None:
    """Install what is missing if we may; otherwise say what to type, and stop."""
    packages = missing_packages(programs)
    if not packages:
        return
    lines = install_lines(packages)
    if os.geteuid() != 0:
        command = " && ".join(f"sudo {line}" for line in lines)
        raise Trouble(f"Some system packages are missing; type this, then try again: {command}", 2)
    for line in lines:
        step(
            f"System packages: {line}",
            shlex.split(line),
            f"The system packages {' '.join(packages)} could not be installed. Is there a network?",
            os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        )


def require_python() -> None:
    """An old interpreter would fail much later, and less clearly."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have any Python 3
        raise Trouble(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")


def quicker_python(
    system: Path = Path("/usr/bin/python3"), built: str | None = sysconfig.get_config_var("CONFIG_ARGS")
) -> Path | None:
    """Debian's interpreter, where this one was compiled without its optimisations and that one will do.

    A Python built on the machine as its source comes, as pyenv does, lacks them: all that we do takes a
    sixth longer. Debian's have them, without saying so, and security updates: no other that lies beside it
    is exchanged.
    """
    if built is None or "--enable-optimizations" in built or not system.exists():
        return None
    if system.resolve().parent == Path(sys.executable).resolve().parent:
        return None
    will_do = "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))"
    done = subprocess.run([system, "-c", will_do], stderr=subprocess.DEVNULL, check=False)
    return None if done.returncode else system


def require_own(folder: Path) -> None:
    """What is rebuilt is emptied first; behind a link that would be somebody else's folder."""
    if folder.is_symlink():
        target = os.readlink(folder)
        raise Trouble(
            f"{folder} is a symbolic link to {target}, which would be emptied. Remove the link first."
        )


def require_writable(folder: Path) -> None:
    """The folder, or the nearest parent that exists, must take files."""
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise Trouble(f"The folder {folder} cannot be written. Choose another one with DATA_DIR=…")


def require_free(port: int) -> None:
    """Nobody else may listen where the web server is to listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = os.strerror(error.errno or 0).lower()
            raise Trouble(f"Port {port} cannot be used ({reason}). Choose another one with PORT=…") from error


# ── Steps ─────────────────────────────────────────────────────────────────────────────────────────


def step(label: str, arguments: list[str], sentence: str, env: Mapping[str, str] = os.environ) -> None:
    """Run a program quietly; if it fails show how it ended, and stop with the sentence."""
    print(f"· {label}", flush=True)
    done = subprocess.run(
        arguments,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        # The frames of a traceback are indented; what it says at its end is not.
        told = [line for line in done.stdout.splitlines() if line.strip() and not line.startswith(TRACE)]
        print(*(f"  {line}" for line in told[-6:]), sep="\n", file=sys.stderr)
        raise Trouble(sentence)


def fingerprint(*files: Path) -> str:
    """Changes with the files, the interpreter and the place of the checkout."""
    digest = hashlib.sha256(f"{sys.version}\n{ROOT}\n".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def one_at_a_time(folder: Path, waits: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Two that work on one folder wait for each other; `waits` tells the one that does."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waits()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def venv_is_ours() -> bool:
    """Whether the environment was made here and by this interpreter."""
    try:
        notes = (VENV / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return False
    version = ".".join(map(str, sys.version_info[:3]))
    return (
        PYTHON.exists()
        and f"version = {version}" in notes
        and any(line.startswith("command = ") and line.endswith(f" {VENV}") for line in notes)
    )


PIP = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--retries", "1"]
OFFLINE = "The Python packages could not be downloaded. Is there a network?"


def uv_line(lock: str) -> str:
    """The lines of a lock file that pin uv, with their hashes."""
    start = lock.index("\nuv==") + 1
    lines = lock[start:].splitlines()
    end = next((n for n, line in enumerate(lines[1:], 1) if not line.startswith(" ")), len(lines))
    return "\n".join(lines[:end]) + "\n"


def install_python(lock: str) -> None:
    """The virtual environment with the packages of a lock file; the makers' lock holds production's too."""
    stamps = {name: VENV / f".{name}.stamp" for name in (PRODUCTION, WITH_S3, DEVELOPMENT)}
    wanted = {name: fingerprint(ROOT / name) for name in stamps}
    if venv_is_ours():
        enough = (lock, DEVELOPMENT)
        if any(stamps[name].exists() and stamps[name].read_text() == wanted[name] for name in enough):
            return
    else:
        step(
            "Virtual environment",
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            f"The virtual environment could not be made in {VENV}.",
        )
    install_uv()
    options = ["--require-hashes", "--only-binary", ":all:", "-r", lock]
    uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(PYTHON), *options]
    try:
        step("Python packages", uv, OFFLINE)
    except (Trouble, OSError):
        step("Python packages, with pip", [*PIP, *options], OFFLINE)
    stamps[lock].write_text(wanted[lock])


def install_uv() -> None:
    """uv installs all the rest in seconds; it comes by pip, with the hash that the lock names."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pinned:
        pinned.write(uv_line((ROOT / DEVELOPMENT).read_text()))
        pinned.flush()
        options = ["--require-hashes", "--only-binary", ":all:", "-r", pinned.name]
        step("Installer", [*PIP, *options], OFFLINE)


def install_browser_files() -> None:
    """Fonts and browser modules of package-lock.json; no script of theirs runs."""
    stamp = ROOT / "node_modules" / ".stamp"
    wanted = fingerprint(ROOT / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    step(
        "Fonts and browser modules",
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "The fonts could not be downloaded with npm. Is there a network?",
    )
    stamp.write_text(wanted)
