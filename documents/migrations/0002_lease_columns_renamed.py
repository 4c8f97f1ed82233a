from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="document", name="document_to_sweep"),
        migrations.RemoveIndex(model_name="documentpart", name="part_to_sweep"),
        migrations.RenameField(model_name="document", old_name="sent_at", new_name="rung_at"),
        migrations.RenameField(model_name="documentpart", old_name="sent_at", new_name="rung_at"),
        migrations.AlterField(
            model_name="documentpart",
            name="rung_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="documentpart",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="documentpart",
            name="lease_until",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="documentpart",
            name="run_after",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="documentpart",
            name="token",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["state", "rung_at"], name="document_to_sweep"),
        ),
        migrations.AddIndex(
            model_name="documentpart",
            index=models.Index(fields=["state", "rung_at"], name="part_to_sweep"),
        ),
    ]
