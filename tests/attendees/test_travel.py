"""The ready questions about the way, the room and the meals, and what their answers add up to."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendees import travel
from attendees.models import Attendee, Delegation, Question
from conference.models import Conference, JournalEntry, User
from tests.conftest import VN, MakeAttendee


def test_one_click_puts_the_ready_questions_after_the_others_once(conference: Conference, olga: User) -> None:
    conference.questions.create(label="Ghi chú", position=4)
    made = travel.ask(conference, by=olga)
    assert [one.label for one in conference.questions.filter(topic="travel").order_by("position")] == [
        "Ngày đến", "Giờ đến dự kiến", "Phương tiện", "Số hiệu chuyến", "Ngày về", "Phòng nghỉ",
        "Ghép phòng với", "Chế độ ăn",
    ]  # fmt: skip
    assert [one.position for one in made] == list(range(5, 13))
    assert [one.label for one in made if one.is_sensitive] == ["Chế độ ăn"]
    assert not any(one.is_required for one in made if one.is_sensitive)
    assert travel.ask(conference, by=olga) == []
    assert JournalEntry.objects.filter(act="add").count() == len(made)


def test_a_question_taken_away_comes_back_alone(conference: Conference, olga: User) -> None:
    travel.ask(conference, by=olga)
    conference.questions.get(slug=travel.ROOM).delete()
    assert [one.slug for one in travel.ask(conference, by=olga)] == [travel.ROOM]


def test_only_organisers_ask(conference: Conference, victor: User, dan: User) -> None:
    for nobody in (victor, dan):
        with pytest.raises(PermissionDenied):
            travel.ask(conference, by=nobody)


def test_the_deadline_is_three_days_before_the_opening_never_before_the_general_one(
    conference: Conference,
) -> None:
    assert travel.deadline(conference) == datetime.datetime(2024, 6, 3, 17, tzinfo=VN)
    conference.confirm_by = datetime.datetime(2024, 6, 4, 17, tzinfo=VN)
    assert travel.deadline(conference) is None


@pytest.fixture
def travellers(
    conference: Conference, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> list[Attendee]:
    travel.ask(conference, by=None)

    def comes(place: Delegation, name: str, day: str = "", at: str = "", **more: Any) -> Attendee:
        extra = {travel.ARRIVAL_DAY: day, travel.ARRIVAL_TIME: at, **more}
        return make_attendee(place, name, extra={key: value for key, value in extra.items() if value})

    plane = {travel.VEHICLE: "Máy bay", travel.NUMBER: "VN 1377"}
    return [
        comes(delegation, "Nguyễn Văn Yên", "2024-06-05", "16:20", **plane, **{travel.DIET: ["Ăn chay"]}),
        comes(other_delegation, "Lê Thị An", "2024-06-05", "09:00", **plane, room="Phòng đơn"),
        comes(other_delegation, "Trần Văn Bình", "2024-06-05", **plane, **{travel.RETURN_DAY: "2024-06-08"}),
        comes(
            other_delegation, "Võ Thị Chi", "2024-06-04", "07:30", vehicle="Tàu hỏa", room="Ghép hai người",
            **{travel.SHARING: "Lê Thị An", travel.DIET: ["Ăn chay", "Không thịt bò"]},
        ),
        comes(delegation, "Đỗ Văn Chưa"),
    ]  # fmt: skip


def test_arrivals_stand_by_day_and_vehicle_in_the_order_of_their_hours(
    conference: Conference, travellers: list[Attendee]
) -> None:
    seen = travel.overview(conference)
    arrivals = [
        (day.day, vehicle, [(str(one.person), one.at and f"{one.at:%H:%M}") for one in group])
        for day, vehicles in seen.arrivals
        for vehicle, group in vehicles
    ]
    assert arrivals == [
        (4, "Tàu hỏa", [("Võ Thị Chi", "07:30")]),
        (5, "Máy bay", [("Lê Thị An", "09:00"), ("Nguyễn Văn Yên", "16:20"), ("Trần Văn Bình", None)]),
    ]
    assert (seen.total, seen.answered, seen.unanswered) == (5, 4, 1)


def test_rooms_and_diets_are_numbers_and_diets_have_no_names(
    conference: Conference, travellers: list[Attendee]
) -> None:
    seen = travel.overview(conference)
    assert sorted(seen.rooms) == [("Ghép hai người", 1), ("Phòng đơn", 1)]
    assert [(str(person), other) for person, other in seen.sharing] == [("Võ Thị Chi", "Lê Thị An")]
    assert seen.returns == [(datetime.date(2024, 6, 8), 1)]
    assert seen.diets == [("Ăn chay", 2), ("Không thịt bò", 1)]


def test_who_gave_up_the_seat_is_not_counted(conference: Conference, travellers: list[Attendee]) -> None:
    Attendee.objects.filter(pk=travellers[3].pk).update(status=Attendee.Status.DECLINED)
    seen = travel.overview(conference)
    assert (seen.total, [day.day for day, _ in seen.arrivals], seen.diets) == (4, [5], [("Ăn chay", 1)])


@pytest.mark.parametrize(
    ("slug", "kind", "value"),
    [
        (travel.ARRIVAL_DAY, "choice", "Chiều 05/6"),
        (travel.ARRIVAL_DAY, "date", "2024-06-05"),
        (travel.ARRIVAL_TIME, "text", "khoảng 2 giờ chiều"),
        (travel.RETURN_DAY, "number", 8),
        (travel.VEHICLE, "choices", ["Ô tô", "Máy bay"]),
        (travel.VEHICLE, "number", 4),
        (travel.ROOM, "choices", ["Phòng đơn", "Phòng đôi"]),
        (travel.DIET, "text", "Ăn chay"),
    ],
)
def test_a_ready_question_of_another_kind_is_counted_as_far_as_it_says_the_same(
    conference: Conference, travellers: list[Attendee], slug: str, kind: str, value: Any
) -> None:
    conference.questions.filter(slug=slug).update(kind=kind)
    Attendee.objects.exclude(pk=travellers[0].pk).update(extra={})
    Attendee.objects.filter(pk=travellers[0].pk).update(extra={travel.ARRIVAL_DAY: "2024-06-05", slug: value})
    seen = travel.overview(conference)
    arrived = [
        (vehicle, one.at) for _day, groups in seen.arrivals for vehicle, group in groups for one in group
    ]
    vehicle = {"choices": "Ô tô, Máy bay"}.get(kind if slug == travel.VEHICLE else "", "Chưa rõ phương tiện")
    assert arrived == ([] if kind == "choice" else [(vehicle, None)])
    assert seen.returns == []
    assert [word for word, _people in seen.rooms] == (value if slug == travel.ROOM else [])
    assert [word for word, _people in seen.diets] == (["Ăn chay"] if slug == travel.DIET else [])


def test_the_sum_costs_two_queries_for_any_number(
    conference: Conference,
    travellers: list[Attendee],
    delegation: Delegation,
    make_attendee: MakeAttendee,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(2):
        make_attendee(delegation, extra={travel.ARRIVAL_DAY: "2024-06-05"})
        with django_assert_num_queries(2):
            travel.overview(conference)


def test_words_of_the_ready_set_fit_their_columns() -> None:
    assert len({each["slug"] for each in travel.READY}) == len(travel.READY)
    assert all(each["kind"] in Question.Kind.values for each in travel.READY)
