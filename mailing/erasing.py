"""Letters of a person, or an account, who is erased. Named in `ERASERS`.

A letter to them is emptied, and not sent if it was not; one to somebody else loses only their name.
One that a worker has in its hands is waited for: what the server says of it is written down afterwards.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from conference import leases
from conference.account_traces import Traces
from conference.erasing import Erasing
from conference.journal import ref_of
from conference.kept_words import in_vietnamese
from conference.purposes import Kept
from conference.retention import Forgetting
from mailing.models import Attempt, Message, State

TOLD = (
    "subject_name", "to", "recipient_name", "subject_template", "body_template", "values", "reached",
    "refused", "error",
)  # fmt: skip


def erase_account(traces: Traces) -> None:
    """Called by `conference.account_erasing`."""
    erase(traces)


def erase(erasing: Erasing | Traces) -> None:
    """Called by `conference.erasing`."""
    about = ref_of(erasing.person)
    address = erasing.person.email.casefold()
    for one in Message.objects.filter(conference=erasing.conference.pk).iterator(200):
        others = [to for to in one.to if to.casefold() != address]
        if one.subject_ref == about or (one.to and not others and erasing.mentions.inside(one.to)):
            _empty(_idle(one, erasing), erasing.renamed(one.subject_name))
        elif not _strike(one, erasing):
            continue
        erasing.count("mailing.Message", "to", 1)
    _attempts(erasing)


def _idle(one: Message, erasing: Erasing | Traces) -> Message:
    """The row, until the transaction ends, with no worker at it: waited for, if not after a restore."""
    held = Message.objects.select_for_update().get(pk=one.pk)
    sending = Message.objects.filter(leases.held(timezone.now()), pk=held.pk, state=State.SENDING)
    if not erasing.again and sending.exists():
        sentence = _("Đang gửi một thư cho người này. Đợi một phút, rồi xóa dữ liệu.")
        raise ValidationError(sentence, code="busy")
    return held


def _empty(one: Message, name: str) -> None:
    """Nothing of it but that there was a letter of this kind, and what became of it."""
    ended = one.state in Message.ENDED
    with in_vietnamese():
        sentence = _("Đã xóa dữ liệu cá nhân.")
    Message.objects.filter(pk=one.pk).update(
        subject_name=name, to=[], recipient_name="", subject_template="", body_template="", values={},
        secrets={}, attachments=[], reached=[], refused={}, state=one.state if ended else State.CANCELLED,
        error=sentence if one.error or not ended else "", **leases.Leased.FRESH,
    )  # fmt: skip
    one.tries.update(said="")


def _strike(one: Message, erasing: Erasing | Traces) -> bool:
    """Takes the person out of a letter to somebody else; whether they stood in it.

    Who is sending it would write down afterwards what the server said to each address, theirs too.
    """
    if not _told_otherwise(one, erasing):
        return False
    held = _idle(one, erasing)
    changed = _told_otherwise(held, erasing)
    if held.state == State.SENDING:  # begun anew, so that what the server says now is not written down
        changed |= {"state": State.APPROVED, **leases.Leased.FRESH}
    Message.objects.filter(pk=one.pk).update(**changed)
    return True


def _told_otherwise(one: Message, erasing: Erasing | Traces) -> dict[str, Any]:
    """What the columns that name the person would say without them."""
    before = {name: getattr(one, name) for name in TOLD}
    after: dict[str, Any] = {name: erasing.mentions.struck(value) for name, value in before.items()}
    return {name: value for name, value in after.items() if value != before[name]}


def _attempts(erasing: Erasing | Traces) -> None:
    rows = Attempt.objects.filter(message__conference=erasing.conference.pk).exclude(said="")
    for one in rows.iterator(500):
        if erasing.mentions.inside(one.said):
            Attempt.objects.filter(pk=one.pk).update(said=erasing.mentions.struck(one.said))
            erasing.count("mailing.Attempt", "said", 1)


def forget(forgetting: Forgetting) -> None:
    """Letters over their time: to whom and what goes, that one was sent stays. By `conference.retention`."""
    if not forgetting.is_over(Kept.CONTACTS):
        return
    letters = Message.objects.filter(conference=forgetting.conference).exclude(state=State.SENDING)
    found = list(letters.exclude(to=[], values={}, body_template=""))
    for one in found:
        _empty(one, name="")
    forgetting.count("mailing.Message", "to", len(found))
