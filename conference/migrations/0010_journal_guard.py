"""The database itself keeps the journal as it was written; only PostgreSQL knows how.

A trigger refuses to change or remove what is there, whoever asks: our code, a shell, a tool for tables. Let
through are the account and the conference of an entry, which may go; and, where `conference.sealing` has said
in its transaction that a person is erased, the columns that tell of people.
"""

from typing import Any

from django.db import migrations

# A trigger's arguments: columns that may become NULL, columns that erasing may write.
GUARD = """
CREATE FUNCTION journal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    becomes jsonb;
    loosened text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION '% is never removed from', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    becomes := to_jsonb(NEW);
    FOREACH loosened IN ARRAY string_to_array(TG_ARGV[0], ' ') LOOP
        IF becomes ->> loosened IS NULL THEN
            was := was - loosened;
            becomes := becomes - loosened;
        END IF;
    END LOOP;
    IF current_setting('hoi_nghi.erasing', true) = 'on' THEN
        was := was - string_to_array(TG_ARGV[1], ' ');
        becomes := becomes - string_to_array(TG_ARGV[1], ' ');
    END IF;
    IF was <> becomes THEN
        RAISE EXCEPTION '% is never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_guard BEFORE UPDATE OR DELETE ON conference_journalentry FOR EACH ROW
    EXECUTE FUNCTION journal_guard('actor_id conference_id', 'actor_name origin subject_name changes');
CREATE TRIGGER journal_guard BEFORE UPDATE OR DELETE ON conference_journalseal FOR EACH ROW
    EXECUTE FUNCTION journal_guard('', 'salt erasure');
"""
UNGUARD = """
DROP TRIGGER journal_guard ON conference_journalseal;
DROP TRIGGER journal_guard ON conference_journalentry;
DROP FUNCTION journal_guard();
"""


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GUARD, params=None)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNGUARD, params=None)


class Migration(migrations.Migration):
    dependencies = [("conference", "0009_journal_seals")]

    operations = [migrations.RunPython(guard, unguard)]
