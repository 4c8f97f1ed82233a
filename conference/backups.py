"""Backups: a folder each, with the database, every file and a manifest by which all of it is checked.

The database goes first and the files after it: files never change and are named by what they hold, so every
row of the dump then has its file. A backup gets its name only when it is complete and was read again.
Whatever equals a file of the backup before is the same file on the disk: a daily one costs what is new.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from conference import appending, dumping, storing

MANIFEST, MEDIA = "manifest.json", "media"
FORMAT = 1
STAMP = "%Y-%m-%dT%H%M%SZ"
_NAMED = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
_HASH = re.compile(r"[0-9a-f]{64}")
Listed = dict[str, tuple[int, str]]  # path below the backup → bytes, SHA-256


@dataclass
class Backup:
    """One that was made, and what is wrong with it."""

    path: Path
    files: int = 0
    bytes: int = 0
    faults: list[str] = field(default_factory=list)


def make(folder: Path) -> Backup:
    """Back up everything into a new folder below this one. `DumpError`, `OSError`: then there is none."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    now = timezone.now().astimezone(UTC)
    final = folder / f"{now:{STAMP}}"
    part = folder / f".{final.name}.part"
    _remove_unfinished(folder, now)
    part.mkdir(mode=0o700)
    try:
        dumping.dump(part / dumping.file_name())
        _copy_media(part / MEDIA, _latest(folder))
        for outliving in appending.ledgers():  # last: the further they read, the better
            if lines := appending.lines(outliving):
                (part / outliving.name).write_bytes(b"".join(line + b"\n" for line in lines))
        listed = {name: _facts(part / name) for name in _names(part)}
        (part / MANIFEST).write_text(json.dumps(_manifest(now, listed), indent=1, sort_keys=True))
        faults = check(part)
        os.sync()
        part.rename(final)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    made = Backup(final, len(listed), sum(size for size, _sha256 in listed.values()), faults)
    if not faults:
        _note(made, now)
    return made


def _remove_unfinished(folder: Path, now: datetime) -> None:
    """What was left by one that was killed; a day later none is still at it."""
    border = f".{now - timedelta(days=1):{STAMP}}"
    for part in folder.glob(".*Z.part"):
        if part.name < border:
            shutil.rmtree(part)


def check(backup: Path) -> list[str]:
    """Read all of a backup again; a sentence for everything that is wrong."""
    faults, rotten = look(backup)
    return faults + [
        f"{name} was damaged before it was backed up: its name is another hash" for name in rotten
    ]


def look(backup: Path) -> tuple[list[str], list[str]]:
    """What forbids to load it, a sentence each; and the files that were damaged before, which do not."""
    try:
        manifest = read_manifest(backup)
    except (OSError, ValueError) as error:
        inside = f"; {backup} holds backups, name one: {_latest(backup)}" if _holds_backups(backup) else ""
        return [f"{MANIFEST} cannot be read: {error}{inside}"], []
    listed: Listed = {name: (size, sha256) for name, (size, sha256) in manifest["files"].items()}
    there = set(_names(backup)) - {MANIFEST}
    faults = [f"{name} is not in the manifest" for name in sorted(there - set(listed))]
    for name, facts in sorted(listed.items()):
        if name not in there:
            faults.append(f"{name} is missing")
        elif fault := _fault(backup, name, facts):
            faults.append(fault)
    database = next((name for name in listed if name.startswith("database.")), None)
    if database is None:
        faults.append("there is no database in it")
    elif not faults and (fault := dumping.fault(backup / database)):
        faults.append(f"{database} cannot be loaded: {fault}")
    return faults, [name for name, (_size, sha256) in sorted(listed.items()) if _is_rotten(name, sha256)]


def _fault(backup: Path, name: str, facts: tuple[int, str]) -> str:
    """What is wrong with one of its files; nothing where it is what was backed up."""
    try:
        found = _facts(backup / name)
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}"
    return "" if found == facts else f"{name} is not what was backed up"


