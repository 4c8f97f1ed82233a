"""Papers and certificates at the desk."""

import datetime
import uuid
from typing import Any

import pytest
from django.test import Client

from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from documents import certificates
from documents.models import Certificate, CertificateRule, Document
from mailing.models import Message
from sessions.models import Attendance, Session
from tests.conference.desk import rows, same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee
from tests.documents.conftest import give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
PEOPLE = "/admin/attendees/attendee/"
DELEGATIONS = "/admin/attendees/delegation/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    """Confirmed, and seen in a session."""
    made = make_attendee(delegation, status="confirmed", position="Giám đốc", organisation_name="Sở TTTT")
    session = Session.objects.create(
        conference=delegation.conference,
        code="x",
        title="Khai mạc",
        day=datetime.date(2024, 6, 6),
        starts=datetime.time(8),
        ends=datetime.time(9),
    )
    Attendance.objects.create(session=session, attendee=made)
    return made


@pytest.fixture
def certificate(person: Attendee, olga: User) -> Certificate:
    return give(person.conference, [person], by=olga)[0]


def act(client: Client, address: str, name: str, pk: int, **more: Any) -> Any:
    return client.post(address, {"action": name, "_selected_action": [pk], **more}, follow=True)


def notices(response: Any) -> list[str]:
    return [str(one) for one in response.context["messages"]]


# ── Asking for papers ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "kind"),
    [("print_badges", "badges"), ("list_people", "attendee-list")],
)
def test_papers_for_chosen_people_are_asked_for_from_the_list(
    name: str, kind: str, desk: Client, olga: User, person: Attendee
) -> None:
    response = act(desk, PEOPLE, name, person.pk)
    document = Document.objects.get()
    assert (document.kind, document.attendee_ids, document.requested_by) == (kind, [person.pk], olga)
    assert "Đã nhận yêu cầu" in text(response)
    assert "Đang chờ" in text(response)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("print_badges_of_delegations", "badges"),
        ("list_people_of_delegations", "attendee-list"),
    ],
)
def test_papers_for_delegations_are_asked_for_from_their_list(
    name: str, kind: str, desk: Client, person: Attendee
) -> None:
    act(desk, DELEGATIONS, name, person.delegation_id)
    document = Document.objects.get()
    assert (document.kind, document.delegation) == (kind, person.delegation)


def test_nothing_to_print_is_said_in_a_sentence(desk: Client, delegation: Delegation) -> None:
    response = act(desk, DELEGATIONS, "print_badges_of_delegations", delegation.pk)
    assert notices(response) == [
        "Chưa có đại biểu nào được xác nhận trong phạm vi đã chọn. Xác nhận đại biểu rồi lập lại."
    ]
    assert not Document.objects.exists()


def test_any_paper_is_asked_for_on_its_own_page_once(desk: Client, person: Attendee) -> None:
    form = {"kind": "badges", "each": "on", "key": str(uuid.uuid4()), "delegations": [person.delegation_id]}
    desk.post(url(Document, "add"), form)
    desk.post(url(Document, "add"), form)
    document = Document.objects.get()
    assert (document.kind, document.each, document.delegation) == ("badges", True, person.delegation)


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "lương"), ("day", "hôm qua"), ("day", "01/01/2020"), ("delegations", ["abc"]), ("key", "x")],
)
def test_a_wrong_request_is_answered_at_its_field(
    field: str, value: Any, desk: Client, person: Attendee
) -> None:
    response = desk.post(url(Document, "add"), {"kind": "badges", "key": str(uuid.uuid4()), field: value})
    assert list(response.context["form"].errors) == [field]
    assert not Document.objects.exists()


def test_a_foreign_delegation_is_printed_by_nobody_here(
    desk: Client, conference: Conference, foreign_delegation: Delegation
) -> None:
    response = desk.post(url(Document, "add"), {"kind": "badges", "delegations": [foreign_delegation.pk]})
    assert list(response.context["form"].errors) == ["delegations"]
    act(desk, DELEGATIONS, "print_badges_of_delegations", foreign_delegation.pk)
    assert not Document.objects.exists()


def test_viewers_print_nothing(victor: User, person: Attendee) -> None:
    client = signed_in(victor)
    assert client.get(url(Document)).status_code == 200
    assert client.get(url(Document, "add")).status_code == 403
    act(client, PEOPLE, "print_badges", person.pk)
    assert not Document.objects.exists()


# ── What became of them ───────────────────────────────────────────────────────────────────────────


def test_a_paper_is_stopped_and_begun_again(desk: Client, person: Attendee) -> None:
    act(desk, PEOPLE, "print_badges", person.pk)
    document = Document.objects.get()
    assert notices(act(desk, url(Document), "cancel", document.pk)) == ["Đã dừng 1 giấy tờ."]
    document.refresh_from_db()
    assert document.state == "cancelled"
    assert notices(act(desk, url(Document), "cancel", document.pk)) == [
        "1 giấy tờ đã xong hoặc đã dừng từ trước."
    ]
    act(desk, url(Document), "retry", document.pk)
    document.refresh_from_db()
    assert document.state == "queued"


def test_a_ready_paper_offers_its_file_and_a_failed_one_its_reason(
    desk: Client, conference: Conference
) -> None:
    ready = Document.objects.create(
        conference=conference, kind="agenda", state="ready", pages=2, size=215_000
    )
    Document.objects.create(
        conference=conference, kind="badges", state="failed", error="Thiếu chức vụ: Lê Mẫu."
    )
    response = desk.get(url(Document))
    assert f'href="/da-lat-2024/documents/{ready.public_id}/file/"' in response.content.decode()
    assert "Tải PDF (210 KB)" in text(response)
    assert "Thiếu chức vụ: Lê Mẫu." in text(response)
    home = desk.get("/admin/")
    assert "1 giấy tờ không làm được" in [one["title"] for one in home.context["todo"]]
    assert "Tải PDF (210 KB)" in text(home)


def test_a_paper_is_named_in_words_and_by_the_clock_of_its_place(
    desk: Client, conference: Conference
) -> None:
    at = datetime.datetime(2024, 6, 5, 23, 5, tzinfo=datetime.UTC)
    paper = Document.objects.create(conference=conference, kind="badges", requested_at=at)
    assert str(paper) == "Thẻ đại biểu, 06:05, 06/6/2024"
    assert "Chọn Thẻ đại biểu, 06:05, 06/6/2024" in text(desk.get(url(Document)))


def test_papers_are_never_typed_in_or_removed(desk: Client, conference: Conference) -> None:
    document = Document.objects.create(conference=conference, kind="agenda", state="ready")
    assert desk.get(url(Document, "change", document.pk)).status_code == 200
    assert desk.post(url(Document, "change", document.pk), {"state": "failed"}).status_code == 403
    assert desk.post(url(Document, "delete", document.pk), {"post": "yes"}).status_code == 403


def test_papers_of_another_conference_are_not_there(desk: Client, foreign_delegation: Delegation) -> None:
    document = Document.objects.create(conference=foreign_delegation.conference, kind="agenda")
    assert desk.get(url(Document, "change", document.pk)).status_code == 404
    act(desk, url(Document), "cancel", document.pk)
    document.refresh_from_db()
    assert document.state == "queued"


# ── Certificates ──────────────────────────────────────────────────────────────────────────────────


def test_a_certificate_is_revoked_with_a_reason_and_never_edited(
    desk: Client, certificate: Certificate
) -> None:
    page = desk.get(url(Certificate, "change", certificate.pk))
    assert "0001/GCN-BTTTT" in text(page)
    assert desk.post(url(Certificate, "change", certificate.pk), {"full_name": "X"}).status_code == 403
    assert "Thu hồi giấy chứng nhận" in text(
        act(desk, url(Certificate), "revoke_certificates", certificate.pk)
    )
    certificate.refresh_from_db()
    assert certificate.state == "valid"
    response = act(
        desk, url(Certificate), "revoke_certificates", certificate.pk, apply=1, reason="Cấp nhầm người"
    )
    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason) == ("revoked", "Cấp nhầm người")
    assert notices(response) == ["Đã thu hồi 1 giấy."]
    assert JournalEntry.objects.filter(act="revoke", actor__full_name="Olga").exists()


def test_a_certificate_is_given_anew_with_the_name_as_it_is_now(
    desk: Client, certificate: Certificate, person: Attendee
) -> None:
    Attendee.objects.filter(pk=person.pk).update(full_name="Nguyễn Văn Ân")
    page = act(desk, url(Certificate), "replace_certificates", certificate.pk)
    assert "Giấy mới có số mới và mã mới" in text(page)
    assert "Lý do" in text(act(desk, url(Certificate), "replace_certificates", certificate.pk, apply=1))
    act(desk, url(Certificate), "replace_certificates", certificate.pk, apply=1, reason="Sửa họ tên")
    assert list(Certificate.objects.order_by("number").values_list("number", "state", "full_name")) == [
        (1, "replaced", "Nguyễn Văn An"),
        (2, "valid", "Nguyễn Văn Ân"),
    ]
    fresh = Certificate.objects.get(number=2)
    page = desk.get(url(Certificate, "change", certificate.pk))
    assert f'<a href="{url(Certificate, "change", fresh.pk)}">0002/GCN-BTTTT</a>' in page.content.decode()


def test_who_gets_a_certificate_anew_gets_a_letter_about_it(
    desk: Client, certificate: Certificate, person: Attendee
) -> None:
    anew = {"apply": 1, "reason": "Sửa họ tên"}
    silent = act(desk, url(Certificate), "replace_certificates", certificate.pk, **anew)
    assert notices(silent) == ["Đã cấp lại 1 giấy."], "nobody has an address"
    Attendee.objects.filter(pk=person.pk).update(email="an@hoinghi.example")
    told = act(desk, url(Certificate), "replace_certificates", Certificate.objects.get(number=2).pk, **anew)
    assert "Đã soạn 1 thư báo giấy mới. Xem lại ở Hộp thư đi rồi duyệt gửi." in notices(told)
    letter, fresh = Message.objects.get(), Certificate.objects.get(number=3)
    assert (letter.state, letter.to, letter.condition) == (
        "draft", ["an@hoinghi.example"], f"certificate:{fresh.pk}",
    )  # fmt: skip
    assert letter.values["so_giay"] == fresh.full_number
    assert str(letter.mailing) == "Giấy chứng nhận cấp lại: 1 thư"


def test_before_a_certificate_is_given_anew_the_page_says_what_of_the_conference_it_will_not_follow(
    desk: Client, certificate: Certificate, conference: Conference
) -> None:
    page = text(act(desk, url(Certificate), "replace_certificates", certificate.pk))
    assert "phần về hội nghị và người ký giữ như đã duyệt" in page
    assert "KHÔNG theo" not in page
    Conference.objects.update(place="cố đô Huế", signer_name="Trần Văn Khác", venue="không in")
    page = text(act(desk, url(Certificate), "replace_certificates", certificate.pk))
    assert "KHÔNG theo phần nay đã sửa của hội nghị: địa điểm, người ký." in page


def test_what_cannot_be_given_anew_is_told(desk: Client, certificate: Certificate, olga: User) -> None:
    certificates.revoke(certificate, "Cấp nhầm", by=olga)
    response = act(
        desk, url(Certificate), "replace_certificates", certificate.pk, apply=1, reason="Sửa họ tên"
    )
    assert "Giấy này không còn giá trị từ trước." in text(response)


def test_certificates_are_found_by_name_without_marks(desk: Client, certificate: Certificate) -> None:
    assert rows(desk.get(url(Certificate), {"q": "nguyen an"})) == ["0001/GCN-BTTTT"]
    assert rows(desk.get(url(Certificate), {"q": "tran"})) == []


@pytest.mark.parametrize(("asked", "found"), [("0001", 1), ("1/GCN-BTTTT", 1), ("0002", 0)])
def test_certificates_are_found_by_the_number_as_it_is_printed(
    desk: Client, certificate: Certificate, asked: str, found: int
) -> None:
    page = desk.get("/admin/documents/certificate/", {"q": asked})
    assert page.context["cl"].result_count == found


@pytest.mark.parametrize("model", [Document, Certificate])
def test_lists_ask_as_many_questions_for_thirty_rows_as_for_one(
    model: Any, desk: Client, olga: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    conference = delegation.conference
    CertificateRule.objects.create(conference=conference, must_come=False)

    def grow() -> None:
        one = make_attendee(delegation, status="confirmed")
        give(conference, [one], by=olga)
        Document.objects.create(
            conference=conference, kind="badges", delegation=delegation, requested_by=olga
        )

    counts = same_count(desk, url(model), grow)
    assert len(set(counts)) == 1, counts
