"""Accounts can be erased: when that was, and what is sealed of the acts that they leave behind.

The trigger of the journal (0010) lets an erasing write the new columns of a seal too.
"""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

GUARD = """
DROP TRIGGER journal_guard ON conference_journalseal;
CREATE TRIGGER journal_guard BEFORE UPDATE OR DELETE ON conference_journalseal FOR EACH ROW
    EXECUTE FUNCTION journal_guard('', '{columns}');
"""


def _guard(columns: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(GUARD.format(columns=columns), params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("conference", "0011_legal_hold")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="xóa dữ liệu lúc"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=Q(erased_at=None) | Q(is_active=False, is_superuser=False, phone=""),
                name="user_erased_is_nobody",
            ),
        ),
        migrations.AddField(
            model_name="journalseal",
            name="rest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="journalseal", name="withheld", field=models.BigIntegerField(null=True)
        ),
        migrations.RunPython(_guard("salt erasure rest withheld"), _guard("salt erasure")),
    ]
