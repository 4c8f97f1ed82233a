"""What the words of a cell of travel say: a day, an hour, a flight, a choice, who shares a room."""

import datetime

import pytest

from attendees.workbooks.travels import choice_of, diets_in, read_trip, room_mate

FIFTH, HALF_PAST = datetime.date(2024, 6, 5), datetime.time(14, 30)
VEHICLES = ("Máy bay", "Tàu hỏa", "Ô tô của cơ quan", "Xe khách", "Tự túc")
ROOMS = ("Phòng đơn", "Ghép hai người", "Không cần phòng")
DIETS = ("Ăn chay", "Không thịt lợn", "Không thịt bò", "Không hải sản")


@pytest.mark.parametrize(
    ("text", "day", "at", "number", "rest"),
    [
        ("05/6/2024", FIFTH, None, "", ""),
        ("5.6.24", FIFTH, None, "", ""),
        ("5/6", FIFTH, None, "", ""),
        ("2024-06-05", FIFTH, None, "", ""),
        ("ngày 5 tháng 6 năm 2024", FIFTH, None, "", ""),
        ("Thứ Tư, ngày 05 tháng 6", FIFTH, None, "", ""),
        ("05/6/2024 14:30", FIFTH, HALF_PAST, "", ""),
        ("14h30 ngày 5/6", FIFTH, HALF_PAST, "", ""),
        ("14 giờ 30 phút, 05-6-2024", FIFTH, HALF_PAST, "", ""),
        ("14h30' 5/6/2024, chuyến VN 1377", FIFTH, HALF_PAST, "VN 1377", ""),
        ("14h", None, datetime.time(14), "", ""),
        ("VJ363", None, None, "VJ363", ""),
        ("chiều 5/6", FIFTH, None, "", "chieu"),
        ("5-6/6", datetime.date(2024, 6, 6), None, "", "5"),
        ("5/6, 6/6", FIFTH, None, "", "6 6"),
        ("31/6/2024", None, None, "", "31/6/2024"),
        ("9 hôm 5/6", FIFTH, None, "", "9 hom"),
        ("25h30", None, None, "", "25h30"),
        ("chưa rõ", None, None, "", "chua ro"),
    ],
)
def test_a_text_is_taken_apart_and_what_is_left_is_told(
    text: str, day: datetime.date | None, at: datetime.time | None, number: str, rest: str
) -> None:
    assert read_trip(text, 2024) == (day, at, number, rest)


@pytest.mark.parametrize(
    ("text", "choices", "meant"),
    [
        ("máy bay", VEHICLES, "Máy bay"),
        ("Đi may bay VN", VEHICLES, "Máy bay"),
        ("Ô tô", VEHICLES, "Ô tô của cơ quan"),
        ("xe cơ quan", VEHICLES, "Ô tô của cơ quan"),
        ("tàu", VEHICLES, "Tàu hỏa"),
        ("Xe", VEHICLES, ""),
        ("49A-123.45", VEHICLES, ""),
        ("Máy bay, tàu hỏa", VEHICLES, ""),
        ("đơn", ROOMS, "Phòng đơn"),
        ("Phòng đôi", ROOMS, "Ghép hai người"),
        ("Phòng", ROOMS, ""),
        ("chay", DIETS, "Ăn chay"),
        ("kiêng hải sản", DIETS, "Không hải sản"),
        ("không thịt", DIETS, ""),
        ("", DIETS, ""),
    ],
)
def test_other_words_for_a_choice_are_known_where_they_can_mean_one_only(
    text: str, choices: tuple[str, ...], meant: str
) -> None:
    assert choice_of(text, choices) == meant


@pytest.mark.parametrize(
    ("text", "mate"),
    [
        ("Ghép với ông Lê Văn Bình", "ông Lê Văn Bình"),
        ("ở ghép phòng với: Trần Thị Bình", "Trần Thị Bình"),
        ("Ở cùng bà Lan", "bà Lan"),
        ("Ghép hai người", ""),
        ("Phòng đơn", ""),
    ],
)
def test_the_other_guest_of_a_room_is_found_behind_the_words_for_sharing(text: str, mate: str) -> None:
    assert room_mate(text) == mate


def test_wishes_for_meals_stand_one_by_one_and_no_wish_is_none() -> None:
    assert diets_in("Ăn chay; không thịt bò và không hải sản") == [
        "Ăn chay",
        "không thịt bò",
        "không hải sản",
    ]
    assert diets_in("Bình thường") == diets_in("Không") == diets_in("-") == []
