"""Everything that can be wrong on one server, found before a visitor does: what it is, and what mends it.

Rooms above the ground floor name theirs in `EXAMINATIONS`: lists of functions without arguments that yield a
`Finding` for each fault. Who examines changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from django.utils.module_loading import import_string

from conference import backups, dumping, proving, pulses, readiness, sealing, starting, stored_files, storing
from conference.models import Membership, Pulse, User

OLDEST_BACKUP = timedelta(hours=26)
LARGEST_SKEW = 5.0  # seconds
SHOWN = 3
# What does not happen without a ledger.
WITHOUT = {
    "numbers.jsonl": "no certificate or letter gets a number",
    "heads.jsonl": "a chain of the journal that is made anew is not seen",
    "erased.jsonl": "nobody can be erased",
}


@dataclass(frozen=True)
class Finding:
    """A fault (`is_serious`: something does not work or is open) or a warning, and its mend."""

    part: str
    says: str
    mend: str
    is_serious: bool = True


Examination = Callable[[], Iterator[Finding]]


def examine() -> Iterator[tuple[str, list[Finding]]]:
    """Every examination by name, with what it found. Without a database those that need none."""
    for examination in (configuration, disks, broker):
        yield examination.__name__, _found(examination)
    found = list(database())
    yield database.__name__, found
    if any(one.is_serious for one in found):
        return
    for examination in (database_disk, database_clock, processes, accounts, files, copies, seals):
        yield examination.__name__, _found(examination)
    for name in settings.EXAMINATIONS:
        for examination in import_string(name):
            yield examination.__name__, _found(examination)


def _found(examination: Examination) -> list[Finding]:
    """All of it; a file that cannot be read ends one examination and not the others."""
    found: list[Finding] = []
    try:
        found.extend(examination())
    except OSError as error:
        told = f"It came to no end: {error}."
        found.append(Finding(examination.__name__, told, "Mend what it says, then ask again."))
    return found


def configuration() -> Iterator[Finding]:
    """What the environment says, as far as it stopped no start."""
    part, is_reachable = "configuration", starting.is_reachable(settings.SITE_URL)
    if is_reachable and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        says = "TRUSTED_PROXY_COUNT is 0: behind a proxy all visitors share one limit of sign-ins."
        yield Finding(part, says, "Set it to the number of proxies before this server.", is_serious=False)
    host = urlsplit(settings.SITE_URL).netloc
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        says = f"ALLOWED_HOSTS does not name {host}, where SITE_URL sends everybody: every page is refused."
        yield Finding(part, says, "Add it there, or empty ALLOWED_HOSTS.")
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield Finding(
            part, "The files for browsers are not collected.", "Run manage.py prepare --files-only."
        )
    for language, _name in settings.LANGUAGES[1:]:
        if not (settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.mo").is_file():
            yield Finding(part, f"The catalogue of {language} is not compiled.", "Run manage.py catalogues.")


def disks() -> Iterator[Finding]:
    """Room, and who may read and write."""
    if fault := storing.store().fault():
        yield Finding("disks", fault, "Give it to the account of the processes, or compare FILES_URL.")
    named = readiness.folders()
    folders = named.values()
    for name, folder in named.items():
        if name != "media" and not os.access(folder, os.W_OK | os.X_OK):
            yield Finding("disks", f"{folder} cannot be written.", "Give it to the account of the processes.")
        if folder.stat().st_mode & 0o007 and not set(folders) & set(folder.parents):
            says = f"Everybody on this machine can enter {folder}."
            yield Finding("disks", says, f"chmod o= {folder}", is_serious=False)
    if not readiness.has_room():
        least = readiness.LEAST_FREE >> 20
        yield Finding(
            "disks", f"Less than {least} MiB are free.", "Make room: nothing is kept on a full disk."
        )
    for ledger in readiness.closed_ledgers():
        says = f"{ledger} cannot be read and written: {WITHOUT[ledger.name]}."
        yield Finding("disks", says, "Give it to the account of the processes, mode 0600.")


def broker() -> Iterator[Finding]:
    """The doorbell."""
    if not readiness.has_broker():
        mend = "Start Redis, compare REDIS_URL; nothing is lost meanwhile."
        yield Finding("broker", "It takes no connection: papers and letters wait.", mend)


def database() -> Iterator[Finding]:
    """Reached, and as this code wants it."""
    part = "database"
    if fault := readiness.database_fault():
        mend = "Start it, compare DATABASE_URL; then ask again: what follows was not examined."
        yield Finding(part, f"It does not answer: {fault}.", mend)
        return
    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding(part, f"{len(waiting)} migrations wait ({waiting[0][0]}).", "Run manage.py prepare.")
        return
    try:
        caches["default"].get("doctor")
    except (DatabaseError, InterfaceError):
        yield Finding(part, "The table of the cache is missing.", "Run manage.py prepare.")
    if connection.vendor == "sqlite" and not settings.DEMO:
        mend = "Set DATABASE_URL to a PostgreSQL for a conference with real people."
        yield Finding(part, "SQLite serves one machine and few writers.", mend, is_serious=False)


def database_clock() -> Iterator[Finding]:
    """Leases, links and signs of life are written by our clocks and compared with each other."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        skew = abs(float(cursor.fetchone()[0]) - timezone.now().timestamp())
    if skew > LARGEST_SKEW:
        yield Finding("database", f"Its clock and ours are {skew:.0f} s apart.", "Let both follow NTP.")


