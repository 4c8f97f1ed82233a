"""What guards an account: limits behind a proxy, sessions, redirects, the host that a request names."""

from __future__ import annotations

import datetime
import itertools
import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from attendees.models import Delegation
from conference import invitations
from conference.models import Conference, Membership, User
from conference.policy import Who
from tests.conference.desk import signed_in
from tests.conftest import make_user

PASSWORD = "mat-khau-de-thu-nghiem"
LOGIN = "/accounts/login/"
WRONG = "không đúng mật khẩu này"


@pytest.fixture(autouse=True)
def clean_limits(db: None) -> None:
    cache.clear()


def sign_in(user: User, password: str = PASSWORD, *, client: Client | None = None, **about: Any) -> Any:
    """The answer to the form of the sign-in; `about` is what the request says of itself."""
    return (client or Client()).post(LOGIN, {"login": user.email, "password": password}, **about)


def is_in(client: Client) -> bool:
    return bool(client.get("/start/").status_code in (200, 302) and "_auth_user_id" in client.session)


# ── Limits (S9): the proxy adds the address it saw at the right; what stands before it may be invented


def test_what_is_counted_is_not_forgotten_because_much_is_counted(db: None) -> None:
    """A full hall, or somebody who makes up addresses, writes many keys within an hour."""
    names = [f"limit-{number:03}" for number in range(400)]
    for name in names:
        cache.add(name, 1, 3600)
    assert [name for name in names if not cache.get(name)] == []


def through_proxy(address: str, spoofed: str = "") -> dict[str, str]:
    said = f"{spoofed}, {address}" if spoofed else address
    return {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": said, "HTTP_X_FORWARDED_PROTO": "https"}


def tries_of_one_person(user: User, count: int) -> list[int]:
    """Every time as if from somewhere else, from one address that the proxy sees."""
    return [
        sign_in(user, WRONG, **through_proxy("203.0.113.9", f"198.51.100.{number}")).status_code
        for number in range(count)
    ]


@pytest.fixture
def behind_one_proxy(settings: LazySettings) -> LazySettings:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "5/m/ip"}
    return settings


def test_who_makes_up_addresses_is_counted_by_the_one_that_the_proxy_saw(
    behind_one_proxy: LazySettings, sam: User
) -> None:
    assert tries_of_one_person(sam, 8) == [200] * 5 + [429] * 3


def test_with_one_proxy_too_many_trusted_the_same_tries_are_not_counted(
    behind_one_proxy: LazySettings, sam: User
) -> None:
    """The control, and the reason why the setting must be exact."""
    behind_one_proxy.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert tries_of_one_person(sam, 8) == [200] * 8


