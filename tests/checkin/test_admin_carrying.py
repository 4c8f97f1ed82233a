"""A file of scans at the desk."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from attendees.models import Attendee
from checkin.models import Scan
from conference.models import Conference, User
from tests.checkin.conftest import Phone
from tests.checkin.test_carrying import exported
from tests.checkin.test_views import scan
from tests.sessions.test_views import text_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/devices/scans/"


@pytest.fixture(autouse=True)
def demo(settings: LazySettings) -> None:
    settings.DEMO = True  # no second factor in the way


def file_of(phone: Phone, *scans: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"form": "hoi-nghi-scans-1", "conference": "da-lat-2024", "device_name": "Cửa A"}
    return {**told, **exported(phone, *scans), **more}


def send(client: Client, told: Any) -> HttpResponse:
    content = told if isinstance(told, bytes) else json.dumps(told).encode()
    return client.post(PAGE, {"file": SimpleUploadedFile("luot-quet.json", content)})


def test_a_file_is_taken_and_again_changes_nothing(
    client: Client, olga: User, person: Attendee, phone: Phone
) -> None:
    client.force_login(olga)
    assert "Nhận tệp lượt quét" in text_of(client.get(PAGE))
    wrong_session = scan(person.badge_token, 3, session="khac")
    told = file_of(phone, scan(person.badge_token), scan("xxx", 2), wrong_session)
    for _time in range(2):
        page = text_of(send(client, told))
        assert "Đã nhận 2 lượt quét Mời vào 1 Không nhận ra thẻ 1" in page
        assert "1 lượt không nhận Thiết bị này không phục vụ phiên đó." in page
    assert Scan.objects.count() == 2


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"[]", b'{"form": "khac"}', b"\x00\xff", b"[" * 100_000, b"x" * 3_000_000]
)
def test_what_is_no_such_file_gets_a_sentence(
    client: Client, olga: User, conference: Conference, content: bytes
) -> None:
    client.force_login(olga)
    answer = send(client, content)
    assert answer.status_code == 200
    assert ("Đây không phải tệp lượt quét." if content else "Tệp này trống.") in text_of(answer)


def test_a_damaged_file_is_refused(client: Client, olga: User, person: Attendee, phone: Phone) -> None:
    client.force_login(olga)
    answer = send(client, file_of(phone, scan(person.badge_token), mac="0" * 64))
    assert "Tệp lượt quét hỏng" in text_of(answer)
    assert not Scan.objects.exists()


def test_only_organisers_bring_files(
    client: Client, victor: User, greta: User, person: Attendee, phone: Phone
) -> None:
    for user in (victor, greta):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
        assert send(client, file_of(phone, scan(person.badge_token))).status_code == 403
    assert not Scan.objects.exists()
