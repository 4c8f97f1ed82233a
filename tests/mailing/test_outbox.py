"""Letters are drafted, approved, cancelled, sent again and stopped by verbs, each journalled, none twice."""

import datetime
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from attendees.models import Delegation
from conference.models import Conference, JournalEntry, User
from mailing import kinds, outbox, wording
from mailing.errors import MailError
from mailing.models import Hold, Mailing, Message, MessageTemplate, State
from mailing.wording import Text
from tests.mailing import rooms
from tests.mailing.conftest import Draft, letter

pytestmark = pytest.mark.django_db
LATER = timezone.now() + datetime.timedelta(days=1)


def acts() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))


def states(mailing: Mailing) -> list[str]:
    return list(mailing.messages.order_by("pk").values_list("state", flat=True))


# ── Drafting ──────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_holds_what_it_needs_and_leaves_nothing(draft: Draft, silent_bell: list[Any]) -> None:
    mailing = draft(2)
    first = mailing.messages.order_by("pk")[0]
    assert (mailing.title, mailing.kind, states(mailing)) == ("Mời các đoàn", "invitation", ["draft"] * 2)
    assert (first.subject_ref, first.to) == ("attendees.delegation:1", ["tinh1@hoinghi.example"])
    assert first.message_id.endswith("@hoinghi.example>")
    assert silent_bell == []
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.changes["số thư"]) == ("draft_mail", ["", 2])


def test_the_journal_names_the_kind_in_vietnamese_whoever_presses(conference: Conference, olga: User) -> None:
    values = {**kinds.values_of(conference), "nguoi_nhan": "Ông An"}
    notice = outbox.Letter("x:1", "Ông An", ["an@hoinghi.example"], values=values)
    with translation.override("en"):
        outbox.draft(conference, "notice", [notice], by=olga, title="Thông báo")
    assert JournalEntry.objects.get().changes["kind"] == ["", "Thông báo"]


def test_the_same_press_drafts_once(draft: Draft) -> None:
    key = uuid.uuid4()
    assert draft(2, key=key).pk == draft(2, key=key).pk
    assert (Mailing.objects.count(), Message.objects.count()) == (1, 2)


def test_the_text_is_that_of_the_conference_as_it_was(draft: Draft, conference: Conference) -> None:
    own = MessageTemplate.objects.create(
        conference=conference, kind="invitation", subject="Mời {doan}", body="Xin chào {doan}"
    )
    message = draft().messages.get()
    own.body = "Khác"
    own.save()
    assert wording.preview(message) == Text("Mời tỉnh Số 1", "Xin chào tỉnh Số 1")


def test_a_secret_is_shown_as_what_it_is_and_stands_in_no_row(draft: Draft) -> None:
    message = draft().messages.get()
    assert "trả lời tại [liên kết riêng của Tỉnh Số 1]" in wording.preview(message).body
    assert message.secrets == {"link": 1}
    assert "bi-mat" not in str(vars(message))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"to": []}, "Tỉnh Số 1 chưa có địa chỉ thư điện tử. Bổ sung địa chỉ, hoặc gọi điện thoại."),
        ({"to": ["  ", ""]}, "Tỉnh Số 1 chưa có địa chỉ thư điện tử. Bổ sung địa chỉ, hoặc gọi điện thoại."),
        ({"to": ["khong phai dia chi"]}, "Địa chỉ thư của Tỉnh Số 1 không đúng: “khong phai dia chi”."),
        ({"to": ["a@b.vn\r\nBcc: x@y.vn"]}, "Địa chỉ thư của Tỉnh Số 1 không đúng: “a@b.vn Bcc: x@y.vn”."),
        ({"to": [f"a{n}@b.vn" for n in range(21)]}, "Thư gửi Tỉnh Số 1 có hơn 20 địa chỉ."),
        (
            {"values": {"doan": "x"}},
            "Thư gửi Tỉnh Số 1 chưa có người nhận để điền vào chỗ {nguoi_nhan}.",
        ),
        (
            {"secrets": {}},
            "Thư gửi Tỉnh Số 1 chưa có liên kết riêng để điền vào chỗ {link}.",
        ),
        (
            {"values": {"doan": "x" * 10_001, "nguoi_nhan": "x"}},
            "Thư gửi Tỉnh Số 1 có chỗ điền quá dài. Rút ngắn rồi soạn lại.",
        ),
        (
            {"values": {"doan": "x" * 700, "nguoi_nhan": "x"}},
            "Thư gửi Tỉnh Số 1 có chỗ điền quá dài. Rút ngắn rồi soạn lại.",
        ),
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_is_kept(
    more: dict[str, Any], said: str, draft: Draft
) -> None:
    with pytest.raises(MailError) as refused:
        draft(**more)
    assert str(refused.value) == said
    assert not Mailing.objects.exists()


