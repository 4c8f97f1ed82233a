"""What a person decided where the scans of two doors leave a question. Kept for ever, never changed.

Who was wrong decides anew: the new decision names the one it replaces, and why; the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee
from conference.models import Conference, User
from sessions.models import Session


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Any) -> Self:
        """Decisions of the conferences on the person's desk."""
        return self.filter(session__conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def in_turn(self) -> Self:
        """As they were taken: of two on the same scans the later counts."""
        return self.order_by("pk")

    def in_force(self) -> Self:
        """Those that no later one replaces."""
        return self.filter(successors=None)

    def update(self, **kwargs: Any) -> int:
        raise TypeError("A decision is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A decision is never taken back.")


class Decision(models.Model):
    """The answer to one question about one person in one session, on the scans that were seen then.

    It settles those scans and no others: one that comes later and raises a question asks anew.
    """

    class Outcome(models.TextChoices):
        ONE = "one", _("Một người, quét ở hai cửa")
        COPIED = "copied", _("Thẻ bị sao chép, thu lại")
        IN = "in", _("Đang ở trong")
        OUT = "out", _("Đã ra")

    ABOUT_CLASHES: ClassVar = (Outcome.ONE, Outcome.COPIED)

    session = models.ForeignKey(Session, models.PROTECT, related_name="decisions", verbose_name=_("phiên"))
    attendee = models.ForeignKey(
        Attendee, models.SET_NULL, null=True, related_name="door_decisions", verbose_name=_("đại biểu")
    )
    scans = models.JSONField(_("lượt quét đã xem"))  # their ids, sorted
    # The same scans are decided on once: of two organisers who press at the same time, the first.
    # What replaces a decision answers the same question.
    question = models.CharField(max_length=64, editable=False)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", editable=False,
        verbose_name=_("thay quyết định"),
    )  # fmt: skip
    outcome = models.CharField(_("quyết định"), max_length=10, choices=Outcome)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người quyết định")
    )
    at = models.DateTimeField(_("lúc"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("quyết định tại cửa")
        verbose_name_plural = pgettext_lazy("plural", "quyết định tại cửa")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("question",), condition=Q(replaces=None), name="decision_once"),
            models.UniqueConstraint(fields=("replaces",), name="decision_replaced_once"),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(note=""), name="decision_replaced_for_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.attendee or '–'} – {self.session}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A decision is never changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    @property
    def alternatives(self) -> list[tuple[str, Any]]:
        """What else could have been decided, with the words for it."""
        kin = (
            self.ABOUT_CLASHES if self.outcome in self.ABOUT_CLASHES else (self.Outcome.IN, self.Outcome.OUT)
        )
        return [(one.value, one.label) for one in kin if one != self.outcome]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A decision is never taken back.")


def sorted_ids(scans: Iterable[str]) -> list[str]:
    """How a set of scans is kept and compared."""
    return sorted(set(scans))
