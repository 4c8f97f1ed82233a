"""Defaults in the database for who had 0012 to 0014 before these wrote them: code that is older goes on writing.

SQLite takes no default for a column that is there; it serves one machine, where nothing old is left running.
"""

from typing import Any

from django.db import migrations

COLUMNS = (
    ("documentpart", "left_out"), ("document", "was_ready"), ("certificatebatch", "said"), ("certificate", "said"),
)  # fmt: skip


def write(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    for label, name in COLUMNS:
        model = apps.get_model("documents", label)
        field = model._meta.get_field(name)
        quoted = [schema_editor.quote_name(one) for one in (model._meta.db_table, field.column)]
        sql, given = schema_editor.db_default_sql(field)
        schema_editor.execute("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}".format(*quoted, sql), given)


class Migration(migrations.Migration):
    dependencies = [("documents", "0014_said_of_the_conference")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
