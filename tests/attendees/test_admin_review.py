"""The desk: what delegations sent is accepted or given back, and their links are kept."""

import datetime
import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendees import answers, codes, links
from attendees.models import Attendee, Delegation, Link
from conference import storing
from conference.models import Conference, JournalEntry, User
from mailing.models import Message
from tests.attendees.test_admin import DELEGATIONS, PEOPLE, act, notices
from tests.attendees.test_views import cost
from tests.conference.desk import signed_in, strict_templates, text, url
from tests.conftest import VN, MakeAttendee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

Review = Delegation.Review


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def sent(delegation: Delegation, person: Attendee, dan: User) -> Delegation:
    """Lâm Đồng, whose list Dan has sent, with a letter."""
    file, sha256, size = storing.keep_bytes(b"%PDF-1.4 letter", "uploads", "pdf")
    delegation.uploads.create(
        kind="nomination", name="Công văn 12.pdf", file=file, sha256=sha256, size=size, given_by="Dan",
        content_type="application/pdf",
    )  # fmt: skip
    answers.confirm(delegation, by=dan)
    return Delegation.objects.get(pk=delegation.pk)


# ── Two steps ─────────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_a_delegation_shows_what_it_sent_and_offers_both_steps(
    desk: Client, sent: Delegation
) -> None:
    with strict_templates():
        response = desk.get(url(Delegation, "change", sent.pk))
        page = text(response)
    receipt = sent.receipts.get()
    assert f"Đoàn đã gửi Biên nhận lần 1 {codes.group(receipt.code)} · Dan, 16:00, 30/5/2024" in page
    assert "Công văn 12.pdf" in page
    fetch = reverse("documents:receipt", args=(sent.conference.slug, sent.code, receipt.code))
    assert f'<form method="post" action="{fetch}" data-many>' in response.content.decode()
    assert [name for name, _ in response.context["row_acts"][:2]] == [
        "accept_delegations",
        "return_delegations",
    ]
    letter = reverse("attendees:upload", args=("da-lat-2024", "lam-dong", sent.uploads.get().sha256))
    assert letter in response.content.decode()
    assert desk.get(letter).content == b"%PDF-1.4 letter"


def test_answers_are_accepted_from_the_list_and_from_the_page(
    desk: Client, sent: Delegation, other_delegation: Delegation
) -> None:
    response = act(desk, DELEGATIONS, "accept_delegations", sent, other_delegation)
    assert notices(response) == ["Đã tiếp nhận 1 đoàn.", "Tỉnh Quảng Nam: Đoàn chưa gửi danh sách."]
    sent.refresh_from_db()
    assert sent.review == Review.ACCEPTED
    response = desk.get(url(Delegation, "change", sent.pk))
    assert [name for name, _ in response.context["row_acts"][:1]] == ["return_delegations"]
    assert "Đã tiếp nhận" in text(response)


def test_an_answer_is_given_back_with_a_remark_and_with_more_time(desk: Client, sent: Delegation) -> None:
    page = act(desk, DELEGATIONS, "return_delegations", sent)
    assert "Trả lại danh sách kèm nhận xét" in text(page)
    refused = act(desk, DELEGATIONS, "return_delegations", sent, apply=1, remark=" ")
    assert refused.context["form"].errors == {"remark": ["Ghi nhận xét."]}
    more = {"apply": 1, "remark": "Sai chức vụ ông An.", "until": "02/6/2024 17:00"}
    response = act(desk, DELEGATIONS, "return_delegations", sent, **more)
    assert notices(response) == ["Đã trả lại 1 đoàn."]
    sent.refresh_from_db()
    assert (sent.status, sent.review_remark) == (Delegation.Status.ANSWERING, "Sai chức vụ ông An.")
    assert sent.extended_to == datetime.datetime(2024, 6, 2, 17, tzinfo=VN)
    page = text(desk.get(url(Delegation, "change", sent.pk)))
    assert "Đã trả lại lúc 16:00, thứ Năm, 30/5/2024 Sai chức vụ ông An." in page


