"""Which sessions are marked for which delegation."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from attendees.models import Delegation
from sessions.marking import marks
from sessions.models import SignUp
from tests.conftest import MakeAttendee
from tests.sessions.plans import entry, part


@pytest.mark.django_db
def test_sessions_are_marked_for_the_delegations_whose_people_have_a_part_in_them(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    quan, an = make_attendee(delegation, "Trần Minh Quân"), make_attendee(delegation, "Lê An")
    binh = make_attendee(other_delegation, "Vũ Bình")
    programme = [
        entry("mot", people=(part(attendee=quan.code), part(attendee=binh.code, role="chair"))),
        entry("hai", people=(part("Ai đó"), part("", attendee=""))),
        entry("ba", people=(part(attendee=an.code), part(attendee=an.code, title="như trên"))),
    ]
    for person, code, state in ((an, "mot", "taken"), (quan, "mot", "taken"), (an, "hai", "waiting")):
        SignUp.objects.create(attendee=person, code=code, state=state)
    with CaptureQueriesContext(connection) as asked:
        found = marks(programme, [quan, an, binh])
    assert len(asked) == 1, "however many delegations there are"
    said = {
        pk: {code: [(one.person.full_name, one.role) for one in row] for code, row in rows.items()}
        for pk, rows in found.items()
    }
    assert said == {
        delegation.pk: {
            "mot": [("Trần Minh Quân", "Báo cáo viên"), ("Lê An", "Đăng ký dự")],
            "ba": [("Lê An", "Báo cáo viên")],
        },
        other_delegation.pk: {"mot": [("Vũ Bình", "Chủ trì")]},
    }


@pytest.mark.django_db
def test_a_programme_that_names_nobody_of_them_is_not_marked() -> None:
    assert marks([entry(people=(part(attendee="ABC123"),))], []) == {}
