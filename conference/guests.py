"""Who acts without an account: the bearer of a personal link."""

from __future__ import annotations

from dataclasses import dataclass

SESSION_KEY = "guest-links"  # in a session: the links that this browser has opened


@dataclass(frozen=True)
class Guest:
    """What one link opens, and nothing else. It is no sign-in: it holds no role in any conference.

    Made by `attendees.links` from a link that was exchanged for a short session and is still good. Code that
    asks `user.is_authenticated` treats a guest as a stranger; only rooms that know links let it in.
    """

    name: str  # for the journal: "Liên kết của đoàn Tỉnh Quảng Nam"
    link_id: int
    delegation_id: int | None = None
    attendee_id: int | None = None

    pk = None
    is_authenticated = False
    is_superuser = False

    def __str__(self) -> str:
        return self.name
