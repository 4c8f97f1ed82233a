"""The ground floor: accounts, units, roles, and the clock of a conference."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from attendees.models import Delegation
from conference.models import Conference, Membership, Unit, User


def test_an_account_is_found_whatever_its_capitals(db: None) -> None:
    User.objects.create_user(" Olga@HoiNghi.example ", full_name="Olga")
    assert User.objects.get_by_natural_key("OLGA@hoinghi.EXAMPLE").email == "olga@hoinghi.example"


def test_two_accounts_never_share_an_address(sam: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("SAM@hoinghi.example", full_name="Another")


def test_each_role_sees_its_own_conferences(
    conference: Conference,
    delegation: Delegation,
    foreign_delegation: Delegation,
    olga: User,
    victor: User,
    greta: User,
    dan: User,
    sam: User,
    ada: User,
) -> None:
    def seen(user: User) -> set[str]:
        return {found.slug for found in Conference.objects.visible_to(user)}

    assert seen(olga) == seen(victor) == seen(greta) == seen(dan) == {"da-lat-2024"}
    assert seen(sam) == set()
    assert seen(ada) == {"da-lat-2024", "ha-long-2022"}


def test_only_desk_roles_enter_the_desk(olga: User, victor: User, greta: User, dan: User, ada: User) -> None:
    assert [user.is_staff for user in (ada, olga, victor, greta, dan)] == [True, True, True, False, False]


def test_only_organisers_run_a_conference(
    conference: Conference, olga: User, victor: User, greta: User, dan: User, ada: User
) -> None:
    assert [conference.is_run_by(user) for user in (ada, olga, victor, greta, dan)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_role_taken_away_counts_at_the_next_reading(conference: Conference, olga: User) -> None:
    Membership.objects.all().delete()
    assert not conference.is_run_by(User.objects.get(pk=olga.pk))


def test_the_clock_of_a_demonstration_stands_still(conference: Conference) -> None:
    assert conference.now() == datetime.datetime(2024, 5, 30, 16, tzinfo=conference.zone)
    assert conference.today() == datetime.date(2024, 5, 30)


def test_a_real_conference_goes_by_the_real_clock(conference: Conference) -> None:
    conference.is_demo, conference.demo_now = False, None
    assert abs(conference.now() - timezone.now()) < datetime.timedelta(minutes=1)


def test_a_standing_clock_is_refused_outside_a_demonstration(conference: Conference) -> None:
    conference.is_demo = False
    with pytest.raises(IntegrityError), transaction.atomic():
        conference.save()


def test_a_conference_does_not_end_before_it_starts(conference: Conference) -> None:
    conference.ends_on = datetime.date(2024, 6, 5)
    with pytest.raises(ValidationError, match="Ngày bế mạc"):
        conference.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        conference.save()


@pytest.mark.parametrize("slug", ["admin", "v", "accounts", "Đà Lạt", "da_lat"])
def test_a_name_that_is_an_address_already_is_refused(conference: Conference, slug: str) -> None:
    conference.slug = slug
    with pytest.raises(ValidationError) as refused:
        conference.full_clean()
    assert list(refused.value.message_dict) == ["slug"]


def test_an_unknown_time_zone_is_refused(conference: Conference) -> None:
    conference.time_zone = "Asia/Da_Lat"
    with pytest.raises(ValidationError) as refused:
        conference.full_clean()
    assert list(refused.value.message_dict) == ["time_zone"]


def test_a_conference_of_2024_invites_63_units_and_no_later_state_of_one(conference: Conference) -> None:
    names = set(conference.units().values_list("full_name", flat=True))
    assert len(names) == 63
    assert "Tỉnh Thừa Thiên Huế" in names
    assert "Thành phố Huế" not in names


def test_every_unit_of_2024_leads_to_one_of_2025(db: None) -> None:
    old = Unit.objects.valid_on(datetime.date(2025, 6, 30))
    assert all(unit.successors.count() == 1 for unit in old)
    assert {
        str(unit.successors.get()) for unit in old.filter(slug__in=("lam-dong", "binh-thuan", "dak-nong"))
    } == {"Tỉnh Lâm Đồng"}


def test_a_code_alone_names_nothing(db: None) -> None:
    assert {unit.name for unit in Unit.objects.filter(code="15")} == {"Yên Bái", "Lào Cai"}


def test_a_draft_is_not_public(conference: Conference) -> None:
    Conference.objects.filter(pk=conference.pk).update(status=Conference.Status.DRAFT)
    assert not Conference.objects.public().exists()
