"""Lịch chương trình theo ngày: each day of the released programme on one landscape page, for the desk."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference import vietnamese_dates
from conference.models import Conference
from documents.addressing import event
from documents.errors import DoesNotFit, PaperError
from documents.facts import capital, day
from documents.fitting import MM, Fitted, Step, Style, fit
from documents.kinds.agenda import version_mark, who
from documents.kinds.base import Content, DocumentKind, Subject
from documents.layouts import capitals, plain
from documents.layouts_grid import Grid, Item, day_pages
from documents.models import Document
from documents.typefaces import SERIF, SERIF_BOLD
from sessions import release
from sessions.models import Session
from sessions.snapshots import Entry, Part

# The page between its margins, and what of it always stands there (documents/paper/desk.css).
_WIDTH, _HEIGHT = 273 * MM, 182 * MM
_AXIS, _LEGEND, _BELOW_TOP = 13 * MM, 15 * MM, 3 * MM
_TOP_WIDTH, _MARK_HEIGHT, _DAY_HEIGHT = 178 * MM, 22 * MM, 20 * 1.3
_AGENCY_LADDER = (Step(1, 11, 9), Step(3, 9, 8, last_resort=True))
_EVENT_LADDER = (Step(1, 12, 10), Step(2, 10, 9), Step(6, 8, 8, last_resort=True))


class AgendaGrid(DocumentKind):
    """A subject is a day, in ISO form: all days of the programme, or the one that was chosen."""

    slug = "agenda-grid"
    title = _("Lịch chương trình theo ngày")
    about = _("Mỗi ngày một trang ngang, cho bàn điều hành.")
    template = "documents/pdf/agenda_grid.html"
    stylesheets = ("base.css", "desk.css")
    tagged = True
    of_people = False
    for_officers = False

    def subjects(self, document: Document) -> list[Subject]:
        days = {entry.day for entry in release.entries(document.conference)}
        return sorted(day.isoformat() for day in days if document.day in (None, day))

    def nobody(self, document: Document) -> str:
        if document.day and document.conference.releases.exists():
            told = {"day": vietnamese_dates.short_date(document.day)}
            return gettext("Ngày %(day)s không có phiên nào trong chương trình đã phát hành.") % told
        return gettext("Chương trình chưa được phát hành. Phát hành phiên bản 1 rồi lập lại.")

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        mark, images = version_mark(conference, conference.releases.newest_first()[0])
        heading = _heading(conference)
        room = _HEIGHT - _top_height(heading) - _LEGEND
        order = list(conference.halls.order_by("position", "name").values_list("name", flat=True))
        pages: list[dict[str, Any]] = []
        rules: list[str] = []
        wanted = {datetime.date.fromisoformat(subject) for subject in subjects}
        for on, group in groupby(release.entries(conference), key=lambda entry: entry.day):
            if on in wanted:
                pages += _pages(on, _grids(on, list(group), order, room), rules)
        context = {"paper": self.paper(document), "heading": heading, "pages": pages, "mark": mark}
        return Content(context, images, rules="\n".join(rules))


def _heading(conference: Conference) -> dict[str, Fitted]:
    agency, title = capitals(conference.issuing_agency), event(conference.short_title)
    return {
        "agency": fit(agency, Style(SERIF_BOLD, 1.3), _AGENCY_LADDER, _TOP_WIDTH),
        "event": fit(title, Style(SERIF, 1.3), _EVENT_LADDER, _TOP_WIDTH),
    }


def _top_height(heading: dict[str, Fitted]) -> float:
    text = sum(fitted.height for fitted in heading.values()) + _DAY_HEIGHT
    return max(text, _MARK_HEIGHT) + _BELOW_TOP


def _grids(on: datetime.date, entries: Sequence[Entry], order: Sequence[str], room: float) -> list[Grid]:
    try:
        return day_pages([_item(entry) for entry in entries], list(map(plain, order)), _WIDTH - _AXIS, room)
    except DoesNotFit as refused:
        sentence = gettext(
            "Ngày %(day)s có quá nhiều phiên cùng lúc, không vừa một trang. In chương trình hội nghị."
        )
        raise PaperError(sentence % {"day": vietnamese_dates.short_date(on)}) from refused


def _item(entry: Entry) -> Item:
    topic = f"Chuyên đề {entry.number}: " if entry.is_topic and entry.number else ""
    note = plain(entry.note)
    return Item(
        _minute(entry.starts),
        _minute(entry.ends),
        vietnamese_dates.time_range(entry.starts, entry.ends),
        entry.kind,
        topic + plain(entry.title),
        plain(entry.hall),
        tuple(filter(None, [*map(who, entry.people), note])),
        tuple(filter(None, map(_name, entry.people))) or tuple(filter(None, [note])),
    )


def _minute(at: datetime.time) -> int:
    return at.hour * 60 + at.minute


def _name(part: Part) -> str:
    return plain(part.full_name) or plain(part.organisation_name)


# ── What the template shows, and the rules that put it in its place ───────────────────────────────


def _pages(on: datetime.date, grids: Sequence[Grid], rules: list[str]) -> Iterator[dict[str, Any]]:
    """The pages of a day; each place becomes a class of its own, and its rule is added to `rules`."""
    for number, grid in enumerate(grids, start=1):
        place = partial(_placed, rules)
        kinds = dict(Session.Kind.choices)
        shown = [kind for kind in kinds if any(cell.kind == kind for cell in grid.cells)]
        yield {
            "day": capital(day(on)) + (f" ({number}/{len(grids)})" if len(grids) > 1 else ""),
            "size": f"pt{grid.size:g}".replace(".", "-"),
            "head": place(0, 0, _WIDTH, grid.head_height),
            "heads": [(place(_AXIS + one.left, 0, one.width, 0), one.lines) for one in grid.heads],
            "body": place(0, 0, _WIDTH, grid.height),
            "ticks": [(place(0, one.top, _WIDTH, 0), one.text) for one in grid.ticks],
            "cells": [(place(_AXIS + one.left, one.top, one.width, one.height), one) for one in grid.cells],
            "legend": [(kind, str(kinds[kind])) for kind in shown],
            "is_cut": grid.is_cut,
        }


def _placed(rules: list[str], left: float, top: float, width: float, height: float) -> str:
    """The class of a box, whose rule is added; a height of 0 is as high as its content."""
    name = f"at{len(rules)}"
    sides = {"left": left, "top": top, "width": width, **({"height": height} if height else {})}
    said = ";".join(f"{side}:{length / MM:.2f}mm" for side, length in sides.items())
    rules.append(f".{name}{{{said}}}")
    return name
