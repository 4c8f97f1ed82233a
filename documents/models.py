"""What is printed: requests for papers and their state, letters and certificates."""

from __future__ import annotations

import secrets
import uuid
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee, Delegation
from conference import journal, leases, vietnamese_dates
from conference.guests import Guest
from conference.models import Conference, User
from documents.badge_ledger import BadgeHandover, BadgePrint
from documents.batches import CertificateBatch, CertificateBatchLine
from documents.designs import Design
from documents.issued_files import CertificateFile
from documents.mornings import MorningLetter
from documents.numbering import LONGEST_NUMBER, NumberSeries
from documents.rules import CertificateDecision, CertificateRule, Wording

# Every model of the room, wherever it is written.
__all__ = [
    "BadgeHandover",
    "BadgePrint",
    "Certificate",
    "CertificateBatch",
    "CertificateBatchLine",
    "CertificateDecision",
    "CertificateFile",
    "CertificateRule",
    "Design",
    "Document",
    "DocumentPart",
    "Letter",
    "MorningLetter",
    "NumberSeries",
    "Wording",
]


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: Any) -> Self:
        """Letters of the desks that the person may see, and those to the own delegations."""
        return self.filter(delegation__in=Delegation.objects.visible_to(user).values("pk"))

    def current(self) -> Self:
        return self.filter(withdrawn_at=None)


