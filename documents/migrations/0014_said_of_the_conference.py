"""What certificates say of the conference stays as it was approved; of what was given before, as it is now."""

from typing import Any

from django.db import migrations, models

OF_CONFERENCE = (
    "issuing_agency", "title", "short_title", "place", "starts_on", "ends_on",
    "issue_place", "signer_authority", "signer_title", "signer_name",
)  # fmt: skip


def fill(apps: Any, schema_editor: Any) -> None:
    """As `documents.batches.said_of` tells it."""
    for conference in apps.get_model("conference", "Conference").objects.all():
        said = {name: str(getattr(conference, name)) for name in OF_CONFERENCE}
        apps.get_model("documents", "CertificateBatch").objects.filter(conference=conference).update(
            said=said
        )
        given = apps.get_model("documents", "Certificate").objects
        given.filter(series__conference=conference).update(said=said)


class Migration(migrations.Migration):
    dependencies = [("documents", "0013_was_ready")]

    operations = [
        migrations.AddField(
            "certificatebatch", "said", models.JSONField(db_default={}, default=dict, editable=False)
        ),
        migrations.AddField(
            "certificate", "said", models.JSONField(db_default={}, default=dict, editable=False)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
