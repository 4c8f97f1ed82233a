"""What a conference asks of people before they get a certificate, and what was decided for one of them."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee, Category
from conference.models import Conference, User
from documents import earning
from sessions.models import Session


class Wording(models.TextChoices):
    """What a certificate says that the person did."""

    ATTENDED = earning.ATTENDED, _("Tham dự")
    COMPLETED = earning.COMPLETED, _("Hoàn thành")

    @property
    def did(self) -> str:
        """As printed; papers are Vietnamese."""
        return {Wording.ATTENDED: "đã tham dự", Wording.COMPLETED: "đã hoàn thành"}[self]


def per_cent(label: Any, **options: Any) -> Any:
    """A share in whole per cent."""
    sentence = _("Nhập một số từ 0 đến 100.")
    limits = (MinValueValidator(0, sentence), MaxValueValidator(100, sentence))
    return models.PositiveSmallIntegerField(label, validators=limits, **options)


class CertificateRule(models.Model):
    """The rule of one conference; what it means is said in `documents.earning`."""

    # A key, not one to one: what belongs to a conference is counted by its reverse names.
    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="certificate_rules", editable=False
    )
    must_come = models.BooleanField(
        _("có mặt ít nhất một lần"), default=True, help_text=_("Tính cả lượt có mặt khi đón tiếp, giao lưu.")
    )
    share = per_cent(
        _("tỷ lệ có mặt tối thiểu (%)"),
        default=0,
        help_text=_("Trên số khung giờ của cả chương trình. Ghi 0 nếu không xét tỷ lệ."),
    )
    complete_share = per_cent(
        _("ghi “hoàn thành” từ tỷ lệ (%)"),
        null=True,
        blank=True,
        help_text=_("Để trống: mọi giấy chỉ ghi “tham dự”."),
    )
    mandatory = models.ManyToManyField(
        Session, blank=True, related_name="+", verbose_name=_("phiên bắt buộc")
    )
    whole_feedback = models.BooleanField(_("đã nhận phiếu đánh giá toàn hội nghị"), default=False)
    feedback_sessions = models.PositiveSmallIntegerField(
        _("số phiên đã nhận phiếu đánh giá"), default=0, help_text=_("Ghi 0 nếu không xét.")
    )
    categories = models.ManyToManyField(
        Category,
        blank=True,
        related_name="+",
        verbose_name=_("thành phần được cấp giấy"),
        help_text=_("Không chọn thành phần nào: mọi thành phần đều được cấp."),
    )

    class Meta:
        verbose_name = _("điều kiện cấp giấy chứng nhận")
        verbose_name_plural = pgettext_lazy("plural", "điều kiện cấp giấy chứng nhận")
        constraints = (
            models.UniqueConstraint(fields=("conference",), name="certificate_rule_once"),
            models.CheckConstraint(condition=Q(share__lte=100), name="certificate_share_is_per_cent"),
            models.CheckConstraint(
                condition=Q(complete_share=None)
                | (Q(complete_share__gte=F("share")) & Q(complete_share__range=(1, 100))),
                name="certificate_complete_asks_for_more",
                violation_error_message=_(
                    "Tỷ lệ để ghi “hoàn thành” không được thấp hơn tỷ lệ có mặt tối thiểu, và từ 1 đến 100."
                ),
            ),
        )

    def __str__(self) -> str:
        return str(self.conference)


class DecisionQuerySet(models.QuerySet["CertificateDecision"]):
    def newest_first(self) -> Self:
        """The first one of a person stands."""
        return self.order_by("-pk")

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("A decision is never changed: another one follows it.")


class CertificateDecision(models.Model):
    """What an organiser decided for one person, whatever the rule says. The last stands; none is changed."""

    class Decision(models.TextChoices):
        ATTENDED = earning.ATTENDED, _("Cấp giấy ghi “tham dự”")
        COMPLETED = earning.COMPLETED, _("Cấp giấy ghi “hoàn thành”")
        WITHHELD = earning.WITHHELD, _("Giữ lại, không cấp")
        BY_RULE = "by-rule", _("Theo điều kiện chung")

    attendee = models.ForeignKey(
        Attendee, models.CASCADE, related_name="certificate_decisions", verbose_name=_("đại biểu")
    )
    decision = models.CharField(_("quyết định"), max_length=10, choices=Decision)
    reason = models.CharField(_("lý do"), max_length=300)
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người quyết định")
    )
    by_name = models.CharField(_("người quyết định"), max_length=200)
    at = models.DateTimeField(_("lúc"), default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("ngoại lệ về giấy chứng nhận")
        verbose_name_plural = pgettext_lazy("plural", "ngoại lệ về giấy chứng nhận")
        ordering = ("attendee", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="certificate_decision_says_why"),)

    def __str__(self) -> str:
        return str(self.attendee)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A decision is never changed: another one follows it.")
        super().save(*args, **kwargs)
