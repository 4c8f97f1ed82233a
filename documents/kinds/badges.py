"""Thẻ đại biểu: A6, four on a sheet, by delegation and name, a card before each delegation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees import badge_code, codes
from attendees.models import Attendee, AttendeeQuerySet, Band, Delegation
from conference.models import Conference, User
from documents import badging, contrast, filling, layouts, looks
from documents.designs import look_of
from documents.dressing import Dress, dress
from documents.kinds.base import (
    Content,
    DocumentKind,
    Subject,
    delegation_title,
    file_name,
    require_nobody_erased,
    team,
)
from documents.looks import Look
from documents.models import Document

# On a picture to look at: as dense as a true code, and of nobody.
SPECIMEN = badge_code.MARK + "X" * (badge_code.LENGTH - len(badge_code.MARK))
SPECIMEN_CODE = "XXXX-XXXX"


class Cards(DocumentKind):
    """Cards on sheets, in the look of the conference's badges."""

    template = "documents/pdf/badges.html"
    stylesheets = ("base.css", "badges.css")
    designed = looks.BADGE
    page: ClassVar[str] = "sheet"  # how cards stand on a sheet: a class of badges.css
    ground: ClassVar[str] = "sheet"  # where to cut it
    lone: ClassVar[str] = "single"  # how a card stands by itself, to be stamped: a class of badges.css
    per_sheet: ClassVar[int] = layouts.CARDS_PER_SHEET

    def look(self, document: Document) -> Look:
        return look_of(document.design, self.designed)


class Badges(Cards):
    """A subject is ["person", id], or ["delegation", id, badges] for the card that comes before them."""

    slug = "badges"
    title = _("Thẻ đại biểu")
    about = _("Khổ A6, bốn thẻ một tờ A4.")
    chunk = 100 * layouts.CARDS_PER_SHEET
    may_be_each = True

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
        require_nobody_erased(people.values())
        images = {f"{person.code}.png": badge_code.of(person) for person in people.values()}
        look = self.look(document)
        worn = dress(look)
        context = {"paper": self.paper(document), "top": top_of(conference, look, worn)}
        files = tuple(_file(people[pk]) for pk in ids if pk in people)
        cards = list(self._cards(subjects, people, badging.erased_since(document)))
        return Content(context, {**images, **worn.images}, files, worn.rules, cards)

    def specimen(self, document: Document, look: Look, people: Sequence[Attendee]) -> Content:
        """A page for each of the people, as a picture to look at: its code opens nothing."""
        worn = dress(look)
        cards = [badge_of(one, qr="specimen.png", code=SPECIMEN_CODE) for one in people]
        context = {
            "paper": self.paper(document),
            "page": "single",
            "ground": "single",
            "top": top_of(document.conference, look, worn),
            "sheets": [[card] for card in cards],
        }
        return Content(context, {"specimen.png": SPECIMEN, **worn.images}, rules=worn.rules)

    def slots_of(self, card: layouts.Card) -> str:
        return "documents/pdf/_parting.html" if card.parting else "documents/pdf/_badge.html"

    def laid(self, document: Document, cards: Sequence[layouts.Card]) -> dict[str, Any]:
        if document.each:
            return {"page": "single", "ground": "single", "sheets": [[card] for card in cards]}
        shown = [card for card in cards for _face in range(self.faces)]
        return {"page": self.page, "ground": self.ground, "sheets": layouts.sheets(shown, self.per_sheet)}

    def laid_alone(self, document: Document, card: layouts.Card) -> dict[str, Any]:
        return {"page": self.lone, "ground": "single" if document.each else "", "sheets": [[card]]}

    def empty_sheet(self, document: Document) -> dict[str, Any]:
        if document.each:
            return {}
        return {"page": self.page, "ground": self.ground, "sheets": [[None] * self.per_sheet]}

    def _cards(
        self, subjects: Sequence[Subject], people: dict[int, Attendee], gone: Counter[int]
    ) -> Iterator[layouts.Badge | layouts.Parting]:
        delegations = Delegation.objects.select_related("unit").in_bulk(
            [subject[1] for subject in subjects if subject[0] == "delegation"]
        )
        for kind, pk, *count in subjects:
            if kind == "delegation" and pk in delegations and (cards := count[0] - gone[pk]):
                yield layouts.parting(delegation_title(delegations[pk]), f"{cards} thẻ")
            elif kind == "person" and pk in people:
                person = people[pk]
                yield badge_of(person, qr=f"{person.code}.png", code=codes.group(person.code))


