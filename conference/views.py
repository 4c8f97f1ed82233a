"""Public pages and the doorstep."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from conference import samples


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the web process lives; asks no database."""
    return HttpResponse("ok", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


start = home


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """The component gallery, with invented people."""
    return render(request, "conference/components.html", samples.gallery())


def conference_page(request: HttpRequest, conference: str) -> HttpResponse:
    return HttpResponse(conference)
