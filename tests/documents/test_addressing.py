"""Bodies and places as official papers name them."""

import pytest

from conference.models import Unit
from documents import addressing

PROPAGANDA = "Ban Tuyên giáo {party_committee} {name}"
DEPARTMENT = "Sở Thông tin và Truyền thông {unit_kind} {name}"


def unit(name: str, kind: str = "province") -> Unit:
    return Unit(name=name, kind=kind)


@pytest.mark.parametrize(
    ("name", "kind", "committee", "party", "place"),
    [
        ("Quảng Nam", "province", "Ủy ban nhân dân tỉnh Quảng Nam", "Tỉnh ủy Quảng Nam", "tỉnh Quảng Nam"),
        ("Hải Phòng", "city", "Ủy ban nhân dân thành phố Hải Phòng", "Thành ủy Hải Phòng",
         "thành phố Hải Phòng"),
        ("Thừa Thiên Huế", "province", "Ủy ban nhân dân tỉnh Thừa Thiên Huế", "Tỉnh ủy Thừa Thiên Huế",
         "tỉnh Thừa Thiên Huế"),
        ("Hồ Chí Minh", "city", "Ủy ban nhân dân Thành phố Hồ Chí Minh", "Thành ủy Thành phố Hồ Chí Minh",
         "Thành phố Hồ Chí Minh"),
    ],
)  # fmt: skip
def test_the_committees_of_a_unit_have_their_own_names(
    name: str, kind: str, committee: str, party: str, place: str
) -> None:
    one = unit(name, kind)
    assert addressing.body(addressing.COMMITTEE, one) == committee
    assert addressing.body(PROPAGANDA, one) == f"Ban Tuyên giáo {party}"
    assert addressing.place(one) == place


@pytest.mark.parametrize(
    ("general", "of_the_unit"),
    [
        ("Lãnh đạo UBND cấp tỉnh", "Lãnh đạo Ủy ban nhân dân tỉnh Quảng Nam"),
        ("Ban Tuyên giáo Tỉnh ủy, Thành ủy", "Ban Tuyên giáo Tỉnh ủy Quảng Nam"),
        ("Ban Tuyên giáo Tỉnh ủy/Thành ủy", "Ban Tuyên giáo Tỉnh ủy Quảng Nam"),
        ("Công an tỉnh, thành phố", "Công an tỉnh Quảng Nam"),
        ("Báo, Đài của tỉnh, thành phố", "Báo, Đài của tỉnh Quảng Nam"),
        ("Báo, Đài tỉnh", "Báo, Đài tỉnh Quảng Nam"),
        ("Lãnh đạo Sở Thông tin và Truyền thông", "Lãnh đạo Sở Thông tin và Truyền thông tỉnh Quảng Nam"),
        ("Cán bộ phụ trách thông tin đối ngoại", "Cán bộ phụ trách thông tin đối ngoại"),
        ("Phóng viên tỉnh lẻ", "Phóng viên tỉnh lẻ"),
    ],
)
def test_a_component_is_called_as_in_the_unit(general: str, of_the_unit: str) -> None:
    words = ("Sở Thông tin và Truyền thông", DEPARTMENT)
    assert addressing.component(general, unit("Quảng Nam"), *words) == of_the_unit


def test_a_component_of_the_centre_keeps_its_name() -> None:
    assert addressing.component("Lãnh đạo UBND cấp tỉnh", None) == "Lãnh đạo Ủy ban nhân dân cấp tỉnh"


def test_bodies_of_the_party_are_known_by_their_names() -> None:
    assert addressing.is_party(PROPAGANDA)
    assert not addressing.is_party(DEPARTMENT)


@pytest.mark.parametrize(
    "text", ["Hồ Chí Minh", "TP. Hồ Chí Minh", "TP.HCM", "thành phố Hồ Chí Minh", "TP HCM"]
)
def test_the_city_named_after_a_person_is_written_out_before_a_date(text: str) -> None:
    assert addressing.seat(text) == "Thành phố Hồ Chí Minh"


def test_other_places_stand_before_a_date_as_they_are() -> None:
    assert addressing.seat(" Hà  Nội ") == "Hà Nội"
    assert addressing.seat("Thừa Thiên Huế") == "Thừa Thiên Huế"


def test_the_name_of_a_conference_fits_into_a_sentence() -> None:
    assert addressing.event("tập huấn truyền thông") == "Hội nghị tập huấn truyền thông"
    assert addressing.event("Hội nghị tập huấn truyền thông") == "Hội nghị tập huấn truyền thông"
    assert addressing.sentence("thành phố Đà Lạt, tỉnh Lâm Đồng. ") == "Thành phố Đà Lạt, tỉnh Lâm Đồng"
