from django.db import migrations


class Migration(migrations.Migration):
    # `documents.0006` reads the column before it goes (it says so by `run_before`).
    dependencies = [
        ("conference", "0005_door_may_register"),
    ]

    operations = [
        migrations.RemoveField(model_name="conference", name="certificate_needs_attendance"),
    ]
