"""Letters that ask speakers to come: to whom, with which sessions, and with a link that opens their page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference.models import Conference, User
from mailing import outbox, sending
from mailing.models import Message
from sessions import asking, mail_kinds
from sessions.models import Hall, Participation
from tests.attendees.test_admin import act, notices
from tests.conference.desk import signed_in, text
from tests.conference.test_views import make_session
from tests.conftest import MakeAttendee
from tests.smtp import MailServer
from tests.smtp import server as server  # fixtures
from tests.smtp import silent_bell as silent_bell

pytestmark = pytest.mark.django_db
LIST = "/admin/thematic/participation/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def quan(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, "Trần Minh Quân", honorific="ong", email="quan@hoinghi.example", status="confirmed"
    )


@pytest.fixture
def parts(conference: Conference, hall: Hall, quan: Attendee) -> list[Participation]:
    """Quân speaks twice and opens once; a name and somebody without an address are there too."""
    found = []
    for code, hour in (("a", 8), ("b", 10)):
        session = make_session(conference, code, hour, hour + 1, title=f"Chuyên đề {code}", hall=hall)
        found.append(session.participations.create(attendee=quan, full_name=quan.full_name))
        found.append(session.participations.create(full_name="Lê Thị Tên", role="chair"))
    opening = make_session(conference, "khai-mac", 7, 8)
    found.append(opening.participations.create(attendee=quan, full_name=quan.full_name, role="opening"))
    return found


def test_each_person_is_asked_once_and_only_who_is_on_the_list(
    parts: list[Participation], quan: Attendee
) -> None:
    assert asking.speakers(parts) == [quan]
    assert asking.speakers(parts[-1:]) == []
    Attendee.objects.update(status="declined")
    assert asking.speakers(Participation.objects.select_related("attendee")) == []


def test_a_letter_names_every_session_and_its_link_opens_the_page(
    conference: Conference, parts: list[Participation], quan: Attendee, olga: User, client: Client
) -> None:
    made = asking.draft(conference, [quan], by=olga)
    letter = made.messages.get()
    assert (made.kind, letter.state, letter.to) == (mail_kinds.SPEAKER, "draft", ["quan@hoinghi.example"])
    assert letter.values["phan_viec"].splitlines() == [
        "- Khai mạc: khai-mac (07:00–08:00, thứ Năm, 06/6/2024)",
        "- Báo cáo viên: Chuyên đề a (08:00–09:00, thứ Năm, 06/6/2024, Hội trường lớn)",
        "- Báo cáo viên: Chuyên đề b (10:00–11:00, thứ Năm, 06/6/2024, Hội trường lớn)",
    ]
    link = Link.objects.get()
    assert letter.secrets == {"link": link.pk}  # fetched when the letter leaves
    client.post(reverse("attendees:link", args=(links.token_of(link),)))
    assert client.get(reverse("thematic:speaking", args=(conference.slug, quan.code))).status_code == 200


@pytest.mark.parametrize("is_asked", [True, False])
def test_whose_parts_went_to_others_is_not_asked_any_more(
    is_asked: bool, parts: list[Participation], quan: Attendee, olga: User, server: MailServer,
    silent_bell: Any,
) -> None:  # fmt: skip
    made = asking.draft(quan.conference, [quan], by=olga)
    outbox.approve(made, by=olga)
    spoken = Participation.objects.filter(attendee=quan, role="speaker").order_by("pk")
    spoken.filter(pk__in=[one.pk for one in (spoken[1:] if is_asked else spoken)]).delete()
    letter = made.messages.get()
    sending.send([letter.pk])
    letter.refresh_from_db()
    said = "Người này không còn phần nào trong chương trình. Có người thay thì soạn thư cho người đó."
    assert (letter.state, letter.error) == (("sent", "") if is_asked else ("cancelled", said))
    assert len(server.received) == is_asked


def test_an_organiser_drafts_from_the_list_of_parts(
    parts: list[Participation], quan: Attendee, olga: User
) -> None:
    desk = signed_in(olga)
    page = text(act(desk, LIST, "ask_speakers", *parts))
    assert "Mỗi người nhận một thư, gồm các phiên của mình và liên kết để trả lời." in page
    response = act(desk, LIST, "ask_speakers", *parts, apply="1")
    assert notices(response) == ["Đã soạn 1 thư. Xem lại rồi duyệt gửi."]
    assert Message.objects.get().state == "draft"


def test_who_has_no_address_is_named_and_nobody_is_written_to(
    parts: list[Participation], quan: Attendee, olga: User, make_attendee: MakeAttendee
) -> None:
    other = make_attendee(quan.delegation, "Lê Thị Khác")
    more = parts[0].session.participations.create(attendee=other, full_name=other.full_name)
    desk = signed_in(olga)
    assert "Không có thư điện tử: Lê Thị Khác." in text(act(desk, LIST, "ask_speakers", parts[0], more))
    response = act(desk, LIST, "ask_speakers", more, apply="1")
    assert notices(response) == [
        "Không ai trong những người đã chọn có thư điện tử trong danh sách đại biểu."
    ]
    assert not Message.objects.exists()


def test_letters_cost_the_same_for_any_number_of_sessions(
    conference: Conference, parts: list[Participation], quan: Attendee, django_assert_max_num_queries: Any
) -> None:
    counts = []
    asking.draft(conference, [quan], by=None)  # makes the link
    for number in (1, 3):
        for hour in range(number):
            session = make_session(conference, f"s-{number}-{hour}", 12 + hour, 13 + hour)
            session.participations.create(attendee=quan, full_name=quan.full_name)
        with django_assert_max_num_queries(60) as caught:
            asking.draft(conference, [quan], by=None)
        counts.append(len(caught))
    assert len(set(counts)) == 1
