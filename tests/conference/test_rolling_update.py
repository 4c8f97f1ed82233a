"""While an update rolls, older code goes on writing: a column that it does not know has its default in the
database.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

from conference.models import Conference
from documents.models import Document
from tests.installation import ROOT, environment, manage, migrated, own_database
from tests.patience import LONGEST

# The last migration of each room that was written before this rule.
BEFORE = {
    "attendees": "0009", "checkin": "0006", "conference": "0011", "documents": "0011", "mailing": "0001",
    "thematic": "0011",
}  # fmt: skip


def later() -> Iterator[tuple[str, list[Any]]]:
    """Migrations under the rule, with what they do."""
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        if label in BEFORE and name[:4] > BEFORE[label]:
            yield f"{label}.{name}", migration.operations


def lacking(operations: Iterable[Any]) -> list[str]:
    """New columns that must say something, and of which the database does not know what."""
    return [
        f"{one.model_name}.{one.name}"
        for one in operations
        if isinstance(one, migrations.AddField)
        and not one.field.null
        and not one.field.many_to_many
        and one.field.db_default is NOT_PROVIDED
    ]


def test_every_new_column_has_its_default_in_the_database() -> None:
    found = dict(later())
    assert "documents.0014_said_of_the_conference" in found
    assert {name: columns for name, done in found.items() if (columns := lacking(done))} == {}


def test_the_control_a_column_without_one_is_named() -> None:
    done = [
        migrations.AddField("document", "bare", models.BooleanField(default=False)),
        migrations.AddField("document", "empty", models.BooleanField(null=True)),
        migrations.AddField("document", "kept", models.BooleanField(default=False, db_default=False)),
    ]
    assert lacking(done) == ["document.bare"]


def with_defaults() -> list[models.Field[Any, Any]]:
    return [
        field
        for model in apps.get_models()
        if model._meta.app_label in BEFORE
        for field in model._meta.concrete_fields
        if field.db_default is not NOT_PROVIDED
    ]


DEFAULT = "SELECT column_default FROM information_schema.columns WHERE table_name = %s AND column_name = %s"


def default_of(field: models.Field[Any, Any]) -> Any:
    """As the database tells it."""
    with connection.cursor() as cursor:
        cursor.execute(DEFAULT, (field.model._meta.db_table, field.column))
        [(default,)] = cursor.fetchall()
        return default


def drop_default(field: models.Field[Any, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come is not altered
        cursor.execute(f"ALTER TABLE {field.model._meta.db_table} ALTER COLUMN {field.column} DROP DEFAULT")


@pytest.mark.django_db
def test_the_database_knows_each_of_these_defaults() -> None:
    fields = with_defaults()
    assert len(fields) >= 5
    assert [str(one) for one in fields if default_of(one) is None] == []


@pytest.mark.django_db
def test_a_database_that_had_the_columns_before_gets_their_defaults() -> None:
    late = importlib.import_module("documents.migrations.0015_defaults_in_the_database")
    fields = [apps.get_model("documents", label)._meta.get_field(name) for label, name in late.COLUMNS]
    before = [default_of(one) for one in fields]
    for one in fields:
        drop_default(one)
    assert [default_of(one) for one in fields] == [None] * len(fields)
    with connection.schema_editor() as editor:
        late.write(apps, editor)
    assert [default_of(one) for one in fields] == before


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_code_that_does_not_know_a_column_writes_its_rows(conference: Conference, is_known: bool) -> None:
    """A row copied without the column; the control: without the default it is refused."""
    one = Document.objects.create(conference=conference, kind="agenda")
    unknown: Any = Document._meta.get_field("was_ready")
    others = [field for field in Document._meta.concrete_fields if field.name not in ("id", "was_ready")]
    table, quoted = Document._meta.db_table, [connection.ops.quote_name(field.column) for field in others]
    columns = ", ".join(quoted)
    values = columns.replace('"public_id"', "left(md5(public_id), 24)")
    values = values.replace('"request_key"', "gen_random_uuid()")
    copied = f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id = {one.pk}"  # noqa: S608 - ours
    if not is_known:
        drop_default(unknown)
        with pytest.raises(IntegrityError, match="was_ready"), connection.cursor() as cursor:
            cursor.execute(copied)
        return
    with connection.cursor() as cursor:
        cursor.execute(copied)
    assert Document.objects.latest("pk").was_ready is False


@pytest.mark.slow
def test_a_change_that_waits_for_a_backup_keeps_nobody_from_reading(tmp_path: Path) -> None:
    """`pg_dump` holds every table from its beginning to its end."""
    with own_database(f"rolling_{os.getpid()}", migrated()) as database:
        env = environment(tmp_path, DATABASE_URL=database)
        manage(env, "migrate", "--verbosity=0", "attendees", "0009")
        with closing(psycopg2.connect(database)) as dump, closing(psycopg2.connect(database)) as page:
            dump.cursor().execute("LOCK TABLE attendees_attendee IN ACCESS SHARE MODE")
            command = [sys.executable, "manage.py", "prepare"]
            preparing = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
            assert preparing.stdout is not None
            assert "in use, by a backup perhaps; it is tried again" in preparing.stdout.readline()
            with page.cursor() as cursor:
                cursor.execute("SET statement_timeout = '20s'")
                cursor.execute("SELECT count(*) FROM attendees_attendee")
            page.rollback()
            dump.rollback()
            assert preparing.wait(LONGEST) == 0
            preparing.stdout.close()
        assert manage(env, "migrate", "--check") == ""
