"""What a running installation writes down, searched for everybody who is in its database."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Served, environment, free_port, manage, prepared, serving
from tests.patience import LONGEST, until

pytestmark = pytest.mark.slow

# Everybody's name, numbers, addresses and codes; a letter and a link are written on the way.
EVERYBODY = """
import json
from attendees.models import Attendee, Delegation, Link
from attendees import links
from conference.models import Conference, User
from documents.models import Certificate
from mailing import outbox
from mailing.kinds import values_of
from mailing.outbox import Letter
olga = User.objects.filter(memberships__role="organiser").first()
one = Delegation.objects.filter(attendees__isnull=False).first()
link = links.make(one, Link.Purpose.ANSWER, by=olga)
person = one.attendees.first()
whom = {**values_of(one.conference), "nguoi_nhan": person.full_name}
letter = Letter("", person.full_name, ["chim.hoang.yen@lamdong.example"], person.full_name, whom)
outbox.approve(outbox.draft(one.conference, "notice", [letter], by=olga, title="Thông báo"), by=olga)
people = Attendee.objects.all()
print(json.dumps({
    "names": [*people.values_list("full_name", flat=True), *User.objects.values_list("full_name", flat=True)],
    "phones": [x for p in people.exclude(phone="").values_list("phone", flat=True) for x in (p, "0" + p[3:])],
    "mails": ["chim.hoang.yen", *people.exclude(email="").values_list("email", flat=True),
              *User.objects.values_list("email", flat=True)],
    "codes": [*people.values_list("code", flat=True), *Certificate.objects.values_list("code", flat=True)],
    "links": [links.address_for(link.pk).rstrip("/").rpartition("/")[2]],
}))
"""


class Visitor:
    """A browser that takes every answer as it comes."""

    def __init__(self, served: Served) -> None:
        self.address, self.jar = served.address, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def ask(self, path: str, data: dict[str, str] | None = None, **headers: str) -> int:
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(self.address + urllib.parse.quote(path, "/?&=%"), body, headers)
        try:
            with self.opener.open(request, timeout=LONGEST) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def token(self) -> str:
        self.ask("/accounts/login/")
        return next(str(cookie.value) for cookie in self.jar if cookie.name.endswith("csrf"))


def test_nobody_of_the_database_is_in_the_log_of_a_day(tmp_path: Path) -> None:
    away = f"smtp://127.0.0.1:{free_port()}"
    env = environment(tmp_path, DEMO="1", LOG_FORMAT="json", EMAIL_URL=away)
    prepared(tmp_path)
    manage(env, "prepare")  # what lacks is the demonstration
    with serving(tmp_path, env) as served:
        known: dict[str, list[str]] = json.loads(
            manage(env, "shell", "-v0", "-c", EVERYBODY).splitlines()[-1]
        )
        visitor = Visitor(served)
        for code in known["codes"][:5]:
            visitor.ask(f"/da-lat-2024/people/{code}/")
            visitor.ask(f"/v/{code}")
            visitor.ask(f"/da-lat-2024/people/{code}/none/")
        for word in (*known["names"][:5], *known["phones"][:5], *known["mails"][:5]):
            assert visitor.ask(f"/da-lat-2024/{word}/") == 404
            assert visitor.ask(f"/da-lat-2024/{word}/%00") == 400
            password = {"login": word, "password": known["codes"][0], "csrfmiddlewaretoken": visitor.token()}
            visitor.ask("/accounts/login/", password)
            assert visitor.ask("/accounts/login/", {"login": word}) == 403
        visitor.ask(f"/l/{known['links'][0]}/")
        visitor.ask(f"/l/{known['links'][0]}/none/")
        visitor.ask("/da-lat-2024/door/api/state/", Authorization=f"Device {known['links'][0]}")
        last = ("celery.app.trace", "401 GET <slug:conference>/door/api/state/")  # of the worker, of the web
        until(lambda: all(word in served.log.read_text() for word in last), "the last words of both")
        log = served.log.read_text()
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    messages = [str(line["message"]) for line in lines]
    assert messages.count("404 GET (no such address)") > 15
    assert last[1] in messages
    assert {"django.request", "gunicorn.error", "celery.app.trace"} <= {line["logger"] for line in lines}
    found = [(kind, word) for kind, words in known.items() for word in words if word.lower() in log.lower()]
    assert found == []
