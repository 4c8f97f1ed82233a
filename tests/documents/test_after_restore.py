"""What `after_restore` cannot know and therefore says each time."""

from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("options", [(), ("--apply",)])
def test_what_no_mark_tells_is_named_for_a_person_to_look_through(options: tuple[str, ...]) -> None:
    said = StringIO()
    call_command("after_restore", *options, stdout=said)
    for what in ("switched off", "roles", "phones at the door", "links", "consents", "files"):
        assert what in said.getvalue()
