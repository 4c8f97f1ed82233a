"""Letters about a version: to those whom it concerns, waiting for somebody to approve them."""

import datetime

import pytest
from django.test import Client
from django.utils import translation

from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from mailing import wording
from mailing.models import Mailing, Message, MessageTemplate
from sessions import announcing, comparing, mail_kinds, release
from sessions.models import Session
from tests.conference.desk import signed_in, text
from tests.conftest import MakeAttendee, publish
from tests.sessions.plans import entry, move, session, speaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(conference: Conference, delegation: Delegation, make_attendee: MakeAttendee) -> Session:
    speaker = make_attendee(delegation, "Hà Thị Báo", email="bao@hoinghi.example", honorific="ba")
    made = session(conference, "cd-1", 8, 9, number=1, title="Thông tin đối ngoại")
    speaks(speaker, made)
    return made


@pytest.fixture
def coming(other_delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(other_delegation, "Lê Văn Dự", status=Attendee.Status.CONFIRMED)


def letters() -> dict[str, Message]:
    return {one.subject_name: one for one in Message.objects.order_by("pk")}


def test_a_release_leaves_drafts_to_exactly_those_whom_it_concerns(
    conference: Conference, topic: Session, coming: Attendee, olga: User
) -> None:
    publish(conference)
    move(topic, starts=datetime.time(9), ends=datetime.time(10))
    release.release(conference, by=olga, note="Báo cáo viên đến muộn.")
    found = letters()
    assert {name: one.to for name, one in found.items()} == {
        "Hà Thị Báo": ["bao@hoinghi.example"],
        "Tỉnh Quảng Nam": ["mai@hoinghi.example"],
        "Tỉnh Lâm Đồng": ["dan@hoinghi.example"],
    }
    assert {one.state for one in found.values()} == {"draft"}
    assert Mailing.objects.get().title == "Chương trình, phiên bản 2"


def test_a_letter_says_what_became_of_each_session_and_where_to_read_on(
    conference: Conference, topic: Session, olga: User
) -> None:
    publish(conference)
    move(topic, starts=datetime.time(9), ends=datetime.time(10))
    release.release(conference, by=olga, note="Báo cáo viên đến muộn.")
    letter = letters()["Hà Thị Báo"]
    said = wording.of_message(letter, {}).body
    for part in (
        "Bà Hà Thị Báo",
        "Báo cáo viên đến muộn.",
        "- Chuyên đề 1: Thông tin đối ngoại. Thời gian: 08:00–09:00, thứ Năm, 06/6/2024 → "
        "09:00–10:00, thứ Năm, 06/6/2024",
        "/da-lat-2024/programme/versions/2/",
    ):
        assert part in said
    assert letters()["Tỉnh Lâm Đồng"].values["nguoi_nhan"] == "Ủy ban nhân dân tỉnh Lâm Đồng"


def test_a_letter_is_in_vietnamese_whoever_releases(
    conference: Conference, topic: Session, olga: User
) -> None:
    publish(conference)
    move(topic, starts=datetime.time(9), ends=datetime.time(10))
    with translation.override("en"):
        release.release(conference, by=olga)
    letter = letters()["Hà Thị Báo"]
    assert (letter.values["nguoi_nhan"], letter.recipient_name) == ("Bà Hà Thị Báo", "Bà Hà Thị Báo")
    assert "Thời gian: 08:00–09:00, thứ Năm, 06/6/2024" in letter.values["thay_doi"]


def test_what_concerns_nobody_writes_nothing(conference: Conference, coming: Attendee, olga: User) -> None:
    opening = session(conference, "khai-mac", 8, 9)
    publish(conference)
    move(opening, title="Lễ khai mạc")
    made = release.release(conference, by=olga)
    assert not Mailing.objects.exists()
    assert announcing.mailing_of(made) is None


def test_the_same_press_twice_writes_once(conference: Conference, topic: Session, olga: User) -> None:
    seen = release.draft_diff(conference).digest
    for _ in range(2):
        release.release(conference, by=olga, seen=seen)
    assert (Mailing.objects.count(), Message.objects.count()) == (1, 2)


def test_a_broken_template_does_not_hold_up_the_version(
    conference: Conference, topic: Session, olga: User
) -> None:
    MessageTemplate.objects.create(
        conference=conference, kind=mail_kinds.PROGRAMME, subject="Chương trình", body="{khong_co}"
    )
    made = release.release(conference, by=olga)
    assert (made.number, Mailing.objects.count()) == (1, 0)


def test_the_journal_names_both_acts(conference: Conference, topic: Session, olga: User) -> None:
    release.release(conference, by=olga)
    acts = list(conference.journal.values_list("act", flat=True).order_by("pk"))
    assert acts == ["release_programme", "draft_mail"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (None, entry(), "- Khai mạc. 08:00–09:00, thứ Năm, 06/6/2024, Hội trường lớn"),
        (entry(), None, "- Khai mạc. Hủy (trước là 08:00–09:00, thứ Năm, 06/6/2024, Hội trường lớn)"),
        (entry(), entry(hall="Phòng 1"), "- Khai mạc. Địa điểm: Hội trường lớn → Phòng 1"),
    ],
)
def test_each_change_is_one_line(old: comparing.Entry | None, new: comparing.Entry | None, said: str) -> None:
    assert announcing.lines([comparing.Change(old, new)]) == [said]


def test_a_long_list_ends_with_how_many_more_there_are() -> None:
    told = announcing.lines([comparing.Change(None, entry(str(n))) for n in range(25)])
    assert (len(told), told[-1]) == (21, "- và 5 thay đổi khác")


def test_the_desk_says_before_the_press_who_will_get_a_letter_and_afterwards_where_it_waits(
    conference: Conference, topic: Session, coming: Attendee, olga: User, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]  # the fixture of the settings
    desk: Client = signed_in(olga)
    publish(conference)
    move(topic, starts=datetime.time(9), ends=datetime.time(10))
    page = desk.get("/admin/thematic/release/add/")
    said = text(page)
    assert "1 người có phần hoặc đã đăng ký, 2 đoàn: 3 thư sẽ được soạn, chờ duyệt gửi." in said
    assert "b•••@hoinghi.example" in said
    assert "bao@hoinghi.example" not in said
    seen = release.draft_diff(conference).digest
    done = desk.post("/admin/thematic/release/add/", {"seen": seen}, follow=True)
    assert "Đã phát hành phiên bản 2. 3 thư cho những người liên quan chờ duyệt gửi." in text(done)
    mailing = Mailing.objects.get()
    assert f'href="/admin/mailing/mailing/{mailing.pk}/change/"' in done.content.decode()
