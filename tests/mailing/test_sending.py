"""Letters leave through a real server once, when they may; what the server says is told in a sentence."""

import datetime
import logging
import smtplib
import socket
import ssl
import threading
import uuid
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.utils import timezone

from conference import leases
from conference.models import Conference, JournalEntry, User
from mailing import outbox, sending
from mailing.models import Attempt, Message, State
from mailing.posting import Post
from mailing.wording import Text
from tests.conftest import VN
from tests.disks import NO_ROOM, without_room
from tests.installation import free_port
from tests.mailing import rooms
from tests.mailing.conftest import Draft, turn
from tests.patience import LONGEST
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db
Approved = Callable[..., list[Message]]
ADDRESS = "tinh1@hoinghi.example"


def outcomes(message: Message) -> list[tuple[str, str]]:
    return list(message.tries.values_list("outcome", "said"))


def once_more(*letters: Message) -> None:
    """The pause is over."""
    Message.objects.update(run_after=None)
    turn(*letters)


# ── What arrives ──────────────────────────────────────────────────────────────────────────────────


def test_a_letter_arrives_as_it_was_written(
    approved: Approved, server: MailServer, conference: Conference
) -> None:
    conference.contact_name, conference.contact_email = "Tổ Thư ký, BTC", "btc@hoinghi.example"
    conference.save()
    (message,) = approved()
    turn(message)
    (received,) = server.received
    head = received.message
    assert (received.sender, received.to) == ("bantochuc@hoinghi.example", (ADDRESS,))
    assert head["From"] == '"Tổ Thư ký, BTC" <bantochuc@hoinghi.example>'
    assert head["To"] == f"Ông Nguyễn Văn An <{ADDRESS}>"
    assert (head["Reply-To"], head["Subject"]) == ("btc@hoinghi.example", "Giấy mời tỉnh Số 1")
    assert head["Message-ID"] == message.message_id
    assert abs(parsedate_to_datetime(head["Date"]) - timezone.now()) < datetime.timedelta(minutes=1)
    assert str(head["Date"]).endswith("+0700")
    assert (head.get_content_type(), head.get_content_charset()) == ("text/plain", "utf-8")
    assert received.text == (
        "Kính gửi Ông Nguyễn Văn An\n\nĐoàn tỉnh Số 1 trả lời tại https://hoinghi.example/l/bi-mat-1\n"
    )
    assert (message.state, message.error, message.attempts) == ("sent", "", 1)
    assert message.reached == [ADDRESS]
    assert outcomes(message) == [("sent", "")]


def test_subjects_travel_as_ascii_and_the_text_as_utf_8(approved: Approved, server: MailServer) -> None:
    turn(*approved())
    head, _blank, body = server.received[0].raw.partition(b"\r\n\r\n")
    assert head.isascii()
    assert b"Subject: =?utf-8?" in head
    assert "Kính gửi Ông Nguyễn Văn An".encode() in body
    assert b"Content-Transfer-Encoding: 8bit" in head


def test_a_long_subject_begins_on_its_own_line(approved: Approved, server: MailServer) -> None:
    subject = "Đề nghị gửi danh sách đại biểu " * 6
    turn(*approved(text=Text(subject, "x {link}")))
    received = server.received[0]
    assert b"Subject: =?utf-8?" in received.raw
    assert received.message["Subject"] == subject.strip()
    assert max(map(len, received.raw.split(b"\r\n"))) <= 78


def test_an_attachment_comes_along_under_its_own_name(approved: Approved, server: MailServer) -> None:
    turn(*approved(attachments=[("letter", 5)]))
    (file,) = server.received[0].message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("Giấy mời số 05.pdf", "application/pdf")
    assert file.get_content() == rooms.PDF


def test_several_letters_leave_through_one_connection(approved: Approved, server: MailServer) -> None:
    letters = approved(12)
    turn(*letters)
    assert (len(server.received), server.connections) == (12, 1)
    assert len(set(server.ids())) == 12


