"""Papers in the browser: who sees them, what happens on a press, and how the file goes out."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendees.models import Attendee, Delegation
from conference.models import Conference, User
from documents import storing
from documents.models import Certificate, Document
from tests.documents.conftest import Ask
from tests.journeys.pages import Page

pytestmark = pytest.mark.django_db
Work = Callable[[Document], Document]


@pytest.fixture(autouse=True)
def _no_second_factor(settings: LazySettings) -> None:
    settings.DEMO = True


def status(client: Client, address: str) -> int:
    answer = client.get(address)
    if answer.streaming:
        list(answer.streaming_content)  # read to its end, so that the file is closed
    return answer.status_code


def url(name: str, document: Document) -> str:
    return reverse(f"documents:{name}", args=(document.conference.slug, document.public_id))


def test_the_organiser_asks_for_badges_and_sees_them_waiting(
    client: Client, conference: Conference, people: list[Attendee], olga: User
) -> None:
    client.force_login(olga)
    page = reverse("documents:papers", args=(conference.slug,))
    assert "Thẻ đại biểu" in client.get(page).content.decode()
    sent = {"kind": "badges", "key": str(uuid.uuid4()), "next": page, "anyway": "1"}
    answers = [client.post(reverse("documents:ask", args=(conference.slug,)), sent) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, page)] * 2
    document = Document.objects.get()
    content = client.get(page).content.decode()
    assert "Thẻ đại biểu · cả hội nghị" in content
    assert f'data-progress-url="{url("progress", document)}"' in content


@pytest.mark.usefixtures("issued")
def test_progress_is_told_in_numbers_and_words(client: Client, ask: Ask, work: Work, olga: User) -> None:
    document = ask("certificates")
    client.force_login(olga)
    waiting = client.get(url("progress", document)).json()
    assert (waiting["state"], waiting["done"], waiting["total"]) == ("queued", 0, 4)
    assert waiting["html"].strip().startswith('<div class="paper"')
    work(document)
    ready = client.get(url("progress", document)).json()
    assert (ready["state"], ready["done"]) == ("ready", 4)
    assert ready["sentence"].startswith("4 đại biểu, 4 trang, ")
    assert url("download", document) in ready["html"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [(timedelta(minutes=3), "1/4, còn khoảng 9 phút"), (timedelta(days=2), "1/4")],
    ids=["just now", "days ago, and begun again"],
)
def test_what_is_left_is_told_by_the_pace_so_far(
    client: Client, ask: Ask, issued: list[Certificate], olga: User, asked: timedelta, told: str
) -> None:
    document = ask("certificates")
    document.parts.create(index=9, state="done", total=1)
    Document.objects.filter(pk=document.pk).update(state="running", requested_at=timezone.now() - asked)
    client.force_login(olga)
    assert client.get(url("progress", document)).json()["sentence"] == told


def test_a_file_goes_out_as_an_attachment_that_nobody_keeps(
    client: Client, ask: Ask, work: Work, olga: User
) -> None:
    document = work(ask("badges"))
    client.force_login(olga)
    answer = client.get(url("download", document))
    assert b"".join(answer.streaming_content) == storing.path(document.file).read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Th%E1%BA%BB")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_papers_are_seen_only_in_scope(
    client: Client,
    ask: Ask,
    work: Work,
    delegation: Delegation,
    olga: User,
    dan: User,
    mai: User,
    sam: User,
    greta: User,
    victor: User,
) -> None:
    whole, own = work(ask("badges")), work(ask("badges", delegations=[delegation]))
    seen = {}
    for person in (olga, victor, dan, mai, sam, greta):
        client.force_login(person)
        seen[person.full_name] = [status(client, url("download", one)) for one in (whole, own)]
    assert seen == {
        "Olga": [200, 200],
        "Victor": [200, 200],
        "Dan": [404, 200],
        "Mai": [404, 404],
        "Sam": [404, 404],
        "Greta": [404, 404],
    }
    client.logout()
    assert client.get(url("download", own)).status_code == 302


def test_an_officer_asks_for_papers_of_the_own_delegation_only(
    client: Client, conference: Conference, people: list[Attendee], dan: User
) -> None:
    client.force_login(dan)
    page = reverse("documents:papers", args=(conference.slug,))
    content = client.get(page).content.decode()
    assert 'name="delegation" value="lam-dong"' in content
    assert reverse("attendees:delegation", args=(conference.slug, "lam-dong")) in content
    assert 'Mỗi người một tệp (ZIP)<span class="visually-hidden"> Thẻ đại biểu</span>' in content
    assert "đoàn một tệp" not in content, "it is one delegation"
    ask_url = reverse("documents:ask", args=(conference.slug,))
    own = {"kind": "badges", "delegation": "lam-dong", "anyway": "1"}
    assert client.post(ask_url, own).status_code == 302
    assert client.post(ask_url, {"kind": "badges"}).status_code == 404
    client.post(ask_url, {"kind": "badges", "delegation": "quang-nam"})
    assert [
        document.delegation.code
        for document in Document.objects.select_related("delegation")
        if document.delegation
    ] == ["lam-dong"]


def test_before_badges_an_officer_sees_who_of_the_own_delegation_lacks_what(
    client: Client, conference: Conference, people: list[Attendee], dan: User
) -> None:
    Attendee.objects.exclude(pk=people[0].pk).filter(delegation__code="lam-dong").update(
        organisation_name="Sở Thông tin và Truyền thông"
    )
    client.force_login(dan)
    address = reverse("documents:ask", args=(conference.slug,))
    key = str(uuid.uuid4())
    answer = client.post(address, {"kind": "badges", "delegation": "lam-dong", "key": key})
    page = answer.content.decode()
    assert not Document.objects.exists()
    assert "Chưa có đơn vị." in page
    edit = reverse("attendees:person_edit", args=(conference.slug, "lam-dong", people[0].code))
    assert f'href="{edit}"' in page
    assert client.get(edit).status_code == 200
    assert [one.full_name for one in people if one.full_name in unescape(page)] == [people[0].full_name]
    again = next(form for form in Page(address, page).forms if form.action == address)
    assert client.post(address, again.filled(button=again.buttons[0])).status_code == 302
    document = Document.objects.get()
    assert (document.delegation, str(document.request_key)) == (people[0].delegation, key)
    for other in ({"delegation": "quang-nam"}, {}):  # who lacks what elsewhere is told to nobody
        told = client.post(address, {"kind": "badges", **other}, follow=True)
        assert people[3].full_name not in told.content.decode()
    assert Document.objects.count() == 1


def test_what_is_whole_is_printed_at_once(
    client: Client, conference: Conference, people: list[Attendee], dan: User
) -> None:
    Attendee.objects.update(organisation_name="Sở Thông tin và Truyền thông")
    client.force_login(dan)
    client.post(
        reverse("documents:ask", args=(conference.slug,)), {"kind": "badges", "delegation": "lam-dong"}
    )
    assert Document.objects.get().kind == "badges"


def test_a_paper_is_cancelled_and_begun_again(
    client: Client, ask: Ask, work: Work, olga: User, dan: User
) -> None:
    document = ask("badges")
    client.force_login(dan)
    assert client.post(url("cancel", document)).status_code == 404
    client.force_login(olga)
    assert client.get(url("cancel", document)).status_code == 405
    assert client.post(url("cancel", document)).status_code == 302
    document.refresh_from_db()
    assert document.state == Document.State.CANCELLED
    assert client.get(url("download", document)).status_code == 404
    client.post(url("retry", document))
    assert work(document).state == Document.State.READY


def test_who_only_looks_on_changes_nothing(
    client: Client, ask: Ask, conference: Conference, victor: User
) -> None:
    document = ask("badges")
    client.force_login(victor)
    assert client.post(url("cancel", document)).status_code == 404
    page = client.get(reverse("documents:papers", args=(conference.slug,))).content.decode()
    assert "Lập giấy" not in page
    assert "Hủy" not in page


def test_nothing_to_print_is_a_sentence_on_the_page(
    client: Client, conference: Conference, olga: User
) -> None:
    client.force_login(olga)
    sent = client.post(reverse("documents:ask", args=(conference.slug,)), {"kind": "badges"}, follow=True)
    assert "Chưa có đại biểu nào được xác nhận" in sent.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"kind": "no-such"}, {"kind": "badges", "key": "x"}, {"kind": "badges", "attendee": "\0"}, {}]
)
def test_a_broken_form_is_a_sentence_not_an_error(
    client: Client, conference: Conference, people: list[Attendee], olga: User, wrong: dict[str, str]
) -> None:
    client.force_login(olga)
    sent = client.post(reverse("documents:ask", args=(conference.slug,)), wrong, follow=True)
    assert "lựa chọn không còn đúng" in sent.content.decode()
    assert not Document.objects.exists()


def test_after_a_press_the_page_stays_on_this_site(
    client: Client, conference: Conference, people: list[Attendee], olga: User
) -> None:
    client.force_login(olga)
    for away in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        sent = client.post(
            reverse("documents:ask", args=(conference.slug,)), {"kind": "agenda", "next": away}
        )
        assert sent["Location"] == reverse("documents:papers", args=(conference.slug,))


@pytest.mark.usefixtures("issued")
def test_the_newest_paper_stands_first(client: Client, ask: Ask, conference: Conference, olga: User) -> None:
    for kind in ("agenda", "badges", "certificates"):
        ask(kind)
    client.force_login(olga)
    page = client.get(reverse("documents:papers", args=(conference.slug,)))
    kinds = [row.document.kind for row in page.context["rows"]]
    assert kinds == ["certificates", "badges", "agenda", "certificate-files"]


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_asks_the_database_as_often_for_one_paper_as_for_many(
    client: Client,
    ask: Ask,
    conference: Conference,
    olga: User,
    count: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for _ in range(count):
        ask("badges")
    client.force_login(olga)
    with django_assert_max_num_queries(8):
        client.get(reverse("documents:papers", args=(conference.slug,)))
