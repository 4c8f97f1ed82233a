"""Two accounts that are erased at once."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from conference import account_erasing
from conference.models import User
from tests.journeys.test_erasure import list_of_erased  # noqa: F401  (a fixture)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_erase_each_other_leave_one(ada: User) -> None:
    eve = User.objects.create_superuser("eve@hoinghi.example", full_name="Eve")
    ready = threading.Barrier(2)
    refused: list[int] = []

    def erase(account: User, by: User) -> None:
        ready.wait()
        try:
            account_erasing.erase(account, by=by)
        except (PermissionDenied, ValidationError):
            refused.append(account.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=erase, args=pair) for pair in ((ada, eve), (eve, ada))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    assert len(refused) == 1
