"""The desk pages that compare the sources of presence."""

import pytest
from django.conf import LazySettings
from django.test import Client

from attendees.models import Attendee, Delegation
from conference.models import User
from sessions import attending, signing_in
from sessions.models import Figure, Session, Source
from tests.conference.desk import queries, signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee
from tests.sessions.choosing import crowd

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
LIST, PAGE = "/admin/presences/", "/admin/presences/khai-mac/"


@pytest.fixture
def people(
    opening: Session, delegation: Delegation, make_attendee: MakeAttendee, settings: LazySettings
) -> list[Attendee]:
    settings.DEMO = True  # no second factor in the way
    made = crowd(make_attendee, delegation, 4)
    attending.record_all(made[:3], opening, by=None, source=Source.SCAN)
    attending.record_all(made[1:2], opening, by=None, source=Source.PAPER)
    return made


@pytest.fixture
def as_olga(olga: User) -> Client:
    return signed_in(olga)


def freeze(client: Client, **more: object) -> object:
    seen = client.get(PAGE).context["seen"]
    return client.post(f"{PAGE}freeze/", {"sources": ["scan"], "reason": "Khớp", "seen": seen, **more})


def test_the_overview_counts_days_and_sessions(as_olga: Client, people: list[Attendee]) -> None:
    said = text(as_olga.get(LIST))
    assert "Thứ Năm, 06/6/2024 3 người có mặt trong ngày" in said
    assert "Khai mạc 08:00–09:00 3 – 3 – 1 – – – Chưa chốt" in said


def test_differences_come_first_with_names_and_sources(
    as_olga: Client, people: list[Attendee], delegation: Delegation, opening: Session, greta: User
) -> None:
    assert "Không có khác biệt nào" in text(as_olga.get(PAGE))
    signing_in.enter(delegation, [], opening, by=greta, counted=1)
    said = text(as_olga.get(PAGE))
    assert "Có lượt vào, không ký trên tờ đã nhập (2)" in said
    assert "Người thứ 1 , Tỉnh Lâm Đồng · Quét thẻ 07:42" in said
    assert said.index("không ký trên tờ đã nhập (2)") < said.index("Theo đoàn") < said.index("Từng người")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, [1, 2, 3, 4]),
        ({"state": "present"}, [1, 2, 3]),
        ({"state": "absent"}, [4]),
        ({"source": "paper"}, [2]),
        ({"source": "online"}, []),
        ({"state": "unsigned"}, [1, 3]),
        ({"delegation": "lam-dong", "state": "absent"}, [4]),
        ({"delegation": "khong-co", "state": "x", "source": "'"}, [1, 2, 3, 4]),
        ({"page": "999"}, [1, 2, 3, 4]),
    ],
)
def test_people_are_filtered(
    as_olga: Client, people: list[Attendee], delegation: Delegation, opening: Session, greta: User,
    query: dict[str, str], names: list[int],
) -> None:  # fmt: skip
    signing_in.enter(delegation, [], opening, by=greta, counted=1)
    lines = as_olga.get(PAGE, query).context["lines"]
    assert [line.person.full_name for line in lines] == [f"Người thứ {n}" for n in names]


def test_an_organiser_freezes_and_the_page_tells_what_came_later(
    as_olga: Client, people: list[Attendee], opening: Session
) -> None:
    assert freeze(as_olga).status_code == 302
    said = text(as_olga.get(PAGE))
    assert "Đã chốt: 3 người có mặt." in said
    assert "3 Chốt lần 1, lúc 07:42, thứ Năm, 06/6/2024, Olga. Lý do: Khớp" in said
    attending.record(people[3], opening, by=None, source=Source.SCAN)
    said = text(as_olga.get(PAGE))
    assert "Thêm 1 người được ghi nhận sau đó. Người thứ 4, Tỉnh Lâm Đồng" in said
    assert freeze(as_olga, reason="Thêm một người").status_code == 302
    said = text(as_olga.get(PAGE))
    assert "4 Chốt lần 2" in said
    assert "Các lần chốt trước 3 lúc 07:42" in said
    assert "Đã chốt 4" in text(as_olga.get(LIST)).replace("– – – 4", "Đã chốt 4")


def test_a_figure_that_nobody_saw_is_a_conflict_and_nothing_typed_is_lost(
    as_olga: Client, people: list[Attendee], opening: Session
) -> None:
    seen = as_olga.get(PAGE).context["seen"]
    attending.record(people[3], opening, by=None, source=Source.SCAN)
    given = {"sources": ["scan"], "reason": "Đã khớp với tờ ký", "seen": seen}
    response = as_olga.post(f"{PAGE}freeze/", given)
    assert response.status_code == 409
    assert "Số liệu vừa thay đổi khi trang đang mở" in text(response)
    assert "Đã khớp với tờ ký" in response.content.decode()
    assert not Figure.objects.exists()
    again = as_olga.post(f"{PAGE}freeze/", {**given, "seen": response.context["seen"]})
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"reason": ""}, "Ghi lý do."),
        ({"reason": " \u200b "}, "Ghi lý do."),
        ({"sources": []}, "Chọn ít nhất một nguồn được tính."),
        ({"sources": ["fax"]}, "fax"),
        ({"reason": "x" * 501}, "500"),
        ({"seen": ""}, ""),
    ],
)
def test_what_cannot_be_frozen_is_told_in_place(
    as_olga: Client, people: list[Attendee], given: dict[str, object], words: str
) -> None:
    response = freeze(as_olga, **given)
    assert response.status_code == 200
    assert words in text(response)
    assert not Figure.objects.exists()


def test_onlookers_see_and_do_not_freeze(people: list[Attendee], victor: User, greta: User) -> None:
    as_victor = signed_in(victor)
    assert "Chốt số liệu" not in text(as_victor.get(PAGE))
    assert freeze(as_victor).status_code == 403
    assert signed_in(greta).get(PAGE).status_code in (302, 403)


def test_the_pages_ask_as_often_for_few_as_for_many(
    as_olga: Client, people: list[Attendee], delegation: Delegation, other_delegation: Delegation,
    make_attendee: MakeAttendee, opening: Session, greta: User,
) -> None:  # fmt: skip
    signing_in.enter(delegation, [], opening, by=greta, counted=1)
    freeze(as_olga)
    few = [queries(as_olga, address) for address in (LIST, PAGE)]
    more = [make_attendee(one, f"Lê Thử {n}") for n in range(9) for one in (delegation, other_delegation)]
    attending.record_all(more, opening, by=None, source=Source.SCAN)
    freeze(as_olga, reason="Thêm")
    attending.record_all(people[3:], opening, by=None, source=Source.SCAN)
    signing_in.enter(other_delegation, [], opening, by=greta, counted=0)
    many = [queries(as_olga, address) for address in (LIST, PAGE)]
    assert many[0] == few[0]
    assert many[1] <= few[1] + 2  # the people who came since, with what is said of them
