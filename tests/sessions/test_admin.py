"""The programme at the desk."""

import datetime
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from attendees import codes
from attendees.models import Delegation
from conference.models import Conference, User
from sessions import planning
from sessions.models import Attendance, Hall, Participation, Session
from tests.conference.desk import fields, rows, same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee
from tests.documents.test_inviting import a_lock_is_waited_for
from tests.patience import LONGEST, until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def hall(conference: Conference) -> Hall:
    return Hall.objects.create(conference=conference, name="Hội trường lớn")


def make_session(conference: Conference, code: str = "khai-mac", **more: Any) -> Session:
    given = {
        "day": conference.starts_on,
        "starts": datetime.time(8),
        "ends": datetime.time(9),
        "title": "Khai mạc",
    }
    return Session.objects.create(conference=conference, code=code, **{**given, **more})


@pytest.fixture
def form(hall: Hall) -> dict[str, Any]:
    numbers = {f"participations-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    return {
        "title": "Chuyên đề 1", "code": "cd-1", "kind": "topic", "day": "06/6/2024",
        "starts": "08:50", "ends": "10:10", "hall": hall.pk, **numbers, "participations-MAX_NUM_FORMS": 1000,
    }  # fmt: skip


def test_a_session_is_added_to_the_current_conference(
    desk: Client, form: dict[str, Any], conference: Conference
) -> None:
    desk.post(url(Session, "add"), form)
    session = Session.objects.get()
    assert (session.conference, session.part, str(session.starts)) == (conference, "morning", "08:50:00")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("ends", "08:00", "Giờ kết thúc phải sau giờ bắt đầu."),
        ("starts", "25:00", "Chưa đọc được giờ này."),
        ("day", "6 tháng 6", "Chưa đọc được ngày này."),
        ("title", "  ", "Nội dung"),
        ("title", "ặ" * 600, "Nội dung"),
        ("hall", "abc", "Hội trường"),
        ("number", "-1", "Chuyên đề số"),
    ],
)
def test_bad_input_is_a_sentence_at_its_field(
    field: str, value: str, sentence: str, desk: Client, form: dict[str, Any]
) -> None:
    response = desk.post(url(Session, "add"), {**form, field: value})
    assert response.status_code == 200
    assert sentence in text(response)
    assert not Session.objects.exists()


def test_the_same_code_twice_is_refused(desk: Client, form: dict[str, Any], conference: Conference) -> None:
    make_session(conference, "cd-1")
    response = desk.post(url(Session, "add"), form)
    assert response.status_code == 200
    assert "Chưa lưu được" in text(response)


def test_a_code_is_chosen_once(desk: Client, conference: Conference) -> None:
    session = make_session(conference)
    address = url(Session, "change", session.pk)
    sent = {**fields(desk.get(address)), "code": "km", "title": "Lễ khai mạc"}
    assert desk.post(address, sent).status_code == 302
    session.refresh_from_db()
    assert (session.code, session.title) == ("khai-mac", "Lễ khai mạc")


def test_a_hall_of_another_conference_is_refused(
    desk: Client, form: dict[str, Any], foreign_delegation: Delegation
) -> None:
    foreign = Hall.objects.create(conference=foreign_delegation.conference, name="Nơi khác")
    response = desk.post(url(Session, "add"), {**form, "hall": foreign.pk})
    assert list(response.context["adminform"].form.errors) == ["hall"]
    assert "Nơi khác" not in text(response)


def test_a_speaker_is_named_by_the_code_from_the_list(
    desk: Client, conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation, "Lê Thị Mai", position="Trưởng phòng", organisation_name="Sở TTTT")
    session = make_session(conference)
    address = url(Session, "change", session.pk)
    part = {"participations-0-code": codes.group(person.code).lower(), "participations-0-role": "speaker"}
    response = desk.post(address, {**fields(desk.get(address)), **part, "participations-0-order": 1})
    assert response.status_code == 302, text(response)
    made = Participation.objects.get()
    assert (made.attendee, made.full_name, made.title) == (person, "Lê Thị Mai", "Trưởng phòng")
    assert fields(desk.get(address))["participations-0-code"] == codes.group(person.code)


def test_a_person_has_one_part_of_a_kind_in_a_session(desk: Client, conference: Conference) -> None:
    session, add = make_session(conference), url(Participation, "add")
    blank = fields(desk.get(add))
    assert "Lý do từ chối" not in text(desk.get(add)), "nobody has answered yet"
    part = {**blank, "session": session.pk, "role": "opening", "full_name": "Nguyễn Thanh Lâm"}
    assert desk.post(add, {**part, "once": "x1"}).status_code == 302
    again = desk.post(add, {**part, "full_name": "nguyễn thanh  lâm", "once": "x2"})
    assert again.context["adminform"].form.errors == {
        "full_name": ["Người này đã có vai trò đó trong phiên."]
    }
    assert desk.post(add, {**part, "role": "closing", "once": "x3"}).status_code == 302


@pytest.mark.parametrize("typed", ["0000-0000", "xyz", "<script>"])
def test_a_code_that_names_nobody_is_refused_with_a_sentence(
    typed: str, desk: Client, conference: Conference
) -> None:
    session = make_session(conference)
    data = {
        "session": session.pk,
        "role": "speaker",
        "code": typed,
        "full_name": "Lê Mẫu",
        "answer": "pending",
        "order": 0,
    }
    response = desk.post(url(Participation, "add"), data)
    assert list(response.context["adminform"].form.errors) == ["code"]


