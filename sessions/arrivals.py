"""Several people of one delegation received by one press, and what they were given."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee, Delegation
from conference.models import User

MOST_KITS = 500


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def kits(self) -> int:
        """How many kits were handed out in all."""
        return self.aggregate(total=models.Sum("kits"))["total"] or 0


class Arrival(models.Model):
    """One press at the reception: how many people it wrote down, how many kits went to whom."""

    delegation = models.ForeignKey(
        Delegation, models.CASCADE, related_name="arrivals", verbose_name=_("đoàn")
    )
    session = models.ForeignKey(
        "thematic.Session", models.PROTECT, related_name="arrivals", verbose_name=_("phiên")
    )
    people = models.PositiveSmallIntegerField(_("số người"), default=0)
    kits = models.PositiveSmallIntegerField(
        _("số bộ tài liệu"), default=0, validators=(MaxValueValidator(MOST_KITS),)
    )
    taken_by = models.ForeignKey(
        Attendee, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người nhận")
    )
    taken_by_name = models.CharField(_("người nhận"), max_length=120, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi")
    )
    # One filled form makes one row, however often the browser sends it.
    request_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt đón đoàn")
        verbose_name_plural = pgettext_lazy("plural", "lượt đón đoàn")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(people__gt=0) | Q(kits__gt=0) | ~Q(note=""), name="arrival_says_something"
            ),
        )

    def __str__(self) -> str:
        return str(self.delegation)
