"""Thẻ đại biểu: A6, four on a sheet, by delegation and name, a card before each delegation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees import badge_code, codes
from attendees.models import Attendee, AttendeeQuerySet, Band, Delegation
from conference import vietnamese_dates
from conference.models import Conference, User
from documents import badging, layouts
from documents.kinds.base import Content, DocumentKind, Subject, delegation_title, file_name, team
from documents.models import Document


class Badges(DocumentKind):
    """A subject is ["person", id], or ["delegation", id, badges] for the card that comes before them."""

    slug = "badges"
    title = _("Thẻ đại biểu")
    template = "documents/pdf/badges.html"
    stylesheets = ("base.css", "badges.css")
    chunk = 50 * layouts.CARDS_PER_SHEET
    may_be_each = True
    page: ClassVar[str] = "sheet"  # how cards stand on a sheet: a class of badges.css
    per_sheet: ClassVar[int] = layouts.CARDS_PER_SHEET

    def people(self, document: Document) -> AttendeeQuerySet:
        found = super().people(document)
        if document.since is None:
            return found
        known = badging.printed(document.conference, document.since)
        return found.filter(pk__in=badging.due(found, known))

    def prepare(self, document: Document, *, by: User | None) -> None:
        if document.pk:  # a paper of the command leaves nothing behind
            badging.note(document, self.people(document))

    def nobody(self, document: Document) -> str:
        if document.since is None:
            return super().nobody(document)
        return gettext("Không có thẻ nào mới hoặc đã đổi kể từ đợt in đã chọn.")

    def subjects(self, document: Document) -> list[Subject]:
        people = list(self.people(document).values_list("pk", "delegation"))
        if document.each:
            return [["person", pk] for pk, _delegation in people]
        found: list[Subject] = []
        for delegation, group in groupby(people, key=lambda row: row[1]):
            members = [["person", pk] for pk, _delegation in group]
            found += [["delegation", delegation, len(members)], *members]
        return found

    def weigh(self, subjects: Sequence[Subject]) -> int:
        return sum(subject[0] == "person" for subject in subjects)

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        ids = [subject[1] for subject in subjects if subject[0] == "person"]
        people = Attendee.objects.select_related("delegation__unit", "category").in_bulk(ids)
        images = {f"{person.code}.png": badge_code.of(person) for person in people.values()}
        context = {"paper": self.paper(document), "top": _top(conference)}
        files = tuple(_file(people[pk]) for pk in ids if pk in people)
        return Content(context, images, files, cards=list(self._cards(subjects, people)))

    def slots_of(self, card: layouts.Card) -> str:
        return "documents/pdf/_parting.html" if card.parting else "documents/pdf/_badge.html"

    def laid(self, document: Document, cards: Sequence[layouts.Card]) -> dict[str, Any]:
        if document.each:
            return {"page": "single", "ground": "single", "sheets": [[card] for card in cards]}
        shown = [card for card in cards for _face in range(self.faces)]
        return {"page": self.page, "ground": self.page, "sheets": layouts.sheets(shown, self.per_sheet)}

    def laid_alone(self, document: Document, card: layouts.Card) -> dict[str, Any]:
        return {"page": "single", "ground": "single" if document.each else "", "sheets": [[card]]}

    def empty_sheet(self, document: Document) -> dict[str, Any]:
        if document.each:
            return {}
        return {"page": self.page, "ground": self.page, "sheets": [[None] * self.per_sheet]}

    def _cards(
        self, subjects: Sequence[Subject], people: dict[int, Attendee]
    ) -> Iterator[layouts.Badge | layouts.Parting]:
        delegations = Delegation.objects.select_related("unit").in_bulk(
            [subject[1] for subject in subjects if subject[0] == "delegation"]
        )
        for kind, pk, *count in subjects:
            if kind == "delegation" and pk in delegations:
                yield layouts.parting(delegation_title(delegations[pk]), f"{count[0]} thẻ")
            elif kind == "person" and pk in people:
                yield _badge(people[pk])


class SmallBadges(Badges):
    """The same cards at A7, eight on a sheet of A4."""

    slug = "badges-a7"
    title = _("Thẻ đại biểu cỡ nhỏ (A7)")
    page = "small"
    per_sheet = 8
    chunk = 25 * per_sheet
    may_be_each = False


class FoldedBadges(Badges):
    """Two faces side by side, to be folded: two people on a sheet of A4."""

    slug = "badges-folded"
    title = _("Thẻ đại biểu gấp đôi, hai mặt")
    faces = 2
    chunk = 50
    may_be_each = False


class BlankBadges(DocumentKind):
    """Spare cards to be written on by hand; a subject is the number of a card."""

    slug = "badges-blank"
    title = _("Thẻ trắng dự phòng")
    template = "documents/pdf/badges.html"
    stylesheets = ("base.css", "badges.css")
    of_people = False
    for_officers = False

    def subjects(self, document: Document) -> list[Subject]:
        """As many as were asked for; two sheets where no number was."""
        [count] = document.subject_ids or [2 * layouts.CARDS_PER_SHEET]
        return list(range(1, count + 1))

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        band = Band.DELEGATE
        cards = [layouts.Blank(band.value, layouts.capitals(band.label)) for _number in subjects]
        context = {
            "paper": self.paper(document),
            "page": "sheet",
            "ground": "sheet",
            "top": _top(document.conference),
            "sheets": layouts.sheets(cards),
        }
        return Content(context)


def _top(conference: Conference) -> layouts.BadgeTop:
    days = vietnamese_dates.short_range(conference.starts_on, conference.ends_on)
    return layouts.badge_top(
        conference.issuing_agency,
        _sentence(conference.short_title),
        f"{_sentence(conference.place)}, {days}",
    )


def _badge(person: Attendee) -> layouts.Badge:
    band = Band(person.category.band)
    return layouts.badge(
        person.full_name,
        person.title,
        person.organisation_name,
        team(person.delegation),
        (band.value, str(band.label)),
        f"{person.code}.png",
        codes.group(person.code),
    )


def _file(person: Attendee) -> tuple[str, str]:
    folder = file_name(f"{person.delegation.position:02} {delegation_title(person.delegation)}")
    title: Any = Badges.title
    return (
        f"{folder}/{file_name(person.full_name)} {codes.group(person.code)}.pdf",
        f"{title}: {layouts.plain(person.full_name)}",
    )


def _sentence(text: str) -> str:
    """With a capital at the start."""
    cleaned = layouts.plain(text)
    return cleaned[:1].upper() + cleaned[1:]