def test_a_recipient_with_several_addresses_gets_one_letter_to_all(
    approved: Approved, server: MailServer
) -> None:
    turn(*approved(to=["a@hoinghi.example", "b@hoinghi.example"]))
    (received,) = server.received
    assert received.to == ("a@hoinghi.example", "b@hoinghi.example")
    assert received.message["To"] == "a@hoinghi.example, b@hoinghi.example"


HOSTILE_NAMES = (
    "An\r\nBcc: evil@x.example", "An\nX-Evil: 1", "An\r\n\r\n<b>thân thư</b>", '"An" <evil@x.example>, ',
    "An\u2028Bcc: evil@x.example", "An\x00\x0b\x0cBcc: evil@x.example", "=?utf-8?q?An=0D=0ABcc:?=",
    "An; (evil)",
    "\u202egro.elpmaxe@live", "Nguyễn " * 28,
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=repr)
def test_no_name_writes_into_the_head(
    name: str, approved: Approved, server: MailServer, conference: Conference
) -> None:
    conference.contact_name = name.replace("\x00", "")  # which no column holds
    conference.save()
    turn(*approved(recipient_name=name, values={"doan": name, "nguoi_nhan": name}))
    (received,) = server.received
    head = received.message
    assert received.to == (ADDRESS,)
    assert {"Bcc", "X-Evil", "Cc"} & set(head.keys()) == set()
    for field in ("From", "To", "Subject"):
        assert len(head.get_all(field, [])) == 1
    assert [one.addr_spec for one in head["To"].addresses] == [ADDRESS]
    assert [one.addr_spec for one in head["From"].addresses] == ["bantochuc@hoinghi.example"]
    assert "\u202e" not in received.text


@pytest.mark.parametrize(
    "value",
    ["{link}", "{x.__class__}", "{{7*7}}", "{% debug %}", "{0}", "{a!r:>10}", "x" * 10_000, "<b>A</b>"],
)
def test_what_people_wrote_is_evaluated_nowhere(value: str, approved: Approved, server: MailServer) -> None:
    turn(*approved(values={"doan": "Đoàn", "nguoi_nhan": value}))
    assert server.received[0].text.startswith(f"Kính gửi {value}\n")
    assert "49" not in server.received[0].text.partition("Đoàn")[0]


# ── When it may leave ─────────────────────────────────────────────────────────────────────────────


def test_a_draft_does_not_leave(draft: Draft, server: MailServer) -> None:
    message = draft().messages.get()
    turn(message)
    assert (message.state, server.received) == ("draft", [])


def test_a_letter_leaves_at_its_hour_and_not_before(
    approved: Approved, server: MailServer, conference: Conference
) -> None:
    conference.demo_now, conference.is_demo = None, False
    conference.save()
    hour = datetime.datetime(2026, 3, 2, 8, 0, tzinfo=VN)
    with time_machine.travel(hour - datetime.timedelta(hours=1), tick=False):
        (message,) = approved(send_after=hour)
    with time_machine.travel(hour - datetime.timedelta(seconds=1), tick=False):
        turn(message)
        assert (message.state, server.received) == ("approved", [])
    with time_machine.travel(hour, tick=False):
        turn(message)
        assert (message.state, len(server.received)) == ("sent", 1)


def test_in_a_demonstration_the_hour_is_that_of_its_clock(
    approved: Approved, server: MailServer, conference: Conference
) -> None:
    soon = conference.now() + datetime.timedelta(minutes=5)
    (message,) = approved(send_after=soon)
    turn(message)
    assert (message.state, message.attempts) == ("approved", 0)
    conference.demo_now = soon
    conference.save()
    turn(message)
    assert message.state == "sent"


def test_the_switch_stops_what_is_approved_at_once(
    approved: Approved, server: MailServer, conference: Conference, olga: User
) -> None:
    letters = approved(3)
    outbox.hold(conference, by=olga, reason="Sai ngày")
    turn(*letters)
    assert (server.received, {one.attempts for one in letters}) == ([], {0})
    assert not Attempt.objects.exists(), "not even claimed"
    outbox.release(conference, by=olga)
    turn(*letters)
    assert len(server.received) == 3


