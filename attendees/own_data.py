"""Everything that is held of one person, as they may see it and take it along (law 91/2025/QH15).

By the table of purposes, so that nothing is forgotten; marks of the machine, which tell nobody anything and
would open doors, are left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees import codes, journals
from attendees.erasing import require_not_kept
from attendees.holding import hold
from attendees.models import Attendee
from attendees.question_values import ANSWERED, CONSENT, answers, of_subject
from attendees.questioning import drop_files
from conference import desk_journal, journal, moments, purpose_table, storing, vietnamese, vietnamese_dates
from conference.guests import Guest
from conference.purposes import Held, Kept, Rows
from mailing.kinds import title_of

SECRET = {
    "nonce", "token_hash", "badge_token", "former_badges", "sort_key", "search_key", "face", "file", "sha256",
    "photo", "heard",
    "said",  # of the conference, by a certificate
}  # fmt: skip
PARTS = ("family_name", "middle_name", "given_name")
FORMS: dict[str, Callable[[Any], Any]] = {
    "phone": vietnamese.show_phone,
    "code": codes.group,
    "honorific": lambda one: Attendee.Honorific(one).label,
}
PHOTO = "photo"
ANSWERS = ["extra"]  # the names of the line that holds them
# In words, what of the file is no column, and columns without a word of their own.
LABELS = {
    "labels": gettext_lazy("Tên gọi"), "conference": gettext_lazy("Hội nghị"),
    "code": gettext_lazy("Mã đại biểu"), "made_at": gettext_lazy("Lập lúc"),
    "held": gettext_lazy("Đang giữ"), "what": gettext_lazy("Thông tin"),
    "purpose": gettext_lazy("Để làm gì"), "basis": gettext_lazy("Căn cứ"),
    "kept": gettext_lazy("Giữ bao lâu"), "rows": gettext_lazy("Nội dung"),
    "letters": gettext_lazy("Thư"), "to": gettext_lazy("Địa chỉ"), "sent_at": gettext_lazy("Gửi lúc"),
    "kind": gettext_lazy("Loại thư"), "title": gettext_lazy("Tên"), "state": gettext_lazy("Tình trạng"),
    "journal": gettext_lazy("Nhật ký"), "at": gettext_lazy("Lúc"), "act": gettext_lazy("Việc"),
}  # fmt: skip
NAMED = {
    "notice_version": gettext_lazy("bản thông báo"),
    "notice_seen_at": gettext_lazy("lúc đọc thông báo"),
}


@dataclass(frozen=True)
class Told:
    """One line of the table, with what it holds of the person."""

    rows: Rows
    held: Held
    values: list[dict[str, Any]]  # a row each: name of the column → its value

    @property
    def words(self) -> list[str]:
        """For people: what the columns hold, a text for each row."""
        return [text for one in self.values if (text := "; ".join(_words(self._shown(one))))]

    def _shown(self, values: dict[str, Any]) -> list[Any]:
        """As people write it; the name once, an answer behind its question."""
        if self.held.names == ANSWERS:
            return [f"{question}: {answer}" for question, answer in values.items()]
        return [self._written(name, value) for name, value in values.items() if name not in PARTS]

    def _written(self, name: str, value: Any) -> Any:
        """Choices, days and moments in words, numbers in groups, columns inside a column by their names."""
        column = _column(self.rows, name)
        if isinstance(value, dict):
            inside = {key: self._written(key, one) for key, one in value.items() if one not in (None, "")}
            return [f"{self._label(key)}: {one}" for key, one in inside.items()]
        if isinstance(value, datetime.datetime):
            return moments.moment(value)
        if isinstance(value, datetime.date):
            return vietnamese_dates.short_date(value)
        if not value or isinstance(value, list):
            return value
        choices = dict(getattr(column, "flatchoices", None) or ())
        return choices[value] if value in choices else FORMS.get(name, str)(value)

    @property
    def labels(self) -> dict[str, str]:
        """Column → its name in words, columns inside a column too; an answer has its question for a name."""
        known: dict[str, str] = {}
        for name, value in (pair for one in self.values for pair in one.items()):
            known |= {key: self._label(key) for key in (name, *(value if isinstance(value, dict) else ()))}
        return {name: word for name, word in known.items() if word != name}

    def _label(self, name: str) -> str:
        return desk_journal.word_of(_column(self.rows, name)) or str(NAMED.get(name, name))

    @property
    def until(self) -> str:
        return str(Kept(self.held.kept).label)


@dataclass(frozen=True)
class Consent:
    """Something held because the person agreed; `name` is what a withdrawal says."""

    name: str
    label: str
    since: Any  # a moment as text, or None


def told(person: Attendee) -> list[Told]:
    """What is held, in the order of the table; lines that hold nothing are left out."""
    found = []
    for rows in purpose_table.TABLE:
        for held in rows.held if rows.person else ():
            names = [name for name in held.names if name not in SECRET]
            found_rows = rows.of_person(person).values(*names) if names else ()
            values = [{name: _open(value) for name, value in one.items()} for one in found_rows]
            line = Told(rows, held, _worded(person, held, values))
            if line.words:
                found.append(line)
    return found


def as_file(person: Attendee) -> dict[str, Any]:
    """The same as plain data, with letters and the journal; `labels` says in words what the keys mean."""
    conference = person.conference
    return {
        "labels": {name: str(word) for name, word in LABELS.items()},
        "conference": conference.title,
        "code": person.code,
        "made_at": conference.now().isoformat(timespec="seconds"),
        "held": [
            {
                "what": str(one.held.what), "purpose": str(one.held.purpose),
                "basis": str(one.held.basis.label), "kept": one.until, "labels": one.labels,
                "rows": [_plain(values) for values in one.values],
            }
            for one in told(person)
        ],
        "letters": list(_letters(person)),
        "journal": [
            {"at": one.at.isoformat(timespec="seconds"), "act": desk_journal.act_word(one)}
            for one in journals.of_person(person).order_by("at", "pk")
        ],
    }  # fmt: skip


def _letters(person: Attendee) -> Iterator[dict[str, Any]]:
    """Letters to the person. Asked of the room below by what it calls its subject."""
    for one in person.conference.messages.about(journal.ref_of(person)).order_by("pk"):
        sent = one.sent_at.isoformat(timespec="seconds") if one.sent_at else None
        said = {"kind": one.kind, "title": title_of(one.kind), "state": str(one.get_state_display())}
        yield {"to": one.to, "sent_at": sent, **said}


def _worded(person: Attendee, held: Held, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Answers by their question, not by its slug."""
    if held.names != ANSWERS or not values:
        return values
    said = {one.question.label: one.words for one in answers(person, of_subject(person)) if one.words}
    return [said] if said else []


