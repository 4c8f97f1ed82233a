"""The rule of certificates, whom the page shows, and what is decided for one person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from attendees.models import Delegation
from attendees.searching import has_words, open_key
from conference import vietnamese, vietnamese_dates
from conference.desk_forms import DeskForm
from conference.models import Conference
from documents import earning, eligibility
from documents.earning import Rule
from documents.eligibility import Judged
from documents.missing import Condition
from documents.models import CertificateDecision, CertificateRule
from documents.ruling import LONGEST_REASON
from sessions.models import Session
from sessions.voting import ASKED_ABOUT

PER_CENT = gettext_lazy("Nhập một số từ 0 đến 100.")
COUNT = gettext_lazy("Nhập một số, ví dụ 3.")
MOST_SESSIONS = 500
# What the table can be narrowed to; `issued`: the wording of a valid certificate, "" where there is none.
STATES: dict[str, tuple[Any, Callable[[Judged, str], bool]]] = {
    "": (gettext_lazy("Mọi người"), lambda one, issued: True),
    "earned": (gettext_lazy("Được cấp giấy"), lambda one, issued: one.outcome.is_earned),
    "attended": (
        gettext_lazy("Được cấp, ghi “tham dự”"),
        lambda one, issued: one.outcome.wording == earning.ATTENDED,
    ),
    "completed": (
        gettext_lazy("Được cấp, ghi “hoàn thành”"),
        lambda one, issued: one.outcome.wording == earning.COMPLETED,
    ),
    "not": (gettext_lazy("Chưa được cấp"), lambda one, issued: not one.outcome.is_earned),
    "exception": (gettext_lazy("Có ngoại lệ"), lambda one, issued: one.outcome.is_exception),
    "waiting": (
        gettext_lazy("Được cấp, chưa có giấy"),
        lambda one, issued: one.outcome.is_earned and not issued,
    ),
    "differs": (
        gettext_lazy("Giấy đã cấp khác kết quả hiện nay"),
        lambda one, issued: bool(issued) and issued != one.outcome.wording,
    ),
}


class FilterForm(forms.Form):
    """Whom the table shows."""

    q = forms.CharField(label=gettext_lazy("Tên, đơn vị, mã"), required=False, max_length=100)
    delegation = forms.ModelChoiceField(
        queryset=Delegation.objects.none(), to_field_name="code", required=False, label=gettext_lazy("Đoàn"),
        empty_label=gettext_lazy("Mọi đoàn"),
    )  # fmt: skip
    state = forms.ChoiceField(
        choices=[(key, label) for key, (label, _chosen) in STATES.items()],
        required=False,
        label=gettext_lazy("Kết quả"),
    )
    lacks = forms.ChoiceField(
        choices=[("", gettext_lazy("Mọi lý do")), *Condition.choices],
        required=False,
        label=gettext_lazy("Lý do chưa được cấp"),
    )

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = self.fields["delegation"]
        rows.queryset = conference.delegations.order_by("position", "code")

    @property
    def is_asked(self) -> bool:
        return any(self.cleaned_data.values())

    def choose(self, found: Iterable[Judged], issued: dict[int, str]) -> list[Judged]:
        """Those that are asked for, in their order. `issued`: person → wording of the valid certificate."""
        given = self.cleaned_data
        words = vietnamese.fold(given.get("q") or "").split()
        team, lacks = given.get("delegation"), given.get("lacks")
        is_chosen = STATES[given.get("state") or ""][1]
        return [
            one
            for one in found
            if is_chosen(one, issued.get(one.person.pk, ""))
            and (team is None or one.person.delegation_id == team.pk)
            and (not lacks or (not one.outcome.is_earned and one.outcome.lacks(lacks)))
            and has_words(open_key(one.person.search_key, one.person.phone, one.person.email), words)
        ]


class Sessions(forms.ModelMultipleChoiceField):
    """Sessions with their hours."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{vietnamese_dates.clock(obj.starts)}, {vietnamese_dates.short_date(obj.day)}: {obj.title}"


class RuleForm(DeskForm):
    """What the conference asks for."""

    mandatory = Sessions(
        queryset=Session.objects.none(),
        required=False,
        label=gettext_lazy("Phiên bắt buộc"),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = CertificateRule
        fields = (
            "must_come", "share", "complete_share", "mandatory", "whole_feedback", "feedback_sessions",
            "categories",
        )  # fmt: skip
        widgets = {"categories": forms.CheckboxSelectMultiple}

    def __init__(self, conference: Conference, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, instance=eligibility.rule_of(conference), **kwargs)
        self.conference = conference
        fields: Any = self.fields
        fields["mandatory"].queryset = conference.sessions.exclude(kind=Session.Kind.BREAK).in_order()
        fields["categories"].queryset = conference.categories.all()
        for name, sentence, most in (
            ("share", PER_CENT, 100),
            ("complete_share", PER_CENT, 100),
            ("feedback_sessions", COUNT, MOST_SESSIONS),
        ):
            fields[name].error_messages |= {"required": sentence, "invalid": sentence}
            fields[name].validators = [MinValueValidator(0, sentence), MaxValueValidator(most, sentence)]
            fields[name].widget.attrs |= {"inputmode": "numeric", "class": "earning__number"}
        for name in ("mandatory", "categories"):
            gone = _("Một mục đã chọn không còn trong hội nghị. Chọn lại.")
            fields[name].error_messages |= {"invalid_choice": gone, "invalid_pk_value": gone}

    def clean_feedback_sessions(self) -> int:
        wanted: int = self.cleaned_data["feedback_sessions"]
        most = self.conference.sessions.filter(kind__in=ASKED_ABOUT).count()
        if wanted > most:
            sentence = _("Chương trình chỉ có %(most)s phiên lấy phiếu đánh giá.") % {"most": most}
            raise ValidationError(sentence)
        return wanted

    @property
    def is_stale(self) -> bool:
        """Did somebody else change the rule since the form was shown?"""
        return any(self.has_error(name, "stale") for name in self.fields)

    def given(self) -> dict[str, Any]:
        """What `ruling.set_rule` takes."""
        chosen = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        lists = {name: list(chosen[name]) for name in ("mandatory", "categories")}
        return {**chosen, **lists}

    def rule(self) -> Rule:
        """What is typed, not saved."""
        return eligibility.as_rule(**self.given())


class DecisionForm(forms.Form):
    """What is decided for one person against the rule. `after`: the last decision that the page showed."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Quyết định"),
        choices=CertificateDecision.Decision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một quyết định.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Lưu cùng tên người quyết định và thời điểm. Không hiện ra ngoài."),
        error_messages={"required": gettext_lazy("Ghi lý do.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