def test_a_switch_thrown_while_a_letter_is_put_together_still_stops_it(
    approved: Approved,
    server: MailServer,
    conference: Conference,
    settings: LazySettings,
) -> None:
    settings.MAIL_SECRETS = {"link": f"{__name__}.link_while_somebody_stops"}
    (message,) = approved()
    turn(message)
    assert (message.state, message.attempts, server.received) == ("approved", 0, [])
    assert outcomes(message) == [("waiting", "Đã dừng gửi thư.")]
    outbox.release(conference, by=None)
    settings.MAIL_SECRETS = {"link": "tests.mailing.rooms.link_of"}
    turn(message)
    assert message.state == "sent"


def link_while_somebody_stops(pk: int) -> str:
    outbox.hold(Conference.objects.get(slug="da-lat-2024"), by=None, reason="Sai ngày")
    return "https://hoinghi.example/l/x"


def test_the_switch_of_another_conference_stops_nothing_here(
    approved: Approved, server: MailServer, foreign_delegation: Any
) -> None:
    outbox.hold(foreign_delegation.conference, by=None, reason="x")
    turn(*approved())
    assert len(server.received) == 1


def test_a_reminder_is_not_sent_to_who_has_answered_meanwhile(approved: Approved, server: MailServer) -> None:
    first, second = approved(2, condition="owes")
    rooms.answered.add(1)
    turn(first, second)
    assert (first.state, first.error) == ("cancelled", "Đoàn đã trả lời.")
    assert second.state == "sent"
    assert [one.to for one in server.received] == [("tinh2@hoinghi.example",)]
    assert outcomes(first) == [("cancelled", "Đoàn đã trả lời.")]


def test_a_condition_may_ask_for_another_row_than_whom_the_letter_is_about(
    approved: Approved, server: MailServer
) -> None:
    (message,) = approved(condition="owes:17")
    rooms.answered.add(1)
    turn(message)
    assert message.state == "sent"
    outbox.resend(message, by=None)
    rooms.answered.add(17)
    turn(message)
    assert (message.state, message.error) == ("cancelled", "Đoàn đã trả lời.")


def test_the_room_of_whom_a_letter_is_about_is_asked_before_it_leaves(
    approved: Approved, server: MailServer
) -> None:
    first, second, third = approved(3)
    rooms.gone.add(first.subject_ref)
    rooms.moved.add(second.subject_ref)
    turn(first, second, third)
    assert (first.state, first.error) == ("cancelled", "Không còn dự.")
    assert (second.state, second.error) == ("failed", "Địa chỉ đã đổi.")
    assert [one.to for one in server.received] == [("tinh3@hoinghi.example",)]


@pytest.mark.parametrize("what", ["gone", "moved"])
def test_what_changes_while_a_letter_is_put_together_still_stops_it(
    what: str, approved: Approved, server: MailServer, settings: LazySettings
) -> None:
    settings.MAIL_SECRETS = {"link": f"{__name__}.link_while_{what}"}
    (message,) = approved()
    turn(message)
    assert (message.state in ("cancelled", "failed"), server.received) == (True, [])


def link_while_gone(pk: int) -> str:
    rooms.gone.add(f"attendees.delegation:{pk}")
    return "https://hoinghi.example/l/x"


def link_while_moved(pk: int) -> str:
    rooms.moved.add(f"attendees.delegation:{pk}")
    return "https://hoinghi.example/l/x"


