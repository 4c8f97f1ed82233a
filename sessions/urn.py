"""Where answers wait, so that nothing tells in which order they came."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import IntegrityError, transaction

from sessions import tallying
from sessions.feedback import Secret


class Spent(Exception):
    """This paper has come back before."""


def put(answer: Secret, **group: Any) -> None:
    """Keeps an answer, and writes all that wait in its group anew, shuffled. Raises `Spent`.

    `group`: the fields by which answers are counted together. Of two at once, one sees fewer that wait than
    there are: then fewer are counted now, never more.
    """
    rows = type(answer)._default_manager
    with transaction.atomic():
        try:
            with transaction.atomic():
                answer.save(force_insert=True)
        except IntegrityError as twice:
            if not rows.filter(pk=answer.pk).exists():
                raise
            raise Spent from twice
        waiting = list(rows.filter(is_counted=False, **group).select_for_update(of=("self",)).order_by("pk"))
        rows.filter(pk__in=[one.pk for one in waiting]).delete()
        secrets.SystemRandom().shuffle(waiting)
        for place, one in enumerate(waiting):
            one.is_counted = place < tallying.drawn(len(waiting))
        rows.bulk_create(waiting)
