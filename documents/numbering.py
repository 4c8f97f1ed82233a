"""Series of numbers without gaps, and the pattern after which a number is printed."""

from __future__ import annotations

import re
from string import Formatter

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conference.models import Conference
from documents import marks

LONGEST_PATTERN, LONGEST_NUMBER = 60, 100
PLACES = ("number", "year", "symbol", "drafting_unit")
_WIDTH = re.compile(r"(0[1-9])?")
_LITERAL = re.compile(r"[\w\s./\-–()]*")


class NumberSeries(models.Model):
    """A row of numbers without gaps: one conference, one kind of paper, one year.

    The number is taken inside the transaction that uses it, so a number is never lost and never given twice.
    The pattern may change at any time: what was numbered keeps the number as it was printed.
    """

    conference = models.ForeignKey(
        Conference, models.CASCADE, related_name="number_series", verbose_name=gettext_lazy("hội nghị")
    )
    kind = models.CharField(gettext_lazy("loại giấy tờ"), max_length=30)
    year = models.PositiveSmallIntegerField(gettext_lazy("năm"))
    # Placeholders: `PLACES`, {number:04} with a width. "GCN" is a house rule, not of decree 30/2020.
    pattern = models.CharField(
        gettext_lazy("mẫu số"), max_length=LONGEST_PATTERN, default="{number:02}/{symbol}"
    )
    last = models.PositiveIntegerField(gettext_lazy("số đã cấp gần nhất"), default=0)

    class Meta:
        verbose_name = gettext_lazy("dãy số")
        verbose_name_plural = pgettext_lazy("plural", "dãy số")
        constraints = (models.UniqueConstraint(fields=("conference", "kind", "year"), name="series_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"

    def take(self, count: int = 1) -> range:
        """The next `count` numbers. Must run inside a transaction; the counter row is held until it ends."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("A number is taken inside the transaction that uses it.")
        NumberSeries.objects.filter(pk=self.pk).update(last=F("last") + count)
        self.refresh_from_db(fields=("last",))
        self.mark()
        return range(self.last - count + 1, self.last + 1)

    def mark(self) -> None:
        """Write down, outside the database, how far this series is."""
        marks.number_taken(self.conference.slug, self.kind, self.year, self.last)

    @classmethod
    def held(cls, conference: Conference, kind: str, year: int, pattern: str) -> NumberSeries:
        """The series, made where there is none, held until the transaction ends: who counts, counts alone."""
        series, _new = cls.objects.get_or_create(
            conference=conference, kind=kind, year=year, defaults={"pattern": pattern}
        )
        return cls.objects.select_for_update(of=("self",)).select_related("conference").get(pk=series.pk)

    def show(self, number: int | str) -> str:
        """The number as it is printed: "0164/GCN-BTTTT"; blanks of four or more stand where there is none."""
        words = {
            "symbol": self.conference.symbol,
            "drafting_unit": self.conference.drafting_unit,
            "year": self.year,
        }
        return self.pattern.format(number=number, **words).rstrip("-")


def check_pattern(pattern: str) -> None:
    """Raises `ValidationError` with a sentence for a pattern that cannot number papers.

    Besides the places only letters, digits, blanks and . / - – ( ); no digit, nor another place, may touch
    the number: "1{number}" would make 11 of 1.
    """
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError as error:
        raise ValidationError(_("Mẫu số có dấu ngoặc nhọn thiếu hoặc thừa.")) from error
    wrong = [name for _text, name, spec, conversion in parts if not _is_place(name, spec, conversion)]
    if wrong:
        known = ", ".join(f"{{{name}}}" for name in PLACES)
        sentence = _("Không có chỗ điền “%(name)s”. Dùng: %(known)s; số có độ rộng viết {number:04}.")
        raise ValidationError(sentence % {"name": f"{{{wrong[0]}}}", "known": known})
    if [name for _text, name, _spec, _conversion in parts].count("number") != 1:
        raise ValidationError(_("Mẫu số phải có đúng một chỗ {number}."))
    if not all(_LITERAL.fullmatch(text) for text, *_rest in parts):
        raise ValidationError(_("Mẫu số chỉ gồm chữ, chữ số, dấu cách và các dấu . / - ( )."))
    if _touches(pattern):
        raise ValidationError(_("Trước và sau {number} không viết liền chữ số hoặc chỗ điền khác."))


def _is_place(name: str | None, spec: str | None, conversion: str | None) -> bool:
    """None is the text behind the last place."""
    if name is None:
        return True
    width = _WIDTH.fullmatch(spec or "") if name == "number" else not spec
    return name in PLACES and bool(width) and not conversion


def _touches(pattern: str) -> bool:
    before, _brace, rest = pattern.partition("{number")
    after = rest.partition("}")[2]
    return before[-1:].isdigit() or before[-1:] == "}" or after[:1].isdigit() or after[:1] == "{"
