"""The two steps at the desk: the organisers accept an answer, or give it back with a remark."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from attendees import answers
from attendees.models import Attendee, Delegation, Receipt
from conference.models import Conference, JournalEntry, User

pytestmark = pytest.mark.django_db

Review = Delegation.Review


@pytest.fixture
def sent(delegation: Delegation, person: Attendee, dan: User) -> Delegation:
    """Lâm Đồng, whose list Dan has sent."""
    answers.confirm(delegation, by=dan)
    return Delegation.objects.get(pk=delegation.pk)


def state(delegation: Delegation) -> tuple[str, str, str]:
    delegation.refresh_from_db()
    return delegation.status, delegation.review, delegation.review_remark


def test_an_answer_is_accepted_once(sent: Delegation, olga: User) -> None:
    for _ in range(2):
        answers.accept(sent, by=olga)
    assert state(sent) == ("confirmed", Review.ACCEPTED, "")
    assert sent.reviewed_at == sent.conference.now()
    assert sent.answered_by_name == "Dan", "accepting is no answer"
    assert JournalEntry.objects.get(act="accept").changes == {"review": ["", "accepted"]}


def test_an_answer_is_given_back_with_a_remark_and_is_open_again(sent: Delegation, olga: User) -> None:
    for _ in range(2):
        answers.return_with(sent, "Thiếu văn bản cử đoàn.", by=olga)
    assert state(sent) == ("answering", Review.RETURNED, "Thiếu văn bản cử đoàn.")
    assert sent.attendees.confirmed().count() == 1, "people stay as they were"
    assert JournalEntry.objects.get(act="return").changes == {
        "review": ["", "returned"],
        "review_remark": ["", "Thiếu văn bản cử đoàn."],
    }


def test_an_answer_is_not_given_back_when_the_time_to_put_it_right_is_over(
    sent: Delegation, olga: User
) -> None:
    late = sent.conference.confirm_by + datetime.timedelta(minutes=1)
    Conference.objects.update(demo_now=late)
    with pytest.raises(ValidationError) as error:
        answers.return_with(sent, "Sai chức vụ.", by=olga)
    assert error.value.code == "closed"
    assert state(sent) == ("confirmed", Review.NONE, "")
    answers.extend(sent, late + datetime.timedelta(days=1), by=olga)
    answers.return_with(sent, "Sai chức vụ.", by=olga)
    assert state(sent) == ("answering", Review.RETURNED, "Sai chức vụ.")


def test_the_remark_stays_until_the_list_is_sent_again(
    sent: Delegation, person: Attendee, dan: User, olga: User
) -> None:
    answers.return_with(sent, "Sai chức vụ.", by=olga)
    answers.edit(person, by=dan, position="Chánh Văn phòng")
    assert state(sent) == ("answering", Review.RETURNED, "Sai chức vụ.")
    answers.confirm(sent, by=dan)
    assert state(sent) == ("confirmed", Review.NONE, "")
    assert Receipt.objects.count() == 2


def test_a_list_sent_again_by_the_organisers_is_not_given_back_any_more(sent: Delegation, olga: User) -> None:
    answers.return_with(sent, "Sai chức vụ.", by=olga)
    answers.confirm(sent, by=olga)
    assert state(sent) == ("confirmed", Review.NONE, "")


def test_a_change_by_the_delegation_drops_the_acceptance_and_one_by_the_organisers_does_not(
    sent: Delegation, person: Attendee, dan: User, olga: User
) -> None:
    answers.accept(sent, by=olga)
    answers.edit(person, by=olga, position="Chánh Văn phòng")
    assert state(sent) == ("confirmed", Review.ACCEPTED, "")
    answers.edit(person, by=dan, position="Phó Chánh Văn phòng")
    assert state(sent) == ("confirmed", Review.NONE, "")


def test_a_declined_delegation_is_accepted_or_given_back(
    delegation: Delegation, dan: User, olga: User
) -> None:
    answers.decline(delegation, "Trùng lịch", by=dan)
    answers.accept(delegation, by=olga)
    assert state(delegation)[:2] == ("declined", Review.ACCEPTED)
    answers.return_with(delegation, "Cử ít nhất một người.", by=olga)
    assert (state(delegation)[:2], delegation.decline_reason) == (("answering", Review.RETURNED), "")


def test_nothing_is_accepted_or_given_back_before_it_was_sent(
    delegation: Delegation, person: Attendee, olga: User
) -> None:
    for act in (
        lambda: answers.accept(delegation, by=olga),
        lambda: answers.return_with(delegation, "Thiếu", by=olga),
    ):
        with pytest.raises(ValidationError, match="Đoàn chưa gửi danh sách"):
            act()
    assert state(delegation) == ("waiting", Review.NONE, "")


def test_giving_back_needs_a_remark(sent: Delegation, olga: User) -> None:
    with pytest.raises(ValidationError, match="Ghi lý do"):
        answers.return_with(sent, " ", by=olga)


def test_only_organisers_accept_and_give_back(sent: Delegation, dan: User, victor: User) -> None:
    for by in (dan, victor):
        with pytest.raises(PermissionDenied):
            answers.accept(sent, by=by)
        with pytest.raises(PermissionDenied):
            answers.return_with(sent, "Thiếu", by=by)
    assert state(sent) == ("confirmed", Review.NONE, "")