def test_a_code_of_another_conference_names_nobody(
    desk: Client, conference: Conference, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    foreigner = make_attendee(foreign_delegation, "Người Ngoài")
    session = make_session(conference)
    data = {"session": session.pk, "role": "speaker", "code": foreigner.code, "answer": "pending", "order": 0}
    response = desk.post(url(Participation, "add"), data)
    assert "Không có đại biểu nào mang mã này" in text(response)
    assert "Người Ngoài" not in text(response)


def test_a_speaker_may_be_named_without_being_on_the_list(desk: Client, conference: Conference) -> None:
    session = make_session(conference)
    data = {
        "session": session.pk,
        "role": "chair",
        "full_name": "Lê Văn Mẫu",
        "answer": "pending",
        "order": 0,
    }
    desk.post(url(Participation, "add"), data)
    assert Participation.objects.get().full_name == "Lê Văn Mẫu"
    nobody = desk.post(url(Participation, "add"), {**data, "full_name": "", "once": "2"})
    assert "Nhập họ và tên, hoặc đơn vị công tác." in text(nobody)


def test_sessions_stand_in_order_and_are_found_without_marks(desk: Client, conference: Conference) -> None:
    make_session(conference, "b", title="Bế mạc", starts=datetime.time(16), ends=datetime.time(17))
    make_session(conference, "a")
    assert rows(desk.get(url(Session))) == ["Khai mạc", "Bế mạc"]
    assert rows(desk.get(url(Session), {"q": "be mac"})) == ["Bế mạc"]
    assert rows(desk.get(url(Session), {"day": "2024-06-06"})) == ["Khai mạc", "Bế mạc"]
    assert desk.get(url(Session), {"day": "hôm nay"}).status_code == 200


@pytest.mark.parametrize("model", [Session, Participation, Hall, Attendance])
def test_lists_ask_as_many_questions_for_thirty_rows_as_for_one(
    model: Any, desk: Client, conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    numbers = iter(range(100))
    for code in ("x", "y"):  # a filter with one choice would be left out
        make_session(conference, code, hall=Hall.objects.create(conference=conference, name=code))

    def grow() -> None:
        number = next(numbers)
        hall = Hall.objects.create(conference=conference, name=f"Phòng {number}")
        session = make_session(conference, f"s{number}", hall=hall)
        person = make_attendee(delegation)
        Participation.objects.create(session=session, attendee=person, full_name="X")
        Attendance.objects.create(session=session, attendee=person)

    counts = same_count(desk, url(model), grow)
    assert len(set(counts)) == 1, counts


def test_presence_is_looked_at_only(
    desk: Client, conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    presence = Attendance.objects.create(session=make_session(conference), attendee=make_attendee(delegation))
    assert desk.get(url(Attendance, "change", presence.pk)).status_code == 200
    presence.attendee.phone = "+84905123318"
    presence.attendee.save()
    assert rows(desk.get(url(Attendance), {"q": "nguyen van"})) == ["Nguyễn Văn An"]
    assert rows(desk.get(url(Attendance), {"q": "123318"})) == []
    assert desk.get(url(Attendance, "add")).status_code == 403
    assert desk.post(url(Attendance, "delete", presence.pk), {"post": "yes"}).status_code == 403


def test_a_hall_in_use_stays(desk: Client, conference: Conference, hall: Hall) -> None:
    make_session(conference, hall=hall)
    response = desk.post(url(Hall, "delete", hall.pk), {"post": "yes"})
    assert "Không xóa được Hội trường lớn" in text(response)
    assert Hall.objects.exists()


def test_the_form_of_a_session_says_what_the_plan_says_of_it(desk: Client, conference: Conference) -> None:
    hall = Hall.objects.create(conference=conference, name="Hội trường lớn")
    at = {"conference": conference, "day": conference.starts_on, "hall": hall}
    first = Session.objects.create(
        code="a", title="Khai mạc", starts=datetime.time(8, 0), ends=datetime.time(9, 0), **at
    )
    alone = Session.objects.create(
        code="b", title="Bế mạc", starts=datetime.time(16, 0), ends=datetime.time(17, 0), **at
    )
    Session.objects.create(
        code="c", title="Chào cờ", starts=datetime.time(8, 30), ends=datetime.time(9, 30), **at
    )
    assert "Hội trường lớn có hai phiên cùng lúc" in text(desk.get(url(Session, "change", first.pk)))
    assert "Không có điểm nào cần xem lại" in text(desk.get(url(Session, "change", alone.pk)))
    assert "Lưu xong sẽ thấy ở đây." in text(desk.get(url(Session, "add")))


@pytest.mark.django_db(transaction=True)
def test_a_form_and_the_plan_never_wait_for_each_other(
    desk: Client, conference: Conference, hall: Hall, olga: User
) -> None:
    session = make_session(conference, hall=hall)
    address, saved = url(Session, "change", session.pk), []
    sent = fields(desk.get(address))

    def save() -> None:
        try:
            saved.append(desk.post(address, {**sent, "ends": "09:30"}).status_code)
        finally:
            connection.close()

    saving = threading.Thread(target=save)
    with transaction.atomic():
        planning.hold(conference)
        saving.start()
        until(a_lock_is_waited_for, "the form to wait for the plan")
        to = planning.Time(session.day, datetime.time(10), datetime.time(11), hall)
        planning.place(session, to, by=olga)
    saving.join(LONGEST)
    session.refresh_from_db()
    assert (saved, str(session.starts)) == ([200], "10:00:00")  # who saved is told of the other hours
