"""The doctor names every fault with its mend, and is content with an installation that has none."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core.management import call_command
from django.utils import timezone

from conference import appending, backups, dumping, examining, journal, proving, readiness, storing
from conference.models import Conference, JournalSeal, Pulse, User
from documents import marks
from documents.models import Document
from tests.installation import free_port
from tests.watching import at_work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sound(settings: LazySettings, media: Path, tmp_path: Path, ada: User) -> None:
    """An installation with nothing wrong."""
    settings.DATA_DIR = tmp_path / "data"
    settings.NUMBERS_FILE = settings.DATA_DIR / "numbers.jsonl"
    settings.HEADS_FILE = settings.DATA_DIR / "heads.jsonl"
    settings.ERASED_FILE = settings.DATA_DIR / "erased.jsonl"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DEMO, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, 1
    for folder in (settings.DATA_DIR, media):
        folder.mkdir(mode=0o700)
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")
    Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={})
    backups.make(tmp_path / "backups")
    at_work()


def examined(*options: str) -> tuple[int, str]:
    said = StringIO()
    try:
        call_command("doctor", *options, stdout=said, no_color=True)
    except SystemExit as ended:
        return int(str(ended.code)), said.getvalue()
    return 0, said.getvalue()


def test_a_sound_installation_is_told_so() -> None:
    status, said = examined()
    assert status == 0
    parts = "configuration disks broker database database_disk database_clock processes accounts files"
    parts += " copies seals"
    rooms = "papers numbers signatures mail"
    assert said.split() == [word for part in f"{parts} {rooms}".split() for word in ("ok", part)]
    status, said = examined("--json")
    assert (status, set(map(str, json.loads(said).values()))) == (0, {"[]"})


def _lost(conference: Conference) -> None:
    name, _sha256, _size = storing.keep_bytes(b"%PDF", "documents", "pdf")
    Document.objects.create(conference=conference, kind="agenda", state="ready", file=name)
    storing.forget(name)


def _taken(conference: Conference) -> dict[str, Any]:
    """A line as they were before numbers had tokens."""
    return {"number": 9, "conference": conference.slug, "kind": "certificate", "year": 2024}


def _unsealed(conference: Conference) -> None:
    entry = journal.entry("open", conference, by=None, conference=conference)
    entry.at -= proving.SEALED_WITHIN * 2
    entry.save()


def _not_written_down(conference: Conference) -> None:
    """Sealed long ago by a sweeper that could not write the heads."""
    JournalSeal.objects.create(
        chain=conference.pk, sequence=1, entry=1, sealed_at=timezone.now() - proving.SEALED_WITHIN * 2,
        salt="s", personal="p", head="h",
    )  # fmt: skip


def _failed(conference: Conference) -> None:
    Document.objects.create(conference=conference, kind="agenda", state="failed")


# What is spoilt, given settings and conference, and the line that must tell of it.
FAULTS: list[tuple[Callable[..., Any], str]] = [
    (lambda s, c: (s.STATIC_ROOT / "staticfiles.json").unlink(), "WRONG    configuration: The files for"),
    (lambda s, c: setattr(s, "ALLOWED_HOSTS", ["other.example"]), "WRONG    configuration: ALLOWED_HOSTS"),
    (lambda s, c: Pulse.objects.filter(process="worker").delete(), "WRONG    processes: No worker"),
    (lambda s, c: _lost(c), "WRONG    files: documents.Document"),
    (lambda s, c: appending.append(s.NUMBERS_FILE, _taken(c)), "WRONG    numbers: da-lat-2024"),
    (lambda s, c: marks.number_taken(c.slug, "certificate", 2024, 9), "warning  numbers: da-lat-2024"),
    (lambda s, c: setattr(s, "FONTS_DIR", Path("/nowhere")), "WRONG    papers: No page"),
    (lambda s, c: setattr(s, "SIGNING_KEY_FILE", "/nowhere"), "WRONG    signatures: The key cannot sign"),
    (lambda s, c: setattr(s, "SIGNING_TRUST_FILE", "/nowhere"), "WRONG    signatures: SIGNING_TRUST_FILE"),
    (lambda s, c: c.holds.create(reason="x"), "warning  mail: 1 orders stop mail."),
    (lambda s, c: s.DATA_DIR.chmod(0o755), "warning  disks: Everybody on this machine can enter"),
    (lambda s, c: (s.DATA_DIR / "last-backup.json").unlink(), "warning  copies: There is no whole backup."),
    (lambda s, c: _unsealed(c), "WRONG    seals: 1 entries"),
    (lambda s, c: _not_written_down(c), "WRONG    seals: The ends of 1 chains"),
    (lambda s, c: _failed(c), "warning  papers: 1 papers could not be made."),
]


@pytest.mark.parametrize(("spoil", "says"), FAULTS, ids=lambda one: one if isinstance(one, str) else "")
def test_every_fault_is_named_with_its_mend(
    spoil: Callable[..., Any], says: str, settings: LazySettings, conference: Conference
) -> None:
    spoil(settings, conference)
    status, said = examined()
    lines = said.splitlines()
    [index] = [number for number, line in enumerate(lines) if line.startswith(says)]
    assert lines[index + 1].startswith("         ")
    assert status == (1 if says.startswith("WRONG") else 0)
    assert len([line for line in lines if line.startswith(("WRONG", "warning"))]) == 1


def test_a_clock_that_is_apart_is_named_and_ends_no_other_examination(conference: Conference) -> None:
    _failed(conference)
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        found = dict(examining.examine())
    assert [one.says for one in found["database_clock"]] == ["Its clock and ours are 30 s apart."]
    assert [one.says for one in found["papers"]] == ["1 papers could not be made."]


@pytest.mark.parametrize("name", ["numbers", "heads", "erased"])
def test_a_ledger_that_cannot_be_written_is_named_and_ends_no_other_examination(
    name: str, settings: LazySettings, tmp_path: Path
) -> None:
    """A folder in its place: nobody can write it, root neither."""
    assert readiness.has_store()
    ledger = tmp_path / f"{name}.jsonl"
    ledger.mkdir()
    setattr(settings, f"{name.upper()}_FILE", ledger)
    found = dict(examining.examine())
    [fault] = found["disks"]
    assert fault.is_serious
    assert fault.says.startswith(f"{ledger} cannot be read and written: ")
    assert found["mail"] == []
    assert not readiness.has_store()


def test_a_server_that_does_not_answer_is_named_without_its_password(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_PASSWORD = (
        "127.0.0.1",
        free_port(),
        "hunter2",
    )
    status, said = examined("--json")
    [fault] = json.loads(said)["mail"]
    assert (status, fault["says"]) == (1, "The mail server takes no connection: Connection refused.")
    assert "hunter2" not in said


def test_outside_a_demonstration_it_asks_for_more(settings: LazySettings, olga: User) -> None:
    settings.DEMO = False
    status, said = examined()
    assert (status, [line for line in said.splitlines() if line.startswith("warning")]) == (
        0,
        [
            "warning  accounts: 1 organisers, signers or administrators have no second factor yet.",
            "warning  mail: Letters go to a folder, not to people.",
        ],
    )


@pytest.mark.parametrize(("version", "is_old"), [("9.6.24", True), ("99beta1 (Debian 99)", False)])
def test_a_server_that_is_newer_than_our_programs_is_named(
    version: str, is_old: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    program.chmod(0o700)
    monkeypatch.setattr(dumping, "program", lambda name: str(program))
    found = dict(examining.examine())["copies"]
    assert [one.says.partition(",")[0] for one in found] == ["pg_dump is of PostgreSQL 9"] * is_old


def test_what_the_machine_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumping, "program", lambda name: None)
    monkeypatch.setattr(readiness, "LEAST_FREE", 1 << 62)
    found = dict(examining.examine())
    assert [one.says for one in found["copies"]] == [
        f"{name} is not installed." for name in ("pg_dump", "pg_restore", "psql")
    ]
    assert len(found["disks"]) == 1
