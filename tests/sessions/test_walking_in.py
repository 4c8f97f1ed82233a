"""Walk-ins and substitutes at the reception: who may write them down, by which rules, and over HTTP."""

import uuid

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import translation

from attendees import walking_in
from attendees.models import Attendee, Category, Delegation
from conference.models import Conference, JournalEntry, User
from sessions import attending, receiving
from sessions.models import Attendance, Session
from tests.attendees.test_races import at_once
from tests.conftest import MakeAttendee
from tests.sessions.choosing import crowd
from tests.sessions.test_views import DESK, text_of

NEW = f"{DESK}register/"


@pytest.fixture
def as_olga(client: Client, olga: User, settings: LazySettings) -> Client:
    settings.DEMO = True  # no second factor
    client.force_login(olga)
    return client


@pytest.fixture
def trusted(conference: Conference, opening: Session) -> None:
    """The door may register people."""
    Conference.objects.filter(pk=conference.pk).update(door_may_register=True)


def data(**more: object) -> dict[str, object]:
    filled = {
        "session": "khai-mac", "delegation": "lam-dong", "category": "department", "honorific": "ong",
        "full_name": " Trần  Quốc Hưng ", "position": "Phó Giám đốc", "organisation_name": "Sở Mẫu",
        "version": 1, "request_key": uuid.uuid4(),
    }  # fmt: skip
    return filled | more


def place_of(person: Attendee) -> str:
    return f"{DESK}people/{person.code}/substitute/"


# ── Who may ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_door_registers_only_where_the_conference_lets_it(
    conference: Conference, olga: User, ada: User, greta: User, victor: User, dan: User
) -> None:
    may = lambda: {one.full_name for one in (olga, ada, greta, victor, dan)  # noqa: E731 - asked twice
                   if walking_in.may_register(conference, one)}  # fmt: skip
    assert may() == {"Olga", "Ada"}
    conference.door_may_register = True
    assert may() == {"Olga", "Ada", "Greta"}


