"""The public face: list, conference page, start, errors, language."""

import datetime
import html
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from attendees.models import Delegation
from conference.models import (
    Conference,
    LegalBasis,
    Membership,
    Organisation,
    OrganisationKind,
    OrganisingBody,
    User,
)
from documents.models import Document
from sessions.models import Participation, Session
from tests.conftest import make_conference, publish

pytestmark = pytest.mark.django_db

LONG_TOPIC = (
    "Một số điểm mới của Nghị quyết 47/NQ-CP của Chính phủ về Chương trình hành động của Chính phủ "
    "đến năm 2030 thực hiện Kết luận số 57-KL/TW của Bộ Chính trị về tiếp tục nâng cao chất lượng, hiệu quả "
    "trong công tác thông tin đối ngoại trong tình hình mới"
)


def make_session(conference: Conference, code: str, starts: int, ends: int, **fields: Any) -> Session:
    return Session.objects.create(
        **{
            "conference": conference,
            "code": code,
            "title": code,
            "day": datetime.date(2024, 6, 6),
            "starts": datetime.time(starts),
            "ends": datetime.time(ends),
            **fields,
        }
    )


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_published_conferences_and_hides_drafts(
    client: Client, conference: Conference
) -> None:
    make_conference("nhap", title="Hội nghị còn là bản nháp", status=Conference.Status.DRAFT)
    text = page(client, "/")
    assert conference.title in text
    assert "06–07/6/2024" in text
    assert "bản nháp" not in text


def test_the_list_says_what_is_missing_when_there_is_nothing(client: Client) -> None:
    assert "Chưa có hội nghị nào được công bố" in page(client, "/")
    assert "Ban Tổ chức đăng nhập để lập hội nghị." in page(client, "/")


def test_who_is_signed_in_is_led_to_work_and_not_to_the_sign_in(
    client: Client, ada: User, settings: Any
) -> None:
    settings.DEMO = True  # no second factor in the way
    client.force_login(ada)
    text = page(client, "/")
    assert "Lập và công bố hội nghị ở trang làm việc của Ban Tổ chức." in text
    assert "đăng nhập để lập hội nghị" not in text
    assert "Về trang làm việc" in page(client, "/accounts/sessions/"), (
        "after the codes were kept there was no way on"
    )


def test_a_conference_page_splits_the_long_title_around_the_short_one(
    client: Client, conference: Conference
) -> None:
    text = page(client, f"/{conference.slug}/")
    assert '<span class="title__lead">Hội nghị</span>' in text
    assert '<span class="title__main">tập huấn truyền thông quảng bá hình ảnh Việt Nam,</span>' in text
    assert '<span class="title__tail">góp phần nâng cao chất lượng' in text


def test_a_conference_page_says_when_where_and_who(client: Client, conference: Conference) -> None:
    kind = OrganisationKind.objects.create(slug="bo-thu", name="Bộ")
    body = Organisation.objects.create(kind=kind, name="Bộ Thông tin và Truyền thông")
    OrganisingBody.objects.create(conference=conference, organisation=body, role=OrganisingBody.Role.CHAIR)
    LegalBasis.objects.create(conference=conference, number="57-KL/TW", issuer="Bộ Chính trị")
    text = page(client, f"/{conference.slug}/")
    assert '<p class="date">06–07</p>' in text
    assert "tháng 6 năm 2024" in " ".join(text.split())
    assert "Thành phố Đà Lạt, tỉnh Lâm Đồng" in text
    assert "<dt>Chủ trì</dt><dd>Bộ Thông tin và Truyền thông</dd>" in text
    assert "57-KL/TW" in text


def test_the_programme_is_ordered_by_day_and_half_day_and_keeps_long_topics_whole(
    client: Client, conference: Conference
) -> None:
    topic = make_session(conference, "cd1", 9, 10, kind=Session.Kind.TOPIC, number=1, title=LONG_TOPIC)
    make_session(conference, "chieu", 14, 15, title="Trao đổi, hỏi đáp")
    make_session(conference, "truoc", 14, 21, title="Đón tiếp đại biểu", day=datetime.date(2024, 6, 5))
    Participation.objects.create(session=topic, full_name="Trần Minh Quân", organisation_name="Bộ TTTT")
    publish(conference)
    text = page(client, f"/{conference.slug}/")
    assert LONG_TOPIC in text
    order = ["Đón tiếp đại biểu", "Buổi sáng", LONG_TOPIC, "Buổi chiều</p>", "Trao đổi, hỏi đáp"]
    assert sorted(order, key=text.rindex) == order
    assert 'href="#ngay-2024-06-06"' in text
    assert "Trần Minh Quân, Bộ TTTT" in text


