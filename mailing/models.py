"""What is sent: templates, batches, letters with their state, attempts, and the switch that stops it all."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conference import vietnamese
from conference.leases import Leased
from conference.models import Conference, User
from mailing import kinds


class MessageTemplate(models.Model):
    """The text of one kind of letter in one conference, where it is not that of the kind."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="message_templates")
    kind = models.CharField(_("loại thư"), max_length=30)
    subject = models.CharField(_("tiêu đề"), max_length=200)
    body = models.TextField(_("nội dung"), max_length=20_000)

    class Meta:
        verbose_name = _("mẫu thư")
        verbose_name_plural = pgettext_lazy("plural", "mẫu thư")
        ordering = ("kind",)
        constraints = (models.UniqueConstraint(fields=("conference", "kind"), name="template_once"),)

    def __str__(self) -> str:
        return kinds.title_of(self.kind)


class HoldQuerySet(models.QuerySet["Hold"]):
    def over(self, conference: Any) -> Self:
        """What stops the letters of a conference: its own hold, and that of the whole installation."""
        return self.filter(Q(conference=None) | Q(conference=conference))


class Hold(models.Model):
    """Nothing leaves while this row is there. Without a conference: nothing at all."""

    conference = models.ForeignKey(
        Conference, models.CASCADE, null=True, blank=True, related_name="holds", verbose_name=_("hội nghị")
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người dừng"))
    at = models.DateTimeField(_("dừng lúc"), default=timezone.now)
    reason = models.CharField(_("lý do"), max_length=300)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("lệnh dừng gửi thư")
        verbose_name_plural = pgettext_lazy("plural", "lệnh dừng gửi thư")
        constraints = (models.UniqueConstraint(Coalesce("conference", 0), name="hold_once"),)

    def __str__(self) -> str:
        return gettext("Dừng gửi thư: %(where)s") % {"where": self.conference or gettext("mọi hội nghị")}


class State(models.TextChoices):
    """How far a letter is."""

    DRAFT = "draft", _("Chờ duyệt")
    APPROVED = "approved", _("Đã duyệt, chờ gửi")
    SENDING = "sending", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")
    CANCELLED = "cancelled", _("Đã hủy")


class MailingQuerySet(models.QuerySet["Mailing"]):
    def visible_to(self, user: Any) -> Self:
        """Batches of the desks that the person may see."""
        return self.filter(conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def with_counts(self) -> Self:
        """Adds `total` and a count for each state: `draft`, `approved`, `sending`, `sent`, …"""
        counts = {state.value: Count("messages", filter=Q(messages__state=state)) for state in State}
        return self.annotate(total=Count("messages"), **counts)


class Mailing(models.Model):
    """Letters that were drafted together: one press of a button, one kind, one moment to leave."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="mailings")
    kind = models.CharField(_("loại thư"), max_length=30)
    title = models.CharField(_("tên đợt"), max_length=200)
    # The same press, sent twice by a browser, drafts nothing twice.
    key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    send_after = models.DateTimeField(_("gửi từ lúc"), null=True, blank=True)
    created_at = models.DateTimeField(_("soạn lúc"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("người soạn")
    )

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt thư")
        verbose_name_plural = pgettext_lazy("plural", "đợt thư")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Any) -> Self:
        """Letters of the desks that the person may see."""
        return self.filter(conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def about(self, *subject_refs: str) -> Self:
        """Letters about one of these rows, named as in the journal."""
        return self.filter(subject_ref__in=subject_refs)

    def not_held(self) -> Self:
        return self.filter(~Exists(Hold.objects.over(OuterRef("conference"))))

    def due(self) -> Self:
        """Approved, or left behind by a worker; nothing stops them, and their hour has come.

        A demonstration has a clock that stands still: its letters wait for that one.
        """
        clock = Conference.objects.filter(pk=OuterRef("conference")).values("demo_now")
        now = Coalesce(Subquery(clock), Value(timezone.now(), models.DateTimeField()))
        its_hour = Q(send_after=None) | Q(send_after__lte=now)
        return self.not_held().filter(its_hour, state__in=Message.MOVING)


class Message(Leased):
    """One letter to one recipient, who may have several addresses. The row is the truth of its sending.

    The text is put together from the template as it was when the letter was drafted and from plain values.
    What nobody may read in a copy of the database (`secrets`) is fetched when the letter leaves.
    """

    State = State
    MOVING: ClassVar = (State.APPROVED, State.SENDING)
    ENDED: ClassVar = (State.SENT, State.FAILED, State.CANCELLED)

    mailing = models.ForeignKey(
        Mailing, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name=_("đợt thư")
    )
    conference = models.ForeignKey(Conference, models.CASCADE, related_name="messages")
    kind = models.CharField(_("loại thư"), max_length=30)
    # Whom it is about, as the journal names rows: "attendees.delegation:17". Rooms above know what it means.
    subject_ref = models.CharField(max_length=80, blank=True, editable=False)
    subject_name = models.CharField(_("gửi cho"), max_length=300)
    to = models.JSONField(_("địa chỉ"), default=list)
    recipient_name = models.CharField(_("người nhận"), max_length=200, blank=True)
    subject_template = models.CharField(_("tiêu đề"), max_length=200)
    body_template = models.TextField(_("nội dung"))
    values = models.JSONField(default=dict)  # place → plain text
    secrets = models.JSONField(default=dict)  # place → key of the row that `MAIL_SECRETS` asks for its value
    attachments = models.JSONField(default=list)  # [maker in `MAIL_ATTACHMENTS`, key of its row], …
    # Of `MAIL_CONDITIONS`, asked before it leaves: "owes", or with the key of a row "place:17".
    condition = models.CharField(max_length=30, blank=True)
    message_id = models.CharField("Message-ID", max_length=120, unique=True, editable=False)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.DRAFT)
    send_after = models.DateTimeField(_("gửi từ lúc"), null=True, blank=True)
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người duyệt")
    )
    created_at = models.DateTimeField(_("soạn lúc"), default=timezone.now, editable=False)
    # What has come of it so far: addresses for which the server took the letter, or refused it and why.
    reached = models.JSONField(default=list)
    refused = models.JSONField(default=dict)
    sent_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    error = models.CharField(_("lý do"), max_length=500, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("thư")
        verbose_name_plural = _("hộp thư đi")
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("state", "rung_at"), name="message_to_sweep"),
            models.Index(fields=("subject_ref",), name="message_by_subject"),
            models.Index(fields=("conference", "state"), name="message_by_state"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False)
                | (~Q(state=State.SENT) & Q(sent_at=None)),
                name="message_sent_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.APPROVED, State.SENDING, State.SENT, State.FAILED))
                | Q(approved_at__isnull=False),
                name="message_leaves_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENDING) | Q(token__isnull=False), name="message_sending_is_held"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.FAILED, State.CANCELLED)) | ~Q(error=""),
                name="message_stopped_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{kinds.title_of(self.kind)} – {self.subject_name}"

    @property
    def is_moving(self) -> bool:
        return self.state in self.MOVING

    @property
    def addresses(self) -> str:
        return ", ".join(self.to)

    @property
    def masked_addresses(self) -> str:
        """As the desk shows them."""
        return ", ".join(map(vietnamese.mask_email, self.to))


class Attempt(models.Model):
    """One try to hand a letter over. Begun before, so that a worker which was killed leaves its trace."""

    class Outcome(models.TextChoices):
        BEGUN = "begun", _("Không rõ kết quả")
        SENT = "sent", _("Máy chủ thư đã nhận")
        LATER = "later", _("Chưa gửi được, sẽ gửi lại")
        WAITING = "waiting", _("Phải chờ")
        FAILED = "failed", _("Không gửi được")
        CANCELLED = "cancelled", _("Không gửi nữa")

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    begun_at = models.DateTimeField(_("lúc"), default=timezone.now)
    ended_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    outcome = models.CharField(_("kết quả"), max_length=10, choices=Outcome, default=Outcome.BEGUN)
    said = models.CharField(_("chi tiết"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("lần gửi")
        verbose_name_plural = pgettext_lazy("plural", "lần gửi")
        ordering = ("begun_at", "pk")

    def __str__(self) -> str:
        return f"{self.begun_at:%d/%m/%Y %H:%M} {self.get_outcome_display()}"
