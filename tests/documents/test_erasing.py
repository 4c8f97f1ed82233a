"""What becomes of papers once the time of a conference is over."""

import datetime
from collections.abc import Callable

import pytest

from conference import retention
from conference.models import Conference, User
from documents import making, requests
from documents.models import Document
from tests.documents.conftest import Ask

Work = Callable[[Document], Document]
State = Document.State
pytestmark = pytest.mark.django_db


def later(conference: Conference, days: int) -> None:
    conference.demo_now = conference.now() + datetime.timedelta(days=days)
    conference.save()


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("how", [State.READY, State.CANCELLED, State.RUNNING])
def test_a_paper_that_went_in_time_is_made_again_with_everybody(
    ask: Ask, work: Work, conference: Conference, olga: User, how: str
) -> None:
    document = ask("badges")
    making.make_part(document.parts.all()[0].pk)
    if how == State.READY:
        work(document)
    elif how == State.CANCELLED:
        document.cancel(by=olga)
    document.refresh_from_db()
    assert document.state == how
    later(conference, 400)
    retention.forget(conference)
    if how != State.RUNNING:  # that one goes in another night
        document.refresh_from_db()
        assert (document.state, document.file) == (State.CANCELLED, "")
        assert requests.retry(document, by=olga)
    assert work(document).state == State.READY
    assert (document.error, document.pages) == ("", document.parts.count())