def test_the_letter_that_gives_a_list_back_says_the_new_deadline(desk: Client, sent: Delegation) -> None:
    past = sent.conference.confirm_by + datetime.timedelta(minutes=1)
    Conference.objects.update(demo_now=past)
    more = {"apply": 1, "remark": "Sai chức vụ ông An.", "until": "02/6/2024 17:00"}
    act(desk, DELEGATIONS, "return_delegations", sent, **more)
    said = Message.objects.get(kind="returned").values
    assert said["han_tra_loi"] == "17 giờ 00 phút, Chủ nhật, ngày 02 tháng 6 năm 2024"


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("", "Chọn thời điểm muộn hơn bây giờ, nếu không thì không sửa và gửi lại được: Tỉnh Lâm Đồng."),
        ("31/5/2024 17:00", "Thời điểm này không gia hạn được cho đoàn."),
    ],
)
def test_no_list_is_given_back_to_who_could_not_send_it_again(
    desk: Client, sent: Delegation, until: str, sentence: str
) -> None:
    Conference.objects.update(demo_now=sent.conference.confirm_by + datetime.timedelta(minutes=1))
    told = {"apply": 1, "remark": "Sai chức vụ ông An.", "until": until}
    page = act(desk, DELEGATIONS, "return_delegations", sent, **told)
    assert page.context["form"].errors["until"][0].startswith(sentence)
    assert "Sai chức vụ ông An." in text(page), "what was typed stays"
    sent.refresh_from_db()
    assert (sent.status, sent.review) == (Delegation.Status.CONFIRMED, Review.NONE)
    assert not Message.objects.filter(kind="returned").exists()


def test_who_has_more_time_than_is_given_keeps_it(desk: Client, sent: Delegation) -> None:
    answers.extend(sent, datetime.datetime(2024, 6, 4, 17, tzinfo=VN), by=None)
    more = {"apply": 1, "remark": "Sai chức vụ ông An.", "until": "02/6/2024 17:00"}
    assert notices(act(desk, DELEGATIONS, "return_delegations", sent, **more)) == ["Đã trả lại 1 đoàn."]
    sent.refresh_from_db()
    assert (sent.review, sent.extended_to) == (
        Review.RETURNED, datetime.datetime(2024, 6, 4, 17, tzinfo=VN),
    )  # fmt: skip


def test_who_sent_nothing_is_given_nothing_back_and_no_more_time(
    desk: Client, other_delegation: Delegation
) -> None:
    more = {"apply": 1, "remark": "Sai chức vụ ông An.", "until": "02/6/2024 17:00"}
    response = act(desk, DELEGATIONS, "return_delegations", other_delegation, **more)
    assert notices(response) == ["Tỉnh Quảng Nam: Đoàn chưa gửi danh sách."]
    other_delegation.refresh_from_db()
    assert other_delegation.extended_to is None


@pytest.mark.parametrize(
    ("value", "found"),
    [("sent", ["lam-dong"]), ("accepted", ["quang-nam"]), ("returned", []), ("x", ["lam-dong", "quang-nam"])],
)
def test_the_list_is_filtered_by_what_was_said_to_the_answers(
    desk: Client, sent: Delegation, other_delegation: Delegation, value: str, found: list[str]
) -> None:
    Delegation.objects.filter(pk=other_delegation.pk).update(status="declined", review="accepted")
    rows = desk.get(f"{DELEGATIONS}?review={value}").context["cl"].result_list
    assert sorted(one.code for one in rows) == found


def test_an_onlooker_sees_what_was_sent_and_decides_nothing(victor: User, sent: Delegation) -> None:
    client = signed_in(victor)
    page = client.get(url(Delegation, "change", sent.pk))
    assert "Biên nhận lần 1" in text(page)
    for name in ("accept_delegations", "return_delegations"):
        act(client, DELEGATIONS, name, sent, apply=1, remark="x")
    sent.refresh_from_db()
    assert sent.review == Review.NONE


# ── Links ─────────────────────────────────────────────────────────────────────────────────────────


def page_of(row: Delegation | Attendee) -> str:
    return url(type(row), "change", row.pk)


