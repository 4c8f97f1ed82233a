"""Letters to people who had waited and got a place: drafts, for organisers to look at and approve."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attendees import correspondence
from attendees.models import Attendee
from conference.kept_words import in_vietnamese
from conference.models import Conference
from mailing import kinds, outbox
from mailing.models import Mailing
from mailing.outbox import Letter
from sessions import mail_kinds
from sessions.models import SignUp
from sessions.snapshots import Entry


class Passed(NamedTuple):
    """Somebody got a place in a session, and gave up what stands in `left` for it."""

    row: SignUp
    entry: Entry
    left: list[str]

    @property
    def person(self) -> Attendee:
        return self.row.attendee


def draft(conference: Conference, passed: Iterable[Passed]) -> list[Mailing]:
    """One batch to the people, one to the delegations of those who cannot be written to. Raises MailError."""
    with in_vietnamese():
        own = kinds.values_of(conference)
        to_people = [_to_person(one, own) for one in passed if one.person.email]
        to_others = [_to_delegation(one, own) for one in passed if not one.person.email]
        batches = ((mail_kinds.PLACE, to_people), (mail_kinds.PLACE_OF, to_others))
        title = _("Có chỗ ở phiên đã đăng ký chờ")
        return [
            outbox.draft(conference, kind, reached, by=None, title=title)
            for kind, letters in batches
            if (reached := [one for one in letters if one.to])
        ]


def still_placed(pk: int) -> bool:
    """Does the place stand of which a letter tells? Named in `MAIL_CONDITIONS`."""
    return SignUp.objects.taken().active().filter(pk=pk).exists()


def _to_person(one: Passed, own: dict[str, str]) -> Letter:
    person = one.person
    return Letter(
        subject_ref=correspondence.ref_of(person),
        subject_name=person.full_name,
        to=[person.email],
        recipient_name=person.addressed,
        values={**own, **_values(one), "nguoi_nhan": person.addressed},
        secrets={"link": correspondence.personal_link(person, by=None).pk},
        condition=f"place:{one.row.pk}",
    )


def _to_delegation(one: Passed, own: dict[str, str]) -> Letter:
    """Told to those who answer for the person; they know their page."""
    delegation = one.person.delegation
    office = correspondence.office_of(delegation)
    place = reverse("thematic:delegation_choices", args=(delegation.conference.slug, delegation.code))
    values = {
        "nguoi_nhan": office,
        "dai_bieu": one.person.addressed,
        "dia_chi": f"{settings.SITE_URL}{place}",
    }
    return Letter(
        subject_ref=correspondence.ref_of(one.person),
        subject_name=one.person.full_name,
        to=correspondence.addresses_of(delegation)[: outbox.MOST_ADDRESSES],
        recipient_name=office,
        values={**own, **_values(one), **values},
        condition=f"place:{one.row.pk}",
    )


def _values(one: Passed) -> dict[str, str]:
    entry = one.entry
    left = "; ".join(one.left)
    return {
        "phien": entry.headline.rstrip("."),
        "luc_hop": entry.when,
        "noi_hop": entry.hall or _("(chưa xếp hội trường)"),
        "da_nhuong": _("Chỗ trước đây đã nhường lại: %s.") % left if left else "",
    }
