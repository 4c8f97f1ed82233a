"""`make run` says in one sentence what stands in its way, and changes nothing before it has said it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from conference import bootstrap, install
from tests.installation import ROOT, free_port

CHECKOUT = ("conference/__init__.py", "conference/bootstrap.py", "conference/install.py", "package-lock.json")
LOCKS = ("requirements.txt", "requirements-s3.txt", "requirements-dev.txt")
RUNTIME = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def start(
    root: Path, *arguments: str, account: str | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the script as a person would, with an interpreter that has no package of ours."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [str(Path(sys.base_prefix, "bin", "python3")), "-m", "conference.bootstrap", *arguments],
        cwd=root,
        env=inherited | {"PORT": str(free_port())} | env,
        capture_output=True,
        text=True,
        check=False,
        user=account,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A bare copy of what the script reads, in a folder that everyone may enter."""
    root = tmp_path / "checkout"
    for name in (*CHECKOUT, *LOCKS):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    return root


def everything_in(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if "__pycache__" not in path.parts)


def test_a_taken_port_is_named_and_nothing_is_changed(checkout: Path) -> None:
    before = everything_in(checkout)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = start(checkout, "run", PORT=port)
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == f"Port {port} cannot be used (address already in use). Choose another one with PORT=…\n"
    )
    assert everything_in(checkout) == before


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(checkout: Path, port: str) -> None:
    done = start(checkout, "run", PORT=port)
    assert (done.returncode, done.stderr) == (1, f"PORT must be a number from 1 to 65535, not {port!r}.\n")


def test_an_unwritable_data_folder_is_named_and_nothing_is_changed(checkout: Path) -> None:
    before = everything_in(checkout)
    folder = checkout / "package-lock.json" / "data"
    done = start(checkout, "run", DATA_DIR=str(folder))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"The folder {folder} cannot be written. Choose another one with DATA_DIR=…\n"
    assert everything_in(checkout) == before


@pytest.mark.parametrize("name", [".venv", "node_modules"])
@pytest.mark.parametrize("command", ["run", "check", "fmt"])
def test_what_a_link_leads_to_is_not_emptied(checkout: Path, tmp_path: Path, name: str, command: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "pyvenv.cfg").write_text("version = 3.9.0\n")
    (checkout / name).symlink_to(theirs)
    before = everything_in(checkout)
    done = start(checkout, command)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"{checkout / name} is a symbolic link to {theirs}, which would be emptied. Remove the link first.\n"
    )
    assert [path.name for path in theirs.iterdir()] == ["pyvenv.cfg"]
    assert everything_in(checkout) == before


