"""What is known of badges after they were printed: what each said, and which delegation took them away."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee, Delegation
from conference.models import User


class BadgePrint(models.Model):
    """A badge in a run: what stood on it, as a hash. Another hash later: it has to be printed anew."""

    document = models.ForeignKey("documents.Document", models.CASCADE, related_name="badge_prints")
    attendee = models.ForeignKey(Attendee, models.CASCADE, related_name="badge_prints")
    face = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("thẻ đã in")
        verbose_name_plural = pgettext_lazy("plural", "thẻ đã in")
        constraints = (models.UniqueConstraint(fields=("document", "attendee"), name="badge_print_once"),)

    def __str__(self) -> str:
        return f"{self.document_id} {self.attendee_id}"


class BadgeHandover(models.Model):
    """Badges that somebody of a delegation took away, with the paper that was signed for them."""

    delegation = models.ForeignKey(
        Delegation, models.CASCADE, related_name="badge_handovers", verbose_name=_("đoàn")
    )
    cards = models.PositiveSmallIntegerField(_("số thẻ"))
    received_by = models.CharField(_("người nhận"), max_length=200)
    at = models.DateTimeField(_("giao lúc"), default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người giao"))
    by_name = models.CharField(_("người giao"), max_length=200)
    # One press of a button writes one line, however often the browser sends it.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("lần giao thẻ")
        verbose_name_plural = pgettext_lazy("plural", "lần giao thẻ")
        ordering = ("delegation", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(cards__gt=0) & ~Q(received_by=""), name="badge_handover_says_what_to_whom"
            ),
        )

    def __str__(self) -> str:
        return f"{self.delegation} {self.cards}"