@pytest.mark.django_db
def test_acts_ask_for_the_right_themselves(
    opening: Session, delegation: Delegation, department: Category, greta: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    for act in (
        lambda: walking_in.register(
            delegation, department, by=greta, request_key=uuid.uuid4(), full_name="Ai"
        ),
        lambda: walking_in.substitute(person, by=greta, request_key=uuid.uuid4(), full_name="Ai"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert Attendee.objects.count() == 1


@pytest.mark.django_db
def test_the_reason_of_a_substitution_is_kept_in_vietnamese_whoever_presses(
    opening: Session, delegation: Delegation, olga: User, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    with translation.override("en"):
        walking_in.substitute(person, by=olga, request_key=uuid.uuid4(), full_name="Lê Thị Thay")
    person.refresh_from_db()
    assert person.decline_reason == "Đi thay, ghi tại bàn đón tiếp"


@pytest.mark.django_db
def test_the_door_without_the_right_is_led_to_the_organisers(
    client: Client, opening: Session, delegation: Delegation, greta: User, make_attendee: MakeAttendee
) -> None:
    client.force_login(greta)
    person = make_attendee(delegation)
    for page in (NEW, place_of(person)):
        assert "Ban Tổ chức ghi nhận" in text_of(client.get(page))
        assert client.post(page, data()).status_code == 403
    assert "Đi thay" not in text_of(client.get(DESK, {"q": "nguyen van an"}))
    assert Attendee.objects.count() == 1


@pytest.mark.django_db
def test_the_door_with_the_right_registers_but_adds_no_seat(
    client: Client, trusted: None, opening: Session, delegation: Delegation, greta: User,
    make_attendee: MakeAttendee,
) -> None:  # fmt: skip
    client.force_login(greta)
    crowd(make_attendee, delegation, 2)
    assert "Mời vào Ông Trần Quốc Hưng" in text_of(client.post(NEW, data(), follow=True))
    full = client.post(NEW, data(full_name="Lê Văn Ba", extra="Lãnh đạo yêu cầu"))
    assert "Đã đủ số suất của thành phần này." in text_of(full)
    assert "Lý do thêm suất" not in text_of(full)
    assert Attendee.objects.count() == 3


# ── Walk-ins ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_walk_in_is_confirmed_present_and_journalled(
    as_olga: Client, opening: Session, delegation: Delegation, olga: User
) -> None:
    Delegation.objects.update(status="confirmed", review="accepted")
    response = as_olga.post(NEW, data(), follow=True)
    person = Attendee.objects.get()
    assert "Mời vào Ông Trần Quốc Hưng Tỉnh Lâm Đồng Phó Giám đốc" in text_of(response)
    assert (person.full_name, person.status, person.is_walk_in) == ("Trần Quốc Hưng", "confirmed", True)
    assert Attendance.objects.get().attendee == person
    entry = JournalEntry.objects.get(act="register")
    assert (entry.actor, entry.person_ref) == (olga, person.pk)
    delegation.refresh_from_db()
    assert (delegation.status, delegation.review, delegation.answered_by) == ("confirmed", "accepted", None)


@pytest.mark.django_db
def test_a_form_sent_twice_makes_one_person(
    as_olga: Client, opening: Session, delegation: Delegation
) -> None:
    sent = data()
    as_olga.post(NEW, sent)
    assert "Mời vào Ông Trần Quốc Hưng" in text_of(as_olga.post(NEW, sent, follow=True))
    assert Attendance.objects.count() == 1
    other = as_olga.post(NEW, sent | {"full_name": "Lê Văn Ba"})
    assert (other.status_code, Attendee.objects.count()) == (409, 1)


@pytest.mark.django_db
def test_who_is_on_the_list_under_a_like_name_is_shown_first(
    as_olga: Client, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    known = make_attendee(delegation, "Trần Quốc Hùng")
    page = as_olga.post(NEW, data(full_name="tran hung"))
    assert "Đã có trong danh sách. Ghi nhận người này? Tỉnh Lâm Đồng Trần Quốc Hùng" in text_of(page)
    assert f'value="{known.code}"' in page.content.decode()
    assert Attendee.objects.count() == 1
    as_olga.post(NEW, data(full_name="tran hung", sure="on"))
    assert Attendee.objects.count() == 2


@pytest.mark.django_db
def test_names_are_alike_in_any_order_and_as_a_part(
    delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Phạm Thị Thanh Hà")
    alike = lambda name: bool(walking_in.alike(delegation, name))  # noqa: E731 - asked often
    assert alike("Hà Thanh Phạm Thị")
    assert alike("PHAM THANH HA")
    assert not alike("Hà")
    assert not alike("Phạm Thị Hương")
    assert not alike("  ")


@pytest.mark.django_db
def test_an_organiser_makes_one_seat_more_with_a_reason(
    as_olga: Client, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    crowd(make_attendee, delegation, 3)
    assert "Đã đủ số suất của thành phần này." in text_of(as_olga.post(NEW, data()))
    as_olga.post(NEW, data(extra="Lãnh đạo Bộ đồng ý"))
    assert delegation.quotas.get(category__slug="department").seats == 4
    entry = JournalEntry.objects.get(act="add_seat")
    assert entry.changes == {"seats": [3, 4], "reason": ["", "Lãnh đạo Bộ đồng ý"]}
    assert entry.delegation_ref == delegation.pk


@pytest.mark.django_db
def test_a_mistyped_form_is_told_in_place(
    as_olga: Client, opening: Session, delegation: Delegation, foreign_delegation: Delegation
) -> None:
    for wrong in (
        {"full_name": ""}, {"full_name": "x" * 121}, {"delegation": "quang-ninh"}, {"category": "\0"},
        {"request_key": "x"}, {"honorific": "vua"}, {"full_name": "a\0"}, {"version": "9" * 40},
    ):  # fmt: skip
        response = as_olga.post(NEW, data(**wrong))
        assert response.status_code in (200, 302 if "version" in wrong else 200, 400)
        assert Attendee.objects.count() == (1 if "version" in wrong else 0)


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_walk_in(
    opening: Session, delegation: Delegation, department: Category, olga: User, make_attendee: MakeAttendee
) -> None:
    crowd(make_attendee, delegation, 2)

    def act(number: int) -> None:
        receiving.walk_in(
            opening, delegation, department, by=olga, request_key=uuid.uuid4(), full_name=f"Khách {number}"
        )

    assert at_once(act, 8) == {"done": 1, ValidationError.__name__: 7}
    assert Attendance.objects.count() == 1


# ── Substitutes ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_substitute_is_in_the_chain_and_present_and_the_old_badge_is_dead(
    as_olga: Client, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    leaving = make_attendee(delegation)
    response = as_olga.post(place_of(leaving), data(), follow=True)
    assert "Mời vào Ông Trần Quốc Hưng" in text_of(response)
    leaving.refresh_from_db()
    assert (leaving.status, leaving.substitute.status) == ("replaced", "confirmed")
    assert "Thẻ đã thay người" in text_of(as_olga.get(DESK, {"q": leaving.code}))
    assert [one.attendee for one in Attendance.objects.all()] == [leaving.substitute]
    acts = set(JournalEntry.objects.filter(delegation_ref=delegation.pk).values_list("act", flat=True))
    assert acts >= {"status", "replace"}


@pytest.mark.django_db
def test_who_is_in_already_is_not_replaced_at_the_desk(
    as_olga: Client, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    leaving = make_attendee(delegation)
    attending.record(leaving, opening, by=None)
    assert "Người này đã vào phiên rồi." in text_of(as_olga.post(place_of(leaving), data()))
    leaving.refresh_from_db()
    assert (leaving.is_active, Attendee.objects.count()) == (True, 1)


@pytest.mark.django_db
def test_a_substitute_for_somebody_changed_meanwhile_is_a_conflict(
    as_olga: Client, opening: Session, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    leaving = make_attendee(delegation, version=2)
    assert as_olga.post(place_of(leaving), data()).status_code == 409
    assert Attendee.objects.count() == 1
