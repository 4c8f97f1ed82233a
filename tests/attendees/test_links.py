"""Personal links: what is kept of them, how long they are good, what they open."""

import datetime
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from attendees import answers, codes, links
from attendees.models import Attendee, Delegation, Link
from conference.models import Conference, JournalEntry, User
from tests.conftest import VN

pytestmark = pytest.mark.django_db

BEFORE = datetime.datetime(2024, 5, 20, 9, tzinfo=VN)


def test_a_token_has_160_bits_and_is_kept_nowhere(link: Link) -> None:
    token = links.token_of(link)
    assert (len(token), set(token) <= set(codes.ALPHABET)) == (32, True)
    everything = serializers.serialize("json", [link, *JournalEntry.objects.all()])
    assert token not in everything
    assert links.address_for(link.pk) == f"http://127.0.0.1:8000/l/{token}/"


def test_every_link_has_another_token(delegation: Delegation, olga: User) -> None:
    made = [links.make(delegation, Link.Purpose.ANSWER, by=olga) for _ in range(20)]
    assert len({links.token_of(one) for one in made}) == 20


def test_after_a_leak_the_links_of_the_former_key_are_withdrawn_and_no_others(
    link: Link, delegation: Delegation, olga: User, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key"
    new = links.make(delegation, Link.Purpose.ANSWER, by=olga)
    for arguments, is_good, said in (
        (["--dry-run"], True, "da-lat-2024: 1 links\nNothing was changed.\n"),
        (
            [],
            False,
            "da-lat-2024: 1 links\nDone. Make new ones at the desk, and write to whom they belong.\n",
        ),
        ([], False, "Today's key made every link that is good.\n"),
    ):
        call_command("withdraw_links", *arguments)
        link.refresh_from_db()
        new.refresh_from_db()
        assert (link.is_good, new.is_good, capsys.readouterr().out) == (is_good, True, said)
    assert JournalEntry.objects.filter(act="revoke", actor=None).count() == 1


@pytest.mark.parametrize("change", [str.lower, lambda token: f" {token[:16]}-{token[16:]}\u00a0"])
def test_a_token_that_was_typed_is_found(link: Link, change: Any) -> None:
    assert links.find(change(links.token_of(link))) == link


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token + "0",
        lambda token: token * 2,
        lambda token: token[::-1],
        lambda token: "",
        lambda token: "ế" * 32,
        lambda token: "0" * 100_000,
        lambda token: "leave",
    ],
)
def test_a_token_that_was_spoilt_finds_nothing(
    link: Link, spoil: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert links.find(spoil(links.token_of(link))) is None


def test_a_token_outlives_a_new_secret_key_while_the_old_one_is_known(link: Link, settings: Any) -> None:
    token, old = links.token_of(link), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, long enough " * 3, [old]
    assert (links.token_of(link), links.find(token)) == (token, link)
    settings.SECRET_KEY_FALLBACKS = []
    assert links.find(token) == link, "what stands in old letters still opens the page"
    with pytest.raises(links.NoAddress, match="Lập liên kết mới"):
        links.address_for(link.pk)


def test_an_address_is_not_given_out_when_the_link_is_withdrawn_or_over(link: Link, olga: User) -> None:
    Link.objects.update(expires_at=timezone.now(), created_at=BEFORE)
    with pytest.raises(links.NoAddress, match="đã hết hạn"):
        links.address_for(link.pk)
    links.revoke(link, by=olga)
    with pytest.raises(links.NoAddress, match="đã thu hồi"):
        links.address_for(link.pk)
    with pytest.raises(links.NoAddress, match="không còn"):
        links.address_for(0)


def test_a_link_for_the_answer_is_good_for_a_week_after_the_deadline(
    delegation: Delegation, olga: User
) -> None:
    Conference.objects.update(demo_now=None)
    delegation.refresh_from_db()
    with time_machine.travel(BEFORE, tick=False):
        link = links.make(delegation, Link.Purpose.ANSWER, by=olga)
        assert link.expires_at == datetime.datetime(2024, 6, 7, 17, tzinfo=VN)
        answers.extend(delegation, datetime.datetime(2024, 6, 4, 17, tzinfo=VN), by=olga)
        link.refresh_from_db()
        assert link.expires_at == datetime.datetime(2024, 6, 11, 17, tzinfo=VN)
    with time_machine.travel(datetime.datetime(2024, 7, 1, tzinfo=VN), tick=False):
        late = links.make(delegation, Link.Purpose.ANSWER, by=olga)
        assert late.expires_at == timezone.now() + datetime.timedelta(days=1)


def test_a_link_of_a_person_is_good_for_ninety_days_after_the_conference(
    person: Attendee, olga: User
) -> None:
    Conference.objects.update(demo_now=None)
    person.conference.refresh_from_db()
    with time_machine.travel(BEFORE, tick=False):
        link = links.make(person, Link.Purpose.PERSON, by=olga)
    assert link.expires_at.astimezone(VN).date() == datetime.date(2024, 9, 5)


def test_where_the_clock_stands_still_links_are_good_for_sixty_days(
    delegation: Delegation, person: Attendee
) -> None:
    with time_machine.travel(BEFORE, tick=False):
        made = (
            links.make(delegation, Link.Purpose.ANSWER, by=None),
            links.make(person, Link.Purpose.PERSON, by=None),
        )
        assert {one.expires_at - timezone.now() for one in made} == {datetime.timedelta(days=60)}


def test_only_organisers_make_and_withdraw_links(
    delegation: Delegation, link: Link, dan: User, victor: User
) -> None:
    for by in (dan, victor):
        with pytest.raises(PermissionDenied):
            links.make(delegation, Link.Purpose.ANSWER, by=by)
        with pytest.raises(PermissionDenied):
            links.revoke(link, by=by)
    assert Link.objects.good().count() == 1


def test_a_link_has_the_purpose_of_its_subject(delegation: Delegation, person: Attendee, olga: User) -> None:
    with pytest.raises(TypeError):
        links.make(delegation, Link.Purpose.PERSON, by=olga)
    with pytest.raises(TypeError):
        links.make(person, Link.Purpose.ANSWER, by=olga)


def test_making_and_withdrawing_are_journalled_once(link: Link, olga: User) -> None:
    assert [links.revoke(link, by=olga), links.revoke(link, by=olga)] == [True, False]
    entries = JournalEntry.objects.order_by("pk").values_list("act", "actor_name", "subject_name")
    name = "Liên kết của đoàn Tỉnh Lâm Đồng"
    assert list(entries) == [("make_link", "Olga", name), ("revoke", "Olga", name)]