def test_sixty_three_officers_behind_one_address_all_come_in(settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    officers = [make_user(f"officer{number}", f"Cán bộ {number}") for number in range(63)]
    first = [sign_in(one, WRONG, **through_proxy("203.0.113.9")).status_code for one in officers]
    second = [sign_in(one, **through_proxy("203.0.113.9")).status_code for one in officers]
    assert (set(first), set(second)) == ({200}, {302})


def test_ten_addresses_that_guess_at_one_account_share_its_limit_and_nobody_else_s(
    settings: LazySettings, sam: User, dan: User
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(11):
        sign_in(sam, WRONG, **through_proxy(f"203.0.113.{number}"))
    right = sign_in(sam, **through_proxy("203.0.113.99"))
    assert right.status_code == 200, "after ten wrong ones the right password is not even compared"
    assert "nhập sai quá nhiều lần" in right.content.decode()
    assert sign_in(dan, **through_proxy("203.0.113.1")).status_code == 302


def test_the_owner_of_an_account_that_others_guess_at_comes_in_by_a_code(sam: User) -> None:
    """So a limit for an account locks nobody out."""
    for _ in range(11):
        sign_in(sam, WRONG)
    client = Client()
    client.post("/accounts/login/code/", {"email": sam.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", str(mail.outbox[0].body), re.M)
    assert code is not None
    client.post("/accounts/login/code/confirm/", {"code": code[1]})
    assert is_in(client)


# ── The address of an account ─────────────────────────────────────────────────────────────────────


def opened_by(address: str) -> str | None:
    """Whose account the code opens that is sent to this address; None where none is sent."""
    mail.outbox.clear()
    client = Client()
    client.post("/accounts/login/code/", {"email": address})
    bodies = [str(one.body) for one in mail.outbox if one.to == [address]]
    found = [match[1] for body in bodies if (match := re.search(r"^([A-Z0-9-]{6,})$", body, re.M))]
    if not found:
        return None
    client.post("/accounts/login/code/confirm/", {"code": found[0]})
    return str(User.objects.get(pk=client.session["_auth_user_id"]).email)


@pytest.mark.parametrize("act", ["add", "send", "primary", "remove"])
def test_nobody_changes_the_addresses_of_their_own_account(dan: User, act: str) -> None:
    client = signed_in(dan)
    assert client.get("/accounts/email/").status_code == 200
    sent = client.post("/accounts/email/", {f"action_{act}": "", "email": "moi@hoinghi.example"})
    assert sent.status_code == 405
    assert [one.email for one in EmailAddress.objects.filter(user=dan)] == [dan.email]
    assert client.get("/accounts/confirm-email/x/").status_code == 404


@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("http://testserver/admin/feedback/?day=1", "/admin/feedback/?day=1"),
        ("https://elsewhere.example/admin/", "/start/"),
        ("", "/start/"),
    ],
)
def test_a_button_after_the_sign_in_has_ended_leads_back_to_its_page_and_says_that_nothing_was_done(
    conference: Conference, client: Client, came: str, back: str
) -> None:
    sent = client.post("/admin/feedback/days/", headers={"referer": came} if came else {})
    assert (sent.status_code, sent.headers["Location"]) == (302, f"/accounts/login/?next={quote(back)}")
    assert "việc vừa bấm chưa được thực hiện" in client.get(sent.headers["Location"]).content.decode()
    asked = client.get("/admin/feedback/")
    assert "việc vừa bấm" not in client.get(asked.headers["Location"]).content.decode()


def test_what_only_a_button_opens_says_so(conference: Conference, olga: User, settings: LazySettings) -> None:
    settings.DEMO = True  # no second factor to pass first
    answer = signed_in(olga).get("/admin/feedback/days/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "chỉ nhận việc được gửi từ một nút bấm" in answer.content.decode()


def test_an_address_that_another_account_claimed_opens_the_account_it_is_given_to(
    conference: Conference, olga: User, dan: User
) -> None:
    EmailAddress.objects.create(user=dan, email="moi@hoinghi.example", verified=True)
    invitations.invite(
        conference, by=olga, email="moi@hoinghi.example", full_name="Lê Thị Mới", part="viewer"
    )
    assert opened_by("moi@hoinghi.example") == "moi@hoinghi.example"


def test_a_former_address_opens_an_account_no_more(sam: User) -> None:
    signed_in(sam).get("/accounts/email/")  # the address is noted down as one that is known
    assert opened_by("sam@hoinghi.example") == "sam@hoinghi.example"
    sam.email = "sam.moi@hoinghi.example"
    sam.save()
    assert opened_by("sam@hoinghi.example") is None
    assert opened_by("sam.moi@hoinghi.example") == "sam.moi@hoinghi.example"


# ── Sessions (S10) ────────────────────────────────────────────────────────────────────────────────


def test_a_session_planted_before_the_sign_in_is_not_the_one_after_it(sam: User) -> None:
    client = Client()
    client.cookies["session"] = "planted"
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    sign_in(sam, client=client)

    assert is_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_other_browsers_of_a_person_are_signed_out_by_one_press(sam: User) -> None:
    here, there = Client(), Client()
    for one in (here, there):
        sign_in(sam, client=one)
    assert is_in(there)
    here.post("/accounts/sessions/")
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_new_password_ends_the_other_sessions(sam: User) -> None:
    here, there = Client(), Client()
    for one in (here, there):
        sign_in(sam, client=one)
    new = "mot-mat-khau-moi-hoan-toan"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (True, False)


def test_after_signing_out_the_old_cookie_opens_nothing(sam: User) -> None:
    client = Client()
    sign_in(sam, client=client)
    cookie = client.cookies["session"].value
    client.post("/accounts/logout/")
    client.cookies["session"] = cookie
    assert client.get("/start/").status_code == 302
    assert not Session.objects.filter(session_key=cookie).exists()


def test_a_role_that_was_taken_away_or_lowered_counts_at_the_next_request(
    olga: User, delegation: Delegation, settings: LazySettings
) -> None:
    settings.DEMO = True  # no second factor to pass first
    client = signed_in(olga)
    page = f"/admin/attendees/delegation/{delegation.pk}/change/"
    assert client.post(page, {}).status_code == 200
    Membership.objects.update(role=Membership.Role.VIEWER)
    assert (client.get(page).status_code, client.post(page, {}).status_code) == (200, 403)
    Membership.objects.all().delete()
    assert client.get(page).status_code == 403


def test_by_rights_that_were_read_at_the_sign_in_the_door_would_stay_open(
    olga: User, rf: RequestFactory
) -> None:
    """The control: the same wall, asked of the account as it was then and as it is."""
    then, request = User.objects.get(pk=olga.pk), rf.get("/admin/")
    request.user = then
    assert Who.ORGANISERS.admits(request)
    Membership.objects.all().delete()
    assert Who.ORGANISERS.admits(request)
    request.user = User.objects.get(pk=olga.pk)
    assert not Who.ORGANISERS.admits(request)


def test_an_account_that_is_switched_off_is_out_at_the_next_request(sam: User) -> None:
    client = signed_in(sam)
    User.objects.filter(pk=sam.pk).update(is_active=False)
    assert client.get("/start/").headers["Location"].startswith(LOGIN)


def test_the_form_of_the_sign_in_comes_from_our_own_page(sam: User) -> None:
    assert sign_in(sam, client=Client(enforce_csrf_checks=True)).status_code == 403


# ── The second factor ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def with_factor(olga: User) -> str:
    """Olga's secret; her password alone opens nothing any more."""
    secret = str(totp.generate_totp_secret())
    TOTP.activate(olga, secret)
    RecoveryCodes.activate(olga)
    return secret


def _turns_it_on(client: Client) -> Any:
    """The pages from the sign-in to the recovery codes, as they lead on."""
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert page.redirect_chain == []
    secret = page.context["form"].secret
    number = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    return client.post("/accounts/2fa/totp/activate/", {"code": number}, follow=True)


@pytest.mark.parametrize("door", ["password", "code"])
def test_who_turns_the_second_factor_on_reads_the_recovery_codes_at_once(
    olga: User, client: Client, door: str
) -> None:
    """Asked to prove it again they had only the number that was just used up."""
    if door == "password":
        sign_in(olga, client=client)
    else:
        olga.set_unusable_password()
        olga.save()
        client.post("/accounts/login/code/", {"email": olga.email})
        [code] = re.findall(r"^[A-Z0-9-]{6,}$", mail.outbox[-1].body, re.M)
        client.post("/accounts/login/code/confirm/", {"code": code})
    shown = _turns_it_on(client)
    assert shown.redirect_chain == [("/accounts/2fa/recovery-codes/", 302)]
    assert "Còn 10 trên 10 mã chưa dùng. In hoặc chép ra giấy" in shown.content.decode()
    assert len(shown.context["unused_codes"]) == 10


def test_a_sign_in_of_an_hour_ago_is_no_proof_for_the_recovery_codes(olga: User, client: Client) -> None:
    """The control."""
    sign_in(olga, client=client)
    _turns_it_on(client)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        asked = client.get("/accounts/2fa/recovery-codes/")
    assert asked.status_code == 302
    assert "/reauthenticate/" in asked.headers["Location"]


@pytest.mark.parametrize("page", [LOGIN, "/admin/login/"])
def test_a_password_alone_leads_to_the_second_factor_from_every_door(
    olga: User, with_factor: str, page: str
) -> None:
    client = Client()
    names = {"login": olga.email, "username": olga.email, "password": PASSWORD}
    client.post(page, names)
    assert client.get("/admin/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_code_by_mail_alone_leads_to_the_second_factor(olga: User, with_factor: str) -> None:
    client = Client()
    client.post("/accounts/login/code/", {"email": olga.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", str(mail.outbox[0].body), re.M)
    assert code is not None
    response = client.post("/accounts/login/code/confirm/", {"code": code[1]})
    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session


def test_the_number_of_the_moment_or_a_code_put_aside_opens_the_desk_once(
    olga: User, with_factor: str, conference: Any
) -> None:
    spare = RecoveryCodes(RecoveryCodes.activate(olga).instance).get_unused_codes()[0]
    with time_machine.travel(timezone.now(), tick=False):  # a number is good for half a minute
        number = totp.format_hotp_value(
            totp.hotp_value(with_factor, next(iter(totp.yield_hotp_counters_from_time())))
        )
        for code in (number, spare):
            client = Client()
            sign_in(olga, client=client)
            client.post("/accounts/2fa/authenticate/", {"code": code})
            assert client.get("/admin/").status_code == 200
            again = Client()
            sign_in(olga, client=again)
            again.post("/accounts/2fa/authenticate/", {"code": code})
            assert again.get("/admin/").status_code == 302, "a code is good once"


# ── Redirects (S10) ───────────────────────────────────────────────────────────────────────────────

EVIL = (
    "https://evil.example/", "http://evil.example", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "https:evil.example",
    "https:/evil.example", "https:///evil.example", "http:\\\\evil.example", "HTTPS://EVIL.EXAMPLE",
    "https://testserver@evil.example", "https://testserver.evil.example", "https://evil.example/testserver",
    "https://evil.example#testserver", "https://evil.example?testserver", "https://evil.example\\@testserver",
    "//testserver@evil.example", "//evil.example/..;/", "//evil.example:443", "//[::1]/", "//3627734734",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<b>",
    "vbscript:x", "file:///etc/passwd", "ftp://evil.example", "\thttps://evil.example", " https://evil.example",
    "\x01https://evil.example", "%0d%0aLocation:https://evil.example", "/\r\nLocation: https://evil.example",
    "/%09/evil.example", "/\t/evil.example", "/\n/evil.example", "//evil%E3%80%82example", "//evil。example",
    "https://evil.example%2F@testserver", "https://evil.example%5C@testserver/", "blob:https://evil.example/1",
)  # fmt: skip


def doors(client: Client, sam: User) -> dict[str, Any]:
    """Every address that leads on to where the request says: name → send it there."""
    return {
        "sign-in, in the address": lambda to: sign_in_to(sam, f"{LOGIN}?next={quoted(to)}"),
        "sign-in, in the form": lambda to: Client().post(
            LOGIN, {"login": sam.email, "password": PASSWORD, "next": to}
        ),
        "signing out": lambda to: signed_in(sam).post("/accounts/logout/", {"next": to}),
        "proof": lambda to: signed_in(sam).post(
            "/accounts/reauthenticate/", {"password": PASSWORD, "next": to}
        ),
        "language": lambda to: client.post("/i18n/setlang/", {"language": "en", "next": to}),
        "language, by the page before": lambda to: client.post(
            "/i18n/setlang/", {"language": "en"}, HTTP_REFERER=header(to)
        ),
        "conference of the desk": lambda to: client.post(
            "/admin/switch/", {"conference": "da-lat-2024", "next": to}
        ),
        "proof before an act": lambda to: client.post("/admin/signing/sign/", HTTP_REFERER=header(to)),
    }


def sign_in_to(user: User, address: str) -> Any:
    return Client().post(address, {"login": user.email, "password": PASSWORD})


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def header(text: str) -> str:
    """A header holds no line breaks: no browser and no server lets them through."""
    return re.sub(r"[\r\n]", "", text)


def leads_away(place: str) -> bool:
    """A browser would leave our house: it reads a backslash as a slash and skips blanks and control signs."""
    read = re.sub(r"[\t\r\n]", "", place).strip("\x00 \x01").replace("\\", "/")
    if read.startswith("//") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", read):
        return True
    onward = parse_qs(urlsplit(read).query).get("next", [])
    return any(leads_away(one) for one in onward)


def test_no_door_leads_out_of_the_house(olga: User, sam: User, settings: LazySettings) -> None:
    settings.DEMO = True  # no second factor to pass first
    settings.ACCOUNT_RATE_LIMITS = False
    client = Client()
    client.force_login(olga)
    tried = list(itertools.product(doors(client, sam).items(), EVIL))
    found = [(name, to) for (name, send), to in tried if leads_away(send(to).headers.get("Location", ""))]

    assert len(tried) > 200
    assert found == []


def test_every_door_leads_on_to_where_it_may(olga: User, sam: User, settings: LazySettings) -> None:
    """The control: the same doors take an address of ours, and the search sees one that is not."""
    settings.DEMO = True
    settings.ACCOUNT_RATE_LIMITS = False
    client = Client()
    client.force_login(olga)
    ours = "/da-lat-2024/programme/versions/"
    answers = {name: send(ours).headers["Location"] for name, send in doors(client, sam).items()}
    assert {name for name, to in answers.items() if to != ours} == {"proof before an act"}
    assert (
        answers["proof before an act"]
        == "/accounts/reauthenticate/?next=%2Fda-lat-2024%2Fprogramme%2Fversions%2F"
    )
    assert all(leads_away(to) and leads_away(f"{LOGIN}?next={quoted(to)}") for to in EVIL[:12])


# ── The host that a request names ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "named",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "testserver.evil.example"},
        {"HTTP_HOST": "testserver:evil"},
        {"HTTP_HOST": "evil.example:80@testserver"},
    ],
)
def test_a_host_that_is_not_ours_gets_no_page(db: None, named: dict[str, str]) -> None:
    for page in ("/", LOGIN, "/accounts/password/reset/", "/admin/"):
        assert Client().get(page, **named).status_code == 400


@pytest.mark.parametrize(
    "named", [{}, {"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_X_ORIGINAL_HOST": "evil.example"}]
)
def test_the_letter_with_a_new_password_leads_to_our_own_host(sam: User, named: dict[str, str]) -> None:
    Client().post("/accounts/password/reset/", {"email": sam.email}, **named)
    body = str(mail.outbox[0].body)
    assert "/accounts/password/reset/key/" in body
    assert "evil" not in body
