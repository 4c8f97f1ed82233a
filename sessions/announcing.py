"""Letters about a version of the programme: drafts to those whom it concerns, and to nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from attendees import correspondence
from attendees.models import Delegation
from conference.journal import Actor
from conference.kept_words import in_vietnamese
from mailing import kinds, outbox
from mailing.models import Mailing
from mailing.outbox import Letter
from sessions import mail_kinds
from sessions.comparing import Change, Diff, Kind
from sessions.concerning import Concerned, Whom
from sessions.releases import Release

MOST_LINES = 20  # changes told in one letter; the rest is read at the address in it
_OF_RELEASES = uuid.UUID("6d9b2f0e-3c5a-4f57-9f0b-7e0f4f7a2c11")


def draft(made: Release, diff: Diff, whom: Whom, *, by: Actor | None) -> Mailing | None:
    """Writes the letters, to be looked at and approved; None where nobody can be written to.

    For one version there is one batch, however often this is called. Raises MailError.
    """
    if not whom.written:
        return None
    with in_vietnamese():
        own = {**kinds.values_of(made.conference), **_values(made, diff)}
        letters = [_letter(one, own) for one in whom.written]
        title = _("Chương trình, phiên bản %s") % made.number
    return outbox.draft(
        made.conference, mail_kinds.PROGRAMME, letters, by=by, title=title, key=_key(made)
    )  # fmt: skip


def mailing_of(made: Release) -> Mailing | None:
    """The batch of letters about a version."""
    return Mailing.objects.filter(conference=made.conference_id, key=_key(made)).first()


def _key(made: Release) -> uuid.UUID:
    return uuid.uuid5(_OF_RELEASES, str(made.pk))


def _values(made: Release, diff: Diff) -> dict[str, str]:
    """What is the same for everybody."""
    place = reverse("thematic:programme_version", args=(made.conference.slug, made.number))
    return {
        "phien_ban": str(made.number),
        "luc_phat_hanh": correspondence.moment_in_words(made.released_at.astimezone(made.conference.zone)),
        "thong_bao": made.note or diff.sentence,
        "dia_chi": f"{settings.SITE_URL}{place}",
    }


def _letter(one: Concerned, own: dict[str, str]) -> Letter:
    row = one.row
    to = correspondence.office_of(row) if isinstance(row, Delegation) else row.addressed
    return Letter(
        subject_ref=correspondence.ref_of(row),
        subject_name=row.name if isinstance(row, Delegation) else row.full_name,
        to=one.addresses[: outbox.MOST_ADDRESSES],
        recipient_name=to,
        values={**own, "nguoi_nhan": to, "thay_doi": "\n".join(lines(one.changes))},
    )


def lines(changes: Iterable[Change]) -> list[str]:
    """A line for each session: what it is, and what became of it."""
    told = [f"- {change.entry.headline.rstrip('.')}. {_became(change)}" for change in changes]
    if len(told) > MOST_LINES:
        told = [*told[:MOST_LINES], _("- và %d thay đổi khác") % (len(told) - MOST_LINES)]
    return told


def _became(change: Change) -> str:
    entry = change.entry
    where = ", ".join(filter(None, (entry.when, entry.hall)))
    if Kind.CANCELLED in change.kinds:
        return _("Hủy (trước là %s)") % where
    if Kind.ADDED in change.kinds:
        return where
    return ". ".join(f"{line.label}: {line.before} → {line.after}" for line in change.lines)
