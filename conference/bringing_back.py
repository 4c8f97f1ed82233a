"""A backup becomes the installation again: it is checked first; then files, marks, and last the database.

Whatever fails before the database leaves it as it was; the database itself is loaded whole or not at all.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from conference import appending, backups, dumping, storing
from conference.backups import MEDIA


def refusals(backup: Path, *, replace: bool) -> list[str]:
    """Why this backup, which is whole, is not loaded here: a sentence each."""
    manifest = backups.read_manifest(backup)
    why = []
    if manifest["engine"] != connection.vendor:
        why.append(f"it holds a database of {manifest['engine']}, and this is {connection.vendor}")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer := sorted(set(manifest["migrations"]) - known - _of_django(known, manifest["migrations"])):
        why.append(f"it was made by newer code ({newer[-1]}): install that version first")
    if others := dumping.others():
        why.append(f"{others} other connections to the database: stop web, worker, beat and sweeper")
    if not replace and not dumping.is_empty():
        why.append("the database is not empty: --replace throws away what is in it")
    return why


def bring_back(backup: Path, *, without: Collection[str] = ()) -> None:
    """Load it, but for these files. `refusals` was asked before. Raises `DumpError` or `OSError`."""
    _bring_files(backup / MEDIA, {backup / name for name in without})
    for live in appending.ledgers():
        if (backup / live.name).exists():
            appending.add_lacking(live, (backup / live.name).read_bytes().splitlines())
    database = next(backup.glob("database.*"))
    dumping.load(database)


def _of_django(known: set[str], applied: list[str]) -> set[str]:
    """Migrations of packages that this installation does not have at all say nothing of our code."""
    apps = {name.partition(".")[0] for name in known}
    return {name for name in applied if name.partition(".")[0] not in apps}


def _bring_files(media: Path, without: Collection[Path]) -> None:
    """Beside those that are there: equal names mean equal files."""
    for source in sorted(path for path in media.rglob("*") if path.is_file() and path not in without):
        storing.bring(source, str(source.relative_to(media)))
