"""Giving letters their numbers, withdrawing them; and the papers that go with letters by mail.

A letter is never edited and no number is given twice: what was wrong is withdrawn, and issued anew under the
next number.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendees.models import Delegation
from conference import journal
from conference.journal import Actor
from conference.models import Conference, User
from documents.models import Letter, NumberSeries
from documents.wording import Writer, read_along

# By kind; a số is at least two digits, the symbol after the bar as Decree 30/2020, annex I, II.3 has it.
PATTERNS = {
    Letter.Kind.INVITATION: "{number:02}/GM-{symbol}",
    Letter.Kind.REQUEST: "{number:02}/{symbol}-{drafting_unit}",
}


@transaction.atomic
def issue(
    conference: Conference,
    kind: str,
    delegations: Sequence[Delegation],
    *,
    by: Actor | None,
    issued_on: datetime.date | None = None,
    first: int | None = None,
) -> list[Letter]:
    """One letter for each of the delegations, in their order; those that have one keep it.

    `first` is the number at which the agency's register goes on. Returns the letters of all of them.
    """
    _require_organiser(conference, by)
    day = issued_on or conference.today()
    series = held_series(conference, kind, day.year)
    has_one = set(_current(kind, delegations).values_list("delegation", flat=True))
    missing = [one.pk for one in delegations if one.pk not in has_one]
    if missing:
        if first is not None:
            _continue_at(series, first, by=by)
        found = read_along(Delegation.objects.filter(conference=conference)).in_bulk(missing)
        writer, numbers = Writer(conference, kind), series.take(len(missing))
        written = Letter.objects.bulk_create(
            _letter(writer, series, found[pk], number, day, by)
            for pk, number in zip(missing, numbers, strict=True)
        )
        journal.record_all(_entry("issue_letter", letter, by) for letter in written)
    order = {delegation.pk: index for index, delegation in enumerate(delegations)}
    letters = _current(kind, delegations).select_related("delegation__unit", "conference")
    return sorted(letters, key=lambda letter: order[letter.delegation_id])


@transaction.atomic
def withdraw(letter: Letter, reason: str, *, by: Actor | None) -> None:
    """The letter no longer stands; its number stays used, and the delegation may get another letter."""
    _require_organiser(letter.conference, by)
    if not (reason := reason.strip()[:300]):
        raise ValidationError(_("Ghi lý do thu hồi văn bản."), code="reason")
    current = Letter.objects.current().filter(pk=letter.pk)
    if not current.update(withdrawn_at=timezone.now(), reason=reason):
        raise ValidationError(_("Văn bản này đã thu hồi từ trước. Tải lại trang để xem."), code="gone")
    letter.refresh_from_db()
    journal.record(
        "withdraw_letter", letter, by=by, conference=letter.conference, changes={"reason": ["", reason]}
    )


def held_series(conference: Conference, kind: str, year: int) -> NumberSeries:
    """The series of one kind of letters in one year, held until the transaction ends."""
    return NumberSeries.held(conference, kind, year, PATTERNS[Letter.Kind(kind)])


def series_of(conference: Conference, kind: str, year: int) -> NumberSeries:
    """The same to look at: not held, and not saved where nothing was numbered yet."""
    known = NumberSeries.objects.filter(conference=conference, kind=kind, year=year).first()
    series = known or NumberSeries(kind=kind, year=year, pattern=PATTERNS[Letter.Kind(kind)])
    series.conference = conference
    return series


def _continue_at(series: NumberSeries, first: int, *, by: Actor | None) -> None:
    """Numbers between went to other letters of the agency: its register is shared by all its offices."""
    if first == series.last + 1:
        return
    if (
        first <= series.last
    ):  # the counter, not the letters: after a restored backup not all of these are here
        sentence = _("Số %(first)s đã cấp. Số tiếp theo từ %(next)s trở đi.")
        shown = {"first": first, "next": series.last + 1}
        raise ValidationError(sentence % shown, code="number")
    changes = {"last": [series.last, first - 1]}
    NumberSeries.objects.filter(pk=series.pk).update(last=first - 1)
    series.last = first - 1
    journal.record("continue_series", series, by=by, conference=series.conference, changes=changes)


def _letter(
    writer: Writer,
    series: NumberSeries,
    delegation: Delegation,
    number: int,
    day: datetime.date,
    by: Actor | None,
) -> Letter:
    full_number = series.show(number)
    return Letter(
        conference=writer.conference,
        delegation=delegation,
        kind=writer.kind,
        series=series,
        number=number,
        full_number=full_number,
        issued_on=day,
        issued_by=by if isinstance(by, User) else None,
        issued_at=writer.conference.now(),
        content=writer.write(delegation, number=full_number, day=day).as_json(),
    )


def _current(kind: str, delegations: Sequence[Delegation]) -> Any:
    return Letter.objects.current().filter(kind=kind, delegation__in=[one.pk for one in delegations])


def _entry(act: str, letter: Letter, by: Actor | None) -> Any:
    changes = {"full_number": ["", letter.full_number]}
    return journal.entry(act, letter, by=by, conference=letter.conference, changes=changes)


def _require_organiser(conference: Conference, by: Actor | None) -> None:
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied(_("Không có quyền phát hành văn bản của hội nghị này."))
