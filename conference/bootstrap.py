"""From a bare checkout to a running system: `python3 -m conference.bootstrap run`, or `make run`."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from conference.install import (
    DEVELOPMENT,
    HOST,
    PRODUCTION,
    PROGRAMS,
    PYTHON,
    ROOT,
    TEST_PROGRAMS,
    VENV,
    WITH_S3,
    Trouble,
    install_browser_files,
    install_python,
    one_at_a_time,
    quicker_python,
    require_free,
    require_own,
    require_python,
    require_system,
    require_writable,
    step,
)


def set_up(lock: str, programs: Mapping[str, str]) -> None:
    """Everything that needs no configuration."""
    require_python()
    folders = (VENV, ROOT / "node_modules")
    for folder in folders:
        require_own(folder)
    require_system(programs)
    with one_at_a_time(ROOT):
        for folder in folders:
            if not os.access(folder if folder.exists() else ROOT, os.W_OK):
                raise Trouble(f"The folder {ROOT} cannot be written.")
        install_python(lock)
        install_browser_files()
    keep_bytecode()


def keep_bytecode() -> None:
    """Every process starts from modules that are compiled: half the time, and the tests start hundreds.

    They lie in the virtual environment, so a shell that wants no `__pycache__` among the sources has its way.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "bytecode"))


def chosen_port(environment: Mapping[str, str]) -> int:
    """PORT, or 8000."""
    text = environment.get("PORT", "").strip() or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def configured() -> dict[str, str]:
    """The whole environment of the caller, with what `make run` adds to it."""
    environment = dict(os.environ)
    data = Path(environment.get("DATA_DIR", "").strip() or "var")
    environment["DATA_DIR"] = str((ROOT / data).resolve())
    environment.setdefault("DEMO", "1")
    environment["PORT"] = str(chosen_port(environment))
    return environment


def secret_key(data: Path) -> str:
    """Made once per installation, readable by its owner only."""
    file = data / "secret-key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(64))
    return file.read_text()


def announce(environment: Mapping[str, str]) -> None:
    """The address, and in a demonstration who may sign in."""
    address = environment.get("SITE_URL") or f"http://{HOST}:{environment['PORT']}"
    print(f"\nHội Nghị: {address}    (Ctrl-C stops it)\n")
    accounts = Path(environment["DATA_DIR"], "demo-accounts.json")
    if accounts.exists():
        for account in json.loads(accounts.read_text()):
            print(f"  {account['role']:<14} {account['email']:<34} {account['password']}")
        print(f"\n  These accounts also stand in {accounts}\n")
    sys.stdout.flush()


