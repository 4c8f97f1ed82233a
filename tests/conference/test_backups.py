"""A backup is whole or says what is wrong with it; SQLite is backed up and restored as PostgreSQL is."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from conference import appending, backups, dumping, storing
from conference.models import Conference
from tests.installation import environment, manage, prepared

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_folders(settings: LazySettings, media: Path, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.NUMBERS_FILE = settings.DATA_DIR / "numbers.jsonl"
    settings.HEADS_FILE = settings.DATA_DIR / "heads.jsonl"
    settings.ERASED_FILE = settings.DATA_DIR / "erased.jsonl"
    settings.NUMBERS_FILE.write_text('{"number": 1}\n')


@pytest.fixture
def backup(conference: Conference, tmp_path: Path) -> Path:
    storing.keep_bytes(b"%PDF one", "documents", "pdf")
    storing.keep_bytes(b"%PDF two", "certificates", "pdf")
    (storing.path("documents") / ".half.pdf.part").write_bytes(b"%PD")
    made = backups.make(tmp_path / "backups")
    assert made.faults == []
    return made.path


def named(backup: Path, text: str) -> Path:
    return next(
        path for path in backup.rglob("*") if path.is_file() and text in str(path.relative_to(backup))
    )


def test_everything_that_is_finished_is_in_it_and_nothing_else(backup: Path) -> None:
    files = backups.read_manifest(backup)["files"]
    assert sorted(name.split("/")[0] for name in files) == [
        "database.dump",
        "media",
        "media",
        "numbers.jsonl",
    ]
    assert backups.check(backup) == []
    assert (backup.stat().st_mode & 0o777, backups.last() is not None) == (0o700, True)
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda b: _flip(named(b, "database")), "database.dump is not what was backed up"),
        (lambda b: _flip(named(b, "numbers")), "numbers.jsonl is not what was backed up"),
        (lambda b: _flip(named(b, "media/doc")), "is not what was backed up"),
        (lambda b: named(b, "media/cert").unlink(), "is missing"),
        (lambda b: (b / "media" / "more").write_text("x"), "media/more is not in the manifest"),
        (lambda b: (b / "manifest.json").unlink(), "manifest.json cannot be read"),
        (lambda b: (b / "manifest.json").write_text("{}"), "this is no backup of format 1"),
        (lambda b: (b / "manifest.json").write_text('{"format": 1}'), "this is no backup of format 1"),
        (lambda b: _flip_facts(b / "manifest.json"), "this is no backup of format 1"),
    ],
)
def test_whatever_is_not_as_it_was_is_named(backup: Path, spoil: Callable[[Path], object], says: str) -> None:
    spoil(backup)
    [fault] = backups.check(backup)
    assert says in fault
    with pytest.raises(CommandError, match=r"is not whole:\n.*\nTake another backup, or the copy"):
        call_command("restore", backup, "--check")


def _flip_facts(manifest: Path) -> None:
    manifest.write_text(manifest.read_text().replace('"media/', '"media/x": [1], "media/', 1))


def _cut(manifest: Path) -> None:
    manifest.write_text(manifest.read_text()[:100])


@pytest.mark.parametrize("spoil", [_cut, _flip_facts, lambda manifest: manifest.write_text("{}")])
def test_a_backup_before_that_is_damaged_does_not_forbid_the_next(
    backup: Path, spoil: Callable[[Path], object]
) -> None:
    """Of every night after it there was none: what it says it holds was read without a doubt."""
    old = backup.rename(backup.with_name("2024-06-06T000000Z"))
    spoil(old / "manifest.json")
    made = backups.make(backup.parent)
    assert (made.faults, backups.check(made.path)) == ([], [])


def test_a_file_that_cannot_be_read_is_named(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(backups, "_facts", refuse)
    assert "numbers.jsonl cannot be read: Permission denied" in backups.check(backup)


def test_of_the_folder_of_backups_the_last_is_named(backup: Path) -> None:
    [fault] = backups.check(backup.parent)
    assert fault.endswith(f"; {backup.parent} holds backups, name one: {backup}")


def test_days_that_are_none_remove_nothing(backup: Path) -> None:
    with pytest.raises(CommandError, match="-1 is no number of days"):
        call_command("backup", backup.parent, "--keep-days", "-1")
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]


def test_a_dump_that_breaks_off_is_found_although_the_manifest_agrees(backup: Path) -> None:
    dump = named(backup, "database")
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    manifest = backups.read_manifest(backup)
    manifest["files"]["database.dump"] = backups._facts(dump)
    (backup / "manifest.json").write_text(json.dumps(manifest))
    [fault] = backups.check(backup)
    assert fault.startswith("database.dump cannot be loaded: pg_restore")


def test_a_file_that_was_damaged_before_is_told_and_the_backup_kept(backup: Path, tmp_path: Path) -> None:
    _flip(next(path for path in storing.path("certificates").rglob("*.pdf")))
    at = backups.last()
    (tmp_path / "other").mkdir()
    with pytest.raises(CommandError, match="was damaged before it was backed up"):
        call_command("backup", tmp_path / "other", "--keep-days", "0")
    [kept] = (tmp_path / "other").iterdir()
    assert backups.last() == at
    with pytest.raises(CommandError, match=r"is not whole:\n.*was damaged before it was backed up"):
        call_command("restore", kept, "--check")


def test_a_file_that_was_damaged_before_keeps_no_backup_from_being_restored(tmp_path: Path) -> None:
    """One that rots on the disk would spoil every backup after it, the database in them too."""
    here = environment(tmp_path / "one")
    prepared(tmp_path / "one")
    rotten = tmp_path / "one" / "media" / "documents" / f"{'a' * 64}.pdf"
    rotten.parent.mkdir(parents=True)
    rotten.write_bytes(b"%PDF that rots")
    sound = rotten.with_name(f"{hashlib.sha256(b'%PDF').hexdigest()}.pdf")
    sound.write_bytes(b"%PDF")
    with pytest.raises(Exception, match="returned non-zero"):
        manage(here, "backup", str(tmp_path / "backups"))
    [backup] = (tmp_path / "backups").iterdir()
    told = manage(environment(tmp_path / "two"), "restore", str(backup))
    assert f"may have them whole:\nmedia/documents/{rotten.name}\nRestored." in told
    brought = (tmp_path / "two" / "media").rglob("*.pdf")
    assert [path.name for path in brought] == [sound.name]


def test_a_second_backup_keeps_equal_files_once_and_old_ones_go_but_the_last(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = backup.rename(backup.with_name("2024-06-06T000000Z"))
    older = backup.with_name("2024-06-05T000000Z")
    older.mkdir()
    (older / "manifest.json").write_text("{}")
    (backup.parent / "not-ours").mkdir()
    for name in (".2024-06-07T000000Z.part", ".2099-01-01T000000Z.part"):  # killed, and still at work
        (backup.parent / name / "media").mkdir(parents=True)
    _flip(named(old, "media/doc"))  # a disk that rots: what comes from there is not trusted
    made = backups.make(backup.parent)
    assert made.faults == []
    same = named(made.path, "media/cert")
    assert same.stat().st_ino == named(old, "media/cert").stat().st_ino
    assert named(made.path, "media/doc").stat().st_ino != named(old, "media/doc").stat().st_ino
    assert backups.prune(backup.parent, 14) == [older, old]
    assert backups.prune(backup.parent, 0) == []
    left = {path.name for path in backup.parent.iterdir()}
    assert left == {made.path.name, "not-ours", ".2099-01-01T000000Z.part"}


def test_an_old_backup_that_was_removed_by_half_goes_with_the_next(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its manifest it is no backup, and stayed for ever with everybody who was erased since."""
    old = backup.rename(backup.with_name("2024-06-06T000000Z"))

    def breaks_off(path: Path) -> None:
        (path / "manifest.json").unlink()
        raise PermissionError(1, "Operation not permitted", str(path))

    with monkeypatch.context() as broken:
        broken.setattr(backups.shutil, "rmtree", breaks_off)
        with pytest.raises(CommandError, match=r"an older one is not removed: .*2024-06-06"):
            call_command("backup", backup.parent, "--keep-days", "14")
    assert not old.exists()
    next(backup.parent.glob("2*Z")).rename(backup.with_name("2024-06-07T000000Z"))  # both within a second
    call_command("backup", backup.parent)
    assert [path.name for path in backup.parent.iterdir() if "2024-06-06" in path.name] == []