def test_a_conference_page_asks_the_same_number_of_questions_however_long_it_is(
    client: Client, conference: Conference, django_assert_num_queries: Any
) -> None:
    def add(first: int, last: int) -> None:
        for number in range(first, last):
            session = make_session(conference, f"s{number}", number, number + 1)
            Participation.objects.create(session=session, full_name=f"Người {number}")
        publish(conference)

    for first, last in ((1, 2), (2, 20)):
        add(first, last)
        with django_assert_num_queries(6):  # the version is read once, and rendered
            page(client, f"/{conference.slug}/")
        with django_assert_num_queries(5):
            page(client, f"/{conference.slug}/")


def test_a_draft_is_shown_to_its_organiser_and_to_nobody_else(
    client: Client, olga: User, sam: User, settings: Any
) -> None:
    settings.DEMO = True  # otherwise the organiser is first asked for a second factor
    draft = make_conference("nhap", status=Conference.Status.DRAFT)
    Membership.objects.create(conference=draft, user=olga, role=Membership.Role.ORGANISER)
    assert client.get("/nhap/").status_code == 404
    client.force_login(sam)
    assert client.get("/nhap/").status_code == 404
    client.force_login(olga)
    assert client.get("/nhap/").status_code == 200


def test_the_agenda_is_offered_only_to_those_who_may_download_it(
    client: Client, olga: User, conference: Conference, settings: Any
) -> None:
    settings.DEMO = True
    ready = {"kind": "agenda", "state": Document.State.READY, "size": 215_000}
    agenda = Document.objects.create(conference=conference, **ready)
    assert "Tải chương trình" not in page(client, "/da-lat-2024/")
    client.force_login(olga)
    text = page(client, "/da-lat-2024/")
    assert "Tải chương trình (PDF, 210 KB)" in text
    assert f'href="/da-lat-2024/documents/{agenda.public_id}/file/"' in text
    agenda.state = Document.State.FAILED
    agenda.save()
    assert "Tải chương trình" not in page(client, "/da-lat-2024/")


def test_script_in_a_title_is_shown_as_text(client: Client) -> None:
    make_conference("xau", title="Hội nghị <script>alert(1)</script>", short_title="<b>x</b>")
    text = page(client, "/xau/")
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_start_asks_a_stranger_to_sign_in(client: Client) -> None:
    response = client.get("/start/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/start/")


def test_start_sends_an_organiser_to_the_desk(client: Client, olga: User, settings: Any) -> None:
    settings.DEMO = True
    client.force_login(olga)
    assert client.get("/start/").headers["Location"] == "/admin/"


def test_start_sends_an_officer_to_the_only_delegation(
    client: Client, dan: User, delegation: Delegation
) -> None:
    client.force_login(dan)
    assert client.get("/start/").headers["Location"] == "/da-lat-2024/delegations/lam-dong/"


def test_start_sends_the_guard_of_a_door_to_the_reception(client: Client, greta: User) -> None:
    client.force_login(greta)
    assert client.get("/start/").headers["Location"] == "/da-lat-2024/reception/"


def test_start_offers_a_choice_to_a_person_with_two_tasks(
    client: Client, dan: User, conference: Conference, delegation: Delegation
) -> None:
    Membership.objects.create(conference=conference, user=dan, role=Membership.Role.VIEWER)
    client.force_login(dan)
    text = page(client, "/start/")
    assert "Chọn nơi làm việc" in text
    assert 'href="/admin/"' in text
    assert 'href="/da-lat-2024/delegations/lam-dong/"' in text


def test_start_tells_a_person_without_a_task_what_to_do(client: Client, sam: User) -> None:
    client.force_login(sam)
    text = page(client, "/start/")
    assert "Tài khoản này chưa thuộc đoàn hay Ban Tổ chức nào" in text
    assert "Gọi Ban Tổ chức" in text


def test_an_unknown_address_answers_in_vietnamese(client: Client) -> None:
    response = client.get("/khong-co/trang-nay/")
    assert response.status_code == 404
    assert "Không tìm thấy trang này" in response.content.decode()


