"""Finds the person of a row on the list: by code, else by name, year and body. What is not sure is asked."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from attendees import codes
from attendees.importing.ground import Ground, Known
from attendees.importing.rows import Option, Question, Row
from attendees.models import Attendee
from attendees.workbooks.shapes import ERROR, WARNING
from conference import vietnamese

GONE = (Attendee.Status.REPLACED,)
ERASED = gettext_noop("Dữ liệu của người này đã xóa. Bỏ dòng này; nếu là người mới, xóa mã trong ô này.")


class Matcher:
    """Sets `current`, or `replaces`, of every row; or a question, or an error."""

    def __init__(self, ground: Ground, choices: dict[str, str]) -> None:
        self.ground, self.choices = ground, choices

    def run(self, rows: list[Row]) -> None:
        found = {row.key: known for row in rows if (known := self._find(row))}
        people = self.ground.people(known.pk for known in found.values())
        for row in rows:
            if known := found.get(row.key):
                self._settle(row, people[known.pk])

    def _find(self, row: Row) -> Known | None:
        if row.person.code:
            return self._by_code(row)
        names = self.ground.by_name.get(vietnamese.fold(row.person.full_name), ())
        of_delegation = [one for one in names if one.delegation_id == row.place.pk]
        # Who was replaced is meant only where nobody else has the name.
        likely = [one for one in of_delegation if one.status not in GONE] or of_delegation
        sure = [one for one in likely if _is_sure(row, one)]
        if len(sure) == 1:
            return sure[0]
        return self._ask_who(row, sure or likely) if likely else None

    def _by_code(self, row: Row) -> Known | None:
        try:
            code = codes.normalise_code(row.person.code)
        except ValueError as wrong:
            row.tell(ERROR, "code", "code", str(wrong))
            return None
        known = self.ground.by_code.get(code)
        if known is None or known.delegation_id != row.place.pk:
            message = gettext_noop("Đoàn không có mã này. Nếu là người mới, xóa mã trong ô này.")
            row.tell(ERROR, "code", "code-unknown", message)
            return None
        return known

    def _ask_who(self, row: Row, known: list[Known]) -> Known | None:
        text = _("Trong danh sách đã có người cùng tên. Có phải một người không?")
        options = [Option(one.code, _("Là %(person)s") % {"person": named(one)}) for one in known]
        options.append(Option("new", _("Là người khác, thêm mới")))
        code = row.ask(Question(f"who.{row.key}", text, options), self.choices)
        return next((one for one in known if one.code == code), None)

    # ── What it means for the person found ────────────────────────────────────────────────────────

    def _settle(self, row: Row, person: Attendee) -> None:
        if person.erased_at is not None:  # older workbooks still have the code, and perhaps the name
            row.tell(ERROR, "code", "erased", ERASED)
            return
        name = row.person.full_name
        if vietnamese.fold(name) != vietnamese.fold(person.full_name) and name:
            self._ask_name(row, person)
        else:
            row.current = person
            if not vietnamese.same_name(name, person.full_name) and name:
                message = gettext_noop("Tên khác dấu với tên đang có: %(name)s.")
                row.tell(WARNING, "full_name", "other-marks", message, name=person.full_name)
        if person.status == Attendee.Status.REPLACED:
            substitute = getattr(person, "substitute", None)
            message = gettext_noop("Người này đã được thay bằng %(name)s. Bỏ dòng này.")
            row.tell(ERROR, "full_name", "replaced", message, name=str(substitute or "–"))
        elif row.current is not None and person.status == Attendee.Status.DECLINED:
            self._ask_back(row, person)

    def _ask_name(self, row: Row, person: Attendee) -> None:
        """The code is that of somebody with another name: put right, or somebody else on the seat?"""
        text = _("Mã này của %(person)s. Tên trong tệp khác hẳn.") % {"person": named(person)}
        options = [Option("rename", _("Vẫn người đó, sửa lại tên"))]
        if person.is_active:
            options.append(Option("substitute", _("Người khác đi thay")))
        answer = row.ask(Question(f"name.{row.key}", text, options), self.choices)
        if answer == "substitute":
            row.replaces = person
            if self.ground.certified([person.pk]):
                sentence = gettext_noop(
                    "Người này đã có giấy chứng nhận. Ban Tổ chức thu hồi giấy trước, rồi mới đổi được."
                )
                row.tell(ERROR, "full_name", "certified", sentence)
        else:
            row.current = person

    def _ask_back(self, row: Row, person: Attendee) -> None:
        text = _("Người này đã báo không tham dự: %(reason)s") % {"reason": person.decline_reason or "–"}
        options = [Option("again", _("Cử lại"))]
        row.is_back = row.ask(Question(f"back.{row.key}", text, options), self.choices) == "again"


def _is_sure(row: Row, known: Known) -> bool:
    """One name and something else in common, and nothing that contradicts."""
    fields = row.fields
    pairs = (
        (fields.get("birth_year"), known.birth_year),
        (vietnamese.fold(fields.get("organisation_name", "")), vietnamese.fold(known.organisation_name)),
    )
    if any(said and stands and said != stands for said, stands in pairs):
        return False
    contacts = ((fields.get("phone"), known.phone), (fields.get("email"), known.email))
    return any(said and said == stands for said, stands in (*pairs, *contacts)) or not any(
        said or stands for said, stands in pairs
    )


def named(known: Known | Attendee) -> str:
    """A person told apart from others of the name: "Nguyễn Văn An, 1975, Sở TTTT (7K3M-9QFE)"."""
    parts = (known.full_name, str(known.birth_year or ""), known.organisation_name)
    return f"{', '.join(filter(None, parts))} ({codes.group(known.code)})"