class SmallBadges(Badges):
    """The same cards at A7, eight on a sheet of A4."""

    slug = "badges-a7"
    title = _("Thẻ đại biểu cỡ nhỏ (A7)")
    about = _("Khổ A7, tám thẻ một tờ A4.")
    page = ground = "small"
    per_sheet = 8
    chunk = 50 * per_sheet
    may_be_each = False


class FoldedBadges(Badges):
    """Two faces side by side, to be folded: two people on a sheet of A4."""

    slug = "badges-folded"
    title = _("Thẻ đại biểu gấp đôi, hai mặt")
    about = _("Hai mặt liền nhau để gấp, hai người một tờ A4.")
    faces = 2
    chunk = 200
    may_be_each = False


class BlankBadges(Cards):
    """Spare cards to be written on by hand; a subject is the number of a card."""

    slug = "badges-blank"
    title = _("Thẻ trắng dự phòng")
    about = _("Để ghi tay ở bàn đón tiếp.")
    of_people = False
    for_officers = False

    def subjects(self, document: Document) -> list[Subject]:
        """As many as were asked for; two sheets where no number was."""
        [count] = document.subject_ids or [2 * layouts.CARDS_PER_SHEET]
        return list(range(1, count + 1))

    def content(self, document: Document, subjects: Sequence[Subject]) -> Content:
        band = Band.DELEGATE
        cards = [layouts.Blank(band.value, layouts.capitals(band.label)) for _number in subjects]
        look = self.look(document)
        worn = dress(look)
        context = {
            "paper": self.paper(document),
            "page": self.page,
            "ground": self.ground,
            "top": top_of(document.conference, look, worn),
            "sheets": layouts.sheets(cards, self.per_sheet),
        }
        return Content(context, dict(worn.images), rules=worn.rules)


class OnLabels(Cards):
    """On a roll of labels of 86 × 124 mm, one a page, for printers that know black and nothing else.

    Of a design it has the logo and the texts: a colour, a ground or a picture would come out as dots.
    """

    page = "label roll"
    ground = ""
    lone = "label lone"
    per_sheet = 1

    def look(self, document: Document) -> Look:
        chosen = super().look(document)
        return Look(looks.BADGE, accent=contrast.BLACK, logo=chosen.logo, texts=chosen.texts)


class LabelBadges(OnLabels, Badges):
    """The same cards on labels."""

    slug = "badges-label"
    title = _("Thẻ đại biểu dạng nhãn cuộn (86 × 124 mm)")
    about = _("Cho máy in nhãn.")
    chunk = 400
    may_be_each = False


class BlankLabels(OnLabels, BlankBadges):
    """Spare labels to be written on by hand."""

    slug = "badges-label-blank"
    title = _("Nhãn thẻ trắng dự phòng (86 × 124 mm)")
    about = _("Để ghi tay ở bàn đón tiếp.")


def top_of(conference: Conference, look: Look, worn: Dress | None = None) -> layouts.BadgeTop:
    """What all badges of a conference show, each line with a capital at its start."""
    known = filling.values(conference, looks.BADGE)
    agency, event, note = (filling.lines(look, slot.name, known) for slot in looks.SLOTS[looks.BADGE])
    found = layouts.badge_top(" ".join(agency), *map(_capital, event), note=" ".join(note))
    return replace(found, mark=worn.mark, back=worn.back, is_own=worn.is_own) if worn else found


def badge_of(person: Attendee, *, qr: str, code: str) -> layouts.Badge:
    """The card of a person, measured; `DoesNotFit` where a text has no room on it."""
    band = Band(person.category.band)
    return layouts.badge(
        person.full_name,
        person.title,
        person.organisation_name,
        team(person.delegation),
        (band.value, str(band.label)),
        qr,
        code,
    )


def _file(person: Attendee) -> tuple[str, str]:
    folder = file_name(f"{person.delegation.position:02} {delegation_title(person.delegation)}")
    title: Any = Badges.title
    return (
        f"{folder}/{file_name(person.full_name)} {codes.group(person.code)}.pdf",
        f"{title}: {layouts.plain(person.full_name)}",
    )


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]
