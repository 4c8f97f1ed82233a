"""Rows of a whole conference find their delegations, and say so where they do not."""

from __future__ import annotations

import pytest

from attendees import answers, importing
from attendees.importing.components import Components, words
from attendees.importing.places import Places, bare
from attendees.models import Category, Delegation
from conference.models import Conference, OrganisationKind, User
from tests.attendees.lists import acts, shown, stage, told
from tests.conftest import make_categories, make_conference

pytestmark = pytest.mark.django_db
HEADINGS = ("STT", "Họ và tên", "Năm sinh", "Tỉnh, thành phố", "Thành phần")


@pytest.fixture
def places(conference: Conference, olga: User) -> Places:
    """Those of all 63 units."""
    answers.invite_units(conference, by=olga)
    return Places(conference, conference.delegations.select_related("unit"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lâm Đồng", "lam-dong"),
        ("tỉnh  LÂM ĐỒNG", "lam-dong"),
        ("lam dong", "lam-dong"),
        ("UBND tỉnh Lâm Đồng", "lam-dong"),
        ("68", "lam-dong"),
        ("Đoàn đại biểu Thành phố Hà Nội", "ha-noi"),
        ("TP. HCM", "ho-chi-minh"),
        ("Tp Hồ Chí Minh", "ho-chi-minh"),
        ("Hoà Bình", "hoa-binh"),
        ("Đăk Lăk", "dak-lak"),
        ("BR-VT", "ba-ria-vung-tau"),
        ("Thừa Thiên - Huế", "thua-thien-hue"),
        ("BĐ", "binh-dinh"),
        ("", ""),
        ("tỉnh", ""),
        ("Bắc", ""),
    ],
)
def test_a_province_is_found_by_every_word_for_it(places: Places, text: str, code: str) -> None:
    found = places.find(text)
    assert (found.code if found else "") == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sở Y tế tỉnh Quảng Nam", "quang-nam"),
        ("Ban Tuyên giáo Thành ủy Đà Nẵng", "da-nang"),
        ("Bộ Thông tin và Truyền thông", ""),
        ("Báo Nhân Dân", ""),
    ],
)
def test_a_body_that_ends_with_its_province_names_it(places: Places, text: str, code: str) -> None:
    found = places.named_in(text)
    assert (found.code if found else "") == code


def test_misspelled_and_merged_provinces_are_proposed(places: Places) -> None:
    assert places.proposals("Lâm Đông Đà")[0].code == "lam-dong"
    assert next(one.code for one in places.proposals("Quãng Nan")) == "quang-nam"
    assert places.proposals("Atlantis") == []
    conference = make_conference("sau-sap-nhap", unit_set="34", starts_on="2026-06-06", ends_on="2026-06-07")
    make_categories(conference)
    answers.invite_units(conference, by=None)
    conference.refresh_from_db()
    merged = Places(conference, conference.delegations.select_related("unit"))
    assert merged.find("Quảng Nam") is None
    assert next(one.code for one in merged.proposals("Quảng Nam")) == "da-nang"


def test_openings_alone_are_kept() -> None:
    assert bare("Đoàn đại biểu tỉnh Lâm Đồng") == "lam dong"
    assert bare("Tỉnh") == "tinh"


# ── A whole conference ────────────────────────────────────────────────────────────────────────────


def test_rows_go_to_the_delegations_that_they_name(
    delegation: Delegation, other_delegation: Delegation, olga: User
) -> None:
    rows = [
        (1, "Nguyễn Văn An", 1975, "Lâm Đồng", "Sở TTTT"),
        (2, "Trần Thị Bình", 1981, "Quảng Nam", "Báo, Đài"),
        (3, "Lê Văn Cường", 1979, "Quảng Nan", "Sở TTTT"),
    ]
    batch = stage(delegation, *rows, headings=HEADINGS, by=olga, whole=True)
    comparison = shown(batch, olga)
    assert acts(comparison) == ["new", "new", "open"]
    question = comparison.rows[2].questions[0]
    assert [one.value for one in question.options] == ["quang-nam", "lam-dong"]
    importing.choose(batch, {question.key: "quang-nam"}, by=olga)
    importing.take(batch, by=olga)
    assert [delegation.attendees.count(), other_delegation.attendees.count()] == [1, 2]
    importing.undo(batch, by=olga)
    assert [delegation.attendees.count(), other_delegation.attendees.count()] == [0, 0]


