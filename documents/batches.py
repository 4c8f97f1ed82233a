"""Batches of certificates (đợt cấp giấy): who gets one and what it says, as it was put before the signer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendees.models import Attendee
from conference.models import Conference, User
from documents.designs import Design
from documents.rules import Wording


@dataclass(frozen=True)
class Printed:
    """What a certificate says of its holder. Under what it is given stays inside the house."""

    honorific: str
    full_name: str
    title: str
    organisation_name: str
    wording: str


def printed_of(person: Attendee, wording: str) -> Printed:
    """What a certificate of this person would say now."""
    return Printed(person.honorific, person.full_name, person.title, person.organisation_name, wording)


# What a certificate says besides: of the conference, and of who signs.
OF_CONFERENCE = (
    "issuing_agency", "title", "short_title", "place", "starts_on", "ends_on",
    "issue_place", "signer_authority", "signer_title", "signer_name",
)  # fmt: skip


def said_of(conference: Conference) -> dict[str, str]:
    """What certificates would say of the conference now."""
    return {name: str(getattr(conference, name)) for name in OF_CONFERENCE}


def edited(conference: Conference, said: Mapping[str, str]) -> list[str]:
    """What of it the conference itself says otherwise now, in words."""
    fields_of, now = Conference._meta, said_of(conference)
    return [
        str(fields_of.get_field(name).verbose_name)  # type: ignore[union-attr]  # its own
        for name in OF_CONFERENCE
        if said.get(name, now[name]) != now[name]
    ]


def as_said(conference: Conference, said: Mapping[str, str]) -> Conference:
    """The conference as its certificates say it, to make them from. Never to be saved."""
    then = copy(conference)
    for name in said.keys() & set(OF_CONFERENCE):
        column: Any = Conference._meta.get_field(name)
        setattr(then, name, column.to_python(said[name]))
    return then


def _count_of(rows: models.QuerySet[Any]) -> Coalesce:
    """How many there are, asked beside the row itself: joins would multiply."""
    counted = rows.order_by().values("batch").annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


class BatchQuerySet(models.QuerySet["CertificateBatch"]):
    def visible_to(self, user: Any) -> Self:
        """Batches of the desks that the person may see."""
        return self.filter(conference__in=Conference.objects.on_desk_of(user).values("pk"))

    def open(self) -> Self:
        """Those that may still be issued."""
        return self.filter(state__in=CertificateBatch.OPEN)

    def with_counts(self) -> Self:
        """Adds `total`, `issued` and `left_out`: of how many people."""
        lines = CertificateBatchLine.objects.filter(batch=OuterRef("pk"))
        return self.annotate(
            total=_count_of(lines),
            issued=_count_of(lines.filter(batch__state="issued", left_out="")),
            left_out=_count_of(lines.exclude(left_out="")),
        )


class CertificateBatch(models.Model):
    """Certificates that are drafted, approved and issued together."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Chờ duyệt")
        APPROVED = "approved", _("Đã duyệt, chờ cấp")
        ISSUED = "issued", _("Đã cấp")
        WITHDRAWN = "withdrawn", _("Đã rút")

    OPEN = (State.DRAFT, State.APPROVED)

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="certificate_batches", verbose_name=_("hội nghị")
    )
    ordinal = models.PositiveIntegerField(_("đợt"))
    scope = models.CharField(_("phạm vi"), max_length=300)  # in words, as it was chosen
    # How the certificates will look, as they were put before the signer.
    design = models.ForeignKey(
        Design, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("mẫu thiết kế")
    )
    # The same of the conference: `said_of`.
    said = models.JSONField(default=dict, db_default={}, editable=False)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.DRAFT)
    # One press of a button drafts one batch, however often the browser sends it.
    draft_key = models.UUIDField(unique=True, editable=False)
    # The key of the paper that makes the files (`Document.request_key`): one for each batch.
    issue_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    drafted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người trình")
    )
    drafted_at = models.DateTimeField(_("trình lúc"), default=timezone.now)
    # Of what was approved: `content_hash` of its lines.
    approved_hash = models.CharField(max_length=64, blank=True, editable=False)
    approved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người ghi duyệt")
    )
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    paper_reference = models.CharField(_("phiếu trình"), max_length=200, blank=True)  # approved on paper
    issued_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người cấp")
    )
    issued_at = models.DateTimeField(_("cấp lúc"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("rút lúc"), null=True, blank=True)
    reason = models.CharField(_("lý do rút"), max_length=300, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt cấp giấy chứng nhận")
        verbose_name_plural = pgettext_lazy("plural", "đợt cấp giấy chứng nhận")
        ordering = ("conference", "-ordinal")
        constraints = (
            models.UniqueConstraint(fields=("conference", "ordinal"), name="certificate_batch_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "issued"))
                | (Q(approved_at__isnull=False) & ~Q(approved_hash="")),
                name="certificate_batch_issues_what_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="issued", issued_at__isnull=False, issue_key__isnull=False)
                | (~Q(state="issued") & Q(issued_at=None, issue_key=None)),
                name="certificate_batch_issued_has_its_press",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason=""), name="certificate_batch_withdrawn_says_why"
            ),
        )

    def __str__(self) -> str:
        return str(_("Đợt %(n)s")) % {"n": self.ordinal}

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class CertificateBatchLine(models.Model):
    """One person of a batch: what the certificate will say, and under what it is given."""

    batch = models.ForeignKey(CertificateBatch, models.CASCADE, related_name="lines")
    attendee = models.ForeignKey(
        Attendee, models.CASCADE, related_name="certificate_lines", verbose_name=_("đại biểu")
    )
    position = models.PositiveIntegerField()
    is_open = models.BooleanField(default=True)  # as its batch: a person stands in one open batch
    honorific = models.CharField(_("danh xưng"), max_length=10, blank=True)
    full_name = models.CharField(_("họ và tên"), max_length=120)
    title = models.CharField(_("chức vụ"), max_length=300, blank=True)
    organisation_name = models.CharField(_("đơn vị"), max_length=200, blank=True)
    wording = models.CharField(_("ghi nhận"), max_length=10, choices=Wording)
    grounds = models.TextField(_("căn cứ cấp"))
    left_out = models.CharField(_("không cấp vì"), max_length=300, blank=True)  # known once it is issued

    class Meta:
        verbose_name = _("người trong đợt")
        verbose_name_plural = pgettext_lazy("plural", "người trong đợt")
        ordering = ("batch", "position")
        constraints = (
            models.UniqueConstraint(fields=("batch", "attendee"), name="certificate_line_once"),
            models.UniqueConstraint(
                fields=("attendee",), condition=Q(is_open=True), name="certificate_line_one_open"
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def printed(self) -> Printed:
        return Printed(**{one.name: getattr(self, one.name) for one in fields(Printed)})


def content_hash(lines: Iterable[CertificateBatchLine]) -> str:
    """SHA-256 of everything that is approved: each person, and what is printed of them, in their order."""
    told = [[line.attendee_id, *asdict(line.printed).values(), line.grounds] for line in lines]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
