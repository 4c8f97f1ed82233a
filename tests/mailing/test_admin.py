"""Letters at the desk: read, approved, stopped; templates that evaluate nothing."""

import datetime
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attendees.models import Delegation
from conference.models import Conference, JournalEntry, User
from mailing import admin_templates, outbox, sweeping
from mailing.models import Hold, Mailing, Message, MessageTemplate, State
from tests.conference.desk import (  # noqa: F401  (strict is a fixture)
    fields,
    rows,
    same_count,
    signed_in,
    strict,
    text,
    url,
)
from tests.mailing import rooms
from tests.mailing.conftest import Draft, letter, turn
from tests.smtp import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict", "silent_bell")]
OUTBOX, BATCHES, TEMPLATES = url(Message), url(Mailing), url(MessageTemplate)
HOLD, RELEASE = reverse("admin:mailing_message_hold"), reverse("admin:mailing_message_release")
HOLD_ALL = reverse("admin:mailing_message_hold_all")
RELEASE_ALL = reverse("admin:mailing_message_release_all")
PREVIEW = reverse("admin:mailing_messagetemplate_preview")
Approved = Callable[..., list[Message]]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


def act(client: Client, address: str, name: str, *pks: int, **more: Any) -> Any:
    return client.post(address, {"action": name, "_selected_action": pks, **more}, follow=True)


def notices(response: Any) -> list[str]:
    return [str(one) for one in response.context["messages"]]


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


# ── The outbox ────────────────────────────────────────────────────────────────────────────────────


def test_letters_are_approved_from_the_list(desk: Client, draft: Draft, olga: User) -> None:
    pks = draft(3).messages.order_by("pk").values_list("pk", flat=True)
    assert notices(act(desk, OUTBOX, "approve", *pks[:2])) == ["Đã duyệt 2 thư."]
    assert states() == ["approved", "approved", "draft"]
    assert notices(act(desk, OUTBOX, "approve", *pks[:2])) == [
        "Các thư này đã được duyệt hoặc đã hủy từ trước."
    ]
    assert JournalEntry.objects.filter(act="approve_mail", actor=olga).count() == 2


def test_letters_are_cancelled_with_a_reason(desk: Client, draft: Draft) -> None:
    message = draft().messages.get()
    asked = act(desk, OUTBOX, "cancel", message.pk)
    assert "Thư đang gửi hoặc đã gửi thì không lấy lại được." in text(asked)
    assert states() == ["draft"]
    act(desk, OUTBOX, "cancel", message.pk, apply="1", reason="Hoãn hội nghị")
    message.refresh_from_db()
    assert (message.state, message.error) == ("cancelled", "Hoãn hội nghị")


def test_a_wrong_address_is_put_right_and_the_letter_sent_again(
    desk: Client, approved: Approved, server: MailServer
) -> None:
    server.refusals = {"tinh1@hoinghi.example": ["550 5.1.1 No such user"]}
    (message,) = approved()
    turn(message)
    assert "550 5.1.1 No such user" in text(desk.get(f"{OUTBOX}?state__exact=failed"))
    asked = act(desk, OUTBOX, "resend", message.pk)
    assert "Để trống thì gửi lại tới t•••@hoinghi.example." in text(asked)
    wrong = act(desk, OUTBOX, "resend", message.pk, apply="1", to="khong phai")
    assert "Địa chỉ thư của Tỉnh Số 1 không đúng: “khong phai”." in text(wrong)
    done = act(desk, OUTBOX, "resend", message.pk, apply="1", to="so@hoinghi.example\n\n")
    assert notices(done) == ["Đang gửi lại 1 thư."]
    turn(message)
    assert message.state == "sent"
    assert [one.to for one in server.received] == [("so@hoinghi.example",)]


def test_several_letters_are_sent_again_to_their_own_addresses(desk: Client, approved: Approved) -> None:
    letters = approved(2)
    Message.objects.update(state=State.FAILED, error="x")
    pks = [one.pk for one in letters]
    assert notices(act(desk, OUTBOX, "resend", *pks, apply="1")) == ["Đang gửi lại 2 thư."]
    assert notices(act(desk, OUTBOX, "resend", *pks, apply="1")) == [
        "Chỉ gửi lại được thư đã gửi, không gửi được hoặc đã hủy."
    ]


