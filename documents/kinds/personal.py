"""Phiếu mời đại biểu: a sheet for whoever has no mailbox of the own; the code on it is who they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import codes, links
from attendees.models import Attendee, AttendeeQuerySet, Link
from conference import vietnamese, vietnamese_dates
from conference.models import Conference, User
from documents import layouts, reaching
from documents.addressing import event, sentence
from documents.kinds.base import (
    Content,
    DocumentKind,
    Subject,
    delegation_title,
    file_name,
    require_nobody_erased,
)
from documents.layouts import plain
from documents.layouts_personal import Line, PersonalSheet, personal_sheet
from documents.models import Document
from sessions import release
from sessions.models import Session
from sessions.snapshots import Entry

LECTURES = (Session.Kind.TOPIC, Session.Kind.TALK, Session.Kind.DISCUSSION)
MOST_RECEPTIONS = 2


class PersonalInvitations(DocumentKind):
    """A subject is a person's id: those chosen by name; of a scope, those without a mailbox of their own."""

    slug = "personal-invitation"
    title = gettext_lazy("Phiếu mời đại biểu")
    about = gettext_lazy("Cho người không có thư điện tử riêng: mỗi người một tờ, có mã mở trang của mình.")
    template = "documents/pdf/personal_invitation.html"
    stylesheets = ("base.css", "official.css", "letter.css", "personal.css")
    chunk = 50
    may_be_each = True
    holds_links = True

    def people(self, document: Document) -> AttendeeQuerySet:
        people = super().people(document)
        if document.attendee_ids:
            return people
        everybody = Attendee.objects.filter(conference=document.conference_id).active().exclude(email="")
        shared = everybody.values("email").annotate(people=Count("pk")).filter(people__gt=1).values("email")
        offices = Q(email=F("delegation__contact_email"))
        return people.filter(Q(email="") | Q(email__in=shared) | offices)

    def prepare(self, document: Document, *, by: User | None) -> None:
        """Whoever runs the conference gives each of them a link to the own page."""
        if by is not None and not document.conference.is_run_by(by):
            return
        people = list(self.people(document).select_related("conference"))
        known = reaching.person_links(people)
        for person in people:
            if person.pk not in known:
                links.make(person, Link.Purpose.PERSON, by=by)

    def subjects(self, document: Document) -> list[Subject]:
        return list(self.people(document).values_list("pk", flat=True))

    def nobody(self, document: Document) -> str:
        return _(
            "Đại biểu trong phạm vi đã chọn đều có hộp thư riêng, hoặc chưa ai được xác nhận. "
            "Muốn in cho người cụ thể, chọn trong danh sách đại biểu."
        )

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        found = Attendee.objects.select_related("delegation__unit", "category").in_bulk(subjects)
        require_nobody_erased(found.values())
        people = [found[pk] for pk in subjects if pk in found]
        ways = reaching.person_links(people)
        images = {f"{one.code}.png": ways[one.pk].address for one in people if one.pk in ways}
        where, programmes = list(_where(conference)), _programmes(conference)
        sheets = [
            _sheet(conference, one, f"{one.code}.png" if one.pk in ways else "", where, programmes)
            for one in people
        ]
        context = {
            "paper": self.paper(document, at=people[0].created_at if len(people) == 1 else None),
            "agency": layouts.capitals(conference.issuing_agency),
            "sheets": sheets,
            "where": where,
            "contact": _contact(conference),
        }
        return Content(context, images, tuple(map(_file, people)))


def _sheet(
    conference: Conference,
    person: Attendee,
    picture: str,
    where: Sequence[tuple[str, str]],
    programmes: Sequence[Sequence[Line]],
) -> PersonalSheet:
    return personal_sheet(
        event(conference.title),
        plain(person.get_honorific_display()) or "Ông/Bà",
        person.full_name,
        layouts.joined((person.title, person.organisation_name), "\n"),
        team=f"{delegation_title(person.delegation)} · {plain(person.category.name)}",
        code=codes.group(person.code),
        qr=picture,
        where=where,
        programmes=programmes,
    )


def _where(conference: Conference) -> Iterator[tuple[str, str]]:
    """When and where to be: the days, the reception, the opening."""
    yield (
        "Thời gian",
        sentence(vietnamese_dates.date_range_in_words(conference.starts_on, conference.ends_on)),
    )
    yield "Địa điểm", sentence(layouts.joined((conference.venue, conference.place)))
    sessions = release.entries(conference)
    receptions = [one for one in sessions if one.kind == Session.Kind.RECEPTION]
    for one in receptions[:MOST_RECEPTIONS]:
        yield sentence(one.title.partition(",")[0]), _at(one)
    first = next((one for one in sessions if one.day == conference.starts_on and _counts(one)), None)
    if first is not None:
        yield "Khai mạc", _at(first)


def _at(session: Entry) -> str:
    """Từ 14 giờ 00 phút, ngày 05 tháng 6 năm 2024, Sảnh đón tiếp."""
    clock, day = vietnamese_dates.time_in_words(session.starts), vietnamese_dates.date_in_words(session.day)
    return layouts.joined((f"Từ {clock}, {day}", session.hall))


def _counts(session: Entry) -> bool:
    """Is it what people come for?"""
    return session.kind not in (Session.Kind.BREAK, Session.Kind.RECEPTION, Session.Kind.OTHER)


def _programmes(conference: Conference) -> list[list[Line]]:
    """The released programme in short, the fullest way first: items, lectures only, half days."""
    sessions = [one for one in release.entries(conference) if _counts(one)]
    lectures = [one for one in sessions if one.kind in LECTURES]
    return [list(_by_item(sessions)), list(_by_item(lectures)), list(_by_half(sessions))]


def _by_item(sessions: Sequence[Entry]) -> Iterator[Line]:
    for day, group in groupby(sessions, key=lambda one: one.day):
        yield Line(_day(day))
        for one in group:
            topic = f"Chuyên đề {one.number}: " if one.is_topic and one.number else ""
            yield Line(topic + plain(one.title), vietnamese_dates.clock(one.starts))


def _by_half(sessions: Sequence[Entry]) -> Iterator[Line]:
    for (day, part), group in groupby(sessions, key=lambda one: (one.day, one.part)):
        held = list(group)
        numbers = [str(one.number) for one in held if one.is_topic and one.number]
        topics = f"Chuyên đề {', '.join(numbers)}" if numbers else plain(held[0].title)
        text = layouts.joined((f"{Session.Part(part).label}: {topics}", held[0].hall))
        yield Line(f"{_day(day)}. {text}", vietnamese_dates.clock(held[0].starts))


def _day(day: Any) -> str:
    weekday = vietnamese_dates.weekday(day)
    return f"{weekday[0].upper()}{weekday[1:]}, {vietnamese_dates.date_in_words(day)}"


def _contact(conference: Conference) -> str:
    phone = vietnamese.show_phone(conference.contact_phone) if conference.contact_phone else ""
    return layouts.joined((conference.contact_name or "Ban Tổ chức", phone, conference.contact_email))


def _file(person: Attendee) -> tuple[str, str]:
    folder = file_name(f"{person.delegation.position:02} {delegation_title(person.delegation)}")
    title: Any = PersonalInvitations.title
    return (
        f"{folder}/{file_name(person.full_name)} {codes.group(person.code)}.pdf",
        f"{title}: {plain(person.full_name)}",
    )
