"""What speakers say of themselves: to everybody once it is approved, and to the organisers."""

from __future__ import annotations

import secrets
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee
from conference.models import Conference, User

LONGEST_BIOGRAPHY, LONGEST_NEEDS = 3000, 1000
CONTENT = ("title", "organisation_name", "biography", "photo")  # what is approved before anybody reads it


def new_speaker_code() -> str:
    """What stands in the public address: it leads to no badge, no link and no other person."""
    return secrets.token_hex(5)


class SpeakerProfileQuerySet(models.QuerySet["SpeakerProfile"]):
    def visible_to(self, user: Any) -> Self:
        """Speakers of the conferences on the person's desk."""
        return self.filter(attendee__conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def public(self) -> Self:
        """Approved, of conferences that everybody may read about, of people who still come."""
        return self.filter(
            approved_at__isnull=False,
            attendee__conference__in=Conference.objects.public().values("pk"),
            attendee__status__in=Attendee.ACTIVE,
        )

    def waiting(self) -> Self:
        return self.filter(state=SpeakerProfile.State.WAITING)


class SpeakerProfile(models.Model):
    """One speaker. The columns of `CONTENT` are what was approved; `proposed` is what was sent since."""

    class State(models.TextChoices):
        NONE = "none", _("Chưa gửi")
        WAITING = "waiting", _("Chờ duyệt")
        RETURNED = "returned", _("Trả lại")
        APPROVED = "approved", _("Đã duyệt")

    attendee = models.OneToOneField(
        Attendee, models.CASCADE, related_name="speaker_profile", verbose_name=_("đại biểu")
    )
    code = models.SlugField(max_length=10, unique=True, default=new_speaker_code, editable=False)
    title = models.CharField(_("chức vụ"), max_length=200, blank=True)
    organisation_name = models.CharField(_("đơn vị công tác"), max_length=200, blank=True)
    biography = models.TextField(_("giới thiệu"), max_length=LONGEST_BIOGRAPHY, blank=True)
    photo = models.CharField(_("ảnh"), max_length=200, blank=True)  # a stored name
    proposed = models.JSONField(_("nội dung gửi"), default=dict, blank=True)
    proposed_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.NONE)
    remark = models.CharField(_("nhận xét"), max_length=500, blank=True)
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người duyệt")
    )
    needs = models.TextField(_("yêu cầu phục vụ"), max_length=LONGEST_NEEDS, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SpeakerProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("giới thiệu báo cáo viên")
        verbose_name_plural = pgettext_lazy("plural", "giới thiệu báo cáo viên")
        ordering = ("attendee__sort_key", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False), name="speaker_approved_at"
            ),
        )

    def __str__(self) -> str:
        return str(self.attendee)

    @property
    def is_public(self) -> bool:
        return self.approved_at is not None

    @property
    def approved(self) -> dict[str, str]:
        """What everybody may read; nothing before the first approval."""
        return {name: getattr(self, name) if self.is_public else "" for name in CONTENT}

    @property
    def latest(self) -> dict[str, str]:
        """What the speaker wrote last, approved or not."""
        return {**self.approved, **self.proposed}


class BusyTime(models.Model):
    """When a speaker cannot be in the hall, in the wall time of the conference."""

    profile = models.ForeignKey(SpeakerProfile, models.CASCADE, related_name="busy_times")
    day = models.DateField(_("ngày"))
    starts = models.TimeField(_("từ"))
    ends = models.TimeField(_("đến"))

    class Meta:
        verbose_name = _("thời gian bận")
        verbose_name_plural = pgettext_lazy("plural", "thời gian bận")
        ordering = ("day", "starts", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="busy_ends_after_start"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.starts}–{self.ends}"
