"""Released versions of the programme: what was announced, when, and to be read for ever."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conference.models import Conference, User


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: Any) -> Self:
        """Releases of the conferences on the person's desk."""
        return self.filter(conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def newest_first(self) -> Self:
        return self.order_by("-number")

    def update(self, **kwargs: Any) -> int:
        raise TypeError("A release is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A release is never taken back; the next one puts it right.")


class Release(models.Model):
    """One version of the whole programme. Written by `sessions.release`, never changed, never removed."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="releases", verbose_name=gettext_lazy("hội nghị")
    )
    number = models.PositiveIntegerField(gettext_lazy("phiên bản"))
    note = models.CharField(gettext_lazy("nội dung thông báo"), max_length=500, blank=True)
    content = models.JSONField(default=dict, editable=False)  # see `sessions.snapshots`
    digest = models.CharField(max_length=64, editable=False)  # of what the organiser saw and released
    released_at = models.DateTimeField(gettext_lazy("phát hành lúc"))
    released_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=gettext_lazy("người phát hành")
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("phiên bản chương trình")
        verbose_name_plural = pgettext_lazy("plural", "phiên bản chương trình")
        ordering = ("conference", "-number")
        constraints = (
            models.UniqueConstraint(fields=("conference", "number"), name="release_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="release_counts_from_one"),
        )

    def __str__(self) -> str:
        return _("Phiên bản %s") % self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A release is never changed.")
        super().save(*args, **kwargs)
