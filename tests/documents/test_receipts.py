"""The receipt of an answer: for officer and guest of the delegation, made once, seen by nobody else."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from attendees import links
from attendees.models import Attendee, Delegation, Link, Receipt
from conference.guests import Guest
from conference.models import JournalEntry, User
from documents import requests, storing
from documents.errors import PaperError
from documents.models import Document
from documents.requests import Scope, request_document, request_receipt
from tests.documents import reading
from tests.documents.conftest import make_receipt

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]


@pytest.fixture(autouse=True)
def _no_second_factor(settings: LazySettings) -> None:
    settings.DEMO = True


@pytest.fixture
def receipt(people: list[Attendee], delegation: Delegation) -> Receipt:
    return delegation.receipts.get()


@pytest.fixture
def guest(client: Client, delegation: Delegation) -> Guest:
    """The bearer of the link of Lâm Đồng, come in with `client`."""
    link = links.make(delegation, Link.Purpose.ANSWER, by=None)
    client.post(reverse("attendees:link", args=(links.token_of(link),)))
    return Guest("Liên kết", link.pk, delegation_id=delegation.pk)


def address(receipt: Receipt) -> str:
    delegation = receipt.delegation
    return reverse("documents:receipt", args=(delegation.conference.slug, delegation.code, receipt.code))


def paper(name: str, document: Document) -> str:
    return reverse(f"documents:{name}", args=(document.conference.slug, document.public_id))


def test_officer_and_guest_ask_for_one_and_the_same_file(
    receipt: Receipt, dan: User, guest: Guest, work: Work
) -> None:
    first, second = request_receipt(receipt, by=dan), request_receipt(receipt, by=guest)
    assert first == second
    text = reading.text(storing.path(work(first).file).read_bytes())
    assert str(receipt) in text
    assert [entry.actor_name for entry in JournalEntry.objects.filter(act="request-document")] == ["Dan"]


def test_the_receipt_asked_for_is_made_also_when_there_is_a_newer_one(
    receipt: Receipt, delegation: Delegation, dan: User, work: Work
) -> None:
    newer = make_receipt(delegation, 2)
    text = reading.text(storing.path(work(request_receipt(receipt, by=dan)).file).read_bytes())
    assert str(receipt) in text
    assert str(newer) not in text


def test_a_receipt_that_could_not_be_made_is_tried_again(receipt: Receipt, dan: User) -> None:
    document = request_receipt(receipt, by=dan)
    document.fail("Hỏng")
    again = request_receipt(receipt, by=dan)
    assert (again.pk, again.state) == (document.pk, Document.State.QUEUED)


def test_nobody_else_gets_it(receipt: Receipt, mai: User, sam: User) -> None:
    for stranger in (mai, sam):
        with pytest.raises(PermissionDenied):
            request_receipt(receipt, by=stranger)


def test_a_guest_presses_waits_and_takes_the_file_and_nothing_else(
    client: Client, receipt: Receipt, guest: Guest, delegation: Delegation, olga: User, work: Work
) -> None:
    answer = client.post(address(receipt))
    document = Document.objects.get()
    assert answer["Location"] == paper("paper", document)
    assert "Biên nhận trả lời của đoàn" in client.get(answer["Location"]).content.decode()
    assert client.get(paper("progress", document)).json()["state"] == "queued"
    work(document)
    answer = client.post(address(receipt))
    assert answer["Location"] == paper("download", document)
    assert b"".join(client.get(answer["Location"]).streaming_content).startswith(b"%PDF")
    for act in ("cancel", "retry"):
        assert client.post(paper(act, document)).status_code == 302  # to the sign-in
    badges = request_document("badges", delegation.conference, by=olga, scope=Scope([delegation]))
    assert client.get(paper("paper", badges)).status_code == 404


def test_a_guest_of_another_delegation_and_a_stranger_find_nothing(
    client: Client, receipt: Receipt, guest: Guest, other_delegation: Delegation, olga: User
) -> None:
    theirs = other_delegation.receipts.get()
    document = request_receipt(theirs, by=olga)
    assert client.post(address(theirs)).status_code == 404
    assert client.get(paper("paper", document)).status_code == 404
    assert Client().post(address(receipt)).status_code == 302
    assert Client().get(paper("paper", document)).status_code == 302


def test_the_officer_presses_and_looking_asks_for_nothing(
    client: Client, receipt: Receipt, dan: User, mai: User
) -> None:
    client.force_login(dan)
    assert client.get(address(receipt)).status_code == 405
    assert not Document.objects.exists()
    assert client.post(address(receipt)).status_code == 302
    client.force_login(mai)
    assert client.post(address(receipt)).status_code == 404


def test_papers_with_links_are_not_for_onlookers(
    delegation: Delegation, people: list[Attendee], olga: User, victor: User, dan: User
) -> None:
    conference = delegation.conference
    letters = request_document("nomination-request", conference, by=olga)
    sheets = request_document("personal-invitation", conference, by=olga, scope=Scope([delegation]))
    plain = request_document("invitation", conference, by=olga)
    seen = {user.full_name: set(Document.objects.visible_to(user)) for user in (olga, victor, dan)}
    assert seen == {"Olga": {letters, sheets, plain}, "Victor": {plain}, "Dan": {sheets}}


def test_officers_do_not_print_letters_of_the_organisers(delegation: Delegation, dan: User) -> None:
    for kind in ("invitation", "nomination-request"):
        with pytest.raises(PermissionDenied):
            request_document(kind, delegation.conference, by=dan, scope=Scope([delegation]))


def test_personal_sheets_are_for_those_without_a_mailbox_of_their_own(
    people: list[Attendee], delegation: Delegation, olga: User
) -> None:
    huong, tho, linh, son = people
    for person, email in ((huong, "huong@a.example"), (tho, "vp@a.example"), (linh, "vp@a.example")):
        person.email = email
        person.save()
    document = request_document("personal-invitation", delegation.conference, by=olga)
    assert set(document.parts.get().subjects) == {tho.pk, linh.pk, son.pk}
    assert set(Link.objects.values_list("attendee", flat=True)) == {tho.pk, linh.pk, son.pk}
    chosen = request_document("personal-invitation", delegation.conference, by=olga, scope=Scope((), [huong]))
    assert chosen.parts.get().subjects == [huong.pk]
    request_document("personal-invitation", delegation.conference, by=olga)
    assert Link.objects.count() == 4  # the good ones are used again


def test_an_officer_prints_sheets_but_makes_no_links(
    people: list[Attendee], delegation: Delegation, dan: User
) -> None:
    request_document("personal-invitation", delegation.conference, by=dan, scope=Scope([delegation]))
    assert not Link.objects.exists()


def test_without_anybody_to_print_for_it_is_said(people: list[Attendee], olga: User) -> None:
    for number, person in enumerate(people):
        person.email = f"{number}@a.example"
        person.save()
    with pytest.raises(PaperError, match="hộp thư riêng"):
        requests.request_document("personal-invitation", people[0].conference, by=olga)
