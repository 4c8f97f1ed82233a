"""One press invites: numbers, links, drafts and papers, all or nothing, and once however often it is sent."""

import datetime
import re
import threading
import uuid
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from attendees import answers, holding, links
from attendees.models import Category, Delegation, Link
from conference.models import Conference, JournalEntry, User
from documents import attachments, inviting, letters
from documents.models import Document, Letter
from mailing import outbox, sending
from mailing.errors import MailError
from mailing.models import Mailing, Message
from tests.attendees.test_races import at_once
from tests.conference.desk import signed_in
from tests.patience import LONGEST, until
from tests.smtp import MailServer
from tests.smtp import server as server  # fixtures
from tests.smtp import silent_bell as silent_bell

KINDS = ["giay-moi", "cong-van"]
PAGE = "admin:documents_letter_add"


@pytest.fixture(autouse=True)
def _no_second_factor(settings: LazySettings) -> None:
    settings.DEMO = True


@pytest.fixture
def both(delegation: Delegation, other_delegation: Delegation) -> list[Delegation]:
    """Quảng Nam, whose officer Mai has an account; Lâm Đồng has nobody who could be written to."""
    delegation.officers.clear()
    Delegation.objects.filter(pk=delegation.pk).update(contact_phone="+84912345678")
    return [other_delegation, delegation]


def press(conference: Conference, delegations: list[Delegation], by: User, **more: Any) -> inviting.Invited:
    given: dict[str, Any] = {"kinds": KINDS, "key": uuid.uuid4(), **more}
    return inviting.invite(conference, delegations, by=by, **given)


def counts() -> tuple[int, ...]:
    """Everything that an invitation makes."""
    tables = (Letter, Link, Mailing, Message, Document, JournalEntry)
    return tuple(table._default_manager.count() for table in tables)


# ── The act ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_one_press_gives_numbers_links_drafts_and_papers(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    with translation.override("en"):
        done = press(conference, both, olga, first={"giay-moi": 87})
    assert done.mailing is not None
    assert done.mailing.title == "Mời 1 đoàn"
    assert [letter.full_number for letter in done.letters] == [
        "01/BTTTT", "02/BTTTT", "87/GM-BTTTT", "88/GM-BTTTT",
    ]  # fmt: skip
    assert {paper.kind: (paper.each, paper.delegation_ids) for paper in done.papers} == {
        "invitation": (True, [one.pk for one in both]),
        "nomination-request": (True, [one.pk for one in both]),
    }
    assert Link.objects.good().count() == 2
    assert [one.delegation for one in done.unreached] == [both[1]]
    [message] = Message.objects.all()
    assert (message.state, message.to, message.kind) == ("draft", ["mai@hoinghi.example"], "invitation")
    own = Letter.objects.filter(delegation=both[0])
    assert {tuple(one) for one in message.attachments} == {("letter", letter.pk) for letter in own}
    assert message.secrets == {"link": Link.objects.get(delegation=both[0]).pk}
    assert "87/GM-BTTTT" in message.values["so_van_ban"]
    for one in both:
        one.refresh_from_db()
        assert one.invited_at == conference.now()
    assert JournalEntry.objects.filter(act="invite").count() == 2


