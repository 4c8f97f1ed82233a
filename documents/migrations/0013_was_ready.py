"""A paper that was ready once stays known as such, when its file is taken away."""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """Ready, or withdrawn: a stopped paper has a sentence only where its file was taken away."""
    documents = apps.get_model("documents", "Document").objects
    documents.filter(state="ready").update(was_ready=True)
    documents.filter(state="cancelled").exclude(error="").update(was_ready=True)


class Migration(migrations.Migration):
    dependencies = [("documents", "0012_left_out")]

    operations = [
        migrations.AddField(
            "document", "was_ready", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