def test_of_several_letters_none_is_sent_again_where_one_has_no_text_any_more(
    desk: Client, approved: Approved
) -> None:
    first, second = approved(2)
    Message.objects.update(state=State.FAILED, error="x")
    Message.objects.filter(pk=second.pk).update(to=[], subject_template="", body_template="", values={})
    refused = act(desk, OUTBOX, "resend", first.pk, second.pk, apply="1")
    assert "đã xóa, không gửi lại được. Soạn thư mới." in text(refused)
    assert states() == ["failed", "failed"]
    assert "Gửi lại" not in text(desk.get(url(Message, "change", second.pk)))
    assert "Gửi lại" in text(desk.get(url(Message, "change", first.pk)))


def test_a_letter_without_a_point_is_not_offered_to_be_sent_again(desk: Client, approved: Approved) -> None:
    (message,) = approved(1)
    Message.objects.update(state=State.FAILED, error="x")
    rooms.gone.add(message.subject_ref)
    said = text(desk.get(url(Message, "change", message.pk)))
    assert "Gửi lại" not in said
    assert "Thư này không gửi lại được nữa. Không còn dự." in said
    rooms.gone.clear()
    rooms.moved.add(message.subject_ref)
    assert "Gửi lại" in text(desk.get(url(Message, "change", message.pk))), "to another address it may"


def test_addresses_are_masked_in_the_list_and_on_the_page(desk: Client, draft: Draft) -> None:
    message = draft().messages.get()
    for address in (OUTBOX, url(Message, "change", message.pk)):
        assert "t•••@hoinghi.example" in text(desk.get(address))
        assert "tinh1@hoinghi.example" not in text(desk.get(address))


def test_the_page_of_a_letter_is_its_log(
    desk: Client, approved: Approved, server: MailServer, olga: User
) -> None:
    server.answers = ["451 4.3.0 Busy", None]
    (message,) = approved(attachments=[("letter", 1)])
    turn(message)
    Message.objects.update(run_after=None)
    turn(message)
    page = text(desk.get(url(Message, "change", message.pk)))
    for said in (
        "Giấy mời tỉnh Số 1", "[liên kết riêng của Tỉnh Số 1]", "Đã gửi", "Olga", "1 tệp, lấy khi gửi",
        "Chưa gửi được, sẽ gửi lại", "451 4.3.0 Busy", "Máy chủ thư đã nhận",
    ):  # fmt: skip
        assert said in page, said
    assert "bi-mat" not in page


def test_a_search_finds_whom_a_letter_is_for(desk: Client, draft: Draft) -> None:
    draft(3)
    assert rows(desk.get(f"{OUTBOX}?q=tinh so 2")) == ["Tỉnh Số 2"]
    assert rows(desk.get(f"{OUTBOX}?kind=notice")) == []
    assert len(rows(desk.get(f"{OUTBOX}?kind=invitation&state__exact=draft"))) == 3


def test_an_address_is_searched_by_who_may_read_it(desk: Client, draft: Draft, victor: User) -> None:
    draft(2)
    part = Message.objects.order_by("pk")[0].to[0].partition("@")[0]
    assert rows(desk.get(OUTBOX, {"q": part}))
    assert rows(signed_in(victor).get(OUTBOX, {"q": part})) == []
    assert rows(signed_in(victor).get(OUTBOX, {"q": "tinh so 2"})) == ["Tỉnh Số 2"]


# ── The switch ────────────────────────────────────────────────────────────────────────────────────


def test_the_switch_asks_for_a_reason_and_shows_on_every_page_about_letters(
    desk: Client, draft: Draft, conference: Conference
) -> None:
    mailing = draft()
    assert HOLD in desk.get(OUTBOX).content.decode()
    assert list(desk.post(HOLD, {"reason": ""}).context["form"].errors) == ["reason"]
    assert not Hold.objects.exists()
    stopped = desk.post(HOLD, {"reason": "Sai ngày họp"}, follow=True)
    assert notices(stopped) == ["Đã dừng gửi thư. Thư đã duyệt giữ nguyên, không thư nào được gửi."]
    own = MessageTemplate.objects.create(conference=conference, kind="notice", subject="x", body="x")
    pages = (
        OUTBOX, BATCHES, TEMPLATES, HOLD, url(Mailing, "add"), url(Mailing, "change", mailing.pk),
        url(Message, "change", mailing.messages.get().pk), url(Message, "history", mailing.messages.get().pk),
        url(MessageTemplate, "change", own.pk), f"{url(MessageTemplate, 'add')}?kind=invitation",
    )  # fmt: skip
    for page in pages:
        shown = text(desk.get(page))
        assert "Đang dừng gửi thư Sai ngày họp Olga" in shown, page
        assert "Gửi trở lại" in shown, page
    assert "Đang dừng gửi thư" not in text(desk.get(url(Delegation)))
    assert HOLD not in desk.get(OUTBOX).content.decode()


