"""How people get in: accounts are given by an organiser, never taken."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from conference import access


class InvitedPeopleOnly(DefaultAccountAdapter):
    """No open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """A sign-in of some minutes ago is proof, as for the acts of the desk.

        Who turns a second factor on after signing in by a code would be asked for the number that was just
        used up, and go without ever seeing the recovery codes.
        """
        return super().is_reauthentication_required(app=app, **more) and not access.is_fresh(self.request)
