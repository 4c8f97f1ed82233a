"""Phones are offered a code, paired by it once, revoked."""

from __future__ import annotations

import datetime
import threading
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from attendees.models import Delegation
from checkin import pairing
from checkin.models import Device, DeviceQuerySet
from checkin.pairing import Refused
from conference.models import Conference, User
from conference.redacting import redact
from sessions.models import Session
from tests.checkin.conftest import Phone
from tests.patience import LONGEST

CLIENTS = 8


@pytest.fixture
def device(conference: Conference) -> Device:
    return Device.objects.create(conference=conference, name="Cửa A – điện thoại 1")


@pytest.mark.django_db
def test_a_secret_pairs_once_and_only_hashes_are_kept(
    conference: Conference, device: Device, olga: User
) -> None:
    secret = pairing.offer(device, by=olga)
    paired, token = pairing.pair(conference.slug, secret)
    assert (paired, pairing.device_of(conference.slug, token)) == (device, device)
    assert (paired.state, paired.paired_by) == (Device.State.PAIRED, olga)
    stored = " ".join(map(str, Device.objects.values_list().get(pk=device.pk)))
    assert secret not in stored
    assert token not in stored
    with pytest.raises(Refused, match="đã dùng"):
        pairing.pair(conference.slug, secret)
    acts = list(conference.journal.order_by("pk").values_list("act", flat=True))
    assert acts == ["offer_pairing", "pair"]


@pytest.mark.django_db
def test_a_secret_is_good_for_fifteen_minutes(conference: Conference, device: Device, olga: User) -> None:
    secret = pairing.offer(device, by=olga)
    device.refresh_from_db()
    left = device.secret_until - timezone.now()
    assert datetime.timedelta(minutes=14) < left <= pairing.GOOD_FOR
    Device.objects.filter(pk=device.pk).update(secret_until=timezone.now())
    with pytest.raises(Refused):
        pairing.pair(conference.slug, secret)


@pytest.mark.django_db
def test_a_new_offer_ends_the_secret_and_the_token_before_it(
    conference: Conference, device: Device, olga: User
) -> None:
    first = pairing.offer(device, by=olga)
    _, token = pairing.pair(conference.slug, pairing.offer(device, by=olga))
    with pytest.raises(Refused):
        pairing.pair(conference.slug, first)
    pairing.offer(device, by=olga)
    with pytest.raises(Refused):
        pairing.device_of(conference.slug, token)


