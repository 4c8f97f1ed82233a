"""Scans that come by another phone or in a file are the scans of the phone that recorded them."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from attendees import codes
from attendees.models import Attendee, Delegation
from checkin import pairing
from checkin.carrying import carry
from checkin.models import Scan
from checkin.pairing import Refused
from conference.models import Conference, JournalEntry, User
from tests.checkin.conftest import Phone
from tests.checkin.test_views import post, scan

pytestmark = pytest.mark.django_db


def exported(phone: Phone, *scans: dict[str, Any], slug: str = "da-lat-2024") -> dict[str, Any]:
    """As the phone writes it."""
    text = json.dumps(scans)
    said = f"{slug}\n{phone.device.pk}\n{text}".encode()
    mac = hmac.new(codes.hashed(phone.token).encode(), said, sha256).hexdigest()
    return {"device": phone.device.pk, "scans": text, "mac": mac}


def test_another_phone_brings_them_and_sending_them_again_is_acknowledged(
    person: Attendee, phone: Phone, other_phone: Phone
) -> None:
    one = scan(person.badge_token)
    brought = post("relay", exported(phone, one), other_phone.token)
    assert [row["answer"] for row in brought.json()["answers"]] == ["welcome"]
    assert post("relay", exported(phone, one), other_phone.token).json() == brought.json()
    assert post("scans", {"scans": [one]}, phone.token).json()["answers"] == brought.json()["answers"]
    assert Scan.objects.get().device == phone.device


def test_what_was_changed_on_the_way_is_refused(person: Attendee, phone: Phone, other_phone: Phone) -> None:
    file = exported(phone, scan(person.badge_token))
    for wrong in (
        {**file, "scans": file["scans"].replace('"in"', '"out"')},
        {**file, "device": other_phone.device.pk},
        {**file, "mac": "0" * 64},
        exported(phone, scan(person.badge_token), slug="khac"),
    ):
        answer = post("relay", wrong, other_phone.token)
        assert (answer.status_code, answer.json()["code"]) == (400, "carried")
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"scans": ["x"]}, {"scans": "{"}, {"scans": "1"}, {"scans": "[\ud800]"}, {"mac": "x"}, {"mac": None},
     {"device": "1"}, {"device": 0}, {"device": 2**63}],
)  # fmt: skip
def test_what_is_no_file_gets_a_sentence(
    person: Attendee, phone: Phone, other_phone: Phone, change: dict[str, Any]
) -> None:
    answer = post("relay", exported(phone, scan(person.badge_token)) | change, other_phone.token)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_phone_without_a_token_proves_nothing_by_itself(
    person: Attendee, conference: Conference, phone: Phone, other_phone: Phone, olga: User, greta: User
) -> None:
    file = exported(phone, scan(person.badge_token))
    pairing.revoke(phone.device, by=olga, reason="Mất máy")
    empty = {
        **file,
        "mac": hmac.new(b"", f"da-lat-2024\n{file['device']}\n{file['scans']}".encode(), sha256).hexdigest(),
    }
    for told in (file, empty):
        assert post("relay", told, other_phone.token).json()["code"] == "carried"
    with pytest.raises(PermissionDenied):
        carry(conference, file, by=greta)
    [answer] = carry(conference, file, by=olga)
    assert (answer.verdict, answer.attendee) == ("welcome", person)
    assert JournalEntry.objects.get(act="carry_scans").actor == olga


def test_a_phone_in_whose_place_another_was_paired_gives_its_file_to_an_organiser(
    person: Attendee, conference: Conference, phone: Phone, other_phone: Phone, olga: User
) -> None:
    file = exported(phone, scan(person.badge_token))
    pairing.pair(conference.slug, pairing.offer(phone.device, by=olga))  # another phone, at the same door
    assert post("relay", file, other_phone.token).json()["code"] == "carried"
    damaged = {**file, "scans": file["scans"].replace('"in"', '"out"')}
    with pytest.raises(Refused, match="hỏng"):
        carry(conference, damaged, by=olga)
    [answer] = carry(conference, file, by=olga)
    assert (answer.verdict, answer.attendee) == ("welcome", person)


def test_a_file_of_another_conference_is_refused(
    person: Attendee, foreign_delegation: Delegation, phone: Phone, ada: User
) -> None:
    with pytest.raises(Refused, match="hội nghị khác"):
        carry(foreign_delegation.conference, exported(phone, scan(person.badge_token)), by=ada)


def test_a_long_file_is_taken_whole(
    person: Attendee, conference: Conference, phone: Phone, olga: User
) -> None:
    scans = [scan(person.badge_token, number) for number in range(1, 702)]
    assert len(carry(conference, exported(phone, *scans), by=olga)) == 701
    assert Scan.objects.count() == 701