def test_without_pg_dump_there_is_no_backup_and_no_rest_of_one(
    conference: Conference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumping, "program", lambda name: None)  # the machine, not our code
    with pytest.raises(CommandError, match="pg_dump is not installed"):
        call_command("backup", tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []
    assert backups.last() is None


def test_no_password_stands_on_a_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"dbname": "x", "user": "u", "password": "hunter2 'x", "host": "h", "client_encoding": "UTF8"}
    monkeypatch.setattr(dumping.connection, "get_connection_params", known.copy)
    assert dumping._address() == "--dbname=host=h dbname=x user=u"


def test_the_mark_of_numbers_only_grows(backup: Path, settings: LazySettings) -> None:
    live = settings.NUMBERS_FILE
    live.write_text('{"number": 1}\n{"number": 9}\n{"half')
    appending.add_lacking(live, named(backup, "numbers").read_bytes().splitlines())
    assert live.read_text() == '{"number": 1}\n{"number": 9}\n{"half'
    live.write_text('{"number": 9}\n{"half')
    appending.add_lacking(live, named(backup, "numbers").read_bytes().splitlines())
    assert live.read_text() == '{"number": 9}\n{"half\n{"number": 1}\n'
    live.unlink()
    appending.add_lacking(live, named(backup, "numbers").read_bytes().splitlines())
    assert live.read_text() == '{"number": 1}\n'


def test_on_sqlite_too(tmp_path: Path) -> None:
    here = environment(tmp_path / "one", DEMO="1")
    prepared(tmp_path / "one")
    manage(here, "prepare")  # what lacks is the demonstration
    (tmp_path / "one" / "media").mkdir(exist_ok=True)
    backup = manage(here, "backup", str(tmp_path / "sqlite")).split(":")[0]
    there = environment(tmp_path / "two")
    manage(there, "restore", backup)
    count = ("shell", "-v0", "-c", "from attendees.models import Attendee as A; print(A.objects.count())")
    assert manage(there, *count) == manage(here, *count) != "0\n"
    with pytest.raises(Exception, match="returned non-zero"):
        manage(there, "restore", backup)
    manage(there, "restore", backup, "--replace")
    assert os.path.getmtime(tmp_path / "two" / "db.sqlite3") <= time.time()
