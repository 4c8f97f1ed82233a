"""The pages of a personal link. GET shows whose page it opens; only a person's press (POST) opens it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from attendees import links
from attendees.forms import LeaveForm
from conference import serving

UNKNOWN, GONE, TOO_MANY = 404, 410, 429
View = Callable[..., HttpResponse]


def unrecorded(view: View) -> View:
    """Not indexed, not kept, no referrer: the address is a secret. Who sends too often waits a minute.

    Looking is not counted: 160 bits are not guessed, and GET and HEAD write nothing, not even a count. Mail
    gateways look at every link of every letter from one address; they must not use up what its people send.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or ratelimit.consume(request, action="link"):
            response = view(request, *args, **kwargs)
        else:
            response = render(request, "429.html", status=TOO_MANY)
            response["Retry-After"] = "60"
        response["Referrer-Policy"] = "no-referrer"
        return serving.kept_nowhere(response)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@unrecorded
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Whose page this is, and one button. A link that opens nothing says so and whom to call."""
    found = links.find(token)
    if found is None:
        return render(request, "attendees/link_unknown.html", status=UNKNOWN)
    if found.is_good and request.method == "POST":
        try:
            links.exchange(request, found)
        except links.NoAddress:  # withdrawn between the two questions
            found.refresh_from_db()
        else:
            return redirect(links.destination(found))
    context = {"link": found, "conference": found.conference, "state": found.state}
    if found.is_good:
        return render(request, "attendees/link_page.html", context)
    return render(request, "attendees/link_over.html", context, status=GONE)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The bearer has finished."""
    form = LeaveForm(request.POST)
    if form.is_valid():
        links.leave(request, form.cleaned_data["link"])
        messages.success(request, _("Đã kết thúc. Mở lại liên kết trong thư mời khi cần."))
    return redirect("conference:home")