def test_without_network_one_sentence_says_so(checkout: Path) -> None:
    nowhere = "http://127.0.0.1:9/simple"
    done = start(checkout, "run", PIP_INDEX_URL=nowhere, PIP_CONFIG_FILE=os.devnull, UV_DEFAULT_INDEX=nowhere)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "The Python packages could not be downloaded. Is there a network?"
    assert "Traceback" not in done.stderr
    assert not (checkout / "var").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_somebody_without_rights_is_told_exactly_what_to_type(checkout: Path) -> None:
    for path in (checkout, *checkout.parents):
        if Path(tempfile.gettempdir()) in path.parents:
            path.chmod(0o755)
    before = everything_in(checkout)
    python = shutil.which("python3", path="/usr/bin") or sys.executable
    done = subprocess.run(
        [python, "-m", "conference.bootstrap", "run"],
        cwd=checkout,
        env={
            "PATH": "/nowhere",
            "DATA_DIR": "/tmp",
            "PORT": str(free_port()),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
        user="nobody",
    )
    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert len(lines) == 1
    command = lines[0].partition("try again: ")[2]
    assert command.startswith("sudo apt-get update && sudo apt-get install -y --no-install-recommends ")
    assert {"nodejs", "npm"} <= set(command.split())
    assert everything_in(checkout) == before


def test_a_failing_step_shows_what_was_said_and_no_trace(capsys: pytest.CaptureFixture[str]) -> None:
    program = "print('working', flush=True); raise ValueError('the disk is full')"
    with pytest.raises(install.Trouble, match="It could not be done"):
        install.step("Work", [sys.executable, "-c", program], "It could not be done.")
    assert capsys.readouterr() == ("· Work\n", "  working\n  ValueError: the disk is full\n")


def test_packages_follow_from_what_does_not_load() -> None:
    assert (
        install.missing_packages({}, loads=lambda _: False, finds=lambda _: True, has_venv=True)
        == RUNTIME.split()
    )
    everything = install.PROGRAMS | install.TEST_PROGRAMS
    assert install.missing_packages(everything, lambda _: True, lambda _: False, has_venv=False) == [
        "nodejs",
        "npm",
        "postgresql",
        "redis-server",
        "chromium-headless-shell",
        "poppler-utils",
        "python3-venv",
    ]
    assert install.missing_packages(everything, lambda _: True, lambda _: True, has_venv=True) == []


def test_the_commands_for_missing_packages_are_those_of_the_readme() -> None:
    assert install.install_lines(RUNTIME.split()) == [
        "apt-get update",
        f"apt-get install -y --no-install-recommends {RUNTIME}",
    ]


def test_debians_python_is_taken_where_this_one_lacks_its_optimisations(tmp_path: Path) -> None:
    plain, optimised = "'--prefix=/opt/python'", "'--enable-optimizations' '--with-lto'"
    system = tmp_path / "python3"
    assert install.quicker_python(system, plain) is None
    system.write_text("#!/bin/sh\nexit 0\n")
    system.chmod(0o755)
    assert install.quicker_python(system, plain) == system
    assert install.quicker_python(system, optimised) is None
    assert install.quicker_python(system, None) is None
    system.write_text("#!/bin/sh\nexit 1\n")  # too old, or it can make no virtual environment
    assert install.quicker_python(system, plain) is None
    assert install.quicker_python(Path(sys.executable), plain) is None


def test_a_library_is_looked_for_by_loading_it() -> None:
    assert install.loads("libc.so.6")
    assert not install.loads("libdoes-not-exist.so.1")


def test_the_image_installs_the_same_libraries() -> None:
    assert f"--no-install-recommends {RUNTIME} " in (ROOT / "Dockerfile").read_text()


def test_uv_is_taken_from_the_lock_with_its_hashes() -> None:
    lines = install.uv_line((ROOT / "requirements-dev.txt").read_text()).splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = bootstrap.secret_key(tmp_path / "data")
    assert bootstrap.secret_key(tmp_path / "data") == first
    assert len(first) >= 50
    assert (tmp_path / "data" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_the_callers_environment_is_kept_and_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ssl/ours.pem")
    monkeypatch.setenv("DATABASE_URL", "postgres://db/hoinghi")
    for name in ("DATA_DIR", "DEMO", "PORT"):
        monkeypatch.delenv(name, raising=False)
    configured = bootstrap.configured()
    assert configured["SSL_CERT_FILE"] == "/etc/ssl/ours.pem"
    assert configured["DATABASE_URL"] == "postgres://db/hoinghi"
    assert {name: configured[name] for name in ("DATA_DIR", "DEMO", "PORT")} == {
        "DATA_DIR": str(ROOT / "var"),
        "DEMO": "1",
        "PORT": "8000",
    }


def test_the_accounts_of_the_demonstration_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts = '[{"role": "organiser", "email": "olga@hoinghi.example", "password": "a b c"}]'
    (tmp_path / "demo-accounts.json").write_text(accounts)
    bootstrap.announce({"PORT": "8123", "DATA_DIR": str(tmp_path)})
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines() if line]
    assert lines[0][:3] == ["Hội", "Nghị:", "http://127.0.0.1:8123    (Ctrl-C stops it)"]
    assert lines[1] == ["organiser", "olga@hoinghi.example", "a b c"]


def test_a_stamp_changes_with_the_lock_file(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one")
    first = install.fingerprint(lock)
    assert install.fingerprint(lock) == first
    lock.write_text("two")
    assert install.fingerprint(lock) != first


def test_make_knows_a_dozen_targets_at_most_and_explains_each() -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(["make", "help"], cwd=ROOT, env=outside, capture_output=True, text=True, check=True)
    explained = [line.split()[1] for line in done.stdout.splitlines()]
    makefile = (ROOT / "Makefile").read_text()
    assert explained == makefile.split(".PHONY:")[1].splitlines()[0].split()
    assert len(explained) <= 12
    assert set(explained) - {"help"} == set(bootstrap.COMMANDS)


def test_ci_runs_check_and_every_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make check", "make test ARGS=--long"]
