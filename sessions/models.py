"""What happens: halls, sessions, who speaks in them, and who was there."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee
from conference import vietnamese
from conference.models import Conference, User
from sessions.arrivals import Arrival
from sessions.feedback import Feedback, FeedbackSetting, Slip, TestAnswer, TestQuestion
from sessions.materials import Material, MaterialDownload, MaterialVersion
from sessions.releases import Release
from sessions.reports import Figure, Report, SignedSheet, Source
from sessions.signups import SignUp
from sessions.speakers import BusyTime, SpeakerProfile

# Every model of the room, wherever it is written.
__all__ = [
    "Arrival",
    "Attendance",
    "BusyTime",
    "Feedback",
    "FeedbackSetting",
    "Figure",
    "Hall",
    "Material",
    "MaterialDownload",
    "MaterialVersion",
    "Participation",
    "Release",
    "Report",
    "Session",
    "SessionQuerySet",
    "SignUp",
    "SignedSheet",
    "Slip",
    "Source",
    "SpeakerProfile",
    "TestAnswer",
    "TestQuestion",
]


class Hall(models.Model):
    """A room of the venue."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="halls", verbose_name=_("hội nghị")
    )
    name = models.CharField(_("hội trường"), max_length=120)
    capacity = models.PositiveIntegerField(_("số chỗ"), null=True, blank=True)
    # A star: between two halls people walk by way of the lobby.
    minutes_away = models.PositiveSmallIntegerField(
        _("phút đi từ sảnh đón tiếp"), default=0, validators=(MaxValueValidator(240),)
    )
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("hội trường")
        verbose_name_plural = pgettext_lazy("plural", "hội trường")
        ordering = ("position", "name")
        constraints = (models.UniqueConstraint(fields=("conference", "name"), name="hall_once"),)

    def __str__(self) -> str:
        return self.name


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Any) -> Self:
        """Sessions of the conferences on the person's desk."""
        return self.filter(conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def in_order(self) -> Self:
        return self.order_by("day", "starts", "ends", "pk")

    def with_people(self) -> Self:
        """Hall and participations, in two more queries for any number of sessions."""
        return self.select_related("hall").prefetch_related("participations")

    def signed_up_to(self) -> Self:
        """Those to which people sign up."""
        return self.filter(sign_up=True)


class Session(models.Model):
    """One item of the programme, in the wall time of the conference's zone."""

    class Kind(models.TextChoices):
        RECEPTION = "reception", _("Đón tiếp")
        CEREMONY = "ceremony", _("Nghi lễ")
        SPEECH = "speech", _("Phát biểu")
        TOPIC = "topic", _("Chuyên đề")
        TALK = "talk", _("Tham luận")
        DISCUSSION = "discussion", _("Trao đổi, thảo luận")
        BREAK = "break", _("Giải lao, nghỉ")
        SOCIAL = "social", _("Giao lưu")
        OTHER = "other", _("Việc khác")

    class Part(models.TextChoices):
        MORNING = "morning", _("Buổi sáng")
        AFTERNOON = "afternoon", _("Buổi chiều")
        EVENING = "evening", _("Buổi tối")

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="sessions", verbose_name=_("hội nghị")
    )
    code = models.SlugField(_("mã"), max_length=40)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind, default=Kind.OTHER)
    title = models.CharField(_("nội dung"), max_length=500)
    number = models.PositiveSmallIntegerField(_("chuyên đề số"), null=True, blank=True)
    day = models.DateField(_("ngày"))
    part = models.CharField(_("buổi"), max_length=10, choices=Part, editable=False)
    starts = models.TimeField(_("bắt đầu"))
    ends = models.TimeField(_("kết thúc"))
    hall = models.ForeignKey(
        Hall, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("hội trường")
    )
    expected = models.PositiveIntegerField(
        _("số người dự kiến"), null=True, blank=True, help_text=_("Để trống: mọi đại biểu đã xác nhận.")
    )
    note = models.CharField(_("người thực hiện, ghi chú"), max_length=300, blank=True)
    sign_up = models.BooleanField(_("đại biểu đăng ký trước"), default=False)
    places = models.PositiveIntegerField(
        _("số chỗ đăng ký"), null=True, blank=True, validators=(MinValueValidator(1),),
        help_text=_("Để trống: số chỗ của hội trường."),
    )  # fmt: skip
    sign_up_until = models.DateTimeField(_("đăng ký đến"), null=True, blank=True)
    self_check_in = models.BooleanField(
        _("đại biểu tự điểm danh"),
        default=False,
        help_text=_("Quét mã QR đổi liên tục trên màn hình hội trường, trong giờ của phiên."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("phiên")
        verbose_name_plural = _("phiên họp, chuyên đề")
        ordering = ("day", "starts", "pk")
        constraints = (
            models.UniqueConstraint(fields=("conference", "code"), name="session_code_once"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="session_ends_after_start",
                violation_error_message=_("Giờ kết thúc phải sau giờ bắt đầu."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.part = self.part_of_day(self.starts)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.title = vietnamese.clean(self.title)
        if not self.title:
            raise ValidationError({"title": _("Nhập nội dung của phiên.")})
        if self.sign_up and self.capacity is None:
            sentence = _("Nhập số chỗ đăng ký: phiên chưa có hội trường, hoặc hội trường chưa ghi số chỗ.")
            raise ValidationError({"places": sentence})

    @classmethod
    def part_of_day(cls, starts: datetime.time) -> Part:
        """Sáng before 12:00, chiều before 18:00, then tối."""
        if starts.hour < 12:
            return cls.Part.MORNING
        return cls.Part.AFTERNOON if starts.hour < 18 else cls.Part.EVENING

    @property
    def capacity(self) -> int | None:
        """How many people can sign up: as said, else as many as the hall holds; None where nobody knows."""
        return self.places if self.places is not None or self.hall is None else self.hall.capacity

    @property
    def is_topic(self) -> bool:
        return self.kind == self.Kind.TOPIC

    @property
    def is_break(self) -> bool:
        return self.kind == self.Kind.BREAK


class Participation(models.Model):
    """A person's part in a session: from the list of attendees, or by name alone."""

    class Role(models.TextChoices):
        OPENING = "opening", _("Khai mạc")
        SPEECH = "speech", _("Phát biểu")
        SPEAKER = "speaker", _("Báo cáo viên")
        CHAIR = "chair", _("Chủ trì")
        MODERATOR = "moderator", _("Điều hành")
        CLOSING = "closing", _("Bế mạc")

    # Who is asked whether they come; who opens and closes is settled by the organisers themselves.
    ASKED: ClassVar = (Role.SPEAKER, Role.CHAIR, Role.MODERATOR)

    class Answer(models.TextChoices):
        PENDING = "pending", _("Chưa trả lời")
        CONFIRMED = "confirmed", _("Nhận lời")
        DECLINED = "declined", _("Từ chối")

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="participations", verbose_name=_("phiên")
    )
    attendee = models.ForeignKey(
        Attendee,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("đại biểu"),
    )
    role = models.CharField(_("vai trò"), max_length=10, choices=Role, default=Role.SPEAKER)
    # A snapshot, as for attendees: the printed agenda does not change with a promotion.
    full_name = models.CharField(_("họ và tên"), max_length=120, blank=True)
    title = models.CharField(_("chức vụ"), max_length=200, blank=True)
    organisation_name = models.CharField(_("đơn vị công tác"), max_length=200, blank=True)
    is_assumed = models.BooleanField(_("giả định"), default=False, help_text=_("Chưa có nguồn xác nhận"))
    answer = models.CharField(_("trả lời"), max_length=10, choices=Answer, default=Answer.PENDING)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True, editable=False)
    decline_reason = models.CharField(_("lý do từ chối"), max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("người tham gia phiên")
        verbose_name_plural = _("báo cáo viên, chủ trì")
        ordering = ("order", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(full_name="") | ~Q(organisation_name=""),
                name="participation_names_somebody",
                violation_error_message=_("Nhập họ và tên, hoặc đơn vị công tác."),
            ),
        )

    def __str__(self) -> str:
        return self.full_name or self.organisation_name

    @property
    def is_unanswered(self) -> bool:
        """Is somebody asked to come who has not answered?"""
        return self.role in self.ASKED and self.answer == self.Answer.PENDING

    def clean(self) -> None:
        if self.attendee and not self.full_name:
            self.full_name, self.title = self.attendee.full_name, self.attendee.title
            self.organisation_name = self.organisation_name or self.attendee.organisation_name


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def in_person(self) -> Self:
        """Who came to the place: not those of whom it is only said that they attend online."""
        same = {"session": OuterRef("session"), "attendee": OuterRef("attendee")}
        here = Report.objects.filter(**same).exclude(source=Source.ONLINE)
        return self.exclude(Q(source=Source.ONLINE) & ~Exists(here))


class Attendance(models.Model):
    """The fact that a person was in a session. Certificates and reports rest on it."""

    Source = Source  # who reported it first; all that reported it: `Report`

    # What people were seen in stays.
    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances", verbose_name=_("phiên"))
    attendee = models.ForeignKey(
        Attendee, models.CASCADE, related_name="attendances", verbose_name=_("đại biểu")
    )
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    source = models.CharField(_("nguồn"), max_length=10, choices=Source, default=Source.DESK)
    recorded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi")
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt có mặt")
        verbose_name_plural = pgettext_lazy("plural", "lượt có mặt")
        ordering = ("-at",)
        constraints = (models.UniqueConstraint(fields=("session", "attendee"), name="attendance_once"),)

    def __str__(self) -> str:
        return f"{self.attendee} – {self.session}"
