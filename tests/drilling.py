"""`python -m tests.drilling VERB[=N] …`: what people do at an installation, for drills that lose it.

What stands between two losses is done by one process, as web and worker are. Each verb prints a JSON object.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
django.setup()

from attendees.models import Attendee  # noqa: E402 - Django first
from conference import stored_files  # noqa: E402 - Django first
from conference.models import Conference, User  # noqa: E402 - Django first
from documents import making  # noqa: E402 - Django first
from documents.models import Certificate, CertificateRule  # noqa: E402 - Django first
from documents.requests import Scope, request_document  # noqa: E402 - Django first
from mailing import outbox, sending  # noqa: E402 - Django first
from mailing.kinds import values_of  # noqa: E402 - Django first
from mailing.models import Message  # noqa: E402 - Django first
from mailing.outbox import Letter  # noqa: E402 - Django first
from tests import conftest  # noqa: E402 - Django first
from tests.documents.conftest import give  # noqa: E402 - Django first


def found(_: int) -> dict[str, Any]:
    """A conference whose people all earn a certificate."""
    conference = conftest.make_conference("dien-tap", is_demo=False, demo_now=None)
    conftest.make_categories(conference)
    CertificateRule.objects.create(conference=conference, must_come=False)
    conftest.make_delegation(conference, "lam-dong", seats=1000)
    conftest.member(conference, "olga", "Olga", "organiser")
    return {}


def issue(count: int) -> dict[str, Any]:
    """Certificates for so many new people, and their files."""
    conference, olga = Conference.objects.get(), User.objects.get()
    begin = conference.attendees.count()
    people = [
        Attendee.objects.create(
            conference=conference,
            delegation=conference.delegations.get(),
            category=conference.categories.get(slug="department"),
            full_name=f"Nguyễn Văn Thứ {begin + number:04}",
            status=Attendee.Status.CONFIRMED,
        )
        for number in range(count)
    ]
    given = give(conference, people, by=olga)
    paper = request_document("certificates", conference, by=olga, scope=Scope(attendees=people), each=True)
    for part in paper.parts.all():
        making.make_part(part.pk)
    paper.refresh_from_db()
    return {"numbers": [one.full_number for one in given], "state": paper.state, "files": files()}


def write(count: int) -> dict[str, Any]:
    """Letters that are approved and not sent yet."""
    conference, olga = Conference.objects.get(), User.objects.get()
    whom = {**values_of(conference), "nguoi_nhan": "Ông Bà"}
    letters = [
        Letter("", f"Tỉnh {number}", [f"tinh{number}@hoinghi.example"], "Ông Bà", whom)
        for number in range(count)
    ]
    mailing = outbox.draft(conference, "notice", letters, by=olga, title="Thông báo")
    outbox.approve(mailing, by=olga)
    return {"letters": list(Message.objects.order_by("pk").values_list("message_id", flat=True))}


def deliver(_: int) -> dict[str, Any]:
    """What a worker does once the sweeper has rung: send everything that may leave."""
    sending.send(list(Message.objects.due().values_list("pk", flat=True)))
    return {"states": sorted(Message.objects.values_list("state", flat=True))}


def files() -> int:
    """Rows that name a file, all of which are there."""
    assert list(stored_files.lost()) == []
    return Certificate.objects.count()


def look(_: int) -> dict[str, Any]:
    numbers = Certificate.objects.order_by("number").values_list("full_number", flat=True)
    return {"numbers": list(numbers), "lost": [str(one) for one in stored_files.lost()]}


VERBS = {verb.__name__: verb for verb in (found, issue, write, deliver, look)}

if __name__ == "__main__":
    for name, _, number in (word.partition("=") for word in sys.argv[1:]):
        print(json.dumps(VERBS[name](int(number or 0))), flush=True)
