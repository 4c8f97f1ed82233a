"""What a delegation hands in: files, and the receipts for the answers it sent."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees import codes


class UploadQuerySet(models.QuerySet["Upload"]):
    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class Upload(models.Model):
    """A file that somebody gave. Checked by content, kept inert, served only through a view."""

    class Kind(models.TextChoices):
        NOMINATION = "nomination", _("Văn bản cử đại biểu")
        ANSWER = "answer", _("Tệp trả lời câu hỏi")

    delegation = models.ForeignKey("attendees.Delegation", models.CASCADE, related_name="uploads")
    attendee = models.ForeignKey(
        "attendees.Attendee", models.CASCADE, null=True, blank=True, related_name="uploads"
    )
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    name = models.CharField(_("tên tệp"), max_length=200)  # as the person had it: shown, never a path
    file = models.CharField(max_length=200, editable=False)  # a stored name, named by its hash
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(_("dung lượng"))
    sha256 = models.CharField("SHA-256", max_length=64)
    given_by = models.CharField(_("người gửi"), max_length=200)
    given_at = models.DateTimeField(_("gửi lúc"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("gỡ lúc"), null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp gửi kèm")
        verbose_name_plural = pgettext_lazy("plural", "tệp gửi kèm")
        ordering = ("-given_at", "-pk")

    def __str__(self) -> str:
        return self.name


class Receipt(models.Model):
    """What a delegation sent, as it was sent: the list frozen, numbered within the delegation, and coded."""

    delegation = models.ForeignKey(
        "attendees.Delegation", models.CASCADE, related_name="receipts", verbose_name=_("đoàn")
    )
    number = models.PositiveSmallIntegerField(_("lần"))
    code = models.CharField(
        _("mã biên nhận"), max_length=16, unique=True, default=codes.new_token, editable=False
    )
    sent_at = models.DateTimeField(_("gửi lúc"))
    sent_by = models.CharField(_("người gửi"), max_length=200)
    # {"status": …, "people": [{code, name, title, organisation, category, status, replaces}], "seats": […]}
    content = models.JSONField(default=dict)
    sha256 = models.CharField("SHA-256", max_length=64)
    # One filled page is sent once, however often the browser sends it: its key, and what it said.
    request_key = models.UUIDField(null=True, unique=True, editable=False)
    request_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("biên nhận")
        verbose_name_plural = pgettext_lazy("plural", "biên nhận")
        ordering = ("-sent_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("delegation", "number"), name="receipt_once"),)

    def __str__(self) -> str:
        return codes.group(self.code)


class Draft(models.Model):
    """What a delegation typed into its answer and did not send yet: kept as typed, and binding nobody."""

    delegation = models.OneToOneField(
        "attendees.Delegation", models.CASCADE, related_name="draft", verbose_name=_("đoàn")
    )
    fields = models.JSONField(default=dict)  # name of the control → text
    saved_at = models.DateTimeField(_("lưu lúc"))
    saved_by = models.CharField(_("người lưu"), max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("bản nháp")
        verbose_name_plural = pgettext_lazy("plural", "bản nháp")

    def __str__(self) -> str:
        return str(self.delegation)
