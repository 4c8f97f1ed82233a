"""What the commands of operators say where something is away or wrong: a sentence, never a trace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import ROOT, environment, free_port, own_database

COMMANDS = (
    "prepare",
    "after_restore",
    "journal verify",
    "retention --dry-run",
    "lost_phone ada@hoinghi.example",
    "createsuperuser --email ada@hoinghi.example --full_name Ada --noinput",
    "paper agenda --conference da-lat-2024 --out agenda.pdf",
)


def run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_is_away_is_told_in_a_sentence(command: str, tmp_path: Path) -> None:
    away = f"postgres://hoinghi:hunter2@127.0.0.1:{free_port()}/hoinghi"
    done = run(environment(tmp_path, DATABASE_URL=away), *command.split())
    assert done.returncode == 1
    first, *more = done.stderr.splitlines()
    assert first.startswith("The database cannot be used: connection to server at")
    assert more == ["manage.py doctor says what is wrong with it."]
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.slow
def test_a_database_without_tables_is_told_and_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    with own_database(f"bare_{os.getpid()}") as bare:
        env = environment(tmp_path, DATABASE_URL=bare)
        done = run(env, "journal", "verify")
        doctor = run(env, "doctor")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert done.stderr.startswith("The database cannot be used: ")
    assert "Run manage.py prepare." in doctor.stdout


@pytest.mark.slow
def test_the_doctor_gives_the_reason_in_the_words_of_the_database(tmp_path: Path) -> None:
    with own_database(f"there_{os.getpid()}") as there:
        done = run(environment(tmp_path, DATABASE_URL=there.replace("there_", "nosuch_")), "doctor")
    assert done.returncode == 1
    assert f'FATAL:  database "nosuch_{os.getpid()}" does not exist.' in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("STATIC_ROOT", "/proc/static", "/proc/static cannot be written"),
        ("FONTS_DIR", "/nowhere", "FONTS_DIR: there is no folder /nowhere"),
    ],
)
def test_a_folder_that_cannot_be_used_stops_the_preparation_in_a_sentence(
    name: str, value: str, told: str, tmp_path: Path
) -> None:
    done = run(environment(tmp_path, **{name: value}), "prepare", "--files-only")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert told in done.stderr
