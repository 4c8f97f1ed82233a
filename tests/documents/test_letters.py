"""Letters: a number for each, without a gap and never twice, and a text that stands as it was issued."""

import datetime
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from attendees.models import Delegation
from conference.models import Conference, JournalEntry, User
from documents import letters
from documents.models import Letter, NumberSeries
from documents.wording import Said
from tests.attendees.test_races import at_once, meeting

INVITATION, REQUEST = Letter.Kind.INVITATION, Letter.Kind.REQUEST
DAY = datetime.date(2024, 5, 20)


@pytest.fixture
def both(delegation: Delegation, other_delegation: Delegation) -> list[Delegation]:
    """Quảng Nam (49), then Lâm Đồng (68)."""
    return [other_delegation, delegation]


@pytest.fixture
def drafting(conference: Conference) -> Conference:
    conference.drafting_unit = "TTĐN"
    conference.save()
    return conference


def numbers(found: list[Letter]) -> list[str]:
    return [letter.full_number for letter in found]


@pytest.mark.django_db
def test_each_kind_has_a_series_of_its_own_and_small_numbers_two_digits(
    drafting: Conference, both: list[Delegation], olga: User
) -> None:
    invitations = letters.issue(drafting, INVITATION, both, by=olga, issued_on=DAY)
    requests = letters.issue(drafting, REQUEST, both, by=olga, issued_on=DAY)
    assert numbers(invitations) == ["01/GM-BTTTT", "02/GM-BTTTT"]
    assert numbers(requests) == ["01/BTTTT-TTĐN", "02/BTTTT-TTĐN"]
    assert [letter.delegation for letter in invitations] == both
    assert {letter.issued_on for letter in invitations} == {DAY}


