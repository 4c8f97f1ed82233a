"""What gives power or hands out people is done for who proved just now who they are, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from attendees.models import Attendee, Delegation, ImportBatch
from conference.models import Conference, JournalEntry, Membership, User
from tests.attendees.lists import AN, stage
from tests.conference.desk import fields, signed_in, text, url
from tests.conftest import MakeAttendee

OLD = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
Act = Callable[[Client], Any]


@pytest.fixture(autouse=True)
def demo(settings: LazySettings) -> None:
    settings.DEMO = True  # no second factor to pass first


@pytest.fixture
def acts(delegation: Delegation, make_attendee: MakeAttendee, sam: User) -> dict[str, Act]:
    row = make_attendee(delegation).pk
    batch = stage(delegation, AN)
    invited = {"email": "moi@hoinghi.example", "full_name": "Mới", "part": "viewer"}
    person = {"email": sam.email, "full_name": "Sam", "is_active": "on", "is_superuser": "on"}
    chosen = {"action": "export_people", "_selected_action": row, "apply": "1", "kind": "xlsx"}
    return {
        "invite": lambda client: client.post(url(User, "add"), invited),
        "account": lambda client: client.post(url(User, "change", sam.pk), person),
        "people": lambda client: client.post(url(Attendee), chosen),
        "sign-ups": lambda client: client.post("/admin/sign-ups/export/"),
        "workbooks": lambda client: client.post(
            url(Delegation), {"action": "hand_out_forms", "_selected_action": delegation.pk}
        ),
        "board": lambda client: client.post("/admin/board/export/"),
        "feedback": lambda client: client.post("/admin/feedback/export/"),
        "signing": lambda client: client.post("/admin/signing/export/"),
        "signed files": lambda client: client.post("/admin/signing/take/"),
        "hashes": lambda client: client.get("/admin/signing/manifest/"),
        "marked list": lambda client: client.get(url(ImportBatch, "marked", batch.pk)),
    }


JOURNALLED = ("invite", "account", "people", "sign-ups", "workbooks", "board", "feedback")
OTHERS = ("signing", "signed files", "hashes", "marked list")


@pytest.mark.parametrize("act", [*JOURNALLED, *OTHERS])
def test_an_old_sign_in_is_led_to_the_proof_and_nothing_is_done(
    act: str, acts: dict[str, Act], conference: Conference, ada: User
) -> None:
    before = JournalEntry.objects.count()
    response = acts[act](signed_in(ada, ago=OLD))
    assert response.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("act", JOURNALLED)
def test_who_has_just_signed_in_is_asked_for_nothing(
    act: str, acts: dict[str, Act], conference: Conference, ada: User
) -> None:
    """The control: the same acts are done."""
    before = JournalEntry.objects.count()
    response = acts[act](signed_in(ada))
    assert "reauthenticate" not in response.headers.get("Location", "")
    assert JournalEntry.objects.count() > before


def test_the_proof_leads_back_and_counts(conference: Conference, olga: User) -> None:
    client = signed_in(olga, ago=OLD)
    onward = client.get(url(User, "add")).headers["Location"]
    answer = client.post(onward, {"password": "mat-khau-de-thu-nghiem"})
    assert answer.headers["Location"] == url(User, "add")
    assert client.get(url(User, "add")).status_code == 200


@pytest.mark.parametrize(("ago", "role"), [(OLD, "viewer"), (0, "organiser")])
def test_roles_on_the_page_of_a_conference_want_a_proof_and_keep_what_was_typed(
    conference: Conference, olga: User, victor: User, ago: float, role: str
) -> None:
    client = signed_in(olga, ago=ago)
    page = url(Conference, "change", conference.pk)
    sent = fields(client.get(page))
    row = next(key for key, value in sent.items() if key.endswith("-role") and value == "viewer")
    response = client.post(page, {**sent, row: "organiser"})
    assert Membership.objects.get(user=victor).role == role
    if ago:
        assert "Để đổi vai trò, xác nhận lại danh tính" in text(response)
        assert 'value="organiser" selected' in response.content.decode()


def test_other_fields_of_a_conference_want_no_proof(conference: Conference, olga: User, victor: User) -> None:
    client = signed_in(olga, ago=OLD)
    page = url(Conference, "change", conference.pk)
    client.post(page, {**fields(client.get(page)), "venue": "Hội trường Lớn"})
    conference.refresh_from_db()
    assert conference.venue == "Hội trường Lớn"
