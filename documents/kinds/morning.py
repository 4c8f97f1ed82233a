"""Tình hình đại biểu: the one page for a leader, read before the day begins."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from attendees import naming
from conference import vietnamese_dates
from documents import morning_facts
from documents.fitting import MM, Fitted
from documents.kinds.agenda import who
from documents.kinds.base import Content, DocumentKind, Subject
from documents.layouts import capitals, plain
from documents.layouts_morning import HEADING, LEADING, PAGE, SIZES, Columns, columns, paragraph
from documents.models import MORNING, Document
from documents.morning_facts import Guest, Morning, Share, Team
from sessions.snapshots import Entry

_HEAD = 17.5 * MM  # the name of the paper and its hour, with the rule below them
_FIGURES = 19.5 * MM
# Widths of the cells of a column, the gutter between two columns left out.
_CATEGORY, _TEAM, _LEADER = (28 * MM, 13 * MM), (28 * MM, 14 * MM, 45.5 * MM), (43 * MM, 17 * MM, 27.5 * MM)
_COMING, _COMPLETE = 11.0, 9.0  # points
_RULE = 4 * MM  # above the delegations that are complete
_MOST_COMING, _MOST_LEADERS = 3, 60 * MM
_LAST = 5 * MM  # the line that says how many were left out


@dataclass(frozen=True)
class Coming:
    """One session that begins next: when and where in bold, then what, then who."""

    when: Fitted
    title: Fitted
    people: tuple[Fitted, ...] = field(default=())

    @property
    def height(self) -> float:
        return sum(one.height for one in (self.when, self.title, *self.people)) + 1.5 * MM


class MorningPaper(DocumentKind):
    """The conference as it stands when the paper is made; its day says what "today" is."""

    slug = MORNING
    title = _("Tình hình đại biểu")
    about = _("Một trang cho lãnh đạo, đọc trước khi ngày làm việc bắt đầu.")
    template = "documents/pdf/morning.html"
    stylesheets = ("base.css", "morning.css")
    tagged = True
    of_people = False
    for_officers = False

    def subjects(self, document: Document) -> list[Subject]:
        return ["morning"]

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        morning = morning_facts.read(conference, document.day or conference.today())
        title = paragraph(plain(conference.title), 12.5, is_bold=True)
        agency = paragraph(capitals(conference.issuing_agency), 11)
        coming = tuple(_coming(one) for one in (morning.coming or ())[:_MOST_COMING])
        leaders = columns([_leader(one, morning.at) for one in morning.leaders], _LEADER, 2, _MOST_LEADERS)
        categories = columns(list(_shares(morning)), _CATEGORY, 4, PAGE / 4, SIZES[1:])
        complete = paragraph(_complete(morning.complete), _COMPLETE) if morning.complete else None
        room = PAGE - _HEAD - _FIGURES - title.height - agency.height
        room -= sum(one.height for one in coming) or 2 * _COMING * LEADING
        room -= _LAST * (bool(leaders.left_out) + (len(morning.coming or ()) > len(coming)))
        room -= leaders.height + categories.height + (complete.height + _RULE if complete else 0)
        short = _short(morning, room - 4 * HEADING)
        at = morning.at
        context = {
            "paper": self.paper(document),
            "agency": agency,
            "title": title,
            "hour": f"{vietnamese_dates.time_in_words(at)}, {vietnamese_dates.weekday(at)}, "
            f"{vietnamese_dates.date_in_words(at)}",
            "figures": list(_figures(morning)),
            "is_released": morning.coming is not None,
            "coming": coming,
            "coming_more": len(morning.coming or ()) - len(coming),
            "leaders": leaders,
            "categories": categories,
            "short": short,
            "short_count": len(morning.short),
            "complete": complete,
            "has_people": bool(morning.teams),
        }
        return Content(context)


def _short(morning: Morning, room: float) -> Columns:
    """The delegations of whom somebody is missing; the line that counts the rest takes its own room."""
    rows = [_team(one, morning.at) for one in morning.short]
    laid = columns(rows, _TEAM, 2, room)
    return columns(rows, _TEAM, 2, room - _LAST) if laid.left_out else laid


def _figures(morning: Morning) -> Iterator[tuple[str, str]]:
    """Figure and what it counts."""
    teams = Share(len(morning.complete), len(morning.teams))
    yield _of(morning.whole), "đại biểu đã đến"
    yield vietnamese_dates.number(morning.today), "đã vào phiên hôm nay"
    yield _of(morning.heads), "trưởng đoàn đã đến"
    yield _of(teams), "đoàn đủ người"


def _of(share: Share) -> str:
    return f"{vietnamese_dates.number(share.present)}/{vietnamese_dates.number(share.expected)}"


def _shares(morning: Morning) -> Iterator[tuple[str, str]]:
    for category, share in morning.categories:
        yield plain(category.short_name), _of(share)


def _leader(guest: Guest, now: datetime.datetime) -> tuple[str, str, str]:
    person = guest.person
    return plain(person.addressed), _came(guest, now), plain(person.title or person.organisation_name)


def _came(guest: Guest, now: datetime.datetime) -> str:
    """07:12; of another day 19:40, 05/6; else chưa đến."""
    if guest.came is None:
        return "chưa đến"
    clock = vietnamese_dates.clock(guest.came)
    if guest.came.date() == now.date():
        return clock
    return f"{clock}, {vietnamese_dates.short_date(guest.came).rpartition('/')[0]}"


def _team(team: Team, now: datetime.datetime) -> tuple[str, str, str]:
    head = f"{plain(team.head.person.full_name)}, {_came(team.head, now)}" if team.head else "chưa ghi"
    return plain(_name(team)), _of(team.share), head


def _name(team: Team) -> str:
    """Lâm Đồng: on a page of delegations nobody asks whether it is a province."""
    return naming.team(team.delegation)[1]


def _complete(teams: Sequence[Team]) -> str:
    """Đoàn đủ người (2): Phú Thọ 5, Bắc Ninh 4."""
    return (
        f"Đoàn đủ người ({len(teams)}): "
        + ", ".join(f"{plain(_name(one))} {one.share.expected}" for one in teams)
        + "."
    )


def _coming(entry: Entry) -> Coming:
    clock = f"{vietnamese_dates.clock(entry.starts)} - {vietnamese_dates.clock(entry.ends)}"
    when = ", ".join(filter(None, (clock, vietnamese_dates.short_date(entry.day), plain(entry.hall))))
    said = [who(part) for part in entry.people] or ([plain(entry.note)] if entry.note else [])
    people = tuple(paragraph(one, _COMING) for one in said if one)
    return Coming(paragraph(when, _COMING, is_bold=True), paragraph(plain(entry.headline), _COMING), people)