def test_approving_while_all_is_stopped_says_so(desk: Client, draft: Draft, conference: Conference) -> None:
    outbox.hold(conference, by=None, reason="x")
    said = notices(act(desk, OUTBOX, "approve", draft().messages.get().pk))
    assert said == ["Đã duyệt 1 thư.", "Đang dừng gửi thư: thư đã duyệt chờ đến khi gửi trở lại."]


def test_the_switch_is_released_by_a_press(desk: Client, conference: Conference, olga: User) -> None:
    outbox.hold(conference, by=None, reason="x")
    assert desk.get(RELEASE).status_code == 405
    assert notices(desk.post(RELEASE, follow=True)) == ["Thư được gửi trở lại."]
    assert outbox.held(conference) is None
    assert JournalEntry.objects.filter(act="release_mail", actor=olga).exists()
    assert desk.post(RELEASE).status_code == 302, "twice is once"


def test_an_administrator_stops_the_letters_of_every_conference_over_the_wire(
    ada: User,
    olga: User,
    approved: Approved,
    server: MailServer,
    conference: Conference,
    foreign_delegation: Delegation,
) -> None:
    foreign = outbox.draft(foreign_delegation.conference, "invitation", [letter(9)], by=None, title="x")
    outbox.approve(foreign, by=None)
    letters = [*approved(3), foreign.messages.get()]
    client = signed_in(ada)
    assert HOLD_ALL in client.get(OUTBOX).content.decode()
    asked = client.get(HOLD_ALL)
    assert "Không thư nào của hội nghị nào được gửi nữa" in text(asked)
    assert list(client.post(HOLD_ALL, {"reason": " "}).context["form"].errors) == ["reason"]
    assert not Hold.objects.exists(), "looking and half a form stop nothing"
    client.post(HOLD_ALL, {"reason": "Khôi phục dữ liệu"})
    client.post(HOLD_ALL, {"reason": "lần hai"})
    assert [(one.conference, one.reason, one.by) for one in Hold.objects.all()] == [
        (None, "Khôi phục dữ liệu", ada)
    ]
    outbox.post(conference, "invitation", letter(4), by=olga)  # a receipt, for instance: leaves by itself
    letters.append(Message.objects.latest("pk"))
    turn(*letters)
    assert (sweeping.sweep(), server.received, set(states())) == ([], [], {"approved"})
    client.post(RELEASE_ALL)
    assert sorted(sweeping.sweep()) == sorted(one.pk for one in letters)
    turn(*letters)
    assert (len(server.received), set(states())) == (5, {"sent"})
    told = JournalEntry.objects.filter(act__in=("hold_mail", "release_mail"))
    assert list(told.order_by("pk").values_list("act", "conference", "actor_name")) == [
        ("hold_mail", None, "Ada"),
        ("release_mail", None, "Ada"),
    ]
    journal = reverse("admin:conference_journalentry_changelist")
    assert "dừng gửi thư Dừng gửi thư: mọi hội nghị" in text(client.get(journal))
    assert "mọi hội nghị" not in text(signed_in(olga).get(journal))


def test_what_an_administrator_stopped_for_all_no_organiser_releases(
    desk: Client, conference: Conference, ada: User
) -> None:
    assert HOLD_ALL not in desk.get(OUTBOX).content.decode()
    assert [desk.get(HOLD_ALL).status_code, desk.post(HOLD_ALL, {"reason": "x"}).status_code] == [403, 403]
    outbox.hold(None, by=ada, reason="Khôi phục dữ liệu")
    page = text(desk.get(OUTBOX))
    assert "Đang dừng gửi thư của mọi hội nghị Khôi phục dữ liệu Ada" in page
    assert "Gửi trở lại" not in page
    assert [desk.post(RELEASE).status_code, desk.post(RELEASE_ALL).status_code] == [302, 403]
    assert Hold.objects.count() == 1
    assert notices(signed_in(ada).post(RELEASE_ALL, follow=True)) == ["Thư được gửi trở lại."]
    assert outbox.held(conference) is None


