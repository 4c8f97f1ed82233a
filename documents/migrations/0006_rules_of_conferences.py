"""What stood on the conference as "only for who was there" becomes the first condition of its rule."""

from typing import Any

from django.db import migrations


def take(apps: Any, schema_editor: Any) -> None:
    """Only where it was switched off: with it on, a conference has the rule that holds without a row."""
    rules = apps.get_model("documents", "CertificateRule").objects
    for conference in apps.get_model("conference", "Conference").objects.filter(
        certificate_needs_attendance=False
    ):
        rules.create(conference=conference, must_come=False)


def give_back(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("documents", "CertificateRule").objects
    loose = rules.filter(must_come=False, share=0).values("conference")
    conferences = apps.get_model("conference", "Conference").objects
    conferences.filter(pk__in=loose).update(certificate_needs_attendance=False)


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0005_certificate_rule"),
    ]
    run_before = [
        ("conference", "0006_certificate_rule_moved"),
    ]

    operations = [
        migrations.RunPython(take, give_back),
    ]
