"""Who comes in without an account: personal links, and what attendees ask to have put right."""

from __future__ import annotations

import secrets
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference, User


def new_nonce() -> str:
    """What the token of a link is derived from: 128 random bits."""
    return secrets.token_hex(16)


class LinkQuerySet(models.QuerySet["Link"]):
    def good(self) -> Self:
        """Not withdrawn and not over."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class Link(models.Model):
    """A personal link: one purpose, one delegation or one person, until a moment, or until it is withdrawn.

    The token is not stored. It is derived from `nonce` with the secret key of the installation, so that a
    letter can be sent again, and is recognised by its SHA-256: a copy of the database opens nothing.
    """

    class Purpose(models.TextChoices):
        ANSWER = "answer", _("Trả lời của đoàn")
        PERSON = "person", _("Trang của đại biểu")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="links")
    purpose = models.CharField(_("dùng để"), max_length=10, choices=Purpose)
    delegation = models.ForeignKey(
        "attendees.Delegation", models.CASCADE, null=True, blank=True, related_name="links",
        verbose_name=_("đoàn"),
    )  # fmt: skip
    attendee = models.ForeignKey(
        "attendees.Attendee", models.CASCADE, null=True, blank=True, related_name="links",
        verbose_name=_("đại biểu"),
    )  # fmt: skip
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("dùng được đến"))
    created_at = models.DateTimeField(_("lập lúc"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("người lập")
    )
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True, editable=False)
    uses = models.PositiveIntegerField(_("số lần mở"), default=0, editable=False)
    last_used_at = models.DateTimeField(_("mở lần cuối"), null=True, blank=True, editable=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("liên kết")
        verbose_name_plural = pgettext_lazy("plural", "liên kết")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(purpose="answer", delegation__isnull=False, attendee=None)
                | Q(purpose="person", attendee__isnull=False, delegation=None),
                name="link_for_one",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="link_ends_after_start"),
        )

    def __str__(self) -> str:
        if self.purpose == self.Purpose.ANSWER:
            return _("Liên kết của đoàn %s") % self.delegation
        return _("Liên kết của %s") % self.attendee

    @property
    def is_good(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def state(self) -> str:
        """ "good", "over" or "revoked"."""
        if self.revoked_at is not None:
            return "revoked"
        return "good" if self.is_good else "over"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: Any) -> Self:
        """Requests that reach the desks which the person may see."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(attendee__conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def waiting(self) -> Self:
        return self.filter(state=Correction.State.WAITING)


class Correction(models.Model):
    """An attendee asks that something be put right, or all of it be erased (law 91/2025/QH15)."""

    class Kind(models.TextChoices):
        CORRECT = "correct", _("Sửa thông tin")
        ERASE = "erase", _("Xóa dữ liệu")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ xử lý")
        DONE = "done", _("Đã sửa")
        REFUSED = "refused", _("Không thực hiện")

    attendee = models.ForeignKey(
        "attendees.Attendee", models.CASCADE, related_name="corrections", verbose_name=_("đại biểu")
    )
    kind = models.CharField(_("đề nghị gì"), max_length=10, choices=Kind, default=Kind.CORRECT)
    # Field → what it should be; and whatever fits no field.
    wanted = models.JSONField(_("đề nghị"), default=dict)
    text = models.CharField(_("nội dung"), max_length=1000, blank=True)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("gửi lúc"), default=timezone.now)
    settled_at = models.DateTimeField(_("xử lý lúc"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người xử lý")
    )
    remark = models.CharField(_("trả lời"), max_length=500, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị sửa")
        verbose_name_plural = pgettext_lazy("plural", "đề nghị sửa")
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return str(self.attendee)