@pytest.mark.parametrize("who", ["delegation", "person"])
def test_a_link_is_made_copied_and_withdrawn_in_one_press_each(
    desk: Client, request: pytest.FixtureRequest, who: str
) -> None:
    row = request.getfixturevalue(who)
    model = type(row)
    assert "Chưa có liên kết nào" in text(desk.get(page_of(row)))
    response = desk.post(url(model, "link_make", row.pk), follow=True)
    assert response.redirect_chain == [(f"{page_of(row)}#lien-ket", 302)]
    link = Link.objects.get()
    assert (link.created_by_id, getattr(link, "delegation" if who == "delegation" else "attendee")) == (
        User.objects.get(email="olga@hoinghi.example").pk, row,
    )  # fmt: skip
    body = html.unescape(response.content.decode())
    assert links.address_for(link.pk) in body
    assert f'data-copy="#lien-ket-{link.pk}"' in body
    Client().post(links.address_for(link.pk).removeprefix("http://127.0.0.1:8000"))
    assert "Dùng được" in text(desk.get(page_of(row)))
    response = desk.post(url(model, "link_revoke", row.pk), {"link": link.pk}, follow=True)
    assert "Đã thu hồi liên kết." in notices(response)[0]
    assert "/l/" not in response.content.decode().split("<main", 1)[1]
    link.refresh_from_db()
    assert (link.is_good, link.uses) == (False, 1)
    assert [entry.act for entry in JournalEntry.objects.order_by("pk")] == [
        "make_link",
        "open_link",
        "revoke",
    ]


def test_a_link_of_somebody_else_is_not_withdrawn_here(
    desk: Client, delegation: Delegation, other_delegation: Delegation, foreign_delegation: Delegation
) -> None:
    other, foreign = (
        links.make(one, Link.Purpose.ANSWER, by=None) for one in (other_delegation, foreign_delegation)
    )
    for key in (other.pk, foreign.pk, "", "x", "9" * 40, "-1"):
        assert desk.post(url(Delegation, "link_revoke", delegation.pk), {"link": key}).status_code == 404
    assert desk.post(url(Delegation, "link_make", foreign_delegation.pk)).status_code == 404
    assert Link.objects.good().count() == 2


def test_an_onlooker_sees_links_without_their_addresses(
    victor: User, delegation: Delegation, person: Attendee
) -> None:
    for row, purpose in ((delegation, Link.Purpose.ANSWER), (person, Link.Purpose.PERSON)):
        link = links.make(row, purpose, by=None)
        response = signed_in(victor).get(page_of(row))
        assert "Dùng được" in text(response)
        assert links.token_of(link) not in response.content.decode()
        assert signed_in(victor).post(url(type(row), "link_make", row.pk)).status_code == 403
    assert Link.objects.count() == 2


def test_links_that_open_nothing_say_why(desk: Client, delegation: Delegation, settings: Any) -> None:
    links.make(delegation, Link.Purpose.ANSWER, by=None)
    settings.SECRET_KEY = "another key, long enough " * 3
    client = signed_in(User.objects.get(email="olga@hoinghi.example"))
    assert "lập bằng khóa cũ" in text(client.get(page_of(delegation)))
    Link.objects.update(expires_at=timezone.now(), created_at="2024-01-01T00:00:00Z")
    assert "Hết hạn" in text(client.get(page_of(delegation)))


def test_links_cost_the_same_for_one_and_for_three(desk: Client, delegation: Delegation, olga: User) -> None:
    costs = []
    for _ in range(3):
        links.make(delegation, Link.Purpose.ANSWER, by=olga)
        costs.append(cost(desk, page_of(delegation)))
    assert len(set(costs)) == 1


# ── Who held a seat ───────────────────────────────────────────────────────────────────────────────


def test_the_page_of_a_person_tells_everybody_who_held_the_seat(
    desk: Client, delegation: Delegation, dan: User, make_attendee: MakeAttendee
) -> None:
    people = [make_attendee(delegation, "Nguyễn Văn An")]
    for hour, (name, reason) in enumerate((("Trần Thị Bình", "Đi học"), ("Lê Văn Cường", "Ốm")), start=8):
        Conference.objects.update(demo_now=datetime.datetime(2024, 5, 30, hour, tzinfo=VN))
        current = Attendee.objects.get(pk=people[-1].pk)
        people.append(answers.replace(current, by=dan, reason=reason, full_name=name))
    told = (
        "Nguyễn Văn An thay lúc 08:00, 30/5/2024 , Dan. Lý do: Đi học "
        "Trần Thị Bình thay lúc 09:00, 30/5/2024 , Dan. Lý do: Ốm "
        "Lê Văn Cường"
    )
    for one in people:
        with strict_templates():
            assert told in text(desk.get(url(Attendee, "change", one.pk))), one
    alone = make_attendee(delegation, "Võ Văn Em")
    assert "thay lúc" not in text(desk.get(url(Attendee, "change", alone.pk)))
    assert desk.get(PEOPLE).status_code == 200