@pytest.mark.django_db
def test_the_same_press_again_changes_nothing(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    key = uuid.uuid4()
    first = press(conference, both, olga, key=key)
    before = counts()
    again = press(conference, both, olga, key=key)
    assert counts() == before
    assert (again.mailing, again.papers) == (first.mailing, first.papers)


@pytest.mark.django_db
def test_whose_invitation_still_waits_is_told_before_another_press(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    press(conference, both, olga)
    rows = Delegation.objects.filter(pk__in=[one.pk for one in both])
    assert {one.delegation.pk: one.waits for one in inviting.candidates(rows)} == {
        both[0].pk: True,
        both[1].pk: False,  # nobody to write to
    }
    page = signed_in(olga).get(reverse(PAGE)).content.decode()
    assert page.count("có thư mời chưa gửi") == 1
    Message.objects.update(state="cancelled", error="thử")
    assert not any(one.waits for one in inviting.candidates(rows))


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_invite_once(conference: Conference, both: list[Delegation], olga: User) -> None:
    key = uuid.uuid4()
    assert at_once(lambda _n: press(conference, both, olga, key=key), clients=6) == {"done": 6}
    assert (Letter.objects.count(), Mailing.objects.count(), Document.objects.count()) == (4, 1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_press_at_once_give_no_number_twice(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    assert at_once(lambda _n: press(conference, both, olga), clients=4) == {"done": 4}
    assert sorted(Letter.objects.values_list("full_number", flat=True)) == [
        "01/BTTTT", "01/GM-BTTTT", "02/BTTTT", "02/GM-BTTTT",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_who_answers_meanwhile_and_who_invites_never_wait_in_a_circle(
    conference: Conference, both: list[Delegation], department: Category, mai: User, olga: User
) -> None:
    """One holds a delegation and writes a row of the conference; the other holds the conference and waits."""
    invited: list[str] = []

    def invite() -> None:
        try:
            press(conference, both, olga)
            invited.append("done")
        finally:
            connection.close()

    inviter = threading.Thread(target=invite)
    with transaction.atomic():
        holding.hold(both[0], by=mai)
        inviter.start()
        until(a_lock_is_waited_for, "the organiser to wait for the delegation")
        answers.nominate(both[0], department, by=mai, full_name="Lê Văn Cường")
    inviter.join(LONGEST)
    assert invited == ["done"]
    assert both[0].attendees.count() == 1


def a_lock_is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would be that of before
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda one: Delegation.objects.filter(pk=one.pk).update(contact_email="khong-dung"), MailError),
        (lambda one: letters.issue(one.conference, "giay-moi", [one], by=None, first=50), ValidationError),
    ],
)
def test_what_fails_half_way_leaves_nothing(
    conference: Conference, both: list[Delegation], olga: User, spoil: Any, refusal: type[Exception]
) -> None:
    spoil(both[1])
    before = counts()
    with pytest.raises(refusal):
        press(conference, both, olga, first={"giay-moi": 50})
    assert counts() == before
    assert not Delegation.objects.exclude(invited_at=None).exists()


@pytest.mark.django_db
def test_units_without_a_delegation_get_one_and_are_invited_too(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    done = press(conference, [], olga, kinds=["giay-moi"], new_units=True)
    assert conference.delegations.count() == 63
    assert len(done.letters) == 61
    assert done.mailing is None
    assert not Letter.objects.filter(delegation__in=both).exists()


@pytest.mark.django_db
def test_only_organisers_invite(
    conference: Conference, both: list[Delegation], victor: User, dan: User
) -> None:
    for stranger in (victor, dan):
        with pytest.raises(PermissionDenied):
            press(conference, both, stranger)


# ── What is said before ───────────────────────────────────────────────────────────────────────────


def said(conference: Conference, day: datetime.date) -> str:
    return " ".join(str(one.text) for one in inviting.remarks(conference, KINDS, day))


@pytest.mark.django_db
def test_what_is_missing_is_said_and_only_the_symbol_stops(conference: Conference) -> None:
    day = datetime.date(2024, 5, 20)
    text = said(conference, day)
    for part in ("đơn vị soạn thảo", "người ký", "đầu mối liên hệ"):
        assert part in text
    assert not any(one.stops for one in inviting.remarks(conference, KINDS, day))
    conference.symbol = ""
    assert inviting.remarks(conference, KINDS, day)[0].stops
    complete = {
        "symbol": "BTTTT", "drafting_unit": "TTĐN", "signer_title": "THỨ TRƯỞNG", "signer_name": "Lê Văn A",
        "contact_name": "Tổ Thư ký", "contact_phone": "+84912345678",
    }  # fmt: skip
    for name, value in complete.items():
        setattr(conference, name, value)
    assert inviting.remarks(conference, KINDS, day) == []


@pytest.mark.django_db
def test_a_conference_without_seats_is_stopped_before_a_number_is_given(
    conference: Conference, olga: User
) -> None:
    conference.categories.all().update(default_seats=0)
    first = inviting.remarks(conference, KINDS, datetime.date(2024, 5, 20))[0]
    assert (first.stops, "Thêm các thành phần" in str(first.text)) == (True, True)
    with pytest.raises(ValidationError, match="Thêm các thành phần"):
        press(conference, [], olga, new_units=True)
    assert not Letter.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "late", "short"),
    [("2024-05-20", False, False), ("2024-05-28", False, True), ("2024-05-31", False, True),
     ("2024-06-03", True, True)],
)  # fmt: skip
def test_three_working_days_are_asked_for(conference: Conference, day: str, late: bool, short: bool) -> None:
    text = said(conference, datetime.date.fromisoformat(day))
    assert ("45/2018/QĐ-TTg" in text) is late
    assert ("đến hạn xác nhận chưa đủ 3 ngày" in text) is short


@pytest.mark.django_db
def test_a_deadline_that_is_over_is_said(conference: Conference) -> None:
    conference.demo_now = datetime.datetime(2024, 6, 1, tzinfo=datetime.UTC)
    assert "Hạn xác nhận đã qua" in said(conference, datetime.date(2024, 5, 20))


def test_working_days_leave_out_weekends() -> None:
    thursday, start = datetime.date(2024, 6, 6), datetime.date(2024, 5, 30)
    counted = [inviting.working_days(start + datetime.timedelta(n), thursday) for n in range(7)]
    assert counted == [4, 3, 3, 3, 2, 1, 0]


# ── By hand ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_text_for_a_chat_has_the_link_and_is_journalled(
    conference: Conference, both: list[Delegation], olga: User, victor: User
) -> None:
    press(conference, both, olga, first={"giay-moi": 87})
    text = inviting.chat_text(both[1], by=olga)
    link = Link.objects.get(delegation=both[1])
    for part in (
        links.address_for(link.pk), "kính mời Đoàn đại biểu tỉnh Lâm Đồng", "Giấy mời số 88/GM-BTTTT",
        "17 giờ 00 phút, thứ Sáu, ngày 31 tháng 5 năm 2024",
    ):  # fmt: skip
        assert part in text
    entry = JournalEntry.objects.get(act="show_link")
    assert (entry.actor, entry.delegation_ref) == (olga, both[1].pk)
    assert links.token_of(link) not in str(list(JournalEntry.objects.values()))
    with pytest.raises(PermissionDenied):
        inviting.chat_text(both[1], by=victor)


