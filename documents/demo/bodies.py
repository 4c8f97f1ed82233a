"""The bodies that send people or host, with what became of them in 2025."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from conference import units
from conference.models import Organisation, OrganisationKind, Unit

MINISTRY = "Bộ Thông tin và Truyền thông"
MINISTRY_ENDED = datetime.date(2025, 2, 28)  # went into the Ministry of Science and Technology on 01/3/2025
PARTY_REFORM = datetime.date(2025, 2, 1)
BORDER_GUARD_REFORM = datetime.date(2025, 6, 28)
_DAY = datetime.timedelta(days=1)


class Kind(NamedTuple):
    """A row of `OrganisationKind`; `successor` is a slug."""

    slug: str
    name: str
    template: str = ""
    successor: str = ""
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    is_central: bool = False
    needs_border_guard: bool = False


KINDS = (
    # What came of those of 2024 stands first, so that it can be pointed at.
    Kind(
        "propaganda-and-mass-mobilisation",
        "Ban Tuyên giáo và Dân vận",
        "Ban Tuyên giáo và Dân vận {party_committee} {name}",
        valid_from=PARTY_REFORM,
    ),
    Kind(
        "culture-department",
        "Sở Văn hóa, Thể thao và Du lịch",
        "Sở Văn hóa, Thể thao và Du lịch {unit_kind} {name}",
    ),
    Kind(
        "border-guard-command",
        "Ban Chỉ huy Bộ đội Biên phòng",
        "Ban Chỉ huy Bộ đội Biên phòng {unit_kind} {name}",
        valid_from=BORDER_GUARD_REFORM,
        needs_border_guard=True,
    ),
    Kind("press-and-broadcasting", "Báo và phát thanh, truyền hình", "Báo và phát thanh, truyền hình {name}"),
    Kind("people-committee", "Ủy ban nhân dân cấp tỉnh", "UBND {unit_kind} {name}"),
    Kind("committee-office", "Văn phòng UBND cấp tỉnh", "Văn phòng UBND {unit_kind} {name}"),
    Kind(
        "propaganda",
        "Ban Tuyên giáo",
        "Ban Tuyên giáo {party_committee} {name}",
        successor="propaganda-and-mass-mobilisation",
        valid_to=PARTY_REFORM - _DAY,
    ),
    Kind(
        "information-department",
        "Sở Thông tin và Truyền thông",
        "Sở Thông tin và Truyền thông {unit_kind} {name}",
        successor="culture-department",
        valid_to=MINISTRY_ENDED,
    ),
    Kind(
        "border-guard",
        "Bộ Chỉ huy Bộ đội Biên phòng",
        "Bộ Chỉ huy Bộ đội Biên phòng {unit_kind} {name}",
        successor="border-guard-command",
        valid_to=BORDER_GUARD_REFORM - _DAY,
        needs_border_guard=True,
    ),
    Kind("police", "Công an cấp tỉnh", "Công an {unit_kind} {name}"),
    Kind("newspaper", "Báo của tỉnh, thành phố", "Báo {name}", successor="press-and-broadcasting"),
    Kind(
        "broadcaster",
        "Đài Phát thanh và Truyền hình",
        "Đài Phát thanh và Truyền hình {unit_kind} {name}",
        successor="press-and-broadcasting",
    ),
    Kind("ministry", "Bộ, ban, ngành Trung ương", is_central=True),
    Kind("central-press", "Cơ quan báo chí Trung ương", is_central=True),
)
# Newspapers that do not bear the name of their unit.
NEWSPAPERS = {"ha-noi": "Báo Hà Nội mới", "ho-chi-minh": "Báo Sài Gòn Giải Phóng"}
PROVINCIAL_KINDS = (
    "people-committee", "committee-office", "propaganda", "information-department",
    "border-guard", "police", "newspaper", "broadcaster",
)  # fmt: skip
CENTRAL = {
    MINISTRY: ("ministry", "Bộ TTTT", MINISTRY_ENDED),
    "Ban Đối ngoại Trung ương": ("ministry", "Ban Đối ngoại TW", MINISTRY_ENDED),
}


def name_of(kind: str, unit: Unit) -> str:
    """The body of a kind in a unit: "Sở Thông tin và Truyền thông tỉnh Lâm Đồng"."""
    if kind == "newspaper" and unit.slug in NEWSPAPERS:
        return NEWSPAPERS[unit.slug]
    template = next(known.template for known in KINDS if known.slug == kind)
    return units.organisation_name(template, unit)


def load_kinds() -> dict[str, OrganisationKind]:
    """All kinds by slug; those that are missing are made, the others stay as they are."""
    known = OrganisationKind.objects.in_bulk([kind.slug for kind in KINDS], field_name="slug")
    for kind in KINDS:
        if kind.slug not in known:
            known[kind.slug] = OrganisationKind.objects.create(
                slug=kind.slug,
                name=kind.name,
                name_template=kind.template,
                is_central=kind.is_central,
                needs_border_guard=kind.needs_border_guard,
                valid_from=kind.valid_from,
                valid_to=kind.valid_to,
                successor=known.get(kind.successor),
            )
    return known


def load_organisations(
    invited: Iterable[Unit], kinds: dict[str, OrganisationKind]
) -> dict[str, Organisation]:
    """The bodies of the invited units, and the central ones, by name."""
    wanted = [
        Organisation(kind=kinds[kind], unit=unit, name=name_of(kind, unit), valid_to=kinds[kind].valid_to)
        for unit in invited
        for kind in PROVINCIAL_KINDS
        if unit.has_border_guard or not kinds[kind].needs_border_guard
    ]
    wanted += [
        Organisation(kind=kinds[kind], name=name, short_name=short, valid_to=until)
        for name, (kind, short, until) in CENTRAL.items()
    ]
    known = Organisation.objects.filter(kind__in=kinds.values()).values_list("kind_id", "unit_id", "name")
    there = set(known)
    Organisation.objects.bulk_create(
        body for body in wanted if (body.kind_id, body.unit_id, body.name) not in there
    )
    return {body.name: body for body in Organisation.objects.filter(kind__in=kinds.values())}
