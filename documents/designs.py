"""The designs of a conference's badges and certificates: each saved one is a version that never changes.

Papers remember the version with which they were asked for or approved, so that a paper that is made again
looks as it did. A paper without one has the standard look.
"""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference.models import Conference, User
from documents import looks
from documents.looks import Look

_COLOUR = r"^#[0-9a-f]{6}$"
_LOOK = ("layout", "ink", "accent", "ground", "veil", "logo", "background", "texts")


class DesignQuerySet(models.QuerySet["Design"]):
    def visible_to(self, user: Any) -> Self:
        """Designs of the conferences that the person runs: others see papers, not how they are made."""
        return self.filter(conference__in=Conference.objects.run_by(user).values("pk"))

    def of(self, conference: Conference, paper: str) -> Self:
        """The versions of one paper, the newest first."""
        return self.filter(conference=conference, paper=paper).order_by("-number")

    def current(self, conference: Conference, paper: str) -> Design | None:
        """The version that papers asked for now will have."""
        return self.of(conference, paper).first()

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("A version of a design is never changed: another one follows it.")


class Design(models.Model):
    """One version of how one paper of one conference looks."""

    class Paper(models.TextChoices):
        BADGE = looks.BADGE, _("Thẻ đại biểu")
        CERTIFICATE = looks.CERTIFICATE, _("Giấy chứng nhận")

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="designs", verbose_name=_("hội nghị")
    )
    paper = models.CharField(_("giấy tờ"), max_length=12, choices=Paper)
    number = models.PositiveIntegerField(_("phiên bản"))
    # One press of a button makes one version, however often the browser sends it.
    key = models.UUIDField(unique=True, editable=False)
    layout = models.CharField(_("bố cục"), max_length=20)
    ink = models.CharField(_("màu chữ"), max_length=7)
    accent = models.CharField(_("màu chính"), max_length=7)
    ground = models.CharField(_("màu nền"), max_length=7)
    veil = models.PositiveSmallIntegerField(_("làm nhạt hình nền (%)"))
    logo = models.CharField(_("biểu trưng"), max_length=200, blank=True)  # a stored name
    background = models.CharField(_("hình nền"), max_length=200, blank=True)  # the same
    texts = models.JSONField(_("nội dung chữ"), default=dict)  # slot → text with places, as typed
    restores = models.PositiveIntegerField(_("lấy lại phiên bản"), null=True, blank=True)
    made_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người lưu")
    )
    made_at = models.DateTimeField(_("lưu lúc"), default=timezone.now)

    objects = DesignQuerySet.as_manager()

    class Meta:
        verbose_name = _("mẫu thiết kế")
        verbose_name_plural = pgettext_lazy("plural", "mẫu thiết kế")
        ordering = ("conference", "paper", "-number")
        constraints = (
            models.UniqueConstraint(fields=("conference", "paper", "number"), name="design_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="design_versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(ink__regex=_COLOUR, accent__regex=_COLOUR, ground__regex=_COLOUR),
                name="design_colours_are_colours",
            ),
            models.CheckConstraint(condition=Q(veil__lte=100), name="design_veil_is_per_cent"),
        )

    def __str__(self) -> str:
        return str(_("%(paper)s, phiên bản %(n)s")) % {"paper": self.get_paper_display(), "n": self.number}

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A version of a design is never changed: another one follows it.")
        super().save(*args, **kwargs)

    @property
    def look(self) -> Look:
        """What this version says, as papers take it."""
        return Look(self.paper, **{name: getattr(self, name) for name in _LOOK})


def look_of(design: Design | None, paper: str) -> Look:
    """The look of a paper that remembers this version, or none."""
    return design.look if design else looks.standard(paper)
