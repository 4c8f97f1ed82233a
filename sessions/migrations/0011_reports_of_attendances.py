from typing import Any

from django.db import migrations

BATCH = 1000


def report(apps: Any, _editor: Any) -> None:
    """Every presence known so far was reported by the one source that its row names."""
    attendances = apps.get_model("thematic", "Attendance").objects.order_by("session", "attendee")
    report = apps.get_model("thematic", "Report")
    rows = (
        report(
            session_id=one.session_id, attendee_id=one.attendee_id, source=one.source, at=one.at,
            recorded_by_id=one.recorded_by_id,
        )
        for one in attendances.iterator(BATCH)
    )  # fmt: skip
    report.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("thematic", "0010_reports")]

    operations = [migrations.RunPython(report, migrations.RunPython.noop, elidable=True)]
