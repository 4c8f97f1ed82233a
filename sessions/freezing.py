"""The figure of a session, frozen by an organiser with a reason: what reports say from then on."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conference import journal, vietnamese
from conference.kept_words import in_vietnamese
from conference.models import User
from sessions import reconciling
from sessions.models import Figure, Session, Source
from sessions.reconciling import Picture


class Stale(Exception):
    """Something was reported, or frozen, since the page was shown."""


def seal(session: Session, picture: Picture) -> str:
    """What the page shows, in a word: the picture, and the last figure."""
    last = latest(session)
    return f"{last.number if last else 0}-{picture.seal}"


def latest(session: Session) -> Figure | None:
    """The figure that holds; None while none was frozen."""
    return session.figures.newest_first().first()


@transaction.atomic
def freeze(session: Session, sources: Collection[str], reason: str, *, seen: str, by: User) -> Figure:
    """Counts who was seen by one of the sources and writes it down for good; the next one is another row.

    `seen`: what the person had on the screen (`seal`). The session is held, so that two organisers act one
    after the other: whoever comes second has not seen what the first one froze. The same press sent twice
    gives the same figure. Raises `Stale`, `ValidationError` without sources or a reason, and
    `PermissionDenied` for who does not run the conference.
    """
    if not session.conference.is_run_by(by):
        raise PermissionDenied
    reason = vietnamese.clean(reason)
    wanted = [source for source in Source.values if source in sources]
    if not wanted:
        raise ValidationError({"sources": _("Chọn ít nhất một nguồn được tính.")})
    if not reason:
        raise ValidationError({"reason": _("Ghi lý do.")})
    held = Session.objects.select_for_update(no_key=True, of=("self",)).get(pk=session.pk)
    picture, last = reconciling.look(held), latest(held)
    counted = picture.by(wanted)
    if last and (last.sources, last.reason, last.counted) == (wanted, reason, counted):
        return last
    if seen != seal(held, picture):
        raise Stale
    return _write(held, picture, wanted, reason, last, by=by)


def _write(
    session: Session, picture: Picture, sources: list[str], reason: str, last: Figure | None, *, by: User
) -> Figure:
    counted = picture.by(sources)
    figure = Figure.objects.create(
        session=session,
        number=last.number + 1 if last else 1,
        people=len(counted),
        sources=sources,
        counts=picture.totals,
        counted=counted,
        reason=reason,
        at=session.conference.now(),
        frozen_by=by,
        frozen_by_name=str(by),
    )
    with in_vietnamese():
        said = source_words(sources)
    changes: dict[str, list[object]] = {
        "people": [last.people if last else None, figure.people],
        "sources": ["", said],
        "reason": ["", reason],
    }
    journal.record("freeze", session, by=by, conference=session.conference, changes=changes)
    return figure


def source_words(sources: Collection[str]) -> str:
    """Quét thẻ, Danh sách ký."""
    return ", ".join(str(one.label) for one in Source if one in sources)