def _is_rotten(name: str, sha256: str) -> bool:
    """Files are named by their hash: it was another when it was backed up."""
    stem = Path(name).stem
    return name.startswith(f"{MEDIA}/") and bool(_HASH.fullmatch(stem)) and stem != sha256


def _holds_backups(folder: Path) -> bool:
    try:
        return folder.is_dir() and _latest(folder) is not None
    except OSError:
        return False


def read_manifest(backup: Path) -> dict[str, Any]:
    """What a backup says of itself. `ValueError` where it is none of ours."""
    manifest = json.loads((backup / MANIFEST).read_text())
    is_ours = isinstance(manifest, dict) and {"engine", "files", "migrations"} <= manifest.keys()
    if not is_ours or manifest.get("format") != FORMAT or not _is_list(manifest["files"]):
        raise ValueError(f"this is no backup of format {FORMAT}")
    return manifest


def _is_list(files: object) -> bool:
    return isinstance(files, dict) and all(
        isinstance(facts, list) and len(facts) == 2 for facts in files.values()
    )


def prune(folder: Path, days: int) -> list[Path]:
    """Remove backups that are older, but never the latest; what a kill leaves of one goes with the next."""
    border = f"{timezone.now().astimezone(UTC) - timedelta(days=days):{STAMP}}"
    old = [path for path in _all(folder)[:-1] if path.name < border]
    for path in old:
        shutil.rmtree(path.rename(path.with_name(f".{path.name}.part")))
    return old


def last() -> datetime | None:
    """When the last backup was made that nothing is wrong with, as this installation remembers."""
    try:
        return datetime.fromisoformat(json.loads(_memory().read_text())["at"])
    except (OSError, ValueError, KeyError):
        return None


def _memory() -> Path:
    return Path(settings.DATA_DIR) / "last-backup.json"


def _note(made: Backup, now: datetime) -> None:
    part = _memory().with_suffix(".part")
    part.write_text(json.dumps({"at": now.isoformat(), "path": str(made.path)}))
    part.replace(_memory())


def _manifest(now: datetime, listed: Listed) -> dict[str, Any]:
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "format": FORMAT,
        "made_at": now.isoformat(timespec="seconds"),
        "version": settings.VERSION,
        "engine": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in applied),
        "files": listed,
    }


def _copy_media(target: Path, before: Path | None) -> None:
    """Every finished file; what is deleted while we copy is not wanted any more."""
    target.mkdir(mode=0o700)
    known = _known(before)
    for one in storing.walk():
        copy = target / one.name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            if before is None or not _link(before, f"{MEDIA}/{one.name}", one.size, known, copy):
                storing.copy(one.name, copy)
        except FileNotFoundError:
            copy.unlink(missing_ok=True)


def _known(before: Path | None) -> dict[str, Any]:
    """What the backup before says that it holds; nothing where it is damaged: then all is copied anew."""
    try:
        return read_manifest(before)["files"] if before else {}
    except (OSError, ValueError):
        return {}


def _link(before: Path, name: str, size: int, known: dict[str, Any], copy: Path) -> bool:
    """The same file of the backup before, where it is still what it was."""
    if known.get(name, [None])[0] != size:
        return False
    try:
        if list(_facts(before / name)) != known[name]:
            return False
        os.link(before / name, copy)
    except OSError:  # it is gone or cannot be read; and not every file system knows how
        return False
    return True


def _names(backup: Path) -> list[str]:
    return [str(path.relative_to(backup)) for path in sorted(backup.rglob("*")) if path.is_file()]


def _facts(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _all(folder: Path) -> list[Path]:
    """Complete backups, the oldest first."""
    return sorted(
        path for path in folder.iterdir() if _NAMED.fullmatch(path.name) and (path / MANIFEST).is_file()
    )


def _latest(folder: Path) -> Path | None:
    complete = _all(folder)
    return complete[-1] if complete else None
