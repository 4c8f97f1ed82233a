"""The API of the door as a phone speaks it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from attendees.models import Attendee, Delegation
from checkin import pairing
from checkin.models import Device, Scan
from conference import storing
from conference.models import Conference, User
from sessions.models import Session
from tests.checkin.conftest import Phone
from tests.conference.blanking import without_tokens
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
API = "/da-lat-2024/door/api/"
STRICT = Client(enforce_csrf_checks=True)


def post(what: str, told: Any, token: str = "", api: str = API) -> HttpResponse:
    body = told if isinstance(told, bytes | str) else json.dumps(told)
    return STRICT.post(
        f"{api}{what}/", body, content_type="application/json", headers={"Authorization": f"Device {token}"}
    )


def scan(heard: str, sequence: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "sequence": sequence,
        "session": "khai-mac",
        "direction": "in",
        "heard": heard,
        "device_at": "2024-05-30T07:00:00+07:00",
        "offset_ms": 0,
        "error_ms": 500,
        **fields,
    }


@pytest.fixture
def person(delegation: Delegation, opening: Session, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(
        delegation, position="Phó Giám đốc", organisation_name="Sở TTTT", phone="+84905123318",
        email="an@dalat.example", birth_year=1975,
    )  # fmt: skip


def test_a_phone_pairs_scans_and_reads_the_state(
    conference: Conference, person: Attendee, olga: User
) -> None:
    device = Device.objects.create(conference=conference, name="Cửa A")
    secret = pairing.offer(device, by=olga)
    paired = post("pair", {"secret": secret})
    assert (paired.status_code, paired.json()["device"]) == (200, "Cửa A")
    token = paired.json()["token"]
    one = scan(person.badge_token)
    first = post("scans", {"scans": [one]}, token)
    assert first.json()["answers"] == [
        {
            "id": one["id"],
            "answer": "welcome",
            "name": "Nguyễn Văn An",
            "title": "Phó Giám đốc",
            "organisation": "Sở TTTT",
            "delegation": person.delegation.name,
            "category": "Sở Thông tin và Truyền thông",
            "seat": "",
            "photo": False,
            "since": "2024-05-30T00:00:00+00:00",
            "where": "Cửa A",
        }
    ]
    assert post("scans", {"scans": [one]}, token).json() == first.json()
    state = STRICT.get(f"{API}state/", headers={"Authorization": f"Device {token}"})
    [session] = state.json()["sessions"]
    assert (session["code"], session["present"]) == ("khai-mac", 1)
    for response in (paired, first, state):
        assert response.cookies == {}
        assert response["Cache-Control"] == "no-store"
    device.refresh_from_db()
    assert device.last_seen_at is not None


def test_the_door_never_learns_how_to_reach_a_person(person: Attendee, phone: Phone) -> None:
    text = post("scans", {"scans": [scan(person.badge_token)]}, phone.token).content.decode()
    for secret in ("905", "318", "dalat.example", "1975"):
        assert secret not in without_tokens(text)


def test_a_revoked_device_is_told_so(phone: Phone, opening: Session, olga: User) -> None:
    pairing.revoke(phone.device, by=olga, reason="Mất máy")
    response = post("scans", {"scans": []}, phone.token)
    assert (response.status_code, response.json()["code"]) == (401, "revoked")
    assert "thu hồi" in response.json()["error"]


def test_without_a_token_or_with_a_foreign_one_nothing_opens(
    phone: Phone, foreign_delegation: Delegation, greta: User, person: Attendee
) -> None:
    signed_in = Client()
    signed_in.force_login(greta)
    body = json.dumps({"scans": [scan(person.badge_token)]})
    told = signed_in.post(f"{API}scans/", body, content_type="application/json")
    assert (told.status_code, told.json()["code"]) == (401, "revoked")
    for api in ("/ha-long-2022/door/api/", "/khong-co/door/api/"):
        assert post("scans", {"scans": []}, phone.token, api).status_code == 401
        assert post("pair", {"secret": "0" * 32}, api=api).status_code == 403
    assert Scan.objects.count() == 0


def test_the_wrong_method_is_named(phone: Phone) -> None:
    response = STRICT.get(f"{API}scans/")
    assert (response.status_code, response["Allow"], response.json()["code"]) == (405, "POST", "method")


def test_too_much_is_refused_with_a_sentence(phone: Phone, opening: Session) -> None:
    many = post("scans", {"scans": [scan("x", n) for n in range(501)]}, phone.token)
    assert (many.status_code, many.json()["code"]) == (413, "too-many")
    for size in (2, 7):
        large = post("scans", b" " * size * 1024 * 1024, phone.token)
        assert (large.status_code, large.json()["code"]) == (413, "too-large")


def test_who_tries_too_often_waits(conference: Conference, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "pair": "2/m/ip"}
    told = [post("pair", {"secret": "x"}).status_code for _ in range(3)]
    assert told == [403, 403, 429]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MANGLED = st.builds(
    lambda name, value: scan("x") | {name: value}, st.sampled_from([*scan("x")]), JSON
) | st.builds(lambda name: {k: v for k, v in scan("x").items() if k != name}, st.sampled_from([*scan("x")]))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=JSON | st.binary(max_size=40) | st.builds(lambda rows: {"scans": rows}, JSON | st.lists(MANGLED)))
@example(told="[" * 100_000)
@example(told='{"scans": [' + "9" * 5000 + "]}")
@example(told={"secret": "\0"})
@example(told={"scans": [scan("\0")]})
@example(told={"scans": [scan("\ud800")]})
@example(told={"scans": [scan("x", device_at="0001-01-01T00:00:00+14:00")]})
@example(told={"scans": [scan("x", device_at="9999-12-31T23:59:59-14:00", offset_ms=10**12)]})
@example(told={"scans": [scan("x", sequence=True)]})
@example(told={"scans": [scan("x", id="{" + str(uuid.uuid4()) + "}")]})
def test_whatever_is_sent_no_page_breaks(phone: Phone, opening: Session, told: Any) -> None:
    for what in ("pair", "scans", "relay"):
        response = post(what, told, phone.token)
        if response.status_code != 200:
            assert 400 <= response.status_code < 500
            assert response.json()["error"]
            assert response.json()["code"]


# ── Photos ────────────────────────────────────────────────────────────────────────────────────────


def look(code: str, token: str, api: str = API) -> HttpResponse:
    return Client().get(f"{api}photo/{code}/", headers={"Authorization": f"Device {token}"})


@pytest.mark.usefixtures("media")
def test_a_photo_is_shown_to_phones_of_the_conference_and_to_nobody_else(
    person: Attendee, phone: Phone, olga: User, foreign_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    stranger = make_attendee(foreign_delegation, "Người Khác")
    for one in (person, stranger):
        name, *_more = storing.keep_bytes(b"jpeg", f"portraits/{one.pk}", "jpg")
        Attendee.objects.filter(pk=one.pk).update(photo=name)
    found = look(person.code, phone.token)
    assert (found.status_code, found.content, found["Content-Type"]) == (200, b"jpeg", "image/jpeg")
    assert (found["Cache-Control"], found.cookies) == ("no-store", {})
    for code in (stranger.code, "KHONG-CO"):
        absent = look(code, phone.token)
        assert (absent.status_code, absent.json()["code"]) == (404, "photo")
        assert absent["Cache-Control"] == "no-store"
    api = API.replace(person.conference.slug, foreign_delegation.conference.slug)
    assert look(stranger.code, phone.token, api).status_code == 401
    for token in ("", "0" * 32):
        assert look(person.code, token).status_code == 401
    told = post("scans", {"scans": [scan(person.badge_token)]}, phone.token).json()["answers"]
    assert told[0]["photo"] is True
    pairing.revoke(phone.device, by=olga, reason="Mất máy")
    assert look(person.code, phone.token).status_code == 401
    Attendee.objects.filter(pk=person.pk).update(photo="portraits/khong-co.jpg")
    assert Client().post(f"{API}photo/{person.code}/").status_code == 405
