"""Accounts of a demonstration: one for every role, with passwords made at random and written to one file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from attendees import codes
from conference.models import Conference, Membership, User
from documents.demo.load import SLUG

DOMAIN = "hoinghi.example"


class Account(NamedTuple):
    """Who signs in: `role` as in the file, `delegation` for officers only."""

    role: str
    local: str
    full_name: str
    delegation: str = ""


ACCOUNTS = (
    Account("administrator", "quan-tri", "Quản trị hệ thống"),
    Account("organiser", "ban-to-chuc", "Thư ký Ban Tổ chức"),
    Account("signer", "nguoi-ky", "Người ký giấy chứng nhận"),
    Account("officer", "quang-nam", "Đầu mối tỉnh Quảng Nam", "quang-nam"),
    Account("officer", "lai-chau", "Đầu mối tỉnh Lai Châu", "lai-chau"),
    Account("officer", "lam-dong", "Đầu mối tỉnh Lâm Đồng", "lam-dong"),
    Account("door", "don-tiep", "Tổ đón tiếp"),
    Account("viewer", "lanh-dao", "Lãnh đạo theo dõi"),
)


def make(conference: Conference, *, with_officers: bool = True) -> list[dict[str, str]]:
    """Makes the accounts of a conference; returns what its users need to sign in."""
    tail = "" if conference.slug == SLUG else f".{conference.slug}"
    made = []
    for account in ACCOUNTS:
        if account.delegation and not with_officers:
            continue
        password = codes.group(codes.new_token())
        user = User.objects.create_user(
            f"{account.local}{tail}@{DOMAIN}",
            password,
            full_name=account.full_name,
            is_superuser=account.role == "administrator",
        )
        _give_part(conference, user, account)
        made.append(
            {
                "role": account.role,
                "email": user.email,
                "password": password,
                "name": account.full_name,
                "conference": conference.slug,
                "delegation": account.delegation,
            }
        )
    return made


def _give_part(conference: Conference, user: User, account: Account) -> None:
    if account.delegation:
        delegation = conference.delegations.get(code=account.delegation)
        delegation.officers.add(user)
        if delegation.answered_at:
            conference.delegations.filter(pk=delegation.pk).update(answered_by=user)
    elif account.role != "administrator":
        Membership.objects.create(conference=conference, user=user, role=Membership.Role(account.role))


def write(path: Path, accounts: list[dict[str, str]]) -> None:
    """Adds the accounts to the file, which only its owner may read; it is there whole or as it was."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    fresh = {account["email"] for account in accounts}
    lines = [*(account for account in known if account["email"] not in fresh), *accounts]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(lines, file, ensure_ascii=False, indent=2)
        file.write("\n")
    part.replace(path)
