"""Certificates taken home: the holder's own, a delegation's in an archive, and the letter that says so."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from attendees import links
from attendees.models import Attendee, Delegation, Link
from conference import storing
from conference.models import Conference, User
from documents import certificates, handing_out
from documents.batches import CertificateBatch
from documents.models import Certificate, CertificateFile, Document
from mailing import outbox, sending
from mailing.models import Message
from tests.conference.desk import signed_in, text
from tests.smtp import MailServer
from tests.smtp import server as server  # fixtures
from tests.smtp import silent_bell as silent_bell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def made(issued: list[Certificate], work: Callable[[Document], Document]) -> list[Certificate]:
    """Certificates with their files."""
    work(Document.objects.get(kind="certificate-files"))
    return issued


def own(person: Attendee) -> str:
    return f"/{person.conference.slug}/people/{person.code}/certificate/"


def zipped(delegation: Delegation) -> str:
    return f"/{delegation.conference.slug}/delegations/{delegation.code}/certificates/"


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_desk_leads_from_a_certificate_to_its_check_and_to_its_file(
    made: list[Certificate], olga: User
) -> None:
    desk, one = signed_in(olga), made[0]
    body = desk.get(f"/admin/documents/certificate/{one.pk}/change/").content.decode()
    assert f'href="{reverse("documents:verify", args=(one.code,))}"' in body
    assert f'href="{own(one.attendee)}"' in body
    assert content(desk.get(own(one.attendee))).startswith(b"%PDF")
    CertificateFile.objects.all().delete()
    body = desk.get(f"/admin/documents/certificate/{one.pk}/change/").content.decode()
    assert f'href="{own(one.attendee)}"' not in body, "none until it is made"


def test_the_holder_takes_the_file_that_is_known_by_its_hash(
    made: list[Certificate], people: list[Attendee]
) -> None:
    person = people[0]
    guest = Client()
    token = links.token_of(links.make(person, Link.Purpose.PERSON, by=None))
    guest.post(reverse("attendees:link", args=(token,)))
    page = text(guest.get(f"/{person.conference.slug}/people/{person.code}/"))
    assert "Tải giấy chứng nhận" in page
    response = guest.get(own(person))
    kept = CertificateFile.objects.get(certificate__attendee=person)
    assert hashlib.sha256(content(response)).hexdigest() == kept.sha256
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store, private"
    assert guest.get(own(people[1])).status_code in (302, 404)


def test_the_signed_file_is_handed_out_before_the_copy_and_the_base_never(
    made: list[Certificate], people: list[Attendee], olga: User
) -> None:
    certificate = Certificate.objects.get(attendee=people[0])
    for kind in ("base", "signed"):
        name, sha256, size = storing.keep_bytes(f"%PDF- {kind}".encode(), "certificates", "pdf")
        certificate.files.create(kind=kind, file=name, sha256=sha256, size=size)
    assert content(signed_in(olga).get(own(people[0]))) == b"%PDF- signed"
    CertificateFile.objects.exclude(kind="base").delete()
    assert signed_in(olga).get(own(people[0])).status_code == 404


def test_a_delegation_takes_its_own_in_one_archive(
    made: list[Certificate], delegation: Delegation, other_delegation: Delegation, dan: User, mai: User
) -> None:
    page = text(signed_in(dan).get(f"/{delegation.conference.slug}/delegations/{delegation.code}/"))
    assert "Tải giấy chứng nhận của đoàn" in page
    with zipfile.ZipFile(io.BytesIO(content(signed_in(dan).get(zipped(delegation))))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "0002 Nguyễn Thị Thu Hương.pdf", "0003 H' Linh Niê Kđăm.pdf", "0004 Hà Trung Thọ.pdf",
        ]  # fmt: skip
        sums = {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    assert sums <= set(CertificateFile.objects.values_list("sha256", flat=True))
    assert signed_in(mai).get(zipped(delegation)).status_code == 404
    assert Client().get(zipped(delegation)).status_code == 302


def test_what_was_revoked_or_is_gone_from_the_disk_is_not_handed_out(
    made: list[Certificate], people: list[Attendee], olga: User
) -> None:
    certificates.revoke(Certificate.objects.get(attendee=people[3]), "Cấp nhầm", by=olga)
    assert signed_in(olga).get(own(people[3])).status_code == 404
    assert signed_in(olga).get(zipped(people[3].delegation)).status_code == 404
    storing.path(CertificateFile.objects.get(certificate__attendee=people[0]).file).unlink()
    assert signed_in(olga).get(own(people[0])).status_code == 404
    assert signed_in(olga).get(zipped(people[0].delegation)).status_code == 404


def test_letters_are_drafted_once_for_who_has_an_address_and_wait_for_approval(
    conference: Conference, issued: list[Certificate], people: list[Attendee], olga: User
) -> None:
    batch, desk = CertificateBatch.objects.get(), signed_in(olga)
    page = f"/admin/issuing/{batch.pk}/letters/"
    refused = desk.post(page, follow=True)
    assert "Chưa ai trong đợt có địa chỉ thư." in text(refused)
    Attendee.objects.filter(pk=people[0].pk).update(email="huong@hoinghi.example", honorific="ba")
    desk.cookies["django_language"] = "en"  # who drafts a letter decides nothing about its language
    for _ in range(2):
        assert "/admin/mailing/mailing/" in desk.post(page).headers["Location"]
    assert "3 people have no e-mail address" in text(desk.get("/admin/issuing/"))
    message = Message.objects.get()
    assert (message.state, message.to) == ("draft", ["huong@hoinghi.example"])
    assert message.values["so_giay"] == Certificate.objects.get(attendee=people[0]).full_number
    assert message.values["nguoi_nhan"] == message.recipient_name == f"Bà {people[0].full_name}"
    assert list(message.secrets) == ["link"]


@pytest.mark.parametrize("act", [certificates.revoke, certificates.replace])
def test_a_letter_about_a_certificate_that_is_not_valid_any_more_does_not_leave(
    act: Callable[..., Any], issued: list[Certificate], people: list[Attendee], olga: User,
    server: MailServer, silent_bell: Any,
) -> None:  # fmt: skip
    for number, person in enumerate(people[:2]):
        Attendee.objects.filter(pk=person.pk).update(email=f"nguoi{number}@hoinghi.example")
    with translation.override("en"):
        made = handing_out.announce(CertificateBatch.objects.get(), by=olga)
    assert made.title.startswith("Giấy chứng nhận, đợt 1: ")
    outbox.approve(made, by=olga)
    act(Certificate.objects.get(attendee=people[0]), "Ghi sai chức vụ", by=olga)
    stopped, other = made.messages.order_by("to")
    sending.send([stopped.pk, other.pk])
    stopped.refresh_from_db()
    said = "Giấy chứng nhận này đã thu hồi hoặc thay. Giấy cấp lại có thư báo riêng."
    assert (stopped.state, stopped.error) == ("cancelled", said)
    assert [one.to for one in server.received] == [("nguoi1@hoinghi.example",)]
