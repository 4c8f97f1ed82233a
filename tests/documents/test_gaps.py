"""Who lacks what on a badge or a certificate, before it is printed."""

from __future__ import annotations

import pytest

from attendees.models import Attendee, Delegation
from conference.models import Conference
from documents import gaps
from documents.looks import BADGE, CERTIFICATE
from tests.conftest import MakeAttendee

pytestmark = pytest.mark.django_db
WHOLE = {
    "position": "Phó Giám đốc", "organisation_name": "Sở Thông tin và Truyền thông",
    "honorific": "ba", "status": "confirmed",
}  # fmt: skip


def found(conference: Conference, paper: str) -> dict[str, list[str]]:
    known = gaps.of(conference, paper, gaps.people(conference))
    return {one.person.full_name: [str(gap) for gap in one.found] for one in known}


@pytest.mark.parametrize(
    ("fields", "badge", "certificate"),
    [
        ({}, [], []),
        ({"position": ""}, [gaps.NO_POSITION], [gaps.NO_POSITION]),
        ({"position": "", "rank": "Đại tá"}, [], []),
        ({"organisation_name": ""}, [gaps.NO_ORGANISATION], [gaps.NO_ORGANISATION]),
        ({"honorific": ""}, [], [gaps.NO_HONORIFIC]),
        ({"full_name": "Công Tằng Tôn Nữ Hoàng " * 5}, [gaps.SMALL], [gaps.SMALL]),
        (
            {"full_name": "W" * 120, "rank": "W" * 60, "position": "W" * 200, "organisation_name": "W" * 200},
            [gaps.TOO_LONG], [gaps.TOO_LONG],
        ),
        ({"organisation_name": "Sở 🎉"}, [gaps.UNKNOWN_LETTER], [gaps.UNKNOWN_LETTER]),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee,
    fields: dict[str, str], badge: list[str], certificate: list[str],
) -> None:  # fmt: skip
    person = make_attendee(delegation, **{"full_name": "Nguyễn Văn An", **WHOLE, **fields})
    for paper, said in ((BADGE, badge), (CERTIFICATE, certificate)):
        assert found(conference, paper) == ({person.full_name: [str(one) for one in said]} if said else {})


def test_only_those_who_come_are_looked_at_in_their_order(
    conference: Conference, delegation: Delegation, make_attendee: MakeAttendee
) -> None:
    make_attendee(delegation, "Trần Thị Bình", **{**WHOLE, "position": ""})
    make_attendee(delegation, "Lê Văn An", **{**WHOLE, "position": ""})
    make_attendee(delegation, "Phạm Chưa Chắc", **{**WHOLE, "position": "", "status": "nominated"})
    assert list(found(conference, BADGE)) == ["Lê Văn An", "Trần Thị Bình"]


def test_what_would_stop_a_paper_is_told_apart(delegation: Delegation) -> None:
    person = Attendee(delegation=delegation)
    assert gaps.Gaps(person, (gaps.NO_POSITION, gaps.UNKNOWN_LETTER)).stops
    assert not gaps.Gaps(person, (gaps.NO_POSITION, gaps.SMALL)).stops
