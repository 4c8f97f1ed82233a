"""The desk reminds of what is planned and not released."""

import pytest

from conference.models import Conference, User
from sessions import desk_release
from tests.conftest import publish
from tests.sessions.plans import move, session

pytestmark = pytest.mark.django_db


def titles(conference: Conference, user: User) -> list[str]:
    return [line["title"] for line in desk_release.attention(conference, user)["todo"]]


def test_the_desk_says_what_waits_for_a_release(conference: Conference, olga: User, victor: User) -> None:
    assert titles(conference, olga) == ["Chương trình chưa có phiên nào"]
    opening = session(conference, "khai-mac", 8, 9)
    assert titles(conference, olga) == ["Chương trình chưa phát hành"]
    assert titles(conference, victor) == [], "who only looks on cannot release"
    publish(conference)
    assert titles(conference, olga) == []
    move(opening, title="Khác")
    session(conference, "moi", 9, 10)
    assert titles(conference, olga) == ["Chương trình có 2 thay đổi chưa phát hành"]