def test_both_switches_stand_side_by_side_and_each_is_lifted_for_itself(
    desk: Client, conference: Conference, olga: User, ada: User, approved: Approved, server: MailServer
) -> None:
    letters = approved()
    outbox.hold(None, by=ada, reason="Khôi phục dữ liệu")
    desk.post(HOLD, {"reason": "Sai ngày họp"})
    client = signed_in(ada)
    page = text(client.get(OUTBOX))
    assert page.index("Khôi phục dữ liệu") < page.index("Sai ngày họp")
    assert page.count("Gửi trở lại") == 2
    assert text(desk.get(OUTBOX)).count("Gửi trở lại") == 1
    said = notices(client.post(RELEASE_ALL, follow=True))
    assert said == ["Đã bỏ lệnh dừng mọi hội nghị. Thư của hội nghị này vẫn dừng."]
    turn(*letters)
    assert server.received == []
    outbox.hold(None, by=ada, reason="x")
    said = notices(desk.post(RELEASE, follow=True))
    assert said == ["Đã bỏ lệnh dừng của hội nghị. Thư còn chờ lệnh dừng mọi hội nghị."]
    turn(*letters)
    assert server.received == []
    client.post(RELEASE_ALL)
    turn(*letters)
    assert len(server.received) == 1


def test_viewers_read_and_change_nothing(victor: User, draft: Draft, conference: Conference) -> None:
    client, mailing = signed_in(victor), draft()
    outbox.hold(conference, by=None, reason="x")
    message = mailing.messages.get()
    for page in (OUTBOX, BATCHES, TEMPLATES, url(Message, "change", message.pk)):
        response = client.get(page)
        assert response.status_code == 200
        assert "Gửi trở lại" not in text(response)
    act(client, OUTBOX, "approve", message.pk)
    act(client, BATCHES, "approve_batch", mailing.pk)
    assert [client.get(HOLD).status_code, client.post(HOLD, {"reason": "y"}).status_code] == [403, 403]
    assert client.post(RELEASE).status_code == 403
    assert client.get(url(Mailing, "add")).status_code == 403
    assert (states(), Hold.objects.count()) == (["draft"], 1)


# ── Batches ───────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_tells_how_far_it_is(desk: Client, approved: Approved, server: MailServer) -> None:
    letters = approved(3)
    server.refusals = {"tinh2@hoinghi.example": ["550 5.1.1 No such user"]}
    turn(*letters[:2])
    mailing = Mailing.objects.get()
    assert "1/3 thư" in text(desk.get(BATCHES))
    page = text(desk.get(url(Mailing, "change", mailing.pk)))
    for said in ("1 Đã gửi", "1 Đã duyệt, chờ gửi", "1 Không gửi được", "550 5.1.1 No such user"):
        assert said in page, said
    found = desk.get(f"{OUTBOX}?mailing__id__exact={mailing.pk}&state__exact=failed")
    assert rows(found) == ["Tỉnh Số 2"]


def test_a_batch_is_approved_scheduled_and_cancelled(desk: Client, draft: Draft) -> None:
    mailing = draft(3)
    act(desk, BATCHES, "reschedule_batch", mailing.pk, apply="1", send_after="31/5/2024 08:00")
    assert {one.send_after for one in mailing.messages.all()} == {
        datetime.datetime(2024, 5, 31, 1, 0, tzinfo=datetime.UTC)
    }
    assert notices(act(desk, BATCHES, "approve_batch", mailing.pk)) == ["Đã duyệt 3 thư."]
    assert "08:00, 31/5/2024" in text(desk.get(url(Mailing, "change", mailing.pk)))
    assert notices(act(desk, BATCHES, "cancel_batch", mailing.pk, apply="1", reason="Hoãn")) == [
        "Đã hủy 3 thư."
    ]
    assert states() == ["cancelled"] * 3


def test_what_was_done_with_letters_stands_in_the_journal_in_words(
    desk: Client, draft: Draft, conference: Conference
) -> None:
    """The batch has no state of its own: “tình trạng cancelled” stood there."""
    mailing = draft()
    act(desk, BATCHES, "approve_batch", mailing.pk)
    act(desk, BATCHES, "cancel_batch", mailing.pk, apply="1", reason="Hoãn")
    page = text(desk.get(url(JournalEntry)))
    assert "hủy thư" in page
    assert "lý do Hoãn" in page
    for state in State:
        assert f"tình trạng {state.value}" not in page


