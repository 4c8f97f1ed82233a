"""Who is named in the programme by name alone comes onto the list, and the parts lead to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from attendees import answers
from attendees.holding import gone, require_not_erased
from attendees.models import Attendee, Category, Delegation
from conference import journal, vietnamese
from conference.models import Conference, User
from sessions.models import Participation


def namesakes(part: Participation) -> list[Participation]:
    """The other parts with the same name alone: perhaps the same person's, perhaps not."""
    name = vietnamese.fold(part.full_name)
    rows = Participation.objects.filter(session__conference=part.session.conference_id, attendee=None)
    found = rows.exclude(pk=part.pk).exclude(full_name="").select_related("session")
    in_order = found.order_by("session__day", "session__starts", "pk")
    return [one for one in in_order if vietnamese.fold(one.full_name) == name]


def known(part: Participation) -> list[Attendee]:
    """People on the list with that name: perhaps the same person, perhaps not."""
    name = vietnamese.fold(part.full_name)
    people = Attendee.objects.filter(conference=part.session.conference_id).active().search(part.full_name)
    return [one for one in people.select_related("delegation") if vietnamese.fold(one.full_name) == name]


@transaction.atomic
def add(
    part: Participation,
    delegation: Delegation,
    category: Category,
    *,
    by: User,
    also: Iterable[Participation] = (),
    key: uuid.UUID | None = None,
    honorific: str = "",
    email: str = "",
) -> Attendee:
    """Puts who is named onto a seat, as the part tells of them, and ties the part and `also` to the new row.

    `key` names one filled form: sent again it gives the same person. Raises ValidationError with a sentence:
    no seat is free, or a part has somebody else by now; then nothing is done.
    """
    _require_right(part.session.conference, by)
    person = answers.nominate(
        delegation,
        category,
        by=by,
        request_key=key,
        full_name=part.full_name,
        position=part.title,
        organisation_name=part.organisation_name,
        honorific=honorific,
        email=email,
    )
    _tie(person, [part, *also], by=by)
    return person


@transaction.atomic
def join(part: Participation, person: Attendee, *, by: User, also: Iterable[Participation] = ()) -> None:
    """Ties the part and `also` to somebody who is on the list already. The same once more changes nothing."""
    _require_right(part.session.conference, by)
    current = Attendee.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
    if current is None or not current.is_active:
        raise gone()
    require_not_erased(current)
    if current.conference_id != part.session.conference_id:
        raise PermissionDenied
    _tie(current, [part, *also], by=by)


def _require_right(conference: Conference, by: User) -> None:
    if not conference.is_run_by(by):
        raise PermissionDenied


def _tie(person: Attendee, parts: Iterable[Participation], *, by: User) -> None:
    """Behind the person, as everything that takes an attendee away does it too."""
    wanted = {one.pk for one in parts}
    held = Participation.objects.select_for_update(of=("self",)).select_related("session")
    rows = list(held.filter(pk__in=wanted, session__conference=person.conference_id).order_by("pk"))
    if len(rows) != len(wanted):
        raise ValidationError(_("Phần tham gia này vừa bị xóa. Tải lại trang."), code="gone")
    for row in rows:
        if row.attendee_id == person.pk:
            continue
        if row.attendee_id is not None or vietnamese.fold(row.full_name) != vietnamese.fold(person.full_name):
            sentence = _("Phần “%(topic)s” vừa được sửa, nay là của người khác. Tải lại trang.")
            raise ValidationError(sentence % {"topic": row.session.title}, code="changed")
        row.attendee = person
        row.save(update_fields=("attendee",))
        changes = {"attendee": ["", str(person)]}
        journal.record("edit", row, by=by, conference=row.session.conference, changes=changes, about=person)
