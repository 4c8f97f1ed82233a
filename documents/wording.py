"""What the letters say: sentences drawn from a conference and a delegation, frozen when a number is given.

`Said` is plain text that stands as it was issued, whatever is changed afterwards: one number, one text. What
is printed around it (sizes, line breaks, the code of a link) is made anew each time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db.models import Q

from attendees.models import Delegation
from conference import vietnamese_dates
from conference.models import Conference, Organisation
from documents import addressing, facts
from documents.addressing import event, written_out
from documents.layouts import plain
from documents.models import Letter

BLANK = "\u2007" * 4  # as wide as digits: number and day of a draft are written in by hand
FULL_STOP = "./."  # ends the body of an official letter (Decree 30/2020, annex I, II.6)
LONGEST_WORD = 18  # letters; what is longer is no word of the language


@dataclass(frozen=True)
class Block:
    """A paragraph: what stands bold before it, its text, and a list under it."""

    text: str
    label: str = ""
    items: tuple[str, ...] = ()

    @property
    def is_ragged(self) -> bool:
        """An address is not broken: a justified line before it would be torn apart."""
        return any(len(word) > LONGEST_WORD for word in self.text.split())


@dataclass(frozen=True)
class Said:
    """A letter in plain text, part by part as Decree 30/2020 orders them."""

    kind: str
    agency: str
    parent: str
    number: str  # "87/GM-BTTTT"
    place_and_date: str
    about: str  # trích yếu
    team: str  # "đoàn đại biểu tỉnh Quảng Nam"
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    closing: str
    recipients: tuple[str, ...]
    role: tuple[str, ...]  # of the signer
    signer: str
    seats: tuple[tuple[str, int], ...]  # component, seats: the rows of the annexed form
    until: str  # last moment to answer, in words
    is_draft: bool = False

    @property
    def is_to_one(self) -> bool:
        return len(self.addressees) == 1

    @property
    def team_title(self) -> str:
        """With a capital: "Đoàn đại biểu tỉnh Quảng Nam"."""
        return facts.capital(self.team)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        parts: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        parts["blocks"] = tuple(
            Block(block["text"], block["label"], tuple(block["items"])) for block in data["blocks"]
        )
        parts["seats"] = tuple((name, count) for name, count in data["seats"])
        return cls(**parts)


class Writer:
    """Writes the letters of one kind; what they have in common is read once."""

    def __init__(self, conference: Conference, kind: str) -> None:
        self.conference = conference
        self.kind = kind
        self.title = event(conference.title)
        self.facts = list(self._facts())
        self.contact = facts.contact(conference)
        self.bases = facts.bases(conference) if kind == Letter.Kind.REQUEST else ""
        self.names = _names(conference)

    def write(self, delegation: Delegation, *, number: str, day: datetime.date | None) -> Said:
        """The letter to one delegation (with unit, and quotas with category and body, read along).

        Without a day it is a draft: number and day are left blank.
        """
        conference, seats = self.conference, _seats(delegation)
        is_request = self.kind == Letter.Kind.REQUEST
        short = event(conference.short_title)
        return Said(
            kind=self.kind,
            agency=plain(conference.issuing_agency),
            parent=plain(conference.parent_agency),
            number=number,
            place_and_date=f"{addressing.seat(conference.issue_place)}, {_day(conference, day)}",
            about=f"V/v cử đại biểu tham dự {short}" if is_request else f"Dự {self.title}",
            team=team(delegation),
            addressees=tuple(_addressees(delegation)) if is_request else (),
            blocks=tuple((self._request if is_request else self._invitation)(delegation, seats)),
            closing=self._closing(is_request),
            recipients=tuple(self._recipients(delegation, is_request=is_request)),
            role=_role(conference),
            signer=plain(conference.signer_name),
            seats=tuple(seats),
            until=facts.moment(delegation.deadline),
            is_draft=day is None,
        )

    def _invitation(self, delegation: Delegation, seats: Sequence[tuple[str, int]]) -> Iterator[Block]:
        """Decree 30/2020, annex III, model 1.7."""
        agency, invited = plain(self.conference.issuing_agency), team(delegation)
        total = sum(count for _name, count in seats)
        if seats:
            names = "; ".join(f"{name} ({count:02})" for name, count in seats)
            invited += f", gồm {total:02} đại biểu theo thành phần: {names}"
        yield Block(f"{agency} trân trọng kính mời: {facts.capital(invited)}.")
        yield Block(f"{self.title}.", "Tới dự")
        yield from self.facts
        yield Block(
            "Đề nghị Quý cơ quan cử đúng thành phần và gửi danh sách đại biểu về Ban Tổ chức trước "
            f"{facts.moment(delegation.deadline)}. {self.contact}"
        )

    def _request(self, delegation: Delegation, seats: Sequence[tuple[str, int]]) -> Iterator[Block]:
        agency, total = plain(self.conference.issuing_agency), sum(count for _name, count in seats)
        opening = f"{agency} tổ chức {self.title}."
        yield Block(f"{self.bases}, {opening}" if self.bases else opening)
        yield Block(
            f"{agency} trân trọng đề nghị Quý cơ quan quan tâm, cử đại biểu tham dự Hội nghị với các "
            "nội dung cụ thể như sau:"
        )
        number = 0
        for block in (
            *self.facts,
            Block(f"{total:02} đại biểu, gồm:" if seats else "", "Thành phần", tuple(_lines(seats))),
            Block(
                "Quý cơ quan gửi danh sách đại biểu (theo mẫu tại Phụ lục kèm theo) về Ban Tổ chức trước "
                f"{facts.moment(delegation.deadline)}. {self.contact}",
                "Đăng ký đại biểu",
            ),
        ):
            if block.text:
                number += 1
                yield Block(block.text, f"{number}. {block.label}", block.items)

    def _facts(self) -> Iterator[Block]:
        """What Decision 45/2018/QĐ-TTg asks an invitation to say: chair, content, time, place."""
        for label, text in (
            ("Chủ trì", facts.chair(self.conference)),
            ("Nội dung", facts.content(self.conference)),
            ("Thời gian", facts.when(self.conference)),
            ("Địa điểm", f"{facts.place(self.conference)}."),
        ):
            if text:
                yield Block(text, label)
        if self.conference.cost_note:
            yield Block(f"{addressing.sentence(self.conference.cost_note)}.", "Kinh phí")

    def _closing(self, is_request: bool) -> str:
        if is_request:
            agency = plain(self.conference.issuing_agency)
            return f"{agency} trân trọng cảm ơn sự phối hợp của Quý cơ quan{FULL_STOP}"
        return f"Rất mong sự có mặt của các đại biểu{FULL_STOP}"

    def _recipients(self, delegation: Delegation, *, is_request: bool) -> Iterator[str]:
        """Nơi nhận: whoever is addressed, the bodies that send somebody, the host, the archive.

        An invitation names those bodies in its text: there they are "như trên".
        """
        yield "Như trên;"
        host, known = self.conference.host_unit, {*_addressees(delegation)}
        for name in self._senders(delegation) if is_request else ():
            if name not in known:
                known.add(name)
                yield f"{name};"
        if host is not None and delegation.unit_id and host.pk != delegation.unit_id:
            yield f"{addressing.body(addressing.COMMITTEE, host)} (để phối hợp);"
        yield f"Lưu: {', '.join(filter(None, ('VT', plain(self.conference.drafting_unit))))}."

    def _senders(self, delegation: Delegation) -> Iterator[str]:
        """The bodies of the unit that send somebody, in the order of the components."""
        unit = delegation.unit
        if unit is None:
            return
        yield addressing.body(addressing.COMMITTEE, unit)
        for kind in _kinds(delegation):
            known = self.names.get((kind.pk, unit.pk))
            if known or kind.name_template:
                yield known or addressing.body(kind.name_template, unit)


def read_along(delegations: Any) -> Any:
    """The query with all that a letter reads of a delegation."""
    return delegations.select_related("unit", "organisation", "conference").prefetch_related(
        "quotas__category__organisation_kind"
    )


def team(delegation: Delegation) -> str:
    """đoàn đại biểu tỉnh Quảng Nam; a central delegation bears its own name."""
    if delegation.unit is None:
        return plain(delegation.organisation.name if delegation.organisation else delegation.name)
    return f"đoàn đại biểu {addressing.place(delegation.unit)}"


def _addressees(delegation: Delegation) -> Iterator[str]:
    """Who is asked to send people: the People's Committee, and bodies of the Party for themselves."""
    unit = delegation.unit
    if unit is None:
        yield team(delegation)
        return
    yield addressing.body(addressing.COMMITTEE, unit)
    templates = [kind.name_template for kind in _kinds(delegation) if addressing.is_party(kind.name_template)]
    yield from (addressing.body(template, unit) for template in dict.fromkeys(templates))


