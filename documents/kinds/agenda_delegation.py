"""Chương trình của đoàn: the released programme in short, the sessions of the delegation's people marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees.models import Attendee, Delegation
from conference import vietnamese, vietnamese_dates
from conference.models import Conference
from documents import facts
from documents.addressing import event, sentence
from documents.fitting import MM, Step, Style, fit
from documents.kinds.agenda import version_mark
from documents.kinds.base import Content, DocumentKind, Subject, delegation_file
from documents.layouts import AgendaRow, capitals, joined, plain
from documents.models import Document
from documents.typefaces import SERIF, SERIF_BOLD
from documents.wording import team
from sessions import marking, release
from sessions.marking import Mark
from sessions.snapshots import Entry

_WIDTH = 175 * MM
_AGENCY = (Step(1, 12.5, 11), Step(3, 11, 9, last_resort=True))
_EVENT = (Step(2, 12, 11), Step(8, 10, 8, last_resort=True))
_TEAM = (Step(1, 16, 13), Step(3, 13, 10, last_resort=True))


class DelegationAgendas(DocumentKind):
    """A subject is the id of a delegation that sends people."""

    slug = "agenda-delegation"
    title = _("Chương trình của đoàn")
    about = _("Bản rút gọn, đánh dấu các phiên có người của đoàn.")
    template = "documents/pdf/agenda_delegation.html"
    stylesheets = ("base.css", "official.css", "letter.css", "extract.css")
    tagged = True  # the paper of one delegation; joined and split files have no structure
    chunk = 20
    may_be_each = True
    each_title = _("mỗi đoàn một tệp")
    each_is_delegation = True
    of_people = False
    holds_links = True  # the telephone and address of the focal point

    def subjects(self, document: Document) -> list[Subject]:
        if not document.conference.releases.exists():
            return []
        return self.sending(document)

    def nobody(self, document: Document) -> str:
        if document.conference.releases.exists():
            return gettext("Các đoàn trong phạm vi đã chọn đều không cử đại biểu.")
        return gettext("Chương trình chưa được phát hành. Phát hành phiên bản 1 rồi lập lại.")

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        found = Delegation.objects.select_related("unit", "organisation", "head").in_bulk(subjects)
        delegations = [found[pk] for pk in subjects if pk in found]
        listed = Attendee.objects.filter(delegation__in=found, erased_at=None)
        people = list(listed.select_related("category").in_order())
        latest = release.published(conference)
        entries = latest.entries if latest else ()
        marks = marking.marks(entries, people)
        mark, images = version_mark(conference, conference.releases.newest_first()[0])
        context = {
            "paper": self.paper(document),
            "agency": fit(capitals(conference.issuing_agency), Style(SERIF_BOLD, 1.3), _AGENCY, _WIDTH),
            "event": fit(event(conference.title), Style(SERIF, 1.3), _EVENT, _WIDTH),
            "mark": mark,
            "contact": facts.contact(conference),
            "sheets": [
                _sheet(
                    conference,
                    one,
                    [person for person in people if person.delegation_id == one.pk and person.is_active],
                    entries,
                    marks.get(one.pk, {}),
                )
                for one in delegations
            ],
        }
        return Content(context, images, tuple(map(_file, delegations)))


def _sheet(
    conference: Conference,
    delegation: Delegation,
    people: Sequence[Attendee],
    entries: Sequence[Entry],
    marks: dict[str, list[Mark]],
) -> dict[str, Any]:
    name = facts.capital(team(delegation))
    return {
        "team": fit(name, Style(SERIF_BOLD, 1.3), _TEAM, _WIDTH),
        "facts": list(_facts(conference, delegation)),
        "has_marks": bool(marks),
        "rows": list(_rows(entries, marks)),
        "people": [
            _person(number, one, delegation, entries, marks) for number, one in enumerate(people, start=1)
        ],
        "count": f"{len(people):02}",
    }


def _facts(conference: Conference, delegation: Delegation) -> Iterator[tuple[str, str]]:
    days = vietnamese_dates.date_range_in_words(conference.starts_on, conference.ends_on)
    yield "Thời gian", sentence(days)
    yield "Địa điểm", facts.place(conference)
    if delegation.head is not None and delegation.head.erased_at is None:
        head = delegation.head
        yield "Trưởng đoàn", joined((head.addressed, head.title, head.organisation_name))
    phone = vietnamese.show_phone(delegation.contact_phone) if delegation.contact_phone else ""
    if contact := joined((joined((delegation.contact_name, phone)), delegation.contact_email), "\n"):
        yield "Đầu mối của Đoàn", contact


def _rows(entries: Sequence[Entry], marks: dict[str, list[Mark]]) -> Iterator[AgendaRow]:
    for day, group in groupby(entries, key=lambda entry: entry.day):
        yield AgendaRow("group", facts.capital(facts.day(day)))
        for entry in group:
            marked = marks.get(entry.code, [])
            yield AgendaRow(
                "marked" if marked else "pause" if entry.is_break else "item",
                plain(entry.title),
                f"{vietnamese_dates.clock(entry.starts)} - {vietnamese_dates.clock(entry.ends)}",
                _topic(entry),
                tuple(f"{plain(one.person.full_name)} ({one.role})" for one in marked),
                plain(entry.hall),
            )


def _topic(entry: Entry) -> str:
    return f"Chuyên đề {entry.number}" if entry.is_topic and entry.number else ""


def _person(
    number: int,
    person: Attendee,
    delegation: Delegation,
    entries: Sequence[Entry],
    marks: dict[str, list[Mark]],
) -> dict[str, Any]:
    waits = person.status != Attendee.Status.CONFIRMED
    remarks = (
        "Trưởng đoàn" if person.pk == delegation.head_id else "",
        str(person.get_status_display()) if waits else "",
    )
    return {
        "number": f"{number:02}",
        "name": plain(person.addressed),
        "remarks": joined(remarks),
        "job": joined((person.title, person.organisation_name)),
        "category": plain(person.category.name),
        "does": [
            f"{mark.role}, {_when(entry)}"
            for entry in entries
            for mark in marks.get(entry.code, ())
            if mark.person.pk == person.pk
        ],
    }


def _when(entry: Entry) -> str:
    """08:50, 06/6 (Chuyên đề 1)"""
    day = vietnamese_dates.short_date(entry.day).rpartition("/")[0]
    topic = _topic(entry)
    return f"{vietnamese_dates.clock(entry.starts)}, {day}" + (f" ({topic})" if topic else "")


def _file(delegation: Delegation) -> tuple[str, str]:
    return delegation_file(delegation, str(DelegationAgendas.title))
