"""What tells of one account in the tables of one conference, being taken out.

Who did it is said by name in many rows, beside the number of the account or without it; that name is replaced
(`Held.accounts`). What rooms hold in another way they take out themselves (`ACCOUNT_ERASERS`). A name, a
number or an address that somebody else has there too is counted, and left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

from conference import purpose_table, sealing
from conference.erasing import Taking
from conference.mentions import Mentions
from conference.models import Conference, JournalEntry, Organisation, Unit, User
from conference.purposes import ERASED_ACCOUNT, Erasure, Held, Rows

PERSONAL = ("full_name", "email", "phone")


@dataclass
class Known:
    """What names an account, now or before: an entry of the journal tells of a name that was changed."""

    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, account: User) -> Known:
        known = cls({account.full_name}, {account.phone}, {account.email})
        by_name = dict(zip(PERSONAL, (known.names, known.addresses, known.phones), strict=True))
        did = JournalEntry.objects.filter(actor=account).order_by()
        known.names |= set(did.values_list("actor_name", flat=True).distinct())
        about = JournalEntry.objects.filter(subject=f"{account._meta.label_lower}:{account.pk}")
        for changes in about.values_list("changes", flat=True):
            for name in by_name.keys() & changes.keys():
                by_name[name].update(filter(None, map(str, filter(None, changes[name]))))
        for found in (known.names, known.phones, known.addresses):
            found -= {"", ERASED_ACCOUNT, sealing.ERASED}
        return known

    def everything(self) -> Mentions:
        return _mentions(self.names, self.phones, self.addresses)


def _mentions(names: Iterable[str], phones: Iterable[str], addresses: Iterable[str]) -> Mentions:
    return Mentions(names, phones, addresses, instead=ERASED_ACCOUNT)


class Naming:
    """How an account is told from others: in one conference, or (None) wherever none is."""

    def __init__(self, account: User, known: Known, conference: Conference | None) -> None:
        others = User.objects.filter(erased_at=None).exclude(pk=account.pk)
        self.mine = {one for one in known.names if not others.filter(full_name__iexact=one).exists()}
        self.sure = _mentions(
            {one for one in self.mine if not _is_borne("full_name", one, conference)},
            {
                one
                for one in known.phones
                if not others.filter(phone=one).exists() and not _is_borne("phone", one, conference)
            },
            {one for one in known.addresses if not _is_borne("email", one, conference)},
        )
        self.all = known.everything()

    def struck(self, value: Any) -> Any:
        """Without the account. A text that is nothing but its name says who acted: guests act as links."""
        if isinstance(value, str) and value.strip() in self.mine:
            return ERASED_ACCOUNT
        return self.sure.struck(value)

    def is_doubtful(self, value: Any) -> bool:
        """Does it still say what somebody else is called too?"""
        return self.all.inside(value)


# What stands in texts for an office: an account may be called so.
OFFICES = {
    "hệ thống", "quản trị hệ thống", "ban tổ chức", "người xem", "người ký", "cửa vào", "cán bộ đầu mối",
}  # fmt: skip


def _is_borne(column: str, text: str, conference: Conference | None) -> bool:
    """Does it name somebody or something else there: a person, an office, whom letters tell to call?

    A single word is no name of a person that could be told from a word.
    """
    if column == "full_name" and (" " not in text or text.casefold() in OFFICES or _is_office(text)):
        return True
    if conference is None:
        return False
    rooms: Any = conference  # of the room above: who comes
    contact: str = getattr(conference, f"contact_{column.removeprefix('full_')}")
    return (
        (text.casefold() == contact.casefold() and not is_over(conference))
        or rooms.attendees.filter(**{f"{column}__iexact": text}).exists()
        or (column == "full_name" and rooms.delegations.filter(name__iexact=text).exists())
    )


def is_over(conference: Conference) -> bool:
    return conference.today() > conference.ends_on


def _is_office(text: str) -> bool:
    names = Q(name__iexact=text) | Q(short_name__iexact=text)
    return Organisation.objects.filter(names).exists() or Unit.objects.filter(full_name__iexact=text).exists()


class Traces(Taking):
    """One account being erased, in one conference. Rooms use `rows`, `count`, `struck`, `names`, `forget`.

    `again`: as of `conference.erasing.Erasing`. `delegations`: those on whose papers the account stands.
    """

    since = None

    def __init__(self, account: User, naming: Naming, conference: Conference, *, again: bool) -> None:
        super().__init__(conference)
        self.person: Any = account  # what letters are about, or to
        self.naming, self.mentions, self.again = naming, naming.sure, again
        self.delegations: set[int] = set()
        self.unsure = 0

    def struck(self, value: Any) -> Any:
        return self.naming.struck(value)

    def names(self, *values: str) -> bool:
        """Does one of these texts name the account?"""
        return any(self.struck(one) != one for one in values)

    def renamed(self, text: str) -> str:
        """What a letter that is emptied is called: the delegation that it was about is no person."""
        return str(self.struck(text))

    def run(self) -> None:
        for name in settings.ACCOUNT_ERASERS:
            eraser: Callable[[Traces], None] = import_string(name)
            eraser(self)
        for rows in purpose_table.TABLE:
            for held in rows.held:
                if held.accounts:
                    self._strike(rows, held)
                elif held.erasure == Erasure.KEPT and rows.conference:
                    self._count_kept(rows, held)
        self.forget_files()

    @property
    def changed(self) -> bool:
        """Was anything taken out, or only found where it stays?"""
        return any(held.accounts or held.erasure != Erasure.KEPT for held in +self.counts)

    def _strike(self, rows: Rows, held: Held) -> None:
        found = rows.of_conference(self.conference)
        changed = set()
        for name in held.account_names:
            for pk, value in found.filter(self._own(rows.model, name)).values_list("pk", name):
                if value not in ("", ERASED_ACCOUNT):
                    changed.add(pk)
                    rows.all().filter(pk=pk).update(**{name: ERASED_ACCOUNT})
        for pk, *before in found.values_list("pk", *held.account_names).iterator(500):
            after = [self.struck(value) for value in before]
            if after != before:
                changed.add(pk)
                columns = zip(held.account_names, after, strict=True)
                rows.all().filter(pk=pk).update(**{name: _fit(rows, name, value) for name, value in columns})
            self.unsure += self.naming.is_doubtful(after)
        self.counts[held] += len(changed)

    def _own(self, model: type[models.Model], name: str) -> Q:
        """Rows in which the number beside the name is that of the account, whoever else bears the name."""
        beside = name.removesuffix("_name")
        fields = {one.name: one for one in model._meta.concrete_fields}
        is_account = beside != name and beside in fields and fields[beside].related_model is User
        return Q(**{beside: self.person.pk}) if is_account else Q(pk=None)

    def _count_kept(self, rows: Rows, held: Held) -> None:
        """Records that stay as they are, and name the account."""
        told = rows.of_conference(self.conference).values_list(*held.names)
        self.counts[held] += sum(self.mentions.inside([*map(_plain, one)]) for one in told.iterator(500))


def _fit(rows: Rows, name: str, value: Any) -> Any:
    """The phrase may be longer than the name in whose place it stands; what must say something says it."""
    column: Any = rows.model._meta.get_field(name)
    if not isinstance(value, str):
        return value
    return value[: column.max_length] or ("" if column.blank else ERASED_ACCOUNT)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | list | dict) else str(value)
