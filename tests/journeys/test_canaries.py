"""Telephones, addresses and names are searched in all that is said to those who may not know them.

In pages and their headers, files, exports, papers, and in what is logged meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from attendees import answers, corrections, links, questioning
from attendees.models import Attendee, Delegation, Link
from conference.guests import Guest
from conference.models import User
from documents import making
from documents.models import Document
from mailing import outbox
from mailing.kinds import values_of
from mailing.outbox import Letter
from tests.conference.desk import signed_in
from tests.conftest import MakeAttendee
from tests.documents.reading import letters
from tests.journeys.crawl import walk
from tests.journeys.pages import Form, Page
from tests.journeys.saying import said
from tests.journeys.world import Side

pytestmark = pytest.mark.slow

# Every spelling in which a page could give the number away, and the part of an address that names the person.
PHONES = ("+84977318246", "84977318246", "0977318246", "977318246", "0977 318 246", "318 246")
NEW_PHONES = ("+84966427135", "0966427135", "0966 427 135", "427 135")
ADDRESSES = ("chim.hoang.yen", "chim.son.ca")
INNER_NUMBER = ("+842633918273", "0263 3918 273", "3918 273")
SENSITIVE = "Kiêng hạt quỳnh"
CONTACTS = (*PHONES, *NEW_PHONES, *ADDRESSES, *INNER_NUMBER, SENSITIVE)
FOCAL_POINT = ("955317286", "0955 317 286", "317 286", "chim.sau")  # for organisers and the delegation alone
NAME = "Trịnh Bạch Yến Oanh"
# A list from a file is looked through by the organiser who takes it, contacts and all: people alone see them.
LEFT_OUT = ("/admin/attendees/importbatch/",)


@pytest.fixture
def person(
    delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee, dan: User, olga: User
) -> Attendee:
    """Somebody about whom every room has something to tell."""
    conference = delegation.conference
    delegation.contact_phone, delegation.contact_email = "+84955317286", "chim.sau@lamdong.example"
    delegation.save()
    person = make_attendee(
        delegation, NAME, phone="+84977318246", email="chim.hoang.yen@lamdong.example", position="Chuyên viên"
    )
    make_attendee(other_delegation, "Lê Văn Trùng Số", phone="+84977318246")
    Side(conference, delegation, person, person.category).furnish()
    asked = [
        conference.questions.create(label="Số máy phòng", kind="phone"),
        conference.questions.create(label="Ăn kiêng", kind="text", is_sensitive=True),
    ]
    values = {asked[0].slug: "+842633918273", asked[1].slug: SENSITIVE}
    questioning.answer(person, values, by=dan, consents={asked[1].slug})
    answers.edit(person, by=olga, phone="+84966427135", email="chim.son.ca@lamdong.example")
    answers.edit(person, by=olga, phone="+84977318246", email="chim.hoang.yen@lamdong.example")
    bearer = Guest("Liên kết", link_id=1, attendee_id=person.pk)
    wanted = {"phone": "+84966427135", "email": "chim.son.ca@lamdong.example"}
    corrections.ask(person, wanted, "Sửa giúp", by=bearer)
    links.make(person, Link.Purpose.PERSON, by=olga)
    whom = {**values_of(conference), "nguoi_nhan": NAME}
    ref = f"attendees.attendee:{person.pk}"
    letter = Letter(ref, NAME, [person.email], NAME, whom)
    mailing = outbox.draft(conference, "notice", [letter], by=olga, title="Thông báo")
    outbox.approve(mailing, by=olga)
    return person


def leaks(client: Client, *starts: str, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Addresses of pages and files that say one of the words."""
    found, seen = [], 0
    for page, response in walk(client, *starts, of_a_kind=3, limit=400, files=True):
        seen += 1
        if not page.address.startswith(LEFT_OUT):
            everything = said(response)
            found += [(page.address, word) for word in words if word in everything]
    assert seen > len(starts)
    return found


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, no telephone, address or answer comes into the log."""
    with caplog.at_level("INFO"):
        yield
    written = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    assert [word for word in (*CONTACTS, *FOCAL_POINT, NAME) if word in written] == []


@pytest.mark.parametrize("who", ["olga", "victor"])
def test_no_page_of_the_desk_shows_contacts_or_sensitive_answers(
    who: str, person: Attendee, request: pytest.FixtureRequest, settings: LazySettings
) -> None:
    settings.DEMO = True  # no second factor to pass first
    client = Client()
    client.force_login(request.getfixturevalue(who))
    starts = (
        "/admin/",
        f"/admin/attendees/attendee/{person.pk}/change/",
        f"/admin/attendees/attendee/{person.pk}/history/",
        f"/admin/attendees/delegation/{person.delegation_id}/change/",
        f"/admin/attendees/delegation/{person.delegation_id}/history/",
        f"/admin/attendees/correction/{person.corrections.latest('pk').pk}/change/",
        "/admin/conference/journalentry/",
    )
    words = CONTACTS if who == "olga" else (*CONTACTS, *FOCAL_POINT)
    assert leaks(client, *starts, words=words) == []


def test_the_search_sees_a_focal_point_where_an_organiser_does(
    person: Attendee, olga: User, settings: LazySettings
) -> None:
    """The control of what an onlooker may not see."""
    settings.DEMO = True
    client = Client()
    client.force_login(olga)
    page = f"/admin/attendees/delegation/{person.delegation_id}/change/"
    everything = said(client.get(page))
    assert [word for word in ("0955 317 286", "chim.sau") if word not in everything] == []


def test_the_search_sees_what_is_there_for_the_own_officer(person: Attendee, dan: User) -> None:
    """The control: the same words stand on the pages of those who may read them."""
    client = Client()
    client.force_login(dan)
    found = {word for _page, word in leaks(client, "/da-lat-2024/delegations/lam-dong/", words=CONTACTS)}
    assert {"0977 318 246", "chim.hoang.yen", "0263 3918 273", SENSITIVE} <= found


def test_an_officer_sees_nobody_of_another_delegation(person: Attendee, mai: User) -> None:
    client = Client()
    client.force_login(mai)
    words = (NAME, "chim.hoang.yen", person.code, person.badge_token, SENSITIVE)
    assert leaks(client, "/start/", "/da-lat-2024/delegations/quang-nam/", words=words) == []


def test_public_pages_name_nobody(person: Attendee) -> None:
    words = (NAME, "Lê Văn Trùng Số", person.code, person.badge_token, *CONTACTS)
    assert leaks(Client(), "/", "/da-lat-2024/", "/v/", words=words) == []


def test_the_page_of_a_person_names_nobody_else(person: Attendee, make_attendee: MakeAttendee) -> None:
    other = make_attendee(person.delegation, "Lê Thị Cùng Đoàn", phone="+84966427135")
    link = links.make(other, Link.Purpose.PERSON, by=None)
    client = Client()
    client.post(f"/l/{links.token_of(link)}/")
    home = f"/da-lat-2024/people/{other.code}/"
    assert client.get(home).status_code == 200
    words = (NAME, *PHONES, *ADDRESSES, person.code, "Lê Văn Trùng Số")
    assert leaks(client, home, words=words) == []


# ── What is handed out: exports and papers ────────────────────────────────────────────────────────


def forms_to(client: Client, page: str, wanted: str) -> list[Form]:
    """The forms of a page whose address ends so."""
    body = client.get(page).content.decode()
    return [form for form in Page(page, body).forms if form.action.partition("?")[0].endswith(wanted)]


@pytest.mark.parametrize("who", ["olga", "victor"])
def test_no_export_holds_contacts_or_sensitive_answers(
    who: str, person: Attendee, request: pytest.FixtureRequest, settings: LazySettings
) -> None:
    settings.DEMO = True  # no second factor to pass first
    client = signed_in(request.getfixturevalue(who))
    taken = {
        page: said(client.post(form.action, form.filled()))
        for page in ("/admin/board/", "/admin/sign-ups/", "/admin/feedback/")
        for form in forms_to(client, page, "/export/")
    }
    if who == "olga":
        for model, row in (("attendee", person.pk), ("delegation", person.delegation_id)):
            act = {"action": f"export_{'people' if model == 'attendee' else 'delegations'}"}
            chosen = {**act, "_selected_action": row, "kind": "xlsx", "apply": "1"}
            taken[model] = said(client.post(f"/admin/attendees/{model}/", chosen))
    assert len(taken) >= (5 if who == "olga" else 3)
    assert all("spreadsheetml" in text for text in taken.values()), "files, and no page that asks"
    assert [(page, word) for page, text in taken.items() for word in CONTACTS if word in text] == []


def papers(client: Client) -> dict[str, str]:
    """Every paper that is offered to this person, made and read: kind → its words."""
    list_of_papers = "/da-lat-2024/documents/"
    for form in forms_to(client, list_of_papers, "/ask/"):
        client.post(form.action, form.filled(button=next(iter(form.buttons), None)))
    made = {}
    for document in Document.objects.filter(parts__state="queued").distinct():
        for part in document.parts.all():
            making.make_part(part.pk)
        document.refresh_from_db()
        if document.state == "ready":
            made[document.kind] = said(client.get(f"{list_of_papers}{document.public_id}/file/"))
    return made


def test_papers_of_an_officer_name_nobody_of_another_delegation(
    person: Attendee, mai: User, media: Path
) -> None:
    client = Client()
    client.force_login(mai)
    made = papers(client)
    words = (NAME, letters(NAME), "chim.hoang.yen", person.code, person.badge_token, SENSITIVE)
    assert len(made) >= 2
    assert any("Lê Văn Trùng Số" in text for text in made.values()), "the own people stand there"
    assert [(kind, word) for kind, text in made.items() for word in words if word in text] == []
