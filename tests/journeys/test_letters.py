"""Letters through a whole installation as `make run` starts it: SQLite, messages in files, one worker."""

import time

import pytest

from tests.installation import manage
from tests.journeys.stage import installed
from tests.patience import until
from tests.smtp import mail_server

pytestmark = pytest.mark.slow
BEGIN = """
from attendees import reminders
from conference.models import Conference
from mailing import outbox
conference = Conference.objects.get(slug="da-lat-2024")
"""
DRAFT = """
for one in reminders.owing(conference):
    one.contact_email = f"{one.code}@dau-moi.example"
    one.save(update_fields=["contact_email"])
print(">>>", outbox.approve(reminders.draft_reminders(conference, by=None), by=None))
"""
RELEASE = "outbox.release(conference, by=None)\n"
STATES = """
from mailing.models import Message
print(">>>", sorted(set(Message.objects.values_list("state", flat=True))), Message.objects.count())
"""


def run(env: dict[str, str], code: str) -> str:
    arguments = ("shell", "--verbosity", "0", "--no-imports", "--command", BEGIN + code)
    return manage(env, *arguments).rpartition(">>>")[2].strip()


def test_a_demonstration_is_silent_until_it_is_released_and_then_every_letter_arrives_once() -> None:
    with mail_server() as server, installed("--people", "120", EMAIL_URL=server.url) as (_served, env):
        letters = int(run(env, DRAFT))
        assert letters >= 5
        time.sleep(5)  # sweeper and worker had their turns
        assert server.received == []
        run(env, RELEASE)
        server.wait_for(letters)
        until(lambda: run(env, STATES) == f"['sent'] {letters}", "each is noted as sent")
        time.sleep(3)  # who would send one again had a turn
        assert len(set(server.ids())) == len(server.received) == letters
        assert {address.rpartition("@")[2] for one in server.received for address in one.to} <= {
            "dau-moi.example", "hoinghi.example",
        }  # fmt: skip
