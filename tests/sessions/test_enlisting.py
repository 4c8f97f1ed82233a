"""Who is named by name alone comes onto the list; a second person of the same name is never tied blindly."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from attendees.models import Attendee, Category, Delegation, Quota
from conference.models import Conference, JournalEntry, User
from sessions import enlisting
from sessions.models import Participation
from tests.attendees.test_admin import act, notices
from tests.conference.desk import signed_in, text
from tests.conference.test_views import make_session
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
LIST = "/admin/thematic/participation/"
NAME = "Trần Minh Quân"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def speakers(conference: Conference) -> Delegation:
    """The central body of speakers, with two seats."""
    made = Delegation.objects.create(conference=conference, code="bao-cao-vien", name="Báo cáo viên")
    category = Category.objects.create(
        conference=conference,
        slug="speaker",
        name="Báo cáo viên",
        short_name="BCV",
        band="speaker",
        position=9,
    )
    Quota.objects.create(delegation=made, category=category, seats=2)
    return made


@pytest.fixture
def category(speakers: Delegation) -> Category:
    return Category.objects.get(slug="speaker")


@pytest.fixture
def parts(conference: Conference) -> list[Participation]:
    """Two with one name, one of another; only the name is known of them."""
    given = {"title": "Phó Cục trưởng", "organisation_name": "Cục A"}
    found = []
    for code, name in (("mot", NAME), ("hai", NAME), ("ba", "Lê Thị Khác")):
        session = make_session(conference, code, 8 + len(found), 9 + len(found))
        found.append(Participation.objects.create(session=session, full_name=name, **given))
    return found


def ties() -> list[str]:
    return [
        str(one.attendee or "") for one in Participation.objects.order_by("pk").select_related("attendee")
    ]


def test_one_is_put_on_a_seat_and_the_part_leads_to_them(
    parts: list[Participation], speakers: Delegation, category: Category, olga: User
) -> None:
    person = enlisting.add(parts[0], speakers, category, by=olga, email="quan@hoinghi.example")
    assert (person.delegation, person.category, person.status) == (speakers, category, "nominated")
    assert (person.full_name, person.position, person.organisation_name) == (NAME, "Phó Cục trưởng", "Cục A")
    assert ties() == [NAME, "", ""], "the other of that name is not tied unasked"
    acts = JournalEntry.objects.filter(actor=olga).values_list("act", flat=True)
    assert {"nominate", "edit"} <= set(acts)


def test_the_same_form_twice_is_one_person(
    parts: list[Participation], speakers: Delegation, category: Category, olga: User
) -> None:
    key = uuid.uuid4()
    people = {enlisting.add(parts[0], speakers, category, by=olga, key=key, also=parts[1:2]) for _n in "12"}
    assert len(people) == Attendee.objects.count() == 1
    assert ties() == [NAME, NAME, ""]


def test_a_part_of_somebody_else_is_not_tied_and_nothing_is_left_behind(
    parts: list[Participation], speakers: Delegation, category: Category, olga: User
) -> None:
    with pytest.raises(ValidationError, match="nay là của người khác"):
        enlisting.add(parts[0], speakers, category, by=olga, also=[parts[2]])
    assert (Attendee.objects.count(), ties()) == (0, ["", "", ""])
    Participation.objects.filter(pk=parts[1].pk).delete()
    with pytest.raises(ValidationError, match="vừa bị xóa"):
        enlisting.add(parts[0], speakers, category, by=olga, also=[parts[1]])
    assert not Attendee.objects.exists()


def test_without_a_seat_nobody_is_made(
    parts: list[Participation], speakers: Delegation, category: Category, olga: User
) -> None:
    Quota.objects.update(seats=0)
    with pytest.raises(ValidationError, match="không có suất của thành phần"):
        enlisting.add(parts[0], speakers, category, by=olga)
    assert ties() == ["", "", ""]


def test_only_who_runs_the_conference_does_it(
    parts: list[Participation], speakers: Delegation, category: Category, victor: User, dan: User
) -> None:
    for user in (victor, dan):
        with pytest.raises(PermissionDenied):
            enlisting.add(parts[0], speakers, category, by=user)


def test_the_desk_asks_of_every_namesake(
    parts: list[Participation], speakers: Delegation, category: Category, olga: User,
    delegation: Delegation, make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    there = make_attendee(delegation, NAME, position="Vụ trưởng")
    desk = signed_in(olga)
    page = text(act(desk, LIST, "enlist", parts[0]))
    assert f"{NAME}, Vụ trưởng · Tỉnh Lâm Đồng" in page
    assert "Cũng là người này" in page
    assert "(09:00–10:00, thứ Năm, 06/6/2024)" in page
    sent = {"apply": "1", "delegation": speakers.pk, "category": category.pk}
    assert "Chọn người có sẵn, hoặc Thêm người mới." in text(act(desk, LIST, "enlist", parts[0], **sent))
    assert ties() == ["", "", ""]
    response = act(desk, LIST, "enlist", parts[0], who=there.code, also=[parts[1].pk], **sent)
    assert notices(response) == [f"{NAME} nay có trong danh sách: Tỉnh Lâm Đồng."]
    assert ties() == [NAME, NAME, ""]
    assert Attendee.objects.count() == 1


def test_the_desk_adds_somebody_new(
    parts: list[Participation], speakers: Delegation, category: Category, olga: User
) -> None:
    desk = signed_in(olga)
    page = act(desk, LIST, "enlist", parts[2])
    assert "Cũng là người này" not in text(page)
    sent = {"apply": "1", "who": "new", "honorific": "ba", "email": "khac@hoinghi.example"}
    said = text(act(desk, LIST, "enlist", parts[2], **sent))
    assert "Chọn đoàn." in said
    assert "Chọn thành phần." in said
    sent |= {"delegation": speakers.pk, "category": category.pk, "key": str(uuid.uuid4())}
    response = act(desk, LIST, "enlist", parts[2], **sent)
    assert notices(response) == ["Lê Thị Khác nay có trong danh sách: Báo cáo viên."]
    person = Attendee.objects.get()
    assert (person.honorific, person.email) == ("ba", "khac@hoinghi.example")
    assert ties() == ["", "", "Lê Thị Khác"]
    assert notices(act(desk, LIST, "enlist", parts[2])) == ["Lê Thị Khác đã có trong danh sách đại biểu."]
    assert notices(act(desk, LIST, "enlist", *parts[:2])) == [
        "Mỗi lần đưa một người. Chọn một dòng rồi làm lại."
    ]
