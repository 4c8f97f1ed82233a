"""One turn of a worker at letters: claim, ask again, hand over, finish. Safe to run twice or in two workers.

A letter reaches the server at least once. Between the server's yes and our note of it a worker can be killed;
then the letter leaves again, with the same Message-ID, and mailboxes show it once.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from conference import leases, room
from conference.kept_words import in_vietnamese
from mailing import bell, composing
from mailing.errors import MailError, NotReady
from mailing.models import Attempt, Message, State
from mailing.posting import Answer, Away, Post

MOST_ATTEMPTS = 24  # with the pauses between them: a night without a mail server
LONGEST_PAUSE = leases.FARTHEST
PAUSE_FOR_PARTS = timedelta(seconds=15)  # until an attachment is asked for again
LONGEST_TURN = 30.0  # seconds; far below the time limit of a task
MARGIN = timedelta(seconds=20)  # of the lease that must be left when the letter is handed over
_log = logging.getLogger(__name__)


@dataclass
class End:
    """How a try ended: what the log says, and what the row becomes."""

    outcome: Attempt.Outcome
    said: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    wait: timedelta | None = None  # set when the server is away: for how long nobody should knock


def send(letters: Sequence[int]) -> None:
    """Send these letters, as far as they are due, through one connection."""
    begun = time.monotonic()
    with in_vietnamese(), Post() as post:
        for index, pk in enumerate(letters):
            if index and time.monotonic() - begun > LONGEST_TURN:
                bell.ring(letters[index:])
                return
            if wait := send_one(pk, post):
                _let_wait(letters[index + 1 :], wait)
                return


def send_one(pk: int, post: Post) -> timedelta | None:
    """Send one letter if it is due and nobody else has it. Where the server is away: how long to wait."""
    token = leases.claim(Message.objects.due(), pk, most=MOST_ATTEMPTS, state=State.SENDING)
    if token is None:
        return None
    message = Message.objects.select_related("conference").get(pk=pk)
    try:
        attempt = message.tries.create()
    except OperationalError as error:
        if room.is_lacking(error):
            leases.finish(Message.objects.all(), pk, token, **_wait_for_room().fields)
        raise
    end = _end_of(message, token, post)
    said = end.said[:500]
    if not leases.finish(Message.objects.all(), pk, token, **end.fields):
        _log.warning("Letter %s was finished too late; another worker has it", pk)
    message.tries.filter(pk=attempt.pk).update(outcome=end.outcome, said=said, ended_at=timezone.now())
    return end.wait


def _end_of(message: Message, token: uuid.UUID, post: Post) -> End:
    try:
        if reason := composing.still_wanted(message):
            return _stopped(State.CANCELLED, reason)
        return _hand_over(message, token, post)
    except NotReady:
        return _put_aside(_("Chờ lập xong tệp gửi kèm."), PAUSE_FOR_PARTS)
    except MailError as error:
        return _stopped(State.FAILED, str(error))
    except Away as error:
        return _again(message, str(error), away=True)
    except Exception as error:
        post.close()  # in the middle of a letter, perhaps
        _log.exception("Letter %s failed, attempt %d", message.pk, message.attempts)
        if room.is_lacking(error):
            return _wait_for_room()
        too_slow = isinstance(error, SoftTimeLimitExceeded)
        sentence = _("Máy chủ thư không trả lời kịp.") if too_slow else broken_sentence()
        return _again(message, sentence, away=too_slow)


def _hand_over(message: Message, token: uuid.UUID, post: Post) -> End:
    composing.check_addresses(message)
    secrets, files = composing.secrets_of(message), composing.files_of(message)
    letter = composing.compose(message, secrets, files)
    # Links and attachments take time: is the letter still ours to send, and has nobody stopped it meanwhile,
    # nor corrected the address? Who does so from here on is no earlier than the letter.
    mine = Message.objects.filter(pk=message.pk, token=token, lease_until__gt=timezone.now() + MARGIN)
    if not mine.not_held().exists():
        return _put_aside(_("Đã dừng gửi thư."), timedelta(0))
    if reason := composing.still_wanted(message):
        return _stopped(State.CANCELLED, reason)
    left = [one for one in message.to if one not in message.reached and one not in message.refused]
    return _settled(message, post.send(letter, left, list(secrets.values())))


def _settled(message: Message, answer: Answer) -> End:
    """What the server's answer makes of the letter. Whoever was reached is not written to again."""
    reached, refused = [*message.reached, *answer.reached], {**message.refused, **answer.refused}
    known = {"reached": reached, "refused": refused}
    if answer.later:
        end = _again(message, " ".join([*answer.later.values(), *answer.refused.values()]))
        if end.outcome == Attempt.Outcome.FAILED and reached:
            return _sent(known, end.said)
        end.fields |= known
        return end
    said = " ".join(refused.values())
    return _sent(known, said) if reached else _stopped(State.FAILED, said, **known)


def _sent(known: dict[str, Any], said: str) -> End:
    done = {"state": State.SENT, "sent_at": timezone.now(), "error": said[:500]}
    return End(Attempt.Outcome.SENT, said, done | known)


def _stopped(state: State, said: str, **known: Any) -> End:
    return End(Attempt.Outcome(state.value), said, {"state": state, "error": said[:500], **known})


def _again(message: Message, said: str, *, away: bool = False) -> End:
    """Back into the queue after 2, 4, 8 … seconds; not for ever."""
    pause = leases.pause(message.attempts, LONGEST_PAUSE)
    wait = pause if away else None
    if message.attempts >= MOST_ATTEMPTS:
        end = _stopped(State.FAILED, said)
        end.wait = wait
        return end
    return End(Attempt.Outcome.LATER, said, _back(pause, said), wait)


def _put_aside(said: str, pause: timedelta) -> End:
    """Back into the queue through no fault of its own: this try does not count."""
    return End(Attempt.Outcome.WAITING, said, _back(pause, "") | {"attempts": F("attempts") - 1})


def _wait_for_room() -> End:
    return _put_aside(_("Máy chủ đang hết chỗ lưu; thư chờ."), room.PAUSE)


def _back(pause: timedelta, said: str) -> dict[str, Any]:
    return {
        "state": State.APPROVED,
        "run_after": timezone.now() + pause,
        "rung_at": None,
        "error": said[:500],
    }


def _let_wait(letters: Sequence[int], pause: timedelta) -> None:
    """The server is away: the letters behind wait for the first instead of knocking one by one."""
    waiting = Message.objects.filter(pk__in=letters, state=State.APPROVED)
    waiting.update(run_after=timezone.now() + pause, rung_at=None)


def broken_sentence() -> str:
    with in_vietnamese():
        return _("Chưa gửi được thư do lỗi của hệ thống. Bấm Gửi lại; nếu vẫn lỗi, báo người quản trị.")
