"""Every form that changes something, sent twice as it was: a browser that retries, a finger too quick."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from conference.models import JournalEntry
from tests.conftest import MakeAttendee
from tests.journeys.crawl import kind_of
from tests.journeys.everybody import World, acts_of, again
from tests.journeys.pages import Field, Form, Page
from tests.journeys.policy import GUS, PIA
from tests.journeys.test_access import ROOMS

pytestmark = pytest.mark.slow

# Told each time, because each time something leaves the house: a file, a printed badge, and the secret of a
# phone, of which only a hash is kept (the former one is dead at once).
TOLD_EACH_TIME = {"export", "print", "offer_pairing"}


def state() -> dict[str, int]:
    """How many rows there are of everything, and how many acts were journalled."""
    models = [one for one in apps.get_models() if one._meta.app_label in ROOMS]
    found = {one._meta.label: one._base_manager.count() for one in models}
    return found | {"acts": JournalEntry.objects.exclude(act__in=TOLD_EACH_TIME).count()}


def effects(client: Client, form: Form, button: Field | None) -> tuple[bool, dict[str, int]]:
    """Did the first sending do something; and what the second did beyond it."""
    sent = form.filled("Trùng lịch công tác", button)
    with transaction.atomic():
        before = JournalEntry.objects.count()
        again(client).post(form.action, sent)
        if JournalEntry.objects.count() == before:
            transaction.set_rollback(True)
            return False, {}
        once = state()
        response = again(client).post(form.action, sent)
        assert response.status_code < 500, form.action
        twice = state()
        transaction.set_rollback(True)
    return True, {name: twice[name] - once[name] for name in once if twice[name] != once[name]}


@pytest.mark.parametrize(
    ("who", "start", "fewest"),
    [
        ("dan", "/da-lat-2024/delegations/lam-dong/", 4),
        (GUS, "/da-lat-2024/delegations/lam-dong/", 4),
        (PIA, "/da-lat-2024/people/{person}/", 2),
        ("greta", "/da-lat-2024/reception/?q=van", 1),
        ("olga", "/admin/", 8),
    ],
)
def test_a_form_sent_twice_acts_once(
    world: World, make_attendee: MakeAttendee, who: str, start: str, fewest: int
) -> None:
    make_attendee(world.own.delegation, "Lê Thị Chờ")
    client, done, doubled = world.clients[who], set(), []
    for form in acts_of(client, start.format(person=world.own.attendee.code)):
        for button in form.buttons[:4] or [None]:
            did, more = effects(client, form, button)
            if did:
                done.add((kind_of(form.action), button.name if button else ""))
            if more:
                doubled.append((form.action, button.value if button else "", more))

    assert len(done) >= fewest, "forms that do nothing prove nothing"
    assert doubled == []


def test_without_the_key_of_its_page_the_same_form_acts_twice(world: World) -> None:
    """The control: a press without a key is a new press."""
    page = f"/admin/attendees/delegation/{world.own.delegation.pk}/change/"
    shown = Page(page, world.clients["olga"].get(page).content.decode())
    form = next(one for one in shown.forms if one.action.endswith("/links/make/"))
    assert effects(world.clients["olga"], form, None) == (True, {})
    form.fields = [one for one in form.fields if one.name != "once"]
    assert effects(world.clients["olga"], form, None) == (True, {"attendees.Link": 1, "acts": 1})
