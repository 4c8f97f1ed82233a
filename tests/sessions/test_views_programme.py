"""Versions of the programme in public."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attendees.models import Delegation
from conference.models import Conference, User
from sessions.models import Hall, Session, SpeakerProfile
from tests.conference.desk import signed_in, strict, text  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee, make_conference, publish
from tests.sessions.plans import move, session, speaks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
HOME = "/da-lat-2024/"
VERSIONS = "/da-lat-2024/programme/versions/"
DRAFT = "/da-lat-2024/programme/draft/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def opening(conference: Conference) -> Session:
    hall = Hall.objects.create(conference=conference, name="Hội trường lớn")
    return session(conference, "khai-mac", 8, 9, title="Khai mạc", hall=hall)


def page(client: Client) -> str:
    """The conference's page with its markup."""
    return str(client.get(HOME).content.decode())


def test_before_the_first_version_the_page_says_that_it_is_prepared(client: Client, opening: Session) -> None:
    for page in (HOME, VERSIONS):
        assert "Chương trình đang được chuẩn bị" in text(client.get(page))
    assert "Khai mạc" not in text(client.get(HOME))


def test_the_public_page_says_which_version_it_shows(client: Client, opening: Session) -> None:
    publish(opening.conference)
    move(opening, title="Bản nháp")
    said = text(client.get(HOME))
    assert "Phiên bản 1, ngày 30/5/2024" in said
    assert "Bản nháp" not in said


def test_old_hours_and_what_is_gone_stand_on_the_public_page(client: Client, opening: Session) -> None:
    gone = session(opening.conference, "bo", 14, 15, title="Tham luận bị bỏ")
    publish(opening.conference)
    gone.delete()
    move(opening, starts="09:00", ends="10:00", hall=None)
    session(opening.conference, "moi", 15, 16, title="Hỏi đáp")
    publish(opening.conference)
    said = text(client.get(HOME))
    assert "So với phiên bản trước: 3 thay đổi: 1 thêm mới, 1 đổi giờ, địa điểm, 1 hủy." in said
    assert "Trước đây: 08:00–09:00 09:00 – 10:00 Khai mạc Trước đây: Hội trường lớn" in said
    assert "Đã hủy Tham luận bị bỏ 14:00–15:00, thứ Năm, 06/6/2024" in said
    assert "Hỏi đáp Mới" in said


def test_what_was_rendered_is_used_again_and_never_for_something_else(
    client: Client, opening: Session, make_attendee: MakeAttendee, delegation: Delegation
) -> None:
    person = make_attendee(delegation, "Trần Minh Quân")
    speaks(person, opening)
    publish(opening.conference)
    first = text(client.get(HOME))
    assert text(client.get(HOME)) == first
    client.cookies["django_language"] = "en"
    english = text(client.get(HOME))
    assert "Speakers and chairs" in english
    assert "Báo cáo viên, chủ trì" not in english
    del client.cookies["django_language"]
    assert text(client.get(HOME)) == first
    profile = SpeakerProfile.objects.create(attendee=person)
    assert profile.code not in page(client)
    SpeakerProfile.objects.update(state="approved", approved_at=timezone.now())
    assert f"/speakers/{profile.code}/" in page(client)
    move(opening, title="Lễ khai mạc")
    publish(opening.conference)
    assert "Lễ khai mạc" in text(client.get(HOME))


def test_a_programme_that_is_rendered_is_not_read_again(client: Client, opening: Session) -> None:
    publish(opening.conference)
    client.get(HOME)
    with CaptureQueriesContext(connection) as asked:
        client.get(HOME)
    assert not [one["sql"] for one in asked if '"content"' in one["sql"]]


def test_the_history_is_read_with_the_same_questions_however_long_it_is(
    client: Client, opening: Session, django_assert_num_queries: Any
) -> None:
    publish(opening.conference)
    with django_assert_num_queries(2):
        client.get(VERSIONS)
    for number in range(3):
        move(opening, title=f"Khai mạc {number}")
        publish(opening.conference, note=f"Lý do {number}")
    with django_assert_num_queries(2):
        said = text(client.get(VERSIONS))
    assert said.index("Phiên bản 4") < said.index("Lý do 2") < said.index("Phiên bản 1")
    assert "Trước đây: Khai mạc 1 Nay: Khai mạc 2" in said


def test_the_code_of_a_print_says_whether_it_is_still_right(client: Client, opening: Session) -> None:
    publish(opening.conference)
    assert "Phiên bản 1 đang áp dụng" in text(client.get(f"{VERSIONS}1/"))
    for title in ("Hai", "Ba"):
        move(opening, title=title)
        publish(opening.conference)
    said = text(client.get(f"{VERSIONS}1/"))
    assert "Đây là phiên bản 1, phiên bản đang áp dụng là 3" in said
    assert "Trước đây: Khai mạc Nay: Ba" in said, "from there to now, not step by step"
    assert "Phiên bản 3 đang áp dụng" in text(client.get(f"{VERSIONS}3/"))


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "x"])
def test_a_version_that_is_not_there_is_not_found(client: Client, opening: Session, number: str) -> None:
    publish(opening.conference)
    assert client.get(f"{VERSIONS}{number}/").status_code == 404


def test_versions_of_a_draft_conference_are_for_its_desk(client: Client, olga: User, sam: User) -> None:
    hidden = make_conference("nhap", status=Conference.Status.DRAFT)
    session(hidden, "khai-mac", 8, 9)
    publish(hidden)
    for somebody in (client, signed_in(sam), signed_in(olga)):
        assert somebody.get("/nhap/programme/versions/").status_code == 404
        assert somebody.get("/nhap/programme/versions/1/").status_code == 404


def test_the_draft_is_shown_to_the_desk_alone(
    client: Client, opening: Session, olga: User, victor: User, dan: User, greta: User
) -> None:
    publish(opening.conference)
    move(opening, title="Bản nháp")
    assert client.get(DRAFT)["Location"].startswith("/accounts/login/")  # as whether there is one or not
    for somebody in (signed_in(dan), signed_in(greta)):
        assert somebody.get(DRAFT).status_code == 404
    for somebody in (signed_in(olga), signed_in(victor)):
        said = text(somebody.get(DRAFT))
        assert "Bản nháp, chưa phát hành" in said
        assert "1 thay đổi: 1 đổi nội dung." in said
