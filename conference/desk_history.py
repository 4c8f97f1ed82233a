"""The journal of one thing at the desk: narrowed by who, what and when, page by page."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conference.desk_forms import DAY_WRONG, DayInput
from conference.desk_journal import ACTS
from conference.models import JournalQuerySet

PER_PAGE = 50


class HistoryForm(forms.Form):
    """What narrows a journal. Offered are the people and the acts that are in it."""

    who = forms.ChoiceField(label=gettext_lazy("Người làm"), required=False)
    act = forms.ChoiceField(label=gettext_lazy("Việc"), required=False)
    since = forms.DateField(
        label=gettext_lazy("Từ ngày"),
        required=False,
        widget=DayInput(),
        error_messages={"invalid": DAY_WRONG},
    )
    until = forms.DateField(
        label=gettext_lazy("Đến ngày"),
        required=False,
        widget=DayInput(),
        error_messages={"invalid": DAY_WRONG},
    )

    def __init__(self, entries: JournalQuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.is_wanted = True  # type: ignore[attr-defined]  # "optional" would say nothing here
        known = entries.order_by()
        names = sorted(known.values_list("actor_name", flat=True).distinct())
        acts = known.values_list("act", flat=True).distinct()
        words = sorted(((act, capfirst(str(ACTS.get(act, act)))) for act in acts), key=lambda pair: pair[1])
        who: Any = self.fields["who"]
        who.choices = [("", _("Mọi người")), *((name, name) for name in names)]
        act: Any = self.fields["act"]
        act.choices = [("", _("Mọi việc")), *words]

    def narrow(self, entries: JournalQuerySet) -> JournalQuerySet:
        """The entries that are asked for; what cannot be read narrows nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        conditions = {
            "actor_name": asked.get("who"),
            "act": asked.get("act"),
            "at__gte": _midnight(asked.get("since")),
            "at__lt": _midnight(asked.get("until"), days=1),
        }
        return entries.filter(**{name: value for name, value in conditions.items() if value})


def _midnight(day: datetime.date | None, *, days: int = 0) -> datetime.datetime | None:
    """The beginning of the day, or of one after it, where the reader is."""
    if day is None:
        return None
    start = datetime.datetime.combine(day, datetime.time())
    return timezone.make_aware(start + datetime.timedelta(days=days))


def shown(request: HttpRequest, entries: JournalQuerySet) -> dict[str, Any]:
    """The form and the page of entries, in five queries for any number."""
    form = HistoryForm(entries, request.GET or None)
    found = form.narrow(entries)
    is_narrowed = any(request.GET.get(name) for name in form.fields)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return {"form": form, "page": page, "is_narrowed": is_narrowed}
