"""Đính chính chương trình: one page that says what the latest version changes of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference import vietnamese_dates
from conference.models import Conference
from documents import facts, layouts
from documents.errors import DoesNotFit, PaperError
from documents.fitting import MM
from documents.kinds.agenda import BLANK, recipients, version_mark, who
from documents.kinds.base import Content, DocumentKind, Subject, signer
from documents.layouts import joined, plain
from documents.layouts_erratum import Told, erratum_rows, lines_of
from documents.models import Document
from sessions import release
from sessions.comparing import Change
from sessions.models import Release
from sessions.snapshots import Entry

# The page between its margins, and what of it heading and signature take (documents/paper/official.css).
_PAGE, _WIDTH = 257 * MM, 165 * MM
_HEADING = 21 * MM  # kind, rule and the room below them
_TOP_LEFT, _TOP_RIGHT = 19 * MM, 30 * MM  # beside the agency; the nation, its motto, the place
_FOOT = 66 * MM
_NOTHING = "Không có"


class Erratum(DocumentKind):
    """The latest version against the one before is one subject, and one page."""

    slug = "erratum"
    title = _("Đính chính chương trình")
    about = _("Một trang: bản mới nhất đổi gì so với bản trước.")
    template = "documents/pdf/erratum.html"
    stylesheets = ("base.css", "official.css")
    tagged = True
    of_people = False

    def subjects(self, document: Document) -> list[Subject]:
        return ["erratum"] if document.conference.releases.filter(number__gte=2).exists() else []

    def nobody(self, document: Document) -> str:
        return gettext(
            "Chương trình chưa có phiên bản thứ hai nên chưa có gì để đính chính. In chương trình hội nghị."
        )

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        latest = conference.releases.newest_first()[0]
        diff = release.version(latest).diff
        changes = [_told(change) for change in diff.changes] if diff else []
        heading = layouts.heading(
            conference.issuing_agency,
            "THÔNG BÁO",
            f"Đính chính chương trình {_uncapital(conference.title)}",
            number=f"Số: {BLANK * 4}/TB-{plain(conference.symbol)}",
            place_and_date=f"{plain(conference.issue_place)}, ngày {BLANK * 3} "
            f"{vietnamese_dates.date_in_words(conference.today()).split(' ', 2)[2]}",
        )
        said = _sentence(conference, latest)
        top = max(_TOP_RIGHT, _TOP_LEFT + heading.agency.height)
        room = _PAGE - top - _HEADING - heading.about.height - _FOOT
        room -= sum(lines_of(one, _WIDTH) for one in said)
        try:
            size, rows = erratum_rows(changes, room)
        except DoesNotFit as refused:
            raise PaperError(_too_many(latest, len(changes))) from refused
        mark, images = version_mark(conference, latest)
        context = {
            "paper": self.paper(document),
            "heading": heading,
            "said": said,
            "before": latest.number - 1,
            "now": latest.number,
            "size": size,
            "rows": rows,
            "recipients": recipients(conference),
            "signer": signer(conference),
            "mark": mark,
        }
        return Content(context, images)


def _sentence(conference: Conference, latest: Release) -> list[str]:
    """What this is, and what the organisers say of it."""
    at = facts.moment(latest.released_at.astimezone(conference.zone))
    text = (
        f"Ban Tổ chức thông báo Chương trình Hội nghị, phiên bản {latest.number} (phát hành lúc {at}), "
        f"thay đổi so với phiên bản {latest.number - 1} như sau:"
    )
    return [*filter(None, [plain(latest.note)]), text]


def _too_many(latest: Release, count: int) -> str:
    sentence = gettext(
        "Phiên bản %(n)s có %(count)s thay đổi, không vừa một trang đính chính. In lại chương trình hội nghị."
    )
    return sentence % {"n": latest.number, "count": count}


# ── One change in three cells ─────────────────────────────────────────────────────────────────────


def _told(change: Change) -> Told:
    """What it is, what was announced, what holds now; only what differs is told of a session that stays."""
    old, new = change.old, change.new
    if old is None or new is None:
        there = "\n".join(_whole(change.entry))
        return _named(change.entry, there, "Hủy") if new is None else _named(new, _NOTHING, there)
    pairs = [pair for pair in zip(_parts(old), _parts(new), strict=True) if pair[0] != pair[1]]
    before = "\n".join(one or _NOTHING for one, _other in pairs)
    return _named(old, before, "\n".join(other or _NOTHING for _one, other in pairs))


def _named(entry: Entry, before: str, now: str) -> Told:
    whole = plain(entry.headline)
    return Told(whole, f"Chuyên đề {entry.number}" if entry.is_topic and entry.number else whole, before, now)


def _parts(entry: Entry) -> Iterator[str]:
    """Everything of a session that a change can touch, a line each."""
    yield _when(entry)
    yield plain(entry.hall)
    yield plain(entry.headline)
    yield joined([*map(who, entry.people), entry.note], "; ")


def _whole(entry: Entry) -> Iterator[str]:
    when, hall, _headline, people = _parts(entry)
    return filter(None, (when, hall, people))


def _when(entry: Entry) -> str:
    """08:50 - 10:10, ngày 06/6/2024: a column has no room for more."""
    clock = vietnamese_dates.clock
    return f"{clock(entry.starts)} - {clock(entry.ends)}, ngày {vietnamese_dates.short_date(entry.day)}"


def _uncapital(text: str) -> str:
    return text if text.startswith("Hội nghị") else text[:1].lower() + text[1:]
