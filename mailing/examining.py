"""What can be wrong with mail. Named in `EXAMINATIONS`."""

from __future__ import annotations

from collections.abc import Iterator
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection

from conference.examining import Finding
from mailing import posting
from mailing.models import Hold, Message, State


def mail() -> Iterator[Finding]:
    """The server, what stops letters, and what did not leave. Nothing is sent."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        if not settings.DEMO:
            yield Finding(
                "mail", "Letters go to a folder, not to people.", "Set EMAIL_URL.", is_serious=False
            )
    else:
        try:
            server = get_connection()
            server.open()
            server.close()
        except (OSError, SMTPException) as error:
            mend = "Compare EMAIL_URL with what the mail server wants; letters wait meanwhile."
            says = f"The mail server takes no connection: {posting.own_words(error)}."
            yield Finding("mail", says, mend)
    if count := Hold.objects.count():
        mend = "Lift them at the desk where they have had their time."
        yield Finding("mail", f"{count} orders stop mail.", mend, is_serious=False)
    if failed := Message.objects.filter(state=State.FAILED).count():
        says = f"{failed} letters could not be sent."
        yield Finding("mail", says, "The desk tells why, and sends them again.", is_serious=False)


ALL = (mail,)
