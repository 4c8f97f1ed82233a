"""Asking for a paper: who may, for whom, and once per press."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, User
from documents.errors import PaperError
from documents.models import Certificate, Document, DocumentPart
from documents.requests import request_document
from tests.documents.conftest import Ask, give

pytestmark = pytest.mark.django_db


def test_badges_count_people_and_put_a_card_before_each_delegation(ask: Ask, people: list[Attendee]) -> None:
    document = ask("badges")
    part = document.parts.get()
    assert (document.total, part.total, document.state) == (4, 4, Document.State.QUEUED)
    kinds = [subject[0] for subject in part.subjects]
    assert kinds == ["delegation", "person", "delegation", "person", "person", "person"]
    assert [subject[2] for subject in part.subjects if subject[0] == "delegation"] == [1, 3]


def test_people_stand_in_the_order_of_given_names(
    ask: Ask, delegation: Delegation, people: list[Attendee]
) -> None:
    document = ask("attendee-list", delegations=[delegation])
    names = {person.pk: person.full_name for person in people}
    subjects = document.parts.get().subjects
    assert [names[pk] for pk in subjects] == ["Nguyễn Thị Thu Hương", "H' Linh Niê Kđăm", "Hà Trung Thọ"]


def test_only_the_confirmed_are_printed_unless_chosen_by_name(ask: Ask, people: list[Attendee]) -> None:
    nominated = Attendee.objects.get(full_name="Trần Chưa Chắc")
    assert nominated.pk not in ask("attendee-list").parts.get().subjects
    assert ask("attendee-list", attendees=[nominated]).parts.get().subjects == [nominated.pk]


@pytest.mark.usefixtures("small_pieces")
def test_a_large_run_is_cut_into_pieces(ask: Ask, people: list[Attendee]) -> None:
    document = ask("badges")
    assert list(document.parts.values_list("total", flat=True)) == [0, 1, 0, 1, 1, 1]


def test_lists_and_agendas_stay_one_document(ask: Ask) -> None:
    assert [ask(kind).parts.count() for kind in ("attendee-list", "agenda")] == [1, 1]


def test_one_press_makes_one_paper(ask: Ask) -> None:
    key = uuid.uuid4()
    assert ask("badges", key=key) == ask("badges", key=key)
    assert (Document.objects.count(), DocumentPart.objects.count()) == (1, 1)


def test_the_key_of_another_person_opens_nothing(ask: Ask, dan: User, delegation: Delegation) -> None:
    key = uuid.uuid4()
    ask("badges", key=key)
    with pytest.raises(Exception, match="request_key"):
        ask("badges", key=key, by=dan, delegations=[delegation])


def test_printing_certificates_issues_none_and_says_where_that_is_done(ask: Ask) -> None:
    with pytest.raises(PaperError, match="Cấp ở trang “Cấp giấy chứng nhận”"):
        ask("certificates")
    assert not Certificate.objects.exists()


def test_nobody_asks_by_hand_for_what_only_issuing_makes(ask: Ask, issued: list[Certificate]) -> None:
    with pytest.raises(PermissionDenied):
        ask("certificate-files", subjects=[one.pk for one in issued])


def test_an_officer_prints_only_the_own_delegation(
    ask: Ask, dan: User, delegation: Delegation, other_delegation: Delegation
) -> None:
    document = ask("badges", by=dan, delegations=[delegation])
    assert (document.delegation, document.total) == (delegation, 3)
    for scope in ({}, {"delegations": [other_delegation]}, {"delegations": [delegation, other_delegation]}):
        with pytest.raises(PermissionDenied):
            ask("badges", by=dan, **scope)


def test_an_officer_prints_certificates_that_were_issued_but_issues_none(
    ask: Ask, dan: User, delegation: Delegation
) -> None:
    with pytest.raises(PaperError, match=r"phạm vi đã chọn\.$"):
        ask("certificates", by=dan, delegations=[delegation])
    assert not Certificate.objects.exists()
    give(delegation.conference)
    assert ask("certificates", by=dan, delegations=[delegation]).total == 3


def test_who_only_looks_on_asks_for_nothing(ask: Ask, victor: User, greta: User, sam: User) -> None:
    for person in (victor, greta, sam):
        with pytest.raises(PermissionDenied):
            ask("badges", by=person)


def test_a_delegation_of_another_conference_is_refused(ask: Ask, foreign_delegation: Delegation) -> None:
    with pytest.raises(PermissionDenied):
        ask("badges", delegations=[foreign_delegation])


def test_nothing_to_print_is_said_and_leaves_no_row(conference: Conference, olga: User) -> None:
    for kind, sentence in (
        ("badges", "Chưa có đại biểu nào"),
        ("agenda", "chưa được phát hành"),
        ("erratum", "chưa có phiên bản thứ hai"),
        ("x", "Không có loại"),
    ):
        with pytest.raises(PaperError, match=sentence):
            request_document(kind, conference, by=olga)
    assert not Document.objects.exists()


def test_a_request_is_journalled(ask: Ask, olga: User) -> None:
    document = ask("badges")
    entry = JournalEntry.objects.get(act="request-document")
    assert (entry.actor, entry.subject) == (olga, f"documents.document:{document.pk}")


def test_a_paper_with_links_is_seen_by_who_may_answer(
    ask: Ask, people: list[Attendee], olga: User, victor: User, dan: User
) -> None:
    """Whoever reads such a paper could answer by it: an onlooker of the desk sees that of badges alone."""
    [lam_dong] = {one.delegation for one in people if one.delegation.code == "lam-dong"}
    invitation = ask("personal-invitation", delegations=[lam_dong], attendees=people[:1])
    badges = ask("badges", delegations=[lam_dong])
    assert invitation.holds_links
    for person, seen in ((olga, {invitation, badges}), (victor, {badges}), (dan, {invitation, badges})):
        assert set(Document.objects.visible_to(person)) == seen, person
