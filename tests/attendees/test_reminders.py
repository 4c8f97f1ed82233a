"""Reminders reach exactly those who still owe an answer, and nobody who has given it meanwhile."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from attendees import answers, reminders
from attendees.models import Delegation
from conference.models import Conference, User
from mailing import outbox, sending
from mailing.errors import MailError
from mailing.models import Mailing, Message
from tests.conftest import MakeAttendee, make_delegation
from tests.smtp import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_bell")]
Status, Review = Delegation.Status, Delegation.Review


@pytest.fixture
def five(conference: Conference) -> dict[str, Delegation]:
    """One delegation in every state, each with an address of its own."""
    made = {}
    for slug, status, review in (
        ("ha-noi", Status.WAITING, Review.NONE),
        ("ha-giang", Status.ANSWERING, Review.NONE),
        ("cao-bang", Status.ANSWERING, Review.RETURNED),
        ("bac-kan", Status.CONFIRMED, Review.NONE),
        ("tuyen-quang", Status.CONFIRMED, Review.ACCEPTED),
        ("lao-cai", Status.DECLINED, Review.NONE),
    ):
        delegation = make_delegation(conference, slug)
        delegation.status, delegation.review = status, review
        delegation.contact_email = f"{slug}@hoinghi.example"
        delegation.save()
        made[slug] = delegation
    return made


def send_all() -> None:
    sending.send(list(Message.objects.order_by("pk").values_list("pk", flat=True)))


def reached(server: MailServer) -> set[str]:
    return {address.partition("@")[0] for one in server.received for address in one.to}


def test_who_has_not_sent_the_answer_owes_it_and_nobody_else(
    conference: Conference, five: dict[str, Delegation]
) -> None:
    owing = set(reminders.owing(conference).values_list("code", flat=True))
    assert owing == {"ha-noi", "ha-giang", "cao-bang"}
    assert {slug for slug, one in five.items() if reminders.still_owes(one.pk)} == owing
    assert not reminders.still_owes(999_999)


def test_another_conference_owes_here_nothing(conference: Conference, foreign_delegation: Delegation) -> None:
    assert reminders.debtors(conference) == []


def test_reminders_reach_exactly_those_who_owe(
    conference: Conference,
    five: dict[str, Delegation],
    olga: User,
    server: MailServer,
) -> None:
    with translation.override("en"):
        mailing = reminders.draft_reminders(conference, by=olga)
    assert mailing.title == "Nhắc trả lời 3 đoàn"
    send_all()
    assert server.received == [], "they are looked at first"
    outbox.approve(mailing, by=olga)
    send_all()
    assert reached(server) == {"ha-noi", "ha-giang", "cao-bang"}
    assert "chưa cử 03 người" in server.to("ha-noi@hoinghi.example")[0].text


def test_who_answers_before_the_letter_leaves_does_not_get_it(
    conference: Conference,
    delegation: Delegation,
    other_delegation: Delegation,
    dan: User,
    olga: User,
    make_attendee: MakeAttendee,
    server: MailServer,
) -> None:
    mailing = reminders.draft_reminders(conference, by=olga)
    outbox.approve(mailing, by=olga)
    make_attendee(delegation)
    answers.confirm(delegation, by=dan)
    send_all()
    reminded = [one for one in server.received if "Đề nghị gửi danh sách" in str(one.message["Subject"])]
    assert [one.to for one in reminded] == [("mai@hoinghi.example",)]
    letter = mailing.messages.get(subject_ref=f"attendees.delegation:{delegation.pk}")
    assert (letter.state, letter.error) == ("cancelled", "Đoàn đã trả lời.")


def test_who_is_given_more_time_before_the_letter_leaves_is_not_told_the_old_one(
    conference: Conference, five: dict[str, Delegation], olga: User, server: MailServer
) -> None:
    made = reminders.draft_reminders(conference, by=olga)
    outbox.approve(made, by=olga)
    longer = made.messages.order_by("pk").first()
    assert longer is not None
    delegation = Delegation.objects.get(name=longer.subject_name)
    answers.extend(delegation, delegation.deadline + datetime.timedelta(days=2), by=olga)
    send_all()
    longer.refresh_from_db()
    assert longer.state == "cancelled"
    assert longer.error == "Hạn trả lời của đoàn đã đổi từ khi soạn thư. Soạn thư mới."
    assert len(server.received) == made.messages.count() - 1
    send = reminders.draft_reminders(conference, by=olga, among=[delegation.pk])
    outbox.approve(send, by=olga)
    send_all()
    assert "02 tháng 6 năm 2024" in server.received[-1].text


def test_a_letter_that_arrived_stays_so_where_sending_it_again_has_no_point(
    conference: Conference, five: dict[str, Delegation], olga: User, server: MailServer
) -> None:
    made = reminders.draft_reminders(conference, by=olga)
    outbox.approve(made, by=olga)
    send_all()
    arrived = made.messages.order_by("pk").first()
    assert arrived is not None
    delegation = Delegation.objects.get(name=arrived.subject_name)
    answers.extend(delegation, delegation.deadline + datetime.timedelta(days=2), by=olga)
    with pytest.raises(MailError, match="Hạn trả lời của đoàn đã đổi"):
        outbox.resend(arrived, by=olga)
    arrived.refresh_from_db()
    assert (arrived.state, arrived.reached) == ("sent", arrived.to)


def test_chosen_rows_and_sides_of_the_deadline_narrow(
    conference: Conference, five: dict[str, Delegation]
) -> None:
    late = five["ha-noi"]
    Delegation.objects.filter(pk=five["ha-giang"].pk).update(
        extended_to=conference.confirm_by + datetime.timedelta(days=3)
    )
    conference.demo_now = conference.confirm_by + datetime.timedelta(hours=1)
    conference.save()

    def codes(**more: object) -> list[str]:
        return [one.delegation.code for one in reminders.debtors(conference, **more)]  # type: ignore[arg-type]  # narrowings

    assert codes(late=True) == ["ha-noi", "cao-bang"]
    assert codes(late=False) == ["ha-giang"]
    assert codes(among=[late.pk, five["bac-kan"].pk]) == ["ha-noi"]
    assert codes(among=[]) == []


def test_whoever_cannot_be_written_to_is_left_out_and_told(
    conference: Conference, five: dict[str, Delegation], olga: User
) -> None:
    Delegation.objects.filter(code="ha-noi").update(contact_email="", contact_phone="+84912345678")
    found = {one.delegation.code: one for one in reminders.debtors(conference)}
    assert (found["ha-noi"].addresses, found["ha-noi"].phone) == ([], "+84912345678")
    assert reminders.draft_reminders(conference, by=olga).messages.count() == 2
    Delegation.objects.update(contact_email="")
    with pytest.raises(MailError, match="Không có đoàn nào còn nợ trả lời mà có địa chỉ thư điện tử"):
        reminders.draft_reminders(conference, by=olga)


def test_the_same_press_drafts_once(conference: Conference, five: dict[str, Delegation], olga: User) -> None:
    key = uuid.uuid4()
    first = reminders.draft_reminders(conference, by=olga, key=key)
    assert reminders.draft_reminders(conference, by=olga, key=key) == first
    assert Mailing.objects.count() == 1


def test_the_last_reminder_that_left_is_told(
    conference: Conference,
    five: dict[str, Delegation],
    olga: User,
    server: MailServer,
) -> None:
    mailing = reminders.draft_reminders(conference, by=olga, among=[five["ha-noi"].pk])
    assert {one.reminded_at for one in reminders.debtors(conference)} == {None}
    outbox.approve(mailing, by=olga)
    send_all()
    told = {one.delegation.code: one.reminded_at for one in reminders.debtors(conference)}
    assert told["ha-noi"] == mailing.messages.get().sent_at
    assert told["ha-giang"] is None


def test_only_organisers_remind(
    conference: Conference, five: dict[str, Delegation], victor: User, dan: User
) -> None:
    for somebody in (victor, dan):
        with pytest.raises(PermissionDenied):
            reminders.draft_reminders(conference, by=somebody)
    assert not Message.objects.exists()


def test_the_list_of_debtors_asks_as_many_questions_for_three_as_for_one(
    conference: Conference, five: dict[str, Delegation]
) -> None:
    counts = []
    for among in ([five["ha-noi"].pk], [one.pk for one in five.values()]):
        with CaptureQueriesContext(connection) as caught:
            reminders.debtors(conference, among=among)
        counts.append(len(caught))
    assert counts[0] == counts[1]
