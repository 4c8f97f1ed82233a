"""The database is lost after certificates went out that no backup knows: restored, and going on.

A real PostgreSQL with databases of its own, `manage.py` and every act as a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.installation import EMPTY, ROOT, migrated, own_database

pytestmark = pytest.mark.slow
FIRST, SINCE = 10, 50


@dataclass(frozen=True)
class House:
    """One installation: the address of its database, and its folders."""

    database: str
    data: Path
    media: Path

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        own = {
            "DATABASE_URL": self.database,
            "DATA_DIR": str(self.data),
            "MEDIA_ROOT": str(self.media),
        }
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=os.environ | own,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def manage(self, *arguments: str) -> str:
        return self.run("manage.py", *arguments).stdout

    def refusal(self, *arguments: str) -> str:
        done = self.run("manage.py", *arguments, check=False)
        assert done.returncode != 0
        return done.stderr

    def act(self, *verbs: str) -> dict[str, Any]:
        """What the verbs, done one after the other by one process, found."""
        told = self.run("-m", "tests.drilling", *verbs).stdout.splitlines()
        return {
            name: value for line in told if line.startswith("{") for name, value in json.loads(line).items()
        }

    def sent(self) -> list[str]:
        """The Message-ID of every letter that left, as often as it left."""
        written = "".join(path.read_text() for path in (self.data / "mail").glob("*"))
        return re.findall(r"^Message-ID: (\S+)$", written, re.MULTILINE)


@pytest.fixture
def databases() -> Iterator[list[str]]:
    """One with tables and two empty databases."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(own_database(f"drill_{os.getpid()}_{number}", template))
            for number, template in enumerate((migrated(), EMPTY, EMPTY))
        ]


def test_no_number_is_given_twice_no_letter_sent_twice_and_every_file_is_there(
    databases: list[str], tmp_path: Path
) -> None:
    house = House(databases[0], tmp_path / "data", tmp_path / "media")
    begun = house.act("found", f"issue={FIRST}", "write=5")
    first, letters = begun["numbers"], begun["letters"]
    said = house.manage("backup", str(tmp_path / "backups"))
    backup = Path(said.split(":")[0])
    assert "all is there" in house.manage("restore", str(backup), "--check")

    since = house.act(f"issue={SINCE}")["numbers"]
    house.manage("journal", "seal")
    house.manage("journal", "verify")
    assert set(house.act("deliver")["states"]) == {"sent"}
    assert sorted(house.sent()) == sorted(letters)

    # The disks of database and files are gone; the folder with the mark is not.
    restored = replace(house, database=databases[1], media=tmp_path / "new-media")
    assert "after_restore" in restored.manage("restore", str(backup))
    careless = House(databases[2], tmp_path / "careless", tmp_path / "careless-media")
    shutil.copytree(house.data, careless.data)
    careless.manage("restore", str(backup))

    assert restored.act("look") == {"numbers": first, "lost": []}
    restored.manage("after_restore", "--apply")
    again = restored.act(f"issue={SINCE}", "deliver")
    assert again["state"] == "ready"
    on_paper = {*first, *since, *again["numbers"]}
    assert len(on_paper) == FIRST + 2 * SINCE
    assert set(again["states"]) == {"approved"}
    assert sorted(restored.sent()) == sorted(letters)
    assert restored.act("look")["lost"] == []

    restored.manage("journal", "seal")
    assert "dien-tap: restored on" in restored.manage("journal", "verify")

    # The control: whoever forgets `after_restore` gives numbers again and sends letters again.
    assert set(careless.act(f"issue={SINCE}")["numbers"]) == set(since)
    assert "entries after it were written down and are gone" in careless.refusal("journal", "verify")
    careless.act("deliver")
    assert sorted(careless.sent()) == sorted([*letters, *letters])


def test_a_restore_refuses_what_it_should_and_replaces_when_told(
    databases: list[str], tmp_path: Path
) -> None:
    house = House(databases[0], tmp_path / "data", tmp_path / "media")
    first = house.act("found", "issue=3")["numbers"]
    backup = Path(house.manage("backup", str(tmp_path / "backups")).split(":")[0])
    house.act("issue=2")

    assert "the database is not empty" in house.refusal("restore", str(backup))
    with closing(psycopg2.connect(house.database)):
        assert "1 other connections" in house.refusal("restore", str(backup), "--replace")
    manifest = json.loads((backup / "manifest.json").read_text())
    newer = {**manifest, "migrations": [*manifest["migrations"], "documents.9999_of_tomorrow"]}
    (backup / "manifest.json").write_text(json.dumps(newer))
    assert "newer code (documents.9999_of_tomorrow)" in house.refusal("restore", str(backup), "--replace")
    (backup / "manifest.json").write_text(json.dumps(manifest))
    assert len(house.act("look")["numbers"]) == 5

    house.manage("restore", str(backup), "--replace")
    assert house.act("look") == {"numbers": first, "lost": []}
    # What came back by a restore can be backed up and restored like anything else.
    second = Path(house.manage("backup", str(tmp_path / "backups-2")).split(":")[0])
    house.manage("restore", str(second), "--replace")
    assert house.act("look") == {"numbers": first, "lost": []}
