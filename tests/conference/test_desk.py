"""The desk as a whole: who comes in, which conference is shown, what the home page says."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib import admin
from django.forms import Select
from django.test import Client
from django.test.html import parse_html
from django.urls import reverse

from attendees.models import Attendee, Category, Delegation
from conference import journal
from conference.desk_forms import ShortSelect
from conference.models import Conference, JournalEntry, Membership, User
from mailing import outbox
from mailing.outbox import Letter
from mailing.wording import Text
from tests.conference.desk import fields, queries, same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import VN, MakeAttendee, make_categories, make_conference, make_delegation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]
HOME = "/admin/"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True  # no second factor in the way


@pytest.fixture
def other_conference(olga: User) -> Conference:
    """A second conference that Olga runs too, newer than the first."""
    other = make_conference(
        "hue-2025",
        short_title="hội nghị tại Huế",
        starts_on=datetime.date(2024, 9, 2),
        ends_on=datetime.date(2024, 9, 3),
    )
    make_categories(other)
    Membership.objects.create(conference=other, user=olga, role=Membership.Role.ORGANISER)
    return other


def test_a_stranger_is_sent_to_our_own_sign_in(client: Client) -> None:
    response = client.get(HOME, follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["dan", "greta", "sam"])
@pytest.mark.parametrize("path", [HOME, "/admin/attendees/attendee/", "/admin/login/"])
def test_whoever_has_no_place_at_a_desk_is_told_so_and_not_sent_round(
    name: str, path: str, request: pytest.FixtureRequest, delegation: Delegation
) -> None:
    client = signed_in(request.getfixturevalue(name))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("name", ["olga", "victor", "ada"])
def test_organisers_viewers_and_administrators_see_the_desk(
    name: str, request: pytest.FixtureRequest, delegation: Delegation
) -> None:
    response = signed_in(request.getfixturevalue(name)).get(HOME)
    assert response.status_code == 200
    assert "Bàn điều hành" in text(response)
    assert "Dữ liệu minh họa" in text(response)


def test_passwords_are_changed_and_sessions_ended_in_one_place_only(olga: User) -> None:
    client = signed_in(olga)
    assert client.get("/admin/password_change/").status_code == 404
    assert client.get("/admin/logout/").url == reverse("account_logout")


def test_the_menu_holds_only_what_a_person_may_open(olga: User, ada: User, conference: Conference) -> None:
    def menu(user: User) -> list[str]:
        context = signed_in(user).get(HOME).context
        return [model["object_name"] for group in context["available_apps"] for model in group["models"]]

    assert "Delegation" in menu(olga)
    assert "Unit" not in menu(olga)
    assert "Unit" in menu(ada)


def test_no_list_of_a_library_shows_groups_keys_or_sign_ins(ada: User, conference: Conference) -> None:
    client = signed_in(ada)
    rooms = {"attendees", "conference", "documents", "mailing", "thematic"}
    assert {model._meta.app_label for model in admin.site._registry} == rooms
    for path in ("auth/group/", "mfa/authenticator/", "usersessions/usersession/", "account/emailaddress/"):
        assert client.get(f"/admin/{path}").status_code == 404


def test_every_link_of_the_menu_answers(olga: User, ada: User, conference: Conference) -> None:
    for user in (olga, ada):
        client = signed_in(user)
        groups = client.get(HOME).context["available_apps"]
        addresses = [model["admin_url"] for group in groups for model in group["models"]]
        assert {client.get(address).status_code for address in addresses} == {200}


def test_figures_count_seats_people_answers_and_presence_per_component(
    olga: User, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, status="confirmed")
    make_attendee(delegation, "Trần Thị Bình")
    make_attendee(other_delegation, "Lê Văn Cường", status="declined")
    staff = Category.objects.create(
        conference=delegation.conference,
        slug="staff",
        name="Ban Tổ chức",
        short_name="BTC",
        band="staff",
        position=3,
    )
    make_attendee(other_delegation, "Hồ Thị Diễm", category=staff, status="confirmed")
    figures = signed_in(olga).get(HOME).context["figures"]
    shown = [
        (one["label"], one["seats"], one["nominated"], one["confirmed"], one["present"]) for one in figures
    ]
    assert shown == [
        ("Đại biểu đã xác nhận", 8, 2, 1, 0),
        ("Sở TTTT", 6, 2, 1, 0),
        ("Báo, Đài", 2, 0, 0, 0),
        ("BTC", 0, 1, 1, 0),  # works there: in no sum of delegates
    ]


def test_the_map_shows_each_delegation_and_both_archipelagos(
    olga: User, delegation: Delegation, other_delegation: Delegation, conference: Conference
) -> None:
    conference.host_unit = delegation.unit
    conference.save()
    other_delegation.status = Delegation.Status.DECLINED
    other_delegation.save()
    response = signed_in(olga).get(HOME)
    said = text(response)
    assert "QĐ. Hoàng Sa (TP. Đà Nẵng)" in said
    assert "QĐ. Trường Sa (tỉnh Khánh Hòa)" in said
    tiles = {one["abbr"]: (one["state"], one["host"], one["total"]) for one in response.context["tiles"]}
    assert tiles == {"LĐ": ("none", True, 4), "QNa": ("off", False, 4)}
    page = response.content.decode()
    assert page.count(url(Delegation, "change", delegation.pk)) == 2  # the tile and the table


def test_central_delegations_stand_in_the_table_after_the_provinces(
    olga: User, delegation: Delegation, conference: Conference
) -> None:
    Delegation.objects.create(conference=conference, code="bo", name="Các bộ, ngành", position=0)
    rows = signed_in(olga).get(HOME).context["delegations"]
    assert [one["short"] for one in rows] == ["Lâm Đồng", "Các bộ, ngành"]


def test_what_waits_is_told_with_names_and_one_verb_each(
    olga: User, delegation: Delegation, other_delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    first = make_attendee(delegation, "Nguyễn Văn An", phone="+84912345678", status="replaced")
    make_attendee(delegation, "Trần Thị Bình", phone="+84912345678", substitute_for=first)
    make_attendee(other_delegation, "Lê Văn Cường", phone="+84912345678")
    Delegation.objects.filter(pk=delegation.pk).update(
        status="answering",
        answered_at=datetime.datetime(2024, 5, 30, 9, tzinfo=VN),
        extended_to=datetime.datetime(2024, 6, 2, 17, tzinfo=VN),
    )
    Category.objects.filter(slug="press").update(pool=2)
    todo = signed_in(olga).get(HOME).context["todo"]
    assert [one["title"] for one in todo] == [
        "1 đoàn chưa phản hồi",
        "1 đoàn mới trả lời một phần",
        "1 người thay chờ xác nhận",
        "1 số điện thoại trùng nhau",
        "1 đoàn được gia hạn, chưa chốt",
        "2 suất dự phòng chưa cấp",
        "Chương trình chưa có phiên nào",
        "1 đoàn chưa được mời",
    ]
    assert todo[0]["text"] == "Quảng Nam. Hết hạn lúc 17:00, thứ Sáu, 31/5/2024."
    assert todo[3]["text"] == "Trần Thị Bình (Lâm Đồng) và Lê Văn Cường (Quảng Nam) cùng ghi 0912 ••• 678."
    assert [todo[index]["text"] for index in (5, 7)] == ["Báo, Đài 2.", "Quảng Nam."]
    client = signed_in(olga)
    reminded = [client.get(todo[index]["url"]).context["written"] for index in (0, 1)]
    assert [[one.delegation.code for one in rows] for rows in reminded] == [["quang-nam"], ["lam-dong"]]
    lists = [client.get(todo[index]["url"]).context for index in (2, 3, 4)]
    assert [one["cl"].result_count for one in lists] == [1, 2, 1]
    assert client.get(todo[5]["url"]).status_code == 200
    rows = client.get(todo[7]["url"]).context["rows"]
    assert [row["one"].delegation.code for row in rows if row["is_chosen"]] == ["quang-nam"]


def test_a_code_says_how_it_is_written(olga: User, conference: Conference) -> None:
    for name in ("attendees_category", "attendees_delegation", "thematic_session"):
        said = text(signed_in(olga).get(reverse(f"admin:{name}_add")))
        assert "Chữ không dấu, số, gạch nối, ví dụ" in said, name


def test_the_button_of_a_list_says_what_it_adds(olga: User, delegation: Delegation) -> None:
    client = signed_in(olga)
    assert "Thêm suất phân bổ" in text(client.get("/admin/attendees/quota/"))
    empty = text(client.get("/admin/thematic/hall/"))
    assert empty.count("Thêm hội trường") == 2, "above the list, and where it is empty"


def test_who_only_looks_on_is_led_to_the_list_of_those_not_invited(
    victor: User, delegation: Delegation, other_delegation: Delegation
) -> None:
    Delegation.objects.filter(pk=other_delegation.pk).update(invited_at="2024-05-20T08:00:00+07:00")
    client = signed_in(victor)
    todo = client.get(HOME).context["todo"]
    (line,) = [one for one in todo if "được mời" in one["title"]]
    assert (line["title"], line["text"]) == ("1 đoàn chưa được mời", "Lâm Đồng.")
    assert [one.code for one in client.get(line["url"]).context["cl"].result_list] == ["lam-dong"]


def test_answers_wait_for_the_organisers_until_they_are_accepted(
    olga: User, delegation: Delegation, other_delegation: Delegation
) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(status="confirmed")
    Delegation.objects.filter(pk=other_delegation.pk).update(status="declined", review="accepted")
    client = signed_in(olga)
    response = client.get(HOME)
    waits = next(one for one in response.context["todo"] if "tiếp nhận" in one["title"])
    assert (waits["title"], waits["text"]) == ("1 câu trả lời chờ tiếp nhận", "Lâm Đồng.")
    assert [one.code for one in client.get(waits["url"]).context["cl"].result_list] == ["lam-dong"]
    counts = {one["value"]: one["n"] for one in response.context["reviews"]}
    assert counts == {"accepted": 1, "sent": 1, "returned": 0, "none": 0}
    assert "/admin/board/?review=sent" in response.content.decode()


def test_who_only_looks_on_is_asked_to_do_nothing(
    olga: User, victor: User, delegation: Delegation, conference: Conference
) -> None:
    Delegation.objects.filter(pk=delegation.pk).update(status="confirmed")
    letter = Letter("", "Lâm Đồng", ["a@x.example"], "", {})
    outbox.draft(conference, "notice", [letter], by=olga, title="x", text=Text("x", "x"))
    verbs = [
        {one["title"]: one["verb"] for one in signed_in(user).get(HOME).context["todo"]}
        for user in (olga, victor)
    ]
    for title, verb in (
        ("1 câu trả lời chờ tiếp nhận", "Xem và tiếp nhận"),
        ("1 thư chờ duyệt", "Xem và duyệt gửi"),
    ):
        assert [one[title] for one in verbs] == [verb, "Xem"]


def test_a_new_conference_says_what_comes_first(olga: User, victor: User, conference: Conference) -> None:
    def titles(user: User) -> list[str]:
        return [one["title"] for one in signed_in(user).get(HOME).context["todo"]]

    empty = "Chương trình chưa có phiên nào"
    assert titles(olga) == ["Chưa có đoàn nào", empty]
    Category.objects.all().delete()
    assert titles(olga) == ["Chưa có thành phần nào", empty]
    assert titles(victor) == []
    for one in signed_in(olga).get(HOME).context["todo"]:
        assert signed_in(olga).get(one["url"]).status_code == 200
    Conference.objects.update(status=Conference.Status.DRAFT)
    Delegation.objects.create(conference=conference, code="bo", name="Các bộ, ngành", position=0)
    (hidden,) = [one for one in signed_in(olga).get(HOME).context["todo"] if "Nháp" in one["title"]]
    assert signed_in(olga).get(hidden["url"]).status_code == 200


def test_nothing_waits_is_said_too(victor: User, conference: Conference) -> None:
    assert "Không còn việc gì chờ xử lý" in text(signed_in(victor).get(HOME))


def test_an_administrator_without_any_conference_is_told_to_add_one(ada: User) -> None:
    said = text(signed_in(ada).get(HOME))
    assert "Chưa có hội nghị nào trên bàn này." in said
    assert "Thêm hội nghị" in said


def test_before_there_is_a_conference_every_page_of_one_leads_back_to_the_desk(ada: User) -> None:
    client = signed_in(ada)
    for name in (
        "board", "travel", "programme", "signing", "attendees_delegation_changelist",
        "attendees_delegation_add", "documents_letter_add", "conference_user_add",
    ):  # fmt: skip
        assert client.get(reverse(f"admin:{name}")).url == HOME, name
    shown = client.get(HOME).context["available_apps"]
    models = [one["admin_url"] for group in shown for one in group["models"]]
    assert models == [
        reverse(f"admin:conference_{name}_changelist")
        for name in ("conference", "user", "journalentry", "unit", "organisation", "organisationkind")
    ]
    assert {client.get(one).status_code for one in models} == {200}
    assert client.get(reverse("admin:conference_conference_add")).status_code == 200


def test_the_desk_asks_as_many_questions_for_thirty_delegations_as_for_one(
    olga: User, conference: Conference, make_attendee: MakeAttendee
) -> None:
    slugs = iter(conference.units().values_list("slug", flat=True))

    def grow() -> None:
        make_attendee(make_delegation(conference, next(slugs)), phone="+84912345678")

    assert len(set(same_count(signed_in(olga), HOME, grow))) == 1


def test_the_desk_asks_as_many_questions_with_many_conferences(
    ada: User, conference: Conference, delegation: Delegation
) -> None:
    client = signed_in(ada)
    before = queries(client, HOME)
    for number in range(12):
        make_delegation(make_conference(f"khac-{number}"), "lao-cai")
    assert queries(client, HOME) == before


# ── The current conference ────────────────────────────────────────────────────────────────────────


def test_the_newest_conference_is_current_until_another_is_chosen(
    olga: User, conference: Conference, other_conference: Conference
) -> None:
    client = signed_in(olga)
    assert client.get(HOME).context["access"].conference == other_conference
    response = client.post("/admin/switch/", {"conference": conference.slug}, follow=True)
    assert response.context["access"].conference == conference
    assert "Đang xem tập huấn truyền thông" in text(response)
    assert client.get(url(Attendee)).context["access"].conference == conference


def test_lists_hold_the_rows_of_the_current_conference_and_new_rows_go_there(
    olga: User, conference: Conference, delegation: Delegation, other_conference: Conference
) -> None:
    client = signed_in(olga)
    assert client.get(url(Delegation)).context["cl"].result_count == 0
    form = {
        "name": "Khách mời",
        "short_name": "Khách",
        "slug": "guests",
        "band": "guest",
        "default_seats": 1,
        "position": 5,
    }
    client.post(url(Category, "add"), form)
    assert Category.objects.get(slug="guests").conference == other_conference


def test_a_row_of_my_other_conference_is_opened_after_a_switch(
    olga: User, delegation: Delegation, other_conference: Conference
) -> None:
    client = signed_in(olga)
    address = url(Delegation, "change", delegation.pk)
    page = client.get(address)
    assert "Mục này thuộc “tập huấn" in text(page)
    onward = {"conference": "da-lat-2024", "next": address}
    assert "Tỉnh Lâm Đồng" in text(client.post("/admin/switch/", onward, follow=True))


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_switch_leads_nowhere_else(onward: str, olga: User, conference: Conference) -> None:
    response = signed_in(olga).post("/admin/switch/", {"conference": conference.slug, "next": onward})
    assert response.headers["Location"] == HOME


def test_a_foreign_conference_cannot_be_chosen(olga: User, foreign_delegation: Delegation) -> None:
    assert signed_in(olga).post("/admin/switch/", {"conference": "ha-long-2022"}).status_code == 404
    assert signed_in(olga).get("/admin/switch/").status_code == 405


def test_times_are_those_of_the_conference(olga: User, conference: Conference) -> None:
    conference.time_zone = "Asia/Tokyo"
    conference.save()
    page = signed_in(olga).get(url(Conference, "change", conference.pk))
    assert 'value="31/5/2024 19:00"' in page.content.decode()
    assert 'value="06/6/2024"' in page.content.decode(), "the day that it begins, as it is written everywhere"


def test_a_deadline_is_shown_as_it_was_typed_in_the_zone_of_the_conference(
    olga: User, dan: User, delegation: Delegation
) -> None:
    Conference.objects.filter(pk=delegation.conference_id).update(time_zone="Asia/Tokyo")
    desk, officer = signed_in(olga), Client()
    page = url(Conference, "change", delegation.conference_id)
    desk.post(page, {**fields(desk.get(page)), "confirm_by": "31/05/2024 17:00"})
    officer.force_login(dan)
    for shown in (officer.get("/da-lat-2024/delegations/"), desk.get(url(Delegation))):
        assert "17:00, 31/5/2024" in text(shown)
        assert "15:00" not in text(shown)
    journal.record("answer", delegation, by=dan, conference=delegation.conference)
    entry = JournalEntry.objects.latest("pk")
    at = f"{entry.at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}"
    assert at in text(desk.get(url(Delegation, "history", delegation.pk)))


def test_every_panel_and_act_named_in_the_settings_exists() -> None:
    from django.utils.module_loading import import_string  # only this test looks names up

    named = [*settings.DESK_PANELS, *(name for acts in settings.DESK_ACTIONS.values() for name in acts)]
    assert all(callable(import_string(name)) for name in named)


@pytest.mark.parametrize("chosen", ["", "2", "<b>", "9"])
def test_a_short_select_says_what_a_select_says(chosen: str) -> None:
    choices = [("", "Chưa xếp"), (1, "Hội trường <lớn>"), (2, "Phòng & sảnh"), ("<b>", "'\"")]
    attrs = {"id": "id_hall", "class": "input", "required": True, "hidden": False}
    plain, short = (kind(choices=choices).render("hall", chosen, attrs) for kind in (Select, ShortSelect))
    assert parse_html(short) == parse_html(plain)
    assert short.count("selected") == (chosen != "9")
