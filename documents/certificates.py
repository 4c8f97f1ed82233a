"""Giving, replacing and withdrawing certificates: none is ever edited, no number is given twice."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendees.models import Attendee, AttendeeQuerySet
from conference import journal
from conference.models import Conference, User
from documents import earning, ruling
from documents.earning import Outcome
from documents.eligibility import judge, plain
from documents.models import Certificate, NumberSeries

SERIES = "certificate"
PATTERN = "{number:04}/GCN-{symbol}"


@transaction.atomic
def issue(conference: Conference, people: AttendeeQuerySet, *, by: User | None) -> list[Certificate]:
    """Give one to each of the people who earns it and has none, in their order. Returns the new ones.

    However many they are, it costs the same number of queries.
    """
    series = _held_series(conference)
    rule = plain(ruling.held(conference))
    has_one = Certificate.objects.valid().values("attendee")
    found = judge(conference, people.exclude(pk__in=has_one), rule)
    missing = [one for one in found if one.outcome.is_earned]
    if not missing:
        return []
    numbers = series.take(len(missing))
    given = Certificate.objects.bulk_create(
        _certificate(one.person, series, number, by, one.outcome, earning.grounds(rule, one.outcome))
        for one, number in zip(missing, numbers, strict=True)
    )
    span = [None, f"{series.show(numbers[0])} … {series.show(numbers[-1])}"]
    journal.record("issue-certificates", conference, by=by, conference=conference, changes={"number": span})
    return given


@transaction.atomic
def replace(certificate: Certificate, *, by: User | None) -> Certificate:
    """Give a new one with what is right now (a corrected name); the old one says "replaced" at once."""
    series = _held_series(certificate.series.conference)
    rule = plain(ruling.held(series.conference))
    [one] = judge(series.conference, Attendee.objects.filter(pk=certificate.attendee_id), rule)
    if not one.outcome.is_earned:
        raise ValidationError(one.outcome.against)
    _end(certificate, Certificate.State.REPLACED, by=by)
    grounds = earning.grounds(rule, one.outcome)
    fresh = _certificate(one.person, series, series.take()[0], by, one.outcome, grounds)
    fresh.replaces = certificate
    fresh.save()
    journal.record(
        "replace", certificate, by=by, conference=series.conference, changes={"by": [None, str(fresh)]}
    )
    return fresh


@transaction.atomic
def revoke(certificate: Certificate, reason: str, *, by: User | None) -> None:
    """Withdraw a certificate. The reason stays inside; the public page says only that, and when."""
    if not reason.strip():
        raise ValidationError(_("Ghi lý do thu hồi. Lý do không hiện ra ngoài."))
    _end(certificate, Certificate.State.REVOKED, by=by, reason=reason.strip()[:300])
    conference = certificate.series.conference
    journal.record(
        "revoke", certificate, by=by, conference=conference, changes={"reason": [None, reason.strip()]}
    )


def valid_of(people: Iterable[Attendee]) -> dict[int, Certificate]:
    """The valid certificates of these people, by person. One query."""
    found = Certificate.objects.valid().filter(attendee__in=list(people))
    return {one.attendee_id: one for one in found.select_related("series__conference")}


def _held_series(conference: Conference) -> NumberSeries:
    return NumberSeries.held(conference, SERIES, conference.ends_on.year, PATTERN)


def _end(certificate: Certificate, state: str, *, by: User | None, reason: str = "") -> None:
    valid = Certificate.objects.valid().filter(pk=certificate.pk)
    if not valid.update(state=state, ended_at=timezone.now(), reason=reason):
        raise ValidationError(_("Giấy này không còn giá trị từ trước. Tải lại trang để xem."))
    certificate.refresh_from_db()


def _certificate(
    person: Attendee, series: NumberSeries, number: int, by: User | None, outcome: Outcome, grounds: str
) -> Certificate:
    """Dated on the closing day when printed before it, as certificates are handed out then."""
    conference = series.conference
    return Certificate(
        attendee=person,
        series=series,
        number=number,
        issued_on=max(conference.today(), conference.ends_on),
        issued_by=by,
        honorific=person.honorific,
        full_name=person.full_name,
        title=person.title,
        organisation_name=person.organisation_name,
        wording=outcome.wording,
        grounds=grounds,
    )