def test_a_demonstration_writes_to_nobody_who_exists(
    approved: Approved, server: MailServer, conference: Conference
) -> None:
    (message,) = approved(to=["a@hoinghi.example", "so4t@lamdong.gov.vn"])
    turn(message)
    assert (message.state, server.received) == ("failed", [])
    assert message.error == (
        "Hội nghị minh họa chỉ gửi tới địa chỉ kết thúc bằng .example, .invalid hoặc .test: "
        "so4t@lamdong.gov.vn."
    )
    conference.demo_now, conference.is_demo = None, False
    conference.save()
    outbox.resend(message, by=None)
    turn(message)
    assert message.state == "sent"


@pytest.mark.parametrize(
    "domain", ["example.com", "x.example.com", "test.vn", "example", "x.EXAMPLE", "a.test."]
)
def test_only_the_reserved_endings_count(
    domain: str, approved: Approved, server: MailServer, silent_bell: Any
) -> None:
    (message,) = approved()
    Message.objects.update(to=[f"a@{domain}"])
    turn(message)
    real = domain in ("example.com", "x.example.com", "test.vn")
    assert (message.state == "failed") is real


# ── What the rooms above answer ───────────────────────────────────────────────────────────────────


def test_a_letter_waits_for_its_attachment_and_no_try_is_counted(
    approved: Approved, server: MailServer
) -> None:
    (message,) = approved(attachments=[("letter", 1)])
    rooms.unfinished.add(1)
    for _ in range(30):
        once_more(message)
    assert (message.state, message.attempts, server.received) == ("approved", 0, [])
    assert message.run_after is not None
    rooms.unfinished.clear()
    once_more(message)
    assert message.state == "sent"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Liên kết của đoàn đã thu hồi. Lập liên kết mới rồi gửi lại."),
        ({"text": Text("x", "x"), "attachments": [("letter", 1)], "secrets": {}}, "Giấy mời chưa lập được."),
    ],
)
def test_what_a_room_refuses_fails_the_letter_with_its_sentence(
    more: dict[str, Any], said: str, approved: Approved, server: MailServer
) -> None:
    (message,) = approved(**more)
    rooms.withdrawn.add(1)
    turn(message)
    assert (message.state, message.error, server.received) == ("failed", said, [])