# ── The page ──────────────────────────────────────────────────────────────────────────────────────


def sent(both: list[Delegation], **more: object) -> dict[str, object]:
    chosen = [one.pk for one in both]
    return {
        "kinds": KINDS, "issued_on": "20/5/2024", "delegation": chosen, "first_giay_moi": "87",
        "first_cong_van": "1", "key": str(uuid.uuid4()), **more,
    }  # fmt: skip


@pytest.mark.django_db
def test_the_page_shows_number_address_and_link_of_each_before_the_press(
    client: Client, conference: Conference, both: list[Delegation], olga: User
) -> None:
    client.force_login(olga)
    page = client.get(reverse(PAGE)).content.decode()
    assert page.count('name="delegation"') == 2
    assert len(re.findall(r'name="delegation"[^>]* checked', page)) == 2
    for part in ("01/GM-BTTTT", "02/GM-BTTTT", "m•••@hoinghi.example", "chưa có địa chỉ thư", "sẽ lập"):
        assert part in page
    assert "mai@hoinghi.example" not in page
    assert counts()[:5] == (0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_a_press_leads_to_what_came_of_it_and_to_the_next_verb(
    client: Client, conference: Conference, both: list[Delegation], olga: User
) -> None:
    client.force_login(olga)
    data = sent(both)
    answers = [client.post(reverse(PAGE), data) for _ in range(2)]
    assert len({answer["Location"] for answer in answers}) == 1
    page = client.get(answers[0]["Location"]).content.decode()
    for part in ("Đã mời 2 đoàn", "1 thư chờ duyệt", "Duyệt gửi", "từ số 87/GM-BTTTT đến số 88/GM-BTTTT",
                 "1 đoàn chưa có địa chỉ thư", "0912 345 678", "Giấy mời, mỗi đoàn một tệp"):  # fmt: skip
        assert part in page
    assert reverse("admin:mailing_mailing_change", args=(Mailing.objects.get().pk,)) in page
    token = links.token_of(Link.objects.get(delegation=both[1]))
    assert token not in page
    again = client.get(reverse(PAGE)).content.decode()
    assert not re.findall(r'name="delegation"[^>]* checked', again)


@pytest.mark.django_db
def test_numbers_are_looked_at_again_without_inviting(
    client: Client, both: list[Delegation], olga: User
) -> None:
    client.force_login(olga)
    page = client.post(reverse(PAGE), sent(both[1:], look="1", first_giay_moi="40")).content.decode()
    assert "40/GM-BTTTT" in page
    assert "41/GM-BTTTT" not in page
    assert not Letter.objects.exists()


@pytest.fixture
def end_of_2026(conference: Conference, both: list[Delegation], olga: User) -> None:
    """Thirty-seven letters were numbered in the year that ends; the conference is in the next."""
    letters.issue(conference, "giay-moi", both[:1], by=olga, issued_on=datetime.date(2026, 12, 1), first=37)
    conference.starts_on, conference.ends_on = datetime.date(2027, 3, 1), datetime.date(2027, 3, 2)
    conference.demo_now = datetime.datetime(2026, 12, 30, 9, tzinfo=conference.zone)
    conference.save()


def shown(page: str) -> tuple[str, str]:
    """The year of the register, and the number that is proposed."""
    found = (
        re.search(r'name="register" value="(\d+)"', page),
        re.search(r'name="first_giay_moi" value="(\d+)"', page),
    )
    return found[0][1] if found[0] else "", found[1][1] if found[1] else ""


@pytest.mark.django_db
def test_a_day_in_another_year_takes_no_number_of_the_register_of_this_one(
    client: Client, both: list[Delegation], olga: User, end_of_2026: None
) -> None:
    client.force_login(olga)
    page = client.get(reverse(PAGE)).content.decode()
    assert shown(page) == ("2026", "38")
    data = sent(both[1:], issued_on="04/1/2027", register="2026", first_giay_moi="38", kinds=["giay-moi"])
    again = client.post(reverse(PAGE), data).content.decode()
    assert "Năm 2027 có sổ số riêng: đã ghi lại số tiếp theo. Xem lại số rồi mời." in again
    assert shown(again) == ("2027", "1")
    assert Letter.objects.count() == 1
    done = client.post(reverse(PAGE), {**data, "register": "2027", "first_giay_moi": "1"})
    assert done.status_code == 302
    assert Letter.objects.get(series__year=2027).number == 1


@pytest.mark.django_db
def test_a_number_of_the_own_year_is_taken_whatever_was_typed(
    client: Client, both: list[Delegation], olga: User, end_of_2026: None
) -> None:
    client.force_login(olga)
    data = sent(both[1:], issued_on="31/12/2026", register="2026", first_giay_moi="40", kinds=["giay-moi"])
    assert client.post(reverse(PAGE), data).status_code == 302
    assert Letter.objects.get(number=40).series.year == 2026


@pytest.mark.django_db
@pytest.mark.parametrize("register", ["", "x", "9" * 400])
def test_a_register_that_nobody_showed_is_that_of_today_or_none(
    client: Client, both: list[Delegation], olga: User, end_of_2026: None, register: str
) -> None:
    client.force_login(olga)
    data = sent(both[1:], issued_on="31/12/2026", register=register, first_giay_moi="40", kinds=["giay-moi"])
    answer = client.post(reverse(PAGE), data)
    assert answer.status_code == (200 if register else 302)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kinds": []}, "Chọn ít nhất một loại văn bản."),
        ({"delegation": []}, "Chọn ít nhất một đoàn để mời."),
        ({"issued_on": "07/6/2024"}, "Ngày ban hành phải trước ngày họp."),
        ({"issued_on": "hôm nay"}, "Chưa đọc được ngày này."),
        ({"first_giay_moi": "0"}, "Nhập số từ 1 trở lên."),
        ({"first_giay_moi": "9" * 40}, "99999"),
        ({"delegation": ["x", "999999999"]}, "999999999"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_happens(
    client: Client, both: list[Delegation], olga: User, wrong: dict[str, object], sentence: str
) -> None:
    client.force_login(olga)
    page = client.post(reverse(PAGE), sent(both, **wrong))
    assert page.status_code == 200
    assert sentence in page.content.decode() or wrong.get("delegation") == ["x", "999999999"]
    assert counts()[:5] == (0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_a_number_that_is_taken_is_said_in_the_form(
    client: Client, both: list[Delegation], olga: User
) -> None:
    letters.issue(both[0].conference, "giay-moi", both[:1], by=olga, first=90)
    client.force_login(olga)
    page = client.post(reverse(PAGE), sent(both)).content.decode()
    assert "Số 87 đã cấp. Số tiếp theo từ 91 trở đi." in page


@pytest.mark.django_db
def test_texts_are_shown_by_a_press_only_and_in_a_field_that_needs_no_script(
    client: Client, conference: Conference, both: list[Delegation], olga: User, victor: User
) -> None:
    press(conference, both, olga)
    client.force_login(olga)
    data = {"action": "invitation_texts", "_selected_action": [both[1].pk]}
    address = reverse("admin:attendees_delegation_changelist")
    page = client.post(address, data)
    token = links.token_of(Link.objects.get(delegation=both[1]))
    assert re.search(rf"<textarea[^>]*readonly[^>]*>[^<]*/l/{token}/", page.content.decode())
    assert "no-store" in page["Cache-Control"]
    assert token not in client.get(address).content.decode()
    client.force_login(victor)
    assert token not in client.post(address, data).content.decode()


@pytest.mark.django_db
def test_the_page_asks_the_database_as_often_for_63_as_for_two(
    client: Client, conference: Conference, both: list[Delegation], olga: User
) -> None:
    client.force_login(olga)
    client.get(reverse(PAGE))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(PAGE)).status_code == 200
        return len(captured)

    few = queries()
    answers.invite_units(conference, by=None)
    assert queries() == few


@pytest.mark.django_db
def test_letters_are_withdrawn_at_the_desk_with_a_reason(
    client: Client, conference: Conference, both: list[Delegation], olga: User
) -> None:
    [letter] = letters.issue(conference, "giay-moi", both[:1], by=olga)
    client.force_login(olga)
    address = reverse("admin:documents_letter_changelist")
    data = {"action": "withdraw_letters", "_selected_action": [letter.pk]}
    assert "Số đã cấp không dùng lại" in client.post(address, data).content.decode()
    client.post(address, {**data, "apply": "1", "reason": "Đổi ngày họp"})
    letter.refresh_from_db()
    assert letter.reason == "Đổi ngày họp"
    assert "Đã thu hồi" in client.get(address).content.decode()
    assert "01/GM-BTTTT" not in client.get(f"{address}?standing=yes").content.decode()


# ── Over the wire ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_what_leaves_carries_the_letters_as_printed_and_the_link_of_the_delegation(
    conference: Conference, both: list[Delegation], olga: User, server: MailServer, silent_bell: object
) -> None:
    """Through a real mail server: approved, sent, with the bytes that the archive holds too."""
    done = press(conference, both, olga, first={"giay-moi": 87})
    assert done.mailing is not None
    outbox.approve(done.mailing, by=olga)
    sending.send(list(done.mailing.messages.values_list("pk", flat=True)))
    [received] = server.received
    assert received.to == ("mai@hoinghi.example",)
    files = {part.get_filename(): part.get_content() for part in received.message.iter_attachments()}
    own = Letter.objects.filter(delegation=both[0])
    assert files == {name: data for name, data, _type in (attachments.letter(one.pk) for one in own)}
    assert links.address_for(Link.objects.get(delegation=both[0]).pk) in received.text
    assert "87/GM-BTTTT" in str(received.message["Subject"])


@pytest.mark.django_db
def test_a_letter_withdrawn_after_the_draft_does_not_leave(
    conference: Conference, both: list[Delegation], olga: User, server: MailServer, silent_bell: object
) -> None:
    done = press(conference, both, olga)
    assert done.mailing is not None
    letters.withdraw(Letter.objects.get(delegation=both[0], kind="giay-moi"), "Đổi ngày họp", by=olga)
    outbox.approve(done.mailing, by=olga)
    sending.send(list(done.mailing.messages.values_list("pk", flat=True)))
    message = done.mailing.messages.get()
    assert (server.received, message.state) == ([], Message.State.FAILED)
    assert "đã thu hồi" in message.error


@pytest.mark.django_db
def test_who_is_given_more_time_is_invited_with_it_and_not_with_the_old_one(
    conference: Conference, both: list[Delegation], olga: User, server: MailServer, silent_bell: object
) -> None:
    def leave(done: inviting.Invited) -> list[Message]:
        assert done.mailing is not None
        outbox.approve(done.mailing, by=olga)
        sending.send(list(done.mailing.messages.values_list("pk", flat=True)))
        return list(done.mailing.messages.all())

    first = press(conference, both, olga)
    answers.extend(both[0], both[0].deadline + datetime.timedelta(days=2), by=olga)
    [letter] = leave(first)
    assert (letter.state, server.received) == ("failed", []), "the desk names those that failed"
    assert letter.error == "Hạn trả lời của đoàn đã đổi từ khi soạn thư. Soạn thư mới."
    leave(press(conference, both, olga))
    [received] = server.received
    assert "02 tháng 6 năm 2024" in received.text
