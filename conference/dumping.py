"""The database as one file, and back: PostgreSQL by its own programs, SQLite by its backup interface."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2.extensions
from django.conf import settings
from django.db import connection

# Of the connection's parameters those that a program of PostgreSQL takes too; the password goes another way.
_CONNECTS = (
    "host",
    "port",
    "dbname",
    "user",
    "service",
    "passfile",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
)
_EMPTY = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;"


class DumpError(Exception):
    """The database could not be dumped or loaded; nothing was changed. Its words are for the operator."""


def file_name() -> str:
    return "database.dump" if connection.vendor == "postgresql" else "database.sqlite3"


def dump(target: Path) -> None:
    """Everything as of one moment, while others go on working."""
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", _address())
        return
    with closing(sqlite3.connect(_sqlite())) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def fault(source: Path) -> str:
    """Why this file cannot be loaded, or nothing."""
    try:
        if source.suffix == ".dump":
            # Written out in full, for nobody: only so is all of it read and unpacked.
            _run("pg_restore", "--no-owner", "--file=/dev/null", str(source))
        else:
            with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
                found = copy.execute("PRAGMA integrity_check").fetchone()[0]
                return "" if found == "ok" else str(found)
    except (DumpError, sqlite3.DatabaseError) as error:
        return str(error)
    return ""


def load(source: Path) -> None:
    """The database becomes what the file says, whole or not at all; what was in it is gone."""
    if connection.vendor == "postgresql":
        _load_postgres(source)
    else:
        _load_sqlite(source)


def is_empty() -> bool:
    """Whether there is no table."""
    return not connection.introspection.table_names()


def others() -> int:
    """How many other connections there are; SQLite cannot tell."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def program(name: str) -> str | None:
    """Where a program of PostgreSQL lies: the newest that Debian keeps, which dumps older servers too."""
    kept = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = sorted(kept, key=lambda path: int(path.parts[4]) if path.parts[4].isdigit() else 0)
    return str(newest[-1]) if newest else shutil.which(name)


def lacks_server() -> tuple[int, int] | None:
    """Versions of our programs and of the server, where that is the newer: then they dump nothing."""
    path = program("pg_dump")
    if path is None:
        return None
    postgres: Any = connection
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found, server = re.search(r"\) (\d+)", said), postgres.pg_version // 10_000
    return (int(found[1]), server) if found and int(found[1]) < server else None


def _load_postgres(source: Path) -> None:
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as folder:
        # Written out before anything is dropped: a file that breaks off half-way must not empty the database.
        script = Path(folder, "database.sql")
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source))
        connection.close()
        quiet = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1")
        _run("psql", *quiet, "--single-transaction", f"--command={_EMPTY}", f"--file={script}", _address())


def _load_sqlite(source: Path) -> None:
    target = _sqlite()
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    connection.close()
    for rest in ("-wal", "-shm"):
        target.with_name(target.name + rest).unlink(missing_ok=True)
    part.replace(target)


def _sqlite() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def _address() -> str:
    """The connection as one word, without its password: command lines can be read by others."""
    known = connection.get_connection_params()
    known["dbname"] = known.pop("database", known.get("dbname"))
    dsn = psycopg2.extensions.make_dsn(**{key: known[key] for key in _CONNECTS if known.get(key)})
    return f"--dbname={dsn}"


def _run(name: str, *arguments: str) -> None:
    path = program(name)
    if path is None:
        raise DumpError(f"{name} is not installed; Debian has it in postgresql-client.")
    secret = connection.get_connection_params().get("password")
    own = {"PGPASSWORD": str(secret)} if secret else {}
    done = subprocess.run(
        [path, *arguments], env=os.environ | own, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DumpError(f"{name}: {done.stderr.strip() or f'ended with {done.returncode}'}")
