"""Lists that came as a file: what was read, what was decided about it, what it changed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference, Unit, User


class ImportBatch(models.Model):
    """One file: read, mapped, looked at, then taken as a whole or not at all; and it can be taken back."""

    class State(models.TextChoices):
        READ = "read", _("Đã đọc")
        TAKEN = "taken", _("Đã nhập")
        UNDONE = "undone", _("Đã hoàn lại")
        DROPPED = "dropped", _("Đã bỏ")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="imports")
    # None: a list of several delegations, from an organiser.
    delegation = models.ForeignKey(
        "attendees.Delegation", models.CASCADE, null=True, blank=True, related_name="imports",
        verbose_name=_("đoàn"),
    )  # fmt: skip
    name = models.CharField(_("tên tệp"), max_length=200)
    file = models.CharField(max_length=200, editable=False)  # a stored name, named by its hash
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.READ)
    plans = models.JSONField(default=list)  # attendees.workbooks.Plan, one a sheet
    reading = models.JSONField(default=dict)  # people and problems, as read under `plans`
    choices = models.JSONField(default=dict)  # what a person decided, by the key of the question
    # Which rows were made or changed, with what stood there before: what taking back needs.
    outcome = models.JSONField(default=dict)
    given_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người gửi")
    )
    given_by_name = models.CharField(_("người gửi"), max_length=200)
    given_at = models.DateTimeField(_("gửi lúc"), default=timezone.now)
    taken_at = models.DateTimeField(_("nhập lúc"), null=True, blank=True)
    undone_at = models.DateTimeField(_("hoàn lại lúc"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("danh sách nhập từ tệp")
        verbose_name_plural = pgettext_lazy("plural", "danh sách nhập từ tệp")
        ordering = ("-given_at", "-pk")

    def __str__(self) -> str:
        return self.name


class ColumnMemory(models.Model):
    """Which column means what in the files of one unit, as a person settled it last time."""

    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="+")
    signature = models.CharField(max_length=64)  # of the header texts, `attendees.workbooks.Plan.signature`
    plan = models.JSONField()
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "signature"), name="column_memory_once"),
            models.UniqueConstraint(
                fields=("signature",), condition=Q(unit=None), name="column_memory_once_without_unit"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit or ''} {self.signature[:8]}".strip()