def test_a_room_that_breaks_is_asked_again_and_the_others_go_on(
    approved: Approved, server: MailServer, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAIL_SECRETS = {"link": f"{__name__}.broken_for_the_first"}
    first, second = approved(2)
    turn(first, second)
    assert (first.state, second.state) == ("approved", "sent")
    assert first.run_after is not None
    assert outcomes(first)[0][1].startswith("Chưa gửi được thư do lỗi của hệ thống.")


def broken_for_the_first(pk: int) -> str:
    if pk == 1:
        raise RuntimeError("a mistake of ours")
    return "https://hoinghi.example/l/x"


def test_a_kind_that_is_gone_fails_with_a_sentence(
    approved: Approved, server: MailServer, settings: LazySettings
) -> None:
    (message,) = approved()
    settings.MAIL_KINDS = ["mailing.kinds.OWN"]
    turn(message)
    assert (message.state, message.error) == ("failed", "Không có loại thư này.")


# ── What the server answers ───────────────────────────────────────────────────────────────────────


def test_a_server_that_is_busy_is_asked_again_later(approved: Approved, server: MailServer) -> None:
    server.answers = ["451 4.3.0 Mailbox busy", None]
    (message,) = approved()
    with time_machine.travel(timezone.now(), tick=False):
        turn(message)
        assert (message.state, message.attempts, server.received) == ("approved", 1, [])
        assert message.run_after is not None
        assert message.run_after > timezone.now() + datetime.timedelta(seconds=1)
        assert message.error == f"Máy chủ thư chưa nhận thư cho {ADDRESS}: “451 4.3.0 Mailbox busy”."
        turn(message)
        assert len(server.received) == 0, "not before its pause is over"
    once_more(message)
    assert (message.state, message.error) == ("sent", "")
    assert [outcome for outcome, _said in outcomes(message)] == ["later", "sent"]


def test_a_server_that_says_no_for_good_ends_the_letter_with_its_words(
    approved: Approved, server: MailServer
) -> None:
    server.refusals = {ADDRESS: ["550 5.1.1 No such user"]}
    (message,) = approved()
    turn(message)
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.error == f"Máy chủ thư từ chối {ADDRESS}: “550 5.1.1 No such user”."


def test_a_letter_that_the_server_dislikes_ends(approved: Approved, server: MailServer) -> None:
    server.answers = ["554 5.7.1 Spam"]
    (message,) = approved()
    turn(message)
    assert (message.state, message.error) == ("failed", f"Máy chủ thư từ chối {ADDRESS}: “554 5.7.1 Spam”.")


def test_each_address_has_a_fate_of_its_own(approved: Approved, server: MailServer) -> None:
    good, gone, busy = "a@x.example", "b@x.example", "c@x.example"
    server.refusals = {gone: ["550 gone"], busy: ["450 busy", "250 OK"]}
    (message,) = approved(to=[good, gone, busy])
    turn(message)
    assert (message.state, message.reached) == ("approved", [good])
    assert list(message.refused) == [gone]
    once_more(message)
    assert (message.state, message.reached) == ("sent", [good, busy])
    assert [one.to for one in server.received] == [(good,), (busy,)], "whoever has it gets it once"
    assert message.error == f"Máy chủ thư từ chối {gone}: “550 gone”."
    assert set(server.ids()) == {message.message_id}


def test_in_the_end_a_busy_address_is_given_up_but_the_reached_one_counts(
    approved: Approved, server: MailServer
) -> None:
    server.refusals = {"b@x.example": ["450 busy"]}
    (message,) = approved(to=["a@x.example", "b@x.example"])
    for _ in range(sending.MOST_ATTEMPTS):
        once_more(message)
    assert (message.state, message.reached) == ("sent", ["a@x.example"])
    assert message.error == "Máy chủ thư chưa nhận thư cho b@x.example: “450 busy”."
    assert len(server.received) == 1


def test_a_night_without_a_server_is_outlived_and_then_told(
    approved: Approved, settings: LazySettings, server: MailServer
) -> None:
    settings.EMAIL_PORT = free_port()  # nobody listens
    (message,) = approved()
    waited = datetime.timedelta()
    for tries in range(1, sending.MOST_ATTEMPTS + 1):
        once_more(message)
        assert message.attempts == tries
        if message.state == State.APPROVED:
            assert message.run_after is not None
            waited += message.run_after - timezone.now()
    assert sending.MOST_ATTEMPTS >= 12
    assert datetime.timedelta(hours=6) < waited < datetime.timedelta(hours=12)
    assert (message.state, message.error) == ("failed", "Không nối được với máy chủ thư.")
    settings.EMAIL_PORT = server.port
    outbox.resend(message, by=None)
    once_more(message)
    assert message.state == "sent"


def test_when_the_server_is_away_the_letters_behind_do_not_knock(
    approved: Approved, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    first, second, third = approved(3)
    with time_machine.travel(timezone.now(), tick=False):
        turn(first, second, third)
        assert [one.attempts for one in (first, second, third)] == [1, 0, 0]
        assert second.run_after is not None
        assert Message.objects.due().filter(leases.free(timezone.now())).count() == 0


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (socket.gaierror(-2, "Name or service not known"), "Không tìm thấy máy chủ thư trên mạng."),
        (ssl.SSLError(1, "wrong version number"), "Không lập được đường truyền bảo mật tới máy chủ thư."),
        (OSError(113, "No route to host"), "Chưa gửi được qua máy chủ thư (No route to host)."),
    ],
    ids=["name", "tls", "route"],
)
def test_why_the_server_is_away_is_said_in_words(
    approved: Approved, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, fault: OSError, sentence: str
) -> None:
    def fails(*args: Any, **options: Any) -> None:
        raise fault

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "mail.hoinghi.example"
    monkeypatch.setattr(smtplib.SMTP, "connect", fails)
    (message,) = approved()
    turn(message)
    assert message.error == f"{sentence} Báo người quản trị."