def test_an_old_form_answers_in_vietnamese_with_what_to_do(dan: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dan)
    response = client.post("/accounts/logout/")
    assert response.status_code == 403
    assert "Biểu mẫu đã hết hạn" in response.content.decode()
    assert "mở lại liên kết ấy" in response.content.decode(), "who came by a link has no account"
    assert "Mở lại trang vừa điền, xem lại rồi gửi." in response.content.decode()
    there = "http://testserver/da-lat-2024/?day=1"
    response = client.post("/accounts/logout/", headers={"referer": there})
    assert 'href="/da-lat-2024/?day=1">Mở lại trang vừa điền' in response.content.decode()


def test_the_browser_language_decides_nothing_and_the_switch_does(
    client: Client, conference: Conference
) -> None:
    english = {"HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.9"}
    assert '<html lang="vi">' in client.get("/", **english).content.decode()
    response = client.post("/i18n/setlang/", {"language": "en", "next": f"/{conference.slug}/"})
    assert response.headers["Location"] == f"/{conference.slug}/"
    text = page(client, f"/{conference.slug}/")
    assert '<html lang="en">' in text
    assert "<dt>Venue</dt>" in text
    assert conference.title.split(",")[1].strip() in text


def test_demo_pages_say_that_their_data_are_invented(client: Client, settings: Any) -> None:
    settings.DEMO = True
    assert "Dữ liệu minh họa" in page(client, "/")
    settings.DEMO = False
    assert "Dữ liệu minh họa" not in page(client, "/")


def test_signing_out_needs_a_press(client: Client, dan: User) -> None:
    client.force_login(dan)
    assert "Đăng xuất khỏi hệ thống?" in page(client, "/accounts/logout/")
    client.post("/accounts/logout/")
    assert client.get("/start/").status_code == 302
    assert client.get("/start/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("weight", [300, 400, 600, 700, 800])
def test_the_fonts_that_the_styles_name_are_served(weight: int) -> None:
    for script in ("vietnamese", "latin", "latin-ext"):
        assert finders.find(f"fonts/be-vietnam-pro/be-vietnam-pro-{script}-{weight}-normal.woff2")


ENGLISH = re.compile(
    r"\b(the|your|you|please|email|password|sign|account|enter|forgot|current|browser|name|change|activate"
    r"|security|recovery|codes?|confirm|cancel|sessions?|submit|optional|this|here)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/da-lat-2024/",
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-set-password/",
        "/accounts/inactive/",
    ],
)
def test_no_english_word_on_an_open_page(client: Client, conference: Conference, path: str) -> None:
    assert ENGLISH.findall(words(page(client, path))) == []


@pytest.mark.parametrize(
    "path",
    [
        "/start/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/email/",
        "/accounts/sessions/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
        "/accounts/logout/",
    ],
)
def test_no_english_word_on_an_own_page(client: Client, sam: User, path: str) -> None:
    secret = {"login": sam.email, "password": "mat-khau-de-thu-nghiem"}
    client.post("/accounts/login/", secret)
    if path != "/accounts/logout/":
        client.post("/accounts/reauthenticate/?next=/start/", secret)
    response = client.get(path, follow=True)
    assert response.redirect_chain in ([], [("/accounts/reauthenticate/", 302)])
    assert ENGLISH.findall(words(response.content.decode())) == []


def test_no_english_word_in_what_a_wrong_form_says(client: Client, dan: User, mailoutbox: list[Any]) -> None:
    wrong = client.post("/accounts/login/", {"login": "khong-phai-thu", "password": ""}).content.decode()
    assert "Địa chỉ này chưa đúng" in wrong
    assert "Chưa nhập mục này." in wrong
    assert ENGLISH.findall(words(wrong)) == []
    client.post("/accounts/login/code/", {"email": dan.email})
    confirm = page(client, "/accounts/login/code/confirm/")
    assert "Nhập mã đăng nhập" in confirm
    assert ENGLISH.findall(words(confirm)) == []
    (letter,) = mailoutbox
    assert letter.subject == "Mã đăng nhập"
    assert ENGLISH.findall(letter.body) == []


def words(source: str) -> str:
    """What a person reads of a page, the switch to English left out."""
    source = re.sub(
        r"<(script|style|svg).*?</\1>|<button[^>]*lang=\"en\".*?</button>", " ", source, flags=re.S
    )
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', source)
    return html.unescape(re.sub(r"<[^>]*>", " ", source) + " ".join(spoken))