def become(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Replace this process: signals then reach the right one."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(arguments[0], arguments, dict(environment))  # noqa: S606 - a list of words needs no shell


def lock_of(environment: Mapping[str, str]) -> str:
    """The packages that this configuration needs."""
    return WITH_S3 if environment.get("FILES_URL", "").strip() else PRODUCTION


def run(extra: list[str]) -> int:
    """Set up, prepare the data, serve."""
    environment = configured()
    data = Path(environment["DATA_DIR"])
    require_free(int(environment["PORT"]))
    require_writable(data)
    set_up(lock_of(environment), PROGRAMS)
    environment["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secret_key(data)
    step(
        "Database, pages and demo data",
        [str(PYTHON), "manage.py", "prepare"],
        "The installation could not be prepared; the lines above say why.",
        environment,
    )
    announce(environment)
    return become([str(PYTHON), "manage.py", "serve", *extra], environment)


def manage(extra: list[str]) -> int:
    """manage.py with the configuration of `make run`."""
    environment = configured()
    set_up(lock_of(environment), PROGRAMS)
    environment["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secret_key(Path(environment["DATA_DIR"]))
    return become([str(PYTHON), "manage.py", *extra], environment)


def test(extra: list[str]) -> int:
    """Every test but the long forms (`--long`), against servers of its own."""
    set_up(DEVELOPMENT, PROGRAMS | TEST_PROGRAMS)
    with tempfile.TemporaryDirectory() as folder:
        compile_catalogues(production_like(folder))
    narrowed = set(extra) - {"--long"}
    parallel = [] if narrowed else ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    return become([str(PYTHON), "-m", "pytest", *parallel, *extra], os.environ)


def production_like(folder: str) -> dict[str, str]:
    """What a real installation would set; nothing of the caller's configuration."""
    ours = {"DATABASE_URL", "REDIS_URL", "DEBUG", "DEMO", "ALLOWED_HOSTS", "EMAIL_URL", "MEDIA_ROOT"}
    ours |= {"FILES_URL", "LEDGERS_DIR"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return environment | {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SITE_URL": "https://hoinghi.example",
        "DATA_DIR": folder,
    }


def compile_catalogues(environment: Mapping[str, str]) -> None:
    step(
        "Translations",
        [str(PYTHON), "manage.py", "catalogues"],
        "A translation catalogue could not be compiled.",
        environment,
    )


def check(extra: list[str]) -> int:
    """All static checks; every one runs, and the failures are named at the end."""
    set_up(DEVELOPMENT, PROGRAMS)
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    architecture = ["-o", "addopts=", "-p", "no:django", "-p", "no:cacheprovider", "--noconftest", "-q"]
    steps = {
        "ruff": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
        "djade": ["djade", "--check", "--target-version", "5.2", *templates],
        "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
        "catalogues": ["python", "manage.py", "catalogues", "--check"],
        "deploy": ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        "architecture": ["pytest", *architecture, "tests/test_architecture.py"],
    }
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        environment = production_like(folder)
        for name, (program, *arguments) in steps.items():
            print(f"── {name}", flush=True)
            tool = [str(PYTHON.with_name(program)), *arguments]
            if subprocess.run(tool, cwd=ROOT, env=environment, check=False).returncode:
                failed.append(name)
    print(f"check: failed: {', '.join(failed)}" if failed else "check: all is well")
    return 1 if failed else 0


def fmt(extra: list[str]) -> int:
    """Bring code and templates into one form."""
    set_up(DEVELOPMENT, PROGRAMS)
    templates = [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]
    for program, *arguments in (
        ["ruff", "check", "--fix", "--exit-zero", "."],
        ["ruff", "format", "."],
        ["djade", "--target-version", "5.2", *templates],
    ):
        subprocess.run([PYTHON.with_name(program), *arguments], cwd=ROOT, check=False)
    return 0


def bench(extra: list[str]) -> int:
    """Print figures."""
    return _play("bench", extra)


def storm(extra: list[str]) -> int:
    """Certificates issued while everything that works for them is killed; ends by itself."""
    return _play("tests.storm", extra)


def drills(extra: list[str]) -> int:
    """Broker, database, disk and deploy fail one by one, and what was promised is counted."""
    return _play("tests.drills", extra)


def load(extra: list[str]) -> int:
    """Officers answer while certificates are made, a backup runs, and things break; ends by itself."""
    return _play("tests.load", extra)


def mutants(extra: list[str]) -> int:
    """Safeguards taken out one by one, and whether a test fails for each; minutes."""
    return _play("tests.mutants", extra)


def _play(module: str, extra: list[str]) -> int:
    """Become a program of the tests, on servers of its own."""
    set_up(DEVELOPMENT, PROGRAMS | TEST_PROGRAMS)
    return become([str(PYTHON), "-m", module, *extra], os.environ)


def lock(extra: list[str]) -> int:
    """Compile the lock files anew from pyproject.toml and package.json; `--upgrade` takes newer versions."""
    set_up(DEVELOPMENT, PROGRAMS)
    compile_lock = [str(VENV / "bin" / "uv"), "pip", "compile", "--universal", "--python-version", "3.11"]
    compile_lock += ["--generate-hashes", "--only-binary", ":all:", "--no-annotate", "--no-header", "--quiet"]
    compile_lock += ["--no-emit-index-url", "--no-emit-find-links", "pyproject.toml", *extra]
    unreachable = "The lock files could not be compiled. Is there a network?"
    step(PRODUCTION, [*compile_lock, "-o", PRODUCTION], unreachable)
    step(WITH_S3, [*compile_lock, "--extra", "s3", "-c", PRODUCTION, "-o", WITH_S3], unreachable)
    step(DEVELOPMENT, [*compile_lock, "--group", "dev", "-c", PRODUCTION, "-o", DEVELOPMENT], unreachable)
    step("package-lock.json", ["npm", "install", "--package-lock-only", "--ignore-scripts"], unreachable)
    return 0


COMMANDS = {f.__name__: f for f in (run, test, check, bench, storm, drills, load, mutants, fmt, lock, manage)}


def main(arguments: list[str]) -> int:
    """One command and what is passed on to it."""
    if not arguments or arguments[0] not in COMMANDS:
        print(*(f"{name:<8} {command.__doc__}" for name, command in COMMANDS.items()), sep="\n")
        return 2
    if python := quicker_python():
        return become([str(python), "-m", "conference.bootstrap", *arguments], os.environ)
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return trouble.status
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