def test_nobody_to_write_to_is_told(conference: Conference, olga: User) -> None:
    with pytest.raises(MailError, match="Không có ai để gửi"):
        outbox.draft(conference, "notice", [], by=olga, title="x")
    with pytest.raises(MailError, match="Không có loại thư này"):
        outbox.draft(conference, "khong-co", [letter()], by=olga, title="x")


@pytest.mark.parametrize(
    "more",
    [
        {"values": {"doan": "x", "nguoi_nhan": "y", "link": "https://hoinghi.example/l/lo-bi-mat"}},
        {"values": {"doan": "x", "nguoi_nhan": "y", "la": "x"}},
        {"secrets": {"link": 1, "doan": 2}},
        {"attachments": [("khong-co", 1)]},
        {"condition": "khong-co"},
        {"condition": "khong-co:17"},
        {"condition": "owes", "subject_ref": ""},
    ],
)
def test_a_room_that_drafts_what_the_kind_does_not_know_fails_loudly(
    more: dict[str, Any], draft: Draft
) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        draft(**more)


@pytest.mark.parametrize("who", ["victor", "dan", "sam", "greta"])
def test_only_organisers_and_the_house_write(
    who: str, draft: Draft, request: pytest.FixtureRequest, delegation: Delegation
) -> None:
    mailing = draft(by=None)
    other = request.getfixturevalue(who)
    before = acts()
    for act in (
        lambda: draft(by=other),
        lambda: outbox.approve(mailing, by=other),
        lambda: outbox.approve(mailing.messages.all(), by=other),
        lambda: outbox.cancel(mailing, "", by=other),
        lambda: outbox.reschedule(mailing, None, by=other),
        lambda: outbox.resend(mailing.messages.get(), by=other),
        lambda: outbox.hold(mailing.conference, by=other, reason="x"),
        lambda: outbox.release(mailing.conference, by=other),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (states(mailing), acts()) == (["draft"], before)


# ── Moving on ─────────────────────────────────────────────────────────────────────────────────────


def test_approving_rings_once_for_what_is_due(
    draft: Draft, olga: User, silent_bell: list[list[int]], django_capture_on_commit_callbacks: Any
) -> None:
    mailing = draft(3)
    with django_capture_on_commit_callbacks(execute=True):
        assert outbox.approve(mailing, by=olga) == 3
        assert outbox.approve(mailing, by=olga) == 0
    assert [sorted(rung) for rung in silent_bell] == [sorted(mailing.messages.values_list("pk", flat=True))]
    assert mailing.messages.filter(approved_by=olga, approved_at__isnull=False).count() == 3
    assert acts() == ["draft_mail", "approve_mail"]


def test_many_letters_are_rung_for_in_handfuls(
    draft: Draft, olga: User, silent_bell: list[list[int]], django_capture_on_commit_callbacks: Any
) -> None:
    mailing = draft(45)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.approve(mailing, by=olga)
    assert [len(rung) for rung in silent_bell] == [20, 20, 5]


def test_one_letter_of_a_batch_is_approved_and_journalled_by_itself(draft: Draft, olga: User) -> None:
    mailing = draft(2)
    first = mailing.messages.order_by("pk")[0]
    outbox.approve([first], by=olga)
    assert states(mailing) == ["approved", "draft"]
    entry = JournalEntry.objects.filter(act="approve_mail").get()
    assert (entry.subject, entry.changes) == (f"mailing.message:{first.pk}", {"state": ["draft", "approved"]})


def test_letters_of_another_conference_move_for_nobody_here(
    draft: Draft, olga: User, foreign_delegation: Delegation
) -> None:
    mine = draft().messages.get()
    foreign = outbox.draft(foreign_delegation.conference, "invitation", [letter()], by=None, title="x")
    with pytest.raises(PermissionDenied):
        outbox.approve([mine, foreign.messages.get()], by=olga)
    assert set(Message.objects.values_list("state", flat=True)) == {"draft"}


def test_what_has_not_left_is_cancelled_with_a_reason(draft: Draft, olga: User) -> None:
    mailing = draft(4)
    one, two, three, four = mailing.messages.order_by("pk")
    outbox.approve([two, three, four], by=olga)
    now = timezone.now()
    Message.objects.filter(pk=three.pk).update(state=State.SENT, sent_at=now)
    Message.objects.filter(pk=four.pk).update(
        state=State.SENDING, token=uuid.uuid4(), lease_until=now + datetime.timedelta(seconds=60)
    )
    assert outbox.cancel(mailing, "Hoãn hội nghị", by=olga) == 2
    assert states(mailing) == ["cancelled", "cancelled", "sent", "sending"]
    one.refresh_from_db()
    assert one.error == "Hoãn hội nghị"
    Message.objects.filter(pk=four.pk).update(lease_until=now - datetime.timedelta(seconds=1))
    with translation.override("en"):
        assert outbox.cancel(mailing, "", by=olga) == 1, "its worker is gone"
    four.refresh_from_db()
    assert four.error == "Ban Tổ chức hủy."


def test_letters_are_put_off_and_brought_forward(draft: Draft, olga: User) -> None:
    mailing = draft(2)
    assert outbox.reschedule(mailing, LATER, by=olga) == 2
    mailing.refresh_from_db()
    assert mailing.send_after == LATER
    outbox.approve(mailing, by=olga)
    assert Message.objects.due().count() == 0
    outbox.reschedule(mailing, None, by=olga)
    assert Message.objects.due().count() == 2


def test_a_letter_whose_text_is_over_its_time_is_not_sent_again(draft: Draft, olga: User) -> None:
    message = draft().messages.get()
    outbox.cancel([message], "Hết hạn", by=olga)
    Message.objects.update(to=[], subject_template="", body_template="", values={})
    for to in (None, ["dung@hoinghi.example"]):
        with pytest.raises(MailError, match="đã xóa, không gửi lại được"):
            outbox.resend(message, by=olga, to=to)
    assert (Message.objects.get().state, Message.objects.get().to) == ("cancelled", [])


def test_a_letter_that_ended_is_sent_again_under_the_same_name(draft: Draft, olga: User) -> None:
    mailing = draft()
    message = mailing.messages.get()
    assert not outbox.resend(message, by=olga), "a draft has not ended"
    outbox.approve(mailing, by=olga)
    Message.objects.update(
        state=State.FAILED, error="550", attempts=3, refused={"tinh1@hoinghi.example": "550"}
    )
    assert outbox.resend(message, by=olga, to=["dung@hoinghi.example"])
    again = Message.objects.get()
    assert (again.state, again.attempts, again.error, again.refused) == ("approved", 0, "", {})
    assert (again.message_id, again.to) == (message.message_id, ["dung@hoinghi.example"])
    entry = JournalEntry.objects.filter(act="resend_mail").get()
    assert entry.changes == {
        "state": ["failed", "approved"],
        "to": ["tinh1@hoinghi.example", "dung@hoinghi.example"],
    }


def test_whoever_types_an_address_is_told_at_once_that_the_letter_cannot_go_there(
    draft: Draft, olga: User
) -> None:
    mailing = draft()
    outbox.cancel(mailing, "x", by=olga)
    message = mailing.messages.get()
    for known, said in ((rooms.moved, "Địa chỉ đã đổi."), (rooms.gone, "Không còn dự.")):
        known.add(message.subject_ref)
        with pytest.raises(MailError, match=said):
            outbox.resend(message, by=olga, to=["dung@hoinghi.example"])
        known.clear()
    message.refresh_from_db()
    assert (message.state, message.to) == ("cancelled", ["tinh1@hoinghi.example"])


def test_sent_again_it_goes_to_those_it_has_not_reached(draft: Draft, olga: User) -> None:
    mailing = draft(to=["a@x.example", "b@x.example"])
    outbox.approve(mailing, by=olga)
    Message.objects.update(state=State.SENT, sent_at=timezone.now(), reached=["a@x.example"])
    outbox.resend(Message.objects.get(), by=olga)
    assert Message.objects.get().reached == ["a@x.example"]
    Message.objects.update(state=State.SENT, sent_at=timezone.now(), reached=["a@x.example", "b@x.example"])
    outbox.resend(Message.objects.get(), by=olga)
    assert Message.objects.get().reached == [], "all were reached: all are written to again"


# ── The switch ────────────────────────────────────────────────────────────────────────────────────


def test_the_switch_stops_one_conference_or_all(
    draft: Draft, olga: User, ada: User, conference: Conference, foreign_delegation: Delegation
) -> None:
    outbox.approve(draft(2), by=olga)
    foreign = outbox.draft(foreign_delegation.conference, "invitation", [letter()], by=None, title="x")
    outbox.approve(foreign, by=None)
    assert Message.objects.due().count() == 3
    outbox.hold(conference, by=olga, reason="Sai ngày")
    assert Message.objects.due().count() == 1
    outbox.hold(None, by=ada, reason="Bảo trì")
    assert Message.objects.due().count() == 0
    assert [outbox.held(one).reason for one in (conference, foreign.conference)] == ["Bảo trì", "Bảo trì"]  # type: ignore[union-attr]  # both are held
    outbox.release(None, by=ada)
    assert outbox.held(foreign.conference) is None
    assert outbox.release(conference, by=olga)
    assert Message.objects.due().count() == 3
    assert acts()[-4:] == ["hold_mail", "hold_mail", "release_mail", "release_mail"]


def test_the_switch_is_thrown_once_and_everything_only_by_administrators(
    conference: Conference, olga: User
) -> None:
    first = outbox.hold(conference, by=olga, reason="Sai ngày")
    assert outbox.hold(conference, by=olga, reason="khác").pk == first.pk
    assert Hold.objects.get().reason == "Sai ngày"
    assert outbox.release(conference, by=olga)
    assert not outbox.release(conference, by=olga)
    with pytest.raises(PermissionDenied):
        outbox.hold(None, by=olga, reason="x")
    assert acts() == ["hold_mail", "release_mail"]


@pytest.mark.parametrize("conference_of", [lambda one: one, lambda one: None])
def test_the_database_knows_one_switch_of_each(conference: Conference, conference_of: Any) -> None:
    Hold.objects.create(conference=conference_of(conference), reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(conference=conference_of(conference), reason="y")


# ── What the database refuses ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "sent"},
        {"state": "approved", "approved_at": None},
        {"state": "sending", "approved_at": timezone.now()},
        {"state": "cancelled"},
        {"state": "failed", "approved_at": timezone.now()},
        {"state": "draft", "sent_at": timezone.now()},
        {"state": "bay"},
    ],
)
def test_a_letter_in_an_impossible_state_is_refused_by_the_database(
    fields: dict[str, Any], draft: Draft
) -> None:
    draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**fields)
