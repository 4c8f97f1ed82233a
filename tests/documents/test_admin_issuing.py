"""The desk of batches: drafted, approved by the signer or with the paper, issued once, searched, numbered."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, Membership, User
from documents import admin_issuing, certificates, issuing, previewing
from documents.batches import CertificateBatch, content_hash
from documents.models import Certificate, NumberSeries
from documents.requests import Scope
from tests.attendees.test_races import at_once
from tests.conference.desk import rows, same_count, signed_in, strict, text, url  # noqa: F401  (fixture)
from tests.conftest import MakeAttendee, member
from tests.documents.conftest import give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
LIST, DRAFT, NUMBERS = "/admin/issuing/", "/admin/issuing/draft/", "/admin/issuing/numbers/"
PAPER = {"paper_reference": "Phiếu trình số 12/PTr ngày 07/6/2024"}
LONG_AGO = 301


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


@pytest.fixture
def signer(conference: Conference) -> User:
    return member(conference, "signer", "Sơn", Membership.Role.SIGNER)


@pytest.fixture
def batch(conference: Conference, people: list[Attendee], olga: User) -> CertificateBatch:
    return issuing.draft(conference, Scope(), by=olga)


def seen(batch: CertificateBatch) -> dict[str, str]:
    return {"seen": content_hash(batch.lines.all())}


def of(batch: CertificateBatch, act: str = "") -> str:
    return f"/admin/issuing/{batch.pk}/{act}"


def test_a_batch_goes_from_the_draft_to_the_papers(desk: Client, people: list[Attendee]) -> None:
    page = desk.get(DRAFT)
    assert "4 người được cấp 0 người chưa" not in text(page)
    assert "4 người được cấp" in text(page)
    data = {"key": str(uuid.uuid4())}
    drafted = desk.post(DRAFT, data)
    assert desk.post(DRAFT, data).headers["Location"] == drafted.headers["Location"]
    batch = CertificateBatch.objects.get()
    assert drafted.headers["Location"] == of(batch)
    assert "Chờ duyệt" in text(desk.get(LIST))
    assert desk.post(of(batch, "approve/"), {**PAPER, **seen(batch)}).status_code == 303
    assert "Số đầu tiên: 0001/GCN-BTTTT." in text(desk.get(of(batch)))
    for said in ("Đã cấp 4 giấy.", "Đợt này đã cấp từ trước, không cấp thêm."):
        response = desk.post(of(batch, "issue/"))
        assert (response.status_code, response.headers["Location"]) == (303, of(batch))
        assert said in text(desk.get(of(batch)))
    assert Certificate.objects.count() == 4
    assert "Từ số 0001/GCN-BTTTT đến số 0004/GCN-BTTTT." in text(desk.get(of(batch)))


def test_a_draft_of_chosen_people_or_delegations_comes_from_their_lists(
    desk: Client, people: list[Attendee], delegation: Delegation
) -> None:
    chosen = {"action": "issue_certificates", "_selected_action": [people[0].pk]}
    page = desk.post(url(Attendee), chosen, follow=True)
    assert "1 người được cấp" in text(page)
    desk.post(DRAFT, {"key": uuid.uuid4(), "attendee": [people[0].pk]})
    assert CertificateBatch.objects.get().lines.get().attendee == people[0]
    chosen = {"action": "issue_certificates_of_delegations", "_selected_action": [delegation.pk]}
    page = text(desk.post(url(Delegation), chosen, follow=True))
    assert "2 người được cấp" in page
    assert "1 người đang ở một đợt chưa cấp" in page


def test_who_had_a_certificate_revoked_is_named_before_another_is_drafted(
    desk: Client, conference: Conference, people: list[Attendee], olga: User
) -> None:
    wrong = give(conference)[1]
    assert "đã bị thu hồi giấy trước đây" not in text(desk.get(DRAFT))
    certificates.revoke(wrong, "Cấp nhầm", by=olga)
    page = desk.get(DRAFT)
    assert f"1 người được cấp đã bị thu hồi giấy trước đây: {wrong.attendee.full_name}" in text(page)
    assert f"/admin/earning/people/{wrong.attendee.code}/" in page.content.decode()


def test_nobody_to_draft_is_said_where_the_person_looks(
    desk: Client, conference: Conference, people: list[Attendee]
) -> None:
    give(conference)
    page = desk.post(DRAFT, {"key": uuid.uuid4()})
    assert page.status_code == 200
    assert "Trong phạm vi đã chọn không có ai cần cấp giấy." in text(page)


@pytest.mark.parametrize(("field", "value"), [("delegation", "abc"), ("attendee", "99999"), ("key", "x")])
def test_a_mistyped_draft_is_answered_in_place(
    field: str, value: str, desk: Client, people: list[Attendee]
) -> None:
    page = desk.post(DRAFT, {"key": str(uuid.uuid4()), field: value})
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not CertificateBatch.objects.exists()
    assert desk.get(DRAFT, {field: value}).status_code == 200


def test_an_organiser_without_the_paper_is_told_in_place(desk: Client, batch: CertificateBatch) -> None:
    page = desk.post(of(batch, "approve/"), seen(batch))
    assert page.status_code == 200
    assert "Ghi số, ngày phiếu trình mà người ký đã duyệt trên giấy." in text(page)
    long = desk.post(of(batch, "approve/"), {**seen(batch), "paper_reference": "x" * 201})
    assert long.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_several_who_press_at_once_one_is_told_that_it_was_written_down(
    batch: CertificateBatch, signer: User, olga: User
) -> None:
    def told(users: list[User], act: str, data: dict[str, str]) -> list[str]:
        clients = [signed_in(user) for user in users]
        assert at_once(lambda n: clients[n].post(of(batch, act), data), clients=4) == {"done": 4}
        pages = [client.get(of(batch)) for client in clients]
        return sorted(str(one) for page in pages for one in page.context["messages"])

    approvals = told([signer] * 4, "approve/", seen(batch))
    assert approvals == ["Đã ghi duyệt đợt 1."] + 3 * ["Đợt này đã được duyệt từ trước, không ghi thêm."]
    issues = told([olga] * 4, "issue/", {})
    assert issues[1:] == 3 * ["Đợt này đã cấp từ trước, không cấp thêm."]


def test_what_has_changed_since_it_was_shown_is_a_conflict(desk: Client, batch: CertificateBatch) -> None:
    shown = seen(batch)
    batch.lines.filter(position=1).update(title="Giám đốc")
    page = desk.post(of(batch, "approve/"), {**PAPER, **shown})
    assert page.status_code == 409
    assert "Đợt này vừa thay đổi." in text(page)
    assert PAPER["paper_reference"] in page.content.decode()
    assert desk.post(of(batch, "issue/")).status_code == 409
    batch.refresh_from_db()
    assert batch.state == "draft"


def test_the_signer_approves_with_one_press_and_issues_nothing(batch: CertificateBatch, signer: User) -> None:
    client = signed_in(signer)
    assert "Duyệt cấp 4 giấy" in text(client.get(of(batch)))
    assert client.post(of(batch, "approve/"), seen(batch)).status_code == 303
    assert JournalEntry.objects.get(act="approve-certificates").actor == signer
    assert client.post(of(batch, "issue/")).status_code == 403
    assert client.get(DRAFT).status_code == 403
    assert "Đã duyệt. Ban Tổ chức cấp." in text(client.get(of(batch)))


@pytest.mark.parametrize("act", ["approve", "issue"])
def test_whoever_signed_in_long_ago_proves_it_again_first(
    act: str, batch: CertificateBatch, olga: User
) -> None:
    client, page = signed_in(olga, ago=LONG_AGO), of(batch)
    assert "Xác nhận danh tính để làm tiếp" in text(client.get(page))
    response = client.post(
        of(batch, f"{act}/"), {**PAPER, **seen(batch)}, headers={"referer": f"http://testserver{page}"}
    )
    assert response.headers["Location"] == f"/accounts/reauthenticate/?next={page.replace('/', '%2F')}"
    evil = client.post(of(batch, f"{act}/"), headers={"referer": "https://evil.example/x"})
    assert evil.headers["Location"].endswith("?next=%2Fstart%2F")
    batch.refresh_from_db()
    assert batch.state == "draft"
    secret = {"password": "mat-khau-de-thu-nghiem"}
    client.post(response.headers["Location"], secret)
    assert client.post(of(batch, "approve/"), {**PAPER, **seen(batch)}).status_code == 303


@pytest.mark.parametrize("act", ["replace_certificates", "revoke_certificates"])
def test_ending_a_certificate_asks_for_the_proof_too(
    act: str, conference: Conference, people: list[Attendee], olga: User
) -> None:
    one = give(conference)[0]
    chosen = {"action": act, "_selected_action": [one.pk], "apply": 1, "reason": "Cấp nhầm"}
    response = signed_in(olga, ago=LONG_AGO).post(url(Certificate), chosen)
    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    assert Certificate.objects.valid().count() == 4


def test_a_batch_is_taken_back_with_a_reason(desk: Client, batch: CertificateBatch) -> None:
    assert "Ghi lý do rút." in text(desk.post(of(batch, "withdraw/"), {"reason": " "}))
    assert desk.post(of(batch, "withdraw/"), {"reason": "Sửa chức vụ"}).status_code == 303
    assert "Đã rút lúc" in text(desk.get(of(batch)))
    assert "Rút đợt này" not in text(desk.get(of(batch)))


def test_below_a_press_that_was_refused_every_way_leads_to_a_page(
    batch: CertificateBatch, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address of the press itself cannot be opened: the list, the proof, the language lead elsewhere."""
    monkeypatch.setattr(admin_issuing, "PER_PAGE", 1)
    client, page = signed_in(olga, ago=LONG_AGO), of(batch)
    refused = client.post(
        of(batch, "withdraw/?q=a"), {"reason": " "}, headers={"referer": f"http://testserver{page}"}
    ).content.decode()
    ways = re.findall(r'(?:href="|get" action="|next" value="|next=)([^"]*)', refused)
    asked = [one for one in ways if "page=" in one or "%2F" in one or "moi-nguoi" in one]
    assert len(asked) >= 4
    assert not [one for one in ways if one.startswith("?") or "withdraw" in one]
    assert f'name="next" value="{page}"' in refused