class Letter(models.Model):
    """An outgoing letter to one delegation, with its number. It is never edited: it is withdrawn."""

    class Kind(models.TextChoices):
        INVITATION = "giay-moi", _("Giấy mời")
        REQUEST = "cong-van", _("Công văn cử đại biểu")

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="letters", verbose_name=_("hội nghị")
    )
    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="letters", verbose_name=_("đoàn"))
    kind = models.CharField(_("loại văn bản"), max_length=10, choices=Kind)
    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="letters", verbose_name=_("dãy số"))
    number = models.PositiveIntegerField(_("số"))
    full_number = models.CharField(_("số, ký hiệu"), max_length=100)
    issued_on = models.DateField(_("ngày ban hành"))
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người lập")
    )
    issued_at = models.DateTimeField(_("lập lúc"), default=timezone.now)
    # What the letter says, as it was issued (documents/wording.py): a number never stands for two texts.
    content = models.JSONField(default=dict)
    withdrawn_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)
    reason = models.CharField(_("lý do thu hồi"), max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("văn bản mời")
        verbose_name_plural = pgettext_lazy("plural", "văn bản mời")
        ordering = ("series", "number")
        constraints = (
            models.UniqueConstraint(fields=("series", "number"), name="letter_number_once"),
            models.UniqueConstraint(
                fields=("delegation", "kind"), condition=Q(withdrawn_at=None), name="letter_one_current"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.full_number}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(attendee__in=Attendee.objects.visible_to(user).values("pk"))

    def valid(self) -> Self:
        return self.filter(state=Certificate.State.VALID)


def new_certificate_code() -> str:
    from attendees import codes  # named here so that migrations can point at this function

    return codes.new_certificate_code()


class Certificate(models.Model):
    """A certificate given to one person, as printed. It is never edited: it is replaced or revoked."""

    class State(models.TextChoices):
        VALID = "valid", _("Có giá trị")
        REPLACED = "replaced", _("Đã thay bằng bản khác")
        REVOKED = "revoked", _("Đã thu hồi")

    attendee = models.ForeignKey(
        Attendee, models.PROTECT, related_name="certificates", verbose_name=_("đại biểu")
    )
    series = models.ForeignKey(
        NumberSeries, models.PROTECT, related_name="certificates", verbose_name=_("dãy số")
    )
    number = models.PositiveIntegerField(_("số"))
    full_number = models.CharField(_("số, ký hiệu"), max_length=LONGEST_NUMBER)  # as printed
    batch = models.ForeignKey(
        CertificateBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
        verbose_name=_("đợt cấp"),
    )
    # How it looks, whenever a file of it is made; without one it has the standard look.
    design = models.ForeignKey(
        Design, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("mẫu thiết kế")
    )
    code = models.CharField(
        _("mã kiểm tra"), max_length=16, unique=True, default=new_certificate_code, editable=False
    )
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.VALID)
    issued_on = models.DateField(_("ngày cấp"))
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người cấp")
    )
    issued_at = models.DateTimeField(_("cấp lúc"), default=timezone.now)
    # As printed.
    honorific = models.CharField(_("danh xưng"), max_length=10, blank=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    title = models.CharField(_("chức vụ"), max_length=300, blank=True)
    organisation_name = models.CharField(_("đơn vị"), max_length=200, blank=True)
    wording = models.CharField(_("ghi nhận"), max_length=10, choices=Wording, default=Wording.ATTENDED)
    said = models.JSONField(default=dict, db_default={}, editable=False)  # `documents.batches.said_of`
    grounds = models.TextField(_("căn cứ cấp"), blank=True)  # the rule in words, as it stood; inside only
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by", verbose_name=_("thay cho")
    )
    ended_at = models.DateTimeField(_("hết giá trị lúc"), null=True, blank=True)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)  # never shown in public
    # How often the check page was asked for its code, and when last; the desk alone sees it.
    asked = models.PositiveIntegerField(_("số lần kiểm tra"), default=0, editable=False)
    asked_at = models.DateTimeField(_("kiểm tra gần nhất"), null=True, blank=True, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy chứng nhận")
        verbose_name_plural = pgettext_lazy("plural", "giấy chứng nhận")
        ordering = ("series", "number")
        constraints = (
            models.UniqueConstraint(fields=("series", "number"), name="certificate_number_once"),
            models.UniqueConstraint(
                fields=("attendee",), condition=Q(state="valid"), name="certificate_one_valid"
            ),
            models.UniqueConstraint(fields=("series", "full_number"), name="certificate_full_number_once"),
            models.UniqueConstraint(fields=("batch", "attendee"), name="certificate_once_of_a_batch"),
        )

    def __str__(self) -> str:
        return f"{self.full_number} {self.full_name}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Any) -> Self:
        """Papers of the desks that the person may see, and those of the own delegations; a guest's receipts.

        A paper with personal links on it would let an onlooker answer: it is for those who may do that. One
        with the contacts of focal points is for those who may read them.
        """
        if isinstance(user, Guest):
            return self.filter(kind=RECEIPT, delegation__in=Delegation.objects.visible_to(user).values("pk"))
        if not user.is_authenticated:
            return self.none()
        desks = Conference.objects.on_desk_of(user).values("pk")
        run = Conference.objects.run_by(user).values("pk")
        mine = Delegation.objects.answered_by(user).values("pk")
        seen = Q(conference__in=desks, holds_links=False) | Q(conference__in=run)
        return self.filter(seen | Q(delegation__in=mine))

    def moving(self) -> Self:
        """Waiting or being made."""
        return self.filter(state__in=Document.MOVING)

    def with_progress(self) -> Self:
        """Adds `done`: for how many of `total` people it is made; `tried`: how often what waits was."""
        done = Sum("parts__total", filter=Q(parts__state=DocumentPart.State.DONE))
        tried = Max("parts__attempts", filter=Q(parts__state=DocumentPart.State.QUEUED))
        return self.annotate(done=Coalesce(done, 0), tried=Coalesce(tried, 0))


RECEIPT = "receipt"  # the kind that a guest may have
MORNING = "morning"  # the kind that is made by itself on each day of the conference


def new_public_id() -> str:
    return secrets.token_urlsafe(12)


class Document(leases.Leased):
    """A request for a file, and what became of it. The row is the truth; the queue only rings the bell.

    It is leased by whoever joins its parts.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Đang chờ")
        RUNNING = "running", _("Đang làm")
        READY = "ready", _("Xong")
        FAILED = "failed", _("Không làm được")
        CANCELLED = "cancelled", _("Đã dừng")

    MOVING: ClassVar = (State.QUEUED, State.RUNNING)

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="documents", verbose_name=_("hội nghị")
    )
    kind = models.CharField(_("loại giấy tờ"), max_length=30)
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    # One press of a button makes one paper, however often the browser sends it.
    request_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # Scope: the whole conference; or one delegation; or the people named in `attendee_ids`.
    delegation = models.ForeignKey(
        Delegation, models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("đoàn")
    )
    delegation_ids = models.JSONField(default=list, blank=True)
    attendee_ids = models.JSONField(default=list, blank=True)
    subject_ids = models.JSONField(default=list, blank=True)  # chosen subjects that are no people
    holds_links = models.BooleanField(default=False, editable=False)
    each = models.BooleanField(_("mỗi người một tệp (ZIP)"), default=False)
    day = models.DateField(_("ngày ký nhận"), null=True, blank=True)  # of a list to sign
    # Badges only: those that are new or have changed since that run.
    since = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("kể từ đợt in")
    )
    # How it looks, whenever it is made. Certificates remember theirs by themselves.
    design = models.ForeignKey(
        Design, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("mẫu thiết kế")
    )
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField(_("số người"), default=0)
    pages = models.PositiveIntegerField(_("số trang"), default=0)
    size = models.PositiveBigIntegerField(_("dung lượng"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    file = models.CharField(max_length=200, blank=True)  # a stored name, named by its hash
    # Why it was not made; of one that is ready, what it lacks.
    error = models.CharField(_("lỗi"), max_length=500, blank=True)
    requested_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người yêu cầu")
    )
    requested_at = models.DateTimeField(_("yêu cầu lúc"), default=timezone.now)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    # Once it was: people may hold it, whatever has become of the file or of another attempt since.
    was_ready = models.BooleanField(default=False, db_default=False, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy tờ")
        verbose_name_plural = pgettext_lazy("plural", "giấy tờ")
        ordering = ("-requested_at", "-pk")
        indexes = (models.Index(fields=("state", "rung_at"), name="document_to_sweep"),)

    def __str__(self) -> str:
        kind = import_string("documents.kinds.KINDS")[self.kind]  # by name: the kinds are made of these rows
        at = self.requested_at.astimezone(self.conference.zone)
        return f"{kind.title}, {vietnamese_dates.clock(at)}, {vietnamese_dates.short_date(at)}"

    @property
    def suffix(self) -> str:
        return "zip" if self.each else "pdf"

    @property
    def places(self) -> list[int]:
        """The delegations of its scope; none where it is the whole conference, or people chosen by name."""
        return self.delegation_ids or ([self.delegation_id] if self.delegation_id else [])

    @property
    def is_moving(self) -> bool:
        return self.state in self.MOVING

    @transaction.atomic
    def cancel(self, *, by: User | None) -> bool:
        """Stop a paper that is not ready; whoever makes a piece of it now throws the piece away."""
        if not self._move(Document.objects.moving(), state=self.State.CANCELLED, finished_at=timezone.now()):
            return False
        self.parts.exclude(state=DocumentPart.State.DONE).update(
            state=DocumentPart.State.CANCELLED, token=None
        )
        journal.record("cancel", self, by=by, conference=self.conference)
        return True

    @transaction.atomic
    def fail(self, sentence: str) -> bool:
        """Give up, with a sentence for people; the other pieces are not begun."""
        failed = {"state": self.State.FAILED, "error": sentence[:500], "finished_at": timezone.now()}
        if not self._move(Document.objects.moving(), **failed):
            return False
        self.parts.exclude(state=DocumentPart.State.DONE).update(state=DocumentPart.State.FAILED, token=None)
        return True

    @transaction.atomic
    def retry(self, *, by: journal.Actor | None) -> bool:
        """Begin again what failed, was stopped or lacks somebody; pieces that are done and whole stay."""
        ended = Document.objects.filter(
            models.Q(state__in=(self.State.FAILED, self.State.CANCELLED))
            | models.Q(state=self.State.READY) & ~models.Q(error="")
        )
        if not self._move(ended, state=self.State.QUEUED, error="", finished_at=None, **self.FRESH):
            return False
        self.parts.exclude(state=DocumentPart.State.DONE, left_out=[]).update(
            state=DocumentPart.State.QUEUED, left_out=[], **self.FRESH
        )
        journal.record("retry", self, by=by, conference=self.conference)
        return True

    def _move(self, rows: DocumentQuerySet, **fields: Any) -> bool:
        """Change the row only while it is among `rows`; tells whether it was."""
        moved = bool(rows.filter(pk=self.pk).update(**fields))
        self.refresh_from_db()
        return moved


class DocumentPart(leases.Leased):
    """A piece of a large run, made by one worker at a time: claimed with a lease, finished behind a fence."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Đang chờ")
        RUNNING = "running", _("Đang làm")
        DONE = "done", _("Xong")
        FAILED = "failed", _("Không làm được")
        CANCELLED = "cancelled", _("Đã dừng")

    document = models.ForeignKey(Document, models.CASCADE, related_name="parts")
    index = models.PositiveIntegerField()
    subjects = models.JSONField(default=list)  # as the kind names them
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=200, blank=True)
    # A sentence for each subject that could not be made.
    left_out = models.JSONField(default=list, db_default=[])

    class Meta:
        ordering = ("document", "index")
        constraints = (models.UniqueConstraint(fields=("document", "index"), name="part_once"),)
        indexes = (models.Index(fields=("state", "rung_at"), name="part_to_sweep"),)

    def __str__(self) -> str:
        return f"{self.document_id}/{self.index}"
