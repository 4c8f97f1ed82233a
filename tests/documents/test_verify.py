"""The public page: what it says of a certificate, what it keeps to itself, and whom it makes wait."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from attendees.models import Attendee
from conference.models import Conference, User
from documents import certificates
from documents.models import Certificate
from documents.views_verify import MOST_A_MINUTE
from tests.documents.conftest import give

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_questions_yet() -> None:
    cache.clear()


@pytest.fixture
def certificate(conference: Conference, people: list[Attendee], olga: User) -> Certificate:
    Attendee.objects.update(phone="+84912345678", email="huong@hoinghi.example", birth_year=1980)
    return give(conference, [people[0]], by=olga)[0]


def headers(answer: HttpResponse) -> dict[str, str]:
    """Without the length: the page names its own address once."""
    return {
        name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Content-Length")
    }


def ask(client: Client, code: str) -> str:
    answer = client.get(f"/v/{code}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_valid_certificate_shows_what_stands_on_it_and_nothing_else(
    client: Client, certificate: Certificate
) -> None:
    page = ask(client, certificate.code)
    for text in ("có giá trị", "Nguyễn Thị Thu Hương", "0001/GCN-BTTTT", "07/6/2024", "Bản chưa ký số"):
        assert text in page
    for secret in (
        "912345678",
        "912 345",
        "huong@",
        "1980",
        certificate.attendee.badge_token,
        "Phó Giám đốc",
    ):
        assert secret not in page


def test_codes_are_read_as_people_type_them(client: Client, certificate: Certificate) -> None:
    typed = "-".join(certificate.code[i : i + 4] for i in (0, 4, 8, 12)).lower()
    assert "có giá trị" in ask(client, typed)
    sent = client.get("/v/", {"code": f" {typed} "})
    assert (sent.status_code, sent["Location"]) == (302, f"/v/{certificate.code}")


def test_a_revoked_certificate_says_so_and_not_why(
    client: Client, certificate: Certificate, olga: User
) -> None:
    certificates.revoke(certificate, "Vắng mặt buổi chiều", by=olga)
    page = ask(client, certificate.code)
    assert "đã bị thu hồi" in page
    assert "verdict--revoked" in page
    assert "Vắng mặt" not in page


def test_a_replaced_certificate_says_so_at_once(client: Client, certificate: Certificate, olga: User) -> None:
    fresh = certificates.replace(certificate, "Sửa họ tên", by=olga)
    assert "đã được thay" in ask(client, certificate.code)
    assert "có giá trị" in ask(client, fresh.code)


@pytest.mark.parametrize("code", ["0000000000000000", "x", "1" * 300, "%20", "0001", "K7QF-M2XD", "é" * 16])
def test_unknown_and_impossible_codes_get_one_answer(
    client: Client, certificate: Certificate, code: str
) -> None:
    reference = client.get("/v/ZZZZZZZZZZZZZZZZ")
    answer = client.get(f"/v/{code}")
    assert answer.status_code == 200
    assert "Không tìm thấy giấy chứng nhận" in answer.content.decode()
    assert headers(answer) == headers(reference)


def test_the_number_opens_nothing(client: Client, certificate: Certificate) -> None:
    for guess in ("0001", "0001-GCN-BTTTT", str(certificate.pk)):
        assert "Không tìm thấy" in ask(client, guess)


def test_known_and_unknown_are_headed_alike(client: Client, certificate: Certificate) -> None:
    known, unknown = client.get(f"/v/{certificate.code}"), client.get("/v/ZZZZZZZZZZZZZZZZ")
    assert sorted(known.headers) == sorted(unknown.headers)
    assert known["X-Robots-Tag"] == "noindex, nofollow"
    assert known["Referrer-Policy"] == "no-referrer"
    assert known["Cache-Control"] == "no-store"


def test_an_impossible_code_in_the_form_is_explained_at_the_field(client: Client) -> None:
    page = client.get("/v/", {"code": "123"})
    assert page.status_code == 200
    assert "Mã kiểm tra có 16 ký tự" in page.content.decode()
    assert "Nhập mã kiểm tra in trên giấy" in client.get("/v/", {"code": ""}).content.decode()


def test_who_asks_too_often_waits(client: Client, certificate: Certificate) -> None:
    codes = [client.get("/v/ZZZZZZZZZZZZZZZZ").status_code for _ in range(MOST_A_MINUTE + 2)]
    assert codes == [200] * MOST_A_MINUTE + [429] * 2
    waiting = client.get(f"/v/{certificate.code}")
    assert (waiting.status_code, waiting["Retry-After"]) == (429, "60")
    assert client.get(f"/v/{certificate.code}", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_the_page_changes_nothing(client: Client, certificate: Certificate) -> None:
    assert client.post(f"/v/{certificate.code}").status_code == 405
    assert client.post("/v/", {"code": certificate.code}).status_code == 405
    assert client.head(f"/v/{certificate.code}").status_code == 200
