"""Every page that each role reaches, full of hostile text, in a real browser: nothing of it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import DatabaseError, models, transaction
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from attendees.models import Attendee, Delegation
from conference import journal
from conference.models import User
from tests import browsers
from tests.conftest import MakeAttendee
from tests.journeys.crawl import walk
from tests.journeys.world import Side

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

# Breaks out of text, an attribute, a script and a JSON block, wherever it stands.
HOSTILE = "\"'><img src=x onerror=alert(1)></script><script>alert(1)</script>{{7*7}}"
ROOMS = ("conference", "attendees", "thematic", "documents", "checkin", "mailing")
# Columns of words that are no words of people: names of files, of kinds, of rows, of zones.
NO_WORDS = {
    "file",
    "photo",
    "content_type",
    "sha256",
    "time_zone",
    "subject",
    "aliases",
    "password",
    "origin",
    "slug",
}
# What a page does that it may not do, told by the page itself.
LISTENER = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


def is_for_words(field: models.Field) -> bool:
    if field.choices or field.unique or field.name in NO_WORDS or isinstance(field, models.FileField):
        return False
    long = isinstance(field, models.CharField) and (field.max_length or 0) >= 60
    plain = type(field) in (models.CharField, models.TextField)
    return plain and (long or isinstance(field, models.TextField))


def poison() -> int:
    """Writes the hostile text into every column for words; how many took it."""
    taken = 0
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS:
            continue
        for one in model._meta.fields:
            if not is_for_words(one):
                continue
            text = HOSTILE[: getattr(one, "max_length", None) or len(HOSTILE)]
            try:
                with transaction.atomic():
                    rows = models.QuerySet(model).filter(**{f"{one.name}__gte": ""})
                    taken += bool(models.QuerySet.update(rows, **{one.name: text}))
            except DatabaseError:
                continue  # a constraint keeps such text out of the column
    return taken


@dataclass
class Watch:
    """A page, and what it did that it may not do."""

    page: Page
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(LISTENER)
        self.page.on(
            "console", lambda said: self.note(said.text) if said.text.startswith("policy:") else None
        )
        self.page.on("pageerror", lambda error: self.note(f"error: {error}"))
        self.page.on("dialog", self._alerted)

    def note(self, text: str) -> None:
        self.broken.append(f"{self.page.url} {text}")

    def _alerted(self, dialog: object) -> None:
        self.note("an alert")
        dialog.dismiss()  # type: ignore[attr-defined]  # playwright's

    def visit(self, address: str) -> None:
        self.page.goto(address, wait_until="load")
        # Styles that a script of ours sets are no inline styles: the policy tells of those itself.
        handlers = self.page.evaluate(
            "[...document.querySelectorAll('*')].filter((one) =>"
            " [...one.attributes].some((a) => a.name.startsWith('on'))).length"
            " + document.querySelectorAll('img[src=x], style').length"
        )
        if handlers:
            self.note(f"{handlers} inline handlers, or markup of the hostile text")


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    with browsers.new_context() as context:
        yield Watch(context.new_page())


@pytest.fixture
def side(delegation: Delegation, make_attendee: MakeAttendee, settings: LazySettings, media: Path) -> Side:
    settings.DEMO = True  # no second factor to pass first
    person = make_attendee(delegation, "Nguyễn Văn Nhà")
    journal.record("demo", person, by=None, conference=delegation.conference)
    side = Side(delegation.conference, delegation, person, person.category).furnish()
    side.tokens = {"gus": side.value("l/", "token"), "pia": side.sheet()}  # type: ignore[attr-defined]  # of this test
    return side


ACCOUNT = (
    "/start/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/password/change/",
)
STARTS = {
    "nobody": ("/", "/components/", "/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/",
               "/v/", "/da-lat-2024/door/", "/da-lat-2024/now/", "/khong-co/"),
    "dan": ("/da-lat-2024/delegations/lam-dong/", *ACCOUNT),
    "gus": ("/da-lat-2024/delegations/lam-dong/",),
    "pia": ("/da-lat-2024/people/{person}/",),
    "greta": ("/da-lat-2024/reception/", "/start/"),
    "victor": ("/admin/",),
    "olga": ("/admin/", "/da-lat-2024/", "/da-lat-2024/documents/"),
    "ada": ("/admin/", "/admin/conference/organisation/", "/admin/conference/user/"),
}  # fmt: skip


# Victor and Ada meet most of Olga's pages again.
@pytest.mark.parametrize(
    "who", [pytest.param(who, marks=pytest.mark.long) if who in ("victor", "ada") else who for who in STARTS]
)
def test_no_text_runs_and_no_page_breaks_the_policy(
    who: str, side: Side, watch: Watch, live_server: LiveServer, request: pytest.FixtureRequest
) -> None:
    client = Client()
    tokens: dict[str, str] = side.tokens  # type: ignore[attr-defined]  # of this test
    if who in tokens:
        client.post(f"/l/{tokens[who]}/")
    elif who != "nobody":
        user: User = request.getfixturevalue(who)
        client.force_login(user)
    assert poison() > 40
    starts = [one.format(person=Attendee.objects.get(pk=side.attendee.pk).code) for one in STARTS[who]]
    reached = [page.address for page, answer in walk(client, *starts) if answer.content]
    if "session" in client.cookies:
        cookie = client.cookies["session"].value
        watch.page.context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
    for address in reached:
        watch.visit(live_server.url + address)

    assert len(reached) >= (40 if who in ("victor", "olga", "ada") else 3)
    assert watch.broken == []


def test_the_watch_sees_what_a_page_may_not_do(watch: Watch, live_server: LiveServer, db: None) -> None:
    """The control: the same text put into a page as markup, where escaping is not there to hold it."""
    watch.page.goto(live_server.url)
    watch.page.evaluate("(text) => document.body.insertAdjacentHTML('beforeend', text)", HOSTILE)
    watch.page.evaluate("document.body.style.color = 'red'; alert(1)")
    told = ("policy: script-src", "an alert")
    browsers.until(
        watch.page,
        lambda: all(any(words in line for line in watch.broken) for words in told),
        lambda: watch.broken,
    )