def database_disk() -> Iterator[Finding]:
    """Where all the rest lies, which can still be read, and asked, when it is full."""
    if not readiness.database_has_room():
        yield Finding(
            "database", "Its disk is full: nothing is written.", "Make room there, never in pg_wal."
        )


def processes() -> Iterator[Finding]:
    """Who is at work, and what they run."""
    for process in (pulses.WORKER, pulses.SWEEPER):
        if not readiness.is_at_work(process):
            mend = f"Start the {process}; its log says why it ended."
            yield Finding("processes", f"No {process} has shown a sign of life for minutes.", mend)
    recent = Pulse.objects.filter(at__gt=timezone.now() - pulses.SILENT)
    for pulse in recent.exclude(version=settings.VERSION):
        says = f"{pulse} runs version {pulse.version}, this is {settings.VERSION}."
        yield Finding("processes", says, "Restart it with this version.", is_serious=False)


def accounts() -> Iterator[Finding]:
    """Who can let others in, and who has not secured the own account."""
    active = User.objects.filter(is_active=True)
    if not active.filter(is_superuser=True).exists():
        yield Finding(
            "accounts", "There is no administrator.", "Run manage.py createsuperuser.", is_serious=False
        )
    trusted = Membership.objects.filter(role__in=Membership.TRUSTED_ROLES).values("user")
    secured = Authenticator.objects.values("user")
    bare = (
        (active.filter(is_superuser=True) | active.filter(pk__in=trusted)).exclude(pk__in=secured).distinct()
    )
    if not settings.DEMO and (count := bare.count()):
        says = f"{count} organisers, signers or administrators have no second factor yet."
        yield Finding("accounts", says, "They are asked for it when they sign in.", is_serious=False)


def files() -> Iterator[Finding]:
    """Every row that names a file has it."""
    lost = stored_files.lost()
    for one in islice(lost, SHOWN):
        mend = f"Bring it back from a backup, where it is media/{one.name}: the name tells its SHA-256."
        yield Finding("files", f"{one.model} {one.pk} lacks its file {one.name}.", mend)
    if more := sum(1 for _one in lost):
        yield Finding("files", f"{more} more lack theirs.", "See above.")


def copies() -> Iterator[Finding]:
    """Backups, and what they need."""
    at = backups.last()
    if at is None or timezone.now() - at > OLDEST_BACKUP:
        told = f"The last whole backup is of {at:%Y-%m-%d %H:%M}." if at else "There is no whole backup."
        yield Finding("copies", told, "Run manage.py backup FOLDER every day.", is_serious=False)
    if connection.vendor == "postgresql":
        for name in ("pg_dump", "pg_restore", "psql"):
            if dumping.program(name) is None:
                yield Finding(
                    "copies", f"{name} is not installed.", "Install postgresql-client.", is_serious=False
                )
        if versions := dumping.lacks_server():
            says = "pg_dump is of PostgreSQL {}, the server of {}: it makes no backup.".format(*versions)
            yield Finding("copies", says, f"Install postgresql-client-{versions[1]}.")


def seals() -> Iterator[Finding]:
    """Entries that the sealer should have found long ago; whether the chain holds `journal verify` tells."""
    border = timezone.now() - proving.SEALED_WITHIN
    if count := sealing.unsealed().filter(at__lt=border).count():
        mend = "Start the sweeper, compare the disk; then manage.py journal verify."
        yield Finding("seals", f"{count} entries of the journal have no seal yet.", mend)
    if count := len(sealing.lacking(border)):
        says = f"The ends of {count} chains of the journal are not in {sealing.path().name}."
        mend = "Let the account of the sweeper write it: until then a chain made anew is not seen."
        yield Finding("seals", says, mend)