def _open(value: Any) -> Any:
    """Without the marks of the machine inside a column."""
    return {key: one for key, one in value.items() if key not in SECRET} if isinstance(value, dict) else value


def _column(rows: Rows, name: str) -> Any:
    """The column, of the row or of the person; None for an answer, which is named by its question."""
    fields = (*rows.model._meta.concrete_fields, *Attendee._meta.concrete_fields)
    return next((one for one in fields if one.name == name), None)


def _words(values: Any) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            yield from _words(value.values())
        elif isinstance(value, list | tuple):
            yield from _words(value)
        elif value not in (None, ""):
            yield str(value)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str | int | list | dict | None) else str(value)
        for name, value in values.items()
    }


# ── Consent ───────────────────────────────────────────────────────────────────────────────────────


def consents(person: Attendee) -> list[Consent]:
    """What stands only because the person agreed: sensitive answers, and the photo."""
    found = [
        Consent(one.slug, one.label, person.extra.get(CONSENT + one.slug))
        for one in of_subject(person)
        if one.slug in person.extra and one.is_sensitive
    ]
    return [*found, *([Consent(PHOTO, _("Ảnh để nhận mặt ở cửa"), None)] if person.photo else [])]


@transaction.atomic
def withdraw(person: Attendee, name: str, *, by: Guest) -> bool:
    """Takes a consent back, and what stood on it: at any time, as easily as it was given. Twice is once.

    Raises `PermissionDenied` for anybody else, `ValidationError` for what never needed a consent, and under
    legal hold.
    """
    if by.attendee_id != person.pk:
        raise PermissionDenied
    hold(person.delegation, by=None)
    current = Attendee.objects.select_related("conference").get(pk=person.pk)
    require_not_kept(current.conference)
    if name == PHOTO:
        return _without_photo(current, by)
    question = of_subject(current).filter(slug=name, is_sensitive=True).first()
    if question is None:
        raise ValidationError(_("Không có đồng ý này."), code="unknown")
    if name not in current.extra:
        return False
    current.extra = {key: one for key, one in current.extra.items() if key not in (name, CONSENT + name)}
    current.version += 1
    current.save(update_fields=("extra", "version"))
    drop_files(current)
    told_of = {question.label: [ANSWERED, ""]}
    journal.record("withdraw_consent", current, by=by, conference=current.conference, changes=told_of)
    return True


def _without_photo(current: Attendee, by: Guest) -> bool:
    if not (before := current.photo):
        return False
    current.photo = ""
    current.version += 1
    current.save(update_fields=("photo", "version"))
    changes = {"photo": [True, False]}
    journal.record("withdraw_consent", current, by=by, conference=current.conference, changes=changes)
    transaction.on_commit(lambda: storing.forget(before), robust=True)  # the name of a photo is its own
    return True