def test_a_free_letter_is_written_to_typed_addresses_once(desk: Client, conference: Conference) -> None:
    form = {
        "title": "Đổi giờ khai mạc",
        "to": "Ông Nguyễn Văn An <an@hoinghi.example>\n\nso@hoinghi.example\nso@hoinghi.example\n",
        "subject": "Thông báo về {hoi_nghi}",
        "body": "Kính gửi: {nguoi_nhan}\n\nGiờ khai mạc lùi đến 08 giờ 30 phút.",
        "key": str(uuid.uuid4()),
    }
    done = desk.post(url(Mailing, "add"), form, follow=True)
    assert notices(done) == ["Đã soạn 2 thư. Xem lại rồi duyệt gửi."]
    desk.post(url(Mailing, "add"), form)
    first, second = Message.objects.order_by("pk")
    assert (first.to, first.recipient_name) == (["an@hoinghi.example"], "Ông Nguyễn Văn An")
    assert "Kính gửi: Ông Nguyễn Văn An" in text(desk.get(url(Message, "change", first.pk)))
    assert (second.subject_name, states()) == ("so@hoinghi.example", ["draft", "draft"])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("to", "khong co dia chi", "Chưa đọc được dòng “khong co dia chi”."),
        ("to", "a@x.example, b@x.example", "Mỗi dòng một người, một địa chỉ."),
        ("to", "An <a@@x.example>", "Mỗi dòng một người, một địa chỉ."),
        ("to", "a@x", "Địa chỉ thư của a@x không đúng: “a@x”."),
        ("to", "\n".join(f"a{n}@x.example" for n in range(201)), "Nhiều nhất 200 người một đợt."),
        ("body", "{{7*7}} {link}", "Không có chỗ điền {{7*7}}."),
        ("subject", "{link}", "Không có chỗ điền {link}."),
        ("send_after", "mai", "Chưa đọc được thời điểm này."),
    ],
)
def test_a_free_letter_that_cannot_be_written_is_told(
    field: str, value: str, said: str, desk: Client, conference: Conference
) -> None:
    form = {"title": "x", "to": "a@x.example", "subject": "x", "body": "x", field: value}
    assert said in text(desk.post(url(Mailing, "add"), form))
    assert not Mailing.objects.exists()


# ── Templates ─────────────────────────────────────────────────────────────────────────────────────


def test_every_kind_is_listed_with_its_text(desk: Client, conference: Conference) -> None:
    page = text(desk.get(TEMPLATES))
    assert "Thông báo Mẫu có sẵn Thông báo: {ten_ngan}" in page
    assert "Giấy mời Mẫu có sẵn Giấy mời {doan}" in page


def test_a_template_is_changed_for_letters_from_now_on(desk: Client, conference: Conference) -> None:
    page = desk.get(f"{url(MessageTemplate, 'add')}?kind=invitation")
    assert "{link} liên kết riêng Chỉ điền khi gửi, không lưu ở đâu" in text(page)
    form = fields(page) | {"subject": "Trân trọng mời {doan}"}
    assert form["body"].startswith("Kính gửi {nguoi_nhan}")
    assert desk.post(url(MessageTemplate, "add"), form).status_code == 302
    own = MessageTemplate.objects.get()
    assert (own.kind, own.subject, own.conference) == ("invitation", "Trân trọng mời {doan}", conference)
    assert "Giấy mời Đã sửa Trân trọng mời {doan}" in text(desk.get(TEMPLATES))
    changed = fields(desk.get(url(MessageTemplate, "change", own.pk))) | {"body": "Kính gửi {nguoi_nhan}"}
    desk.post(url(MessageTemplate, "change", own.pk), changed)
    own.refresh_from_db()
    assert own.body == "Kính gửi {nguoi_nhan}"
    assert JournalEntry.objects.filter(subject=f"mailing.messagetemplate:{own.pk}").count() == 2


def test_a_template_of_no_kind_leads_back_to_the_list(desk: Client, conference: Conference) -> None:
    for query in ("", "?kind=khong-co"):
        assert desk.get(url(MessageTemplate, "add") + query).url == TEMPLATES  # type: ignore[attr-defined]  # a redirect


@pytest.mark.parametrize("field", ["subject", "body"])
@pytest.mark.parametrize(
    "hostile", ["{x.__class__}", "{{7*7}}", "{% debug %}", "{0}", "{doan!r:>10}", "{doan:>9999999}", "{la}"]
)
def test_a_hostile_template_is_refused_at_its_field(
    hostile: str, field: str, desk: Client, conference: Conference
) -> None:
    form = {"kind": "invitation", "subject": "x", "body": "x", field: f"Gửi {hostile}"}
    response = desk.post(url(MessageTemplate, "add"), form)
    assert f"Không có chỗ điền {hostile}" in text(response)
    assert not MessageTemplate.objects.exists()