def test_a_slow_server_is_not_waited_for_for_ever(
    approved: Approved, server: MailServer, settings: LazySettings
) -> None:
    server.delay, settings.EMAIL_TIMEOUT = 3.0, 2
    (message,) = approved()
    turn(message)
    assert (message.state, message.error) == ("approved", "Máy chủ thư không trả lời kịp.")
    server.delay, settings.EMAIL_TIMEOUT = 0, LONGEST
    once_more(message)
    assert message.state == "sent"
    assert set(server.ids()) == {message.message_id}, "taken late or twice, it is one letter"


def test_a_server_that_takes_the_letter_and_dies_gets_it_again_under_the_same_name(
    approved: Approved, server: MailServer
) -> None:
    server.drops = True
    (message,) = approved()
    turn(message)
    assert (message.state, message.error) == ("approved", "Máy chủ thư ngắt kết nối giữa chừng.")
    server.drops = False
    once_more(message)
    assert message.state == "sent"
    assert server.ids() == [message.message_id] * 2


def test_a_server_that_says_goodbye_between_two_letters_gets_the_rest_later(
    approved: Approved, server: MailServer
) -> None:
    server.answers = [None, "421 4.7.0 Too many letters", None, None]
    letters = approved(3)
    turn(*letters)
    assert [one.state for one in letters] == ["sent", "approved", "sent"]
    assert server.connections == 2
    once_more(*letters)
    assert [one.state for one in letters] == ["sent"] * 3
    assert len(server.received) == 3


@pytest.mark.parametrize("leaving", [0, 1], ids=["at the first address", "at the second"])
def test_a_server_that_says_goodbye_between_two_addresses_has_written_to_neither(
    approved: Approved, server: MailServer, leaving: int
) -> None:
    both = ["a@x.example", "b@x.example"]
    server.refusals = {both[leaving]: ["421 4.7.0 Too many recipients", "250 OK"]}
    (message,) = approved(to=both)
    turn(message)
    assert (message.state, message.reached, server.received) == ("approved", [], [])
    once_more(message)
    assert (message.state, message.reached) == ("sent", both)
    assert [one.to for one in server.received] == [tuple(both)]


