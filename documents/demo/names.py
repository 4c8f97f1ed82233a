"""Invented people: names drawn by weight from `conference/data/names_vi.csv`, with a tilt by region."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from random import Random
from typing import NamedTuple

from conference import units, vietnamese

NORTH = ("TDMNPB", "DBSH")
SOUTH = ("DNB", "DBSCL")
HIGHLANDS = "TDMNPB"
MEKONG = "DBSCL"
# Families that lean to one part of the country: how much more often than in the list, by region.
TILT = {
    **{family: {"": 1.0, **dict.fromkeys(SOUTH, 0.2)} for family in ("Hoàng", "Vũ")},
    **{family: {"": 1.0, **dict.fromkeys(NORTH, 0.05)} for family in ("Huỳnh", "Võ")},
    **{family: {"": 0.0, HIGHLANDS: 8.0} for family in ("Nông", "Lò", "Vi", "Bế", "Ma", "Sầm", "Giàng")},
    "Thạch": {"": 0.0, MEKONG: 6.0},
}
# Nobody invented bears the name of a person whom readers know: the one named in the founding document, and
# people in high office about that time. Compared without marks, so that near misses are kept out too.
KNOWN_PEOPLE = """
Nguyễn Thanh Lâm, Nguyễn Phú Trọng, Tô Lâm, Võ Văn Thưởng, Phạm Minh Chính, Vương Đình Huệ,
Trần Thanh Mẫn, Lương Cường, Võ Thị Ánh Xuân, Trương Thị Mai, Đinh Tiến Dũng, Nguyễn Văn Nên,
Trần Cẩm Tú, Phan Đình Trạc, Nguyễn Trọng Nghĩa, Lê Minh Hưng, Đỗ Văn Chiến, Bùi Thị Minh Hoài,
Trần Lưu Quang, Lê Minh Khái, Trần Hồng Hà, Lê Thành Long, Nguyễn Hòa Bình, Nguyễn Chí Dũng,
Bùi Thanh Sơn, Phan Văn Giang, Lương Tam Quang, Nguyễn Văn Hùng, Nguyễn Mạnh Hùng,
Phạm Thị Thanh Trà, Hồ Đức Phớc, Nguyễn Hồng Diên, Lê Minh Hoan, Nguyễn Kim Sơn, Đào Hồng Lan,
Đặng Quốc Khánh, Nguyễn Văn Thắng, Nguyễn Thanh Nghị, Huỳnh Thành Đạt, Đào Ngọc Dung, Hầu A Lềnh,
Nguyễn Thị Hồng, Trần Văn Sơn, Đoàn Hồng Phong, Lê Minh Trí, Phan Tâm, Phạm Đức Long,
Bùi Hoàng Phương, Nguyễn Huy Dũng, Lê Hoài Trung, Lê Hải Bình, Nguyễn Minh Vũ, Phạm Anh Tuấn,
Phan Xuân Thủy, Lê Quốc Minh, Trần Thanh Lâm, Trần Văn Hiệp, Nguyễn Thái Học, Đặng Trí Dũng,
Võ Ngọc Hiệp, Phạm Thị Phúc, Nguyễn Ngọc Phúc, Phan Văn Mãi, Trần Sỹ Thanh, Lê Trung Chinh,
Nguyễn Văn Tùng, Trần Việt Trường, Cao Tường Huy
"""
_known = frozenset(vietnamese.fold(name) for name in KNOWN_PEOPLE.split(","))


class Name(NamedTuple):
    """An invented person's name and what decides between Ông and Bà."""

    full_name: str
    is_female: bool


class _Part(NamedTuple):
    names: list[str]
    weights: list[float]


@cache
def _parts() -> dict[tuple[str, str], _Part]:
    """Names and weights by part of the name and gender."""
    found: dict[tuple[str, str], _Part] = defaultdict(lambda: _Part([], []))
    for row in units.read("names_vi.csv"):
        part = found[row["part"], row["gender"]]
        part.names.append(row["name"])
        part.weights.append(float(row["weight"]))
    return dict(found)


@cache
def _families(region: str) -> _Part:
    names, weights = _parts()["family", "any"]
    tilts = (TILT.get(name, {"": 1.0}) for name in names)
    tilted = [weight * tilt.get(region, tilt[""]) for weight, tilt in zip(weights, tilts, strict=True)]
    return _Part(names, tilted)


def seeded(text: str) -> Random:
    """A source of chance that a seed decides, for invented things only."""
    return Random(text)  # noqa: S311 - nothing secret comes from it


def is_usable(full_name: str) -> bool:
    """No syllable twice ("Nông Đức Đức"), nobody whom readers know."""
    folded = vietnamese.fold(full_name)
    syllables = folded.split()
    return len(set(syllables)) == len(syllables) and folded not in _known


def draw(rng: Random, *, region: str, female_share: float) -> Name:
    """One invented person; `region` is a code of the units' table, "" for the capital's offices."""
    is_female = rng.random() < female_share
    gender = "female" if is_female else "male"
    parts = (_families(region), _parts()["middle", gender], _parts()["given", gender])
    while True:
        words = [rng.choices(part.names, part.weights)[0] for part in parts]
        full_name = " ".join(filter(None, words))
        if is_usable(full_name):
            return Name(full_name, is_female)