@pytest.mark.django_db
def test_a_revoked_device_opens_nothing_and_is_never_offered_again(
    conference: Conference, phone: Phone, olga: User
) -> None:
    assert pairing.revoke(phone.device, by=olga, reason="Mất máy")
    assert not pairing.revoke(phone.device, by=olga, reason="Mất máy")
    with pytest.raises(Refused):
        pairing.device_of(conference.slug, phone.token)
    with pytest.raises(Refused):
        pairing.offer(phone.device, by=olga)
    [entry] = conference.journal.filter(act="revoke")
    assert entry.changes["reason"] == [None, "Mất máy"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.filter(pk=phone.device.pk).update(token_hash="0" * 64)


@pytest.mark.django_db
def test_a_waiting_secret_is_revoked_too(conference: Conference, device: Device, olga: User) -> None:
    secret = pairing.offer(device, by=olga)
    pairing.revoke(device, by=olga, reason="Nhầm")
    with pytest.raises(Refused):
        pairing.pair(conference.slug, secret)


@pytest.mark.django_db
def test_name_and_sessions_are_changed_and_journalled_once(
    conference: Conference, device: Device, opening: Session, olga: User
) -> None:
    assert pairing.change(device, " Cửa  B ", [opening], by=olga)
    device.refresh_from_db()
    assert (device.name, list(device.sessions.all())) == ("Cửa B", [opening])
    assert not pairing.change(device, "Cửa B", [opening], by=olga)
    [entry] = conference.journal.filter(act="edit")
    assert entry.changes == {"name": ["Cửa A – điện thoại 1", "Cửa B"], "sessions": ["", "Khai mạc"]}
    Device.objects.create(conference=conference, name="Cửa C")
    with pytest.raises(ValidationError, match="Đã có thiết bị mang tên này"):
        pairing.change(device, "Cửa C", [opening], by=olga)
    pairing.revoke(device, by=olga, reason="Mất máy")
    with pytest.raises(Refused, match="đã thu hồi"):
        pairing.change(device, "Cửa D", by=olga)


@pytest.mark.django_db
def test_who_changes_a_device_second_is_told(device: Device, opening: Session, olga: User, ada: User) -> None:
    seen = device.shown
    pairing.change(device, "Cửa A", [opening], by=ada, shown=seen)
    with pytest.raises(ValidationError, match="Người khác vừa sửa") as refused:
        pairing.change(device, "Cửa B", by=olga, shown=seen)
    assert refused.value.code == "stale"
    assert not pairing.change(device, "Cửa A", [opening], by=olga, shown=seen)  # the same form sent twice


@pytest.mark.django_db
def test_only_organisers_offer_and_revoke(device: Device, victor: User, greta: User, sam: User) -> None:
    for user in (victor, greta, sam):
        with pytest.raises(PermissionDenied):
            pairing.change(device, "Cửa B", by=user)
        with pytest.raises(PermissionDenied):
            pairing.offer(device, by=user)
        with pytest.raises(PermissionDenied):
            pairing.revoke(device, by=user, reason="")


@pytest.mark.django_db
def test_secrets_and_tokens_open_nothing_elsewhere(
    device: Device, phone: Phone, olga: User, foreign_delegation: Delegation
) -> None:
    elsewhere = foreign_delegation.conference
    with pytest.raises(Refused):
        pairing.pair(elsewhere.slug, pairing.offer(device, by=olga))
    with pytest.raises(Refused):
        pairing.device_of(elsewhere.slug, phone.token)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "x", "\0", "\ud800", "0" * 32, "é" * 100_000])
def test_whatever_is_no_secret_is_refused(conference: Conference, device: Device, text: str) -> None:
    with pytest.raises(Refused):
        pairing.pair(conference.slug, text)
    with pytest.raises(Refused):
        pairing.device_of(conference.slug, text)


@pytest.mark.django_db
def test_logs_strike_secrets_and_tokens(
    conference: Conference, device: Device, phone: Phone, olga: User
) -> None:
    secret = pairing.offer(device, by=olga)
    address = pairing.address_of(conference, secret)
    assert address.endswith(f"/da-lat-2024/door/#{secret}")
    assert secret not in redact(f"GET {address}")
    assert phone.token not in redact(f"Authorization: Device {phone.token}")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_of_many_phones_with_one_code_exactly_one_is_paired(
    conference: Conference,
    device: Device,
    olga: User,
    monkeypatch: pytest.MonkeyPatch,
    is_locked: bool,
) -> None:
    secret = pairing.offer(device, by=olga)
    together, told = threading.Barrier(CLIENTS), list[str]()
    first = QuerySet.first

    def late(rows: DeviceQuerySet) -> Device | None:
        """The control: no lock, and everybody has read before anybody writes."""
        found = first(rows)
        together.wait(LONGEST)
        return found

    if not is_locked:
        monkeypatch.setattr(DeviceQuerySet, "select_for_update", lambda rows, of=(): rows)
        monkeypatch.setattr(DeviceQuerySet, "first", late)

    def phone() -> None:
        if is_locked:
            together.wait(LONGEST)
        try:
            pairing.pair(conference.slug, secret)
            told.append("paired")
        except Refused:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=phone) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if is_locked:
        assert Counter(told) == {"paired": 1, "refused": CLIENTS - 1}
        assert conference.journal.filter(act="pair").count() == 1
    else:
        assert told.count("paired") > 1
