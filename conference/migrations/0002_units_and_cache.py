"""The country's units, and the table in which limits are counted."""

from django.core.management import call_command
from django.db import migrations

from conference import units


def load_units(apps, schema_editor):
    units.load(apps.get_model("conference", "Unit"), apps.get_model("conference", "UnitSuccession"))


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("conference", "0001_initial")]
    operations = [
        migrations.RunPython(load_units, migrations.RunPython.noop),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
