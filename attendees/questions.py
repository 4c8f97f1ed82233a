"""Questions that an organiser invents, for a delegation or each person. Answers stand in their `extra`."""

from __future__ import annotations

import datetime
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference import vietnamese
from conference.models import Conference

if TYPE_CHECKING:
    from attendees.models import Delegation

SLUG_STEM = 32  # characters; a number may follow


class QuestionQuerySet(models.QuerySet["Question"]):
    def asked(self) -> Self:
        """Those that are put to people now."""
        return self.filter(is_active=True)

    def for_people(self) -> Self:
        return self.filter(subject=Question.Subject.PERSON)


class Question(models.Model):
    """One question of one conference."""

    class Subject(models.TextChoices):
        DELEGATION = "delegation", _("Cả đoàn")
        PERSON = "person", _("Từng đại biểu")

    class Kind(models.TextChoices):
        TEXT = "text", _("Dòng chữ")
        LONG_TEXT = "long", _("Đoạn văn")
        NUMBER = "number", _("Số")
        DATE = "date", _("Ngày")
        TIME = "time", _("Giờ")
        CHOICE = "choice", _("Chọn một")
        CHOICES = "choices", _("Chọn nhiều")
        YES_NO = "yesno", _("Có hoặc không")
        FILE = "file", _("Tệp")
        PHONE = "phone", _("Số điện thoại")

    class Topic(models.TextChoices):
        OTHER = "", _("Khác")
        TRAVEL = "travel", _("Đi lại, ăn, nghỉ")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="questions")
    subject = models.CharField(_("hỏi"), max_length=10, choices=Subject, default=Subject.PERSON)
    slug = models.SlugField(_("mã"), max_length=40)
    label = models.CharField(_("câu hỏi"), max_length=200)
    help_text = models.CharField(_("hướng dẫn"), max_length=300, blank=True)
    kind = models.CharField(_("dạng trả lời"), max_length=10, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField(_("các lựa chọn"), default=list, blank=True)
    topic = models.CharField(_("nhóm"), max_length=10, choices=Topic, default=Topic.OTHER, blank=True)
    is_required = models.BooleanField(_("bắt buộc"), default=False)
    # Health and diet are sensitive data (decree 356/2025/NĐ-CP): said so, and never required.
    is_sensitive = models.BooleanField(_("dữ liệu nhạy cảm"), default=False)
    answer_by = models.DateTimeField(_("hạn trả lời"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang hỏi"), default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("câu hỏi")
        verbose_name_plural = pgettext_lazy("plural", "câu hỏi")
        ordering = ("subject", "position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("conference", "slug"), name="question_once"),
            models.CheckConstraint(
                condition=~models.Q(is_required=True, is_sensitive=True),
                name="question_sensitive_is_optional",
                violation_error_message=_("Câu hỏi về dữ liệu nhạy cảm không được bắt buộc trả lời."),
            ),
        )

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or self._free_slug()
        super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        """A name for the answers, from the words of the question; it outlives a change of the words."""
        stem = vietnamese.fold(self.label).replace(" ", "-")[:SLUG_STEM].strip("-") or "cau-hoi"
        known = set(self.conference.questions.values_list("slug", flat=True))
        names = chain([stem], (f"{stem}-{number}" for number in count(2)))
        return next(name for name in names if name not in known)

    def deadline(self, of: Delegation | None = None) -> datetime.datetime:
        """Its own, else the list's, in the conference's zone. `of`: whose list, which may have more time."""
        general = of.deadline if of else self.conference.confirm_by
        return (self.answer_by or general).astimezone(self.conference.zone)

    def is_open(self, of: Delegation | None = None) -> bool:
        return self.is_active and self.conference.now() <= self.deadline(of)
