"""What the night does by itself."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from conference.models import User
from conference.tasks import forget_old_sessions


@pytest.mark.django_db
def test_where_a_sign_in_came_from_goes_with_it(dan: User) -> None:
    ended, live = Client(), Client()
    for client in (ended, live):
        client.force_login(dan)
    keys = [client.session.session_key for client in (ended, live)]
    for key in keys:
        UserSession.objects.create(user=dan, session_key=key, ip="203.0.113.7", user_agent="Firefox")
    ended.session.flush()
    forget_old_sessions()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == keys[1:]
