"""Who gets the page for a leader by mail on each morning of a conference."""

from __future__ import annotations

import hashlib
import json

from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.models import Conference


class MorningLetterQuerySet(models.QuerySet["MorningLetter"]):
    def wanted(self) -> MorningLetterQuerySet:
        """Those with somebody to write to."""
        return self.exclude(addresses=[])


class MorningLetter(models.Model):
    """What the organisers of one conference asked for."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="morning_letters", verbose_name=_("hội nghị")
    )
    addresses = models.JSONField(_("địa chỉ nhận"), default=list, blank=True)
    # At seven nobody sits at the desk. Who ticks this approves beforehand, of these addresses and no others.
    without_approval = models.BooleanField(_("gửi không chờ duyệt"), default=False)

    objects = MorningLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("thư buổi sáng")
        verbose_name_plural = _("thư buổi sáng")
        constraints = (models.UniqueConstraint(fields=("conference",), name="morning_letter_once"),)

    def __str__(self) -> str:
        return str(self.conference)

    @property
    def shown(self) -> str:
        """What a form shows of it, to be compared when the form comes back."""
        told = json.dumps([self.addresses, self.without_approval])
        return hashlib.sha256(told.encode()).hexdigest()[:16]
