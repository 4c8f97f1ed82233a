"""The components of delegations, the colour band of their badges, and the seats that each delegation has."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference, OrganisationKind, Unit


class Band(models.TextChoices):
    """The colour band of a badge: always colour, shape and word."""

    LEADER = "leader", _("Chủ trì")
    DELEGATE = "delegate", _("Đại biểu")
    SPEAKER = "speaker", _("Báo cáo viên")
    GUEST = "guest", _("Khách mời")
    PRESS = "press", _("Báo chí")
    STAFF = "staff", _("Ban Tổ chức")
    SERVICE = "service", _("Phục vụ")


class CategoryQuerySet(models.QuerySet["Category"]):
    def with_local_seats(self) -> Self:
        """The components of which a new delegation of a unit gets seats."""
        return self.filter(is_central=False, default_seats__gt=0)


class Category(models.Model):
    """A component of the delegations (thành phần): which body sends how many people, under which band."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="categories")
    slug = models.SlugField(_("mã"), max_length=40)
    name = models.CharField(_("thành phần"), max_length=120)
    short_name = models.CharField(_("tên ngắn"), max_length=40)
    band = models.CharField(_("dải màu thẻ"), max_length=10, choices=Band, default=Band.DELEGATE)
    organisation_kind = models.ForeignKey(
        OrganisationKind, models.PROTECT, null=True, blank=True, verbose_name=_("loại cơ quan")
    )
    default_seats = models.PositiveSmallIntegerField(_("số suất mỗi đoàn"), default=1)
    needs_border_guard = models.BooleanField(_("chỉ nơi có Bộ đội Biên phòng"), default=False)
    is_central = models.BooleanField(_("khối Trung ương"), default=False)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    # Seats that delegations gave back and the organisers have not handed out yet.
    pool = models.PositiveSmallIntegerField(_("suất dự phòng"), default=0, editable=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("thành phần")
        verbose_name_plural = pgettext_lazy("plural", "thành phần")
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("conference", "slug"), name="category_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def counts_as_delegates(self) -> bool:
        """Organisers and service people stand on lists and wear badges, but are no delegates."""
        return self.band not in (Band.STAFF, Band.SERVICE)

    def seats_for(self, unit: Unit) -> int:
        """Seats of this component in a unit's delegation: none for border guards where there are none."""
        if self.is_central or (self.needs_border_guard and not unit.has_border_guard):
            return 0
        return self.default_seats


class Quota(models.Model):
    """Seats of one component in one delegation."""

    delegation = models.ForeignKey(
        "attendees.Delegation", models.CASCADE, related_name="quotas", verbose_name=_("đoàn")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="quotas", verbose_name=_("thành phần")
    )
    seats = models.PositiveSmallIntegerField(_("số suất"))
    declined = models.PositiveSmallIntegerField(_("không cử"), default=0)
    decline_reason = models.CharField(_("lý do"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("suất phân bổ")
        verbose_name_plural = pgettext_lazy("plural", "suất phân bổ")
        ordering = ("delegation", "category__position")
        constraints = (
            models.UniqueConstraint(fields=("delegation", "category"), name="quota_once"),
            models.CheckConstraint(condition=Q(declined__lte=F("seats")), name="quota_declined_within_seats"),
        )

    def __str__(self) -> str:
        return f"{self.category}: {self.seats}"

    @property
    def open_seats(self) -> int:
        """Seats that may be filled."""
        return self.seats - self.declined
