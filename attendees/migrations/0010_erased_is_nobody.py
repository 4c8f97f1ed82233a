from typing import Any

from django.db import migrations, models

NOBODY = models.Q(full_name="Đại biểu đã xóa dữ liệu", phone="", email="")


def not_erased_then(apps: Any, schema_editor: Any) -> None:
    """A list may have written back who was erased: as long as they count as erased nobody can erase them.

    The file of the erased still has their codes, so `after_restore` lists them; `erase_person` takes them out.
    """
    people = apps.get_model("attendees", "Attendee").objects.exclude(erased_at=None)
    people.exclude(NOBODY).update(erased_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("attendees", "0009_erasing_asked_for"),
    ]

    operations = [
        migrations.RunPython(not_erased_then, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="attendee",
            constraint=models.CheckConstraint(
                condition=models.Q(erased_at=None) | NOBODY,
                name="attendee_erased_is_nobody",
            ),
        ),
    ]
