"""The act of release: a version of the programme is frozen, numbered and announced."""

from __future__ import annotations

import datetime
import logging
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from conference import journal, vietnamese
from conference.models import Conference, User
from mailing.errors import MailError
from sessions import announcing, comparing, concerning, signing_up, snapshots
from sessions.comparing import Diff
from sessions.concerning import Whom
from sessions.models import Release
from sessions.snapshots import Entry, Snapshot

_log = logging.getLogger(__name__)


class Draft(NamedTuple):
    """The programme as the next version would have it."""

    conference: Conference
    number: int
    before: Release | None
    entries: list[Entry]
    diff: Diff
    digest: str

    def whom(self) -> Whom:
        """Who is to be told of it."""
        old = snapshots.read(self.before.content).entries if self.before else ()
        return concerning.whom_it_concerns(self.conference, self.diff, old, self.entries)

    @property
    def number_before(self) -> int:
        return self.number - 1


class Published(NamedTuple):
    """What everybody reads: the latest version, and how it differs from the one before."""

    release: Release
    snapshot: Snapshot
    diff: Diff | None  # None: there is no version before

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.snapshot.entries


def published(conference: Conference) -> Published | None:
    """The latest version; None while there is none. One query. Named in `PROGRAMME`."""
    found = list(conference.releases.newest_first()[:2])
    if not found:
        return None
    snapshot = snapshots.read(found[0].content)
    if len(found) == 1:
        return Published(found[0], snapshot, None)
    return Published(
        found[0],
        snapshot,
        comparing.compare(snapshots.read(found[1].content).entries, snapshot.entries),
    )


def head(conference: Conference) -> tuple[int, datetime.datetime] | None:
    """Number and moment of the latest version, without reading it."""
    return conference.releases.newest_first().values_list("number", "released_at").first()


def moments(conference: Conference) -> dict[int, datetime.datetime]:
    """When which version was released."""
    return dict(conference.releases.values_list("number", "released_at"))


def entries(conference: Conference) -> tuple[Entry, ...]:
    """The sessions of the latest version, for papers; none while nothing was released."""
    return snapshots.released(conference).entries


def draft_diff(conference: Conference) -> Draft:
    """What stands in the plan and in no release yet."""
    before = conference.releases.newest_first().first()
    entries = snapshots.live(conference)
    old = snapshots.read(before.content).entries if before else ()
    number = before.number if before else 0
    diff = comparing.compare(old, entries)
    return Draft(conference, number + 1, before, entries, diff, snapshots.digest(number, entries))


@transaction.atomic
def release(
    conference: Conference,
    *,
    by: User | None,
    note: str = "",
    seen: str | None = None,
    tell: bool = True,
    at: datetime.datetime | None = None,
) -> Release:
    """Freezes the plan as the next version, and drafts letters to those whom it concerns (unless not `tell`).

    `seen`: the digest of what was shown before the button was pressed: pressed twice it makes one version,
    and what has changed since is not released unseen. `at`: for a demonstration, whose past is written now.
    Raises ValidationError with a sentence, also where there is nothing new to release.
    """
    if by is not None and not conference.is_run_by(by):
        raise PermissionDenied
    held = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    draft = draft_diff(held)
    if seen and draft.before and draft.before.digest == seen:
        return draft.before  # the same press, a second time
    _require_news(draft, seen)
    before = snapshots.read(draft.before.content) if draft.before else Snapshot()
    made = Release.objects.create(
        conference=held,
        number=draft.number,
        note=vietnamese.clean(note)[:500],
        content=snapshots.content(snapshots.following(before, draft.entries, draft.number)),
        digest=draft.digest,
        released_at=at or held.now(),
        released_by=by,
    )
    told: dict[str, list[Any]] = {
        "number": [draft.number_before or None, draft.number],
        "note": ["", made.note],
    }
    journal.record("release_programme", made, by=by, conference=held, changes=told)
    _follow(made, draft, by, tell=tell)
    return made


def _follow(made: Release, draft: Draft, by: User | None, *, tell: bool) -> None:
    """Those whom it concerns are told; then who signed up to what is no more is free for something else."""
    if tell:
        _tell(made, draft, by)
    signing_up.free_cancelled(made.conference, draft.diff, by=by)


def _tell(made: Release, draft: Draft, by: User | None) -> None:
    """A version is not held up by the letters about it."""
    try:
        with transaction.atomic():
            announcing.draft(made, draft.diff, draft.whom(), by=by)
    except MailError as refused:
        _log.warning("No letter was written about version %s: %s", made.pk, refused)


def _require_news(draft: Draft, seen: str | None) -> None:
    """There is something to release, and it is what was seen."""
    if not draft.diff and draft.before is None:
        raise ValidationError(_("Chương trình chưa có phiên nào. Thêm phiên rồi phát hành."))
    if not draft.diff:
        text = _("Chương trình chưa có thay đổi nào so với phiên bản %s. Sửa chương trình rồi phát hành.")
        raise ValidationError(text % draft.number_before)
    if seen and draft.digest != seen:
        text = _("Chương trình vừa được sửa thêm. Xem lại các thay đổi dưới đây rồi phát hành.")
        raise ValidationError(text, code="stale")


# ── Reading earlier versions ──────────────────────────────────────────────────────────────────────


class Version(NamedTuple):
    """A version in the history: what it changed of the one before; None for the first."""

    release: Release
    diff: Diff | None


def history(conference: Conference) -> list[Version]:
    """Every version, the newest first. One query."""
    found = list(conference.releases.newest_first())
    read = [snapshots.read(one.content).entries for one in found]
    return [
        Version(one, comparing.compare(read[place + 1], read[place]) if place + 1 < len(found) else None)
        for place, one in enumerate(found)
    ]


def version(made: Release) -> Version:
    """One version, with what it changed."""
    before = made.conference.releases.filter(number=made.number - 1).first()
    if before is None:
        return Version(made, None)
    return Version(made, between(before, made))


def between(old: Release, new: Release) -> Diff:
    """What changed from one version to another."""
    return comparing.compare(snapshots.read(old.content).entries, snapshots.read(new.content).entries)
