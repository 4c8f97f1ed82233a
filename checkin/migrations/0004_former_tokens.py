from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkin", "0003_decisions")]

    operations = [
        migrations.AddField(
            model_name="device",
            name="former_hashes",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
    ]