def test_who_was_left_out_is_told_by_name(
    desk: Client, batch: CertificateBatch, people: list[Attendee]
) -> None:
    desk.post(of(batch, "approve/"), {**PAPER, **seen(batch)})
    Attendee.objects.filter(pk=people[0].pk).update(full_name="Nguyễn Thị Thu")
    page = text(desk.post(of(batch, "issue/"), follow=True))
    assert "1 người chưa được cấp. Nguyễn Thị Thu Hương: Thông tin đã sửa sau khi duyệt: họ và tên." in page
    assert Certificate.objects.count() == 3
    batch.lines.update(left_out="")
    batch.lines.filter(position=4).update(left_out="Đã có giấy số 0009/GCN.")
    shown = desk.get(of(batch))
    assert [line.position for line, _given in shown.context["lines"]] == [4, 1, 2, 3]
    assert "1 người không được cấp vì đã đổi sau khi duyệt: đứng đầu danh sách dưới đây" in text(shown)


def test_an_approval_that_came_before_is_said_and_not_written_again(
    desk: Client, batch: CertificateBatch, signer: User
) -> None:
    issuing.approve(batch, seen(batch)["seen"], by=signer)
    page = text(desk.post(of(batch, "approve/"), {**PAPER, **seen(batch)}, follow=True))
    assert "Đợt này đã được duyệt từ trước, không ghi thêm." in page
    assert "Đã ghi duyệt" not in page