def test_a_megabyte_of_template_is_refused(desk: Client, conference: Conference) -> None:
    form = {"kind": "invitation", "subject": "x", "body": "{" * 1_000_000}
    response = desk.post(url(MessageTemplate, "add"), form)
    assert response.status_code == 200
    assert not MessageTemplate.objects.exists()


def test_a_preview_uses_the_data_of_a_chosen_letter_and_keeps_secrets(desk: Client, draft: Draft) -> None:
    message = draft(2).messages.order_by("pk")[1]
    form = {"kind": "invitation", "subject": "Mời {doan}", "body": "Chào {nguoi_nhan}: {link}"}
    example = text(desk.post(PREVIEW, form))
    assert "Mời Tỉnh Lâm Đồng Chào Ông Nguyễn Văn An: https://hoinghi.example/…" in example
    real = text(desk.post(PREVIEW, form | {"message": message.pk}))
    assert "Mời tỉnh Số 2 Chào Ông Nguyễn Văn An: [liên kết riêng của Tỉnh Số 2]" in real
    assert rooms.SECRET.format(2) not in real
    assert not MessageTemplate.objects.exists()


def test_the_editor_and_its_preview_offer_the_latest_letters_not_thousands(
    desk: Client, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_templates, "MOST_TO_CHOOSE", 2)
    latest = [str(one.pk) for one in draft(3).messages.order_by("-pk")[:2]]
    form = {"kind": "invitation", "subject": "Mời {doan}", "body": "Chào"}
    for page in (desk.get(f"{url(MessageTemplate, 'add')}?kind=invitation"), desk.post(PREVIEW, form)):
        select = re.search(r'<select[^>]*name="message".*?</select>', page.content.decode(), re.S)
        assert select is not None
        assert re.findall(r'<option value="(\d+)"', select[0]) == latest


def test_a_preview_says_what_is_wrong(desk: Client, conference: Conference) -> None:
    form = {"kind": "invitation", "subject": "{{7*7}}", "body": "x"}
    assert "Chưa xem được Không có chỗ điền {{7*7}}." in text(desk.post(PREVIEW, form))


def test_no_letter_of_another_conference_lends_its_data(
    desk: Client, draft: Draft, foreign_delegation: Delegation
) -> None:
    draft()
    foreign = outbox.draft(
        foreign_delegation.conference, "invitation", [letter(9, subject_name="Tỉnh Lạ")], by=None, title="x"
    )
    form = {"kind": "invitation", "subject": "x", "body": "x", "message": foreign.messages.get().pk}
    assert desk.post(PREVIEW, form).status_code == 404
    assert "Tỉnh Lạ" not in text(desk.get(f"{url(MessageTemplate, 'add')}?kind=invitation"))


def test_what_people_wrote_is_no_markup_on_the_desk(desk: Client, draft: Draft) -> None:
    evil = "<script>alert(1)</script><a href='http://evil.example'>x</a>"
    mailing = draft(subject_name=evil, values={"doan": evil, "nguoi_nhan": evil})
    pages = (OUTBOX, url(Message, "change", mailing.messages.get().pk), url(Mailing, "change", mailing.pk))
    for page in pages:
        body = desk.get(page).content.decode()
        assert "<script>alert" not in body
        assert not re.search(r"<a [^>]*evil\.example", body)


# ── The desk ──────────────────────────────────────────────────────────────────────────────────────


def test_the_desk_says_what_waits(desk: Client, draft: Draft, conference: Conference, olga: User) -> None:
    outbox.approve(draft(), by=olga)
    draft(2)
    Message.objects.filter(state="draft").first().save()  # type: ignore[union-attr]  # there is one
    outbox.hold(conference, by=olga, reason="Sai ngày")
    page = text(desk.get("/admin/"))
    assert "2 thư chờ duyệt" in page
    assert "Đang dừng gửi thư, 1 thư đã duyệt phải chờ Sai ngày" in page
    Message.objects.filter(state="approved").update(state="failed", error="x")
    assert "1 thư không gửi được" in text(desk.get("/admin/"))


@pytest.mark.parametrize("address", [OUTBOX, BATCHES, TEMPLATES])
def test_a_list_asks_as_many_questions_for_thirty_rows_as_for_one(
    address: str, desk: Client, draft: Draft
) -> None:
    def grow() -> None:
        draft()

    counts = same_count(desk, address, grow)
    assert len(set(counts)) == 1, counts
