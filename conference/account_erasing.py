"""Erasing an account (law 91/2025/QH15): who worked here is forgotten, what was done stays.

    shown = preview(account)                             # what would go and what would stay; changes nothing
    erase(account, by=ada, reason="Đã nghỉ việc")        # the same, for good; twice is once

The row stays as a shell without a name, a way in or a part: what it did, made and decided goes on leading to
one account, so that nothing of others vanishes and the same hand is still known as the same. Who has a part
in a conference that is not over is refused: the work is handed to somebody first, or a delegation would be
left without its officer and a conference without its organiser by an act that speaks of neither.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conference import erased, journal, purpose_table, sealing
from conference.account_traces import PERSONAL, Known, Naming, Traces, is_over
from conference.erasing import EARLIER
from conference.models import Conference, JournalEntry, User
from conference.purposes import ERASED_ACCOUNT, Erasure, Held

ADDRESS = "tai-khoan-{}@da-xoa.invalid"  # leads nowhere, and is no other account's (RFC 2606)


@dataclass(frozen=True)
class Line:
    """What becomes of something: of which model, how many rows, and how it goes or why it stays."""

    label: str
    what: str
    count: int
    how: str


@dataclass
class Outcome:
    """What an erasing does. `unsure`: texts that say a name or a contact which somebody else has too."""

    goes: list[Line] = field(default_factory=list)
    stays: list[Line] = field(default_factory=list)
    entries: int = 0  # of the journal
    unsure: int = 0


def preview(account: User) -> Outcome:
    """What `erase` would do now: it is done, counted and taken back."""
    with transaction.atomic():
        outcome = _take_out(_held(account), by=None)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def erase(account: User, *, by: User | None, reason: str = "") -> Outcome | None:
    """Erases for good; None for what was erased before. For administrators, and for the command (`by` None).

    Raises `PermissionDenied`, and `ValidationError` where `require_erasable` does.
    """
    current = _held(account)
    administrators = User.objects.filter(is_superuser=True, is_active=True)  # as they are now
    if by is not None and not administrators.filter(pk=by.pk).exists():
        raise PermissionDenied
    if current.erased_at is not None:
        return None
    require_erasable(current, by=by)
    return _take_out(current, by=by, reason=reason, code=code_of(current))


@transaction.atomic
def erase_again(account: User) -> Outcome:
    """What a restored database brought back goes again, whatever part it had by then."""
    return _take_out(_held(account), by=None, again=True)


def code_of(account: User) -> str:
    """How the file of the erased calls it: a number alone is given again after a restore."""
    return f"account:{account.pk}:{account.date_joined.astimezone(datetime.UTC):%Y%m%d%H%M%S%f}"


def here(codes: Iterable[str]) -> dict[str, User]:
    """The accounts of these codes that are in this database, and not erased in it."""
    wanted = {code for code in codes if code.startswith("account:")}
    rows = User.objects.filter(pk__in=[int(code.split(":")[1]) for code in wanted], erased_at=None)
    return {code: one for one in rows if (code := code_of(one)) in wanted}


# ── Who is not erased ─────────────────────────────────────────────────────────────────────────────


def require_erasable(account: User, *, by: User | None) -> None:
    """Not oneself, not the last administrator, nobody with a part that goes on, nothing under legal hold."""
    if by is not None and by.pk == account.pk:
        _refuse(_("Không tự xóa tài khoản của mình. Nhờ quản trị viên khác xóa."), "own")
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=account.pk)
    if account.is_superuser and not others.exists():
        sentence = _("Đây là quản trị viên cuối cùng. Giao quyền quản trị cho tài khoản khác trước, rồi xóa.")
        _refuse(sentence, "last")
    own = Q(memberships__user=account) | Q(delegations__officers=account)
    for one in Conference.objects.filter(own, legal_hold=True):
        _require_not_kept(one)
    if parts := list(open_parts(account)):
        sentence = _(
            "Tài khoản còn việc trong hội nghị chưa bế mạc: %s. Giao việc cho người khác, bỏ các vai trò này "
            "trước, rồi xóa."
        )
        _refuse(sentence % "; ".join(parts), "active")


def open_parts(account: User) -> Iterator[str]:
    """In words, the parts of the account in conferences that are not over."""
    for one in account.memberships.select_related("conference").order_by("pk"):
        if not is_over(one.conference):
            yield f"{one.get_role_display()} ({one.conference})"
    delegations: Any = account.delegations
    for team in delegations.select_related("conference").order_by("pk"):
        if not is_over(team.conference):
            name = _("đầu mối đoàn %(name)s") % {"name": team}
            yield f"{name} ({team.conference})"


def _require_not_kept(conference: Conference | None) -> None:
    """Under legal hold nothing of anybody goes, wherever it is found."""
    if conference is not None and conference.legal_hold:
        sentence = _("Hội nghị đang giữ nguyên dữ liệu (thanh tra, khiếu nại, tố tụng). Chưa xóa được.")
        _refuse(f"{conference}: {sentence}", "held")


def _refuse(sentence: str, code: str) -> NoReturn:
    raise ValidationError(sentence, code=code)


def _held(account: User) -> User:
    """The row, until the transaction ends, and those of all administrators: two do not erase each other."""
    rows = User.objects.filter(Q(is_superuser=True) | Q(pk=account.pk)).order_by("pk")
    return {one.pk: one for one in rows.select_for_update(no_key=True)}[account.pk]


# ── What goes ─────────────────────────────────────────────────────────────────────────────────────


def _take_out(
    account: User, *, by: User | None, reason: str = "", code: str = "", again: bool = False
) -> Outcome:
    """`code`: written into the file of the erased, once nothing refuses any more."""
    begun, outcome, known = timezone.now(), Outcome(), Known.of(account)
    namings = _namings(account, known)
    acts = JournalEntry.objects.filter(actor=account).count()
    _texts(account, namings, outcome, again=again)
    left = _entries(account, namings, outcome, again=again)
    if code:
        erased.note(code)
    _sign_out(account, known, outcome)
    _own_rows(account, outcome)
    _empty(account, outcome)
    sealing.withhold(left, account, by=by)
    told: dict[str, list[Any]] = {"reason": [None, known.everything().struck(reason)]} if reason else {}
    journal.record("erase_account", account, by=by, conference=None, changes=told)
    outcome.entries = len(left)
    _tell_what_stays(account, acts, outcome)
    transaction.on_commit(lambda: _begun_meanwhile(account, namings, begun), robust=True)
    return outcome


def _namings(account: User, known: Known) -> dict[Conference | None, Naming]:
    every = [*Conference.objects.order_by("pk"), None]
    return {one: Naming(account, known, one) for one in every}


def _texts(account: User, namings: dict[Conference | None, Naming], outcome: Outcome, *, again: bool) -> None:
    """The name in the rows of every conference."""
    counts: Counter[Held] = Counter()
    for conference, naming in namings.items():
        if conference is not None:
            traces = Traces(account, naming, conference, again=again)
            traces.run()
            if traces.changed and not again:
                _require_not_kept(conference)
            counts += traces.counts
            outcome.unsure += traces.unsure
    for rows in purpose_table.TABLE:
        for held in rows.held:
            if counts[held]:
                stays = held.erasure == Erasure.KEPT and not held.accounts
                how = held.because if stays else _("Thay bằng “%s”, hoặc xóa trắng") % ERASED_ACCOUNT
                line = Line(rows.label, str(held.what), counts[held], str(how))
                (outcome.stays if stays else outcome.goes).append(line)


def _sign_out(account: User, known: Known, outcome: Outcome) -> None:
    """At once and everywhere: also a browser that is about to sign in, which holds the address."""
    addresses = Known(addresses=known.addresses).everything()
    keys = []
    for one in Session.objects.iterator(500):
        data = one.get_decoded()
        if data.get("_auth_user_id") == str(account.pk) or addresses.inside(data):
            keys.append(one.pk)
    Session.objects.filter(pk__in=keys).delete()
    if keys:
        outcome.goes.append(
            Line(Session._meta.label, _("Trình duyệt đang đăng nhập"), len(keys), _("Đăng xuất ngay"))
        )


def _own_rows(account: User, outcome: Outcome) -> None:
    """Whatever belongs to the account alone: parts, second factors, addresses, kept sign-ins."""
    for relation in User._meta.related_objects:
        if relation.many_to_many:
            manager: Any = getattr(account, str(relation.get_accessor_name()))
            _goes(outcome, relation.related_model, manager.count(), _("Bỏ vai trò"))
            manager.clear()
        elif relation.on_delete is models.CASCADE:
            rows = _rows_of(relation, account)
            _goes(outcome, relation.related_model, rows.count(), str(Erasure.ROW.label))
            rows.delete()
    account.groups.clear()
    account.user_permissions.clear()


def _empty(account: User, outcome: Outcome) -> None:
    User.objects.filter(pk=account.pk).update(
        email=ADDRESS.format(account.pk), full_name=ERASED_ACCOUNT, phone="", password=make_password(None),
        last_login=None, is_active=False, is_superuser=False, erased_at=timezone.now(),
    )  # fmt: skip
    account.refresh_from_db()
    what = _("Họ tên, thư điện tử, điện thoại, mật khẩu")
    outcome.goes.insert(0, Line(User._meta.label, what, 1, _("Thay bằng “%s”") % ERASED_ACCOUNT))


def _goes(outcome: Outcome, model: type[models.Model], count: int, how: str) -> None:
    if count:
        name = capfirst(str(model._meta.verbose_name))
        what = next((str(one.held[0].what) for one in purpose_table.TABLE if one.model is model), name)
        outcome.goes.append(Line(model._meta.label, what, count, how))


def _tell_what_stays(account: User, acts: int, outcome: Outcome) -> None:
    """The shell, and what goes on leading to it."""
    because = _("Việc đã làm là hồ sơ của hội nghị; ghi “%s”, không nêu tên.") % ERASED_ACCOUNT
    outcome.stays.insert(0, Line(JournalEntry._meta.label, _("Nhật ký việc đã làm"), acts, because))
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is not models.SET_NULL:
            continue
        model = relation.related_model
        if model is not JournalEntry and (count := _rows_of(relation, account).count()):
            what = f"{capfirst(str(model._meta.verbose_name))}: {relation.field.verbose_name}"
            outcome.stays.append(Line(model._meta.label, what, count, because))


def _rows_of(relation: Any, account: User) -> models.QuerySet[Any]:
    """Past every manager: whatever leads to the account."""
    return models.QuerySet(relation.related_model).filter(**{relation.field.name: account.pk})


# ── The journal ───────────────────────────────────────────────────────────────────────────────────


def _entries(
    account: User,
    namings: dict[Conference | None, Naming],
    outcome: Outcome,
    *,
    again: bool,
    since: datetime.datetime | None = None,
) -> dict[int, dict[str, Any]]:
    """Entry → what its columns say from now on: of what the account did, of itself, and of what names it."""
    entries = JournalEntry.objects.filter(Q(at__gte=since) if since else Q()).order_by("pk")
    by_conference = {one and one.pk: (one, naming) for one, naming in namings.items()}
    about = journal.ref_of(account)
    left = {}
    for entry in entries.iterator(2000):
        conference, naming = by_conference.get(entry.conference_id, by_conference[None])
        columns = _without(entry, naming, about, account.pk)
        if columns := {name: now for name, now in columns.items() if now != getattr(entry, name)}:
            left[entry.pk] = columns
            if not again:
                _require_not_kept(conference)
        elif entry.act != "erase" and naming.is_doubtful([entry.subject_name, entry.changes]):
            outcome.unsure += 1
    return left


def _without(entry: JournalEntry, naming: Naming, about: str, number: int) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if entry.actor_id == number and entry.actor_name != sealing.ERASED:
        columns |= {"actor_name": ERASED_ACCOUNT, "origin": ""}
    if entry.act == "erase":  # says how much went, and no name: what it says is what proves the chain
        return columns
    if entry.subject == about:
        told = {name: pair for name, pair in entry.changes.items() if name not in PERSONAL}
        return columns | {"subject_name": ERASED_ACCOUNT, "changes": _struck_pairs(told, naming.all.struck)}
    if naming.sure.inside([entry.subject_name, entry.changes]):
        columns |= {
            "subject_name": naming.sure.struck(entry.subject_name) or sealing.ERASED,
            "changes": _struck_pairs(entry.changes, naming.sure.struck),
        }
    return columns


def _struck_pairs(changes: dict[str, list[Any]], struck: Any) -> dict[str, list[Any]]:
    """Each pair keeps its two values: one of which nothing is left is known to have been there."""
    return {
        struck(name): [struck(one) or sealing.ERASED if isinstance(one, str) and one else one for one in pair]
        for name, pair in changes.items()
    }


@transaction.atomic
def _begun_meanwhile(
    account: User, namings: dict[Conference | None, Naming], begun: datetime.datetime
) -> None:
    """What others wrote between our look and the commit, with the account as they still saw it."""
    _texts(account, namings, Outcome(), again=True)
    if left := _entries(account, namings, Outcome(), again=True, since=begun - EARLIER):
        sealing.withhold(left, account, by=None)
