"""Certificates are issued in batches that were approved, and keep their number as it was printed."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    """What stands on the papers that were given before, as `NumberSeries.show` says it."""
    certificates = apps.get_model("documents", "Certificate").objects
    for series in apps.get_model("documents", "NumberSeries").objects.select_related("conference"):
        words = {
            "symbol": series.conference.symbol,
            "drafting_unit": series.conference.drafting_unit,
            "year": series.year,
        }
        found = list(certificates.filter(series=series).only("number", "full_number"))
        for one in found:
            one.full_number = series.pattern.format(number=one.number, **words).rstrip("-")
        certificates.bulk_update(found, ["full_number"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("attendees", "0004_import_choices"),
        ("conference", "0007_signers"),
        ("documents", "0008_badge_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateBatchLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("is_open", models.BooleanField(default=True)),
                ("honorific", models.CharField(blank=True, max_length=10, verbose_name="danh xưng")),
                ("full_name", models.CharField(max_length=120, verbose_name="họ và tên")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="chức vụ")),
                ("organisation_name", models.CharField(blank=True, max_length=200, verbose_name="đơn vị")),
                (
                    "wording",
                    models.CharField(
                        choices=[("attended", "Tham dự"), ("completed", "Hoàn thành")],
                        max_length=10,
                        verbose_name="ghi nhận",
                    ),
                ),
                ("grounds", models.TextField(verbose_name="căn cứ cấp")),
                ("left_out", models.CharField(blank=True, max_length=300, verbose_name="không cấp vì")),
            ],
            options={
                "verbose_name": "người trong đợt",
                "verbose_name_plural": "người trong đợt",
                "ordering": ("batch", "position"),
            },
        ),
        migrations.AddField(
            model_name="certificate",
            name="full_number",
            field=models.CharField(default="", max_length=100, verbose_name="số, ký hiệu"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.CreateModel(
            name="CertificateBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordinal", models.PositiveIntegerField(verbose_name="đợt")),
                ("scope", models.CharField(max_length=300, verbose_name="phạm vi")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Chờ duyệt"),
                            ("approved", "Đã duyệt, chờ cấp"),
                            ("issued", "Đã cấp"),
                            ("withdrawn", "Đã rút"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="tình trạng",
                    ),
                ),
                ("draft_key", models.UUIDField(editable=False, unique=True)),
                ("issue_key", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                (
                    "drafted_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="trình lúc"),
                ),
                ("approved_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="duyệt lúc")),
                ("paper_reference", models.CharField(blank=True, max_length=200, verbose_name="phiếu trình")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="cấp lúc")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="rút lúc")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="lý do rút")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi duyệt",
                    ),
                ),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificate_batches",
                        to="conference.conference",
                        verbose_name="hội nghị",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người trình",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người cấp",
                    ),
                ),
            ],
            options={
                "verbose_name": "đợt cấp giấy chứng nhận",
                "verbose_name_plural": "đợt cấp giấy chứng nhận",
                "ordering": ("conference", "-ordinal"),
            },
        ),
        migrations.AddField(
            model_name="certificate",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="documents.certificatebatch",
                verbose_name="đợt cấp",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=("series", "full_number"), name="certificate_full_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(
                fields=("batch", "attendee"), name="certificate_once_of_a_batch"
            ),
        ),
        migrations.AddField(
            model_name="certificatebatchline",
            name="attendee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="certificate_lines",
                to="attendees.attendee",
                verbose_name="đại biểu",
            ),
        ),
        migrations.AddField(
            model_name="certificatebatchline",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="documents.certificatebatch",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatebatch",
            constraint=models.UniqueConstraint(
                fields=("conference", "ordinal"), name="certificate_batch_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("approved", "issued")), _negated=True),
                    models.Q(("approved_at__isnull", False), models.Q(("approved_hash", ""), _negated=True)),
                    _connector="OR",
                ),
                name="certificate_batch_issues_what_was_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issue_key__isnull", False), ("issued_at__isnull", False), ("state", "issued")),
                    models.Q(
                        models.Q(("state", "issued"), _negated=True), ("issue_key", None), ("issued_at", None)
                    ),
                    _connector="OR",
                ),
                name="certificate_batch_issued_has_its_press",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="certificate_batch_withdrawn_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificatebatchline",
            constraint=models.UniqueConstraint(fields=("batch", "attendee"), name="certificate_line_once"),
        ),
        migrations.AddConstraint(
            model_name="certificatebatchline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)), fields=("attendee",), name="certificate_line_one_open"
            ),
        ),
    ]
