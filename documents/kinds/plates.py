"""Biển tên, biển đoàn, thẻ chỗ ngồi, phiếu ăn: what stands on tables and goes through hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees import codes
from attendees.models import Attendee, Delegation
from conference import vietnamese_dates
from documents import layouts, layouts_plates
from documents.addressing import event, sentence
from documents.kinds.base import Content, DocumentKind, Subject, delegation_title, require_nobody_erased
from documents.layouts_plates import SEATS_PER_SHEET, TICKETS_PER_SHEET
from documents.models import Document

MEALS = ("Bữa sáng", "Bữa trưa", "Bữa tối")


class OfPeople(DocumentKind):
    """A subject is the id of a person."""

    stylesheets = ("base.css", "plates.css")
    for_officers = False

    def subjects(self, document: Document) -> list[Subject]:
        return list(self.people(document).values_list("pk", flat=True))

    def _found(self, subjects: Sequence[Subject]) -> list[Attendee]:
        found = Attendee.objects.select_related("delegation__unit", "delegation__organisation").in_bulk(
            subjects
        )
        require_nobody_erased(found.values())
        return [found[pk] for pk in subjects if pk in found]


class NameTents(OfPeople):
    """A sheet of A4 for each person, folded in three: two faces and a foot."""

    slug = "name-tents"
    title = _("Biển tên để bàn")
    about = _("Khổ A4 gấp ba, tên ở hai mặt.")
    template = "documents/pdf/tents.html"
    chunk = 50

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        tents = [
            layouts_plates.tent(
                one.full_name,
                layouts.joined((one.title, one.organisation_name)),
                delegation_title(one.delegation),
            )
            for one in self._found(subjects)
        ]
        return Content({"paper": self.paper(document), "tents": tents, "agency": _agency(document)})


class DelegationSigns(DocumentKind):
    """A subject is the id of a delegation that sends people."""

    slug = "delegation-signs"
    title = _("Biển đoàn để bàn")
    about = _("Khổ A4 gấp ba, tên đoàn ở hai mặt.")
    template = "documents/pdf/tents.html"
    stylesheets = ("base.css", "plates.css")
    chunk = 50
    of_people = False
    for_officers = False

    def subjects(self, document: Document) -> list[Subject]:
        return self.sending(document)

    def nobody(self, document: Document) -> str:
        return gettext("Các đoàn trong phạm vi đã chọn đều không cử đại biểu.")

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        found = Delegation.objects.select_related("unit", "organisation").in_bulk(subjects)
        titles = [delegation_title(found[pk]) for pk in subjects if pk in found]
        tents = [layouts_plates.sign(title, "") for title in titles]
        return Content({"paper": self.paper(document), "tents": tents, "agency": _agency(document)})


class SeatCards(OfPeople):
    """A card of A7 for each person, eight on a sheet: the seat as organisers wrote it down."""

    slug = "seat-cards"
    title = _("Thẻ chỗ ngồi")
    about = _("Chỗ ngồi do Ban Tổ chức ghi, tám thẻ một tờ A4.")
    template = "documents/pdf/seat_cards.html"
    chunk = 25 * SEATS_PER_SHEET

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        cards = [
            layouts_plates.seat_card(one.full_name, delegation_title(one.delegation), one.seat_note)
            for one in self._found(subjects)
        ]
        context = {
            "paper": self.paper(document),
            "agency": _agency(document),
            "sheets": layouts.sheets(cards, SEATS_PER_SHEET),
        }
        return Content(context)


class MealTickets(OfPeople):
    """A strip of three coupons for each person, of one day: `day` of the request, else the first."""

    slug = "meal-tickets"
    title = _("Phiếu ăn")
    about = _("Ba phiếu ăn của mỗi người trong một ngày.")
    template = "documents/pdf/meal_tickets.html"
    chunk = 25 * TICKETS_PER_SHEET

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        conference = document.conference
        day = document.day or conference.starts_on
        tickets = [
            layouts_plates.meal_ticket(one.full_name, delegation_title(one.delegation), codes.group(one.code))
            for one in self._found(subjects)
        ]
        context: dict[str, Any] = {
            "paper": self.paper(document),
            "event": layouts_plates.ticket_event(
                conference.issuing_agency, sentence(event(conference.short_title))
            ),
            "day": f"{vietnamese_dates.weekday(day)}, {vietnamese_dates.short_date(day)}",
            "meals": MEALS,
            "sheets": layouts.sheets(tickets, TICKETS_PER_SHEET),
        }
        return Content(context)


def _agency(document: Document) -> str:
    return layouts.plain(document.conference.issuing_agency)
