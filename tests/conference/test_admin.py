"""Conferences, accounts, catalogues and the journal at the desk."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import LazySettings, settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from attendees.models import Delegation
from conference import invitations, journal
from conference.models import (
    Conference,
    JournalEntry,
    LegalBasis,
    Membership,
    Organisation,
    OrganisationKind,
    Unit,
    User,
)
from tests.attendees.test_races import at_once
from tests.conference.desk import fields, rows, same_count, signed_in, strict, text, url  # noqa: F401  (a fixture)
from tests.conftest import MakeAttendee, make_conference, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict")]

PASSWORD = "mat-khau-de-thu-nghiem"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def desk(olga: User) -> Client:
    return signed_in(olga)


def notices(response: Any) -> list[str]:
    return [str(one) for one in response.context["messages"]]


# ── Conferences ───────────────────────────────────────────────────────────────────────────────────


def test_organisers_list_their_conferences_and_no_other(
    desk: Client, conference: Conference, foreign_delegation: Delegation
) -> None:
    assert rows(desk.get(url(Conference))) == ["Tập huấn truyền thông quảng bá hình ảnh Việt Nam"]
    assert desk.get(url(Conference, "change", foreign_delegation.conference_id)).status_code == 404
    assert desk.get(url(Conference, "add")).status_code == 403


def test_a_conference_is_changed_with_its_legal_bases(desk: Client, conference: Conference) -> None:
    address = url(Conference, "change", conference.pk)
    basis = {
        "legal_bases-0-number": "47/NQ-CP",
        "legal_bases-0-issuer": "Chính phủ",
        "legal_bases-0-position": 1,
    }
    form = {
        **fields(desk.get(address)),
        **basis,
        "legal_bases-0-issued_on": "15/4/2024",
        "venue": "Hội trường lớn",
    }
    response = desk.post(address, form)
    assert response.status_code == 302, text(response)
    conference.refresh_from_db()
    assert conference.venue == "Hội trường lớn"
    assert str(LegalBasis.objects.get().issued_on) == "2024-04-15"
    entry = JournalEntry.objects.get(act="edit")
    assert entry.changes["venue"] == ["", "Hội trường lớn"]
    assert (entry.conference, entry.actor_name) == (conference, "Olga")


@pytest.mark.parametrize("is_ticked", [False, True])
def test_a_row_that_somebody_else_deleted_is_left_out_and_the_others_stay_as_typed(
    is_ticked: bool, desk: Client, conference: Conference
) -> None:
    address = url(Conference, "change", conference.pk)
    for place, number in enumerate(("1/QĐ", "2/QĐ", "3/QĐ"), start=1):
        conference.legal_bases.create(number=number, issuer="Bộ", position=place)
    form = {**fields(desk.get(address)), "legal_bases-2-number": "33/QĐ", "venue": "Hội trường lớn"}
    new = {"legal_bases-3-number": "4/QĐ", "legal_bases-3-issuer": "Bộ", "legal_bases-3-position": 4}
    conference.legal_bases.get(number="1/QĐ").delete()
    form |= new | ({"legal_bases-0-DELETE": "on"} if is_ticked else {})
    response = desk.post(address, form)
    if not is_ticked:
        said = "Căn cứ pháp lý: người khác vừa xóa 1 dòng. Các dòng khác giữ như vừa nhập."
        assert said in text(response)
        response = desk.post(address, fields(response))
    assert response.status_code == 302, text(response)
    found = conference.legal_bases.order_by("position").values_list("number", flat=True)
    assert list(found) == ["2/QĐ", "33/QĐ", "4/QĐ"]
    conference.refresh_from_db()
    assert conference.venue == "Hội trường lớn"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("starts_on", "31/2/2024", "Chưa đọc được ngày này."),
        ("starts_on", "06-2024", "Chưa đọc được ngày này."),
        ("confirm_by", "mai", "Chưa đọc được thời điểm này."),
        ("ends_on", "01/6/2024", "Ngày bế mạc không được trước ngày khai mạc."),
        ("confirm_by", "08/6/2024 17:00", "Hạn xác nhận không được sau ngày bế mạc."),
        ("time_zone", "Asia/Dalat", "Không có múi giờ này."),
        ("title", "x" * 500, "Tên đầy đủ"),
        ("venue", "\0", "Hội trường"),
    ],
)
def test_bad_input_is_a_sentence_and_the_form_keeps_what_was_typed(
    field: str, value: str, sentence: str, desk: Client, conference: Conference
) -> None:
    address = url(Conference, "change", conference.pk)
    response = desk.post(address, {**fields(desk.get(address)), "place": "Đà Lạt mới", field: value})
    assert response.status_code == 200
    assert sentence in text(response)
    assert "Đà Lạt mới" in response.content.decode()
    conference.refresh_from_db()
    assert conference.place == "thành phố Đà Lạt, tỉnh Lâm Đồng"


def test_an_administrator_adds_a_conference_and_looks_at_it_at_once(
    ada: User, conference: Conference
) -> None:
    client = signed_in(ada)
    form = fields(client.get(url(Conference, "change", conference.pk)))
    response = client.post(url(Conference, "add"), {**form, "slug": "hue-2024", "once": "x1"}, follow=True)
    assert response.context["access"].conference.slug == "hue-2024"
    for taken in ("hue-2024", "admin", "Đà Lạt"):
        again = client.post(url(Conference, "add"), {**form, "slug": taken, "once": taken})
        assert list(again.context["adminform"].form.errors) == ["slug"]


def test_the_host_is_one_of_the_units_of_the_conference(ada: User, conference: Conference) -> None:
    client, add = signed_in(ada), url(Conference, "add")
    offered = [name for _pk, name in client.get(add).context["adminform"].form.fields["host_unit"].choices]
    assert {"Tỉnh Lâm Đồng", "Tỉnh Lâm Đồng (đến 30/6/2025)"} <= set(map(str, offered))
    old, new = Unit.objects.filter(slug="lam-dong").order_by("valid_from")
    form = fields(client.get(url(Conference, "change", conference.pk)))
    taken = client.post(add, {**form, "slug": "moi", "host_unit": new.pk, "once": "x1"})
    assert list(taken.context["adminform"].form.errors) == ["host_unit"]
    assert client.post(add, {**form, "slug": "moi", "host_unit": old.pk, "once": "x2"}).status_code == 302


def test_the_address_of_a_conference_is_chosen_once(ada: User, conference: Conference) -> None:
    client = signed_in(ada)
    address = url(Conference, "change", conference.pk)
    sent = {**fields(client.get(address)), "slug": "da-lat", "venue": "Hội trường lớn"}
    assert client.post(address, sent).status_code == 302
    conference.refresh_from_db()
    assert (conference.slug, conference.venue) == ("da-lat-2024", "Hội trường lớn")


def test_a_conference_with_anything_in_it_stays(ada: User, delegation: Delegation) -> None:
    client = signed_in(ada)
    response = client.post(url(Conference, "delete", delegation.conference_id), {"post": "yes"})
    assert "Không xóa được" in text(response)
    assert "Đoàn đại biểu: 1" in text(response)
    assert Conference.objects.filter(pk=delegation.conference_id).exists()


def test_an_empty_conference_may_go(ada: User, conference: Conference) -> None:
    conference.categories.all().delete()
    signed_in(ada).post(url(Conference, "delete", conference.pk), {"post": "yes"})
    assert not Conference.objects.exists()


def test_whoever_looks_on_here_changes_nothing_though_organising_elsewhere(
    victor: User, conference: Conference
) -> None:
    elsewhere = make_conference("hue-2024")
    Membership.objects.create(conference=elsewhere, user=victor, role=Membership.Role.ORGANISER)
    client = signed_in(victor)
    client.post("/admin/switch/", {"conference": conference.slug})
    assert client.post(url(Conference, "change", conference.pk), {"title": "x"}).status_code == 403
    client.post("/admin/switch/", {"conference": elsewhere.slug})
    response = client.post(url(Conference, "change", conference.pk), {"title": "x"})
    assert "Mục này thuộc" in text(response)
    conference.refresh_from_db()
    assert conference.title != "x"


# ── Accounts ──────────────────────────────────────────────────────────────────────────────────────


def invitation(**more: Any) -> dict[str, Any]:
    return {"email": "Moi@Hoinghi.example", "full_name": "Lê Thị Mới", "part": "officer", **more}


def test_an_officer_is_invited_by_address_for_one_delegation(desk: Client, delegation: Delegation) -> None:
    response = desk.post(url(User, "add"), invitation(delegation=delegation.pk), follow=True)
    user = User.objects.get(email="moi@hoinghi.example")
    assert list(user.delegations.all()) == [delegation]
    assert not user.has_usable_password()
    assert not user.is_staff
    assert notices(response) == [
        "Lê Thị Mới vào được hội nghị. Chưa có thư nào được gửi: báo người này mở "
        f"{settings.SITE_URL}/accounts/login/, chọn “Nhận mã qua thư điện tử”, nhập moi@hoinghi.example."
    ]
    assert not mail.outbox, "nobody has told them yet"
    assert "đầu mối đoàn Tỉnh Lâm Đồng" in text(response)


def test_the_page_of_an_account_leads_to_where_its_parts_are_taken_away(
    ada: User, olga: User, dan: User, delegation: Delegation
) -> None:
    for account, part, page in (
        (olga, "Ban Tổ chức", url(Conference, "change", delegation.conference_id)),
        (dan, "đầu mối đoàn Tỉnh Lâm Đồng", url(Delegation, "change", delegation.pk)),
    ):
        shown = signed_in(ada).get(url(User, "change", account.pk)).content.decode()
        assert f'<a href="{page}">{part}</a>' in shown


def test_who_has_no_part_is_led_nowhere_and_many_parts_cost_no_more(ada: User, sam: User) -> None:
    page = url(User, "change", sam.pk)
    assert "Đổi hoặc bỏ vai trò" not in text(signed_in(ada).get(page))

    def grow() -> None:
        held = make_conference(f"them-{Membership.objects.count()}")
        Membership.objects.create(conference=held, user=sam, role="door")

    counts = same_count(signed_in(ada), page, grow)
    assert len(set(counts)) == 1, counts


def test_who_lost_the_phone_is_let_in_again_by_an_administrator(ada: User, olga: User, desk: Client) -> None:
    page, lists = url(User, "change", olga.pk), url(User)
    browser = signed_in(ada)
    assert "Gỡ xác thực hai bước" not in text(browser.get(page)), "there is none"
    RecoveryCodes.activate(olga)
    UserSession.objects.create(user=olga, session_key=desk.session.session_key, ip="127.0.0.1")
    assert "Gỡ xác thực hai bước" in text(browser.get(page))
    assert "Gỡ xác thực hai bước" not in text(browser.get(lists)), "never of many at once"
    asked = {"action": "take_off_factor", "_selected_action": olga.pk, "back": page}
    question = text(browser.post(lists, asked))
    assert "Tài khoản bị đăng xuất ở mọi nơi; lần đăng nhập tới phải bật lại." in question
    assert Authenticator.objects.filter(user=olga).exists(), "not before it was confirmed"
    for _press in range(2):
        done = browser.post(lists, {**asked, "apply": "1"}, follow=True)
        assert done.redirect_chain == [(page, 302)]
    assert not Authenticator.objects.filter(user=olga).exists()
    assert JournalEntry.objects.get(act="take_off_factor").actor == ada
    assert desk.get("/admin/").status_code == 302, "signed out everywhere"


def test_a_sign_in_outlives_a_new_secret_key_in_every_tab_and_is_listed_and_ended(
    olga: User, client: Client, settings: LazySettings
) -> None:
    """Django gave it another key: of two requests at once the second signed it out, and who found the phone
    stayed in, unlisted.
    """
    settings.DEMO, old = True, settings.SECRET_KEY
    client.post("/accounts/login/", {"login": olga.email, "password": PASSWORD})
    tab = Client()
    tab.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, long enough " * 3, [old]
    assert [browser.get("/admin/").status_code for browser in (client, tab, client)] == [200, 200, 200]
    assert UserSession.objects.get().session_key == client.session.session_key
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get("/admin/").status_code == 200, "it is known by the new one since"
    RecoveryCodes.activate(olga)
    call_command("lost_phone", olga.email, stdout=StringIO())
    assert client.get("/admin/").status_code == 302


def test_who_changes_the_password_leaves_a_stolen_sign_in_behind(
    olga: User, client: Client, settings: LazySettings
) -> None:
    """Under a former secret key too."""
    settings.DEMO, old = True, settings.SECRET_KEY
    client.post("/accounts/login/", {"login": olga.email, "password": PASSWORD})
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, long enough " * 3, [old]
    other = "mat-khau-khac-han-de-thu"
    page = {"oldpassword": PASSWORD, "password1": other, "password2": other}
    assert client.post("/accounts/password/change/", page).status_code == 302
    assert [browser.get("/admin/").status_code for browser in (client, stolen)] == [200, 302]
    assert UserSession.objects.get().session_key == client.session.session_key


def test_who_is_asked_for_a_code_reads_what_to_do_without_the_phone(ada: User, client: Client) -> None:
    TOTP.activate(ada, "A" * 32)
    page = {"login": ada.email, "password": PASSWORD}
    asked = text(client.post("/accounts/login/", page, follow=True))
    assert "Mất điện thoại? Nhập một mã dự phòng." in asked
    assert "Mất điện thoại?" not in text(client.get("/accounts/login/"))


def test_organisers_take_nobodys_second_factor_off(olga: User, sam: User) -> None:
    RecoveryCodes.activate(sam)
    asked = {"action": "take_off_factor", "_selected_action": sam.pk, "apply": "1"}
    signed_in(olga).post(url(User), asked)
    assert Authenticator.objects.filter(user=sam).exists()


def test_the_only_administrator_who_lost_the_phone_is_let_in_by_the_operator(ada: User) -> None:
    TOTP.activate(ada, "A" * 32)
    call_command("lost_phone", ada.email.upper(), stdout=StringIO())
    assert not Authenticator.objects.filter(user=ada).exists()
    assert JournalEntry.objects.get(act="take_off_factor").actor is None
    for address, said in ((ada.email, "has no second factor"), ("x@y.example", "no account")):
        with pytest.raises(CommandError, match=said):
            call_command("lost_phone", address, stdout=StringIO())


def test_an_account_is_made_administrator_in_our_own_words(ada: User, sam: User) -> None:
    page = text(signed_in(ada).get(url(User, "change", sam.pk)))
    assert "Quản trị hệ thống Vào mọi hội nghị; thêm hội nghị, đơn vị, cơ quan và tài khoản." in page
    assert "superuser" not in page


def test_conferences_of_one_name_are_told_apart_where_one_changes_between_them(
    ada: User, conference: Conference
) -> None:
    year_after = {"starts_on": "2025-06-05", "ends_on": "2025-06-06", "confirm_by": "2025-05-31T10:00Z"}
    again = make_conference("da-lat-2025")
    Conference.objects.filter(pk=again.pk).update(short_title=conference.short_title, **year_after)
    page = signed_in(ada).get("/admin/").content.decode()
    assert [line.split(":")[0] for line in re.findall(r"<option[^>]*>([^<]*)</option>", page)] == [
        "05–06/6/2025",
        "06–07/6/2024",
    ]


def test_a_member_is_invited_with_a_role(desk: Client, conference: Conference) -> None:
    desk.post(url(User, "add"), invitation(part="door"))
    assert Membership.objects.get(user__email="moi@hoinghi.example").role == "door"


@pytest.mark.parametrize("part", ["door", "organiser"])
def test_an_invitation_takes_no_role_away(
    desk: Client, conference: Conference, olga: User, part: str
) -> None:
    page = desk.post(url(User, "add"), invitation(email=olga.email, part=part))
    assert Membership.objects.get(user=olga).role == "organiser"
    assert not JournalEntry.objects.filter(act="invite").exists()
    if part == "door":
        told = "Olga đã là “Ban Tổ chức” của hội nghị này. Đổi vai trò ở trang hội nghị"
        assert page.context["form"].errors["part"][0].startswith(told)


def test_a_known_account_is_added_and_keeps_its_name(desk: Client, delegation: Delegation, sam: User) -> None:
    desk.post(url(User, "add"), invitation(email=sam.email, delegation=delegation.pk))
    sam.refresh_from_db()
    assert (sam.full_name, list(sam.delegations.all())) == ("Sam", [delegation])


@pytest.mark.parametrize("part", ["officer", "viewer"])
def test_an_account_that_was_switched_off_is_not_invited_and_the_form_says_so(
    part: str, desk: Client, delegation: Delegation, sam: User
) -> None:
    User.objects.filter(pk=sam.pk).update(is_active=False)
    data = invitation(email=sam.email.upper(), delegation=delegation.pk, part=part)
    page = desk.post(url(User, "add"), data)
    assert "Tài khoản của địa chỉ này đã tắt. Quản trị hệ thống bật lại trước, rồi mời." in text(page)
    assert not sam.delegations.exists()
    assert not sam.memberships.exists()
    assert not JournalEntry.objects.filter(act="invite").exists()
    User.objects.filter(pk=sam.pk).update(is_active=True)
    assert desk.post(url(User, "add"), data).status_code == 302


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, "delegation"),
        ({"email": "x"}, "email"),
        ({"part": "administrator"}, "part"),
        ({"full_name": ""}, "full_name"),
        ({"delegation": "999999"}, "delegation"),
    ],
)
def test_a_wrong_invitation_invites_nobody(
    change: dict[str, Any], field: str, desk: Client, delegation: Delegation
) -> None:
    before = User.objects.count()
    data = invitation(**({"delegation": delegation.pk} if change else {}))
    response = desk.post(url(User, "add"), {**data, **change})
    assert field in response.context["form"].errors
    assert User.objects.count() == before


def test_nobody_is_invited_into_a_foreign_delegation(desk: Client, foreign_delegation: Delegation) -> None:
    desk.post(url(User, "add"), invitation(delegation=foreign_delegation.pk))
    assert not User.objects.filter(email="moi@hoinghi.example").exists()


def test_viewers_invite_nobody(victor: User, delegation: Delegation) -> None:
    client = signed_in(victor)
    assert client.get(url(User, "add")).status_code == 403
    assert client.post(url(User, "add"), invitation(delegation=delegation.pk)).status_code == 403


def test_organisers_see_the_people_of_their_conference_and_change_none(
    desk: Client, olga: User, dan: User, sam: User, delegation: Delegation
) -> None:
    assert rows(desk.get(url(User))) == ["Dan", "Olga"]
    assert desk.get(url(User, "change", sam.pk)).status_code == 404
    page = desk.get(url(User, "change", dan.pk))
    assert page.status_code == 200
    assert 'name="email"' not in page.content.decode()
    evil = {"email": "evil@x.example", "is_superuser": "on"}
    assert desk.post(url(User, "change", olga.pk), evil).status_code == 403
    assert desk.post(url(User, "change", dan.pk), evil).status_code == 403


def test_no_page_shows_a_password_and_no_question_asks_for_one(ada: User, conference: Conference) -> None:
    client = signed_in(ada)
    page = client.get(url(User, "change", ada.pk)).content.decode()
    assert ada.password not in page
    assert 'name="password"' not in page
    assert client.get(url(User) + "?password__startswith=s").status_code == 400


def test_an_administrator_changes_an_account(ada: User, sam: User, conference: Conference) -> None:
    client = signed_in(ada)
    address = url(User, "change", sam.pk)
    client.post(address, {**fields(client.get(address)), "full_name": "  Nguyễn   Sam "})
    sam.refresh_from_db()
    assert sam.full_name == "Nguyễn Sam"


def test_an_organiser_gives_no_membership_to_people_from_elsewhere(
    desk: Client, sam: User, conference: Conference
) -> None:
    address = url(Conference, "change", conference.pk)
    more = {"memberships-1-user": sam.pk, "memberships-1-role": "organiser", "memberships-TOTAL_FORMS": 2}
    response = desk.post(address, {**fields(desk.get(address)), **more})
    assert response.status_code == 200
    assert not sam.memberships.exists()


# ── Catalogues and journal ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("model", [Unit, Organisation, OrganisationKind])
def test_catalogues_are_the_administrators_business(
    model: Any, desk: Client, ada: User, conference: Conference
) -> None:
    assert desk.get(url(model)).status_code == 403
    assert desk.get(url(model, "add")).status_code == 403
    assert signed_in(ada).get(url(model)).status_code == 200


def test_units_are_found_without_marks_and_cannot_be_edited(ada: User, conference: Conference) -> None:
    client = signed_in(ada)
    assert "Tỉnh Lâm Đồng" in rows(client.get(url(Unit), {"q": "lam dong"}))
    unit = Unit.objects.filter(name="Lâm Đồng").first()
    assert unit is not None
    assert client.post(url(Unit, "change", unit.pk), {"name": "x"}).status_code == 403


def test_the_journal_says_who_did_what_in_words_and_stays_as_it_is(
    desk: Client, olga: User, delegation: Delegation, foreign_delegation: Delegation
) -> None:
    changes = {"status": ["waiting", "confirmed"]}
    journal.record("answer", delegation, by=olga, conference=delegation.conference, changes=changes)
    journal.record("answer", foreign_delegation, by=None, conference=foreign_delegation.conference)
    said = text(desk.get(url(JournalEntry)))
    assert "Olga trả lời Tỉnh Lâm Đồng tình trạng Chưa phản hồi → Đã chốt" in said
    assert "Quảng Ninh" not in said
    entry = delegation.conference.journal.get()
    for page in ("change", "delete"):
        assert desk.post(url(JournalEntry, page, entry.pk), {"post": "yes"}).status_code == 403
    assert desk.get(url(JournalEntry, "add")).status_code == 403


@pytest.mark.parametrize("model", [User, JournalEntry, Conference])
def test_lists_ask_as_many_questions_for_thirty_rows_as_for_one(
    model: Any, ada: User, conference: Conference, delegation: Delegation
) -> None:
    numbers = iter(range(100))

    def grow() -> None:
        number = next(numbers)
        user = make_user(f"u{number}", f"Người {number}")
        delegation.officers.add(user)
        Membership.objects.create(conference=conference, user=user, role="door")
        journal.record("answer", delegation, by=user, conference=conference)
        make_conference(f"khac-{number}")

    client = signed_in(ada)
    client.post("/admin/switch/", {"conference": conference.slug})
    counts = same_count(client, url(model), grow)
    assert len(set(counts)) == 1, counts


def test_journal_and_history_of_a_person_are_linked(
    desk: Client, olga: User, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    person = make_attendee(delegation)
    journal.record("nominate", person, by=olga, conference=delegation.conference)
    assert f'href="{url(type(person), "change", person.pk)}"' in desk.get(url(JournalEntry)).content.decode()
    assert "Olga Cử đại biểu" in text(desk.get(url(type(person), "history", person.pk)))


@pytest.mark.django_db(transaction=True)
def test_one_person_invited_twelve_times_at_once_has_one_account(
    conference: Conference, delegation: Delegation, olga: User
) -> None:
    about = {"email": "moi@hoinghi.example", "full_name": "Lê Thị Mới"}

    def invite(number: int) -> None:
        part = {"part": "officer", "delegation": delegation} if number % 2 else {"part": "viewer"}
        invitations.invite(conference, by=olga, **about, **part)  # type: ignore[arg-type]  # as the form gives it

    assert at_once(invite) == {"done": 12}
    user = User.objects.get(email="moi@hoinghi.example")
    assert list(user.delegations.all()) == [delegation]
    assert [one.role for one in user.memberships.all()] == ["viewer"]
    assert JournalEntry.objects.filter(act="add", subject=f"conference.user:{user.pk}").count() == 1


@pytest.mark.parametrize(
    ("model", "more", "field", "sentence"),
    [
        (OrganisationKind, {"name_template": "Sở Y tế {tinh}"}, "name_template", "Chỉ dùng các chỗ điền"),
        (OrganisationKind, {"valid_from": "02/6/2024", "valid_to": "01/6/2024"}, "valid_to", "Ngày cuối"),
        (Organisation, {"valid_from": "02/6/2024", "valid_to": "01/6/2024"}, "valid_to", "Ngày cuối"),
        (Organisation, {"name": "Bộ Y tế"}, "name", "Đã có cơ quan loại này mang tên này."),
    ],
)
def test_what_would_stand_wrong_in_letters_is_refused_in_the_catalogues(
    model: type[Any], more: dict[str, str], field: str, sentence: str, ada: User, conference: Conference
) -> None:
    kind = OrganisationKind.objects.create(slug="bo", name="Bộ")
    Organisation.objects.create(kind=kind, name="Bộ Y tế")
    client = signed_in(ada)
    given = {"name": "Sở Y tế", "slug": "so-y-te"} | ({"kind": str(kind.pk)} if model is Organisation else {})
    errors = client.post(url(model, "add"), given | more).context["adminform"].form.errors
    assert list(errors) == [field]
    assert sentence in errors[field][0]


def test_a_choice_of_nothing_says_which_list_is_empty(ada: User, conference: Conference) -> None:
    page = signed_in(ada).get(url(Organisation, "add"))
    assert "(chưa có mục nào trong “Loại cơ quan”)" in text(page)
    OrganisationKind.objects.create(slug="bo", name="Bộ")
    assert "chưa có mục nào" not in text(signed_in(ada).get(url(Organisation, "add")))
