"""Who says that a person was in a session: each source by itself; sheets of paper; frozen figures."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee, Delegation
from conference.models import User


class Source(models.TextChoices):
    """How it became known that somebody is there."""

    DESK = "desk", _("Bàn đón tiếp")
    SCAN = "scan", _("Quét thẻ")
    HEAD = "head", _("Đón cả đoàn")
    PAPER = "paper", _("Danh sách ký")
    SELF = "self", _("Tự điểm danh")
    ONLINE = "online", _("Trực tuyến")


class Report(models.Model):
    """One source says that one person was in one session; `Attendance` is what they say together.

    Written by `sessions.attending` alone, beside the presence; what was a mistake goes by
    `sessions.retracting`. The first report of a source counts; one that was earlier and came later puts the
    time back.
    """

    session = models.ForeignKey(
        "thematic.Session", models.PROTECT, related_name="reports", verbose_name=_("phiên")
    )
    attendee = models.ForeignKey(Attendee, models.CASCADE, related_name="reports", verbose_name=_("đại biểu"))
    source = models.CharField(_("nguồn"), max_length=10, choices=Source)
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi")
    )

    class Meta:
        verbose_name = _("nguồn ghi nhận có mặt")
        verbose_name_plural = pgettext_lazy("plural", "nguồn ghi nhận có mặt")
        ordering = ("session", "attendee", "source")
        constraints = (
            models.UniqueConstraint(fields=("session", "attendee", "source"), name="report_once"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="report_of_a_known_source"),
        )

    def __str__(self) -> str:
        return f"{self.attendee} – {self.get_source_display()}"


class SignedSheet(models.Model):
    """The sheet of one delegation at one session was entered to its end: who is not on it has not signed."""

    session = models.ForeignKey(
        "thematic.Session", models.PROTECT, related_name="signed_sheets", verbose_name=_("phiên")
    )
    delegation = models.ForeignKey(
        Delegation, models.CASCADE, related_name="signed_sheets", verbose_name=_("đoàn")
    )
    signatures = models.PositiveSmallIntegerField(_("số chữ ký"))
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi")
    )

    class Meta:
        verbose_name = _("tờ ký đã nhập")
        verbose_name_plural = pgettext_lazy("plural", "tờ ký đã nhập")
        ordering = ("session", "delegation")
        constraints = (models.UniqueConstraint(fields=("session", "delegation"), name="signed_sheet_once"),)

    def __str__(self) -> str:
        return f"{self.delegation} – {self.session}"


class FigureQuerySet(models.QuerySet["Figure"]):
    def newest_first(self) -> Self:
        return self.order_by("-number")

    def update(self, **kwargs: Any) -> int:
        raise TypeError("A figure is never changed: a new one is frozen.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A figure is never taken back: a new one is frozen.")


class Figure(models.Model):
    """How many were in a session, as an organiser froze it, and why. Later reports do not change it."""

    session = models.ForeignKey(
        "thematic.Session", models.PROTECT, related_name="figures", verbose_name=_("phiên")
    )
    number = models.PositiveSmallIntegerField(_("lần chốt"))
    people = models.PositiveIntegerField(_("số người"))
    sources = models.JSONField(_("nguồn được tính"))  # which ones count, as `Source` names them
    counts = models.JSONField(_("số người theo nguồn"))  # source → people, of every source
    counted = models.JSONField(editable=False)  # ids of the people, in their order
    reason = models.CharField(_("lý do"), max_length=500)
    at = models.DateTimeField(_("chốt lúc"), default=timezone.now)
    frozen_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người chốt")
    )
    frozen_by_name = models.CharField(_("người chốt"), max_length=200)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("số liệu đã chốt")
        verbose_name_plural = pgettext_lazy("plural", "số liệu đã chốt")
        ordering = ("session", "-number")
        constraints = (
            models.UniqueConstraint(fields=("session", "number"), name="figure_number_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="figure_has_a_reason"),
        )

    def __str__(self) -> str:
        return str(self.session)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A figure is never changed: a new one is frozen.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A figure is never taken back: a new one is frozen.")
