"""How far the nights have read the journal of a conference, and for what."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conference", "0012_accounts_erased")]

    operations = [
        migrations.AddField(
            "conference", "forgotten", models.JSONField(db_default={}, default=dict, editable=False)
        ),
    ]