def test_the_board_tells_the_signer_and_the_organisers_of_a_batch_that_waits_for_them(
    desk: Client, batch: CertificateBatch, signer: User, conference: Conference
) -> None:
    def lines(user: User) -> list[tuple[str, str, str]]:
        todo = signed_in(user).get("/admin/").context["todo"]
        return [(one["title"], one["verb"], one["url"]) for one in todo if "đợt" in one["title"]]

    olga = batch.drafted_by
    assert olga
    viewer = member(conference, "viewer", "Vân", Membership.Role.VIEWER)
    waits = "Giấy chứng nhận, đợt 1: chờ duyệt"
    assert lines(signer) == [(waits, "Xem và duyệt", of(batch))]
    assert lines(olga) == [(waits, "Xem đợt cấp", of(batch))]
    issuing.approve(batch, seen(batch)["seen"], by=signer)
    assert lines(signer) == lines(viewer) == []
    assert lines(olga) == [("Giấy chứng nhận, đợt 1: đã duyệt, chờ cấp", "Xem đợt cấp", of(batch))]
    issuing.issue(batch, by=olga)
    assert lines(olga) == []


def test_people_of_a_batch_are_found_without_marks_and_not_by_a_part_of_a_number(
    desk: Client, batch: CertificateBatch, people: list[Attendee]
) -> None:
    people[1].phone = "+84905123318"
    people[1].save()
    assert "Không có ai như đã lọc." in text(desk.get(of(batch), {"q": "123318"}))
    found = desk.get(of(batch), {"q": "ha trung"})
    assert rows(found) == ["Hà Trung Thọ"]
    assert '<input class="input" id="q"' in found.content.decode(), "as wide and as high as every other"
    assert "Không có ai như đã lọc." in text(desk.get(of(batch), {"q": "khong co"}))


