"""The command that loads the invented conference, the accounts it makes, and what it refuses."""

import json
import stat
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from attendees.models import Attendee, Delegation
from conference.models import Conference, JournalEntry, Membership, User


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo_data", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def accounts_file(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DEMO = True
    return tmp_path / "folder" / "demo-accounts.json"


def test_accounts_of_every_role_are_written_for_their_owner_only(db: None, accounts_file: Path) -> None:
    run("--people", "50", "--accounts", str(accounts_file))

    written = json.loads(accounts_file.read_text(encoding="utf-8"))
    roles = [account["role"] for account in written]
    assert roles == ["administrator", "organiser", "signer", *["officer"] * 3, "door", "viewer"]
    assert stat.S_IMODE(accounts_file.stat().st_mode) == 0o600
    for account in written:
        assert User.objects.get(email=account["email"]).check_password(account["password"])
        assert account["email"].endswith("@hoinghi.example")
    assert len({account["password"] for account in written}) == 8


def test_the_accounts_have_the_part_that_the_file_says(db: None, accounts_file: Path) -> None:
    run("--people", "50", "--accounts", str(accounts_file))

    for account in json.loads(accounts_file.read_text(encoding="utf-8")):
        user = User.objects.get(email=account["email"])
        if account["role"] == "officer":
            assert [delegation.code for delegation in user.delegations.all()] == [account["delegation"]]
        elif account["role"] == "administrator":
            assert user.is_superuser
        else:
            assert user.memberships.get().role == Membership.Role(account["role"])


def test_a_second_run_says_so_and_changes_nothing(db: None, accounts_file: Path) -> None:
    run("--people", "50", "--accounts", str(accounts_file))
    before = (accounts_file.read_bytes(), JournalEntry.objects.count(), Attendee.objects.count())

    assert (
        run("--accounts", str(accounts_file))
        == "The conference da-lat-2024 is there already; nothing changed.\n"
    )
    assert (accounts_file.read_bytes(), JournalEntry.objects.count(), Attendee.objects.count()) == before


def test_a_second_conference_adds_its_own_accounts(db: None, accounts_file: Path) -> None:
    run("--people", "20", "--accounts", str(accounts_file))
    run("--people", "20", "--slug", "ha-long", "--accounts", str(accounts_file))

    written = json.loads(accounts_file.read_text(encoding="utf-8"))
    assert Counter(account["conference"] for account in written) == {"da-lat-2024": 8, "ha-long": 8}
    second = User.objects.get(email="ban-to-chuc.ha-long@hoinghi.example")
    assert [c.slug for c in Conference.objects.on_desk_of(second)] == ["ha-long"]


def test_without_demo_nobody_gets_an_account(db: None) -> None:
    said = run("--people", "20")

    assert said.splitlines()[-1] == "No accounts: they are made with DEMO=1 only."
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--people", "3"), "--people must be between 20 and 20000, not 3."),
        (("--people", "999999"), "--people must be between 20 and 20000, not 999999."),
        (("--slug", "admin"), "--slug admin is taken by a page of the site."),
        (("--slug", "Đà Lạt"), "--slug Đà Lạt: "),
        (("--accounts", "nowhere.json"), "Accounts with written passwords are made with DEMO=1 only."),
    ],
)
def test_wrong_arguments_are_refused_with_a_sentence(
    db: None, arguments: tuple[str, str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        run(*arguments)

    assert str(refusal.value).startswith(sentence)
    assert Conference.objects.count() == 0


def test_a_conference_before_its_invitations_has_63_delegations_and_nobody_on_them(
    db: None, accounts_file: Path
) -> None:
    said = run("--uninvited", "--slug", "chua-moi", "--accounts", str(accounts_file))

    conference = Conference.objects.get(slug="chua-moi")
    delegations = conference.delegations.all()
    assert said.splitlines()[0] == "Loaded chua-moi: 63 delegations, 0 people."
    assert {one.status for one in delegations} == {Delegation.Status.WAITING}
    assert len({one.contact_email for one in delegations}) == 63
    assert all(one.contact_email.endswith(".example") for one in delegations)
    assert all(one.is_open() for one in delegations)
    assert sum(quota.seats for one in delegations for quota in one.quotas.all()) == 63 * 6 + 44
    roles = [account["role"] for account in json.loads(accounts_file.read_text(encoding="utf-8"))]
    assert roles == ["administrator", "organiser", "signer", "door", "viewer"]
