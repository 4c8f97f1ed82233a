"""Certificates that were given: made, replaced, withdrawn. None is ever edited, no number is given twice.

They are first given in batches (`documents.issuing`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendees.models import Attendee
from conference import journal, vietnamese
from conference.models import Conference, User
from documents import earning, marks, requests, ruling
from documents.batches import CertificateBatch, Printed, printed_of
from documents.eligibility import judge, plain
from documents.kinds.certificate_files import FILES
from documents.models import Certificate, Document, NumberSeries
from documents.numbering import LONGEST_NUMBER, check_pattern

SERIES = "certificate"
PATTERN = "{number:04}/GCN-{symbol}"
LONGEST_REASON = 300


@transaction.atomic
def replace(certificate: Certificate, reason: str, *, by: User | None) -> Certificate:
    """Give a new one with what its holder is called now; the old one says "replaced" at once.

    It looks as the old one and says the same of the conference and of who signs: the signer approved that.
    Where these words were wrong, the old one is withdrawn and its holder stands in a batch that is approved.

    Raises `ValidationError` without a reason, for one that is no longer valid, and for who earns none now.
    """
    conference = certificate.series.conference
    _require_organiser(conference, by)
    if certificate.attendee.erased_at is not None:
        raise ValidationError(_("Dữ liệu của người này đã xóa. Không cấp lại được."), code="erased")
    reason = _reason(reason, _("Ghi lý do cấp lại. Lý do không hiện ra ngoài."))
    rule = plain(ruling.held(conference))
    series = held_series(conference)
    [one] = judge(conference, Attendee.objects.filter(pk=certificate.attendee_id), rule)
    if not one.outcome.is_earned:
        raise ValidationError(one.outcome.against)
    _end(certificate, Certificate.State.REPLACED, reason=reason)
    person = one.person
    printed = printed_of(person, one.outcome.wording)
    fresh = made(
        series, series.take()[0], attendee=person.pk, printed=printed,
        said=certificate.said, grounds=earning.grounds(rule, one.outcome), by=by,
        design=certificate.design_id,
    )  # fmt: skip
    fresh.replaces = certificate
    fresh.save()
    changes: dict[str, list[object]] = {"by": [None, str(fresh)], "reason": [None, reason]}
    journal.record("replace", certificate, by=by, conference=conference, changes=changes)
    make_files(conference, [fresh], key=uuid.uuid4(), by=by)
    return fresh


@transaction.atomic
def revoke(certificate: Certificate, reason: str, *, by: User | None) -> None:
    """Withdraw a certificate. The reason stays inside; the public page says only that, and when."""
    conference = certificate.series.conference
    _require_organiser(conference, by)
    reason = _reason(reason, _("Ghi lý do thu hồi. Lý do không hiện ra ngoài."))
    _end(certificate, Certificate.State.REVOKED, reason=reason)
    changes: dict[str, list[object]] = {"reason": [None, reason]}
    journal.record("revoke", certificate, by=by, conference=conference, changes=changes)


def valid_of(people: Iterable[Attendee]) -> dict[int, Certificate]:
    """The valid certificates of these people, by person. One query."""
    found = Certificate.objects.valid().filter(attendee__in=list(people))
    return {one.attendee_id: one for one in found.select_related("series__conference")}


def held_series(conference: Conference) -> NumberSeries:
    """The series of the conference's certificates, held until the transaction ends."""
    return NumberSeries.held(conference, SERIES, _year(conference), PATTERN)


def series_of(conference: Conference) -> NumberSeries:
    """The same to look at: not held, and not saved where nothing was numbered yet."""
    year = _year(conference)
    known = NumberSeries.objects.filter(conference=conference, kind=SERIES, year=year).first()
    series = known or NumberSeries(kind=SERIES, year=year, pattern=PATTERN)
    series.conference = conference
    return series


def _year(conference: Conference) -> int:
    """Of the last day, as it was when the first number was given: put off, it gives none a second time."""
    begun = NumberSeries.objects.filter(conference=conference, kind=SERIES, last__gt=0).order_by("-year")
    return begun.values_list("year", flat=True).first() or conference.ends_on.year


@transaction.atomic
def set_pattern(conference: Conference, pattern: str, before: str, *, by: User | None) -> NumberSeries:
    """How numbers are printed from now on; what was issued keeps its number.

    `before`: the pattern that was shown; another one since is told, code "stale". Raises `ValidationError`
    also for a pattern that cannot number papers, `PermissionDenied` for who does not run the conference.
    """
    _require_organiser(conference, by)
    check_pattern(pattern)
    series = held_series(conference)
    if pattern == series.pattern:
        return series
    if before != series.pattern:
        sentence = _("Người khác vừa đổi mẫu số thành “%(now)s”. Xem lại rồi lưu lần nữa.")
        raise ValidationError(sentence % {"now": series.pattern}, code="stale")
    changes: dict[str, list[object]] = {"pattern": [series.pattern, pattern]}
    series.pattern = pattern
    if len(series.show(10**9 - 1)) > LONGEST_NUMBER:
        raise ValidationError({"pattern": _("Số in ra quá dài. Rút ngắn mẫu số.")})
    series.save(update_fields=("pattern",))
    journal.record("edit", series, by=by, conference=conference, changes=changes)
    return series


def made(
    series: NumberSeries,
    number: int,
    *,
    attendee: int,
    printed: Printed,
    said: dict[str, str],
    grounds: str,
    by: User | None,
    batch: CertificateBatch | None = None,
    design: int | None = None,
) -> Certificate:
    """The row, not yet saved; `design`: the key of its version.

    Dated on the closing day when issued before it: it is handed out then.
    """
    conference = series.conference
    return Certificate(
        attendee_id=attendee,
        series=series,
        number=number,
        full_number=series.show(number),
        batch=batch,
        design_id=design,
        issued_on=max(conference.today(), conference.ends_on),
        issued_by=by,
        said=said,
        grounds=grounds,
        **vars(printed),
    )


def make_files(
    conference: Conference, given: Sequence[Certificate], *, key: uuid.UUID, by: User | None
) -> Document:
    """Have the file of each made, and kept by itself: in the transaction that gives them."""
    scope = requests.Scope(subjects=[one.pk for one in given])
    return requests.begin(FILES, conference, by=by, scope=scope, each=True, key=key)


def _reason(given: str, wanted: str) -> str:
    if not (reason := vietnamese.clean(given)[:LONGEST_REASON]):
        raise ValidationError(wanted, code="reason")
    return reason


def _end(certificate: Certificate, state: str, *, reason: str) -> None:
    valid = Certificate.objects.valid().filter(pk=certificate.pk)
    if not valid.update(state=state, ended_at=timezone.now(), reason=reason):
        raise ValidationError(_("Giấy này không còn giá trị từ trước. Tải lại trang để xem."), code="gone")
    marks.ended(certificate.code, state)
    certificate.refresh_from_db()


def _require_organiser(conference: Conference, by: User | None) -> None:
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied(_("Không có quyền với giấy chứng nhận của hội nghị này."))
