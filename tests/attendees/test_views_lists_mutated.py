"""Broken and hostile files, sent as an officer sends them: refused in one sentence, or read and taken."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from attendees.models import Attendee, Delegation, ImportBatch
from tests.attendees.portal import text_of, url
from tests.attendees.workbooks.mutations import mutated
from tests.conference.desk import strict_templates

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEED, COUNT = 9_000_000, 90  # each starts a reader in a process of its own: half a second


def send(client: Client, delegation: Delegation, what: str, data: bytes) -> str:
    """Uploads one file and takes what was read of it; in a word, what became of it."""
    file = SimpleUploadedFile(what.split()[1], data)
    response = client.post(url("list", delegation), {"file": file})
    if response.status_code == 200:
        (sentences,) = response.context["form"].errors.values()
        _one_sentence(sentences, response)
        assert not ImportBatch.objects.exists()
        return "refused"
    assert response.status_code == 302
    assert not Attendee.objects.exists(), "an upload imports nothing"
    return _go_on(client, delegation, ImportBatch.objects.get())


def _go_on(client: Client, delegation: Delegation, batch: ImportBatch) -> str:
    step = {name: url(f"list_{name}", delegation, str(batch.public_id)) for name in ("columns", "take")}
    assert client.get(step["columns"]).status_code == 200
    page = client.get(url("list_preview", delegation, str(batch.public_id)))
    assert page.status_code == 200
    comparison = page.context["shown"].comparison
    after = client.post(step["take"], {"version": comparison.version}, follow=True)
    assert after.status_code == 200
    batch.refresh_from_db()
    if batch.state == ImportBatch.State.TAKEN:
        assert Attendee.objects.count() == len(comparison.writes) > 0, "all of it"
        return "taken"
    _one_sentence([str(one) for one in after.context["messages"]], after)
    assert (batch.state, Attendee.objects.count()) == (ImportBatch.State.READ, 0), "or nothing"
    return "left"


def _one_sentence(sentences: list[str], response: HttpResponse) -> None:
    (sentence,) = sentences
    assert sentence.endswith(".")
    assert " ".join(sentence.split()) in text_of(response)


def test_mutated_files_never_break_the_page_nor_come_in_by_half(
    as_dan: Client, delegation: Delegation
) -> None:
    delegation.quotas.update(seats=500)
    as_dan.raise_request_exception = False
    ends: Counter[str] = Counter()
    for seed in range(SEED, SEED + COUNT):
        what, data = mutated(seed)
        with strict_templates(), transaction.atomic():
            try:
                ends[send(as_dan, delegation, what, data)] += 1
            except Exception as fault:
                fault.add_note(f"seed {seed}: {what}")
                raise
            transaction.set_rollback(True)
    assert ends.total() == COUNT
    assert min(ends[end] for end in ("refused", "taken", "left")) > COUNT / 20, (
        "the mutations are neither too mild nor too wild"
    )
    assert not Attendee.objects.exists()
