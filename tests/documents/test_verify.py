"""The public page: what it says of a certificate, what it keeps to itself, and whom it makes wait."""

import datetime
import re

import pytest
import time_machine
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from attendees.models import Attendee
from conference.models import Conference, User
from documents import certificates
from documents.models import Certificate, CertificateFile
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
    """Without the length, as the page names its own address once, and without the number of the request."""
    own = ("Set-Cookie", "Content-Length", "X-Request-ID")
    return {name: value for name, value in answer.headers.items() if name not in own}


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
        certificate.attendee.badge_token,
        "Phó Giám đốc",
    ):
        assert secret not in page
    assert not re.search(r"\b1980\b", page)  # a hash may hold these digits


def test_what_the_paper_says_of_the_conference_is_told_whatever_was_corrected_since(
    client: Client, certificate: Certificate, conference: Conference
) -> None:
    before = ask(client, certificate.code)
    assert (conference.issuing_agency in before, conference.place in before) == (True, True)
    conference.title, conference.place = "Hội nghị khác", "thành phố Huế"
    conference.issuing_agency = "Cơ quan khác"
    conference.save()
    page = ask(client, certificate.code)
    for text in ("Hội nghị khác", "Huế", "Cơ quan khác"):
        assert text not in page.split("</main>")[0].split("<main")[1]


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


def test_a_certificate_was_revoked_on_the_day_of_its_place(
    client: Client, certificate: Certificate, olga: User
) -> None:
    """Half past seven in the evening in Paris is half past midnight of the next day in Vietnam."""
    certificates.revoke(certificate, "Vắng mặt buổi chiều", by=olga)
    at = datetime.datetime(2024, 6, 10, 17, 30, tzinfo=datetime.UTC)
    Certificate.objects.filter(pk=certificate.pk).update(ended_at=at)
    Conference.objects.update(time_zone="Europe/Paris")
    assert "thu hồi ngày 10/6/2024" in ask(client, certificate.code)


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
    with time_machine.travel(timezone.now(), tick=False):
        codes = [client.get("/v/ZZZZZZZZZZZZZZZZ").status_code for _ in range(32)]
        assert codes == [200] * 30 + [429] * 2
        waiting = client.get(f"/v/{certificate.code}")
        assert (waiting.status_code, waiting["Retry-After"]) == (429, "60")
        assert client.get(f"/v/{certificate.code}", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_who_asks_while_waiting_waits_no_longer(
    client: Client, certificate: Certificate, settings: LazySettings
) -> None:
    """A hall asks behind one address: what was refused is not counted, and old questions are forgotten."""
    settings.ACCOUNT_RATE_LIMITS = {"verify": "3/3s/ip"}

    with time_machine.travel(timezone.now(), tick=False) as clock:

        def ask_for(fifths: int) -> list[int]:
            """So many fifths of a second, once in each."""
            codes = []
            for _ in range(fifths):
                codes.append(client.get(f"/v/{certificate.code}").status_code)
                clock.shift(0.2)
            return codes

        first = ask_for(10)
        assert (first[:3], set(first[3:])) == ([200] * 3, {429})
        assert ask_for(20).count(200) >= 3


def test_the_page_changes_nothing(client: Client, certificate: Certificate) -> None:
    assert client.post(f"/v/{certificate.code}").status_code == 405
    assert client.post("/v/", {"code": certificate.code}).status_code == 405
    assert client.head(f"/v/{certificate.code}").status_code == 200


# ── Files and their signature ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def file(certificate: Certificate) -> CertificateFile:
    return CertificateFile.objects.create(
        certificate=certificate, kind="copy", file="certificates/aa/a.pdf", sha256="a" * 64, size=1000
    )


def test_the_hash_of_a_file_is_compared_with_what_was_handed_out(
    client: Client, certificate: Certificate, file: CertificateFile
) -> None:
    CertificateFile.objects.create(
        certificate=certificate, kind="base", file="certificates/bb/b.pdf", sha256="b" * 64, size=1000
    )
    page = ask(client, certificate.code)
    assert "a" * 64 in page
    assert "b" * 64 not in page, "what waits for a signature is handed out to nobody"
    for typed, sentence in (
        ("A" * 64, "đúng là bản đã cấp, chưa ký số"),
        ("c" * 64, "Tệp này khác với các bản đã cấp"),
        ("b" * 64, "Tệp này khác với các bản đã cấp"),
        ("abc", "Mã băm SHA-256 có 64 ký tự"),
        ("", "Nhập mã băm SHA-256"),
    ):
        answer = client.get(f"/v/{certificate.code}", {"sha256": typed}).content.decode()
        said = re.search(r"data-same[^>]*>([^<]*)</p>", answer)
        assert said is not None
        assert sentence in said[1] or sentence in answer.split("data-same")[0], typed


def test_a_signed_one_says_by_whom_and_when(
    client: Client, certificate: Certificate, file: CertificateFile
) -> None:
    at = datetime.datetime(2024, 6, 8, 2, 30, tzinfo=datetime.UTC)
    CertificateFile.objects.create(
        certificate=certificate, kind="signed", file="certificates/cc/c.pdf", sha256="c" * 64, size=1000,
        signer="Bộ Thông tin và Truyền thông", signed_at=at,
    )  # fmt: skip
    page = ask(client, certificate.code)
    assert "Đã ký số bởi Bộ Thông tin và Truyền thông, lúc 09:30, 08/6/2024" in page
    assert "c" * 64 in page


def test_every_answer_has_one_size_and_asks_as_many_questions(
    client: Client, conference: Conference, people: list[Attendee], olga: User, certificate: Certificate,
    file: CertificateFile,
) -> None:  # fmt: skip
    [other] = give(conference, [people[1]], by=olga)
    certificates.revoke(other, "Cấp nhầm", by=olga)
    seen = []
    for code in (certificate.code, other.code, "ZZZZZZZZZZZZZZZZ", "x", "1" * 300):
        client.get(f"/v/{code}")
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/v/{code}")
        seen.append((len(answer.content), len(asked)))
    assert len(set(seen)) == 1, seen


def test_the_desk_sees_how_often_a_code_was_asked_for(client: Client, certificate: Certificate) -> None:
    for _ in range(3):
        client.get(f"/v/{certificate.code}")
    certificate.refresh_from_db()
    assert certificate.asked == 3
    assert certificate.asked_at is not None
    assert "3" not in {line.strip() for line in ask(client, certificate.code).splitlines()}
