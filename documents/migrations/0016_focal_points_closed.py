"""Programmes of delegations that are there already: they show the telephone of the focal point."""

from typing import Any

from django.db import migrations


def close(apps: Any, schema_editor: Any) -> None:
    papers = apps.get_model("documents", "Document").objects
    papers.filter(kind="agenda-delegation").update(holds_links=True)


class Migration(migrations.Migration):
    dependencies = [("documents", "0015_defaults_in_the_database")]

    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
