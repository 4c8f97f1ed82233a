"""What the pages of the portal share: to find what the person may see, to draw, to act, to tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from attendees import conflicts
from attendees.answers import Stale
from attendees.entering import actor
from attendees.models import Attendee, Category, Delegation
from attendees.portal import Portal
from conference import refusals

Clash = Callable[[Stale], HttpResponse]
Words = dict[str, Any]
CONFLICT = 409


# ── Finding ───────────────────────────────────────────────────────────────────────────────────────


def find_delegation(request: HttpRequest, conference: str, code: str) -> Delegation:
    """The delegation, for those who may see it; 404 for everybody else."""
    rows = Delegation.objects.visible_to(actor(request)).select_related("conference", "head")
    return get_object_or_404(rows, conference__slug=conference, code=code)


def find_portal(request: HttpRequest, conference: str, code: str) -> Portal:
    found = find_delegation(request, conference, code)
    return Portal(found, actor(request), editing="edit" in request.GET)


def find_person(request: HttpRequest, portal: Portal, code: str) -> Attendee:
    people = Attendee.objects.visible_to(actor(request)).filter(delegation=portal.delegation)
    people = people.select_related("conference", "category", "delegation__conference")
    return get_object_or_404(people, code=code)


def find_category(portal: Portal, slug: str) -> Category:
    """A component of which the delegation has seats."""
    categories = Category.objects.filter(quotas__delegation=portal.delegation)
    return get_object_or_404(categories.select_related("conference"), slug=slug)


# ── Drawing ───────────────────────────────────────────────────────────────────────────────────────


def draw(request: HttpRequest, portal: Portal, **context: Any) -> HttpResponse:
    """The page of the delegation, with a form at one of its seats or without."""
    context = {
        "form": None,
        "at": "",
        "heading": {},
        "more": [],
        "files": None,
        **context,
        **masthead(portal),
        "portal": portal,
    }
    # The seat of an open form may be gone meanwhile: taken, or left by its person.
    has_seat = any(seat.key == context["at"] for seat in portal.seats.rows)
    context["is_homeless"] = context["form"] is not None and not has_seat
    return render(request, "attendees/delegation_page.html", context)


def draw_conflict(
    request: HttpRequest,
    portal: Portal,
    current: conflicts.Changed,
    rows: list[conflicts.Row],
    *,
    fields: dict[str, Any],
    keep: str = "",
    action: str = "",
    back: str = "",
    is_list: bool = False,
) -> HttpResponse:
    """Both values side by side. `fields` go back with the button `keep`, under the version of now.

    `back`: where the other value is looked at again, if not on the page of the delegation.
    """
    context = {
        **masthead(portal),
        "portal": portal,
        "rows": rows,
        "change": conflicts.last_change(current),
        "is_list": is_list,
        "fields": {key: held for key, held in fields.items() if held not in (None, False)},
        "keep": keep or _("Giữ của tôi"),
        "action": action or request.path,
        "back": back or portal.back,
        "labels": {"mine": _("Đã xem"), "theirs": _("Bây giờ")}
        if is_list
        else {"mine": _("Của tôi"), "theirs": _("Bản kia")},
    }
    return render(request, "attendees/delegation_conflict.html", context, status=CONFLICT)


def masthead(portal: Portal) -> dict[str, Any]:
    return {"conference": portal.conference, "delegation": portal.delegation, "guest": portal.guest}


# ── Acting ────────────────────────────────────────────────────────────────────────────────────────


def press(
    request: HttpRequest,
    portal: Portal,
    form: forms.Form,
    act: Callable[[int], object],
    clash: Clash,
    *,
    done: str = "",
    person: Attendee | None = None,
) -> HttpResponse:
    """A single button: act, say so, and go back to the page, to the seat of the person."""
    if not form.is_valid():
        messages.error(request, str(form.errors["version"][0]))
        return redirect(portal.url("delegation"))
    try:
        act(form.cleaned_data["version"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Stale as stale:
        return clash(stale)
    else:
        if done:
            messages.success(request, done)
    return redirect(portal.url("delegation") + (f"#suat-{person.code}" if person else ""))


def ask(
    request: HttpRequest,
    portal: Portal,
    form: forms.Form,
    act: Callable[[], object],
    clash: Clash,
    question: Words,
) -> HttpResponse:
    """A question on a page of its own. `question`: title, text, verb, done, danger."""
    if (refusal := refuse(request, portal)) is not None:
        return refusal
    if form.is_bound and form.is_valid():
        try:
            act()
        except ValidationError as error:
            refusals.tell(form, error)
        except Stale as stale:
            return clash(stale)
        else:
            if question["done"]:
                messages.success(request, question["done"])
            return redirect(portal.url("delegation"))
    context = {"danger": False, **question, **masthead(portal), "portal": portal, "form": form}
    return render(request, "attendees/delegation_ask.html", context)


def fill(
    request: HttpRequest, portal: Portal, form: forms.ModelForm, act: Callable[[], Attendee], place: Words
) -> HttpResponse:
    """A person's form, drawn at the seat. `place`: at, heading, done, more."""
    if (refusal := refuse(request, portal)) is not None:
        return refusal
    if form.is_bound and form.is_valid():
        try:
            person = act()
        except ValidationError as error:
            refusals.tell(form, error)
        except Stale as stale:
            return person_conflict(request, portal, cast(Attendee, stale.current), form)
        else:
            messages.success(request, place["done"] % person.addressed)
            return redirect(f"{portal.url('delegation')}#suat-{person.code}")
    return draw(request, portal, form=form, **place)


def refuse(request: HttpRequest, portal: Portal) -> HttpResponse | None:
    """Onlookers get no form; after the deadline there is none. What was typed by then the act refuses."""
    if not portal.answers:
        raise PermissionDenied
    if portal.is_open or request.method == "POST":
        return None
    messages.error(request, _("Đã quá hạn trả lời. Gọi Ban Tổ chức để thay đổi."))
    return redirect(portal.url("delegation"))


# ── Two people at once ────────────────────────────────────────────────────────────────────────────


def person_conflict(
    request: HttpRequest, portal: Portal, current: Attendee, form: forms.ModelForm
) -> HttpResponse:
    """The typed values beside those of the person who stands on the seat now."""
    fields = {name: form.data.get(name, "") for name in form.fields}
    action = request.path
    if current.request_key == form.cleaned_data["request_key"]:  # this form has made that person already
        action, fields["category"] = portal.url("person_edit", current.code), current.category_id
    elif current.status == Attendee.Status.REPLACED and hasattr(current, "substitute"):
        current = current.substitute
        action = portal.url("person_replace", current.code)
    fields["version"] = current.version
    rows = conflicts.of_person(current, form)
    return draw_conflict(request, portal, current, rows, fields=fields, action=action)


def press_conflict(request: HttpRequest, portal: Portal, code: str, mine: str, keep: str) -> Clash:
    """For a single button about a person: what changed, and the button again."""

    def clash(stale: Stale) -> HttpResponse:
        current = find_person(request, portal, code)
        rows = [conflicts.Row(current.category.name, conflicts.line(current), mine)]
        return draw_conflict(request, portal, current, rows, fields={"version": current.version}, keep=keep)

    return clash