def test_without_an_address_of_a_server_letters_are_written_into_files(
    approved: Approved, settings: LazySettings, tmp_path: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    (message,) = approved()
    turn(message)
    assert message.state == "sent"
    (file,) = tmp_path.iterdir()
    assert message.message_id in file.read_text()


# ── Secrets ───────────────────────────────────────────────────────────────────────────────────────


def test_the_link_stands_in_no_row_and_no_log(
    approved: Approved,
    server: MailServer,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
    silent_bell: list[Any],
) -> None:
    caplog.set_level(logging.DEBUG)  # "mail.log" is that of the server in this test
    link = rooms.SECRET.format(1)
    server.answers = [f"550 5.7.1 URL {link} is on a list", f"450 {link}", None]
    (message,) = approved()
    turn(message)
    assert message.error == f"Máy chủ thư từ chối {ADDRESS}: “550 5.7.1 URL […] is on a list”."
    with django_capture_on_commit_callbacks(execute=True):
        outbox.resend(message, by=None)
    turn(message)
    once_more(message)
    assert link in server.received[0].text
    for model in (Message, Attempt, JournalEntry):
        assert "bi-mat" not in str(list(model.objects.values()))
    assert "bi-mat" not in str([one.getMessage() for one in caplog.records if one.name != "mail.log"])
    assert "bi-mat" not in str(silent_bell)


# ── Two workers ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_of_which_nothing_can_be_written_down(approved: Approved, server: MailServer) -> None:
    (message,) = approved()
    with connection.execute_wrapper(without_room("INSERT")), pytest.raises(OperationalError):
        turn(message)
    message.refresh_from_db()
    assert server.received == []
    assert (message.state, message.attempts, message.token) == ("approved", 0, None)
    once_more(message)
    assert (message.state, server.ids()) == ("sent", [message.message_id])


@pytest.mark.django_db(transaction=True)
def test_a_letter_whose_link_finds_no_room_waits_and_no_attempt_counts(
    approved: Approved, server: MailServer, settings: LazySettings
) -> None:
    settings.MAIL_SECRETS = {"link": f"{__name__}.link_without_room"}
    (message,) = approved()
    Message.objects.update(attempts=sending.MOST_ATTEMPTS - 1)
    turn(message)
    assert (message.state, message.attempts) == ("approved", sending.MOST_ATTEMPTS - 1)
    assert outcomes(message) == [("waiting", "Máy chủ đang hết chỗ lưu; thư chờ.")]
    settings.MAIL_SECRETS = {"link": "tests.mailing.rooms.link_of"}
    once_more(message)
    assert (message.state, server.ids()) == ("sent", [message.message_id])


def link_without_room(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(NO_ROOM)
    return ""


def test_a_worker_that_slept_through_its_lease_sends_nothing(
    approved: Approved, server: MailServer, settings: LazySettings
) -> None:
    settings.MAIL_SECRETS = {"link": f"{__name__}.link_after_a_long_sleep"}
    (message,) = approved()
    turn(message)
    assert server.received == []
    assert message.state == "sending", "another worker has it now"


def link_after_a_long_sleep(pk: int) -> str:
    past = timezone.now() - datetime.timedelta(seconds=1)
    Message.objects.update(lease_until=past)
    assert leases.claim(Message.objects.due(), Message.objects.get().pk, state=State.SENDING)
    return "https://hoinghi.example/l/x"


@pytest.mark.django_db(transaction=True)
def test_the_finish_of_an_overtaken_worker_changes_nothing(approved: Approved, server: MailServer) -> None:
    (message,) = approved()

    def overtake(letter: Any) -> None:
        Message.objects.update(token=uuid.uuid4())
        connection.close()

    server.taken = overtake
    turn(message)
    assert (message.state, message.sent_at) == ("sending", None)
    assert outcomes(message) == [("sent", "")], "the log tells what happened"


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_letters_send_each_once(approved: Approved, server: MailServer) -> None:
    letters = approved(20)
    together(
        lambda: sending.send([one.pk for one in letters]), lambda: sending.send([one.pk for one in letters])
    )
    assert sorted(server.ids()) == sorted(one.message_id for one in letters)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("fence", "letters"), [(True, 1), (False, 2)])
def test_without_the_claim_only_the_fence_stands_and_without_both_a_letter_leaves_twice(
    fence: bool, letters: int, approved: Approved, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The controls: a worker that looks first and takes afterwards, then one that does not look again."""
    meet, one_by_one = threading.Barrier(2, timeout=LONGEST), threading.Lock()

    def look_then_take(rows: Any, pk: int, **more: Any) -> uuid.UUID | None:
        seen, token = rows.filter(pk=pk).exists(), uuid.uuid4()
        meet.wait()
        held_until = timezone.now() + leases.LEASE
        Message.objects.filter(pk=pk).update(state=State.SENDING, token=token, lease_until=held_until)
        meet.wait()
        return token if seen else None

    def hand_over_anyway(message: Message, token: uuid.UUID, post: Post) -> Any:
        with one_by_one:
            held_until = timezone.now() + leases.LEASE
            Message.objects.filter(pk=message.pk).update(
                state=State.SENDING, sent_at=None, token=token, lease_until=held_until
            )
            return hand_over(message, token, post)

    (message,) = approved()
    hand_over = sending._hand_over
    monkeypatch.setattr(leases, "claim", look_then_take)
    if not fence:
        monkeypatch.setattr(sending, "_hand_over", hand_over_anyway)
    together(lambda: sending.send([message.pk]), lambda: sending.send([message.pk]))
    assert server.ids() == [message.message_id] * letters


def together(*works: Callable[[], None]) -> None:
    """Run at the same time, each with a connection of its own."""
    failed: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