def test_groups_sheets_and_bodies_name_the_province_where_no_column_does(
    delegation: Delegation, other_delegation: Delegation, olga: User
) -> None:
    by_group = [
        ("I", "Tỉnh Lâm Đồng", None), (1, "Nguyễn Văn An", "Sở TTTT"),
        ("II", "Tỉnh Quảng Nam", None), (2, "Trần Thị Bình", "Báo, Đài"),
    ]  # fmt: skip
    headings = ("STT", "Họ và tên", "Thành phần")
    comparison = shown(stage(delegation, *by_group, headings=headings, by=olga, whole=True), olga)
    assert [str(row.delegation) for row in comparison.rows] == ["Tỉnh Lâm Đồng", "Tỉnh Quảng Nam"]
    row = (1, "Nguyễn Văn An", "Sở TTTT")
    batch = stage(delegation, row, headings=headings, by=olga, whole=True, sheet="Quảng Nam")
    assert shown(batch, olga).rows[0].delegation == other_delegation
    row = (1, "Nguyễn Văn An", "Sở TTTT tỉnh Lâm Đồng")
    batch = stage(delegation, row, headings=("STT", "Họ và tên", "Đơn vị"), by=olga, whole=True)
    comparison = shown(batch, olga)
    assert (comparison.rows[0].delegation, told(comparison)) == (
        delegation,
        [("C2", "notice", "place-from-body")],
    )


def test_a_row_of_another_province_is_refused_in_the_list_of_one(
    delegation: Delegation, other_delegation: Delegation, olga: User
) -> None:
    row = (1, "Nguyễn Văn An", 1975, "Quảng Nam", "Sở TTTT")
    comparison = shown(stage(delegation, row, headings=HEADINGS, by=olga), olga)
    assert told(comparison) == [("D2", "error", "other-place")]


def test_two_of_one_name_in_two_provinces_are_two(
    delegation: Delegation, other_delegation: Delegation, olga: User
) -> None:
    rows = [(1, "Nguyễn Văn An", "", "Lâm Đồng", "Sở TTTT"), (2, "Nguyễn Văn An", "", "Quảng Nam", "Sở TTTT")]
    comparison = shown(stage(delegation, *rows, headings=HEADINGS, by=olga, whole=True), olga)
    assert acts(comparison) == ["new", "new"]


# ── Components ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lãnh đạo UBND tỉnh", "Lãnh đạo UBND cấp tỉnh"),
        ("Sở TT&TT", "Sở Thông tin và Truyền thông"),
        ("BCH BĐBP tỉnh", "Bộ Chỉ huy Bộ đội Biên phòng"),
        ("Đài PT-TH tỉnh", "Đài Phát thanh và Truyền hình"),
        ("Ban Tuyên giáo Tỉnh uỷ", "Ban Tuyên giáo Thành ủy"),
        ("Cán bộ TTĐN", "Cán bộ thông tin đối ngoại"),
    ],
)
def test_long_and_short_names_say_the_same(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.fixture
def components(delegation: Delegation, department: Category) -> Components:
    """The department sends its leader and an officer; the people's committee sends one."""
    kind = OrganisationKind.objects.create(slug="department", name="Sở Thông tin và Truyền thông")
    conference = delegation.conference
    department.name, department.organisation_kind = "Lãnh đạo Sở Thông tin và Truyền thông", kind
    department.save()
    officer = Category.objects.create(
        conference=conference, slug="officer", name="Cán bộ phụ trách thông tin đối ngoại",
        short_name="Cán bộ TTĐN", organisation_kind=kind, position=3,
    )  # fmt: skip
    office = Category.objects.create(
        conference=conference, slug="committee", name="Lãnh đạo UBND cấp tỉnh", short_name="UBND", position=4
    )
    press = conference.categories.get(slug="press")
    return Components(delegation, [department, officer, office, press])


@pytest.mark.parametrize(
    ("way", "text", "slugs"),
    [
        ("named", "Sở TTTT", ["department"]),
        ("named", "cán bộ thông tin đối ngoại", ["officer"]),
        ("named", "Báo, Đài", ["press"]),
        ("named", "Lãnh đạo", ["department", "committee"]),
        ("named", "Khác", []),
        ("of_group", "Lãnh đạo UBND tỉnh", ["committee"]),
        ("of_group", "Sở Thông tin và Truyền thông", ["department", "officer"]),
        ("of_body", "Sở Thông tin và Truyền thông tỉnh Lâm Đồng", ["department", "officer"]),
        ("of_body", "Văn phòng UBND tỉnh Lâm Đồng", ["committee"]),
        ("of_body", "Báo Lâm Đồng", ["press"]),
        ("of_body", "Sở Y tế", []),
        ("of_body", "", []),
    ],
)
def test_words_mean_one_component_or_leave_it_open(
    components: Components, way: str, text: str, slugs: list[str]
) -> None:
    assert [one.slug for one in getattr(components, way)(text)] == slugs
