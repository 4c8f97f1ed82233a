"""A mail server, and letters about made-up rows: the mailing knows nothing of delegations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings

from conference.models import Conference, User
from mailing import kinds, outbox, sending
from mailing.kinds import Kind
from mailing.models import Mailing, Message
from mailing.outbox import Letter
from tests.mailing import rooms
from tests.smtp import server as server  # fixtures
from tests.smtp import silent_bell as silent_bell

Draft = Callable[..., Mailing]
Work = Callable[[], None]

INVITATION = Kind(
    slug="invitation",
    title="Giấy mời",
    placeholders={
        "doan": ("tên đoàn", "Tỉnh Lâm Đồng"),
        "nguoi_nhan": ("người nhận", "Ông Nguyễn Văn An"),
        "link": ("liên kết riêng", "https://hoinghi.example/…"),
        **kinds.OF_CONFERENCE,
    },
    secrets=frozenset({"link"}),
    subject="Giấy mời {doan}",
    body="Kính gửi {nguoi_nhan}\n\nĐoàn {doan} trả lời tại {link}\n",
)
KINDS = [INVITATION]


@pytest.fixture(autouse=True)
def _rooms_above(settings: LazySettings) -> None:
    """What rooms above would name in the settings."""
    settings.MAIL_KINDS = ["mailing.kinds.OWN", f"{__name__}.KINDS"]
    settings.MAIL_SECRETS = {"link": "tests.mailing.rooms.link_of"}
    settings.MAIL_ATTACHMENTS = {"letter": "tests.mailing.rooms.letter_of"}
    settings.MAIL_CONDITIONS = {"owes": ("tests.mailing.rooms.still_owes", "Đoàn đã trả lời.")}
    settings.MAIL_SUBJECTS = {"attendees.delegation": "tests.mailing.rooms.pointless"}
    rooms.reset()


def letter(number: int = 1, **more: Any) -> Letter:
    """A letter to the office of a made-up delegation."""
    return Letter(
        **{
            "subject_ref": f"attendees.delegation:{number}",
            "subject_name": f"Tỉnh Số {number}",
            "to": [f"tinh{number}@hoinghi.example"],
            "recipient_name": "Ông Nguyễn Văn An",
            "values": {"doan": f"tỉnh Số {number}", "nguoi_nhan": "Ông Nguyễn Văn An"},
            "secrets": {"link": number},
            **more,
        }
    )


@pytest.fixture
def draft(conference: Conference, olga: User) -> Draft:
    """`draft(3)` drafts three invitations; `draft(to=[…])` one with other fields."""

    def write(count: int = 1, kind: str = "invitation", **more: Any) -> Mailing:
        given = {name: more.pop(name) for name in ("send_after", "key", "text", "by") if name in more}
        letters = [letter(number, **more) for number in range(1, count + 1)]
        return outbox.draft(conference, kind, letters, **{"by": olga, "title": "Mời các đoàn", **given})

    return write


@pytest.fixture
def approved(draft: Draft, olga: User, silent_bell: list[list[int]]) -> Callable[..., list[Message]]:
    """The same, approved; no worker has been called."""

    def write(count: int = 1, **more: Any) -> list[Message]:
        mailing = draft(count, **more)
        outbox.approve(mailing, by=olga)
        return list(mailing.messages.order_by("pk"))

    return write


def turn(*letters: Message) -> None:
    """What a worker does when it is rung for these letters."""
    sending.send([one.pk for one in letters])
    for one in letters:
        one.refresh_from_db()
