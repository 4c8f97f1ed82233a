"""What a speaker types on the own page."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from attendees.forms import Line
from attendees.forms_questions import CLOCK_FORMATS, Lines, Paper
from attendees.inspecting import portrait
from conference import desk_forms, moments
from conference.models import Conference
from sessions.models import SpeakerProfile
from sessions.speakers import LONGEST_BIOGRAPHY, LONGEST_NEEDS
from sessions.speaking import LONGEST_REASON, MOST_TIMES, Span

FEWEST_ROWS = 2
ONE_DAY = datetime.timedelta(days=1)


class DeclineForm(forms.Form):
    """Why somebody does not come."""

    reason = Lines(
        label=_("Lý do"),
        max_length=LONGEST_REASON,
        help_text=_("Ban Tổ chức đọc để mời người khác; không công bố."),
        error_messages={"required": _("Ghi lý do để Ban Tổ chức mời người khác.")},
    )


class Photo(forms.FileField):
    """The photo of a person, cleaned as what may be kept of it."""

    widget = forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, None)
        return portrait(given) if given else None


class IntroduceForm(forms.Form):
    """What everybody will read of the speaker, and the photo beside it."""

    title = Line(label=_("Chức vụ, cấp bậc"), required=False, max_length=200)
    organisation_name = Line(label=_("Đơn vị công tác"), required=False, max_length=200)
    biography = Lines(
        label=_("Giới thiệu"),
        required=False,
        max_length=LONGEST_BIOGRAPHY,
        help_text=_("Quá trình công tác, lĩnh vực chuyên môn; khoảng 100 đến 200 chữ."),
    )
    photo = Photo(label=_("Ảnh chân dung"), required=False, help_text=_("JPEG, PNG hoặc WebP, tối đa 10 MB."))
    no_photo = forms.BooleanField(
        label=_("Gỡ ảnh"), required=False, help_text=_("Ảnh đang công bố được gỡ ngay.")
    )

    def __init__(self, profile: SpeakerProfile, *args: Any, **kwargs: Any) -> None:
        person = profile.attendee
        known = {"title": person.title, "organisation_name": person.organisation_name}
        if profile.proposed or profile.is_public:
            known = profile.latest
        super().__init__(*args, **kwargs)
        self.initial = known
        self.fields["biography"].widget.attrs["rows"] = 10
        if not (profile.photo or profile.latest["photo"]):
            del self.fields["no_photo"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("photo") and cleaned.get("no_photo"):
            raise ValidationError(_("Chọn ảnh mới, hoặc đánh dấu gỡ ảnh; không chọn cả hai."), code="both")
        return cleaned


class SlidesForm(forms.Form):
    """What the speaker shows in the hall, as a file."""

    file = Paper(
        label=_("Bài trình bày"),
        help_text=_("PDF hoặc ảnh, tối đa 10 MB. Bản trình chiếu: xuất ra PDF."),
        error_messages={"required": _("Chọn tệp.")},
    )


class BusyForm(forms.Form):
    """One time at which somebody cannot be in the hall; empty lines say nothing."""

    day = forms.TypedChoiceField(
        label=_("Ngày"),
        required=False,
        coerce=datetime.date.fromisoformat,
        empty_value=None,
        error_messages={"invalid_choice": _("Chọn một ngày trong danh sách.")},
    )
    starts = forms.TimeField(
        label=_("Từ"), required=False, widget=desk_forms.ClockInput(), input_formats=CLOCK_FORMATS,
        error_messages={"invalid": desk_forms.CLOCK_WRONG},
    )  # fmt: skip
    ends = forms.TimeField(
        label=_("Đến"), required=False, widget=desk_forms.ClockInput(), input_formats=CLOCK_FORMATS,
        error_messages={"invalid": desk_forms.CLOCK_WRONG},
    )  # fmt: skip

    def __init__(self, conference: Conference, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        length = (conference.ends_on - conference.starts_on).days
        days = [conference.starts_on + ONE_DAY * number for number in range(-1, length + 2)]
        choices = [(str(day), moments.weekday_date(day)) for day in days]
        for field in self.fields.values():
            field.is_wanted = True  # type: ignore[attr-defined]  # "optional" would say nothing in every box
        self.fields["day"].choices = [("", gettext("Không bận")), *choices]  # type: ignore[attr-defined] # a choice field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, starts, ends = (cleaned.get(name) for name in ("day", "starts", "ends"))
        if self.errors or not (day or starts or ends):
            return cleaned
        if not day:
            self.add_error("day", gettext("Chọn ngày."))
        for name, value in (("starts", starts), ("ends", ends)):
            if value is None:
                self.add_error(name, gettext("Nhập giờ:phút, ví dụ 07:30."))
        if starts and ends and ends <= starts:
            self.add_error("ends", gettext("Giờ kết thúc phải sau giờ bắt đầu."))
        return cleaned

    @property
    def span(self) -> Span | None:
        cleaned = self.cleaned_data
        return Span(cleaned["day"], cleaned["starts"], cleaned["ends"]) if cleaned["day"] else None


class NeedsForm(forms.Form):
    """What a speaker needs in the hall, with lines for the times at which the speaker is elsewhere."""

    needs = Lines(
        label=_("Yêu cầu phục vụ"),
        required=False,
        max_length=LONGEST_NEEDS,
        help_text=_("Micro, máy chiếu, phiên dịch, chỗ ngồi, đi lại…"),
    )

    def __init__(self, conference: Conference, known: dict[str, Any], data: Any = None) -> None:
        super().__init__(data, initial={"needs": known["needs"]})
        spans: list[Span] = known["times"]
        count = min(max(len(spans) + 1, FEWEST_ROWS), MOST_TIMES)
        if data is not None:
            count = sum(f"busy-{number}-day" in data for number in range(MOST_TIMES))
        initial = [span._asdict() for span in spans] + [{}] * MOST_TIMES
        self.rows = [
            BusyForm(conference, data, prefix=f"busy-{number}", initial=_as_text(initial[number]))
            for number in range(count)
        ]

    def is_valid(self) -> bool:
        valid = [super().is_valid(), *[row.is_valid() for row in self.rows]]  # each of them tells
        return all(valid)

    def spans(self) -> list[Span]:
        return [span for row in self.rows if (span := row.span)]

    @property
    def row_errors(self) -> list[tuple[str, str, str]]:
        """Id of the field, its label, the sentence."""
        return [
            (
                bound.id_for_label,
                f"{_row(number)}: {bound.label}",
                str(bound.errors[0]),
            )
            for number, row in enumerate(self.rows, start=1)
            for bound in row
            if bound.errors
        ]


def _row(number: int) -> str:
    return gettext("Thời gian bận %(n)s") % {"n": number}


def _as_text(span: dict[str, Any]) -> dict[str, Any]:
    return {**span, "day": str(span["day"])} if span else {}