@pytest.mark.django_db
def test_without_a_drafting_unit_the_number_ends_with_the_symbol(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    assert numbers(letters.issue(conference, REQUEST, both, by=olga)) == ["01/BTTTT", "02/BTTTT"]


@pytest.mark.django_db
def test_a_second_press_keeps_the_letters_and_takes_no_number(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    first = letters.issue(conference, INVITATION, both[:1], by=olga)
    again = letters.issue(conference, INVITATION, both, by=olga)
    assert again[0] == first[0]
    assert numbers(again) == ["01/GM-BTTTT", "02/GM-BTTTT"]
    assert numbers(letters.issue(conference, INVITATION, both, by=olga)) == numbers(again)
    assert NumberSeries.objects.get(kind=INVITATION).last == 2
    entries = JournalEntry.objects.filter(act="issue_letter").order_by("pk")
    assert [entry.changes["full_number"][1] for entry in entries] == numbers(again)
    assert [entry.delegation_ref for entry in entries] == [one.pk for one in both]


@pytest.mark.django_db
def test_the_number_goes_on_where_the_register_of_the_agency_stands(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    assert numbers(letters.issue(conference, INVITATION, both[:1], by=olga, first=87)) == ["87/GM-BTTTT"]
    with pytest.raises(ValidationError, match=r"Số 87 đã cấp\. Số tiếp theo từ 88 trở đi"):
        letters.issue(conference, INVITATION, both, by=olga, first=87)
    assert numbers(letters.issue(conference, INVITATION, both, by=olga, first=120)) == [
        "87/GM-BTTTT", "120/GM-BTTTT",
    ]  # fmt: skip
    entries = JournalEntry.objects.filter(act="continue_series").order_by("pk")
    assert [entry.changes for entry in entries] == [{"last": [0, 86]}, {"last": [87, 119]}]


@pytest.mark.django_db
def test_a_first_number_that_was_set_too_high_can_be_put_right(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    letters.issue(conference, INVITATION, both[:1], by=olga, first=20)
    letters.withdraw(Letter.objects.get(), "Ghi nhầm số", by=olga)
    with pytest.raises(ValidationError, match="từ 21 trở đi"):  # a withdrawn number stays used
        letters.issue(conference, INVITATION, both[:1], by=olga, first=20)


@pytest.mark.django_db
def test_the_years_are_counted_apart(conference: Conference, both: list[Delegation], olga: User) -> None:
    letters.issue(conference, INVITATION, both[:1], by=olga, issued_on=datetime.date(2023, 12, 29))
    fresh = letters.issue(conference, INVITATION, both[1:], by=olga, issued_on=DAY)
    assert numbers(fresh) == ["01/GM-BTTTT"]


@pytest.mark.django_db
def test_what_was_issued_stands_whatever_is_changed_afterwards(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    [letter] = letters.issue(conference, INVITATION, both[:1], by=olga)
    before = Said.from_json(letter.content)
    conference.title, conference.place, conference.symbol = "Hội nghị khác", "Hà Nội", "BKHCN"
    conference.save()
    letter = Letter.objects.get()
    assert Said.from_json(letter.content) == before
    assert (before.number, letter.full_number) == ("01/GM-BTTTT", "01/GM-BTTTT")


@pytest.mark.django_db
def test_a_withdrawn_letter_keeps_its_number_and_the_next_gets_another(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    [old] = letters.issue(conference, INVITATION, both[:1], by=olga)
    with pytest.raises(ValidationError, match="Ghi lý do"):
        letters.withdraw(old, " ", by=olga)
    letters.withdraw(old, "Đổi ngày họp", by=olga)
    [new] = letters.issue(conference, INVITATION, both[:1], by=olga)
    assert (old.reason, old.full_number, new.full_number) == ("Đổi ngày họp", "01/GM-BTTTT", "02/GM-BTTTT")
    assert list(Letter.objects.current()) == [new]
    with pytest.raises(ValidationError, match="đã thu hồi từ trước"):
        letters.withdraw(old, "Lần nữa", by=olga)


@pytest.mark.django_db
def test_only_organisers_issue_and_withdraw(
    conference: Conference, both: list[Delegation], olga: User, victor: User, dan: User
) -> None:
    for stranger in (victor, dan):
        with pytest.raises(PermissionDenied):
            letters.issue(conference, INVITATION, both, by=stranger)
    [letter] = letters.issue(conference, INVITATION, both[:1], by=olga)
    with pytest.raises(PermissionDenied):
        letters.withdraw(letter, "Không được", by=victor)


@pytest.mark.django_db
def test_letters_are_seen_by_the_desk_and_by_the_own_officers(
    conference: Conference, both: list[Delegation], olga: User, victor: User, mai: User, dan: User, sam: User
) -> None:
    letters.issue(conference, INVITATION, both[:1], by=olga)
    seen = [Letter.objects.visible_to(user).count() for user in (olga, victor, mai, dan, sam)]
    assert seen == [1, 1, 1, 0, 0]


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_current_letter_and_a_second_use_of_a_number(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    [letter] = letters.issue(conference, INVITATION, both[:1], by=olga)
    same: dict[str, object] = {
        "conference": conference, "kind": INVITATION, "series": letter.series, "issued_on": DAY,
        "full_number": "x",
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(**same, delegation=both[0], number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(**same, delegation=both[1], number=1)


@pytest.mark.django_db
def test_a_transaction_that_fails_leaves_no_gap(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        letters.issue(conference, INVITATION, both, by=olga)
        1 / 0  # noqa: B018 - something fails after the numbers were taken
    assert numbers(letters.issue(conference, INVITATION, both, by=olga)) == ["01/GM-BTTTT", "02/GM-BTTTT"]


@pytest.mark.django_db(transaction=True)
def test_twelve_presses_at_once_give_each_delegation_one_letter_and_the_next_number(
    conference: Conference, both: list[Delegation], olga: User
) -> None:
    # There already: else everybody would wait for the one who makes it, whatever is held afterwards.
    NumberSeries.objects.create(conference=conference, kind=INVITATION, year=2024)
    outcomes = at_once(lambda n: letters.issue(conference, INVITATION, both[n % 2 :], by=olga))
    assert outcomes == {"done": 12}
    assert sorted(Letter.objects.values_list("number", flat=True)) == [1, 2]
    assert Letter.objects.values("delegation").distinct().count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_presses_give_a_number_twice(conference: Conference, olga: User) -> None:
    """The control: it shows that the race above is one."""
    series = NumberSeries.objects.create(conference=conference, kind=INVITATION, year=2024)
    taken: list[int] = []
    all_have_asked = meeting()

    def take_naively(_number: int) -> None:
        last = NumberSeries.objects.get(pk=series.pk).last
        all_have_asked()
        NumberSeries.objects.filter(pk=series.pk).update(last=last + 1)
        taken.append(last + 1)

    assert at_once(take_naively) == {"done": 12}
    assert len(set(taken)) < 12
    connection.close()
