"""Columns about travel, room and meals: answers to what the conference asks; of the rest it is said."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from attendees import questioning, questions, travel
from attendees.importing.ground import Ground
from attendees.importing.rows import Option, Question, Row, Said
from attendees.question_values import kept
from attendees.workbooks import FIELDS, Column, Problem, Reading
from attendees.workbooks.contacts import NONE
from attendees.workbooks.shapes import NOTICE, WARNING
from attendees.workbooks.travels import choice_of, diets_in, read_trip, room_mate
from conference import vietnamese

Kind = questions.Question.Kind
# Which of the ready questions a column answers.
ROLES = {
    "arrival": (travel.ARRIVAL_DAY, travel.ARRIVAL_TIME, travel.NUMBER),
    "departure": (travel.RETURN_DAY,),
    "vehicle": (travel.VEHICLE,),
    "flight": (travel.NUMBER,),
    "room": (travel.ROOM, travel.SHARING),
    "diet": (travel.DIET,),
}
HOME = "home"  # hour and flight of the way back: no conference asks them
LABELS = {one["slug"]: one["label"] for one in travel.READY} | {HOME: gettext_noop("Giờ và chuyến về")}
FAR = datetime.timedelta(days=30)  # from the conference: further away is a wrong day
SHARED = ("ghep", "o cung", "o chung")  # in the heading of a column that names the other guest of a room

NOT_ASKED = gettext_noop(
    "Không nhập %(columns)s: hội nghị không hỏi. Cần thì Ban Tổ chức thêm câu hỏi, rồi tải tệp lên lại."
)
CLOSED = gettext_noop("Không nhập %(columns)s: đã hết hạn trả lời. Gọi Ban Tổ chức để thay đổi.")
YEAR_ONLY = gettext_noop("Ngày sinh ghi đầy đủ trong tệp chỉ giữ lại năm: hội nghị không cần ngày và tháng.")
UNCLEAR = gettext_noop("Chưa hiểu hết ô này. Xem phần đã đọc được ghi ở dòng này; phần còn lại không nhập.")
NO_MOMENT = gettext_noop("Chưa đọc được ô này nên không nhập. Ghi ngày/tháng/năm, ví dụ 05/6/2024.")
FAR_AWAY = gettext_noop("Ngày này cách hội nghị hơn 30 ngày nên không nhập. Xem lại ngày, tháng, năm.")
NO_CHOICE = gettext_noop("Chưa rõ ô này nghĩa là gì nên không nhập. Ghi một trong: %(choices)s.")


class Travels:
    """What one list says of these, as answers to the questions of one conference."""

    def __init__(self, ground: Ground, reading: Reading, choices: dict[str, str]) -> None:
        self.ground, self.reading, self.choices = ground, reading, choices
        self.unasked: dict[str, None] = {}  # what was read and nobody asks, in order
        self.closed: dict[str, None] = {}

    @cached_property
    def asked(self) -> dict[str, questions.Question]:
        """The questions by the names of the ready ones; also where somebody put the same one by hand."""
        by_label = {vietnamese.fold(label): slug for slug, label in LABELS.items()}
        found: dict[str, questions.Question] = {}
        for question in self.ground.conference.questions.asked().for_people():
            question.conference = self.ground.conference
            role = question.slug if question.slug in LABELS else by_label.get(vietnamese.fold(question.label))
            if role and travel.fits(role, question.kind):
                found.setdefault(role, question)
        return found

    @cached_property
    def open(self) -> set[str]:
        """Those of them that this person may still answer."""
        by, of = self.ground.by, self.ground.delegation
        return {role for role, one in self.asked.items() if questioning.is_open_to(one, by, of)}

    def answer(self, row: Row) -> None:
        """Writes the answers of a row into its person, and keeps what that changes."""
        if row.attendee is None:
            return
        row.attendee.extra = dict(row.attendee.extra)
        for field, roles in ROLES.items():
            text = getattr(row.person, field)
            if text and any(role in self.asked for role in roles):
                for role, value in list(getattr(self, f"_{field}")(row, text)):
                    self._say(row, field, role, value)

    def _say(self, row: Row, field: str, role: str, value: Any) -> None:
        asked, person = self.asked.get(role), row.attendee
        if asked is None or person is None:
            self.unasked[_(LABELS[role])] = None
            return
        before = person.extra.get(asked.slug)
        try:
            after = kept(asked, value)
        except ValidationError as refused:
            words = NO_CHOICE if asked.is_sensitive else " ".join(refused.messages).replace("%", "%%")
            row.tell(WARNING, field, "travel-value", words, choices="; ".join(asked.choices))
            return
        if after in (None, before):
            return
        if role not in self.open:
            self.closed[asked.label] = None
        elif not asked.is_sensitive or self._is_agreed(row, asked):
            questioning.put(person.extra, asked, after)
            row.answers.append(Said(asked, before, after, is_masked=not self.ground.is_own))

    def _is_agreed(self, row: Row, asked: questions.Question) -> bool:
        """Asked once for the whole list: without consent nothing sensitive is written."""
        text = _("“%(question)s” là dữ liệu nhạy cảm. Đại biểu đã đồng ý để Ban Tổ chức dùng chưa?")
        options = [Option("yes", _("Đã đồng ý, nhập cột này")), Option("no", _("Không nhập cột này"))]
        question = Question(f"agree={asked.slug}", text % {"question": asked.label}, options)
        return row.ask(question, self.choices) == "yes"

    # ── What the cells say ────────────────────────────────────────────────────────────────────────

    def _arrival(self, row: Row, text: str) -> Iterator[tuple[str, Any]]:
        trip = read_trip(text, self.ground.conference.starts_on.year)
        self._tell_unread(row, "arrival", trip.rest, is_read=any(trip[:3]))
        if trip.day and self._is_near(row, "arrival", trip.day):
            yield travel.ARRIVAL_DAY, trip.day
        if trip.at:
            yield travel.ARRIVAL_TIME, trip.at
        if trip.number and not row.person.flight:
            yield travel.NUMBER, trip.number

    def _departure(self, row: Row, text: str) -> Iterator[tuple[str, Any]]:
        trip = read_trip(text, self.ground.conference.starts_on.year)
        self._tell_unread(row, "departure", trip.rest, is_read=any(trip[:3]))
        if trip.day and self._is_near(row, "departure", trip.day):
            yield travel.RETURN_DAY, trip.day
        if trip.at or trip.number:
            yield HOME, None

    def _tell_unread(self, row: Row, field: str, rest: str, *, is_read: bool) -> None:
        if rest:
            row.tell(WARNING, field, "travel-text", UNCLEAR if is_read else NO_MOMENT)

    def _is_near(self, row: Row, field: str, day: datetime.date) -> bool:
        conference = self.ground.conference
        if conference.starts_on - FAR <= day <= conference.ends_on + FAR:
            return True
        row.tell(WARNING, field, "far-day", FAR_AWAY)
        return False

    def _vehicle(self, row: Row, text: str) -> Iterator[tuple[str, Any]]:
        return self._chosen(row, "vehicle", travel.VEHICLE, [text])

    def _flight(self, row: Row, text: str) -> Iterator[tuple[str, Any]]:
        if text.lower() not in NONE:
            yield travel.NUMBER, text

    def _room(self, row: Row, text: str) -> Iterator[tuple[str, Any]]:
        """The kind of room, and with whom it is shared: in one cell or in columns of their own."""
        offered = self.asked[travel.ROOM].choices if travel.ROOM in self.asked else ()
        names_others = any(
            word in vietnamese.fold(column.header)
            for column in self._columns("room", row.person.sheet)
            for word in SHARED
        )
        mates: list[str] = []
        rooms: list[str] = []
        for part in filter(None, (part.strip() for part in text.split(";"))):
            mate = room_mate(part) or (part if names_others and not choice_of(part, offered) else "")
            (mates if mate else rooms).append(mate or part)
        yield from self._chosen(row, "room", travel.ROOM, rooms)
        if mates := [mate for mate in mates if mate.lower() not in NONE]:
            yield travel.SHARING, "; ".join(mates)

    def _diet(self, row: Row, text: str) -> Iterator[tuple[str, Any]]:
        found = [value for _role, value in self._chosen(row, "diet", travel.DIET, diets_in(text))]
        if found:
            several = self.asked[travel.DIET].kind == Kind.CHOICES
            yield travel.DIET, found if several else "; ".join(found)

    def _chosen(self, row: Row, field: str, role: str, texts: Iterable[str]) -> Iterator[tuple[str, Any]]:
        """The choice that the words mean; where the question offers none, the words."""
        asked = self.asked.get(role)
        for text in texts:
            if text.lower() in NONE:
                continue
            if asked is None or not asked.choices:
                yield role, text
            elif choice := choice_of(text, asked.choices):
                yield role, choice
            else:
                row.tell(WARNING, field, "travel-choice", NO_CHOICE, choices="; ".join(asked.choices))

    # ── What is not taken ─────────────────────────────────────────────────────────────────────────

    def notices(self) -> Iterator[Problem]:
        """One sentence for each reason, whatever the number of rows. Asked after the rows."""
        left = [
            column.header or _(FIELDS[field])
            for field, roles in ROLES.items()
            if any(getattr(one, field) for one in self.reading.people)
            and not any(role in self.asked for role in roles)
            for column in self._columns(field)
        ]
        for code, message, names in (
            ("travel-not-asked", NOT_ASKED, [*left, *self.unasked]),
            ("travel-closed", CLOSED, list(self.closed)),
        ):
            if names:
                words = ", ".join(f"“{name}”" for name in dict.fromkeys(names))
                yield Problem("", None, None, NOTICE, "", code, message, {"columns": words})
        if any(one.birth_date for one in self.reading.people):
            yield Problem("", None, None, NOTICE, "birth", "birth-year-only", YEAR_ONLY)

    def _columns(self, field: str, sheet: str | None = None) -> list[Column]:
        return [
            column
            for plan in self.reading.plans
            if plan.used and sheet in (None, plan.sheet)
            for column in plan.columns
            if column.field == field
        ]
