"""Who signed up to which session: a place that is taken, or one in the queue for it."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee, counted
from conference.models import Conference


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def visible_to(self, user: Any) -> Self:
        """Sign-ups of the conferences on the person's desk."""
        return self.filter(attendee__conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def of(self, conference: Conference, *codes: str) -> Self:
        """Those of a conference; with codes, those to these sessions."""
        rows = self.filter(attendee__conference=conference)
        return rows.filter(code__in=codes) if codes else rows

    def active(self) -> Self:
        """Of people who still come: a row of anybody else holds no place, until it is cleared away."""
        return self.filter(attendee__status__in=Attendee.ACTIVE)

    def taken(self) -> Self:
        return self.filter(state=SignUp.State.TAKEN)

    def waiting(self) -> Self:
        return self.filter(state=SignUp.State.WAITING)

    def in_turn(self) -> Self:
        """The queue: who came first stands first. Rows are made under the lock of their session."""
        return self.order_by("pk")

    def with_turn(self) -> Self:
        """Adds `turn`: the place in the queue, from 1; for who has a place it tells nothing."""
        same = {"code": OuterRef("code"), "attendee__conference": OuterRef("attendee__conference")}
        ahead = SignUp.objects.waiting().active().filter(pk__lte=OuterRef("pk"), **same)
        return self.annotate(turn=counted(ahead, "code", models.Count("pk")))


class SignUp(models.Model):
    """One person's place in one session, or in the queue for it. Written by `sessions.signing_up` alone.

    The session is named by its code, as versions of the programme name it: people sign up to what was
    announced, and that outlives the row of the plan. A session that organisers strike out of the plan still
    stands in the programme that everybody reads; its people are known until the next version has told them.
    A row that is given up is deleted; the journal keeps what it was.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("Có chỗ")
        WAITING = "waiting", _("Chờ chỗ")

    attendee = models.ForeignKey(
        Attendee, models.CASCADE, related_name="sign_ups", verbose_name=_("đại biểu")
    )
    code = models.SlugField(_("mã phiên"), max_length=40)
    state = models.CharField(_("tình trạng đăng ký"), max_length=10, choices=State)
    made_at = models.DateTimeField(_("đăng ký lúc"), default=timezone.now)
    made_by = models.CharField(_("người đăng ký"), max_length=200)

    objects = SignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("đăng ký phiên")
        verbose_name_plural = pgettext_lazy("plural", "đăng ký phiên")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("attendee", "code"), name="sign_up_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=("taken", "waiting")), name="sign_up_taken_or_waiting"
            ),
        )
        indexes = (models.Index(fields=("code", "state"), name="sign_up_by_session"),)

    def __str__(self) -> str:
        return str(self.attendee)
