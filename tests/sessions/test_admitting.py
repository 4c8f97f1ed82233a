"""Whom the door of a session turns away."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees.models import Attendee, Band, Delegation
from conference.models import Conference
from sessions.admitting import turned_away
from sessions.models import Session, SignUp
from tests.conftest import MakeAttendee
from tests.sessions.plans import session, speaks

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(delegation: Delegation, make_attendee: MakeAttendee) -> Attendee:
    return make_attendee(delegation)


@pytest.fixture
def plan(conference: Conference) -> dict[str, Session]:
    """Two topics beside each other with places, one without, the reception all day, a topic later."""
    places = {"sign_up": True, "places": 10}
    sessions = [
        session(conference, "a", 9, 11, title="Chuyên đề A", **places),
        session(conference, "b", 9, 11, title="Chuyên đề B", **places),
        session(conference, "mo", 10, 12),
        session(conference, "don", 7, 17, kind="reception"),
        session(conference, "sau", 14, 15),
    ]
    return {one.code: one for one in sessions}


def away(person: Attendee, plan: dict[str, Session]) -> dict[str, str]:
    found = turned_away(person.conference, plan.values(), [person])
    code = {one.pk: one.code for one in plan.values()}
    return {code[at]: title for (at, _person), title in found.items()}


def test_who_has_no_place_is_turned_away_where_places_are_given(
    person: Attendee, plan: dict[str, Session]
) -> None:
    assert away(person, plan) == {"a": "", "b": ""}
    SignUp.objects.create(attendee=person, code="a", state="waiting")
    assert away(person, plan) == {"a": "", "b": ""}


def test_who_has_one_is_sent_there_from_what_runs_beside_it(
    person: Attendee, plan: dict[str, Session]
) -> None:
    SignUp.objects.create(attendee=person, code="a", state="taken")
    assert away(person, plan) == {"b": "Chuyên đề A", "mo": "Chuyên đề A"}


def test_who_has_a_part_is_let_in(person: Attendee, plan: dict[str, Session]) -> None:
    SignUp.objects.create(attendee=person, code="a", state="taken")
    speaks(person, plan["b"])
    assert away(person, plan) == {"mo": "Chuyên đề A"}


@pytest.mark.parametrize("band", [Band.STAFF, Band.SERVICE])
def test_staff_and_service_go_everywhere(person: Attendee, plan: dict[str, Session], band: str) -> None:
    person.category.band = band
    assert away(person, plan) == {}


def test_it_costs_three_queries_and_one_where_nobody_signs_up(
    person: Attendee, plan: dict[str, Session]
) -> None:
    with CaptureQueriesContext(connection) as asked:
        away(person, plan)
    assert len(asked) == 3
    Session.objects.update(sign_up=False)
    with CaptureQueriesContext(connection) as asked:
        assert away(person, plan) == {}
    assert len(asked) == 1