def _kinds(delegation: Delegation) -> list[Any]:
    """The kinds of bodies with a seat, each once, in the order of the components."""
    quotas = [quota for quota in _quotas(delegation) if quota.category.organisation_kind]
    return list(dict.fromkeys(quota.category.organisation_kind for quota in quotas))


def _names(conference: Conference) -> dict[tuple[int, int], str]:
    """Bodies that are called otherwise than by the rule (Báo Hà Nội mới): (kind, unit) → name."""
    day = conference.starts_on
    bodies = Organisation.objects.filter(
        kind__category__conference=conference, unit__delegations__conference=conference
    )
    valid = bodies.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    )
    rows = valid.order_by("-pk").values_list("kind", "unit", "name").distinct()
    return {(kind, unit): written_out(name) for kind, unit, name in rows}


def _quotas(delegation: Delegation) -> list[Any]:
    quotas = [quota for quota in delegation.quotas.all() if quota.seats]
    return sorted(quotas, key=lambda quota: (quota.category.position, quota.category_id))


def _seats(delegation: Delegation) -> list[tuple[str, int]]:
    found = []
    for quota in _quotas(delegation):
        kind = quota.category.organisation_kind
        words = (kind.name, kind.name_template) if kind else ("", "")
        found.append((addressing.component(quota.category.name, delegation.unit, *words), quota.seats))
    return found


def _lines(seats: Sequence[tuple[str, int]]) -> Iterator[str]:
    for index, (name, count) in enumerate(seats, start=1):
        yield f"{name}: {count:02} đại biểu{'.' if index == len(seats) else ';'}"


def _day(conference: Conference, day: datetime.date | None) -> str:
    if day is not None:
        return vietnamese_dates.date_in_words(day)
    today = conference.today()
    return f"ngày {BLANK} {vietnamese_dates.date_in_words(today).split(' ', 2)[2]}"


def _role(conference: Conference) -> tuple[str, ...]:
    return tuple(
        plain(line).upper() for line in (conference.signer_authority, conference.signer_title) if line
    )