def test_a_batch_of_another_conference_is_not_there(desk: Client, foreign_delegation: Delegation) -> None:
    foreign = CertificateBatch.objects.create(
        conference=foreign_delegation.conference, ordinal=1, scope="x", draft_key=uuid.uuid4()
    )
    assert desk.get(of(foreign)).status_code == 404
    assert desk.post(of(foreign, "issue/")).status_code == 404


def test_the_pages_ask_as_many_questions_for_thirty_people_as_for_one(
    desk: Client,
    conference: Conference,
    batch: CertificateBatch,
    delegation: Delegation,
    make_attendee: MakeAttendee,
) -> None:
    def grow() -> None:
        one = make_attendee(delegation, status="confirmed")
        batch.lines.create(attendee=one, position=one.pk, full_name=one.full_name, wording="attended")
        CertificateBatch.objects.create(
            conference=conference, ordinal=one.pk, scope="x", draft_key=uuid.uuid4()
        )

    for page in (of(batch), LIST, DRAFT):
        counts = same_count(desk, page, grow)
        assert len(set(counts)) == 1, (page, counts)


# ── Numbers ───────────────────────────────────────────────────────────────────────────────────────


def test_the_pattern_holds_for_what_is_issued_from_now_on(
    desk: Client, conference: Conference, people: list[Attendee]
) -> None:
    [old] = give(conference, people[:1])
    before = {"before": "{number:04}/GCN-{symbol}"}
    assert desk.post(NUMBERS, {"pattern": "{number:03}/{year}/GCN-{symbol}", **before}).status_code == 302
    [fresh] = give(conference, people[1:2])
    old.refresh_from_db()
    assert (old.full_number, fresh.full_number) == ("0001/GCN-BTTTT", "002/2024/GCN-BTTTT")
    assert "Số tiếp theo in là: 003/2024/GCN-BTTTT." in text(desk.get(LIST))
    stale = desk.post(NUMBERS, {"pattern": "{number}/GCN", **before})
    assert stale.status_code == 409
    assert "Người khác vừa đổi mẫu số" in text(stale)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("GCN", "đúng một chỗ {number}"),
        ("{number}{number}", "đúng một chỗ"),
        ("1{number}/GCN", "không viết liền chữ số"),
        ("{number}{year}", "không viết liền"),
        ("{number.__class__}", "Không có chỗ điền"),
        ("{number!r}", "Không có chỗ điền"),
        ("{number:>9999}", "Không có chỗ điền"),
        ("{number", "dấu ngoặc nhọn"),
        ("{number}/<b>", "chỉ gồm chữ"),
    ],
)
def test_a_pattern_that_cannot_number_is_refused_in_place(
    pattern: str, said: str, desk: Client, conference: Conference
) -> None:
    page = desk.post(NUMBERS, {"pattern": pattern, "before": ""})
    assert page.status_code == 200
    assert said in text(page)
    assert not NumberSeries.objects.exists()


def test_the_signer_sees_what_is_printed_in_the_look_and_words_of_the_batch(
    batch: CertificateBatch, people: list[Attendee], signer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = max(batch.lines.all(), key=lambda line: len(line.full_name))
    batch.lines.filter(pk=wanted.pk).update(full_name=f"{wanted.full_name} Đã Duyệt")
    drawn: list[str] = []
    draw = previewing._draw
    monkeypatch.setattr(previewing, "_draw", lambda *given: drawn.append(given[1]) or draw(*given))
    as_signer = signed_in(signer)
    assert of(batch, "look/") in as_signer.get(of(batch)).content.decode()
    page = as_signer.get(of(batch, "look/"))
    assert f"Tên dài nhất {wanted.full_name} Đã Duyệt" in text(page)
    assert page.content.count(b"data:image/png;base64,") == drawn[0].count("<section") >= 2
    assert "đã duyệt" in " ".join(strip_tags(drawn[0]).split()).lower()
    assert "no-store" in page["Cache-Control"]
