"""What was written to somebody, for the pages of the rooms above."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mailing import log, outbox
from tests.mailing.conftest import Draft

pytestmark = pytest.mark.django_db


def test_the_log_of_a_row_holds_its_letters_only(draft: Draft) -> None:
    mailing = draft(3)
    outbox.cancel(mailing.messages.filter(subject_ref="attendees.delegation:2"), "Hoãn", by=None)
    (line,) = log.of("attendees.delegation:2")
    assert (line.title, line.state, line.kind, line.note) == ("Giấy mời", "Đã hủy", "off", "Hoãn")
    assert line.to == "t•••@hoinghi.example"
    assert line.url.startswith("/admin/mailing/message/")
    assert log.of("attendees.delegation:20") == []
    assert len(log.of("attendees.delegation:1", "attendees.delegation:3")) == 2


def test_the_log_asks_once_for_any_number_of_letters(draft: Draft) -> None:
    for _ in range(5):
        draft()
    with CaptureQueriesContext(connection) as caught:
        assert len(log.of("attendees.delegation:1")) == 5
    assert len(caught) == 1
