"""The seal of a journal entry: its place in the chain, and the head of the chain up to it.

It lies beside the entry and names it by number: an entry that was taken away leaves its seal behind.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class SealQuerySet(models.QuerySet["JournalSeal"]):
    def delete(self) -> NoReturn:
        raise TypeError("A seal is never removed.")


class JournalSeal(models.Model):
    """Written once by `conference.sealing`; erasing a person takes the salt away, and names its reason.

    Erasing an account leaves what was done and takes out who did it: `rest` seals what is left.
    """

    chain = models.BigIntegerField()  # the conference as it was numbered, 0: of none; both outlive its row
    sequence = models.BigIntegerField()
    entry = models.BigIntegerField(unique=True)
    actor = models.BigIntegerField(null=True)  # the account as it was numbered
    sealed_at = models.DateTimeField()
    salt = models.CharField(max_length=32, blank=True)  # without it nobody can guess at what was erased
    personal = models.CharField(max_length=64)  # SHA-256 of the salt and what tells of people
    head = models.CharField(max_length=64)
    erasure = models.BigIntegerField(null=True)  # the entry that tells of the erasing
    # SHA-256 of a new salt and what is left of the entry without an account; the entry that tells of that.
    rest = models.CharField(max_length=64, blank=True, default="", db_default="")
    withheld = models.BigIntegerField(null=True)

    objects = SealQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("chain", "sequence"), name="seal_once"),)

    def __str__(self) -> str:
        return f"{self.chain}/{self.sequence}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A seal is never removed.")
