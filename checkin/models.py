"""The door: phones that were paired, and everything they scanned."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee
from checkin.decisions import Decision as Decision  # a model of this room, written beside
from conference.models import Conference, User
from sessions.models import Session

LONGEST_HEARD = 200


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, user: Any) -> Self:
        """Devices of the conferences on the person's desk."""
        return self.filter(conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def standing(self) -> Self:
        """Not revoked: paired, or waiting for it."""
        return self.filter(revoked_at=None)


class Device(models.Model):
    """One phone at a door. Its secrets are kept as SHA-256 only; see `checkin.pairing`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ ghép")
        PAIRED = "paired", _("Đã ghép")
        REVOKED = "revoked", _("Đã thu hồi")

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="devices", verbose_name=_("hội nghị")
    )
    name = models.CharField(_("tên thiết bị"), max_length=80)
    # None: every session of the conference, chosen on the phone.
    sessions = models.ManyToManyField(Session, blank=True, related_name="devices", verbose_name=_("phiên"))
    # Session (its key) → the moment until which the device served it: what it scanned by then is taken still.
    served_until = models.JSONField(default=dict, blank=True, editable=False)
    secret_hash = models.CharField(max_length=64, blank=True, editable=False)
    secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    # They open nothing: by them the file of a phone that stood here before is known to be whole.
    former_hashes = models.JSONField(default=list, blank=True, editable=False)
    paired_at = models.DateTimeField(_("ghép lúc"), null=True, blank=True, editable=False)
    # Who showed the code: the phone itself has no account.
    paired_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người ghép"),
    )  # fmt: skip
    last_seen_at = models.DateTimeField(_("liên lạc gần nhất"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True, editable=False)
    list_day = models.DateField(_("đã tải danh sách của ngày"), null=True, blank=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("thiết bị ở cửa")
        verbose_name_plural = pgettext_lazy("plural", "thiết bị ở cửa")
        ordering = ("conference", "name")
        constraints = (
            models.UniqueConstraint(fields=("conference", "name"), name="device_name_once"),
            models.UniqueConstraint(
                fields=("secret_hash",), condition=~Q(secret_hash=""), name="device_secret_once"
            ),
            models.UniqueConstraint(
                fields=("token_hash",), condition=~Q(token_hash=""), name="device_token_once"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(secret_hash="", token_hash=""),
                name="revoked_device_opens_nothing",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """What a form shows of it: changes with the name and the sessions."""
        return "|".join([self.name, *map(str, sorted(one.pk for one in self.sessions.all()))])

    @property
    def state(self) -> Device.State:
        if self.revoked_at is not None:
            return self.State.REVOKED
        return self.State.PAIRED if self.token_hash else self.State.WAITING


class ScanQuerySet(models.QuerySet["Scan"]):
    def visible_to(self, user: Any) -> Self:
        """Scans of the conferences on the person's desk."""
        return self.filter(device__conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def passed(self) -> Self:
        """Of badges that were recognised and let through, by the server or by a phone without a network.

        Who was turned away did not move: such a scan says nothing of where they are.
        """
        let = Q(verdict__in=(Scan.Verdict.WELCOME, Scan.Verdict.AGAIN, Scan.Verdict.OUT))
        return self.filter(let | Q(said=Scan.Verdict.WELCOME), attendee__isnull=False)

    def update(self, **kwargs: Any) -> int:
        raise TypeError("A scan is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A scan is never taken back.")


class Scan(models.Model):
    """One badge that one phone saw once. Written by `checkin.taking`, never changed, never removed."""

    class Direction(models.TextChoices):
        IN = "in", _("Vào")
        OUT = "out", _("Ra")

    class Verdict(models.TextChoices):
        WELCOME = "welcome", _("Mời vào")
        AGAIN = "again", _("Đã vào")
        OUT = "out", _("Đã ra")
        REPLACED = "replaced", _("Thẻ đã thay người")
        WITHDRAWN = "withdrawn", _("Không tham dự")
        ELSEWHERE = "elsewhere", _("Không có chỗ ở phiên này")
        REVOKED = "revoked", _("Thẻ đã hủy")
        UNKNOWN = "unknown", _("Không nhận ra thẻ")

    # What the phone told the volunteer; empty where it waited for the server.
    OFFLINE = "offline"
    SAID: ClassVar = [*Verdict.choices, (OFFLINE, _("Ghi khi mất mạng"))]

    id = models.UUIDField(primary_key=True)  # drawn by the phone: a scan sent twice is one
    device = models.ForeignKey(Device, models.PROTECT, related_name="scans", verbose_name=_("thiết bị"))
    sequence = models.PositiveIntegerField(_("số thứ tự trên thiết bị"))
    session = models.ForeignKey(Session, models.PROTECT, related_name="scans", verbose_name=_("phiên"))
    direction = models.CharField(_("chiều"), max_length=3, choices=Direction)
    heard = models.CharField(_("mã đọc được"), max_length=LONGEST_HEARD)
    # Who is erased leaves the scan without a name behind.
    attendee = models.ForeignKey(
        Attendee, models.SET_NULL, null=True, related_name="scans", verbose_name=_("đại biểu")
    )
    device_at = models.DateTimeField(_("giờ trên thiết bị"))
    offset_ms = models.BigIntegerField(_("lệch giờ (ms)"))  # server − device, as the phone measured it
    error_ms = models.PositiveBigIntegerField(_("sai số (ms)"))
    at = models.DateTimeField(_("lúc"))  # corrected, and not later than it was received
    received_at = models.DateTimeField(_("nhận lúc"))
    # The volunteer let the person in although the phone had said "elsewhere".
    insisted = models.BooleanField(_("vẫn cho vào"), default=False)
    said = models.CharField(_("thiết bị đã báo"), max_length=10, choices=SAID, blank=True)
    verdict = models.CharField(_("kết quả"), max_length=10, choices=Verdict)

    objects = ScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt quét")
        verbose_name_plural = pgettext_lazy("plural", "lượt quét")
        ordering = ("at", "device", "sequence")
        constraints = (
            models.UniqueConstraint(fields=("device", "sequence"), name="scan_sequence_once"),
            models.CheckConstraint(
                condition=Q(at__lte=models.F("received_at")), name="scan_not_after_it_was_received"
            ),
        )
        indexes = (models.Index(fields=("session", "attendee", "at"), name="scan_of_person"),)

    def __str__(self) -> str:
        return f"{self.device} #{self.sequence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A scan is never changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A scan is never taken back.")

    @property
    def bound(self) -> datetime.timedelta:
        """How far `at` may be from the truth: a time after the receipt shows how wrong the clock was."""
        told = self.device_at + datetime.timedelta(milliseconds=self.offset_ms)
        return datetime.timedelta(milliseconds=self.error_ms) + abs(told - self.at)

    @property
    def told(self) -> str:
        """What the volunteer learned: from the phone itself, else from the server."""
        return self.said or self.verdict
