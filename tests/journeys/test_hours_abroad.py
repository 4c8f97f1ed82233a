"""Whatever hour a page tells of a conference is that of its place, wherever that is."""

import datetime

import pytest
from django.contrib import admin
from django.contrib.admin import AdminSite

from attendees import answers
from attendees.models import Delegation, ImportBatch
from attendees.portal import Portal
from conference import journal
from conference.models import Conference, User
from documents.models import Document, Letter
from documents.rows import Row
from tests.conference.desk import signed_in, text
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
# In Paris it is half past seven in the evening, in Vietnam half past midnight of the next day.
AT = datetime.datetime(2024, 6, 6, 17, 30, tzinfo=datetime.UTC)


@pytest.fixture
def paris(conference: Conference) -> Conference:
    conference.time_zone = "Europe/Paris"
    conference.save()
    return conference


def test_a_paper_says_when_it_was_stopped(paris: Conference) -> None:
    paper = Document(conference=paris, kind="badges", state="cancelled", requested_at=AT, finished_at=AT)
    assert "19:30, 06/6/2024" in Row(paper, may_change=False).sentence


def test_the_desk_says_when_a_list_was_given_and_a_letter_withdrawn(paris: Conference) -> None:
    site: AdminSite = admin.site
    given = ImportBatch(conference=paris, given_at=AT, given_by_name="Dan")
    assert "19:30, thứ Năm, 06/6/2024" in str(site.get_model_admin(ImportBatch).given(given))  # type: ignore[attr-defined]  # ours
    letter = Letter(conference=paris, withdrawn_at=AT)
    assert "06/6/2024" in str(site.get_model_admin(Letter).state_tag(letter))  # type: ignore[attr-defined]  # ours


def test_a_delegation_reads_when_it_answered(
    paris: Conference, delegation: Delegation, make_attendee: MakeAttendee, dan: User
) -> None:
    make_attendee(delegation)
    answers.confirm(delegation, by=dan)
    Delegation.objects.update(answered_at=AT)
    portal = Portal(Delegation.objects.select_related("conference").get(pk=delegation.pk), dan)
    assert "19:30, thứ Năm, 06/6/2024" in " ".join(map(str, portal.settled.values()))


def test_the_journal_and_plain_cells_of_the_desk_tell_hours_of_the_place(
    paris: Conference, victor: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    """When it was done, and a moment that was changed; and a column that no list writes by itself."""
    entry = journal.entry("extend", paris, by=victor, conference=paris, changes={"confirm_by": [None, AT]})
    entry.at = AT
    entry.save()
    for page in ("/admin/conference/journalentry/", f"/admin/conference/conference/{paris.pk}/history/"):
        said = text(signed_in(victor).get(page))
        assert said.count("19:30, 06/6/2024") == 2, page
        assert "00:30" not in said
    session = paris.sessions.create(
        code="khai-mac", title="Khai mạc", day=AT.date(), starts=datetime.time(8), ends=datetime.time(9)
    )
    session.attendances.create(attendee=make_attendee(delegation), at=AT)
    assert "19:30, 06/6/2024" in text(signed_in(victor).get("/admin/thematic/attendance/"))
